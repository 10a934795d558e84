//! Blocks of a document, run in a shell that finds our `aws` first, with servers of this machine in place of AWS.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use endpoint::backup::Backup;
use endpoint::{Reply, Request, Server, Service};

/// The access key that the local AWS Backup knows, and its secret.
pub(crate) const KEY: (&str, &str) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// The region of all examples.
pub(crate) const REGION: &str = "us-east-1";

/// Reads a file of the project.
pub(crate) fn read(path: &str) -> String {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(whole).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the blocks of one kind (`sh`, `yaml` ..) of a document.
pub(crate) fn blocks(path: &str, kind: &str) -> Vec<String> {
    let text = read(path);
    let opening = format!("\n```{kind}\n");
    text.split(&opening).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned() + "\n").collect()
}

/// Returns the one block whose first line names the script.
pub(crate) fn script(path: &str, name: &str) -> String {
    let found = blocks(path, "sh").into_iter().find(|block| block.starts_with(&format!("# {name}")));
    found.unwrap_or_else(|| panic!("{path} has no {name}"))
}

/// A release host: `SHA256SUMS` and one archive that holds our binary.
pub(crate) struct Releases {
    folder: PathBuf,
}

impl Releases {
    /// Packs our binary as the archive of the static build.
    pub(crate) fn new(shell: &Shell, name: &str) -> Self {
        let folder = shell.home.join("releases");
        fs::create_dir_all(folder.join(name)).unwrap();
        fs::copy(env!("CARGO_BIN_EXE_aws"), folder.join(name).join("aws")).unwrap();
        symlink("aws", folder.join(name).join("aws_completer")).unwrap();
        let line = format!("tar -czf {name}.tar.gz {name} && sha256sum {name}.tar.gz > SHA256SUMS");
        let packed = Command::new("sh").args(["-c", &line]).current_dir(&folder).status().unwrap();
        assert!(packed.success());
        Self { folder }
    }
}

impl Service for Releases {
    fn respond(&self, request: &Request) -> Reply {
        match fs::read(self.folder.join(request.path().rsplit('/').next().unwrap_or_default())) {
            Ok(body) => Reply { body, ..Reply::default() },
            Err(_) => Reply::text(404, "Not Found"),
        }
    }
}

/// What a command printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

/// A home with our `aws` in `bin`, and an environment that holds nothing of this test's own.
pub(crate) struct Shell {
    pub(crate) home: PathBuf,
    env: Vec<(String, String)>,
}

impl Shell {
    /// Creates an empty home.
    pub(crate) fn new(name: &str) -> Self {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shell").join(name);
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(home.join("bin")).unwrap();
        fs::create_dir_all(home.join("behind")).unwrap();
        for program in ["aws", "aws_completer"] {
            symlink(env!("CARGO_BIN_EXE_aws"), home.join("bin").join(program)).unwrap();
        }
        let shown = home.display();
        let path = format!("{shown}/bin:{shown}/behind:/usr/bin:/bin");
        let env = vec![("HOME".to_owned(), shown.to_string()), ("PATH".to_owned(), path)];
        Self { home, env }
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets keys, region and the endpoint of AWS Backup.
    pub(crate) fn signed_in(self, server: &Server) -> Self {
        let url = format!("http://127.0.0.1:{}", server.port());
        let shell = self.env("AWS_ACCESS_KEY_ID", KEY.0).env("AWS_SECRET_ACCESS_KEY", KEY.1);
        shell.env("AWS_DEFAULT_REGION", REGION).env("AWS_ENDPOINT_URL_BACKUP", &url)
    }

    /// Writes a file below the home.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        let path = self.home.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Puts a program behind ours on PATH.
    pub(crate) fn program(self, name: &str, text: &str) -> Self {
        let shell = self.file(&format!("behind/{name}"), text);
        let path = shell.home.join("behind").join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        shell
    }

    /// Runs lines in bash, with `input` on standard input.
    pub(crate) fn run(&self, lines: &str, input: &str) -> Ran {
        let mut command = Command::new("bash");
        command.args(["-c", lines]).current_dir(&self.home).env_clear();
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes()); // it may not be read
        let output = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let code = output.status.code().unwrap_or(-1);
        Ran { stdout: text(&output.stdout), stderr: text(&output.stderr), code }
    }
}

/// Returns an AWS Backup with the vaults and the recovery point of the examples.
pub(crate) fn backup() -> Backup {
    Backup::furnished(REGION, KEY.0, KEY.1)
}
