//! `tests/not-yet.txt`: what a test asks for and is not so yet, a line each; the list can only become shorter.

use std::collections::BTreeSet;
use std::path::Path;

/// Checks that the lines of these kinds (`up: `, `word: `) are exactly what was found.
pub(crate) fn check(kinds: &[&str], found: &BTreeSet<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/not-yet.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let listed = text.lines().filter(|line| kinds.iter().any(|kind| line.starts_with(kind)));
    let listed: BTreeSet<String> = listed.map(str::to_owned).collect();
    let new: Vec<&String> = found.difference(&listed).collect();
    let done: Vec<&String> = listed.difference(found).collect();
    assert!(
        new.is_empty() && done.is_empty(),
        "\nnot allowed: {new:#?}\nno longer so, drop these lines of tests/not-yet.txt: {done:#?}"
    );
}
