//! Names of files and URLs, for text, bytes and after `@=`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startcopy::fuzzing::{read_option, word};

fuzz_target!(|data: &[u8]| {
    let name = word(data);
    // Devices have no end, and /proc is nobody's file.
    if name.contains("dev") || name.contains("proc") {
        return;
    }
    for prefix in ["file://", "fileb://", "http://", "https://"] {
        let typed = format!("{prefix}{name}");
        read_option("IdempotencyToken", typed.clone());
        read_option("cli-input-json", typed.clone());
        read_option("Lifecycle", format!("DeleteAfterEvent@=\"{typed}\""));
    }
});
