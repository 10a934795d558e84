//! One command, run once, and what it cost: the operating system's own accounting of a single child.
//!
//! The accounting covers all children of a process together, so the driver starts itself again for each run
//! (`--measure COMMAND..`) and reads the figures from that short-lived process.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::contenders::Run;

/// What one run cost.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// From start to exit, in seconds.
    pub wall: f64,
    /// User and system time, in seconds.
    pub cpu: f64,
    /// Peak resident memory, in KiB.
    pub peak: f64,
    /// Pages that were touched first, without reading from a disk.
    pub faults: f64,
}

/// Runs `run` once in a measuring process of its own.
///
/// # Panics
/// When the command exits with another code than it should: a wrong response is not timed.
pub fn sample(run: &Run) -> Sample {
    let driver = std::env::current_exe().expect("the driver knows its own path");
    let mut command = Command::new(driver);
    command.arg("--measure").arg(run.exit.to_string()).args(&run.words);
    let output = run.apply(&mut command).stdin(Stdio::null()).output().expect("the driver starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let figures: Vec<f64> = text.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    let [wall, cpu, peak, faults] = figures[..] else {
        panic!("{:?} could not be measured: {text} {}", run.words, String::from_utf8_lossy(&output.stderr))
    };
    Sample { wall, cpu, peak, faults }
}

/// The measuring process: `EXIT-CODE COMMAND..`; prints wall, CPU, peak memory and page faults.
pub fn main(words: &[String]) {
    let (exit, words) = words.split_first().expect("an exit code");
    let (program, arguments) = words.split_first().expect("a command");
    let start = Instant::now();
    let output = Command::new(program).args(arguments).output().expect("the command starts");
    let wall = start.elapsed().as_secs_f64();
    if output.status.code().map(|code| code.to_string()).as_ref() != Some(exit) {
        eprintln!("{} {}", output.status, String::from_utf8_lossy(&output.stderr));
        return;
    }
    let [cpu, peak, faults] = children();
    println!("{wall} {cpu} {peak} {faults}");
}

/// CPU seconds, peak memory in KiB and page faults of the children so far.
#[cfg(unix)]
fn children() -> [f64; 3] {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::{TimeVal, TimeValLike};
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the children's accounting");
    let seconds = |time: TimeVal| time.num_microseconds() as f64 / 1e6;
    let cpu = seconds(usage.user_time()) + seconds(usage.system_time());
    [cpu, usage.max_rss() as f64, usage.minor_page_faults() as f64]
}

/// Not asked for on this system.
#[cfg(not(unix))]
fn children() -> [f64; 3] {
    [f64::NAN; 3]
}

/// Instructions that `run` executes, counted by callgrind; `None` where valgrind is not installed.
pub fn instructions(run: &Run) -> Option<u64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).args(&run.words);
    let output = run.apply(&mut command).stdin(Stdio::null()).output().ok()?;
    let report = String::from_utf8_lossy(&output.stderr);
    let (_, collected) = report.split_once("Collected : ")?;
    collected.split_whitespace().next()?.parse().ok()
}

/// System calls of `run`, counted by strace; `None` where it is not installed.
pub fn system_calls(run: &Run) -> Option<u64> {
    let mut command = Command::new("strace");
    command.args(["-f", "-c"]).args(&run.words);
    let output = run.apply(&mut command).stdin(Stdio::null()).output().ok()?;
    let report = String::from_utf8_lossy(&output.stderr);
    let total = report.lines().rfind(|line| line.ends_with(" total"))?;
    total.split_whitespace().nth(3)?.parse().ok()
}

/// The middle value of `values`.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

/// The values a quarter from each end of `values`, which are sorted.
pub fn quartiles(values: &[f64]) -> (f64, f64) {
    (values[values.len() / 4], values[values.len() - 1 - values.len() / 4])
}
