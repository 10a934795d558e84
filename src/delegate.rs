//! Executes the next program of the same name on PATH, as if this one were not there.
//!
//! argv, environment, streams and all else that a process inherits stay as they are. The search begins behind this
//! program's own entry of PATH, so what stands before it (a wrapper that executes it) is reached only once, and a
//! copy behind it goes on from its own entry. Only where the program was started by a path instead of its name can
//! another program lead back to it; then one variable notes what was executed for which words.

use std::ffi::OsString;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;
use crate::error::failure;
use crate::host::{self, Host};

/// Set to `off`, nothing is executed.
const SWITCH: &str = "AWS_START_COPY_JOB_DELEGATE";
/// The programs that were executed on the way here, each with the words for it: [`Execution`]s between blanks.
const EXECUTED: &str = "AWS_START_COPY_JOB_EXECUTED";
/// The file that runs, even where its name is gone.
const SELF: &str = "/proc/self/exe";

/// The program that PATH has behind this one.
#[derive(Debug)]
pub(crate) struct Next {
    /// Its file.
    file: PathBuf,
    /// True where it could lead back to this program, so that its execution is noted.
    noted: bool,
}

/// Returns the program called `name` that PATH has behind this one; `None` too where that is switched off.
pub(crate) fn find_next(host: &Host, name: &str) -> Option<Next> {
    if host.env(SWITCH) == Some("off") {
        return None;
    }
    let own = OwnFile::of_process(host);
    let files = programs(host, name);
    let entry = files.iter().position(|file| own.is(file));
    // whoever executes this program by its name finds this entry first, and the search goes on behind it
    let noted = entry.is_none() || host.started_by_path();
    let executed = if noted { Execution::all(host) } else { Vec::new() };
    let leads_back = |file: &Path| executed.iter().any(|execution| execution.leads_back(file, &host.words));
    let behind = files.into_iter().skip(entry.map_or(0, |entry| entry + 1));
    let file = { behind }.find(|file| is_program(file) && !own.is(file) && !leads_back(file))?;
    Some(Next { file, noted })
}

/// Returns v1's error for an unknown command with one more line where no other program knows it either.
/// Parity: D14.
pub(crate) fn note_absence(host: &Host, error: Error) -> Error {
    match error {
        Error::Usage { program, message } if host.env(SWITCH) != Some("off") => Error::Usage {
            program,
            message: format!("{message}\nThere is no other `aws` on PATH to run it."),
        },
        other => other,
    }
}

impl Next {
    /// Becomes this program, with the words and the environment that this process was started with. Returns only where
    /// that fails, or with the exit code of the program where a system knows no such thing. `variable` is added to the
    /// environment; the note is left out where it does not fit.
    pub(crate) fn exec(&self, host: &Host, variable: Option<&(&'static str, String)>) -> Result<u8, Error> {
        let note = if self.noted { Execution::note(host, &self.file) } else { None };
        let full = |error: &io::Error| note.is_some() && error.kind() == io::ErrorKind::ArgumentListTooLong;
        let ending = match become_program(self.command(host, variable.into_iter().chain(&note))) {
            Err(error) if full(&error) => become_program(self.command(host, variable.into_iter())),
            ending => ending,
        };
        ending.map_err(|error| failure!("{}: {error}", self.file.display()))
    }

    /// Returns the command for this program with the words of this process, and `variables` added to its environment.
    fn command<'v>(
        &self,
        host: &Host,
        variables: impl Iterator<Item = &'v (&'static str, String)>,
    ) -> Command {
        let mut command = Command::new(&self.file);
        command.args(host.words.iter().map(|word| OsString::from(host::path(word))));
        command.envs(variables.map(|(name, value)| (*name, OsString::from(host::path(value)))));
        if !host.started_by_path() {
            set_name(&mut command, &host.program);
        }
        command
    }
}

/// Returns `name` in each folder of `path`, in their order; an empty folder is the current one.
/// v1: `shutil.which`, `PosixHelpRenderer._exists_on_path`.
pub(crate) fn path_candidates(name: &str, path: &str) -> Vec<PathBuf> {
    let name = host::path(name);
    let current = Path::new("."); // a name alone would be searched for in PATH once more
    let folders = std::env::split_paths(&host::path(path)).collect::<Vec<_>>();
    let folders = folders.iter().map(|folder| if folder.as_os_str().is_empty() { current } else { folder });
    folders.map(|folder| folder.join(&name)).collect()
}

/// Returns the files under which PATH may have a program `name`, whether they are there or not.
fn programs(host: &Host, name: &str) -> Vec<PathBuf> {
    let path = host.env("PATH").unwrap_or_default();
    if !cfg!(windows) {
        return if host.env("PATH").is_some() { path_candidates(name, path) } else { Vec::new() };
    }
    let endings = host.env_filled("PATHEXT").unwrap_or(".COM;.EXE;.BAT;.CMD");
    let endings: Vec<&str> = endings.split(';').filter(|ending| !ending.is_empty()).collect();
    let files = path_candidates(name, path).into_iter();
    let with = |file: &Path, ending: &str| PathBuf::from(format!("{}{ending}", file.display()));
    files.flat_map(|file| endings.iter().map(|ending| with(&file, ending)).collect::<Vec<_>>()).collect()
}

/// The file that this process was started from.
struct OwnFile {
    /// Its path.
    path: Option<PathBuf>,
    /// What it is known by.
    identity: Option<String>,
}

impl OwnFile {
    /// Returns the file of this process; one that was removed since keeps its path and its identity.
    fn of_process(host: &Host) -> Self {
        let path = host.own_file().map(|path| {
            let name = path.to_str().and_then(|path| path.strip_suffix(" (deleted)"));
            name.map(PathBuf::from).filter(|_| !path.exists()).unwrap_or(path)
        });
        let identity = identity(Path::new(SELF)).or_else(|| identity(path.as_deref()?));
        Self { path, identity }
    }

    /// Returns true for the file itself, by whatever links.
    fn is(&self, file: &Path) -> bool {
        self.path.as_deref() == Some(file)
            || identity(file).is_some_and(|identity| self.identity.as_ref() == Some(&identity))
    }
}

/// A program that was executed in the place of this one.
struct Execution {
    /// What its file is known by.
    file: String,
    /// The process that became it.
    process: String,
    /// How many words it was given.
    words: usize,
    /// What these words are known by.
    digest: String,
}

impl Execution {
    /// Returns what the environment says of executions on the way here.
    fn all(host: &Host) -> Vec<Self> {
        let noted = host.env(EXECUTED).unwrap_or_default().split(' ');
        let read = |execution: &str| {
            let [file, process, words, digest] = execution.split(',').collect::<Vec<_>>().try_into().ok()?;
            let [file, process, digest] = [file, process, digest].map(str::to_owned);
            Some(Self { file, process, words: words.parse().ok()?, digest })
        };
        noted.filter_map(read).collect()
    }

    /// Returns the variable that says in addition that `program` is executed.
    fn note(host: &Host, program: &Path) -> Option<(&'static str, String)> {
        let (file, digest) = (identity(program)?, digest(&host.words));
        let execution = format!("{file},{},{},{digest}", std::process::id(), host.words.len());
        let before = host.env_filled(EXECUTED).map(|before| format!("{before} "));
        Some((EXECUTED, before.unwrap_or_default() + &execution))
    }

    /// Returns true where `file` was executed so and has executed this program for it: in the same process, or with the
    /// same words, perhaps among others. A program that uses this one for a purpose of its own has other words.
    fn leads_back(&self, file: &Path, words: &[String]) -> bool {
        let is_process = self.process == std::process::id().to_string();
        let holds_words = match self.words {
            0 => words.is_empty(),
            count => words.windows(count).any(|words| digest(words) == self.digest),
        };
        (is_process || holds_words) && identity(file).is_some_and(|file| file == self.file)
    }
}

/// Returns what `words` are known by.
fn digest(words: &[String]) -> String {
    let mut hasher = DefaultHasher::new();
    words.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Lets the program see the name by which this one was started.
#[cfg(unix)]
fn set_name(command: &mut Command, name: &str) {
    use std::os::unix::process::CommandExt;
    command.arg0(host::path(name));
}

/// Leaves the name alone: this system has none.
#[cfg(not(unix))]
fn set_name(_: &mut Command, _: &str) {}

/// Replaces this process. A script that names no interpreter is the shell's, as where the shell itself finds it.
#[cfg(unix)]
fn become_program(mut command: Command) -> Result<u8, io::Error> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    if error.raw_os_error() != Some(rustix::io::Errno::NOEXEC.raw_os_error()) {
        return Err(error);
    }
    let variables: Vec<_> = command.get_envs().filter_map(|(name, value)| Some((name, value?))).collect();
    let words = [command.get_program()].into_iter().chain(command.get_args());
    Err(Command::new("/bin/sh").args(words).envs(variables).exec())
}

/// Runs `command` and returns its exit code.
#[cfg(not(unix))]
fn become_program(mut command: Command) -> Result<u8, io::Error> {
    let code = command.status()?.code().unwrap_or(1);
    Ok(u8::try_from(code).unwrap_or(1))
}

/// Returns true for a file that can be executed.
#[cfg(unix)]
pub(crate) fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

/// Returns true for a file.
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
