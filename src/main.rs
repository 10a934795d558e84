//! The process: names the real streams and the real environment, and runs.

use std::process::ExitCode;

use startcopy::{Host, Streams};

/// The static build's allocator: musl's own returns each page to the kernel, to request it once more.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    startcopy::run(&Host::from_process(), &mut Streams::of_process())
}
