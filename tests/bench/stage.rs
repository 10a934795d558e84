//! What a benchmark needs before it can start: release binaries, the other contenders, homes and a server.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs};

use endpoint::script::{Match, Script};
use endpoint::tls::{self, Certificate};
use endpoint::{Reply, Server, Setup};

#[path = "../common/cargo.rs"]
mod outer;

use crate::contenders::{Run, Stage};
use crate::table::first_line;

/// What every server responds.
const RESPONSE: &str =
    r#"{"CopyJobId":"0e1b4a3c-7d52-4a3e-9b0f-1c2d3e4f5a6b","CreationDate":1795350000.123,"IsParent":false}"#;

/// What every server responds where it is asked for a job: one that goes on for ever.
const JOB: &str = r#"{"CopyJob":{"AccountId":"123456789012","CopyJobId":"0e1b4a3c-7d52-4a3e-9b0f-1c2d3e4f5a6b","SourceBackupVaultArn":"arn:aws:backup:us-east-1:123456789012:backup-vault:source-vault","SourceRecoveryPointArn":"arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0","DestinationBackupVaultArn":"arn:aws:backup:us-west-2:123456789012:backup-vault:copies","ResourceArn":"arn:aws:ec2:us-east-1:123456789012:volume/vol-0123456789abcdef0","CreationDate":1795350000.123,"State":"RUNNING","BackupSizeInBytes":8589934592,"IamRoleArn":"arn:aws:iam::123456789012:role/backup","ResourceType":"EBS","IsParent":false}}"#;

/// Everything in place; the servers stop when this is dropped.
pub struct Prepared {
    /// Programs, homes and addresses.
    pub stage: Stage,
    /// nginx or our own endpoint.
    server: &'static str,
    _servers: Servers,
}

/// The running servers.
enum Servers {
    /// A child process.
    Nginx(Child),
    /// Threads of this process.
    Endpoint { _servers: [Server; 3] },
}

impl Drop for Servers {
    fn drop(&mut self) {
        if let Self::Nginx(child) = self {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Prepared {
    /// Our release binary alone, for the budgets; of v1, where it is installed, only the bundle is read.
    pub fn ours_only() -> Self {
        let v1 = env::var_os("ORACLE").map_or_else(|| target().join("oracle-1.46.3/bin/aws"), PathBuf::from);
        Self::new(v1, PathBuf::new(), PathBuf::new())
    }

    /// All contenders; what is missing is built or installed into `target/`.
    pub fn everyone() -> Self {
        let target = target();
        let packages = format!("{}/tests/parity/v1-packages.txt", root());
        let mut prepared = Self::new(
            venv(&target.join("oracle-1.46.3"), &["-r", &packages]).join("aws"),
            venv(&target.join("bench-boto3"), &["boto3"]).join("python"),
            sdk_default(&target),
        );
        prepared.stage.ours_static = static_build();
        prepared
    }

    /// Homes, trust stores and servers around the given contenders.
    fn new(v1: PathBuf, python: PathBuf, sdk: PathBuf) -> Self {
        let package = ["build", "--release", "--locked", "-p", "aws-start-copy-job"]; // as `cargo install` builds it
        let ours = cargo(Path::new(root()), &package, "aws");
        let scratch = target().join("bench-stage");
        let _ = fs::remove_dir_all(&scratch);
        let (empty_home, full_home) = (scratch.join("empty"), scratch.join("full"));
        fs::create_dir_all(&empty_home).expect("an empty home");
        fill(&full_home);
        let (ca, bundle) = (scratch.join("ca.pem"), scratch.join("bundle.pem"));
        fs::write(&ca, tls::ca_pem()).expect("the CA");
        fs::write(&bundle, full_bundle(&v1) + tls::ca_pem()).expect("the bundle");
        let (servers, [http, https, closing]) = nginx(&scratch).unwrap_or_else(own_endpoint);
        let server = if matches!(servers, Servers::Nginx(_)) { "nginx" } else { "our test endpoint" };
        let stage = Stage {
            ours,
            ours_static: None,
            v1,
            python,
            sdk,
            floor: floor(),
            empty_home,
            full_home,
            http: format!("http://127.0.0.1:{http}"),
            https: format!("https://localhost:{https}"),
            https_closing: format!("https://localhost:{closing}"),
            ca,
            bundle,
        };
        Self { stage, server, _servers: servers }
    }

    /// `program` under the name `aws`, in the only folder of `PATH`.
    pub fn behind_us(&self, program: &Path) -> Run {
        let folder = target().join("bench-stage/behind");
        fs::create_dir_all(&folder).expect("a folder");
        let name = folder.join("aws");
        fs::copy(program, &name).expect("a program to hand commands to");
        let env = [("PATH", folder), ("HOME", self.stage.empty_home.clone())];
        let env = env.map(|(name, folder)| (name.to_owned(), folder.to_string_lossy().into_owned()));
        Run { words: vec![name.to_string_lossy().into_owned()], env: env.into(), exit: 0 }
    }

    /// Returns true where the full bundle is there: v1 brings it.
    pub fn has_full_bundle(&self) -> bool {
        let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
        size(&self.stage.bundle) > size(&self.stage.ca)
    }

    /// Returns what a reader must know of a run of so many rounds.
    pub fn facts(&self, rounds: usize) -> Vec<(String, String)> {
        let shown = |program: &str, arguments: &[&str]| first_line(Command::new(program).args(arguments));
        let size = fs::metadata(&self.stage.ours).map_or(0, |file| file.len());
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        let curl = shown("curl", &["--version"]);
        let slow = rounds.div_ceil(5);
        [
            ("date", shown("date", &["-u", "+%Y-%m-%d"])),
            ("machine", format!("{} {}, {cores} cores", shown("uname", &["-s"]), shown("uname", &["-m"]))),
            ("rounds", format!("{rounds} rounds (AWS CLI v1 and boto3: {slow})")),
            ("server", format!("{} on loopback", self.server)),
            ("curl", curl.split(' ').nth(1).unwrap_or("is not here").to_owned()),
            ("our binary", format!("{:.1} MB", size as f64 / 1e6)),
            ("static build", self.static_size()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// Returns the size of the static build, or why it is not measured.
    fn static_size(&self) -> String {
        let size = self.stage.ours_static.as_ref().and_then(|path| fs::metadata(path).ok());
        size.map_or_else(
            || format!("not measured, for there is no standard library for {} here", musl()),
            |file| format!("{:.1} MB", file.len() as f64 / 1e6),
        )
    }
}

/// Returns the target of the static build that ships for this machine.
fn musl() -> String {
    format!("{}-unknown-linux-musl", env::consts::ARCH)
}

/// The project's folder.
fn root() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../..")
}

/// The project's target folder.
fn target() -> PathBuf {
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| Path::new(root()).join("target"), PathBuf::from);
    fs::create_dir_all(&target).expect("the target folder");
    target.canonicalize().expect("the target folder")
}

/// Runs cargo in `folder` and gives the release binary `name`.
fn cargo(folder: &Path, arguments: &[&str], name: &str) -> PathBuf {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let built = outer::without_outer(&mut command).args(arguments).current_dir(folder).status();
    assert!(built.is_ok_and(|status| status.success()), "cargo {arguments:?} failed");
    let target = if folder == Path::new(root()) { target() } else { target().join(name) };
    target.join("release").join(name)
}

/// Returns the static build; `None` where the standard library for it is not installed.
fn static_build() -> Option<PathBuf> {
    let target = musl();
    let library = first_line(Command::new("rustc").args(["--print", "target-libdir", "--target", &target]));
    if !Path::new(&library).exists() {
        return None;
    }
    let package = ["build", "--release", "--locked", "-p", "aws-start-copy-job", "--target", &target];
    let built = cargo(Path::new(root()), &package, "aws");
    let own = built.parent().and_then(Path::parent).expect("a target folder").join(&target);
    Some(own.join("release/aws"))
}

/// Returns the Python that v1 was recorded with, where it is installed.
fn python() -> &'static str {
    let known = first_line(Command::new("python3.11").arg("--version"));
    if known.starts_with("Python 3.11.") { "python3.11" } else { "python3" }
}

/// The program with the SDK's default client.
fn sdk_default(target: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sdk-default");
    let own = target.join("sdk-default");
    let own = own.to_string_lossy();
    cargo(&folder, &["build", "--release", "--locked", "--target-dir", &own], "sdk-default")
}

/// The C program that only talks; `None` where no C compiler is installed.
fn floor() -> Option<PathBuf> {
    let program = target().join("bench-floor");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/floor.c");
    let built = Command::new("cc").args(["-O2", "-o"]).arg(&program).arg(source).status();
    built.is_ok_and(|status| status.success()).then_some(program)
}

/// A virtual environment with what pip is told to install; gives its folder of programs.
fn venv(folder: &Path, what: &[&str]) -> PathBuf {
    let programs = folder.join("bin");
    if !programs.join("pip").exists() {
        run(Command::new(python()).args(["-m", "venv"]).arg(folder));
    }
    let pip = programs.join("pip");
    run(Command::new(pip).args(["install", "--quiet", "--disable-pip-version-check"]).args(what));
    programs
}

/// Runs a command that must succeed.
fn run(command: &mut Command) {
    assert!(command.status().is_ok_and(|status| status.success()), "{command:?} failed");
}

/// v1's own bundle of roots, or nothing where v1 is not installed.
fn full_bundle(v1: &Path) -> String {
    let Some(venv) = v1.parent().and_then(Path::parent) else { return String::new() };
    let found = first_line(Command::new("find").arg("-L").arg(venv).args(["-name", "cacert.pem"]));
    fs::read_to_string(found).unwrap_or_default()
}

/// A home with the profiles `bench` and `role`.
fn fill(home: &Path) {
    let aws = home.join(".aws");
    fs::create_dir_all(aws.join("cli/cache")).expect("a home");
    let config = "[profile bench]\nregion = us-east-1\n\n[profile role]\nregion = us-east-1\n\
                  role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = bench\n";
    let keys = "[bench]\naws_access_key_id = AKIDEXAMPLE\n\
                aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n";
    let role = r#"{"Credentials": {"AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "secret", "SessionToken": "token", "Expiration": "2099-01-01T00:00:00Z"}}"#;
    let cached = aws.join("cli/cache/6dc9e6e1e186b9f293814df3266de783142c48a2.json"); // CRED-24's example
    for (path, content) in [(aws.join("config"), config), (aws.join("credentials"), keys), (cached, role)] {
        fs::write(path, content).expect("a file of the home");
    }
}

/// nginx with the responses on three ports (http, https, https that closes), where it is installed.
fn nginx(scratch: &Path) -> Option<(Servers, [u16; 3])> {
    let free = || TcpListener::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr());
    let [http, https, closing] = [free().ok()?.port(), free().ok()?.port(), free().ok()?.port()];
    let folder = scratch.display();
    fs::write(scratch.join("server.pem"), tls::certificate_pem(Certificate::good())).ok()?;
    fs::write(scratch.join("server.key"), tls::key_pem(Certificate::good())).ok()?;
    let location =
        |path, body| format!("location {path} {{ default_type application/json; return 200 '{body}'; }}");
    let responses = location("/", RESPONSE) + &location("/copy-jobs/", JOB);
    let certificate =
        format!("ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;");
    let config = format!(
        "daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n\
         http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/p; \
         fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n\
         keepalive_requests 100000;\n\
         server {{ listen 127.0.0.1:{http}; {responses} }}\n\
         server {{ listen 127.0.0.1:{https} ssl; {certificate} {responses} }}\n\
         server {{ listen 127.0.0.1:{closing} ssl; keepalive_timeout 0; {certificate} {responses} }} }}\n"
    );
    let file = scratch.join("nginx.conf");
    fs::write(&file, config).ok()?;
    let child = Command::new("nginx")
        .args(["-e", "stderr", "-c"])
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let servers = Servers::Nginx(child);
    let patience = Instant::now() + Duration::from_secs(5);
    while Instant::now() < patience {
        if std::net::TcpStream::connect(("127.0.0.1", https)).is_ok() {
            return Some((servers, [http, https, closing]));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    None
}

/// Our own endpoint's scripted server, where nginx is not installed.
fn own_endpoint() -> (Servers, [u16; 3]) {
    let start = |certificate, is_closing: bool| {
        let close = |mut reply: Reply| {
            reply.headers.extend(is_closing.then(|| ("Connection".to_owned(), "close".to_owned())));
            reply
        };
        let polls = Match { method: Some("GET".to_owned()), ..Match::default() };
        let rules = vec![
            (polls, close(Reply::text(200, JOB))),
            (Match::default(), close(Reply::text(200, RESPONSE))),
        ];
        let service = Arc::new(Script::new(rules, Vec::new()));
        Server::start(Setup { certificate, service }).expect("a server on loopback")
    };
    let good = || Some(Certificate::good());
    let servers = [start(None, false), start(good(), false), start(good(), true)];
    let ports = [servers[0].port(), servers[1].port(), servers[2].port()];
    (Servers::Endpoint { _servers: servers }, ports)
}
