//! `deviations.toml`: where we differ from version 1 on purpose, in which fields, and why.

use serde::Deserialize;

use super::case::{Case, folder};

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Its rows.
    #[serde(default)]
    deviation: Vec<Deviation>,
}

/// One row.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// `D1`, `D2`, ...; several rows may share one.
    pub id: String,
    /// Case ids; a `*` at the end stands for any rest.
    pub cases: Vec<String>,
    /// Why.
    pub reason: String,
    /// Fields of the outcome that may differ.
    pub differs: Vec<String>,
}

impl Deviation {
    /// True when the row speaks of this case.
    pub fn covers(&self, id: &str) -> bool {
        self.cases.iter().any(|pattern| matches(pattern, id))
    }
}

/// True when `id` is `pattern`, or begins with it up to its `*`.
fn matches(pattern: &str, id: &str) -> bool {
    pattern.strip_suffix('*').map_or(id == pattern, |start| id.starts_with(start))
}

/// All rows; each has a reason, and each of its patterns speaks of a case.
pub fn load(cases: &[Case]) -> Result<Vec<Deviation>, String> {
    let path = folder().join("deviations.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file: File = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    for row in &file.deviation {
        if row.reason.is_empty() {
            return Err(format!("deviation {} has no reason", row.id));
        }
        for pattern in &row.cases {
            if !cases.iter().any(|case| matches(pattern, &case.id)) {
                return Err(format!("deviation {}: no case is named {pattern}", row.id));
            }
        }
    }
    Ok(file.deviation)
}

/// The fields in which a case may differ; empty where it may not.
pub fn fields(deviations: &[Deviation], id: &str) -> Vec<String> {
    deviations.iter().filter(|row| row.covers(id)).flat_map(|row| row.differs.clone()).collect()
}
