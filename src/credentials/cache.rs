//! Files that v1 and we share: `~/.aws/cli/cache` (assumed roles) and `~/.aws/sso/cache` (SSO tokens).
//!
//! One JSON document a file, named by a hash, readable by its owner alone, replaced as a whole. Mirrors
//! `JSONFileCache` in `botocore/utils.py`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use ring::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, digest};

use crate::error::{Error, failure};
use crate::host::{self, Host};
use crate::python::dumps::{self, Style};
use crate::python::{Dict, JsonError, Value, json, oserror};
use crate::runtime;

/// A folder of JSON files.
#[derive(Debug, Clone)]
pub(super) struct Cache {
    /// Its path; made when the first file is written.
    folder: String,
}

impl Cache {
    /// Returns the cache in `folder`.
    pub(super) fn new(folder: String) -> Self {
        Self { folder }
    }

    /// Returns the document kept under `key`; `None` where there is no such file.
    /// Errors: the quoted key where the file cannot be read or is no JSON: v1 dies of it (CRED-27).
    /// v1: `JSONFileCache.__contains__`, `__getitem__`. Parity: CRED-26, CRED-27.
    pub(super) fn read(&self, key: &str) -> Result<Option<Value>, Error> {
        let file = host::path(&self.file(key));
        if !file.is_file() {
            return Ok(None);
        }
        let text = fs::read(&file).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        match text.as_deref().map(json::decode) {
            Some(Ok(document)) => Ok(Some(document)),
            Some(Err(error @ JsonError::TooDeep)) => Err(failure!("{error}")),
            Some(Err(JsonError::Invalid(_))) | None => Err(failure!("'{key}'")),
        }
    }

    /// Returns the document under `key` once another run has put it in the place of `old`; `None` where none does so
    /// within a second: the run that received a token may still be writing it.
    /// v1: has nothing of the kind. Parity: `sso/session`, `login/session-over`.
    pub(super) async fn replaced(&self, key: &str, old: &Dict) -> Option<Dict> {
        for pause in [0, 50, 100, 200, 400] {
            runtime::sleep(Duration::from_millis(pause)).await;
            match self.read(key) {
                Ok(Some(Value::Dict(new))) if new != *old => return Some(new),
                _ => {}
            }
        }
        None
    }

    /// Keeps `document` (JSON) under `key`: a new file beside it, mode 0600, then takes its place.
    /// Errors: the system's error in Python's words: fatal in v1 too (CRED-28).
    /// v1: `JSONFileCache.__setitem__`. Parity: CRED-24, CRED-28.
    pub(super) fn write(&self, key: &str, document: &str, host: &Host) -> Result<(), Error> {
        make_folders(Path::new(&host::path(&self.folder)))?;
        let suffix = host.new_token();
        let new = format!("{}/tmp{}.tmp", self.folder, suffix.get(..8).unwrap_or_default());
        write_new(&new, document)?;
        let target = self.file(key);
        fs::rename(host::path(&new), host::path(&target)).map_err(|error| {
            let _ = fs::remove_file(host::path(&new));
            failure!("{} -> '{target}'", oserror::with_path(&error, &new))
        })
    }

    /// Returns the path of the file for `key`.
    fn file(&self, key: &str) -> String {
        format!("{}/{key}.json", self.folder)
    }
}

/// Returns the hex digits of the SHA-1 of `text`, by which a file is named.
pub(super) fn sha1(text: &str) -> String {
    hex(&SHA1_FOR_LEGACY_USE_ONLY, text)
}

/// Returns the hex digits of a digest of `text`.
pub(super) fn hex(algorithm: &'static Algorithm, text: &str) -> String {
    let nibble = |bits: u8| char::from_digit(u32::from(bits), 16).unwrap_or_default();
    let digest = digest(algorithm, text.as_bytes());
    digest.as_ref().iter().flat_map(|byte| [nibble(byte >> 4), nibble(byte & 15)]).collect()
}

/// Returns `value` as JSON, in the spelling in which v1 writes and hashes it.
/// v1: `json.dumps(value)`. Parity: CRED-24, CRED-25.
pub(super) fn to_json(value: &Value) -> String {
    dumps::dumps(value, Style::DEFAULT)
}

/// Makes `folder` and those above it; the error names the one that could not be made, as Python's does.
fn make_folders(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    match folder.parent() {
        Some(above) if !above.exists() => make_folders(above)?,
        _ => {}
    }
    match fs::create_dir(folder) {
        Err(_) if folder.is_dir() => Ok(()),
        made => made.map_err(|error| failure!("{}", oserror::with_path(&error, &folder.to_string_lossy()))),
    }
}

/// Writes a file that did not exist, for its owner alone, through to the disk. Where it is there but cannot hold the
/// document, the error does not name it, as Python's does not.
/// Parity: `signals/file-size-cache`.
fn write_new(path: &str, document: &str) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(host::path(path));
    let mut file = opened.map_err(|error| failure!("{}", oserror::with_path(&error, path)))?;
    let written = file.write_all(document.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|error| failure!("{}", oserror::text(&error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_as_v1_names_them() {
        let rows = [(
            r#"{"RoleArn": "arn:aws:iam::123456789012:role/r"}"#,
            "6dc9e6e1e186b9f293814df3266de783142c48a2",
        )];
        for (text, expected) in rows {
            assert_eq!(sha1(text), expected);
        }
    }

    #[test]
    fn a_folder_that_is_there_by_then_is_no_error() {
        let parent = std::env::temp_dir().join(format!("cache-{}", std::process::id()));
        make_folders(&parent.join("new").join("..")).unwrap(); // made as the parent of itself
        assert!(parent.join("new").is_dir());
        fs::remove_dir_all(parent).unwrap();
    }
}
