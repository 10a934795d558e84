//! `cargo run --example demo`: the real binary against a local AWS Backup, each command as a person types it.
//!
//! With `-- --serve` the endpoint stays, so that one can type commands of one's own.
#![allow(clippy::print_stdout, reason = "it talks to a person")]

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use endpoint::backup::{ACCOUNT, Backup};
use endpoint::{Server, Setup};

#[path = "../binary.rs"]
mod binary;

use binary::Binary;

/// Region of the endpoint.
const REGION: &str = "us-east-1";
/// The only access key that the endpoint knows; the example of AWS's own documentation.
const KEY: (&str, &str) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

/// What is shown: a heading, the vault copied from, further words.
const SCENES: &[(&str, &str, &[&str])] = &[
    ("A copy job", "primary", &[]),
    ("Only its id, as text", "primary", &["--output", "text", "--query", "CopyJobId"]),
    (
        "A table, and a token of our own",
        "primary",
        &["--output", "table", "--idempotency-token", "nightly-1"],
    ),
    (
        "The same token again: the same job",
        "primary",
        &["--output", "table", "--idempotency-token", "nightly-1"],
    ),
    ("A vault that does not exist", "nowhere", &[]),
];

fn main() -> Result<(), Box<dyn Error>> {
    let binary = Binary::copied(None)?;
    let aws = binary.path();
    let backup = Arc::new(Backup::furnished(REGION, KEY.0, KEY.1));
    let server = Server::start(Setup { certificate: None, service: Arc::<Backup>::clone(&backup) })?;
    let url = format!("http://127.0.0.1:{}", server.port());
    println!("# A local AWS Backup listens on {url}; it checks signatures and honours idempotency tokens.");
    let environment = [
        ("AWS_ACCESS_KEY_ID", KEY.0),
        ("AWS_SECRET_ACCESS_KEY", KEY.1),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ENDPOINT_URL_BACKUP", &url),
    ];
    for (name, value) in environment {
        println!("$ export {name}={value}");
    }
    for (heading, vault, further) in SCENES {
        println!("\n# {heading}");
        show(&aws, &environment, &words(vault, further))?;
    }
    println!("\n# {} calls, {} jobs", server.count(), backup.job_ids().len());
    if std::env::args().any(|word| word == "--serve") {
        println!("# The endpoint stays until Ctrl-C; the command is {}", aws.display());
        loop {
            std::thread::park();
        }
    }
    Ok(())
}

/// The words of one command: the four required options, then `further`.
fn words(vault: &str, further: &[&str]) -> Vec<String> {
    let required = [
        ("--recovery-point-arn", format!("arn:aws:ec2:{REGION}::snapshot/snap-0123456789abcdef0")),
        ("--source-backup-vault-name", vault.to_owned()),
        (
            "--destination-backup-vault-arn",
            format!("arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:secondary"),
        ),
        ("--iam-role-arn", format!("arn:aws:iam::{ACCOUNT}:role/copy")),
    ];
    let mut words = vec!["backup".to_owned(), "start-copy-job".to_owned()];
    words.extend(required.into_iter().flat_map(|(name, value)| [name.to_owned(), value]));
    words.extend(further.iter().map(|&word| word.to_owned()));
    words
}

/// Prints a command line, its output as it comes, and its exit code.
fn show(aws: &Path, environment: &[(&str, &str)], words: &[String]) -> Result<(), Box<dyn Error>> {
    println!("$ aws {}", words.join(" ").replace(" --", " \\\n      --"));
    let mut command = Command::new(aws);
    command.args(words).env_clear().envs(environment.iter().copied());
    command.env("HOME", "/nonexistent").env("PATH", "/usr/bin:/bin").stderr(Stdio::piped());
    let output = command.output()?;
    print!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("# exit code {}", output.status.code().unwrap_or(-1));
    Ok(())
}
