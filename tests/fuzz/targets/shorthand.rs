//! `--lifecycle` with any text that is not JSON.

#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use startcopy::cli::StartCopyJob;

fuzz_target!(|data: &[u8]| {
    let lifecycle = common::word(data);
    if !lifecycle.contains("file") {
        common::read(&StartCopyJob { lifecycle: Some(lifecycle), ..StartCopyJob::default() });
    }
});
