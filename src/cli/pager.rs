//! A help page -> the reader's pager. Mirrors `PagingHelpRenderer` of `awscli/help.py`.

use std::io::{self, Write};
use std::process::Child;
#[cfg(not(unix))]
use std::process::{Command, Stdio};

#[cfg(unix)]
use super::start::start;
use crate::delegate::path_candidates;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::python::{oserror, repr, shlex};
use crate::streams::Streams;

/// The pager of who names none.
const PAGER: &str = if cfg!(windows) { "more" } else { "less -R" };

/// Gives `page` to the program that `MANPAGER`, else `PAGER` names, else to `less -R`, also where stdout is no
/// terminal; where there is no such program, to stdout with one more newline. How the pager ends does not count.
/// Errors: `Failure` where the variable is empty or has an open quote, where the pager cannot be started, and where
/// stdout cannot be written.
/// v1: `PagingHelpRenderer._send_output_to_pager`. Parity: HELP-06, HELP-07, HELP-08.
pub(crate) fn show(page: &str, host: &Host, streams: &mut Streams) -> Result<(), Error> {
    let line = host.env("MANPAGER").or_else(|| host.env("PAGER")).unwrap_or(PAGER);
    let words = shlex::split(line)?;
    let Some((name, arguments)) = words.split_first() else {
        return Err(failure!("list index out of range"));
    };
    if !is_there(name, host) {
        let written = writeln!(streams.out, "{page}").and_then(|()| streams.out.flush());
        return written.map_err(|error| failure!("{}", oserror::text(&error)));
    }
    let ending = pipe_to(name, arguments, page, host);
    ending.map_err(|error| failure!("{}: {}", oserror::text(&error), repr::string(name)))
}

/// Runs the pager with `page` as its input. We do not end by Ctrl-C meanwhile.
/// v1: `ignore_ctrl_c`, `Popen.communicate`. Parity: HELP-16.
#[cfg(unix)]
fn pipe_to(name: &str, arguments: &[String], page: &str, host: &Host) -> io::Result<()> {
    host.runtime.hold_interrupts()?;
    write(start(name, arguments, host)?, page)
}

/// Runs the pager with `page` as its input, through the system's shell as v1 does here.
/// v1: `WindowsHelpRenderer._popen`.
#[cfg(not(unix))]
fn pipe_to(name: &str, arguments: &[String], page: &str, _: &Host) -> io::Result<()> {
    write(Command::new("cmd").args(["/C", name]).args(arguments).stdin(Stdio::piped()).spawn()?, page)
}

/// Writes `page` to the pager and waits for its end. That it stops reading early is no fault.
fn write(mut pager: Child, page: &str) -> io::Result<()> {
    if let Some(mut input) = pager.stdin.take()
        && let Err(error) = input.write_all(page.as_bytes())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        return Err(error);
    }
    pager.wait().map(|_| ())
}

/// Returns true where a folder of `PATH` holds `name`, whatever it is there. On Windows v1 does not look.
/// v1: `PosixHelpRenderer._exists_on_path`.
fn is_there(name: &str, host: &Host) -> bool {
    let path = host.env("PATH").unwrap_or_default();
    cfg!(windows) || path_candidates(name, path).iter().any(|file| file.exists())
}
