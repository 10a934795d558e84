//! Faults of the network and limits of the process, met by real processes.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use endpoint::{End, Reply, Request, Server, Service, Setup};

/// The response to a started job.
const SUCCESS: &str = r#"{"CopyJobId":"job-1","CreationDate":1516925490.087,"IsParent":false}"#;
/// The credentials of an instance.
const CREDENTIALS: &str = r#"{"Code":"Success","AccessKeyId":"ASIAIMDS","SecretAccessKey":"imds/secret","Token":"imds-token","Expiration":"2033-05-18T03:33:20Z"}"#;

/// Replies by a function.
struct By<F>(F);

impl<F: Fn(&Request) -> Reply + Send + Sync> Service for By<F> {
    fn respond(&self, request: &Request) -> Reply {
        (self.0)(request)
    }
}

/// A server that replies so.
fn server(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(Setup { certificate: None, service: Arc::new(By(reply)) }).unwrap()
}

/// A folder without files.
fn home() -> PathBuf {
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("limits-home");
    std::fs::create_dir_all(&home).unwrap();
    home
}

/// `aws backup start-copy-job` against `url`, started by a shell behind `limit`, e.g. `ulimit -n 5`.
fn command(url: &str, limit: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &format!("{limit}\nexec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_aws")]);
    command.args(["backup", "start-copy-job", "--endpoint-url", url, "--region", "us-east-1"]);
    command.args(["--recovery-point-arn", "r", "--source-backup-vault-name", "vault"]);
    command.args(["--destination-backup-vault-arn", "d", "--iam-role-arn", "i"]);
    command.args(["--output", "text", "--query", "CopyJobId"]);
    command.env_clear().env("HOME", home()).env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "secret");
    command
}

/// Checks that the job was started and printed.
#[track_caller]
fn assert_started(output: &Output, what: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{what}: {stderr}");
    assert_eq!(
        (String::from_utf8_lossy(&output.stdout).as_ref(), stderr.as_ref()),
        ("job-1\n", ""),
        "{what}"
    );
}

#[test]
fn a_server_that_closes_in_silence_fails_no_call() {
    let service = server(|_| Reply { end: End::Close, ..Reply::text(200, SUCCESS) });
    let instance = server(|request| {
        let body = match request.target.as_str() {
            "/latest/api/token" => "token",
            "/latest/meta-data/iam/security-credentials/" => "role",
            _ => CREDENTIALS,
        };
        Reply { end: End::Close, ..Reply::text(200, body) }
    });
    let mut command = command(&format!("http://127.0.0.1:{}", service.port()), "");
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    command.env("AWS_EC2_METADATA_DISABLED", "false").env("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "1");
    let url = format!("http://127.0.0.1:{}", instance.port());
    command.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", url);
    for call in 1..=100 {
        assert_started(&command.output().unwrap(), &format!("call {call}"));
    }
    assert_eq!((instance.count(), service.count()), (300, 100));
}

#[test]
fn few_descriptors_are_enough() {
    let service = server(|_| Reply::text(200, SUCCESS));
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("http://{host}:{}", service.port());
        for limit in 5..20 {
            let output = command(&url, &format!("ulimit -n {limit}")).output().unwrap();
            assert_started(&output, &format!("{host} with {limit} descriptors"));
        }
    }
}

#[test]
fn a_name_is_looked_up_without_a_thread() {
    let threads = Arc::new(Mutex::new(Vec::new()));
    let (noted, process) = (Arc::clone(&threads), Arc::new(Mutex::new(0)));
    let child = Arc::clone(&process);
    let service = server(move |_| {
        let tasks = format!("/proc/{}/task", child.lock().unwrap());
        noted.lock().unwrap().push(std::fs::read_dir(tasks).unwrap().count());
        Reply::text(200, SUCCESS)
    });
    let mut command = command(&format!("http://localhost:{}", service.port()), "");
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let output = {
        let mut process = process.lock().unwrap();
        let child = command.spawn().unwrap();
        *process = child.id();
        drop(process);
        child.wait_with_output().unwrap()
    };
    assert_started(&output, "localhost");
    assert_eq!(*threads.lock().unwrap(), [1]);
}

#[test]
fn a_huge_response_is_an_error_and_no_abort() {
    for (framing, megabytes) in [("length", 50), ("chunked", 50), ("close", 9)] {
        let service = server(move |_| Reply {
            framing: match framing {
                "length" => endpoint::Framing::Length,
                "chunked" => endpoint::Framing::Chunked(1 << 20),
                _ => endpoint::Framing::UntilClose,
            },
            ..Reply::text(200, &"x".repeat(megabytes << 20))
        });
        let url = format!("http://127.0.0.1:{}", service.port());
        let output = command(&url, "ulimit -v 150000").output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(255), "{framing}: {stderr}");
        assert!(
            stderr.ends_with("the body of the response is longer than 8388608 bytes\n"),
            "{framing}: {stderr}"
        );
        assert_eq!(service.count(), 1, "{framing}");
    }
}
