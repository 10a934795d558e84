//! `file://..`, `fileb://..`, `http://..`: the value of an option that is somewhere else.
//!
//! Mirrors `awscli/paramfile.py`; what is behind a URL is read in `url`.

use std::io;

use super::{Loader, url};
use crate::error::{Error, failure};
use crate::host::{self, Host};
use crate::python::{Value, codec, oserror, repr};
use crate::runtime;

/// The system's number for a directory that is read as a file; the same on Linux and macOS.
const IS_A_DIRECTORY: i32 = 21;

/// Loads what `typed` points to, in a file or behind a URL; returns `None` when it is a value itself.
/// Errors: `Failure` with the reason in v1's words, or `Interrupted`.
/// v1: `get_paramfile` with all prefixes. Parity: VAL-03, VAL-09, VAL-11.
pub(super) fn load(typed: &str, loader: &Loader) -> Result<Option<Value>, Error> {
    if loader.follow_urls && (typed.starts_with("http://") || typed.starts_with("https://")) {
        return url::load(typed, (loader.fetch)(typed, loader.host)).map(Some);
    }
    local(typed, loader.host)
}

/// Loads what `typed` points to in a file; returns `None` when it does not begin with `file://` or `fileb://`.
/// Errors: `Failure` with the reason in v1's words, or `Interrupted`.
/// v1: `get_paramfile` with `LOCAL_PREFIX_MAP`. Parity: VAL-01 to VAL-05, VAL-07, VAL-21.
pub(super) fn local(typed: &str, host: &Host) -> Result<Option<Value>, Error> {
    if let Some(name) = typed.strip_prefix("file://") {
        let name = expand(name, host);
        let bytes = read(&name, host).map_err(|error| unreadable(typed, error))?;
        let Some(text) = text(&bytes, host) else {
            return Err(failure!(
                "Unable to load paramfile ({name}), text contents could not be decoded.  If this is a binary file, \
                 please use the fileb:// prefix instead of the file:// prefix."
            ));
        };
        return Ok(Some(Value::Str(text)));
    }
    let Some(name) = typed.strip_prefix("fileb://") else { return Ok(None) };
    let bytes = read(&expand(name, host), host).map_err(|error| unreadable(typed, error))?;
    Ok(Some(Value::Bytes(bytes)))
}

/// Returns `name` with the home directory and then the variables put in.
/// Parity: VAL-02.
fn expand(name: &str, host: &Host) -> String {
    host.expand_variables(&host.expand_user(name))
}

/// Returns v1's words for a file that cannot be read.
fn unreadable(typed: &str, error: Error) -> Error {
    error.with_message(|problem| format!("Unable to load paramfile {typed}: {problem}"))
}

/// Reads the content of a file.
/// Errors: `Failure` with the text of Python's `OSError`, or `Interrupted`.
/// Parity: VAL-04.
fn read(name: &str, host: &Host) -> Result<Vec<u8>, Error> {
    let with_name = |error: &io::Error| failure!("{}: {}", oserror::text(error), repr::string(name));
    let file = runtime::open(&host::path(name)).map_err(|error| with_name(&error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(with_name(&io::Error::from_raw_os_error(IS_A_DIRECTORY)));
    }
    host.runtime.read_to_end(file)
}

/// Returns `bytes` as the text of a file: every line ends in `\n`; `None` when they are no text.
/// v1: `open(name, 'r')` in the encoding of the locale. Parity: VAL-01, VAL-05, VAL-06.
fn text(bytes: &[u8], host: &Host) -> Option<String> {
    if !bytes.is_ascii() && is_ascii_only(host) {
        return None;
    }
    let text = codec::utf8(bytes).ok()?;
    Some(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Returns true where v1 reads files as ASCII: Python's UTF-8 mode switched off in a locale that is not UTF-8 itself.
/// v1: `locale.getpreferredencoding`. Parity: VAL-06.
fn is_ascii_only(host: &Host) -> bool {
    if host.env("PYTHONUTF8") != Some("0") {
        return false;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| host.env_filled(name)).unwrap_or("C");
    let named_utf8 = locale.to_ascii_lowercase().replace('-', "").ends_with("utf8");
    let coerced = host.env_filled("LC_ALL").is_none() && host.env("PYTHONCOERCECLOCALE") != Some("0");
    !named_utf8 && !coerced
}
