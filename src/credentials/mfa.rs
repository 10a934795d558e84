//! The prompt for a code of the multi-factor device. Mirrors Python's `getpass.getpass`.
//!
//! Ctrl-C ends the waiting; the echo comes back whatever happens.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::error::{Error, failure};
use crate::python::text::decode;
use crate::runtime::{self, AsFd};

/// Prompts the user on the terminal, without echo; without a terminal on standard error and standard input.
/// Errors: an end of input instead of a line: v1 dies of it without a word. The system's error.
/// v1: `getpass.unix_getpass`. Parity: CRED-38, CRED-39, CRED-40.
pub(super) async fn prompt(text: &str) -> Result<String, Error> {
    let code = match OpenOptions::new().read(true).write(true).open("/dev/tty") {
        Ok(terminal) => on_terminal(terminal, text).await,
        Err(_) => on_standard_streams(text).await,
    };
    code.map_err(|error| failure!("{error}"))?.ok_or_else(|| failure!(""))
}

/// Prompts on the terminal; returns `None` at the end of input.
async fn on_terminal(terminal: File, text: &str) -> io::Result<Option<String>> {
    let _echo = Echo::off(terminal.try_clone()?)?;
    let mut writer = terminal.try_clone()?;
    writer.write_all(text.as_bytes())?;
    let code = line(terminal).await?;
    if code.is_some() {
        writer.write_all(b"\n")?;
    }
    Ok(code)
}

/// Prompts on standard error and reads standard input, whose echo is stopped where it is a terminal.
async fn on_standard_streams(text: &str) -> io::Result<Option<String>> {
    let echo = Echo::off(io::stdin());
    if echo.is_err() {
        io::stderr().write_all(b"Warning: Password input may be echoed.\n")?;
    }
    io::stderr().write_all(text.as_bytes())?;
    let code = line(io::stdin()).await?;
    if code.is_some() {
        io::stderr().write_all(b"\n")?;
    }
    Ok(code)
}

/// Stops the echo of a terminal until it is dropped.
#[cfg(unix)]
struct Echo<T: AsFd> {
    /// The terminal.
    terminal: T,
    /// Its settings before.
    before: Termios,
}

#[cfg(unix)]
impl<T: AsFd> Echo<T> {
    /// Stops the echo and drops what was typed already.
    fn off(terminal: T) -> io::Result<Self> {
        let before = tcgetattr(&terminal)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&terminal, OptionalActions::Flush, &quiet)?;
        Ok(Self { terminal, before })
    }
}

#[cfg(unix)]
impl<T: AsFd> Drop for Echo<T> {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
    }
}

/// The echo cannot be stopped here, of which a warning is shown.
#[cfg(not(unix))]
struct Echo;

#[cfg(not(unix))]
impl Echo {
    /// Returns an error.
    fn off<T>(_: T) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Reads one line without its end; `None` at the end of input.
async fn line(input: impl Read + AsFd) -> io::Result<Option<String>> {
    let line = runtime::read_until(input, Some(b'\n')).await?;
    Ok((!line.is_empty()).then(|| decode(line.strip_suffix(b"\n").unwrap_or(&line))))
}
