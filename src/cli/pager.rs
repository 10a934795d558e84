//! A help page -> the reader's pager. Mirrors `PagingHelpRenderer` of `awscli/help.py`.

use std::io::{self, Write};
use std::process::{Child, Command, Stdio};

use crate::python::{oserror, repr, shlex};
use crate::{Error, Host, Streams, failure, host};

/// The pager of who names none.
const PAGER: &str = if cfg!(windows) { "more" } else { "less -R" };

/// Gives `page` to the program that `MANPAGER`, else `PAGER` names, else to `less -R`, also where stdout is no
/// terminal; where there is no such program, to stdout with one more newline. How the pager ends does not count.
///
/// # Errors
/// `Failure` where the variable is empty or has an open quote, where the pager cannot be started, and where stdout
/// cannot be written.
///
/// v1: `PagingHelpRenderer._send_output_to_pager`. Parity: HELP-06, HELP-07, HELP-08.
pub fn show(page: &str, host: &Host, streams: &mut Streams) -> Result<(), Error> {
    let line = host.env("MANPAGER").or_else(|| host.env("PAGER")).unwrap_or(PAGER);
    let words = shlex::split(line)?;
    let Some(name) = words.first() else {
        return Err(failure!("list index out of range"));
    };
    if !is_there(name, host) {
        let written = writeln!(streams.out, "{page}").and_then(|()| streams.out.flush());
        return written.map_err(|error| failure!("{}", oserror::text(&error)));
    }
    feed(&words, page, host).map_err(|error| failure!("{}: {}", oserror::text(&error), repr::string(name)))
}

/// Runs the pager with `page` as its input. Ctrl-C is the pager's alone meanwhile.
///
/// v1: `ignore_ctrl_c`, `Popen.communicate`. Parity: HELP-16.
#[cfg(unix)]
fn feed(words: &[String], page: &str, host: &Host) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let _inside = runtime.enter();
    let _listened = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    write(start(words, host)?, page)
}

/// Runs the pager with `page` as its input, through the system's shell as v1 does here.
///
/// v1: `WindowsHelpRenderer._popen`.
#[cfg(not(unix))]
fn feed(words: &[String], page: &str, _: &Host) -> io::Result<()> {
    write(Command::new("cmd").arg("/C").args(words).stdin(Stdio::piped()).spawn()?, page)
}

/// Writes `page` to the pager and waits for its end. That it stops reading early is no fault.
fn write(mut pager: Child, page: &str) -> io::Result<()> {
    if let Some(mut input) = pager.stdin.take() {
        match input.write_all(page.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
            _ => {}
        }
    }
    pager.wait().map(|_| ())
}

/// Starts the pager from the first folder of `PATH` that has it.
///
/// # Errors
/// The first refusal that is not "no such file", else that one.
///
/// v1: `subprocess.Popen`, `_posixsubprocess`.
#[cfg(unix)]
fn start(words: &[String], host: &Host) -> io::Result<Child> {
    use std::os::unix::process::CommandExt;
    let Some((name, arguments)) = words.split_first() else {
        return Err(io::ErrorKind::NotFound.into());
    };
    let places =
        if name.contains('/') { vec![name.clone()] } else { places(name, host.env("PATH"), "/bin:/usr/bin") };
    let mut refusal: Option<io::Error> = None;
    for place in places {
        let mut command = Command::new(host::path(&place));
        let started = command.arg0(host::path(name)).args(arguments.iter().map(|word| host::path(word)));
        match started.stdin(Stdio::piped()).spawn() {
            Ok(pager) => return Ok(pager),
            Err(error) if refusal.as_ref().is_none_or(is_absent) => refusal = Some(error),
            Err(_) => {}
        }
    }
    Err(refusal.unwrap_or_else(|| io::ErrorKind::NotFound.into()))
}

/// True for the refusals that make v1 look in the next folder and then forget them.
#[cfg(unix)]
fn is_absent(refusal: &io::Error) -> bool {
    matches!(refusal.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// True where a folder of `PATH` holds `name`, whatever it is there. On Windows v1 does not look.
///
/// v1: `PosixHelpRenderer._exists_on_path`.
fn is_there(name: &str, host: &Host) -> bool {
    cfg!(windows) || places(name, host.env("PATH"), "").iter().any(|place| host::path(place).exists())
}

/// `name` in each folder of `path`, which is `unset` where there is none; an empty folder is the current one.
fn places(name: &str, path: Option<&str>, unset: &str) -> Vec<String> {
    let inside = |folder: &str| match folder {
        _ if name.starts_with('/') => name.to_owned(),
        "" => format!("./{name}"),
        _ => format!("{folder}/{name}"),
    };
    path.unwrap_or(unset).split(':').map(inside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_is_looked_for_in_every_folder() {
        let cases: [(&str, Option<&str>, &[&str]); 4] = [
            ("less", Some("/bin:/usr/bin"), &["/bin/less", "/usr/bin/less"]),
            ("less", Some("/bin:"), &["/bin/less", "./less"]),
            ("/opt/most", Some("/bin"), &["/opt/most"]),
            ("less", None, &["/nowhere/less"]),
        ];
        for (name, path, expected) in cases {
            assert_eq!(places(name, path, "/nowhere"), expected, "{name} in {path:?}");
        }
    }
}
