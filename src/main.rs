//! The process: names the real streams and the real environment, runs, reports.

use std::process::ExitCode;

use startcopy::{Host, Streams};

/// The static build's allocator: musl's own returns each page to the kernel, to request it once more.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    let host = Host::from_process();
    let mut streams = Streams::of_process();
    let ending = startcopy::run(&host, &mut streams);
    startcopy::report(ending, &mut streams)
}
