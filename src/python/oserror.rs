//! A refusal of the system, as Python's `OSError` spells it.

use std::io;

use super::repr;

/// Linux's numbers whose words differ between the C libraries: v1 runs on glibc, our static binary on musl.
const GLIBC: [(i32, &str); 9] = [
    (5, "Input/output error"),
    (12, "Cannot allocate memory"),
    (16, "Device or resource busy"),
    (24, "Too many open files"),
    (36, "File name too long"),
    (40, "Too many levels of symbolic links"),
    (110, "Connection timed out"),
    (113, "No route to host"),
    (122, "Disk quota exceeded"),
];

/// Returns the text of an error with a file: `[Errno 13] Permission denied: '/x'`.
/// v1: `str(OSError)`. Parity: CRED-28, CRED-52, CRED-71.
pub(crate) fn with_path(error: &io::Error, path: &str) -> String {
    let text = text(error);
    if error.raw_os_error().is_some() { format!("{text}: {}", repr::string(path)) } else { text }
}

/// Returns `[Errno 13] Permission denied`; the text of `error` alone where the system did not raise it.
/// v1: `OSError.__str__`, without the file name.
pub(crate) fn text(error: &io::Error) -> String {
    let text = error.to_string();
    let Some(number) = error.raw_os_error() else { return text };
    let known = GLIBC.iter().find(|(known, _)| cfg!(target_os = "linux") && *known == number);
    let words = known.map_or_else(|| text.split(" (os error ").next().unwrap_or(&text), |(_, words)| words);
    format!("[Errno {number}] {words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_as_python_does() {
        assert_eq!(text(&io::Error::other("words")), "words");
        #[cfg(unix)]
        assert_eq!(text(&io::Error::from_raw_os_error(13)), "[Errno 13] Permission denied");
        #[cfg(target_os = "linux")]
        for (number, words) in GLIBC {
            assert_eq!(text(&io::Error::from_raw_os_error(number)), format!("[Errno {number}] {words}"));
        }
    }
}
