//! What the other program inherits: the same as without us, to the last variable, descriptor and signal.

use std::io::ErrorKind;
use std::process::{Command, Output};

use crate::pinned::oracle;
use crate::place::{AWS, By, Holds, Place, command, output, start};

/// Records what a process inherits and is given.
const RECORDER: &str = r#"#!/bin/sh
printf '<%s>' "$@"
echo; echo environment:; tr '\0' '\n' < /proc/$$/environ
echo folder: $(pwd -P), umask: $(umask)
grep -E "^(Sig|Shd)(Blk|Ign)" /proc/self/status
for descriptor in 0 1 2 3 4 5 6 7 8 9; do
    [ -e /proc/$$/fd/$descriptor ] && echo descriptor: $descriptor $(readlink /proc/$$/fd/$descriptor | tr -d 0-9)
done
echo limits: $(ulimit -n) $(ulimit -S -c), niceness: $(nice)
printf 'stdin: '; cat
exit 7
"#;
/// Sets a process up in an unusual way and becomes the words that it is given.
const UNUSUAL: &str = r#"
trap '' INT HUP USR1
umask 0137
ulimit -n 200
ulimit -S -c 0
cd /usr
exec 5< /etc/passwd 7> /dev/null
exec nice -n 3 "$@"
"#;
/// Words that are not ours, with all that a word can hold.
const WORDS: [&str; 7] = ["--region", "r", "ec2", "describe-instances", "", "a b\n\"'\\", "é"];

/// Variables with all that one can hold.
const VARIABLES: [(&str, &str); 6] = [
    ("EMPTY", ""),
    ("LINES_OF", "a\nb"),
    ("É", "é"),
    ("AWS_REGION", "r"),
    ("AWS_PROFILE", "none"),
    ("AWS_START_COPY_JOB_EXECUTED", "kept"),
];
/// A copy job whose members are on stdin.
const READS: [&str; 4] = ["backup", "start-copy-job", "--cli-input-json", "file:///dev/stdin"];
/// Words and variables of a command.
type Refused = (&'static [&'static str], &'static [(&'static str, &'static str)]);
/// What v1 refuses before it reads anything, or would refuse for what only version 2 knows: words behind [`READS`],
/// variables.
const REFUSED: [Refused; 14] = [
    (&["--version"], &[]),
    (&["--no-cli-pager"], &[]),
    (&["--cli-binary-format", "raw-in-base64-out"], &[]),
    (&["--cli-auto-prompt"], &[]),
    (&["--cli-input-yaml", "file:///dev/stdin"], &[]),
    (&["--output", "yaml"], &[]),
    (&["--output", "off"], &[]),
    (&["--generate-cli-skeleton", "yaml-input"], &[]),
    (&["--region", "r", "--query", "["], &[]),
    (&["--region", "r", "--endpoint-url", "h"], &[]),
    (&["--region", "r", "--cli-read-timeout", "x"], &[]),
    (&[], &[("AWS_REGION", "r")]),
    (&["--region", "r"], &[("AWS_DEFAULT_OUTPUT", "yaml")]),
    (&["--region", "r"], &[("AWS_DEFAULT_OUTPUT", "off")]),
];

/// Runs `program` with [`READS`] and `words` as [`UNUSUAL`] starts it.
fn run(program: &str, path: &str, words: &[&str], env: &[(&str, &str)]) -> Output {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", UNUSUAL, "sh", program]).args(words).env_clear().env("PATH", path).env("HOME", "/none");
    output(shell.envs(env.iter().copied()))
}

/// What a [`RECORDER`] writes that is started so.
fn recorded(program: &str, path: &str, words: &[&str], env: &[(&str, &str)]) -> String {
    let output = run(program, path, words, env);
    assert_eq!(output.status.code(), Some(7), "{words:?} {env:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

#[test]
fn all_that_a_process_inherits_is_handed_on() {
    let place = Place::new("inherited");
    let path = place.path(&[Holds::SymbolicLink, Holds::Copy, Holds::Script(RECORDER.to_owned())]);
    let direct = recorded(place.0.join("2/aws").to_str().unwrap(), &path, &WORDS, &VARIABLES);
    assert!(direct.contains("descriptor: 7") && direct.ends_with("stdin: input"), "{direct}");
    assert_eq!(recorded("aws", &path, &WORDS, &VARIABLES), direct);
}

#[test]
fn one_variable_more_where_we_are_started_by_a_path() {
    let place = Place::new("inherited-by-path");
    let path = place.path(&[Holds::Script(RECORDER.to_owned())]);
    let direct = recorded(place.0.join("0/aws").to_str().unwrap(), &path, &WORDS, &VARIABLES);
    let ours = recorded(AWS, &path, &WORDS, &VARIABLES);
    let others = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines.into_iter().filter(|line| !line.starts_with("AWS_START_COPY_JOB_EXECUTED=")).collect::<Vec<_>>()
    };
    assert_eq!(others(&ours), others(&direct));
    assert!(ours.contains("\nAWS_START_COPY_JOB_EXECUTED=kept "), "{ours}");
}

#[test]
fn nothing_is_read_before() {
    let place = Place::new("unread");
    let path = place.path(&[Holds::SymbolicLink, Holds::Script(RECORDER.to_owned())]);
    for (words, env) in REFUSED {
        let words = [&READS, words].concat();
        let direct = recorded(place.0.join("1/aws").to_str().unwrap(), &path, &words, env);
        assert!(direct.ends_with("stdin: input"), "{direct}");
        assert_eq!(recorded("aws", &path, &words, env), direct);
    }
}

/// With `PARITY=live`.
#[test]
fn with_v1_behind_the_bytes_are_v1s() {
    if std::env::var("PARITY").is_ok_and(|mode| mode == "live") {
        let place = Place::new("v1-behind");
        let v1 = format!("#!/bin/sh\nexec {} \"$@\"\n", oracle::find().unwrap().path.display());
        let path = place.path(&[Holds::SymbolicLink, Holds::Script(v1)]);
        for (words, env) in REFUSED.into_iter().chain([(&["--nope"][..], &[][..])]) {
            let words = [&READS, words].concat();
            let direct = run(place.0.join("1/aws").to_str().unwrap(), &path, &words, env);
            assert_eq!(run("aws", &path, &words, env), direct, "{words:?} {env:?}");
        }
    }
}

/// The greatest number for which `fits` is true; it is for 0.
fn greatest(fits: impl Fn(usize) -> bool) -> usize {
    let (mut good, mut bad) = (0, 8 << 20);
    while bad - good > 1 {
        let middle = usize::midpoint(good, bad);
        *(if fits(middle) { &mut good } else { &mut bad }) = middle;
    }
    good
}

#[test]
fn nothing_is_added_to_an_environment_that_is_full() {
    let place = Place::new(&format!("full-{}", "x".repeat(100))); // a path longer than ours
    let path = place.path(&[Holds::Script("#!/bin/sh\nexit 7\n".to_owned())]);
    let filled = |by: By, size: usize| {
        let mut command = command(by, &path, &["ec2"]);
        for (at, size) in
            [vec![100_000; size / 100_000], vec![size % 100_000]].concat().into_iter().enumerate()
        {
            command.env(format!("FILL{at:03}"), "x".repeat(size));
        }
        match start(&mut command) {
            Ok(child) => Some(child.wait_with_output().unwrap()),
            Err(error) if error.kind() == ErrorKind::ArgumentListTooLong => None,
            Err(error) => panic!("{error}"),
        }
    };
    let most = greatest(|size| filled(By::Name, size).is_some()); // that the other program can be started with
    let output = filled(By::Path, most).unwrap();
    assert_eq!(output.status.code(), Some(7), "{most}: {output:?}");
}
