//! Evaluations of `--query`: every expression of `cases.toml`, printed in each format, against what version 1 prints.
//!
//! | command | what it does |
//! |---|---|
//! | `cargo test evaluations` | compares us with `golden.json` |
//! | `PARITY=live ORACLE=/path/to/aws cargo test evaluations` | asks version 1's own modules and compares us with them |
//! | `PARITY=record PARITY_ONLY=query ORACLE=/path/to/aws cargo test evaluations` | writes `golden.json` |
//!
//! Where version 1 names Python's types (D1) only the fact of the error is compared; `ACCIDENTS` lists such texts.
//! What a group lists under `deviates` must differ.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;

use serde::Deserialize;

use super::{OutputOptions, print, query};
use crate::cli::OutputFormat;
use crate::error::Error;
use crate::host::Host;
use crate::python::{Value, json};
use crate::streams::Streams;

/// The formats and their names.
const FORMATS: [(&str, OutputFormat); 3] =
    [("json", OutputFormat::Json), ("text", OutputFormat::Text), ("table", OutputFormat::Table)];

/// Parts of v1's texts that name Python's types; ours say it in other words.
const ACCIDENTS: [&str; 9] = [
    " indices must be integers",
    "' object has no attribute '",
    "' object is not iterable",
    "not supported between instances of",
    "requires string as left operand",
    "list index out of range",
    "dictionary update sequence element",
    "int() argument must be",
    "_Expression object at 0x",
];

/// The file of cases.
#[derive(Deserialize)]
struct Cases {
    /// Its groups.
    group: Vec<Group>,
}

/// Expressions that are asked of the same document.
#[derive(Deserialize)]
struct Group {
    /// What they are about.
    name: String,
    /// The document.
    given: String,
    /// The expressions.
    expressions: Vec<String>,
    /// Expressions that nobody writes and that we evaluate otherwise (D17).
    #[serde(default)]
    deviates: Vec<String>,
}

impl Group {
    /// Returns all expressions.
    fn all(&self) -> impl Iterator<Item = &String> {
        self.expressions.iter().chain(&self.deviates)
    }
}

/// By group, expression and format: what is printed, or that and an error.
type Golden = BTreeMap<String, BTreeMap<String, BTreeMap<String, serde_json::Value>>>;

/// A stream that is kept.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// This folder.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/query")
}

/// What version 1 makes of the cases, asked of the Python that it runs in.
fn oracle(cases: &Cases) -> String {
    let aws = PathBuf::from(std::env::var_os("ORACLE").expect("ORACLE names the `aws` of version 1"));
    let groups: Vec<_> = cases
        .group
        .iter()
        .map(|group| {
            serde_json::json!({"name": group.name, "given": group.given, "expressions": group.all().collect::<Vec<_>>()})
        })
        .collect();
    let mut python = Command::new(aws.with_file_name("python"))
        .arg(folder().join("record.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(serde_json::Value::from(groups).to_string().as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// What we make of one expression.
fn ours(given: &str, expression: &str, format: OutputFormat) -> (String, Option<String>) {
    let Ok(Value::Dict(document)) = json::decode(given) else { panic!("not an object: {given}") };
    let out = Kept::default();
    let mut streams = Streams::new(Box::new(out.clone()), Box::new(io::sink()));
    let host = Host::new("aws".to_owned(), Vec::new(), HashMap::new());
    let ending = query::compile(&expression.into()).and_then(|query| {
        let options = OutputOptions { format, query: Some(&query), color: "off", operation: "StartCopyJob" };
        print(&options, document, &host, &mut streams)
    });
    let shown = out.0.borrow().utf8_chunks().fold(String::new(), |mut shown, chunk| {
        shown.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| write!(shown, "\\x{byte:02x}").unwrap());
        shown
    });
    (shown, ending.err().map(|error| message(&error)))
}

/// The message of an error without its frame.
fn message(error: &Error) -> String {
    let text = error.text();
    text.strip_prefix('\n').and_then(|text| text.strip_suffix('\n')).unwrap_or(&text).to_owned()
}

/// True when we and version 1 say the same, up to D1.
fn same(ours: &(String, Option<String>), theirs: &serde_json::Value) -> bool {
    match (&ours.1, theirs.as_str(), theirs.as_array()) {
        (None, Some(shown), _) => ours.0 == shown || accident(shown),
        (Some(error), _, Some(pair)) => {
            let theirs = pair[1].as_str().unwrap();
            ours.0 == pair[0].as_str().unwrap() && (error == theirs || accident(theirs))
        }
        _ => false,
    }
}

/// True for a text that names Python's types.
fn accident(text: &str) -> bool {
    ACCIDENTS.iter().any(|part| text.contains(part)) && !text.starts_with("Bad value")
}

#[test]
fn evaluations_are_those_of_version_1() {
    let cases: Cases =
        toml::from_str(&std::fs::read_to_string(folder().join("cases.toml")).unwrap()).unwrap();
    let path = folder().join("golden.json");
    let mode = std::env::var("PARITY").unwrap_or_default();
    if mode == "record" && std::env::var("PARITY_ONLY").is_ok_and(|only| only == "query") {
        std::fs::write(&path, oracle(&cases)).unwrap();
    }
    let text = if matches!(mode.as_str(), "live" | "full") {
        oracle(&cases)
    } else {
        std::fs::read_to_string(&path).unwrap()
    };
    let golden: Golden = serde_json::from_str(&text).unwrap();
    let mut failures = Vec::new();
    for group in &cases.group {
        for expression in group.all() {
            let theirs = &golden[&group.name][expression];
            let differing = differing(&group.given, expression, theirs);
            match (differing.is_empty(), group.deviates.contains(expression)) {
                (true, true) => failures.push(format!("{} {expression:?} no longer deviates", group.name)),
                (false, false) => failures.push(format!("{} {expression:?} {differing}", group.name)),
                _ => {}
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Returns the formats in which we differ from version 1, and how.
fn differing(given: &str, expression: &str, theirs: &BTreeMap<String, serde_json::Value>) -> String {
    let mut differing = String::new();
    for (name, format) in FORMATS {
        let ours = ours(given, expression, format);
        if !same(&ours, &theirs[name]) {
            write!(differing, "{name}\n  v1   {}\n  ours {ours:?}\n", theirs[name]).unwrap();
        }
    }
    differing
}
