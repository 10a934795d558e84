//! The documents keep their word: the README's scripts are run and print what stands below them, its commands work,
//! the differences are those of the list, and the links lead somewhere.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: it ends at the first thing that is wrong"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

#[path = "common/cargo.rs"]
mod cargo;
#[path = "common/shell.rs"]
mod shell;

use endpoint::backup::Backup;
use endpoint::job::JobState;
use endpoint::{Server, Setup};
use shell::{Releases, Shell, backup, blocks, read, script};

/// How a command that stands in a block of its own, or in a table, is run.
enum Way {
    /// In the folder of the project, as it stands.
    Here,
    /// Not from here: the file that runs it, and the words that it must hold.
    In(&'static str, &'static str),
    /// By a test of this file.
    Tested,
}

/// Every command of the documents that is no script of its own.
const WAYS: &[(&str, Way)] = &[
    ("cargo run --example demo", Way::Here),
    ("cargo test", Way::In(".ci/run", "cargo test --workspace")),
    ("cargo install --path . --locked", Way::In(".ci/run", "cargo install --path . --locked")),
    ("cargo install --git", Way::In("README.md", "cargo install --path . --locked` in a clone")),
    ("cargo binstall --git", Way::In("tests/release.rs", "binstall_names_the_archives")),
    ("cargo uninstall aws-start-copy-job", Way::In("Cargo.toml", "name = \"aws-start-copy-job\"")),
    ("cargo bench", Way::In(".ci/run", "cargo bench --workspace --bench bench")),
    ("docker run --rm -v", Way::In("tests/recipes.rs", "a_container_finds_its_configuration")),
    ("eval \"$(aws_completer bash)\"", Way::Tested),
    ("aws_completer fish | source", Way::In("tests/completion.rs", "fish")),
    ("PARITY=live cargo test --test parity", Way::In(".ci/run", "PARITY=$mode cargo test --workspace")),
];

/// Documents that a user reads.
const DOCUMENTS: [&str; 7] = [
    "README.md",
    ".github/CHANGELOG.md",
    ".github/CONTRIBUTING.md",
    ".github/SECURITY.md",
    ".github/recipes.md",
    "tests/bench/README.md",
    "tests/parity/README.md",
];

/// The folder of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Starts an AWS Backup whose jobs are done at once.
fn server() -> (Arc<Backup>, Server) {
    let backup = Arc::new(backup().with_states(&[JobState::Completed]));
    let service = Arc::<Backup>::clone(&backup);
    (backup, Server::start(Setup { certificate: None, service }).unwrap())
}

/// The script on the first screen prints what stands below it.
#[test]
fn the_nightly_script_prints_what_the_readme_shows() {
    let (backup, server) = server();
    let shell =
        Shell::new("readme").signed_in(&server).file("nightly.sh", &script("README.md", "nightly.sh"));
    for block in blocks("README.md", "console") {
        let (command, expected) = block.strip_prefix("$ ").unwrap().split_once('\n').unwrap();
        for _ in 0..2 {
            let ran = shell.run(command, "");
            assert_eq!(
                (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
                (0, expected, ""),
                "$ {command}"
            );
        }
    }
    assert_eq!(backup.job_ids().len(), 1, "its token makes it safe to repeat");
}

/// The lines that install the released binary do, and refuse another file than the listed one.
#[test]
fn the_release_installs() {
    let install = blocks("README.md", "sh").into_iter().find(|block| block.contains("SHA256SUMS")).unwrap();
    let gh = "#!/bin/sh\ntest \"$1 $2\" = 'attestation verify' && test -f \"$3\"\n";
    let shell = Shell::new("install").program("gh", gh);
    fs::remove_dir_all(shell.home.join("bin")).unwrap();
    let name = install.lines().find_map(|line| line.strip_prefix("NAME=")).unwrap();
    let releases = Arc::new(Releases::new(&shell, name));
    let host = Server::start(Setup { certificate: None, service: releases }).unwrap();
    let local = install.replace("https://github.com", &format!("http://127.0.0.1:{}", host.port()));
    assert_ne!(local, install);

    let ran = shell.run(&format!("set -e\n{local}\n~/.local/bin/aws --version"), "");
    assert!(ran.code == 0 && ran.stdout.contains("aws-start-copy-job/"), "{ran:?}");
    assert_eq!(fs::read_link(shell.home.join(".local/bin/aws_completer")).unwrap(), Path::new("aws"));
    fs::remove_dir_all(shell.home.join(".local")).unwrap();
    let shell = shell.file(&format!("releases/{name}.tar.gz"), "another archive");
    let ran = shell.run(&format!("set -e\n{local}"), "");
    assert!(ran.code != 0 && !shell.home.join(".local").exists(), "{ran:?}");
}

/// Every command that a document names in a line of its own, or between backticks, is one that something runs.
#[test]
fn commands_run() {
    let mut typed: BTreeSet<String> = BTreeSet::new();
    for text in DOCUMENTS.iter().map(|path| read(path)) {
        let starts = ["cargo ", "docker ", "eval ", "aws_completer ", "PARITY=live"];
        let is_command = |word: &&str| starts.iter().any(|start| word.starts_with(start));
        typed.extend(text.split(['`', '\n']).map(str::trim).filter(is_command).map(str::to_owned));
    }
    for line in typed {
        let way = WAYS.iter().find(|(known, _)| line.starts_with(known)).map(|(_, way)| way);
        match way.unwrap_or_else(|| panic!("no way is known to run: {line}")) {
            Way::Here => assert!(here(&line).success(), "$ {line}"),
            Way::In(file, words) => assert!(read(file).contains(words), "{file} does not hold `{words}`"),
            Way::Tested => {}
        }
    }
    let ran = Shell::new("completion").run("eval \"$(aws_completer bash)\" && complete -p aws", "");
    assert!(ran.code == 0 && ran.stdout.contains("complete "), "{ran:?}");
}

/// Runs a command in the folder of the project, with a person's own environment.
fn here(line: &str) -> std::process::ExitStatus {
    let mut command = Command::new("bash");
    cargo::without_outer(&mut command).args(["-c", line]).current_dir(root());
    command.stdout(Stdio::null()).status().unwrap()
}

/// As a server the demonstration prints lines that work when they are pasted, and leaves nothing behind at Ctrl-C.
#[test]
fn the_demonstration_cleans_up() {
    assert!(here("cargo build --workspace --bin aws --example demo --quiet --locked").success());
    let examples = std::env::current_exe().unwrap();
    let examples = examples.parent().and_then(Path::parent).unwrap().join("examples");
    let temp = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
    let _ = fs::remove_dir_all(&temp);
    fs::create_dir_all(&temp).unwrap();
    let output = temp.join("output");
    let mut child = Command::new(examples.join("demo"));
    cargo::without_outer(&mut child).arg("--serve").env("TMPDIR", &temp).current_dir(root());
    let mut child = child.stdout(fs::File::create(&output).unwrap()).spawn().unwrap();
    let printed = || fs::read_to_string(&output).unwrap();
    while !printed().contains("export PATH=") {
        assert!(child.try_wait().unwrap().is_none(), "{}", printed());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let exports: String =
        printed().lines().filter(|line| line.starts_with("export ")).collect::<Vec<_>>().join("\n");
    let ran =
        Shell::new("pasted").run(&format!("{exports}\naws backup describe-copy-job --copy-job-id x"), "");
    assert!(ran.code == 255 && ran.stderr.contains("ResourceNotFoundException"), "{ran:?}");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let left: Vec<PathBuf> = fs::read_dir(&temp).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, [output], "nothing is left behind");
}

/// The differences of the document are those of the list.
#[test]
fn differences_are_those_of_the_list() {
    let list: toml::Table = toml::from_str(&read("tests/parity/deviations.toml")).unwrap();
    let listed: BTreeSet<String> = list["deviation"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    let text = read("tests/parity/README.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| D")?.split_once(" | "));
    let told: BTreeSet<String> = rows.map(|(number, _)| format!("D{number}")).collect();
    let untold: Vec<&String> = listed.difference(&told).collect();
    assert!(untold.is_empty(), "no row in tests/parity/README.md: {untold:?}");
}

/// Areas that a document names have cases, and every file of cases is named.
#[test]
fn areas_are_those_of_the_cases() {
    let text = read("tests/parity/README.md");
    let (_, table) = text.split_once("## What is compared\n").unwrap();
    let named: BTreeSet<&str> = table
        .trim()
        .lines()
        .take_while(|line| line.starts_with('|'))
        .filter_map(|row| row.trim_end_matches(" |").rsplit_once(" | "))
        .flat_map(|(_, areas)| areas.split('`').skip(1).step_by(2))
        .collect();
    let files = fs::read_dir(root().join("tests/parity/cases")).unwrap();
    let files: Vec<String> = files
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let known: BTreeSet<&str> = files.iter().map(String::as_str).collect();
    assert_eq!(named, known);
}

/// The README is short, and no document speaks in words of our own.
#[test]
fn documents_are_short_and_plain() {
    assert!(read("README.md").lines().count() <= 150);
    assert!(!read("README.md").contains("**D"), "no wall of numbers in the README");
    for path in DOCUMENTS {
        let text = read(path).to_lowercase();
        for word in ["rooms", "the room ", "elder", "patience"] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
}

/// Links lead to files and headings that exist.
#[test]
fn links_lead_somewhere() {
    for path in DOCUMENTS {
        let folder = root().join(path).parent().unwrap().to_owned();
        for link in read(path).split("](").skip(1).map(|rest| rest.split(')').next().unwrap().to_owned()) {
            if link.starts_with("http") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let file = if file.is_empty() { root().join(path) } else { folder.join(file) };
            assert!(file.exists(), "{path}: {link}");
            if !heading.is_empty() {
                let text = fs::read_to_string(&file).unwrap();
                let anchor = |line: &str| {
                    let plain = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
                    plain.replace(|letter: char| !(letter.is_alphanumeric() || letter == '-'), "")
                };
                let found = text.lines().any(|line| line.starts_with('#') && anchor(line) == heading);
                assert!(found, "{path}: {link}");
            }
        }
    }
}
