//! The words of a pager -> its process, started as v1's `subprocess` starts it.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::delegate::{self, path_candidates};
use crate::host::{self, Host};
use crate::python::text;

/// How the files of programs begin: ELF, and those of macOS.
const BINARIES: [&[u8]; 3] = [b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"];
/// How far into a script the name of its interpreter is looked for.
const LINE: u64 = 256;

/// Starts the pager `name` from the first folder of `PATH` that has it.
/// Errors: the first refusal that is not "no such file", else that one.
/// v1: `subprocess.Popen`, `_posixsubprocess`.
pub(super) fn start(name: &str, arguments: &[String], host: &Host) -> io::Result<Child> {
    let path = host.env("PATH").unwrap_or("/bin:/usr/bin");
    let files = if name.contains('/') { vec![host::path(name)] } else { path_candidates(name, path) };
    let mut refusal = io::ErrorKind::NotFound.into();
    for file in files {
        let mut command = ignoring_interrupt(&file).unwrap_or_else(|| {
            let mut command = Command::new(&file);
            command.arg0(host::path(name));
            command
        });
        let started = command.args(arguments.iter().map(|word| host::path(word)));
        match started.stdin(Stdio::piped()).spawn() {
            Ok(pager) => return Ok(pager),
            Err(error) if is_absent(&refusal) => refusal = error,
            Err(_) => {}
        }
    }
    Err(refusal)
}

/// Returns `file` with Ctrl-C ignored from its start on, by way of a shell, for we may not set that ourselves: a pager of
/// several programs stays whole while a person stops a search in one of them. `None` where the shell, which has words
/// and exit codes of its own, might not be able to start it.
/// v1: `ignore_ctrl_c`, which the pager inherits. Parity: HELP-16.
fn ignoring_interrupt(file: &Path) -> Option<Command> {
    let shell = Path::new("/bin/sh");
    let mut command = (is_startable(file) && is_startable(shell)).then(|| Command::new(shell))?;
    command.args(["-c", "trap '' INT; exec \"$0\" \"$@\""]).arg(file);
    Some(command)
}

/// Returns true for a file that the system starts for sure: a program of its own kind, or a script of one.
fn is_startable(file: &Path) -> bool {
    let is_binary = |start: &[u8]| BINARIES.iter().any(|magic| start.starts_with(magic));
    let Some(start) = program_start(file) else { return false };
    let line = start.strip_prefix(b"#!").unwrap_or_default();
    let interpreter = line.split(u8::is_ascii_whitespace).find(|word| !word.is_empty());
    let interpreter = interpreter.and_then(|name| program_start(&host::path(&text::decode(name))));
    is_binary(&start) || interpreter.is_some_and(|start| is_binary(&start))
}

/// Returns how a program's file begins.
fn program_start(file: &Path) -> Option<Vec<u8>> {
    let mut start = Vec::new();
    let file = delegate::is_program(file).then(|| File::open(file).ok())??;
    file.take(LINE).read_to_end(&mut start).ok()?;
    Some(start)
}

/// Returns true for the refusals that make v1 look in the next folder and then forget them.
fn is_absent(refusal: &io::Error) -> bool {
    matches!(refusal.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
