//! `cargo run --example demo`: the real binary against a local AWS Backup, each command as a person types it.
//!
//! With `-- --serve` the endpoint stays until Ctrl-C, and the lines to paste into another terminal are printed.

use std::error::Error;
use std::io::{Write, stdout};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use endpoint::backup::{ACCOUNT, Backup};
use endpoint::job::JobState;
use endpoint::{Server, Setup};

#[path = "../../common/binary.rs"]
mod binary;

use binary::Binary;

/// Region of the endpoint.
const REGION: &str = "us-east-1";
/// The only access key that the endpoint knows; the example of AWS's own documentation.
const KEY: (&str, &str) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// The recovery point whose copy succeeds, and one whose copy fails.
const POINTS: [&str; 2] = ["snap-0123456789abcdef0", "snap-0fedcba9876543210"];
/// Why that fails.
const FAILURE: &str = "The vault's key does not allow this copy.";

/// One command: what it shows, its words behind `aws backup`. `{start:POINT}` stands for the four required options
/// (`{start:POINT, VAULT}` with another vault),
/// `$JOB` for the id that the last start printed.
const SCENES: &[(&str, &str)] = &[
    ("Start a copy job", "{start:0} --idempotency-token nightly-1 --query CopyJobId --output text"),
    ("Wait for it", "wait copy-job-completed --copy-job-id $JOB --delay 1"),
    ("Where the copy is", "describe-copy-job --copy-job-id $JOB --query CopyJob.DestinationRecoveryPointArn"),
    ("The same token again: the same job", "{start:0} --idempotency-token nightly-1 --output table"),
    ("A vault that does not exist", "{start:0, nowhere}"),
    ("A copy that fails: start it", "{start:1} --query CopyJobId --output text"),
    ("Wait for that", "wait copy-job-completed --copy-job-id $JOB --delay 1"),
];

/// Why the demonstration is over.
enum End {
    /// All was shown.
    Shown(Result<(), String>),
    /// Ctrl-C.
    Interrupted,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let (sender, ends) = mpsc::channel();
    let interrupted = sender.clone();
    std::thread::spawn(move || interrupted.send(wait_for_interrupt()));
    let binary = Binary::copied(None)?; // removed with its folder when this function ends, by Ctrl-C too
    let aws = binary.path();
    let is_server = std::env::args().any(|word| word == "--serve");
    std::thread::spawn(move || {
        let end = demonstrate(&aws, is_server).map_err(|error| error.to_string());
        sender.send(End::Shown(end))
    });
    match ends.recv()? {
        End::Shown(result) => Ok(result.map(|()| ExitCode::SUCCESS)?),
        End::Interrupted => Ok(ExitCode::from(130)),
    }
}

/// Returns at Ctrl-C; never where it cannot be noticed.
fn wait_for_interrupt() -> End {
    let interrupted = Arc::<AtomicBool>::default();
    let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&interrupted));
    while !interrupted.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(100));
    }
    End::Interrupted
}

/// Shows all commands; as a server it stays then.
fn demonstrate(aws: &Path, is_server: bool) -> Result<(), Box<dyn Error>> {
    let failing = format!("arn:aws:ec2:{REGION}::snapshot/{}", POINTS[1]);
    let states = [JobState::Running, JobState::Failed(FAILURE.to_owned())];
    let backup = Backup::furnished(REGION, KEY.0, KEY.1)
        .with_recovery_point("primary", &failing)
        .with_states_of(&failing, &states);
    let backup = Arc::new(backup);
    let server = Server::start(Setup { certificate: None, service: Arc::<Backup>::clone(&backup) })?;
    let url = format!("http://127.0.0.1:{}", server.port());
    let environment = [
        ("AWS_ACCESS_KEY_ID", KEY.0),
        ("AWS_SECRET_ACCESS_KEY", KEY.1),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ENDPOINT_URL_BACKUP", &url),
    ];
    writeln!(
        stdout(),
        "# A local AWS Backup listens on {url}; it checks signatures and honours idempotency tokens."
    )?;
    let mut job = String::new();
    for (heading, words) in SCENES {
        writeln!(stdout(), "\n# {heading}")?;
        show(aws, &environment, &expanded(words), &mut job)?;
    }
    writeln!(stdout(), "\n# {} requests, {} jobs", server.count(), backup.job_ids().len())?;
    if is_server {
        writeln!(stdout(), "\n# The endpoint stays until Ctrl-C. Paste this into another terminal:")?;
        for (name, value) in environment {
            writeln!(stdout(), "export {name}={value}")?;
        }
        writeln!(stdout(), "export PATH={}:$PATH", aws.parent().unwrap_or(aws).display())?;
        loop {
            std::thread::park();
        }
    }
    Ok(())
}

/// Returns the words of a scene with the required options in place of `{start:POINT}`.
fn expanded(words: &str) -> String {
    let start = |point: &str| {
        format!(
            "start-copy-job --recovery-point-arn arn:aws:ec2:{REGION}::snapshot/{point} \
             --source-backup-vault-name primary \
             --destination-backup-vault-arn arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:secondary \
             --iam-role-arn arn:aws:iam::{ACCOUNT}:role/copy"
        )
    };
    words
        .replace("{start:0}", &start(POINTS[0]))
        .replace("{start:1}", &start(POINTS[1]))
        .replace("{start:0, nowhere}", &start(POINTS[0]).replace(" primary ", " nowhere "))
}

/// Prints a command line, its output, and its exit code; keeps the id of a job where it printed one alone.
fn show(
    aws: &Path,
    environment: &[(&str, &str)],
    words: &str,
    job: &mut String,
) -> Result<(), Box<dyn Error>> {
    let takes_id = words.ends_with("--query CopyJobId --output text");
    let typed = format!("aws backup {words}").replace(" --", " \\\n      --");
    let typed = if takes_id { format!("JOB=$({typed})") } else { typed };
    writeln!(stdout(), "$ {typed}")?;
    let mut command = Command::new(aws);
    command.arg("backup").args(words.split(' ').map(|word| word.replace("$JOB", job)));
    command.env_clear().envs(environment.iter().copied());
    command.env("HOME", "/nonexistent").env("PATH", "/usr/bin:/bin").stderr(Stdio::piped());
    let output = command.output()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    if takes_id {
        printed.trim().clone_into(job);
        writeln!(stdout(), "$ echo $JOB")?;
    }
    write!(stdout(), "{printed}{}", String::from_utf8_lossy(&output.stderr))?;
    writeln!(stdout(), "# exit code {}", output.status.code().unwrap_or(-1))?;
    Ok(())
}
