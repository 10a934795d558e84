//! The documentation keeps its word: ids after `Parity:` exist, and rows of complete areas have cases.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test: it ends at the first thing that is wrong"
)]

#[path = "architecture/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `rows.md`: all ids, each with a sentence, and the areas in which every row must have a case.
fn rows() -> (BTreeSet<String>, BTreeSet<String>) {
    let text = fs::read_to_string(root().join("tests/parity/rows.md")).unwrap();
    let (mut ids, mut complete) = (BTreeSet::new(), BTreeSet::new());
    for line in text.lines() {
        if let Some(areas) = line.strip_prefix("Complete: ") {
            complete.extend(areas.split_whitespace().map(str::to_owned));
        }
        let mut cells = line.split('|').map(str::trim).skip(1);
        let (Some(id), Some(rule)) = (cells.next(), cells.next()) else { continue };
        if is_row(id) {
            assert!(rule.ends_with('.') && rule.len() > 10, "rows.md: {id} has no sentence: {rule}");
            assert!(ids.insert(id.to_owned()), "rows.md has {id} twice");
        }
    }
    (ids, complete)
}

/// Case id -> the rows that it names.
fn cases() -> BTreeMap<String, Vec<String>> {
    let mut cases = BTreeMap::new();
    for path in files(&root().join("tests/parity/cases"), "toml") {
        let file: toml::Table = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for case in file.get("case").and_then(toml::Value::as_array).unwrap() {
            let rows = case.get("rows").and_then(toml::Value::as_array).cloned().unwrap_or_default();
            let rows = rows.iter().map(|row| row.as_str().unwrap().to_owned()).collect();
            cases.insert(case.get("id").unwrap().as_str().unwrap().to_owned(), rows);
        }
    }
    cases
}

/// All files of a kind below a folder.
fn files(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, kind));
        } else if path.extension().is_some_and(|known| known == kind) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The comment that begins with `Parity:` at a line and ends at the first line that is no comment or empty.
fn parity_comment(lines: &[&str]) -> String {
    let comment = |line: &&str| {
        let text = line.trim_start();
        let text = text.trim_start_matches("///").trim_start_matches("//!").trim_start_matches("//");
        (line.trim_start().starts_with("//") && !text.trim().is_empty()).then(|| text.trim().to_owned())
    };
    let whole: Vec<String> = lines.iter().map_while(comment).collect();
    whole.join(" ").split_once("Parity:").map(|(_, ids)| ids.to_owned()).unwrap_or_default()
}

/// `ARG-03` or `D12`.
fn is_row(word: &str) -> bool {
    let letters = word.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    let area = word.len() - letters.len();
    let digits = letters.strip_prefix('-').unwrap_or(letters);
    let numbered = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    numbered && (area >= 2 && letters.starts_with('-') || word.starts_with('D') && area == 1)
}

/// `argv/global-claims-prefix`.
fn is_case(word: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    word.contains('/') && word.split('/').all(plain)
}

#[test]
fn ids_after_parity_exist() {
    let (rows, _) = rows();
    let cases = cases();
    let deviations = fs::read_to_string(root().join("tests/parity/deviations.toml")).unwrap();
    let mut wrong = Vec::new();
    for path in files(&root().join("src"), "rs") {
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (number, _) in lines.iter().enumerate().filter(|(_, line)| line.contains("Parity:")) {
            let comment = parity_comment(lines.get(number..).unwrap());
            let separators = |letter: char| letter.is_whitespace() || ",;.()`".contains(letter);
            let ids: Vec<&str> =
                comment.split(separators).filter(|word| is_row(word) || is_case(word)).collect();
            let place = format!("{}:{}", path.strip_prefix(root()).unwrap().display(), number + 1);
            if ids.is_empty() {
                wrong.push(format!("{place}: Parity without an id"));
            }
            let known = |id: &&&str| {
                rows.contains(**id)
                    || cases.contains_key(**id)
                    || (id.starts_with('D') && deviations.contains(&format!("\"{id}\"")))
            };
            let unknown = ids.iter().filter(|id| !known(id));
            wrong.extend(unknown.map(|id| format!("{place}: neither a row nor a case: {id}")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn rows_have_cases() {
    let (rows, complete) = rows();
    let cases = cases();
    let proved: BTreeSet<&String> = cases.values().flatten().collect();
    let unknown: Vec<&&String> = proved.iter().filter(|row| !rows.contains(**row)).collect();
    assert!(unknown.is_empty(), "cases name rows that are not in rows.md: {unknown:?}");
    let bare: Vec<&String> = rows.iter().filter(|row| !proved.contains(row)).collect();
    println!("{} rows, {} without a case: {bare:?}", rows.len(), bare.len());
    let area = |row: &str| row.split('-').next().unwrap().to_owned();
    let missing: Vec<&&String> = bare.iter().filter(|row| complete.contains(&area(row))).collect();
    assert!(missing.is_empty(), "areas said to be complete have rows without a case: {missing:?}");
}

/// Words that say less than the field's own, and what says it better.
const WORDS: [&str; 14] = [
    "room", "rooms", "house", "elder", "patience", "again", "tell", "tells", "told", "Slot", "Taken",
    "Paper", "Asker", "Answer",
];
/// How the documentation of a function begins.
const VERBS: &str = "Accepts Adds Adjusts Allows Appends Applies Asks Assumes Becomes Begins Blocks Builds Calls Centres Changes Checks \
    Cleans Clears Closes Coerces Collects Compares Compiles Completes Computes Connects Consumes Converts Copies Counts Creates \
    Cuts Decides Decodes Delegates Describes Deserializes Determines Draws Drops Encodes Ends Enters Escapes Estimates \
    Evaluates Executes Expands Extracts Fetches Fills Filters Finds Finishes Fits Flattens Flushes Follows Forgets Formats \
    Forwards Generates Gets Gives Groups Handles Hands Hides Holds Identifies Ignores Inserts Installs Invokes Joins Keeps \
    Lays Leaves Lets Lifts Limits Lists Loads Locks Logs Looks Makes Marks Masks Matches Measures Merges Moves Names \
    Normalizes Notes Notices Offers Opens Orders Pads Parses Passes Performs Picks Polls Prepares Prints Produces Prompts \
    Puts Quotes Raises Reads Receives Records Redacts Reduces Refreshes Refuses Rejects Releases Remembers Removes Renames Renders \
    Renews Repeats Replaces Reports Requests Requires Resets Resolves Restores Returns Rewrites Rounds Runs Saves Scales \
    Scans Searches Seeks Selects Sends Separates Serializes Sets Shortens Shows Settles Signs Sizes Skips Sleeps Slices Sorts \
    Spells Splits Spreads Starts Steps Stops Stores Strips Switches Takes Tests Tokenizes Translates Trims Tries Truncates Turns \
    Undoes Unquotes Updates Uses Validates Verifies Waits Walks Warns Wraps Writes Yields";

/// The words of a file that `WORDS` names: in comments and in names, not in texts that v1 prints.
fn words(text: &str) -> BTreeSet<String> {
    let comments = text.lines().filter_map(|line| line.split_once("// ").or_else(|| line.split_once("//! ")));
    let comments = comments.map(|(_, comment)| comment.to_owned());
    let docs = text.lines().filter_map(|line| line.trim_start().strip_prefix("///")).map(str::to_owned);
    let all: Vec<String> = source::tokens(text).into_iter().chain(comments).chain(docs).collect();
    let words = all.iter().flat_map(|text| text.split(|letter: char| !letter.is_alphabetic()));
    words.filter(|word| WORDS.contains(word)).map(str::to_owned).collect()
}

/// The first words of the documentation of functions.
fn beginnings(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let is_function = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().take_while(|word| !word.contains('{')).collect();
        words.iter().position(|word| *word == "fn").is_some_and(|at| {
            words.iter().take(at).all(|word| ["const", "async"].contains(word) || word.starts_with("pub"))
        })
    };
    let documented = lines.split(|line| !line.starts_with("///") && !line.starts_with("#["));
    let mut at = 0;
    let mut found = Vec::new();
    for block in documented {
        at += block.len() + 1;
        let first = block.iter().find_map(|line| line.strip_prefix("/// "));
        if let (Some(first), true) = (first, lines.get(at - 1).is_some_and(|line| is_function(line))) {
            found.push(first.split_whitespace().next().unwrap_or_default().to_owned());
        }
    }
    found
}

#[test]
fn words_and_beginnings_are_the_fields() {
    let mut found = BTreeSet::new();
    for path in files(&root().join("src"), "rs") {
        let text = fs::read_to_string(&path).unwrap();
        let place = path.strip_prefix(root()).unwrap().display().to_string();
        found.extend(words(&text).iter().map(|word| format!("word: {place} {word}")));
        let known: BTreeSet<&str> = VERBS.split_whitespace().collect();
        if beginnings(&text).iter().any(|word| !known.contains(word.as_str())) {
            found.insert(format!("verb: {place}"));
        }
    }
    assert!(
        found.is_empty(),
        "words that must not come back, or a function's doc without a verb: {found:#?}"
    );
}
