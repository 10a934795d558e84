//! Names of files and URLs, for text, bytes and after `@=`.

#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use startcopy::cli::StartCopyJob;

fuzz_target!(|data: &[u8]| {
    let name = common::word(data);
    // Devices have no end, and /proc is nobody's file.
    if name.contains("dev") || name.contains("proc") {
        return;
    }
    for prefix in ["file://", "fileb://", "http://", "https://"] {
        let typed = format!("{prefix}{name}");
        common::read(&StartCopyJob { idempotency_token: Some(typed.clone()), ..StartCopyJob::default() });
        common::read(&StartCopyJob { cli_input_json: Some(typed.clone()), ..StartCopyJob::default() });
        let lifecycle = Some(format!("DeleteAfterEvent@=\"{typed}\""));
        common::read(&StartCopyJob { lifecycle, ..StartCopyJob::default() });
    }
});
