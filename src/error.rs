//! How a run ends when it does not succeed: one variant per way v1 ends, each with its framing and exit code.

use std::io;

use crate::python::{JsonError, oserror};

/// Note and synopsis that v1 prints before every usage error; the carriage return is v1's.
const USAGE: &str = "usage: \rNote: AWS CLI version 2, the latest major version of the AWS CLI, is now stable \
and recommended for general use. For more information, see the AWS CLI version 2 installation instructions \
at: https://docs.aws.amazon.com/cli/latest/userguide/install-cliv2.html\n\n\
usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]\n\
To see help text, you can run:\n\n  aws help\n  aws <command> help\n  aws <command> <subcommand> help\n";

/// One variant per way v1 ends; the payload is v1's message.
#[derive(Debug)]
pub(crate) enum Error {
    /// argparse refused argv: usage block, then `program: error: message`; the program as it was started for options of
    /// the operation, else `aws` (MSG-06).
    Usage {
        program: String,
        message: String,
    },
    /// Options left over: usage block, empty line, `Unknown options: ..`; holds the list.
    UnknownOptions(String),
    /// No region or no credentials: the message alone.
    Setup(String),
    /// All else, service errors too: an empty line, then the message.
    Failure(anyhow::Error),
    /// A configuration file that cannot be parsed; v1 dies in a traceback that ends in this message.
    Traceback(String),
    /// Ctrl-C: an empty line on stdout, no message.
    Interrupted,
    StdoutLost(io::Error),
}

impl Error {
    /// The exit code of a stream that could not be flushed at the end.
    pub(crate) const LOST: u8 = 120;

    /// Returns the exit code: argparse exits 2, `CLIDriver.main` returns the others, Python itself 1 and 120.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Traceback(_) => 1,
            Self::Usage { .. } => 2,
            Self::StdoutLost(_) => Self::LOST,
            Self::Interrupted => 130,
            Self::UnknownOptions(_) | Self::Setup(_) | Self::Failure(_) => 255,
        }
    }

    /// Replaces the message of a failure; all other errors stay as they are.
    pub(crate) fn with_message(self, words: impl FnOnce(&str) -> String) -> Self {
        let Self::Failure(error) = self else { return self };
        let text = words(&error.to_string());
        Self::Failure(error.context(text))
    }

    /// Returns the text on stderr in the writes of v1, of which each is followed by a reset when a coloured table was
    /// asked for.
    /// Parity: MSG-01 to MSG-05, MSG-12.
    pub(crate) fn writes(&self) -> Vec<String> {
        match self {
            Self::Usage { program, message } => vec![format!("{USAGE}{program}: error: {message}\n")],
            Self::UnknownOptions(list) => vec![format!("{USAGE}\nUnknown options: {list}\n")],
            Self::Setup(message) | Self::Traceback(message) => vec![format!("{message}\n")],
            Self::Failure(error) => vec!["\n".to_owned(), error.to_string(), "\n".to_owned()],
            Self::Interrupted => Vec::new(),
            Self::StdoutLost(error) => {
                vec![format!("aws: error: the output could not be written: {}\n", oserror::text(error))]
            }
        }
    }

    /// Returns the text on stderr, framed as v1 frames it.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn text(&self) -> String {
        crate::python::text::backslash_replace(&self.writes().concat())
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Failure(error)
    }
}

impl From<JsonError> for Error {
    fn from(error: JsonError) -> Self {
        Self::Failure(error.into())
    }
}

/// A [`Error::Failure`] with v1's own text.
macro_rules! failure {
    ($($part:tt)*) => { $crate::error::Error::Failure(anyhow::anyhow!($($part)*)) };
}
pub(crate) use failure;
