//! `--debug`: this crate's `tracing` events -> lines in the form of Python's logging on standard error. Where v1 shows
//! about ninety lines of its own inner life, ours say what a person looks for. Nothing secret is among them (deviation
//! D5): of headers only those known to hold nothing secret are shown, of a URL neither the login nor the values of its
//! query, of a body only its length.

use std::fmt::Debug;
use std::time::UNIX_EPOCH;

use tracing::field::Field;
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::error::Error;
use crate::host::Host;
use crate::product;
use crate::python::date::Zone;
use crate::python::{self, repr, text};

/// Headers that hold nothing secret, in lower case; a server may put one into any other.
const PLAIN_HEADERS: [&str; 36] = [
    "accept",
    "accept-encoding",
    "access-control-expose-headers",
    "age",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "retry-after",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "user-agent",
    "vary",
    "via",
    "x-amz-cf-id",
    "x-amz-cf-pop",
    "x-amz-date",
    "x-amz-request-id",
    "x-amz-retry-after",
    "x-amzn-errortype",
    "x-amzn-query-error",
    "x-amzn-query-mode",
    "x-amzn-requestid",
    "x-amzn-trace-id",
    "x-aws-ec2-metadata-token-ttl-seconds",
    "x-cache",
];
pub(crate) const REDACTED: &str = "(redacted)";

/// Shows this crate's events from now on; first the version and the words of the command line.
/// v1: `CLIDriver._handle_top_level_args`. Parity: DBG-01.
pub(crate) fn start(host: &Host) {
    let lines = Lines { zone: host.time_zone(), host: host.clone() };
    if tracing::subscriber::set_global_default(lines).is_ok() {
        tracing::debug!("CLI version: {}", product::version(host));
        let words = host.words.iter().map(|word| redact_url(word).into()).collect();
        tracing::debug!("Arguments entered to CLI: {}", repr::repr(&python::Value::List(words)));
    }
}

/// Shows how the run ends.
/// Parity: DBG-03.
pub(crate) fn end(ending: &Result<u8, Error>) {
    if let Err(Error::Failure(error)) = ending {
        for cause in error.chain().skip(1) {
            tracing::debug!("Caused by: {cause}");
        }
    }
    tracing::debug!("Exiting with rc {}", ending.as_ref().map_or_else(Error::exit_code, |code| *code));
}

/// Returns the value of a header as it may be shown.
/// Parity: D5: DBG-02.
pub(crate) fn redact_header<'v>(name: &str, value: &'v str) -> &'v str {
    if PLAIN_HEADERS.iter().any(|plain| plain.eq_ignore_ascii_case(name)) { value } else { REDACTED }
}

/// Returns `text` without the user and password of a URL in it, and without the values of its query, one of which
/// signs a URL that is given to others.
/// Parity: D5: DBG-02.
pub(crate) fn redact_url(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let address = authority.rsplit_once('@').map(|(_, address)| format!("{REDACTED}@{address}"));
    let address = address.as_deref().unwrap_or(authority);
    let Some((path, query)) = path.split_once('?') else { return format!("{scheme}://{address}{path}") };
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, _)) => format!("{name}={REDACTED}"),
        None => REDACTED.to_owned(),
    };
    format!("{scheme}://{address}{path}?{}", query.split('&').map(pair).collect::<Vec<_>>().join("&"))
}

/// Writes each event of this crate as a line; the time is that of `zone`.
struct Lines {
    host: Host,
    zone: Zone,
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with(module_path!().trim_end_matches("::debug"))
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::DEBUG)
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = String::new();
        event.record(&mut |field: &Field, value: &dyn Debug| {
            if field.name() == "message" {
                message = format!("{value:?}");
            }
        });
        let now = self.host.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (wall, millis) = (self.zone.wall_clock(now.as_secs().cast_signed()), now.subsec_millis());
        let logger = event.metadata().target().replace("::", ".");
        let level = if *event.metadata().level() == Level::WARN { "WARNING" } else { "DEBUG" };
        let line = format!("{wall},{millis:03} - MainThread - {logger} - {level} - {message}\n");
        (self.host.log)(&text::backslash_replace(&line));
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_urls_are_not_shown() {
        for (text, expected) in [
            ("http://u:p@h/x@y", "http://(redacted)@h/x@y"),
            ("http://h/x@y", "http://h/x@y"),
            ("http://u@h", "http://(redacted)@h"),
            (
                "https://h/k?X-Amz-Signature=ab&n=&token",
                "https://h/k?X-Amz-Signature=(redacted)&n=(redacted)&(redacted)",
            ),
            ("https://u:p@h?a=b#c", "https://(redacted)@h?a=(redacted)"),
            ("arn:aws:x", "arn:aws:x"),
        ] {
            assert_eq!(redact_url(text), expected);
        }
    }

    #[test]
    fn headers_that_may_hold_a_secret_are_not_shown() {
        for name in [
            "Authorization",
            "Proxy-Authorization",
            "X-Amz-Security-Token",
            "x-amz-sso_bearer_token",
            "x-aws-ec2-metadata-token",
            "X-Amz-Signature",
            "DPoP",
            "Cookie",
            "set-cookie",
            "Location",
            "X-Unknown",
        ] {
            assert_eq!(redact_header(name, "t"), REDACTED, "{name}");
        }
        assert_eq!(redact_header("Host", "h"), "h");
        assert_eq!(redact_header("x-amzn-RequestId", "r"), "r");
    }
}
