//! JSON of `--lifecycle`, of `--cli-input-json`, and in the encodings that a file may have.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startcopy::fuzzing::{read_json, read_option, word};

fuzz_target!(|data: &[u8]| {
    let typed = word(data);
    if !typed.contains("file") {
        read_option("cli-input-json", typed.clone());
        read_option("Lifecycle", format!("{{{typed}"));
    }
    read_json(data);
});
