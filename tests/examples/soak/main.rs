//! `cargo run --release --example soak -- [RUNS [SEED [AWS]]]`: thousands of calls against an endpoint that fails at
//! random. `AWS` is the binary that is run, else the one that cargo builds; either is copied first, so that a build
//! meanwhile changes nothing.
//!
//! Every run must end in time, with the exit code and the words that its last response deserves, without a panic, with
//! the one idempotency token that was given (or made) over all attempts and so at most one job, print a job id only
//! where that job exists, and its secret nowhere.
#![allow(
    clippy::print_stdout,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test program: it talks to a person and ends at the first thing that is wrong with itself"
)]

mod attempt;
#[path = "../../common/binary.rs"]
mod binary;
mod fault;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use attempt::{Finding, Worker};
use binary::Binary;

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
    let given = words.next();
    let binary = Binary::copied(given.as_deref().map(Path::new))?;
    println!("{runs} runs of {}, seed {seed}, {WORKERS} at a time", given.as_deref().unwrap_or("our build"));
    let aws = binary.path();
    let started = Instant::now();
    let (next, sum) = (AtomicUsize::new(0), Mutex::new(Sum::default()));
    std::thread::scope(|scope| {
        for number in 0..WORKERS {
            let (aws, next, sum) = (&aws, &next, &sum);
            scope.spawn(move || work(number, seed, aws, next, runs, sum));
        }
    });
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
fn work(number: usize, seed: u64, aws: &Path, next: &AtomicUsize, runs: usize, sum: &Mutex<Sum>) {
    let mut worker = Worker::new(number, seed, aws);
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
