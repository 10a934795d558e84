//! Roles taken from moto's STS, a server that we did not write: v1 and we, each alone and each from the other's cache.
//!
//! With `PARITY=live` alone, as `.ci/run` has it: v1 and moto are installed into `target/` once.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot set itself up fails")]

#[path = "common/pinned.rs"]
mod pinned;

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use endpoint::script::{Match, Script};
use endpoint::sigv4::{Claim, verify};
use endpoint::{Reply, Server, Setup};
use serde_json::Value;

use pinned::oracle;

/// Our binary.
const AWS: &str = env!("CARGO_BIN_EXE_aws");
/// The server and what it needs to be one.
const PACKAGES: [&str; 3] = ["moto==5.2.5", "flask==3.1.3", "flask-cors==6.0.5"];
/// Profiles: a role with the keys of another profile, one with a web identity, one that moto refuses.
const CONFIG: &str = "[profile keys]
role_arn = arn:aws:iam::123456789012:role/keys
source_profile = source
role_session_name = nightly
[profile web]
role_arn = arn:aws:iam::123456789012:role/web
web_identity_token_file = TOKEN
[profile refused]
role_arn = arn:aws:iam::123456789012:role/refused
source_profile = source
role_session_name = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
";

/// moto, until it is dropped.
struct Moto {
    process: Child,
    url: String,
}

impl Moto {
    /// Installs it once and starts it on a free port.
    fn start() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join(PACKAGES[0]);
        let program = folder.join("bin/moto_server");
        if !program.exists() {
            let folder = folder.display().to_string();
            oracle::step(&oracle::python().unwrap(), &["-m", "venv", &folder]).unwrap();
            let install = [&["install", "--quiet"], &PACKAGES[..]].concat();
            oracle::step(&format!("{folder}/bin/pip"), &install).unwrap();
        }
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", "0"]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let url = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, url) = line.split_once("Running on ")?;
            Some(url.trim().to_owned())
        });
        std::thread::spawn(move || lines.count()); // so that it never waits for a reader
        Self { process, url: url.unwrap() }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An empty home with the profiles, AWS Backup and moto.
struct Place<'a> {
    home: PathBuf,
    backup: Server,
    moto: &'a Moto,
}

impl<'a> Place<'a> {
    fn new(name: &str, moto: &'a Moto) -> Self {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("moto-{name}"));
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(home.join(".aws")).unwrap();
        let token = home.join("token");
        fs::write(&token, "some.web.token").unwrap();
        let config = CONFIG.replace("TOKEN", &token.display().to_string());
        fs::write(home.join(".aws/config"), config).unwrap();
        let source = "[source]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n";
        fs::write(home.join(".aws/credentials"), source).unwrap();
        let job = Reply { body: br#"{"CopyJobId": "JOB"}"#.to_vec(), ..Reply::default() };
        let service = Arc::new(Script::new(vec![(Match::default(), job)], Vec::new()));
        let backup = Server::start(Setup { certificate: None, service }).unwrap();
        Self { home, backup, moto }
    }

    /// Starts a copy job as `profile`.
    fn run(&self, program: &Path, profile: &str) -> Output {
        let backup = format!("http://127.0.0.1:{}", self.backup.port());
        let vault = "arn:aws:backup:us-east-1:123456789012:backup-vault:secondary";
        let mut command = Command::new(program);
        command.args(["backup", "start-copy-job", "--profile", profile, "--iam-role-arn", "arn:role"]);
        command.args(["--recovery-point-arn", "arn:point", "--source-backup-vault-name", "primary"]);
        command.args(["--destination-backup-vault-arn", vault]);
        command.env_clear().env("HOME", &self.home).env("PATH", "/usr/bin:/bin");
        command.envs([("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_EC2_METADATA_DISABLED", "true")]);
        command.envs([("AWS_ENDPOINT_URL_STS", &self.moto.url), ("AWS_ENDPOINT_URL_BACKUP", &backup)]);
        command.output().unwrap()
    }

    /// Name, mode and content of the one file in the cache.
    fn cached(&self) -> (String, u32, Value) {
        let mut files = fs::read_dir(self.home.join(".aws/cli/cache")).unwrap();
        let file = files.next().unwrap().unwrap();
        assert!(files.next().is_none());
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        let content = serde_json::from_slice(&fs::read(file.path()).unwrap()).unwrap();
        (file.file_name().into_string().unwrap(), mode, content)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.home);
    }
}

/// The names in `value` and the kinds of what they name.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::String(_) => "text".into(),
        number => number.clone(),
    }
}

#[test]
fn roles_of_moto_are_shared_with_v1() {
    if !pinned::is_live() {
        println!("v1 and moto are only run with PARITY=live");
        return;
    }
    let moto = Moto::start();
    let [v1, ours] = [oracle::find().unwrap().path, PathBuf::from(AWS)];
    for profile in ["keys", "web"] {
        let mut kept = Vec::new();
        for (first, second) in [(&v1, &ours), (&ours, &v1)] {
            let place = Place::new(profile, &moto);
            let outputs = [first, second].map(|program| {
                let output = place.run(program, profile);
                (output, place.cached())
            });
            for (output, _) in &outputs {
                assert_eq!(output.status.code(), Some(0), "{profile}: {output:?}");
                let response = "{\n    \"CopyJobId\": \"JOB\"\n}\n";
                assert_eq!(String::from_utf8_lossy(&output.stdout), response, "{profile}: {output:?}");
            }
            let [(_, taken), (_, reused)] = outputs;
            assert_eq!(taken, reused, "{profile}: {second:?} did not use what {first:?} kept");
            let secret = taken.2["Credentials"]["SecretAccessKey"].as_str().unwrap();
            let requests = place.backup.requests();
            assert_eq!(requests.len(), 2, "{profile}");
            for request in &requests {
                let claim = Claim::of(request).unwrap_or_else(|| panic!("{profile}: {request:?}"));
                assert_eq!(taken.2["Credentials"]["AccessKeyId"], claim.key, "{profile}");
                assert!(verify(request, &claim, secret), "{profile}: {request:?}");
            }
            kept.push((taken.0, taken.1, shape(&taken.2)));
        }
        assert_eq!(kept.first(), kept.last(), "{profile}");
    }
    let place = Place::new("refused", &moto);
    let [theirs, ours] = [&v1, &ours].map(|program| place.run(program, "refused"));
    assert_eq!((theirs.status, theirs.stderr), (ours.status, ours.stderr));
    assert_eq!((theirs.stdout, place.backup.count()), (ours.stdout, 0));
}
