//! `cargo run --release --example soak -- [RUNS [SEED]]`: thousands of calls against an endpoint that fails at random.
//!
//! Every run must end in time, with the exit code that its last answer deserves, without a panic, with one
//! idempotency token over all attempts and so at most one job, and print a job id only where that job exists.
#![allow(
    clippy::print_stdout,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test program: it talks to a person and ends at the first thing that is wrong with itself"
)]

mod attempt;
mod fault;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use attempt::{Finding, Worker};

/// Calls at the same time.
const WORKERS: usize = 12;

/// What all workers came to.
#[derive(Default)]
struct Sum {
    findings: Vec<Finding>,
    /// Name of a fault, or of an ending -> how often.
    counts: BTreeMap<String, usize>,
    longest: Duration,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let runs: usize = words.next().map_or(Ok(10_000), |word| word.parse())?;
    let seed: u64 = words.next().map_or(Ok(1), |word| word.parse())?;
    let aws = build_aws()?;
    println!("{runs} runs of {}, seed {seed}, {WORKERS} at a time", aws.display());
    let folder = std::env::temp_dir().join(format!("soak-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let started = Instant::now();
    let (next, sum) = (AtomicUsize::new(0), Mutex::new(Sum::default()));
    std::thread::scope(|scope| {
        for number in 0..WORKERS {
            let (aws, folder, next, sum) = (&aws, &folder, &next, &sum);
            scope.spawn(move || work(number, seed, aws, folder, next, runs, sum));
        }
    });
    std::fs::remove_dir_all(&folder)?;
    let sum = sum.into_inner()?;
    for (name, count) in &sum.counts {
        println!("{count:>7}  {name}");
    }
    for finding in &sum.findings {
        println!("\nWRONG in run {}: {}\n{}", finding.run, finding.what, finding.story);
    }
    let (took, longest) = (started.elapsed().as_secs_f64(), sum.longest.as_secs_f64());
    println!("{} of {runs} runs wrong; {took:.0} s, the longest run {longest:.2} s", sum.findings.len());
    Ok(if sum.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Takes runs until none is left.
#[expect(clippy::too_many_arguments, reason = "the body of a thread")]
fn work(
    number: usize,
    seed: u64,
    aws: &Path,
    folder: &Path,
    next: &AtomicUsize,
    runs: usize,
    sum: &Mutex<Sum>,
) {
    let mut worker = Worker::new(number, seed, aws, folder);
    loop {
        let run = next.fetch_add(1, Ordering::Relaxed);
        if run >= runs {
            return;
        }
        let (names, took, finding) = worker.run(run);
        let Ok(mut sum) = sum.lock() else { return };
        for name in names {
            *sum.counts.entry(name).or_default() += 1;
        }
        sum.longest = sum.longest.max(took);
        sum.findings.extend(finding);
    }
}

/// The binary `aws` of the same profile as this example, built anew by cargo.
fn build_aws() -> Result<PathBuf, Box<dyn Error>> {
    let example = std::env::current_exe()?;
    let folder = example.parent().and_then(Path::parent).ok_or("an example stands in `examples`")?;
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.args(["build", "--quiet", "--bin", "aws"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    if folder.ends_with("release") {
        build.arg("--release");
    }
    if !build.status()?.success() {
        return Err("`cargo build --bin aws` failed".into());
    }
    Ok(folder.join("aws"))
}
