//! The system's errors in Python's words, and files read as Python reads text.

use std::{fs, io};

use crate::error::{Error, failure};
use crate::host;
use crate::python::{codec, oserror, repr};

/// Returns the text of an error with a file: `[Errno 13] Permission denied: '/x'`.
///
/// v1: `str(OSError)`. Parity: CRED-28, CRED-52, CRED-71.
pub(super) fn refusal(error: &io::Error, path: &str) -> String {
    let text = oserror::text(error);
    if error.raw_os_error().is_some() { format!("{text}: {}", repr::string(path)) } else { text }
}

/// Returns the text of a file, its line ends made `\n`.
///
/// # Errors
/// The system's error; bytes that are not UTF-8.
///
/// v1: `open(path).read()`. Parity: CRED-51, CRED-52, CRED-81.
pub(super) fn read_text(path: &str) -> Result<String, Error> {
    let bytes = fs::read(host::path(path)).map_err(|error| failure!("{}", refusal(&error, path)))?;
    let text = codec::utf8(&bytes).map_err(|error| failure!("{error}"))?;
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}
