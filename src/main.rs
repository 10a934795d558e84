//! The process: names the real streams and the real environment, runs, reports.

use std::process::ExitCode;

use startcopy::{Host, Streams};

fn main() -> ExitCode {
    let host = Host::from_process();
    let mut streams = Streams::of_process();
    let ending = startcopy::run(&host, &mut streams);
    startcopy::report(ending, &mut streams)
}
