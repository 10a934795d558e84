//! Everything from outside: argv, environment, home, terminal facts, clock, token source. Texts are decoded as Python
//! decodes them ([`crate::python::text`]). Tests build another `Host`.

pub(crate) mod prompt;

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::{Error, failure};
use crate::python::date::Zone;
use crate::python::{codec, oserror, stdio, text};
use crate::runtime::Runtime;

/// What stands between the names of a path.
const SEPARATORS: &[char] = if cfg!(windows) { &['/', '\\'] } else { &['/'] };

/// What the process was started with.
#[derive(Debug, Clone)]
pub struct Host {
    pub(crate) program: String,
    /// The words after it.
    pub(crate) words: Vec<String>,
    /// The environment; a variable that is set to nothing is an empty text.
    pub(crate) env: HashMap<String, String>,
    pub(crate) runtime: Runtime,
    /// Gives the time; tests have their own.
    pub(crate) clock: fn() -> SystemTime,
    /// Writes a line of `--debug` to standard error, unencoded and at once.
    pub(crate) log: fn(&str),
}

#[expect(
    clippy::unused_self,
    reason = "what comes from outside is asked of the host, though the system knows it"
)]
impl Host {
    /// Reads the facts of this process.
    pub fn from_process() -> Self {
        let mut words = std::env::args_os().map(decode);
        let program = words.next().unwrap_or_default();
        let env = std::env::vars_os().map(|(name, value)| (decode(name), decode(value))).collect();
        Self::new(program, words.collect(), env)
    }

    pub(crate) fn new(program: String, words: Vec<String>, env: HashMap<String, String>) -> Self {
        let log = |line: &str| drop(io::stderr().write_all(line.as_bytes()));
        Self { program, words, env, runtime: Runtime::default(), clock: SystemTime::now, log }
    }

    #[cfg(any(test, fuzzing))]
    pub(crate) fn fake(env: &[(&str, &str)]) -> Self {
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self::new("aws".to_owned(), Vec::new(), env.collect())
    }

    /// Runs `future` to its end: [`Runtime::block_on`].
    pub(crate) fn block_on<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        self.runtime.block_on(future)
    }

    /// Returns the value of an environment variable; empty where it is set to nothing. Windows has `Path` for `PATH`.
    pub(crate) fn env(&self, name: &str) -> Option<&str> {
        let mut all = self.env.iter().filter(|_| cfg!(windows));
        let other = || all.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        self.env.get(name).or_else(other).map(String::as_str)
    }

    pub(crate) fn env_filled(&self, name: &str) -> Option<&str> {
        self.env(name).filter(|value| !value.is_empty())
    }

    /// Returns the last part of `argv[0]`, by which v1 names itself in the errors of the inner parsers (MSG-06).
    pub(crate) fn program_name(&self) -> &str {
        let name = self.program.rsplit(SEPARATORS).next().unwrap_or(&self.program);
        if cfg!(windows) { name.strip_suffix(".exe").unwrap_or(name) } else { name }
    }

    /// Returns true where the program was started by a path; a shell starts what it finds on PATH by its name alone.
    pub(crate) fn started_by_path(&self) -> bool {
        self.program.contains(SEPARATORS)
    }

    /// Returns the file that runs; one that was removed since keeps its path.
    pub(crate) fn own_file(&self) -> Option<PathBuf> {
        let file = std::env::current_exe().ok()?;
        let name = file.to_str().and_then(|name| name.strip_suffix(" (deleted)"));
        Some(name.filter(|_| !file.exists()).map_or(file.clone(), PathBuf::from))
    }

    pub(crate) fn now(&self) -> SystemTime {
        (self.clock)()
    }

    pub(crate) fn epoch(&self) -> i64 {
        self.now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs().cast_signed())
    }

    /// Returns the zone of the variable `TZ`, a file of the database below `TZDIR` or a rule, else that of the
    /// machine; UTC where neither can be read.
    /// v1: `time.tzset`. Parity: OUT-09, `output/iso8601/tzdir`.
    pub(crate) fn time_zone(&self) -> Zone {
        let now = self.epoch();
        let file = |file: PathBuf| Zone::from_file(&std::fs::read(file).ok()?, now);
        let (found, rule) = match self.env("TZ").map(|name| name.strip_prefix(':').unwrap_or(name)) {
            None => (file("/etc/localtime".into()), ""),
            Some(name) => {
                let folder = path(self.env_filled("TZDIR").unwrap_or("/usr/share/zoneinfo"));
                (file(folder.join(path(name))), name) // a path from the root replaces the folder
            }
        };
        found.unwrap_or_else(|| Zone::from_rule(rule, now))
    }

    /// Returns a fresh random UUID (version 4, lower case), the idempotency token of a call that was given none.
    pub(crate) fn new_token(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }

    /// Returns the home directory of the user, without a slash at its end; `None` where the system knows none. On Windows
    /// `HOME` does not count.
    /// v1: `os.path.expanduser('~')`, `ntpath.expanduser`. Parity: CFG-14.
    pub(crate) fn home(&self) -> Option<String> {
        if cfg!(windows) {
            let inside = |path: &str| self.env("HOMEDRIVE").unwrap_or_default().to_owned() + path;
            return self.env("USERPROFILE").map(str::to_owned).or_else(|| self.env("HOMEPATH").map(inside));
        }
        let of_system = || Some(decode(std::env::home_dir()?.into_os_string()));
        let home = self.env("HOME").map(str::to_owned).or_else(of_system)?;
        Some(home.trim_end_matches('/').to_owned())
    }

    /// Returns `path` with a leading `~` or `~name` replaced by that user's home; unchanged where there is none.
    /// v1: `os.path.expanduser`. Parity: CFG-10, VAL-02.
    pub(crate) fn expand_user(&self, path: &str) -> String {
        let Some(rest) = path.strip_prefix('~') else { return path.to_owned() };
        let (name, rest) = rest.find(SEPARATORS).map_or((rest, ""), |slash| rest.split_at(slash));
        let home = if name.is_empty() { self.home() } else { home_of(name) };
        match home.map(|home| home + rest) {
            Some(path) if path.is_empty() => "/".to_owned(),
            found => found.unwrap_or_else(|| path.to_owned()),
        }
    }

    /// Returns `path` with `$NAME` and `${NAME}` replaced once; those of variables that are not set stay as they are.
    /// v1: `os.path.expandvars`. Parity: CFG-10, VAL-02.
    pub(crate) fn expand_variables(&self, path: &str) -> String {
        let mut expanded = String::with_capacity(path.len());
        let mut rest = path;
        while let Some((before, typed)) = rest.split_once('$') {
            let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
            let plain = || typed.split_at(typed.find(|letter| !is_letter(letter)).unwrap_or(typed.len()));
            let braced = typed.strip_prefix('{').and_then(|inside| inside.split_once('}'));
            let (name, after) = braced.unwrap_or_else(plain);
            let typed = typed.strip_suffix(after).unwrap_or_default();
            match self.env(name) {
                Some(value) => expanded.extend([before, value]),
                None => expanded.extend([before, "$", typed]),
            }
            rest = after;
        }
        expanded + rest
    }

    pub(crate) fn stderr_is_terminal(&self) -> bool {
        io::stderr().is_terminal()
    }

    pub(crate) fn stdout_is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Returns the columns of the terminal that stdout is; 80 when stdout is none.
    /// v1: `table.determine_terminal_width`. Parity: OUT-35.
    pub(crate) fn terminal_width(&self) -> i64 {
        self.stdout_columns().map_or(80, i64::from)
    }

    /// Returns the columns of the terminal that stdout is; 0 where it does not know, `None` where stdout is none.
    #[cfg(unix)]
    pub(crate) fn stdout_columns(&self) -> Option<u16> {
        rustix::termios::tcgetwinsize(io::stdout()).ok().map(|size| size.ws_col)
    }

    #[cfg(not(unix))]
    pub(crate) fn stdout_columns(&self) -> Option<u16> {
        None
    }
}

/// Returns the home directory of the user `name`, from the system's list of users.
fn home_of(name: &str) -> Option<String> {
    let users = text::decode(&std::fs::read("/etc/passwd").ok()?);
    let fields = users.lines().map(|line| line.split(':'));
    let home = { fields }.find_map(|mut fields| (fields.next() == Some(name)).then(|| fields.nth(4)))??;
    Some(home.trim_end_matches('/').to_owned())
}

/// Decodes a word of the system as Python does.
fn decode(word: OsString) -> String {
    text::decode(&word.into_encoded_bytes())
}

/// Returns the text of a file, its line ends made `\n`.
/// Errors: the system's error; bytes that are not UTF-8.
/// v1: `open(path).read()`. Parity: CRED-51, CRED-52, CRED-81.
pub(crate) fn read_text(name: &str) -> Result<String, Error> {
    let bytes =
        std::fs::read(path(name)).map_err(|error| failure!("{}", oserror::with_path(&error, name)))?;
    let text = codec::utf8(&bytes)?;
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Returns `text` as a path of the system: the bytes that it was decoded from.
#[cfg(unix)]
pub(crate) fn path(name: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    PathBuf::from(OsString::from_vec(stdio::system_bytes(name)))
}

#[cfg(not(unix))]
pub(crate) fn path(name: &str) -> PathBuf {
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_expanded_as_python_does() {
        let home = if cfg!(windows) { ("USERPROFILE", "/h") } else { ("HOME", "/h/") };
        let env = [home, ("A", "x"), ("B", "$A"), ("E", "")];
        let host = Host::fake(&env);
        let rows = [("~", "/h"), ("~/a", "/h/a"), ("a~", "a~"), ("~no-such-user/a", "~no-such-user/a")];
        for (path, expected) in rows {
            assert_eq!(host.expand_user(path), expected, "{path}");
        }
        let rows = [
            ("$A/${A}b$Ab", "x/xb$Ab"),
            ("$B", "$A"),
            ("$E.", "."),
            ("${A", "${A"),
            ("$", "$"),
            ("$$A", "$x"),
            ("${}", "${}"),
        ];
        for (path, expected) in rows {
            assert_eq!(host.expand_variables(path), expected, "{path}");
        }
    }
}
