//! What the other program inherits: the same as without us, to the last variable, descriptor and signal.

use std::io::ErrorKind;
use std::process::Command;

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

/// What a [`RECORDER`] writes that [`UNUSUAL`] starts as `program`.
fn recorded(program: &str, path: &str) -> String {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", UNUSUAL, "sh", program]).args(WORDS).env_clear().env("PATH", path).env("HOME", "/none");
    shell.envs([
        ("EMPTY", ""),
        ("LINES_OF", "a\nb"),
        ("É", "é"),
        ("AWS_REGION", "r"),
        ("AWS_PROFILE", "none"),
    ]);
    shell.env("AWS_START_COPY_JOB_EXECUTED", "kept");
    let output = output(&mut shell);
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

#[test]
fn all_that_a_process_inherits_is_handed_on() {
    let place = Place::new("inherited");
    let path = place.path(&[Holds::SymbolicLink, Holds::Copy, Holds::Script(RECORDER.to_owned())]);
    let direct = recorded(place.0.join("2/aws").to_str().unwrap(), &path);
    assert!(direct.contains("descriptor: 7") && direct.ends_with("stdin: input"), "{direct}");
    assert_eq!(recorded("aws", &path), direct);
}

#[test]
fn one_variable_more_where_we_are_started_by_a_path() {
    let place = Place::new("inherited-by-path");
    let path = place.path(&[Holds::Script(RECORDER.to_owned())]);
    let direct = recorded(place.0.join("0/aws").to_str().unwrap(), &path);
    let ours = recorded(AWS, &path);
    let others = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines.into_iter().filter(|line| !line.starts_with("AWS_START_COPY_JOB_EXECUTED=")).collect::<Vec<_>>()
    };
    assert_eq!(others(&ours), others(&direct));
    assert!(ours.contains("\nAWS_START_COPY_JOB_EXECUTED=kept "), "{ours}");
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
