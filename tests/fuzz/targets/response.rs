//! Arbitrary bytes as the response of a server: what is read is the same in pieces of any size, and an error code can be
//! looked for in it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startcopy::fuzzing::{ServiceError, read_response};

fuzz_target!(|data: &[u8]| {
    let whole = read_response(data, usize::MAX);
    for piece in [1, 7] {
        assert_eq!(read_response(data, piece), whole);
    }
    if let Ok((response, _)) = whole {
        assert!((200..=999).contains(&response.status) && response.body.len() <= data.len());
        let _ = ServiceError::read(&response);
    }
});
