//! A refusal of the system, as Python's `OSError` spells it.

use std::io;

/// `[Errno 13] Permission denied`; the text of `error` alone where the system did not raise it.
///
/// v1: `OSError.__str__`, without the file name.
pub fn text(error: &io::Error) -> String {
    let text = error.to_string();
    let Some(number) = error.raw_os_error() else {
        return text;
    };
    let words = text.strip_suffix(&format!(" (os error {number})")).unwrap_or(&text);
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
    }
}
