//! `file://..`, `fileb://..`, `http://..`: the value of an option that is somewhere else.
//!
//! Mirrors `awscli/paramfile.py`.

use super::Fetch;
use crate::error::{Error, failure};
use crate::host::{self, Host};
use crate::python::{Value, codec, oserror, repr};
use crate::runtime;

/// Loads what `typed` points to, in a file or behind a URL; returns `None` when it is a value itself.
/// Errors: `Failure` with the reason in v1's words, or `Interrupted`.
/// v1: `get_paramfile` with all prefixes. Parity: VAL-03, VAL-09, VAL-11.
pub(super) fn load(typed: &str, fetch: Option<Fetch>, host: &Host) -> Result<Option<Value>, Error> {
    match fetch {
        Some(fetch) if typed.starts_with("http://") || typed.starts_with("https://") => {
            let text = fetch(typed, host).map_err(|error| {
                error.with_message(|reason| format!("Unable to retrieve {typed}: {reason}"))
            })?;
            Ok(Some(Value::Str(text)))
        }
        _ => local(typed, host),
    }
}

/// Loads what `typed` points to in a file; returns `None` when it does not begin with `file://` or `fileb://`. The home
/// directory of a path is expanded before its variables.
/// Errors: `Failure` with the reason in v1's words, or `Interrupted`.
/// v1: `get_paramfile` with `LOCAL_PREFIX_MAP`. Parity: VAL-02, VAL-04, VAL-05.
pub(super) fn local(typed: &str, host: &Host) -> Result<Option<Value>, Error> {
    let text_name = typed.strip_prefix("file://");
    let Some(name) = text_name.or(typed.strip_prefix("fileb://")) else { return Ok(None) };
    let name = host.expand_variables(&host.expand_user(name));
    let file = runtime::open(&host::path(&name)).map_err(|error| failure!("{}", oserror::text(&error)));
    let bytes = file.and_then(|file| host.runtime.read_to_end(file)).map_err(|error| {
        error.with_message(|reason| {
            format!("Unable to load paramfile {typed}: {reason}: {}", repr::string(&name))
        })
    })?;
    if text_name.is_none() {
        return Ok(Some(Value::Bytes(bytes)));
    }
    let text = text(&bytes, host).ok_or_else(|| {
        failure!(
            "Unable to load paramfile ({name}), text contents could not be decoded.  If this is a binary file, \
             please use the fileb:// prefix instead of the file:// prefix."
        )
    })?;
    Ok(Some(Value::Str(text)))
}

/// Returns `bytes` as the text of a file, each line end `\n`; `None` when they are no text. Files are read as ASCII where
/// Python's UTF-8 mode is switched off in a locale that is not UTF-8 itself.
/// v1: `open(name, 'r')`, `locale.getpreferredencoding`. Parity: VAL-01, VAL-05, VAL-06.
fn text(bytes: &[u8], host: &Host) -> Option<String> {
    if !bytes.is_ascii() && host.env("PYTHONUTF8") == Some("0") {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| host.env_filled(name));
        let is_utf8 = locale.unwrap_or("C").to_ascii_lowercase().replace('-', "").ends_with("utf8");
        let coerced = host.env_filled("LC_ALL").is_none() && host.env("PYTHONCOERCECLOCALE") != Some("0");
        if !is_utf8 && !coerced {
            return None;
        }
    }
    let text = codec::utf8(bytes).ok()?;
    Some(text.replace("\r\n", "\n").replace('\r', "\n"))
}
