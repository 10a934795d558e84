//! The system's refusals in Python's words.

use std::io;

use crate::python::repr;

/// `[Errno 13] Permission denied: '/x'`.
///
/// v1: `str(OSError)`. Parity: CRED-28, CRED-52, CRED-71.
pub(super) fn refusal(error: &io::Error, path: &str) -> String {
    let text = error.to_string();
    match error.raw_os_error() {
        None => text,
        Some(number) => {
            let words = text.split(" (os error ").next().unwrap_or_default();
            format!("[Errno {number}] {words}: {}", repr::string(path))
        }
    }
}
