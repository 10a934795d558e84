//! Which cases are new or changed since the main branch, and which are the day's sample: v1 is started for real there.

use std::collections::{BTreeMap, HashSet};
use std::process::Command;

use endpoint::clock;
use serde_json::Value;

use super::case::{self, Case, folder};

/// One of so many cases is in the sample of a day.
const SAMPLE: u64 = 50;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// True when the case is in today's sample: by a hash (FNV-1a) of its id and the date.
pub fn in_sample(id: &str) -> bool {
    let day = (clock::now() / DAY).to_string();
    let hash = id.bytes().chain(day.bytes()).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.is_multiple_of(SAMPLE)
}

/// Ids of the cases that are not as on the main branch, or whose golden is not; `None` where git does not know.
pub fn ids(all: &[Case]) -> Option<HashSet<String>> {
    let base = base()?;
    let committed = |path: &str| git(&["show", &format!("{base}:tests/parity/{path}")]).unwrap_or_default();
    let here = |path: &str| std::fs::read_to_string(folder().join(path)).unwrap_or_default();
    let files: HashSet<&str> = all.iter().map(|case| case.file.as_str()).collect();
    let mut changed = HashSet::new();
    for file in files {
        let before = rows(file, &committed);
        let now = rows(file, &here).into_iter().filter(|(id, row)| before.get(id) != Some(row));
        changed.extend(now.map(|(id, _)| id));
    }
    Some(changed)
}

/// Case id -> the case and its golden, of one file.
fn rows(file: &str, read: &dyn Fn(&str) -> String) -> BTreeMap<String, (String, Option<Value>)> {
    let goldens = read(&format!("goldens/{file}.json"));
    let mut goldens: BTreeMap<String, Value> = serde_json::from_str(&goldens).unwrap_or_default();
    let cases = case::parse(file, &read(&format!("cases/{file}.toml"))).unwrap_or_default();
    cases.into_iter().map(|case| (case.id.clone(), (format!("{case:?}"), goldens.remove(&case.id)))).collect()
}

/// Where this branch left the main one; on that itself, the commit before.
fn base() -> Option<String> {
    let head = git(&["rev-parse", "HEAD"])?;
    let forks = ["origin/main", "main"].iter().find_map(|main| git(&["merge-base", "HEAD", main]));
    forks.filter(|fork| *fork != head).or_else(|| git(&["rev-parse", "--verify", "--quiet", "HEAD~1"]))
}

/// What git prints, without the end of the line; `None` where it fails.
fn git(words: &[&str]) -> Option<String> {
    let output = Command::new("git").args(words).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end().to_owned())
}
