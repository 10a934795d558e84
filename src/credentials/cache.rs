//! Files that v1 and we share: one JSON document a file, named by a hash, readable by its owner alone, replaced as a
//! whole. Mirrors `JSONFileCache` in `botocore/utils.py`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use ring::digest::{Algorithm, digest};

use crate::error::{Error, failure};
use crate::host::{self, Host};
use crate::python::dumps::{self, Style};
use crate::python::{Dict, JsonError, Value, json, oserror};
use crate::runtime;

/// A file in a folder of JSON files.
#[derive(Debug, Clone)]
pub(super) struct CacheFile {
    folder: String,
    key: String,
}

impl CacheFile {
    /// Returns the file whose name is a digest of `text`; a folder below `~` is in the home directory.
    pub(super) fn new(host: &Host, folder: &str, algorithm: &'static Algorithm, text: &str) -> Self {
        let digest = digest(algorithm, text.as_bytes());
        let key = digest.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        Self { folder: host.expand_user(folder), key }
    }

    /// Returns the document; `None` where there is no such file.
    /// Errors: the quoted key where the file cannot be read or is no JSON: v1 dies of it (CRED-27).
    /// v1: `JSONFileCache.__contains__`, `__getitem__`. Parity: CRED-26, CRED-27.
    pub(super) fn read(&self) -> Result<Option<Value>, Error> {
        let file = host::path(&self.path());
        if !file.is_file() {
            return Ok(None);
        }
        match fs::read_to_string(&file).map(|text| json::decode(&text)) {
            Ok(Ok(document)) => Ok(Some(document)),
            Ok(Err(error @ JsonError::TooDeep)) => Err(error.into()),
            Ok(Err(JsonError::Invalid(_))) | Err(_) => Err(failure!("'{}'", self.key)),
        }
    }

    /// Returns the document once another run has put it in the place of `old`; `None` where none does so within a
    /// second: the run that received a token may still be writing it.
    /// v1: has nothing of the kind. Parity: `sso/session`, `login/session-over`.
    pub(super) async fn replaced(&self, old: &Dict) -> Option<Dict> {
        for pause in [0, 50, 100, 200, 400] {
            runtime::sleep(Duration::from_millis(pause)).await;
            if let Ok(Some(Value::Dict(new))) = self.read()
                && new != *old
            {
                return Some(new);
            }
        }
        None
    }

    /// Keeps `document`: a new file beside the old one, mode 0600, takes its place.
    /// Errors: the system's error in Python's words: fatal in v1 too (CRED-28).
    /// v1: `JSONFileCache.__setitem__`. Parity: CRED-24, CRED-28.
    pub(super) fn write(&self, document: Dict, host: &Host) -> Result<(), Error> {
        make_folders(Path::new(&host::path(&self.folder)))?;
        let suffix = host.new_token();
        let new = format!("{}/tmp{}.tmp", self.folder, suffix.get(..8).unwrap_or_default());
        write_new(&new, &to_json(document))?;
        let target = self.path();
        fs::rename(host::path(&new), host::path(&target)).map_err(|error| {
            let _ = fs::remove_file(host::path(&new));
            failure!("{} -> '{target}'", oserror::with_path(&error, &new))
        })
    }

    fn path(&self) -> String {
        format!("{}/{}.json", self.folder, self.key)
    }
}

/// Returns `members` as JSON, in the spelling in which v1 sends, writes and hashes it.
/// v1: `json.dumps(value)`. Parity: CRED-24, CRED-25.
pub(super) fn to_json(members: Dict) -> String {
    dumps::dumps(&Value::Dict(members), Style::DEFAULT)
}

/// Makes `folder` and those above it; the error names the one that could not be made, as Python's does.
fn make_folders(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent().filter(|above| !above.exists()) {
        make_folders(above)?;
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
    use ring::digest::SHA1_FOR_LEGACY_USE_ONLY;

    use super::*;

    #[test]
    fn files_are_named_as_v1_names_them() {
        let rows = [(
            r#"{"RoleArn": "arn:aws:iam::123456789012:role/r"}"#,
            "6dc9e6e1e186b9f293814df3266de783142c48a2",
        )];
        for (text, expected) in rows {
            assert_eq!(CacheFile::new(&Host::fake(&[]), "", &SHA1_FOR_LEGACY_USE_ONLY, text).key, expected);
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
