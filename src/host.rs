//! Everything from outside: argv, environment, home, terminal facts, clock, token source.
//!
//! Texts are decoded as Python decodes them ([`crate::python::text`]). Tests build another `Host`.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::SystemTime;

use crate::python::text;

/// What the process was started with.
#[derive(Debug, Clone)]
pub struct Host {
    /// `argv[0]` as typed.
    pub program: String,
    /// The words after it.
    pub words: Vec<String>,
    /// The environment; a variable that is set to nothing is an empty text.
    pub env: HashMap<String, String>,
}

impl Host {
    /// The facts of this process.
    pub fn from_process() -> Self {
        let mut words = std::env::args_os().map(decode);
        let program = words.next().unwrap_or_default();
        let env = std::env::vars_os().map(|(name, value)| (decode(name), decode(value))).collect();
        Self { program, words: words.collect(), env }
    }

    /// The value of an environment variable; empty where it is set to nothing.
    pub fn env(&self, name: &str) -> Option<&str> {
        self.env.get(name).map(String::as_str)
    }

    /// The value of an environment variable that is set to something.
    pub fn env_filled(&self, name: &str) -> Option<&str> {
        self.env(name).filter(|value| !value.is_empty())
    }

    /// Last part of `argv[0]`, by which v1 names itself in the errors of the inner parsers (MSG-06).
    pub fn program_name(&self) -> &str {
        self.program.rsplit('/').next().unwrap_or(&self.program)
    }

    /// The time now.
    pub fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// A fresh random UUID (version 4, lower case), the idempotency token of a call that was given none.
    pub fn new_token(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }

    /// True when stdout is a terminal.
    pub fn stdout_is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Columns of the terminal that stdout is; 0 where it does not know, `None` where stdout is no terminal.
    #[cfg(unix)]
    pub fn stdout_columns(&self) -> Option<u16> {
        rustix::termios::tcgetwinsize(io::stdout()).ok().map(|size| size.ws_col)
    }

    /// Columns of the terminal that stdout is; not asked for on this system.
    #[cfg(not(unix))]
    pub fn stdout_columns(&self) -> Option<u16> {
        None
    }
}

/// The two streams that the program writes to.
pub struct Streams {
    /// Standard output.
    pub out: Box<dyn Write>,
    /// Standard error.
    pub err: Box<dyn Write>,
}

impl Streams {
    /// The streams of this process; standard output is buffered and flushed by [`crate::report`].
    pub fn of_process() -> Self {
        Self { out: Box::new(io::stdout()), err: Box::new(io::stderr()) }
    }
}

/// A word of the system as Python decodes it.
#[cfg(unix)]
fn decode(word: OsString) -> String {
    use std::os::unix::ffi::OsStringExt;
    text::decode(&word.into_vec())
}

/// A word of the system; what is not Unicode is replaced.
#[cfg(not(unix))]
fn decode(word: OsString) -> String {
    text::decode(word.to_string_lossy().as_bytes())
}

/// `text` as a path of the system: the bytes that it was decoded from.
#[cfg(unix)]
pub fn path(name: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    PathBuf::from(OsString::from_vec(text::encode(name).unwrap_or_else(|_| name.as_bytes().to_vec())))
}

/// `text` as a path of the system.
#[cfg(not(unix))]
pub fn path(name: &str) -> PathBuf {
    PathBuf::from(name)
}
