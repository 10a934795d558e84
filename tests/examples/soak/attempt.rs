//! One call: the command, and the judgement of how it ended.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use endpoint::backup::{ACCOUNT, Backup};
use endpoint::tls::{Certificate, ca_pem};
use endpoint::{Server, Setup};

use crate::fault::{Attempt, Class, Faulty, Random};

/// Region of the endpoint.
const REGION: &str = "us-east-1";
/// Its secret, which no output may show.
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG";
/// Attempts of a call.
const ATTEMPTS: usize = 3;
/// Each attempt may take 1 s to read (and 1 s in the handshake), each pause at most 1 + 2 s, and the machine is busy.
const LONGEST: Duration = Duration::from_secs(20);

/// Something that must not be.
pub struct Finding {
    /// Number of the run.
    pub run: usize,
    /// What is wrong.
    pub what: String,
    /// What was sent back and what was printed.
    pub story: String,
}

/// A thread's own endpoint.
pub struct Worker {
    aws: PathBuf,
    ca: PathBuf,
    server: Server,
    service: Arc<Faulty>,
    random: Random,
}

impl Worker {
    /// Starts the endpoint of a thread; every other one speaks TLS.
    pub fn new(number: usize, seed: u64, aws: &Path) -> Self {
        let mut random = Random(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
        let backup = Arc::new(Backup::furnished(REGION, "AKIDEXAMPLE", SECRET));
        let service = Arc::new(Faulty::new(backup, Random(random.below(u64::MAX))));
        let certificate = (number % 2 == 1).then(Certificate::good);
        let server = Server::start(Setup { certificate, service: Arc::<Faulty>::clone(&service) });
        let server = server.unwrap_or_else(|error| panic!("the endpoint cannot be started: {error}"));
        let ca = aws.with_file_name(format!("ca-{number}.pem"));
        std::fs::write(&ca, ca_pem()).unwrap_or_else(|error| panic!("{}: {error}", ca.display()));
        Self { aws: aws.to_owned(), ca, server, service, random }
    }

    /// One call; gives what happened, how long it took, and what is wrong.
    pub fn run(&mut self, run: usize) -> (Vec<String>, Duration, Option<Finding>) {
        let known = self.service.backup.job_ids().len();
        let started = Instant::now();
        let token = (self.random.below(2) == 0).then(|| format!("run-{run}"));
        let output = self.call(token.as_deref());
        let took = started.elapsed();
        let attempts = self.service.take_attempts();
        let mut names: Vec<String> =
            attempts.iter().map(|attempt| format!("attempt: {}", attempt.name)).collect();
        let Some(output) = output else {
            let what = format!("still running after {LONGEST:?}");
            return (names, took, Some(Finding { run, what, story: story(&attempts, None) }));
        };
        names.push(format!("run: {}, {} attempts", output.status, attempts.len()));
        let what = self.judge(&attempts, &output, known, token.as_deref());
        let story = || story(&attempts, Some(&output));
        (names, took, what.err().map(|what| Finding { run, what, story: story() }))
    }

    /// Starts the command and waits for its end; `None` when it had to be killed.
    fn call(&mut self, token: Option<&str>) -> Option<Output> {
        let mut command = Command::new(&self.aws);
        command.args([
            "backup",
            "start-copy-job",
            "--source-backup-vault-name",
            "primary",
            "--output",
            "text",
        ]);
        command.args(["--query", "CopyJobId", "--cli-read-timeout", "1", "--cli-connect-timeout", "1"]);
        command.arg(format!("--recovery-point-arn=arn:aws:ec2:{REGION}::snapshot/snap-0123456789abcdef0"));
        command.arg(format!(
            "--destination-backup-vault-arn=arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:secondary"
        ));
        command.arg(format!("--iam-role-arn=arn:aws:iam::{ACCOUNT}:role/copy"));
        command.args(token.map(|token| format!("--idempotency-token={token}")));
        let mode = if self.random.below(8) == 0 { "legacy" } else { "standard" };
        command.env_clear().envs([("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", SECRET)]);
        command.envs([("AWS_DEFAULT_REGION", REGION), ("HOME", "/nonexistent"), ("PATH", "/usr/bin:/bin")]);
        command.envs([("AWS_RETRY_MODE", mode), ("AWS_NEW_RETRIES_2026", "true"), ("AWS_MAX_ATTEMPTS", "3")]);
        command.env("AWS_CA_BUNDLE", &self.ca).env("AWS_EC2_METADATA_DISABLED", "true");
        command
            .env("AWS_ENDPOINT_URL", format!("{}://127.0.0.1:{}", self.server.scheme(), self.server.port()));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", self.aws.display()));
        let until = Instant::now() + LONGEST;
        while child.try_wait().ok().flatten().is_none() {
            if Instant::now() > until {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        child.wait_with_output().ok()
    }

    /// The rules that every run must keep; `Err` tells the first that it broke.
    fn judge(
        &self,
        attempts: &[Attempt],
        output: &Output,
        known: usize,
        token: Option<&str>,
    ) -> Result<(), String> {
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        if stderr.contains("panicked") || output.status.code().is_none() {
            return Err("it panicked or was killed".to_owned());
        }
        if stdout.contains(SECRET) || stderr.contains(SECRET) {
            return Err("it showed the secret".to_owned());
        }
        let last = attempts.last().ok_or("nothing reached the endpoint")?;
        judge_tokens(attempts, token)?;
        let jobs = self.service.backup.job_ids();
        if jobs.len() > known + 1 {
            return Err(format!("{} jobs for one run", jobs.len() - known));
        }
        let earlier = &attempts[..attempts.len() - 1];
        if earlier.iter().any(|attempt| !matches!(attempt.class, Class::Again | Class::Resent)) {
            return Err("it tried again after a final response".to_owned());
        }
        let counted = attempts.iter().filter(|attempt| attempt.class != Class::Resent).count();
        if (last.class == Class::Again && counted != ATTEMPTS) || last.class == Class::Resent {
            return Err(format!("it gave up after {counted} attempts"));
        }
        let job = stdout.trim_end();
        let printed = jobs.get(known).is_some_and(|id| id == job);
        let said = stderr.trim_start().starts_with(last.words);
        match (last.class, output.status.code()) {
            (Class::Success, Some(0)) if printed => Ok(()),
            (Class::Success, _) => Err("a success must print its job and exit with 0".to_owned()),
            (Class::Silent, Some(0)) if job == "None" && !stderr.is_empty() => Ok(()),
            (Class::Silent, _) => {
                Err("a response without a job must print None, warn, and exit with 0".to_owned())
            }
            (_, Some(255)) if stdout.is_empty() && said && !stderr.is_empty() => Ok(()),
            (_, _) => Err(format!("a failure must exit with 255 and say {:?} on stderr alone", last.words)),
        }
    }
}

/// All attempts must carry the same token, which is the one that was given.
fn judge_tokens(attempts: &[Attempt], given: Option<&str>) -> Result<(), String> {
    let tokens: BTreeSet<&str> = attempts.iter().filter_map(|attempt| attempt.token.as_deref()).collect();
    let good = |token: &str| given.map_or(token != "none", |given| token == given);
    if tokens.len() <= 1 && tokens.iter().all(|token| good(token)) {
        return Ok(());
    }
    Err(format!("not one idempotency token, or not the one that was given: {tokens:?}"))
}

/// What was sent back and what was printed.
fn story(attempts: &[Attempt], output: Option<&Output>) -> String {
    let mut story = String::new();
    for attempt in attempts {
        let _ = writeln!(story, "  attempt: {} (token {:?})", attempt.name, attempt.token);
    }
    if let Some(output) = output {
        let _ = writeln!(story, "  {}", output.status);
        let _ = writeln!(story, "  stdout: {:?}", String::from_utf8_lossy(&output.stdout));
        let _ = writeln!(story, "  stderr: {:?}", String::from_utf8_lossy(&output.stderr));
    }
    story
}
