//! `--debug`: what the rooms tell through `tracing`, as lines in the form of Python's logging on standard error.
//!
//! v1 shows about ninety lines of its own inner life; ours say what a person asks for: version, arguments, profile and
//! provider, endpoint, heads of requests and answers, retries. Nothing secret is among them (deviation D5): a room
//! that tells a header asks [`shown`] first.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::time::UNIX_EPOCH;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::cli::version;
use crate::error::Error;
use crate::host::Host;
use crate::python::date::zone::Zone;
use crate::python::{self, repr, text};

/// Headers whose values are secret, in lower case.
const SECRET_HEADERS: [&str; 9] = [
    "authorization",
    "proxy-authorization",
    "dpop",
    "x-amz-security-token",
    "x-amz-sso_bearer_token",
    "x-aws-ec2-metadata-token",
    "set-cookie",
    "cookie",
    "x-amz-signature",
];
/// Text in the place of what is secret.
pub(crate) const REDACTED: &str = "(redacted)";

/// From now on what the rooms tell is shown; first the version and the words of the command line.
///
/// v1: `CLIDriver._handle_top_level_args`. Parity: DBG-01.
pub fn start(host: &Host) {
    let now = UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_secs());
    let zone = Zone::local(host, i64::try_from(now).unwrap_or_default());
    if tracing::subscriber::set_global_default(Lines { zone }).is_ok() {
        tracing::debug!("CLI version: {}", version::product(host));
        let words = host.words.iter().map(|word| without_login(word).into()).collect();
        tracing::debug!("Arguments entered to CLI: {}", repr::repr(&python::Value::List(words)));
    }
}

/// Tells how the run ends.
///
/// Parity: DBG-03.
pub fn end(ending: &Result<(), Error>) {
    if let Err(Error::Failure(error)) = ending {
        for cause in error.chain().skip(1) {
            tracing::debug!("Caused by: {cause}");
        }
    }
    tracing::debug!("Exiting with rc {}", ending.as_ref().map_or_else(Error::exit_code, |()| 0));
}

/// The value of a header as it may be shown.
pub fn shown<'v>(name: &str, value: &'v str) -> &'v str {
    if SECRET_HEADERS.iter().any(|secret| secret.eq_ignore_ascii_case(name)) { REDACTED } else { value }
}

/// `text` without the user and password of a URL in it.
pub fn without_login(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        Some((_, address)) => format!("{scheme}://{REDACTED}@{address}{path}"),
        None => text.to_owned(),
    }
}

/// Writes each event of ours as a line.
struct Lines {
    zone: Zone,
}

impl Lines {
    /// Local date and time with milliseconds.
    fn time(&self) -> String {
        let now = UNIX_EPOCH.elapsed().unwrap_or_default();
        let wall = self.zone.wall_clock(i64::try_from(now.as_secs()).unwrap_or_default());
        let spelled = DateTime::from_secs(wall).fmt(Format::DateTime).unwrap_or_default();
        format!("{},{:03}", spelled.replace('T', " ").trim_end_matches('Z'), now.subsec_millis())
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with(module_path!().trim_end_matches("::debug"))
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::DEBUG)
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        let logger = event.metadata().target().replace("::", ".");
        let level = if *event.metadata().level() == Level::WARN { "WARNING" } else { "DEBUG" };
        let line = format!("{} - MainThread - {logger} - {level} - {}\n", self.time(), message.0);
        let _ = io::stderr().write_all(text::backslash_replace(&line).as_bytes());
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The text of an event.
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            let _ = write!(self.0, "{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        for (text, expected) in [
            ("http://u:p@h/x@y", "http://(redacted)@h/x@y"),
            ("http://h/x@y", "http://h/x@y"),
            ("arn:aws:x", "arn:aws:x"),
        ] {
            assert_eq!(without_login(text), expected);
        }
        for name in ["X-Amz-Security-Token", "DPoP", "dpop", "Set-Cookie", "x-aws-ec2-metadata-token"] {
            assert_eq!(shown(name, "t"), REDACTED, "{name}");
        }
        assert_eq!(shown("X-aws-ec2-metadata-token", "t"), REDACTED);
        assert_eq!(shown("Host", "h"), "h");
    }
}
