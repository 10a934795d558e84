//! `--lifecycle` with any text that is not JSON.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startcopy::fuzzing::{read_option, word};

fuzz_target!(|data: &[u8]| {
    let lifecycle = word(data);
    if !lifecycle.contains("file") {
        read_option("Lifecycle", lifecycle);
    }
});
