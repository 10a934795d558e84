//! One case set up and run: an empty home, an exact environment, its servers; gives the [`Outcome`].

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::RwLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use endpoint::server::Refusing;
use endpoint::{Server, clock, tls};

use super::case::{Case, Command, FileSpec};
use super::mask::Mask;
use super::outcome::{self, Outcome};
use super::process::{self, Ended, Prepared};
use super::servers::{self, ACCESS_KEY, SECRET};
use super::template::Places;

/// A program under test.
#[derive(Debug, Clone)]
pub struct Program {
    /// Its file.
    pub path: PathBuf,
    /// The folder that it is installed in; masked.
    pub folder: String,
    /// It is v1.
    pub is_oracle: bool,
}

/// The environment of every case, before its own; nothing else is set.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("HOME", "{HOME}"),
    ("PATH", "/usr/bin:/bin"),
    ("TZ", "UTC"),
    ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
    ("AWS_SECRET_ACCESS_KEY", SECRET),
    ("AWS_DEFAULT_REGION", "us-east-1"),
    ("AWS_ENDPOINT_URL_BACKUP", "{URL}"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
];

/// So long at most the servers may read what was sent before the end.
const SETTLED: Duration = Duration::from_secs(2);
/// Nothing is started while a program is being written: a child would hold it open, and nobody could start it.
pub static STARTING: RwLock<()> = RwLock::new(());

/// A case, ready to be run.
pub struct Stage<'a> {
    case: &'a Case,
    folder: PathBuf,
    places: Places,
    servers: BTreeMap<String, Server>,
    _refusing: Vec<Refusing>,
}

impl<'a> Stage<'a> {
    /// Makes the folders and files and starts the servers; v1 alone finds its own files.
    pub fn build(case: &'a Case, with_oracle_files: bool) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("parity/{}-{number}", std::process::id()));
        let (home, cwd, ca) = (folder.join("home"), folder.join("cwd"), folder.join("ca.pem"));
        std::fs::create_dir_all(&home).unwrap();
        std::fs::create_dir_all(&cwd).unwrap();
        std::fs::write(&ca, tls::ca_pem()).unwrap();
        let specs = servers::specs(case);
        let mut ports = servers::ports(&specs);
        let scheme = |name: &str| specs[name].scheme.clone().unwrap_or_else(|| "http".to_owned());
        let addresses =
            ports.iter().map(|(name, port)| (name.clone(), (scheme(name), port.number()))).collect();
        let certificates =
            specs.iter().filter_map(|(name, spec)| Some((name.clone(), spec.certificate.clone()?)));
        let places = Places {
            home,
            cwd,
            ca,
            servers: addresses,
            certificates: certificates.collect(),
            now: clock::now(),
            times: std::cell::RefCell::default(),
        };
        let (mut running, mut refusing) = (BTreeMap::new(), Vec::new());
        for (name, spec) in &specs {
            match servers::start(spec, ports.remove(name).unwrap(), &places) {
                Ok(server) => {
                    running.insert(name.clone(), server);
                }
                Err(port) => refusing.push(port),
            }
        }
        let stage = Self { case, folder, places, servers: running, _refusing: refusing };
        stage.write_files(&case.files);
        if with_oracle_files {
            stage.write_files(&case.oracle_files);
        }
        stage
    }

    /// Runs all commands of the case, the programs taking turns.
    pub fn run(&self, programs: &[&Program]) -> Outcome {
        let mut ended: Vec<Ended> = Vec::new();
        for (command, program) in self.case.commands().zip(programs.iter().cycle()) {
            ended.push(process::run(&self.prepare(command, program), &|| self.requests()));
        }
        self.settle();
        let folder = programs.first().map(|program| program.folder.as_str()).unwrap_or_default();
        let mut mask = Mask::new(&self.places, folder, format!("{:?}", self.case));
        outcome::read(self.case, &ended, &self.servers, &self.places, &mut mask)
    }

    /// Waits until the servers have read what was sent; the second time for what a proxy has passed on.
    fn settle(&self) {
        for server in self.servers.values().chain(self.servers.values()) {
            server.settle(SETTLED).unwrap();
        }
    }

    /// A command line as a person would paste it, in the environment of this stage.
    pub fn typed(&self, command: &Command, program: &Program) -> String {
        let prepared = self.prepare(command, program);
        let env =
            prepared.env.iter().map(|(name, value)| format!("{name}={}", quoted(&value.to_string_lossy())));
        let words = prepared.words.iter().map(|word| quoted(&word.to_string_lossy()));
        let program = prepared.program.display().to_string();
        let all: Vec<String> = env.chain([program]).chain(words).collect();
        format!("env -i {}", all.join(" "))
    }

    /// Requests at all servers so far.
    fn requests(&self) -> usize {
        self.servers.values().map(Server::count).sum()
    }

    /// Words, environment and input of one command.
    fn prepare(&self, command: &'a Command, program: &Program) -> Prepared<'a> {
        let own = Some(&command.our_argv).filter(|_| !program.is_oracle);
        let argv = own.and_then(Option::as_ref).or(command.argv.as_ref()).or(self.case.usual_argv.as_ref());
        let mut words = argv.cloned().unwrap_or_else(|| {
            ["backup", "start-copy-job", "{REQ}"].iter().map(|&word| word.to_owned()).collect()
        });
        words.extend(command.with.iter().cloned());
        let mut env: BTreeMap<&str, &str> = ENVIRONMENT.iter().copied().collect();
        for layer in [&self.case.command, command] {
            env.extend(layer.env.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            env.retain(|name, _| !layer.unset.iter().any(|unset| unset == name));
        }
        let env = env
            .iter()
            .map(|(name, value)| ((*name).to_owned(), OsString::from_vec(self.places.bytes(value))));
        Prepared {
            command,
            program: command
                .argv0
                .as_ref()
                .map_or_else(|| program.path.clone(), |name| self.link(name, program)),
            words: self.places.words(&words),
            env: env.collect(),
            cwd: self.places.cwd.clone(),
            stdin: command.stdin.as_ref().map(|text| self.places.bytes(text)),
            stdin_file: self.folder.join("stdin"),
        }
    }

    /// A link to the program under another name, or to its companion that has that name (`aws_completer`).
    fn link(&self, name: &str, program: &Program) -> PathBuf {
        let folder = self.folder.join("bin");
        std::fs::create_dir_all(&folder).unwrap();
        let link = folder.join(name);
        let _ = std::fs::remove_file(&link); // of the command before
        let companion = Some(program.path.with_file_name(name)).filter(|file| file.exists());
        symlink(companion.as_ref().unwrap_or(&program.path), &link).unwrap();
        link
    }

    /// Writes files; folders get their modes last.
    fn write_files(&self, files: &BTreeMap<String, FileSpec>) {
        let _nothing_starts = STARTING.write().unwrap();
        let mut modes: Vec<(PathBuf, u32)> = Vec::new();
        for (name, spec) in files {
            let path = self.places.home.join(self.places.text(name));
            assert!(path.starts_with(self.places.home.parent().unwrap()), "{name} is outside of the stage");
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let FileSpec::Full(spec) = spec else {
                let FileSpec::Text(text) = spec else { continue };
                std::fs::write(&path, self.places.bytes(text)).unwrap();
                continue;
            };
            match &spec.link {
                Some(target) => symlink(self.places.text(target), &path).unwrap(),
                None if spec.folder => std::fs::create_dir_all(&path).unwrap(),
                None => std::fs::write(&path, self.places.bytes(&spec.text)).unwrap(),
            }
            if let Some(mode) = &spec.mode {
                modes.push((path, u32::from_str_radix(mode, 8).unwrap()));
            }
        }
        for (path, mode) in modes.iter().rev() {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(*mode)).unwrap();
        }
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder); // `cargo clean` takes what is left
    }
}

/// A word as a shell needs it.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=,@%+".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
