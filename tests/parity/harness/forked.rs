//! v1 imported once and forked for each case, so that a live run need not start Python thousands of times.
//!
//! `forked/server.py` is the process that forks, `forked/client.c` stands where `aws` stands. A run through them costs
//! a tenth of a start and ends the same; what they cannot imitate is started for real.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use super::case::folder;
use super::oracle::step;
use super::stage::Program;

/// The home that v1's modules see while they are imported.
const HOME: &str = "/forked-home";

/// The process that forks, until it is dropped.
pub struct Forked {
    /// The client, under v1's name.
    pub program: Program,
    folder: PathBuf,
    server: Child,
    /// Its end is the server's.
    lifeline: Option<ChildStdin>,
}

impl Forked {
    /// Compiles the client and starts the server.
    pub fn start(oracle: &Program) -> Result<Self, String> {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("parity/forked-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let (socket, client) = (folder.join("socket"), folder.join("aws"));
        compile(&client, &oracle.path, &socket)?;
        let mut server = Command::new(oracle.path.with_file_name("python"))
            .arg(self::folder().join("forked/server.py"))
            .args([&socket, &oracle.path])
            .env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("HOME", HOME), ("TZ", "UTC")])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let lifeline = server.stdin.take();
        let mut line = String::new();
        let _ = BufReader::new(server.stdout.take().unwrap()).read_line(&mut line);
        let program = Program { path: client, ..oracle.clone() };
        let forked = Self { program, folder, server, lifeline };
        if line == "ready\n" { Ok(forked) } else { Err("its server did not start".to_owned()) }
    }
}

impl Drop for Forked {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Compiles the client for one v1 and one socket.
fn compile(client: &Path, aws: &Path, socket: &Path) -> Result<(), String> {
    let define = |name: &str, path: &Path| format!("-D{name}=\"{}\"", path.display());
    let source = folder().join("forked/client.c");
    let (output, source) = (client.display().to_string(), source.display().to_string());
    step("cc", &["-O1", &define("REAL", aws), &define("SOCKET", socket), "-o", &output, &source])
}
