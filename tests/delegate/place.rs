//! Folders for PATH with copies of our binary and scripts called `aws` in them.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};

/// Our binary.
pub(crate) const AWS: &str = env!("CARGO_BIN_EXE_aws");
/// Held while a program is written and while one is started: a child that another thread starts in between holds the
/// file open for writing until it executes, and a file open for writing cannot be executed ("text file busy").
static PROGRAMS: Mutex<()> = Mutex::new(());

/// What a folder of PATH holds under the name `aws`.
pub(crate) enum Holds {
    /// Nothing.
    Nothing,
    /// Our binary itself.
    SymbolicLink,
    /// The same.
    HardLink,
    /// Another file with our content.
    Copy,
    /// A script.
    Script(String),
    /// A file that cannot be run.
    Text,
    /// A folder.
    Folder,
}

/// An empty folder, removed at the end.
pub(crate) struct Place(pub(crate) PathBuf);

impl Place {
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// The folders for PATH, `0`, `1` and so on, in this order, and behind them those that a script needs.
    pub(crate) fn path(&self, folders: &[Holds]) -> String {
        let mut path: Vec<String> =
            folders.iter().enumerate().map(|(at, holds)| self.folder(at, holds)).collect();
        path.push("/usr/bin:/bin".to_owned());
        path.join(":")
    }

    fn folder(&self, at: usize, holds: &Holds) -> String {
        let folder = self.0.join(at.to_string());
        let file = folder.join("aws");
        fs::create_dir(&folder).unwrap();
        let _lock = PROGRAMS.lock().unwrap_or_else(PoisonError::into_inner);
        match holds {
            Holds::Nothing => {}
            Holds::SymbolicLink => symlink(AWS, &file).unwrap(),
            Holds::HardLink => fs::hard_link(AWS, &file).unwrap(),
            Holds::Copy => drop(fs::copy(AWS, &file).unwrap()),
            Holds::Script(text) => {
                fs::write(&file, text).unwrap();
                fs::set_permissions(&file, Permissions::from_mode(0o755)).unwrap();
            }
            Holds::Text => fs::write(&file, "no program").unwrap(),
            Holds::Folder => fs::create_dir(&file).unwrap(),
        }
        folder.display().to_string()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// How a program is started.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    /// Our binary, by its path.
    Path,
    /// The first `aws` on PATH, by its name as a shell does.
    Name,
}

/// True for a file that can be executed.
fn is_program(file: &PathBuf) -> bool {
    fs::metadata(file).is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

/// A command that knows nothing of our environment but `PATH`.
pub(crate) fn command(by: By, path: &str, words: &[&str]) -> Command {
    let mut command = match by {
        By::Path => Command::new(AWS),
        By::Name => {
            let folders = std::env::split_paths(path);
            let mut files = folders.map(|folder| Path::new(".").join(folder).join("aws"));
            let mut command = Command::new(files.find(is_program).unwrap());
            command.arg0("aws");
            command
        }
    };
    command.args(words).env_clear().env("PATH", path).env("HOME", "/nonexistent");
    command
}

/// Starts `command` while nobody writes a program.
pub(crate) fn start(command: &mut Command) -> std::io::Result<Child> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let _lock = PROGRAMS.lock().unwrap_or_else(PoisonError::into_inner);
    command.spawn()
}

/// Runs `command` to its end, with `input` on its stdin.
pub(crate) fn output(command: &mut Command) -> Output {
    let mut child = start(command).unwrap();
    let _ = child.stdin.take().unwrap().write_all(b"input");
    child.wait_with_output().unwrap()
}

/// Runs our binary by its path in an environment of nothing but `env`.
pub(crate) fn run(path: &str, words: &[&str], env: &[(&str, &str)]) -> Output {
    output(command(By::Path, path, words).envs(env.iter().copied()))
}
