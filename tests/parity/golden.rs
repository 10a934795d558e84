//! Recorded outcomes: `goldens/FILE.json` from the oracle, `ours/FILE.json` from us where we differ on purpose.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::case::folder;
use crate::outcome::Outcome;

/// Outcomes by case id.
pub type Outcomes = BTreeMap<String, Outcome>;

/// A set of recorded files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// What the oracle does.
    Goldens,
    /// The fields in which we differ.
    Ours,
}

impl Shelf {
    /// Its folder.
    pub fn folder(self) -> PathBuf {
        folder().join(match self {
            Self::Goldens => "goldens",
            Self::Ours => "ours",
        })
    }

    /// All recorded outcomes, by the file that they stand in.
    pub fn load(self) -> Result<BTreeMap<String, Outcomes>, String> {
        let mut files = BTreeMap::new();
        let Ok(entries) = std::fs::read_dir(self.folder()) else { return Ok(files) };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.extension().is_none_or(|kind| kind != "json") {
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
            let outcomes = serde_json::from_str::<BTreeMap<String, serde_json::Value>>(&text)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            let outcomes = outcomes.into_iter().map(|(id, value)| (id, value.as_object().unwrap().clone()));
            files.insert(path.file_stem().unwrap().to_string_lossy().into_owned(), outcomes.collect());
        }
        Ok(files)
    }

    /// Writes one file; none where there is nothing to write.
    pub fn save(self, file: &str, outcomes: &Outcomes) -> std::io::Result<()> {
        let path = self.folder().join(format!("{file}.json"));
        if outcomes.is_empty() {
            return if path.exists() { std::fs::remove_file(path) } else { Ok(()) };
        }
        std::fs::create_dir_all(self.folder())?;
        std::fs::write(path, serde_json::to_string_pretty(outcomes).unwrap() + "\n")
    }
}
