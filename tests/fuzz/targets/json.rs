//! JSON of `--lifecycle`, of `--cli-input-json`, and in the encodings that a file may have.

#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use startcopy::cli::StartCopyJob;
use startcopy::python::json;

fuzz_target!(|data: &[u8]| {
    let typed = common::word(data);
    if !typed.contains("file") {
        common::read(&StartCopyJob { cli_input_json: Some(typed.clone()), ..StartCopyJob::default() });
        common::read(&StartCopyJob { lifecycle: Some(format!("{{{typed}")), ..StartCopyJob::default() });
    }
    let _ = json::decode_bytes(data);
});
