//! Input without end or bottom where credentials come from: a sentence, never an abort or a hang. Real processes.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use endpoint::script::{Match, Script};
use endpoint::{Reply, Server, Setup};

/// Our binary.
const AWS: &str = env!("CARGO_BIN_EXE_aws");
/// Levels of an XML document.
const LEVELS: usize = 200_000;

/// Starts a copy job with the profile `r` of `config`, in a home of its own; STS and Backup say `response`.
fn run(name: &str, config: &str, response: Vec<u8>) -> Output {
    let reply = Reply { body: response, ..Reply::default() };
    let service = Arc::new(Script::new(vec![(Match::default(), reply)], Vec::new()));
    let server = Server::start(Setup { certificate: None, service }).unwrap();
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("depth-{name}"));
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(home.join(".aws")).unwrap();
    fs::write(home.join(".aws/config"), config).unwrap();
    let mut command = Command::new(AWS);
    command.args([
        "backup",
        "start-copy-job",
        "--profile",
        "r",
        "--iam-role-arn",
        "a",
        "--recovery-point-arn",
        "b",
    ]);
    command.args(["--source-backup-vault-name", "primary", "--destination-backup-vault-arn", "c"]);
    command
        .env_clear()
        .env("HOME", &home)
        .env("PATH", "/usr/bin:/bin")
        .env("AWS_DEFAULT_REGION", "us-east-1");
    command
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", server.port()))
        .env("AWS_MAX_ATTEMPTS", "1");
    let output = command.stdin(Stdio::null()).output().unwrap();
    fs::remove_dir_all(home).unwrap();
    output
}

/// Checks that a run ended with `message`.
fn check(output: &Output, message: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), stderr.as_ref()), (Some(255), format!("\n{message}\n").as_str()));
}

/// A chain of that many roles, and the keys at its end.
fn chain(roles: usize) -> String {
    let mut config = String::new();
    for number in 0..roles {
        let name = if number == 0 { "r".to_owned() } else { format!("r{number}") };
        let arn = format!("arn:aws:iam::123456789012:role/r{number}");
        let _ = writeln!(config, "[profile {name}]\nrole_arn = {arn}\nsource_profile = r{}", number + 1);
    }
    let _ = writeln!(config, "[profile r{roles}]\naws_access_key_id = A\naws_secret_access_key = s");
    config
}

/// A response of STS with `inside` in front of the credentials.
fn role(inside: &str) -> Vec<u8> {
    format!(
        "<R><AssumeRoleResult>{inside}<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
         <SessionToken>t</SessionToken><Expiration>2033-05-18T03:33:20Z</Expiration></Credentials></AssumeRoleResult></R>"
    )
    .into_bytes()
}

#[test]
fn chains_of_roles_have_an_end() {
    let message = "The profile \"r\" needs a chain of more than 40 roles";
    for roles in [41, 20_000] {
        check(&run(&format!("chain-{roles}"), &chain(roles), role("")), message);
    }
    // the response serves as that of Backup too, where it is no JSON
    let output = run("chain-40", &chain(40), role(""));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn documents_may_be_deep() {
    let output = run("deep", &chain(1), role(&("<x>".repeat(LEVELS) + &"</x>".repeat(LEVELS))));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = run("deep-cut", &chain(1), role(&"<x>".repeat(LEVELS)));
    assert_eq!(output.status.code(), Some(255));
    assert!(
        String::from_utf8_lossy(&output.stderr).starts_with("\nUnable to parse response ("),
        "{output:?}"
    );
}

#[test]
fn a_program_that_floods_its_output_is_ended() {
    let message = "Error when retrieving credentials from custom-process: the program printed more than 16 mebibytes, \
                   which credentials are not";
    check(&run("flood", "[profile r]\ncredential_process = yes\n", Vec::new()), message);
    let config = "[profile r]\ncredential_process = sh -c \"yes >&2\"\n";
    assert_eq!(run("flood-error", config, Vec::new()).status.code(), Some(255));
}
