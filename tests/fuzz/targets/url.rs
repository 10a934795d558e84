//! URLs of endpoints, requests and proxies.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startcopy::fuzzing;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        fuzzing::read_url(text);
    }
});
