//! The README keeps its word: its commands are run, its output is what they print, its case ids exist,
//! its differences are those of the list.
//!
//! In a block `console` a line that begins with `$ ` is run against the local endpoint, and what follows it must be
//! what it prints. In a block `sh` every command is run in the folder of the project, as [`WAYS`] says.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test: it ends at the first thing that is wrong")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

#[path = "common/cargo.rs"]
mod cargo;

use endpoint::backup::Backup;
use endpoint::{Server, Setup};

/// How a command of a `sh` block is run.
enum Way {
    /// As it stands.
    AsItIs,
    /// With these words added, so that nothing outside the target folder changes.
    With(&'static str),
    /// Not from here; the file that runs it, and the words that it must hold.
    Elsewhere(&'static str, &'static str),
}

/// Every command of the `sh` blocks.
const WAYS: &[(&str, Way)] = &[
    ("cargo run --example demo", Way::AsItIs),
    ("cargo test --workspace", Way::Elsewhere(".ci/run", "cargo test --workspace")),
    ("cargo install --path . --locked", Way::Elsewhere(".ci/run", "cargo install --path . --locked")),
    ("ln -sf aws ~/.cargo/bin/aws_completer", Way::With("&& readlink ~/.cargo/bin/aws_completer")),
    ("eval \"$(aws_completer bash)\"", Way::AsItIs),
    ("cargo run --example man > target/aws-backup-start-copy-job.1", Way::AsItIs),
    (
        "PARITY=live cargo test --test parity",
        Way::Elsewhere(".ci/run", "PARITY=$mode cargo test --workspace"),
    ),
    (
        "PARITY=record PARITY_ONLY=argv/global-claims-prefix cargo test --test parity",
        Way::Elsewhere("tests/parity/README.md", "PARITY=record PARITY_ONLY=argv/"),
    ),
];

/// The folder of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The README.
fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The blocks of one kind.
fn blocks(kind: &str) -> Vec<String> {
    let text = readme();
    let opening = format!("\n```{kind}\n");
    text.split(&opening).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned() + "\n").collect()
}

/// A home in which `.cargo/bin` holds our binary alone, in front of the system's programs.
fn shell(line: &str, environment: &[(&str, String)]) -> (String, bool) {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme-home");
    let bin = home.join(".cargo/bin");
    fs::create_dir_all(&bin).unwrap();
    for name in ["aws", "aws_completer"] {
        let _ = fs::remove_file(bin.join(name));
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_aws"), bin.join(name)).unwrap();
    }
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let cargo_home = std::env::var("CARGO_HOME")
        .unwrap_or_else(|_| format!("{}/.cargo", std::env::var("HOME").unwrap_or_default()));
    let rustup_home = std::env::var("RUSTUP_HOME")
        .unwrap_or_else(|_| format!("{}/.rustup", std::env::var("HOME").unwrap_or_default()));
    let mut command = Command::new("bash");
    cargo::without_outer(&mut command);
    command.args(["-c", line]).current_dir(root()).env("HOME", home).env("PATH", path);
    command.env("CARGO_HOME", cargo_home).env("RUSTUP_HOME", rustup_home);
    command.envs(environment.iter().map(|(name, value)| (*name, value.as_str())));
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (printed.into_owned(), output.status.success())
}

/// Commands with the output that follows each.
fn transcript(block: &str) -> Vec<(String, String)> {
    let mut calls: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            calls.push((command.to_owned(), String::new()));
        } else if let Some((command, output)) = calls.last_mut() {
            let part = if open { command } else { output };
            if open {
                part.push('\n');
            }
            part.push_str(line);
            if !open {
                part.push('\n');
            }
        }
        open = line.ends_with('\\');
    }
    calls
}

/// `text` with every hexadecimal digit of ids and every digit shown as `0`: what differs from run to run.
fn shape(text: &str) -> String {
    let is_id = |word: &str| word.len() == 36 && word.matches('-').count() == 4;
    let masked = text
        .split_inclusive(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-' && letter != '.');
    masked
        .map(|part| {
            let word = part.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
            let number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            if is_id(word) || number { part.replace(word, "0") } else { part.to_owned() }
        })
        .collect()
}

#[test]
fn transcripts_are_true() {
    let (region, key, secret) =
        ("us-east-1", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let backup = Arc::new(Backup::furnished(region, key, secret));
    let server = Server::start(Setup { certificate: None, service: backup }).unwrap();
    let environment = [
        ("AWS_ACCESS_KEY_ID", key.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", secret.to_owned()),
        ("AWS_DEFAULT_REGION", region.to_owned()),
        ("AWS_ENDPOINT_URL_BACKUP", format!("http://127.0.0.1:{}", server.port())),
    ];
    let calls: Vec<(String, String)> = blocks("console").iter().flat_map(|block| transcript(block)).collect();
    assert!(!calls.is_empty(), "no transcript");
    for (command, expected) in calls {
        let (printed, _) = shell(&command, &environment);
        assert_eq!(shape(&printed), shape(&expected), "$ {command}\n{printed}");
    }
}

#[test]
fn commands_run() {
    for line in blocks("sh").iter().flat_map(|block| block.lines().collect::<Vec<_>>()) {
        let way = WAYS.iter().find(|(known, _)| *known == line).map(|(_, way)| way);
        let way = way.unwrap_or_else(|| panic!("no way is known to run: {line}"));
        let typed = match way {
            Way::AsItIs => line.to_owned(),
            Way::With(more) => format!("{line} {more}"),
            Way::Elsewhere(file, words) => {
                let text = fs::read_to_string(root().join(file)).unwrap();
                assert!(text.contains(words), "{file} does not run `{words}`");
                continue;
            }
        };
        let (printed, succeeded) = shell(&typed, &[]);
        assert!(succeeded, "$ {typed}\n{printed}");
    }
}

#[test]
fn case_ids_exist() {
    let text = readme();
    let cases: Vec<PathBuf> =
        fs::read_dir(root().join("tests/parity/cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let known: String = cases.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    for word in text.split('`').skip(1).step_by(2) {
        let Some((area, name)) = word.split_once('/') else { continue };
        if name.is_empty() || !cases.iter().any(|path| path.file_stem().unwrap() == area) {
            continue;
        }
        let id = match name.strip_suffix('*') {
            Some(start) => format!("id = \"{area}/{start}"),
            None => format!("id = \"{area}/{name}\""),
        };
        let spaced = id.replacen("id = ", "id   = ", 1);
        assert!(known.contains(&id) || known.contains(&spaced), "the README names {word}, which is no case");
    }
}

#[test]
fn differences_are_those_of_the_list() {
    let list = fs::read_to_string(root().join("tests/parity/deviations.toml")).unwrap();
    let list: toml::Table = toml::from_str(&list).unwrap();
    let list = list["deviation"].as_array().unwrap();
    let text = readme();
    for number in 1..=16 {
        let id = format!("D{number}");
        let row = text.lines().find(|line| line.starts_with(&format!("| different | **{id}** ")));
        let row = row.unwrap_or_else(|| panic!("the README has no row for {id}"));
        let mine = list.iter().filter(|deviation| deviation["id"].as_str() == Some(&id));
        let mine: Vec<&str> = mine
            .flat_map(|deviation| deviation["cases"].as_array().unwrap())
            .map(|pattern| pattern.as_str().unwrap())
            .collect();
        let named = row.rsplit('|').nth(1).unwrap().split('`').skip(1).step_by(2);
        let named: Vec<&str> = named.filter(|word| word.contains('/')).collect();
        let unknown: Vec<&&str> = named.iter().filter(|pattern| !mine.contains(pattern)).collect();
        assert!(
            mine.is_empty() || unknown.is_empty(),
            "the README names for {id} what is not in the list: {unknown:?}"
        );
        assert!(
            mine.len() == named.len() || row.contains('…') || mine.is_empty(),
            "{id} has more cases than named"
        );
    }
}
