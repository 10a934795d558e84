//! A line that is not ours goes to the next program of that name on PATH, as if we were not there.
//!
//! argv, environment and streams stay as they are, but for one variable: each copy of us that hands a line on adds
//! itself to it. So copies of us behind each other in PATH find the one behind the last of them, also where the
//! other program calls `aws` again, and a wrapper that leads back to us is noticed.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;
use crate::error::failure;
use crate::host::{self, Host};

/// Set to `off`, no line is handed on.
const SWITCH: &str = "AWS_START_COPY_JOB_DELEGATE";
/// The copies of us that have handed this line on, or one that led to it.
const HANDED_BY: &str = "AWS_START_COPY_JOB_HANDED_BY";
/// So often in a row a line is handed on: more than scripts that call `aws` from an alias of `aws` need.
const DEPTH: usize = 16;

/// Hands the line to the next `aws`; where there is none, `error` stands.
pub fn instead(host: &Host, error: Error) -> Error {
    next(host, "aws").map_or(error, |program| hand_over(host, &program, None))
}

/// The first program called `name` on PATH that is no copy of us; `None` too where handing on is switched off.
pub fn next(host: &Host, name: &str) -> Option<PathBuf> {
    let ours = identity(&host.own_file()?)?;
    let handed_by = host.env(HANDED_BY).unwrap_or_default();
    let copies: Vec<&str> = handed_by.split(' ').chain([ours.as_str()]).collect();
    if host.env(SWITCH) == Some("off") || copies.len() > DEPTH {
        return None;
    }
    let path = host::path(host.env("PATH")?);
    let names = file_names(host, name);
    let mut files =
        std::env::split_paths(&path).flat_map(|folder| names.iter().map(move |name| folder.join(name)));
    files.find(|file| is_program(file) && identity(file).is_some_and(|file| !copies.contains(&&*file)))
}

/// Becomes `program`, with the words and the environment that we were started with; comes back only when that fails,
/// or where a system knows no such thing and `program` has ended. `variable` is added to the environment.
pub fn hand_over(host: &Host, program: &Path, variable: Option<(&str, String)>) -> Error {
    let mut command = Command::new(program);
    command.args(host.words.iter().map(|word| OsString::from(host::path(word))));
    command.envs(variable.map(|(name, value)| (name, OsString::from(host::path(&value)))));
    if let Some(ours) = host.own_file().and_then(|file| identity(&file)) {
        let handed_by = host.env(HANDED_BY).map_or(ours.clone(), |before| format!("{before} {ours}"));
        command.env(HANDED_BY, handed_by);
    }
    become_program(command).map_or_else(|error| failure!("{}: {error}", program.display()), Error::HandedOver)
}

/// Replaces this process.
#[cfg(unix)]
fn become_program(mut command: Command) -> Result<u8, std::io::Error> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

/// Runs `command` and gives its exit code.
#[cfg(not(unix))]
fn become_program(mut command: Command) -> Result<u8, std::io::Error> {
    let code = command.status()?.code().unwrap_or(1);
    Ok(u8::try_from(code).unwrap_or(1))
}

/// The file names under which a program `name` is started.
fn file_names(host: &Host, name: &str) -> Vec<String> {
    if !cfg!(windows) {
        return vec![name.to_owned()];
    }
    let endings = host.env_filled("PATHEXT").unwrap_or(".COM;.EXE;.BAT;.CMD");
    endings.split(';').filter(|ending| !ending.is_empty()).map(|ending| format!("{name}{ending}")).collect()
}

/// True for a file that can be run.
#[cfg(unix)]
pub(crate) fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

/// True for a file.
#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

/// What a file is known by, whatever symbolic or hard links lead to it.
#[cfg(unix)]
fn identity(file: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let facts = fs::metadata(file).ok()?;
    Some(format!("{}:{}", facts.dev(), facts.ino()))
}

/// What a file is known by: its path without links and, for the list's sake, without blanks.
#[cfg(not(unix))]
fn identity(file: &Path) -> Option<String> {
    Some(fs::canonicalize(file).ok()?.to_string_lossy().replace(' ', "?"))
}
