//! Arbitrary bytes as the response of a server: what is read is the same in pieces of any size, and an error code can be
//! looked for in it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startcopy::fuzzing::read_response;

fuzz_target!(|data: &[u8]| read_response(data));
