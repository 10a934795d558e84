//! `deviations.toml`: where we differ from version 1 on purpose, in which fields, and why.

use serde::Deserialize;

use super::case::{Case, folder};
use super::verdict::Problem;

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
    /// Case ids; a `*` stands for any text.
    pub cases: Vec<String>,
    /// Why.
    pub reason: String,
    /// Fields of the outcome that may differ.
    pub differs: Vec<String>,
    /// In `broken.toml`: words that our standard error must have.
    #[serde(default)]
    pub says: String,
}

impl Deviation {
    /// True when the row speaks of this case.
    pub fn covers(&self, id: &str) -> bool {
        self.cases.iter().any(|pattern| matches(pattern, id))
    }
}

/// True when `id` is `pattern`, each `*` of which stands for any text.
fn matches(pattern: &str, id: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return id == pattern };
    let Some(id) = id.strip_prefix(start) else { return false };
    id.char_indices().map(|(at, _)| at).chain([id.len()]).any(|at| matches(rest, &id[at..]))
}

/// The rows of `name`; each has a reason, and each of its patterns speaks of a case.
pub fn load(name: &str, cases: &[Case]) -> Result<Vec<Deviation>, String> {
    let path = folder().join(name);
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

/// What is wrong with a document of [`super::broken`] beyond what one row says of it: the fields in which the row lets us
/// differ, where our standard error has its words.
pub fn unexplained<'p>(rows: &[Deviation], id: &str, problems: &'p [Problem]) -> Vec<&'p Problem> {
    let of = |problem: &Problem, field: &str| {
        problem.difference.as_ref().filter(|(name, ..)| name == field).map(|(.., ours)| ours.to_string())
    };
    let stderr = problems.iter().find_map(|problem| of(problem, "stderr")).unwrap_or_default();
    let holds = |row: &&Deviation| row.covers(id) && stderr.contains(&row.says);
    let explains = |row: &Deviation, problem: &Problem| {
        problem.difference.as_ref().is_some_and(|(field, ..)| row.differs.contains(field))
    };
    let left =
        |row: &Deviation| problems.iter().filter(|problem| !explains(row, problem)).collect::<Vec<_>>();
    rows.iter().filter(holds).map(left).min_by_key(Vec::len).unwrap_or_else(|| problems.iter().collect())
}
