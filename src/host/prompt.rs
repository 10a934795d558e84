//! The prompt for a code that is not shown. Mirrors Python's `getpass.getpass`. Ctrl-C ends the waiting; the echo comes
//! back whatever happens.

use std::fs::OpenOptions;
use std::io::{self, Read, Write};
#[cfg(unix)]
use std::os::fd::OwnedFd;

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::error::{Error, failure};
use crate::python::text::decode;
use crate::runtime::{self, AsFd};

/// Prompts the user on the terminal, without echo; without a terminal on standard error and standard input.
/// Errors: an end of input instead of a line: v1 dies of it without a word. The system's error.
/// v1: `getpass.unix_getpass`. Parity: CRED-38, CRED-39, CRED-40.
pub(crate) async fn prompt(text: &str) -> Result<String, Error> {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty");
    let code = match terminal.and_then(|terminal| Ok((terminal.try_clone()?, terminal))) {
        Ok((input, output)) => ask(input, output, text).await,
        Err(_) => ask(io::stdin(), io::stderr(), text).await,
    };
    code.map_err(|error| failure!("{error}"))?.ok_or_else(|| failure!(""))
}

/// Prompts on `output` and reads a line of `input`, whose echo is stopped where it is a terminal; `None` at its end.
async fn ask(input: impl Read + AsFd, mut output: impl Write, text: &str) -> io::Result<Option<String>> {
    let echo = echo_off(&input);
    if echo.is_err() {
        output.write_all(b"Warning: Password input may be echoed.\n")?;
    }
    output.write_all(text.as_bytes())?;
    let line = runtime::read_until(input, Some(b'\n')).await?;
    if line.is_empty() {
        return Ok(None);
    }
    output.write_all(b"\n")?;
    Ok(Some(decode(line.strip_suffix(b"\n").unwrap_or(&line))))
}

/// A terminal whose echo is stopped until this is dropped.
#[cfg(unix)]
struct Echo {
    terminal: OwnedFd,
    before: Termios,
}

/// Stops the echo and drops what was typed already.
#[cfg(unix)]
fn echo_off(terminal: &impl AsFd) -> io::Result<Echo> {
    let before = tcgetattr(terminal)?;
    let mut quiet = before.clone();
    quiet.local_modes.remove(LocalModes::ECHO);
    let terminal = terminal.as_fd().try_clone_to_owned()?;
    tcsetattr(&terminal, OptionalActions::Flush, &quiet)?;
    Ok(Echo { terminal, before })
}

#[cfg(unix)]
impl Drop for Echo {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
    }
}

/// Returns an error, of which a warning is shown.
#[cfg(not(unix))]
fn echo_off<T>(_: &T) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
