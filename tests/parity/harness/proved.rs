//! Which cases v1 was seen to do as their goldens say, by an earlier live run in this clone. While nothing has changed of
//! what they are made of, v1 need not do them again; `PARITY=full` and a filter run it all the same.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::fmt::Write;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::case::{Case, folder};
use super::outcome::Outcome;

/// What a case is made of beside its own row: files and folders of this project's tests.
const HARNESS: [&str; 5] = ["main.rs", "v1-packages.txt", "harness", "forked", "../endpoint/src"];

/// The cases, each known by a hash of its row, its golden and the harness.
pub struct Proved {
    file: PathBuf,
    harness: u64,
    before: HashSet<u64>,
    now: Mutex<HashSet<u64>>,
}

impl Proved {
    /// Reads what earlier runs beside the v1 at `oracle` have seen.
    pub fn load(oracle: &Path) -> Self {
        let mut hasher = DefaultHasher::new();
        oracle.hash(&mut hasher);
        for path in HARNESS {
            hash_tree(&folder().join(path), &mut hasher);
        }
        let harness = hasher.finish();
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity-proved");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let mut numbers = text.lines().filter_map(|line| u64::from_str_radix(line, 16).ok());
        let is_same = numbers.next() == Some(harness);
        let before = numbers.filter(|_| is_same).collect();
        Self { file, harness, before, now: Mutex::default() }
    }

    /// True when v1 was seen to do the case as `golden` says.
    pub fn holds(&self, case: &Case, golden: &Outcome) -> bool {
        let key = self.key(case, golden);
        let holds = self.before.contains(&key);
        if holds {
            self.now.lock().unwrap().insert(key);
        }
        holds
    }

    /// Notes that v1 did the case as `golden` says.
    pub fn note(&self, case: &Case, golden: &Outcome) {
        let key = self.key(case, golden);
        self.now.lock().unwrap().insert(key);
    }

    /// Keeps what this run has seen.
    pub fn save(&self) -> std::io::Result<()> {
        let mut text = format!("{:x}\n", self.harness);
        for key in self.now.lock().unwrap().iter() {
            let _ = writeln!(text, "{key:x}");
        }
        std::fs::write(&self.file, text)
    }

    /// The hash that a case is known by.
    fn key(&self, case: &Case, golden: &Outcome) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.harness, format!("{case:?}"), format!("{golden:?}")).hash(&mut hasher);
        hasher.finish()
    }
}

/// Hashes the files below `path`, in the order of their names.
fn hash_tree(path: &Path, hasher: &mut DefaultHasher) {
    let Ok(entries) = std::fs::read_dir(path) else {
        return (path, std::fs::read(path).unwrap_or_default()).hash(hasher);
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in &paths {
        hash_tree(path, hasher);
    }
}
