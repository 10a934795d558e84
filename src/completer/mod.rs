//! `aws_completer`: the line on a person's keyboard -> the words that may stand at its end. As v1's it reads `COMP_LINE`
//! and `COMP_POINT` of bash or `COMMAND_LINE` of tcsh ([`v1`]). Without them v1's only fails, and there ours does more:
//! `aws_completer bash`, `zsh` and `fish` print a script for that shell, which asks `aws_completer words ..` for values
//! too ([`words`]).

mod v1;
mod words;

use std::path::Path;

use crate::error::{Error, failure};
use crate::host::Host;
use crate::python::{int, stdio};
use crate::session::Config;
use crate::streams::Streams;
use crate::{cli, delegate};

const NAME: &str = "aws_completer";
/// What each shell wants to know.
const SCRIPTS: [(&str, &str); 3] = [
    ("bash", include_str!("aws.bash")),
    ("zsh", include_str!("aws.zsh")),
    ("fish", include_str!("aws.fish")),
];

/// The words that may stand at the end of a line, best first, and whether the line is about one of our operations.
type Completions = (Vec<String>, bool);

/// Returns true where the program was started as `aws_completer`.
pub(crate) fn is_invoked(host: &Host) -> bool {
    Path::new(&host.program).file_stem().is_some_and(|name| name == NAME)
}

/// Prints the completions of the line that the shell is at. Where it is not about our operations the next completer does,
/// before a configuration that we cannot read is complained of.
/// Errors: `Traceback` where v1's completer dies, `Failure` for words that are none of its commands.
/// Parity: COMP-01 to COMP-08.
pub(crate) fn run(host: &Host, streams: &mut Streams) -> Result<u8, Error> {
    let line = host.env_filled("COMP_LINE").or_else(|| host.env_filled("COMMAND_LINE"));
    if let (None, [shell, ..]) = (line, host.words.as_slice())
        && shell != "words"
    {
        let script = SCRIPTS.iter().find(|(name, _)| name == shell);
        let (_, script) = script.ok_or_else(|| failure!("{NAME}: expected bash, zsh, fish or words"))?;
        streams.out.write_all(script.as_bytes()).map_err(Error::StdoutLost)?;
        return Ok(0);
    }
    let profiles = profiles(host);
    let names = profiles.as_deref().unwrap_or_default();
    let ((words, is_ours), end, forwarded) = match (line, host.words.as_slice()) {
        (None, [_, typed @ ..]) => {
            (words::offer(&cli::tree(), typed, names), "\n", Some(("COMP_LINE", typed.join(" "))))
        }
        (line, _) => {
            let line = before_cursor(line.unwrap_or_default(), host.env_filled("COMP_POINT"))?;
            (v1::offer(&cli::tree(), &line, names)?, " \n", None)
        }
    };
    if !is_ours && let Some(ending) = delegate::exec_next(host, NAME, forwarded.as_ref()) {
        return ending;
    }
    profiles?;
    let listed = format!("{}\n", words.join(end));
    streams.out.write_all(&stdio::system_bytes(&listed)).map_err(Error::StdoutLost)?;
    Ok(0)
}

/// Returns the line up to the cursor, which stands behind `point` characters, counted from the end if negative.
/// Errors: `Traceback` for a point that is no number.
/// Parity: COMP-07.
fn before_cursor(line: &str, point: Option<&str>) -> Result<String, Error> {
    let length = line.chars().count();
    let Some(point) = point else { return Ok(line.to_owned()) };
    let point = int::clamped(point).map_err(|error| Error::Traceback(error.to_string()))?;
    let places = usize::try_from(point.unsigned_abs()).unwrap_or(usize::MAX);
    let taken = if point < 0 { length.saturating_sub(places) } else { places };
    Ok(line.chars().take(taken).collect())
}

/// Returns the names of all profiles.
/// v1: `Session.available_profiles`. Parity: COMP-04.
fn profiles(host: &Host) -> Result<Vec<String>, Error> {
    Ok(Config::load(host)?.profile_names().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_cuts_the_line() {
        for (point, expected) in [
            (None, Ok("aws é b")),
            (Some("5"), Ok("aws é")),
            (Some("-2"), Ok("aws é")),
            (Some("99"), Ok("aws é b")),
            (Some("99999999999999999999"), Ok("aws é b")),
            (Some("-99999999999999999999"), Ok("")),
        ] {
            let cut = before_cursor("aws é b", point).map_err(|error| error.text());
            assert_eq!(cut, expected.map(str::to_owned), "{point:?}");
        }
        assert!(matches!(before_cursor("aws", Some("x")), Err(Error::Traceback(_))));
    }
}
