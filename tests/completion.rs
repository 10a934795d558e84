//! Completion in a real bash, and as the `aws_completer` that v1's `complete -C` calls.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Our binary.
const AWS: &str = env!("CARGO_BIN_EXE_aws");
/// What a person who pressed the tab key gets, one candidate a line.
const TAB: &str = "eval \"$(aws_completer bash)\"\nCOMP_WORDS=(\"$@\")\nCOMP_CWORD=$(($# - 1))\n\
                   $(complete -p aws | sed 's/.*-F \\([^ ]*\\).*/\\1/')\nprintf '%s|' \"${COMPREPLY[@]}\"\n";

/// An empty home with two profiles and `aws_completer` in its `bin`.
fn home(name: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(home.join(".aws")).unwrap();
    fs::create_dir_all(home.join("bin")).unwrap();
    fs::create_dir_all(home.join("next")).unwrap();
    fs::write(home.join(".aws/config"), "[profile dr]\n[default]\n").unwrap();
    symlink(AWS, home.join("bin/aws_completer")).unwrap();
    home
}

/// Runs `program` in `home` and gives what it writes.
fn run(home: &Path, program: &str, words: &[&str], env: &[(&str, &str)]) -> String {
    let path = format!("{0}/bin:{0}/next:/usr/bin:/bin", home.display());
    let mut command = Command::new(program);
    command.args(words).env_clear().env("HOME", home).env("PATH", path).envs(env.iter().copied());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn bash_completes_names_options_and_values() {
    let home = home("completion-bash");
    for (line, expected) in [
        ("aws b", "backup|"),
        ("aws backup s", "start-copy-job|"),
        ("aws backup start-copy-job --rec", "--recovery-point-arn|"),
        ("aws backup start-copy-job --output t", "text|table|"),
        ("aws backup start-copy-job --output = t", "text|table|"),
        ("aws backup start-copy-job --generate-cli-skeleton o", "output|"),
        ("aws --profile d", "dr|default|"),
        ("aws --region eu-w", "eu-west-1|eu-west-2|eu-west-3|"),
    ] {
        let words: Vec<&str> = ["-c", TAB, "bash"].into_iter().chain(line.split(' ')).collect();
        assert_eq!(run(&home, "bash", &words, &[]), expected, "{line}");
    }
}

#[test]
fn other_commands_are_asked_of_the_next_completer() {
    let home = home("completion-next");
    let completer = home.join("bin/aws_completer").display().to_string();
    let ask = |line: &str| run(&home, &completer, &["aws", "", "aws"], &[("COMP_LINE", line)]);
    assert_eq!(ask("aws ec"), "\n");
    let next = home.join("next/aws_completer");
    fs::write(&next, "#!/bin/sh\necho \"next: $COMP_LINE $*\"\n").unwrap();
    fs::set_permissions(&next, Permissions::from_mode(0o755)).unwrap();
    assert_eq!(ask("aws ec"), "next: aws ec aws  aws\n");
    assert_eq!(ask("aws backup start-copy-job --outp"), "--output\n");
    assert_eq!(run(&home, &completer, &["words", "aws", "ec"], &[]), "next: aws ec words aws ec\n");
}

#[test]
fn each_shell_gets_its_script() {
    let home = home("completion-scripts");
    let completer = home.join("bin/aws_completer").display().to_string();
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&home, &completer, &[shell], &[]);
        assert!(script.contains("aws_completer words"), "{shell}");
    }
}
