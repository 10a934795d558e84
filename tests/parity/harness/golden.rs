//! Recorded outcomes: `goldens/FILE.json` from the oracle, `ours/FILE.json` from us where we differ on purpose.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::case::folder;
use super::outcome::Outcome;

/// The cases whose goldens stand in full, for their request, and how the line of one like it begins.
const REQUESTS: [(&str, &str); 2] = [("smoke/json", "PUT "), ("describe/plain", "GET /copy-jobs/")];
/// The case whose golden stands in full for its usage block.
const USAGE: &str = "smoke/missing-options";
/// Members of a request that are folded member by member.
const PARTS: [&str; 2] = ["headers", "signature"];
/// Member of a folded request.
const AS: &str = "as";

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

    /// All recorded outcomes, by the file that they stand in; `plain` is that of the goldens, where it is known.
    pub fn load(self, plain: Option<&Plain>) -> Result<BTreeMap<String, Outcomes>, String> {
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
            files.insert(
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                outcomes.collect::<Outcomes>(),
            );
        }
        let own = Plain::of(&files);
        if let Some(plain) = plain.or(own.as_ref()) {
            files.values_mut().flat_map(Outcomes::values_mut).for_each(|outcome| plain.unfold(outcome));
        }
        Ok(files)
    }

    /// Writes one file; none where there is nothing to write.
    pub fn save(self, file: &str, outcomes: &Outcomes, plain: Option<&Plain>) -> std::io::Result<()> {
        let path = self.folder().join(format!("{file}.json"));
        let mut outcomes = outcomes.clone();
        if let Some(plain) = plain {
            outcomes
                .iter_mut()
                .filter(|(id, _)| *id != USAGE && REQUESTS.iter().all(|(plain, _)| id != plain))
                .for_each(|(_, outcome)| plain.fold(outcome));
        }
        if outcomes.is_empty() {
            return if path.exists() { std::fs::remove_file(path) } else { Ok(()) };
        }
        std::fs::create_dir_all(self.folder())?;
        std::fs::write(path, serde_json::to_string_pretty(&outcomes).unwrap() + "\n")
    }
}

/// What most goldens repeat. A request that differs little from that of a plain case is written as
/// `{"as": "smoke/json", ..}` with the members that differ; the usage block is written as one line.
pub struct Plain {
    /// Case -> its request.
    requests: BTreeMap<&'static str, Map<String, Value>>,
    usage: Vec<Value>,
}

impl Plain {
    /// Taken from the goldens of the plain cases.
    pub fn of(files: &BTreeMap<String, Outcomes>) -> Option<Self> {
        let outcome = |id: &str| files.get(id.split_once('/')?.0)?.get(id);
        let request = |id: &str| outcome(id)?.get("requests")?.pointer("/backup/0")?.as_object().cloned();
        let lines = outcome(USAGE)?.get("stderr")?.as_array()?;
        let requests = REQUESTS.iter().filter_map(|(id, _)| Some((*id, request(id)?))).collect();
        Some(Self { requests, usage: lines[..lines.len() - 1].to_vec() })
    }

    /// Shortens an outcome.
    fn fold(&self, outcome: &mut Outcome) {
        for request in requests(outcome) {
            let Some(members) = request.as_object() else { continue };
            let line = members.get("line").and_then(Value::as_str).unwrap_or_default();
            let Some((id, _)) = REQUESTS.iter().find(|(_, start)| line.starts_with(start)) else { continue };
            let Some(plain) = self.requests.get(id) else { continue };
            let mut folded = changes(plain, members);
            for part in PARTS {
                if let (Some(base), Some(Value::Object(own))) =
                    (plain[part].as_object(), folded.get_mut(part))
                {
                    *own = changes(base, own);
                }
            }
            folded.insert(AS.to_owned(), (*id).into());
            *request = Value::Object(folded);
        }
        for text in texts(outcome) {
            if let Some(lines) = text.as_array_mut().filter(|lines| lines.starts_with(&self.usage)) {
                lines.splice(..self.usage.len(), [usage_line()]);
            }
        }
    }

    /// Undoes `fold`.
    fn unfold(&self, outcome: &mut Outcome) {
        for request in requests(outcome) {
            let Some(members) = request.as_object_mut() else { continue };
            let Some(id) = members.remove(AS) else { continue };
            let plain = &self.requests[id.as_str().unwrap()];
            for part in PARTS {
                if let (Some(base), Some(Value::Object(own))) =
                    (plain[part].as_object(), members.get_mut(part))
                {
                    *own = changed(base, own);
                }
            }
            let mut whole = changed(plain, members);
            whole.entry("body").or_insert(Value::Null);
            *request = Value::Object(whole);
        }
        for text in texts(outcome) {
            if let Some(lines) = text.as_array_mut().filter(|lines| lines.first() == Some(&usage_line())) {
                lines.splice(..1, self.usage.iter().cloned());
            }
        }
    }
}

/// The members of `own` that are not as in `base`; `null` for one that is missing.
fn changes(base: &Map<String, Value>, own: &Map<String, Value>) -> Map<String, Value> {
    let names = base.keys().chain(own.keys()).filter(|name| base.get(*name) != own.get(*name));
    names.map(|name| (name.clone(), own.get(name).cloned().unwrap_or(Value::Null))).collect()
}

/// `base` with `changes` made to it.
fn changed(base: &Map<String, Value>, changes: &Map<String, Value>) -> Map<String, Value> {
    let mut whole = base.clone();
    whole.extend(changes.clone());
    whole.retain(|_, value| !value.is_null());
    whole
}

/// Stands for the usage block.
fn usage_line() -> Value {
    format!("(usage as in {USAGE})").into()
}

/// All requests of an outcome.
fn requests(outcome: &mut Outcome) -> impl Iterator<Item = &mut Value> {
    let servers = outcome.get_mut("requests").and_then(Value::as_object_mut);
    servers.into_iter().flat_map(Map::values_mut).filter_map(Value::as_array_mut).flatten()
}

/// Both streams of an outcome and of the commands after.
fn texts(outcome: &mut Outcome) -> impl Iterator<Item = &mut Value> {
    let streams = |name: &String| name == "stdout" || name == "stderr";
    outcome.iter_mut().flat_map(move |(name, value)| {
        let (own, then) = if streams(name) {
            (Some(value), None)
        } else {
            (None, value.as_array_mut().filter(|_| name == "then"))
        };
        let then = then.into_iter().flatten().filter_map(Value::as_object_mut).flat_map(|run| run.iter_mut());
        own.into_iter().chain(then.filter(move |(name, _)| streams(name)).map(|(_, value)| value))
    })
}
