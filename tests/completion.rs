//! Completion in a real bash, zsh and fish, and as the `aws_completer` that v1's `complete -C` calls.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Our binary.
const AWS: &str = env!("CARGO_BIN_EXE_aws");
/// What is typed before the tab key, and what all shells offer then.
const LINES: [(&str, &[&str]); 12] = [
    ("aws b", &["backup"]),
    ("aws backup s", &["start-copy-job"]),
    ("aws backup start-copy-job --rec", &["--recovery-point-arn"]),
    ("aws backup start-copy-job --query 'a b' --rec", &["--recovery-point-arn"]),
    ("aws backup start-copy-job --recovery-point-arn x --re", &["--region"]),
    ("aws backup start-copy-job --output ", &["json", "table", "text"]),
    ("aws backup start-copy-job --output t", &["table", "text"]),
    ("aws backup start-copy-job --generate-cli-skeleton o", &["output"]),
    ("aws --profile d", &["default", "dr"]),
    ("aws --region eu-w", &["eu-west-1", "eu-west-2", "eu-west-3"]),
    ("aws backup start-copy-job --ca-bundle ro", &["roots.pem"]),
    ("aws backup start-copy-job nothing", &[]),
];

/// Bash: readline's part by hand, `COMP_WORDS` up to the cursor and the unfinished word, then what the function
/// offers, else files.
const BASH: &str = r#"
eval "$(aws_completer bash)"
function=$(complete -p aws | sed 's/.*-F \([^ ]*\).*/\1/')
for line; do
    case $line in *\ ) line="$line''" ;; esac
    eval "COMP_WORDS=($line)"
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    unfinished=${COMP_WORDS[COMP_CWORD]}
    $function aws "$unfinished" "${COMP_WORDS[COMP_CWORD - 1]}"
    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$unfinished"))
    printf '%s|' "${COMPREPLY[@]}"
    echo
done
"#;
/// Zsh: an interactive one on a terminal of its own, its tab key; what is offered is caught from `compadd`.
const ZSH: &str = r#"
zmodload zsh/zpty && zpty shell "zsh -f -i" || exit 1
zpty -w shell 'PS1= PS2= RPS1=; unsetopt zle_bracketed_paste prompt_cr prompt_sp'
zpty -w shell 'autoload -Uz compinit && compinit -D -u; eval "$(aws_completer zsh)"'
zpty -w shell 'compadd() { local -a got; builtin compadd -O got "$@"; print -rn -- "${(j:|:)got}|" >> offered
    builtin compadd "$@" }'
for line; do
    : > offered
    zpty -n -w shell "$line"$'\t\C-g'
    zpty -w shell 'print d""one'
    zpty -r -m shell seen '*done*' || exit 1
    print -r -- "$(<offered)"
done
zpty -d shell
"#;
/// Fish: its own way to ask what the tab key would offer.
const FISH: &str =
    "aws_completer fish | source\nfor line in $argv\n    printf '%s|' (complete -C $line)\n    echo\nend\n";

/// An empty home with two profiles and `aws_completer` in its `bin`.
fn home(name: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(home.join(".aws")).unwrap();
    fs::create_dir_all(home.join("bin")).unwrap();
    fs::create_dir_all(home.join("next")).unwrap();
    fs::write(home.join(".aws/config"), "[profile dr]\n[default]\n").unwrap();
    fs::write(home.join("roots.pem"), "").unwrap();
    symlink(AWS, home.join("bin/aws_completer")).unwrap();
    home
}

/// `name` in `home`, in an environment of little more than PATH.
fn program(home: &Path, name: &str) -> Command {
    let mut command = Command::new(name);
    let path = format!("{0}/bin:{0}/next:/usr/local/bin:/usr/bin:/bin", home.display());
    command.current_dir(home).env_clear().env("HOME", home).env("PATH", path);
    command
}

/// Runs `name` in `home` and gives what it writes.
fn run(home: &Path, name: &str, words: &[&str], env: &[(&str, &str)]) -> String {
    let output = program(home, name).args(words).envs(env.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs `script` in `shell` with all lines, and compares what it offers. Where the shell is not installed it says so,
/// past the test runner, which shows nothing of tests that pass.
fn completes_in(shell: &str, options: &[&str], script: &str) {
    let home = home(&format!("completion-{shell}"));
    if program(&home, shell).arg("--version").output().is_err() {
        let note = format!("not run: completion in {shell}, which this machine does not have\n");
        std::io::stderr().write_all(note.as_bytes()).unwrap();
        return;
    }
    let lines = LINES.iter().map(|(line, _)| *line);
    let name = (shell != "fish").then_some(shell); // the others take the first word for their own name
    let words: Vec<&str> = options.iter().copied().chain(["-c", script]).chain(name).chain(lines).collect();
    let printed = run(&home, shell, &words, &[]);
    let offers: Vec<&str> = printed.lines().collect();
    assert_eq!(offers.len(), LINES.len(), "{shell}: {printed}");
    for ((line, expected), offered) in LINES.iter().zip(offers) {
        let mut offered: Vec<&str> = offered.split('|').filter(|word| !word.is_empty()).collect();
        offered.sort_unstable();
        offered.dedup();
        assert_eq!(&offered, expected, "{shell}: {line}");
    }
}

#[test]
fn bash_completes_names_options_and_values() {
    completes_in("bash", &["--norc"], BASH);
}

#[test]
fn zsh_completes_names_options_and_values() {
    completes_in("zsh", &["-f"], ZSH);
}

#[test]
fn fish_completes_names_options_and_values() {
    completes_in("fish", &["--no-config"], FISH);
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
