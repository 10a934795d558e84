//! Executes the next program of the same name on PATH, as if this one were not there. The search begins behind this
//! program's own entry of PATH, so what stands before it (a wrapper that executes it) is reached only once, and a copy
//! behind it goes on from its own entry. Only where the program was started by a path instead of its name can another
//! program lead back to it; then one variable notes what was executed for which words.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, failure};
use crate::host::{self, Host};

/// Set to `off`, nothing is executed.
const SWITCH: &str = "AWS_START_COPY_JOB_DELEGATE";
/// The programs that were executed on the way here, between blanks. Each is four words between commas: what its file is
/// known by, the process that became it, how many words it was given and what these are known by.
const EXECUTED: &str = "AWS_START_COPY_JOB_EXECUTED";

type Variable = (&'static str, String);

/// Becomes the program called `name` that PATH has behind this one, with the words of this process and its environment,
/// to which `variable` is added, and the note where it fits. `None` where there is none, or where that is switched off;
/// the exit code of the program where a system knows no such thing.
/// Errors: `Failure` where that fails.
pub(crate) fn exec_next(host: &Host, name: &str, variable: Option<&Variable>) -> Option<Result<u8, Error>> {
    if host.env(SWITCH) == Some("off") {
        return None;
    }
    let own = host.own_file();
    let own_identity = identity(Path::new("/proc/self/exe")).or_else(|| identity(own.as_deref()?));
    let is_own = |file: &Path| {
        own.as_deref() == Some(file)
            || identity(file).is_some_and(|file| own_identity.as_ref() == Some(&file))
    };
    let files = programs(host, name);
    let entry = files.iter().position(|file| is_own(file));
    // whoever executes this program by its name finds this entry first, and the search goes on behind it
    let may_lead_back = entry.is_none() || host.started_by_path();
    let executed = host.env(EXECUTED).filter(|_| may_lead_back).unwrap_or_default();
    let leads_back =
        |file: &Path| executed.split(' ').any(|one| leads_back(one, file, &host.words) == Some(true));
    let mut behind = files.into_iter().skip(entry.map_or(0, |entry| entry + 1));
    let file = behind.find(|file| is_program(file) && !is_own(file) && !leads_back(file))?;
    let note = if may_lead_back { note(host, &file) } else { None };
    let ending = match become_program(command(host, &file, variable.into_iter().chain(&note))) {
        Err(error) if note.is_some() && error.kind() == io::ErrorKind::ArgumentListTooLong => {
            become_program(command(host, &file, variable.into_iter()))
        }
        ending => ending,
    };
    Some(ending.map_err(|error| failure!("{}: {error}", file.display())))
}

/// Returns the line below v1's error for an unknown command where no other program knows it either.
/// Parity: D14.
pub(crate) fn absence_note(host: &Host) -> &'static str {
    if host.env(SWITCH) == Some("off") { "" } else { "\nThere is no other `aws` on PATH to run it." }
}

/// Returns `name` in each folder of `path`, in their order; an empty folder is the current one.
/// v1: `shutil.which`, `PosixHelpRenderer._exists_on_path`.
pub(crate) fn path_candidates(name: &str, path: &str) -> Vec<PathBuf> {
    let name = host::path(name);
    // a name alone would be searched for in PATH once more
    let folder = |folder: PathBuf| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
    std::env::split_paths(&host::path(path)).map(|entry| folder(entry).join(&name)).collect()
}

/// Returns the files under which PATH may have a program `name`, whether they are there or not.
fn programs(host: &Host, name: &str) -> Vec<PathBuf> {
    let files = host.env("PATH").map_or_else(Vec::new, |path| path_candidates(name, path));
    if !cfg!(windows) {
        return files;
    }
    let endings = host.env_filled("PATHEXT").unwrap_or(".COM;.EXE;.BAT;.CMD").split(';');
    let endings: Vec<_> = endings.filter(|ending| !ending.is_empty()).collect();
    let with_endings = |file: &PathBuf| {
        endings.iter().map(|ending| format!("{}{ending}", file.display()).into()).collect::<Vec<_>>()
    };
    files.iter().flat_map(with_endings).collect()
}

/// Returns the command for `file` with the words of this process, and `variables` added to its environment.
fn command<'v>(host: &Host, file: &Path, variables: impl Iterator<Item = &'v Variable>) -> Command {
    let mut command = Command::new(file);
    command.args(host.words.iter().map(|word| host::path(word)));
    command.envs(variables.map(|(name, value)| (name, host::path(value))));
    #[cfg(unix)]
    if !host.started_by_path() {
        std::os::unix::process::CommandExt::arg0(&mut command, host::path(&host.program));
    }
    command
}

/// Returns the variable that says in addition that `program` is executed.
fn note(host: &Host, program: &Path) -> Option<Variable> {
    let (file, process, words) = (identity(program)?, std::process::id(), &host.words);
    let execution = format!("{file},{process},{},{}", words.len(), digest(words));
    let before = host.env_filled(EXECUTED).map(|before| format!("{before} "));
    Some((EXECUTED, before.unwrap_or_default() + &execution))
}

/// Returns true where `file` was executed so and has executed this program for it: in the same process, or with the
/// same words, perhaps among others. A program that uses this one for a purpose of its own has other words.
fn leads_back(execution: &str, file: &Path, words: &[String]) -> Option<bool> {
    let [executed, process, count, sum] = execution.split(',').collect::<Vec<_>>().try_into().ok()?;
    let holds_words = match count.parse().ok()? {
        0 => words.is_empty(),
        count => words.windows(count).any(|words| digest(words) == sum),
    };
    let is_here = process == std::process::id().to_string() || holds_words;
    Some(is_here && identity(file).is_some_and(|file| file == executed))
}

fn digest(words: &[String]) -> String {
    let mut hasher = DefaultHasher::new();
    words.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Replaces this process. A script that names no interpreter is the shell's, as where the shell itself finds it.
#[cfg(unix)]
fn become_program(mut command: Command) -> io::Result<u8> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    if error.raw_os_error() != Some(rustix::io::Errno::NOEXEC.raw_os_error()) {
        return Err(error);
    }
    let variables: Vec<_> = command.get_envs().filter_map(|(name, value)| Some((name, value?))).collect();
    let words = [command.get_program()].into_iter().chain(command.get_args());
    Err(Command::new("/bin/sh").args(words).envs(variables).exec())
}

#[cfg(not(unix))]
fn become_program(mut command: Command) -> io::Result<u8> {
    let code = command.status()?.code().unwrap_or(1);
    Ok(u8::try_from(code).unwrap_or(1))
}

#[cfg(unix)]
pub(crate) fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

/// Returns what a file is known by, whatever symbolic or hard links lead to it.
#[cfg(unix)]
fn identity(file: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let facts = fs::metadata(file).ok()?;
    Some(format!("{}:{}", facts.dev(), facts.ino()))
}

/// Returns what a file is known by: its path without links and, for the list's sake, without its separators.
#[cfg(not(unix))]
fn identity(file: &Path) -> Option<String> {
    Some(fs::canonicalize(file).ok()?.to_string_lossy().replace([' ', ','], "?"))
}
