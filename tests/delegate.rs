//! Handing a line on: real processes, a PATH of folders with copies of us and fake programs in them.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

#[path = "delegate/inherited.rs"]
mod inherited;
#[path = "common/pinned.rs"]
mod pinned;
#[path = "delegate/place.rs"]
mod place;

use std::fs;
use std::process::Command;
use std::sync::Arc;

use endpoint::backup::{ACCOUNT, Backup};
use endpoint::{Server, Setup};

use place::{AWS, By, Holds, Place, command, output, run, start};

/// Tells how it was called, repeats its input and ends with 7.
const OTHER: &str = r#"#!/bin/sh
printf '<%s>' "$@"
printf ' %s ' "$MARK"
cat
exit 7
"#;
/// Calls `aws` by its name when asked for `outer`, as an alias of the other CLI may.
const NESTED: &str = r#"#!/bin/sh
[ "$1" = outer ] && exec aws inner
[ "$1" = forked ] && { aws inner; exit 3; }
[ "$1" = by-path ] && { "$AWS" inner; exit 3; }
echo "$1"
"#;

/// What a person has in a file: starts a job, waits for its end, asks for one that does not exist.
const NIGHTLY: &str = r#"
set -eu
id=$(aws backup start-copy-job "$@" --query CopyJobId --output text)
aws backup wait copy-job-completed --copy-job-id "$id" --delay 0
aws backup describe-copy-job --copy-job-id "$id" --query CopyJob.State --output text
aws backup describe-copy-job --copy-job-id none 2> /dev/null || echo "exit $?"
"#;

/// A copy of a recovery point, to be started.
const COPY: [&str; 10] = [
    "backup",
    "start-copy-job",
    "--source-backup-vault-name=s",
    "--recovery-point-arn=r",
    "--destination-backup-vault-arn=d",
    "--iam-role-arn=i",
    "--output=json",
    "--endpoint-url=http://127.0.0.1:9",
    "--cli-connect-timeout=1",
    "--no-sign-request",
];

/// The same without an output format.
const UNTYPED: [&str; 7] = [COPY[0], COPY[1], COPY[2], COPY[3], COPY[4], COPY[5], COPY[9]];

/// A script that executes our binary, `AWS` in `how`.
fn wrapper(how: &str) -> Holds {
    Holds::Script(format!("#!/bin/sh\n{}\n", how.replace("AWS", AWS)))
}

#[test]
fn the_next_aws_on_path_is_executed() {
    use Holds::{Copy, Folder, HardLink, Nothing, Script, SymbolicLink, Text};
    let other = || Script(OTHER.to_owned());
    let words = ["--region", "r", "ec2", "describe-instances", "", "a b"];
    let done = "<--region><r><ec2><describe-instances><><a b> kept input";
    let refused = "aws: error: argument command: Invalid choice, valid choices are:\n\n\
                   backup                                   | help                                    \n\
                   There is no other `aws` on PATH to run it.\n";
    for (name, folders, code, expected) in [
        ("alone", vec![Nothing], 2, refused),
        ("other", vec![other()], 7, done),
        ("links", vec![SymbolicLink, HardLink, other()], 7, done),
        ("links-alone", vec![SymbolicLink, HardLink], 2, refused),
        ("copies", vec![SymbolicLink, Copy, Copy, other()], 7, done),
        ("copies-alone", vec![Copy, SymbolicLink, Copy], 2, refused),
        ("no-programs", vec![Text, Folder, other()], 7, done),
        ("no-interpreter", vec![SymbolicLink, Script(OTHER.replace("#!/bin/sh\n", ""))], 7, done),
        ("wrapper-before", vec![wrapper("exec AWS \"$@\""), SymbolicLink, other()], 7, done),
        ("wrapper-before-forks", vec![wrapper("AWS \"$@\""), SymbolicLink, other()], 7, done),
        ("wrapper-behind", vec![SymbolicLink, wrapper("exec AWS \"$@\""), other()], 7, done),
        ("wrapper-behind-forks", vec![Copy, wrapper("AWS \"$@\"; exit"), other()], 7, done),
        ("wrapper-alone", vec![wrapper("exec AWS \"$@\"")], 2, refused),
        ("wrapper-alone-forks", vec![wrapper("AWS \"$@\"")], 2, refused),
        ("wrappers", vec![wrapper("exec AWS \"$@\""), wrapper("AWS \"$@\""), other()], 7, done),
        ("wrapper-of-words", vec![wrapper("exec AWS ec2 \"$@\"")], 2, refused),
        ("wrapper-of-words-forks", vec![wrapper("AWS \"$@\" --debug")], 2, refused),
        ("wrapper-between-words", vec![wrapper("w=$1; shift; exec AWS \"$w\" x \"$@\"")], 2, refused),
    ] {
        let place = Place::new(name);
        let path = place.path(&folders);
        for by in [By::Path, By::Name] {
            if matches!((by, folders.as_slice()), (By::Name, [Nothing])) {
                continue; // there is no such program
            }
            let output = output(command(by, &path, &words).env("MARK", "kept"));
            assert_eq!(output.status.code(), Some(code), "{name} by {by:?}: {output:?}");
            let stream = if code == 2 { &output.stderr } else { &output.stdout };
            let text = String::from_utf8_lossy(stream);
            let fits = if code == 2 { text.ends_with(expected) } else { text == expected };
            assert!(fits, "{name} by {by:?}: {output:?}");
        }
    }
}

/// An environment that leaves no byte for the note of what was executed.
#[test]
fn a_full_environment_is_handed_on() {
    const PART: usize = 100_000; // a single variable may have 128 KiB
    let place = Place::new("full-environment");
    let path = place.path(&[Holds::Script(OTHER.to_owned())]);
    let run = |program: &str, filled: usize| {
        let mut command = Command::new(program);
        command.arg("ec2").env_clear().env("PATH", &path);
        for (number, begin) in (0..filled).step_by(PART).enumerate() {
            command.env(format!("F{number:03}"), "x".repeat(PART.min(filled - begin)));
        }
        start(&mut command).ok()?.wait_with_output().ok()
    };
    let other = place.0.join("0/aws").display().to_string();
    let (mut fits, mut too_much) = (0, 8 << 20);
    while too_much - fits > 1 {
        let middle = usize::midpoint(fits, too_much);
        *(if run(&other, middle).is_some() { &mut fits } else { &mut too_much }) = middle;
    }
    assert!(fits > PART, "{fits}");
    for free in [0, 1, 30, 100, 300, 10_000] {
        let output = run(AWS, fits - free).unwrap();
        let found = (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned());
        assert_eq!(found, (Some(7), "<ec2>  ".to_owned()), "{free} bytes are free: {output:?}");
    }
}

#[test]
fn an_empty_entry_of_path_is_the_current_folder() {
    let place = Place::new("current-folder");
    let rest = place.path(&[Holds::SymbolicLink, Holds::Nothing, Holds::Script(OTHER.to_owned())]);
    let ours = place.0.join("0").display().to_string();
    for (folder, path, code) in [
        ("2", format!("{ours}::/usr/bin:/bin"), 7),
        ("2", "/usr/bin:/bin:".to_owned(), 7),
        ("2", format!(":{ours}:/usr/bin:/bin"), 2), // stands before our own entry
        ("0", format!(":{rest}"), 7),
        ("0", "/usr/bin::/bin".to_owned(), 2),
        ("1", format!("{ours}::/usr/bin:/bin"), 2),
    ] {
        let mut command = command(By::Path, &path, &["ec2"]);
        let output = output(command.current_dir(place.0.join(folder)));
        assert_eq!(output.status.code(), Some(code), "{path} in {folder}: {output:?}");
    }
}

#[test]
fn a_removed_binary_still_knows_its_entry() {
    for entry in ["1", "link"] {
        let place = Place::new(&format!("removed-{entry}"));
        let other = Holds::Script(OTHER.to_owned());
        place.path(&[wrapper("echo wrapped"), Holds::Copy, other]);
        let link = place.0.join("link");
        fs::create_dir(&link).unwrap();
        fs::hard_link(place.0.join("1/aws"), link.join("aws")).unwrap();
        let path = ["0", entry, "2"].map(|folder| place.0.join(folder).display().to_string()).join(":");
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", r#"exec 3< "$0"; /bin/rm "$0"; exec /proc/self/fd/3 "$@""#]);
        shell.arg(place.0.join("1/aws")).arg("ec2").env_clear().env("PATH", path + ":/usr/bin:/bin");
        let output = output(&mut shell);
        assert_eq!(String::from_utf8_lossy(&output.stdout), "<ec2>  input", "{entry}: {output:?}");
    }
}

#[test]
fn an_aws_that_calls_aws_reaches_itself() {
    let place = Place::new("nested");
    let path = place.path(&[Holds::Copy, Holds::SymbolicLink, Holds::Script(NESTED.to_owned())]);
    for by in [By::Name, By::Path] {
        for (word, code) in [("outer", 0), ("forked", 3), ("by-path", 3)] {
            let output = output(command(by, &path, &[word]).env("AWS", AWS));
            let found = (output.status.code(), &*output.stdout);
            assert_eq!(found, (Some(code), &b"inner\n"[..]), "{word} by {by:?}: {output:?}");
        }
    }
}

#[test]
fn what_is_ours_stays_with_us() {
    let place = Place::new("ours");
    let path = place.path(&[Holds::Script(OTHER.to_owned())]);
    for (words, env, code) in [
        (&["backup", "list-copy-jobs"][..], &[][..], 7),
        (&["backup", "list-copy-jobs"], &[("AWS_START_COPY_JOB_DELEGATE", "off")], 2),
        (&["backup", "list-copy-jobs", "--query", "["], &[], 7),
        (&["backup", "list-copy-jobs", "--cli-read-timeout", "x"], &[], 7),
        (&["help"], &[], 7),
        (&["help", "topics"], &[], 7),
        (&["help", "no-topic"], &[], 7),
        (&["backup", "help"], &[], 7),
        (&["backup", "start-copy-job", "help"], &[("PAGER", "cat")], 0),
        (&["backup", "start-copy-job"], &[], 7),
        (&["backup", "start-copy-job", "--no-cli-pager"], &[], 7),
        (&["backup", "start-copy-job", "--generate-cli-skeleton", "yaml-input"], &[], 7),
        (&["backup", "start-copy-job", "--generate-cli-skeleton"], &[], 0),
        (&["backup"], &[], 7),
        (&[], &[], 7),
        (&["--version", "ec2"], &[], 7),
        (&["--version", "ec2"], &[("AWS_START_COPY_JOB_DELEGATE", "off")], 0),
        (&["--output", "yaml", "ec2"], &[], 7),
        (&["backup", "start-copy-job", "--generate-cli-skeleton"], &[("AWS_REGION", "r")], 0),
        (&["backup", "start-copy-job", "--generate-cli-skeleton"], &[("AWS_DEFAULT_OUTPUT", "yaml")], 0),
        (&COPY, &[], 255),
        (&COPY, &[("AWS_REGION", "r")], 7),
        (&COPY, &[("AWS_REGION", "r"), ("AWS_DEFAULT_REGION", "-")], 255),
        (&COPY, &[("AWS_REGION", "r"), ("AWS_START_COPY_JOB_DELEGATE", "off")], 255),
        (&UNTYPED, &[("AWS_DEFAULT_OUTPUT", "yaml-stream")], 7),
        (&UNTYPED, &[("AWS_DEFAULT_OUTPUT", "jsno"), ("AWS_DEFAULT_REGION", "r")], 255),
        (
            &["--output", "off", "backup"],
            &[("AWS_CONFIG_FILE", "/dev/null"), ("PYTHONIOENCODING", "none")],
            7,
        ),
    ] {
        let output = run(&path, words, env);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {output:?}");
    }
}

#[test]
fn what_we_cannot_read_is_the_other_programs_to_complain_of() {
    let place = Place::new("unreadable");
    let path = place.path(&[Holds::Script(OTHER.to_owned())]);
    let config = place.0.join("config");
    fs::write(&config, "no section").unwrap();
    let config = ("AWS_CONFIG_FILE", config.to_str().unwrap());
    for (env, code) in [(config, 1), (("PYTHONIOENCODING", "none"), 1), (("AWS_PROFILE", "none"), 255)] {
        assert_eq!(run(&path, &["ec2"], &[env]).status.code(), Some(7), "{env:?}");
        assert_eq!(run(&path, &COPY, &[env]).status.code(), Some(code), "{env:?}");
    }
    let completer = place.0.join("aws_completer");
    fs::rename(place.0.join("0/aws"), place.0.join("0/aws_completer")).unwrap();
    fs::hard_link(AWS, &completer).unwrap();
    for words in [&["words", "aws", "e"][..], &[]] {
        let mut command = command(By::Path, &path, words);
        let program = std::os::unix::process::CommandExt::arg0(&mut command, &completer);
        let output =
            output(program.envs([config, ("COMP_LINE", if words.is_empty() { "aws e" } else { "" })]));
        assert_eq!(output.status.code(), Some(7), "{words:?}: {output:?}");
    }
}

#[test]
fn what_only_v1_can_do_goes_to_it() {
    let place = Place::new("only-v1");
    let config = place.0.join("config");
    let home = place.0.display().to_string();
    let env = [("AWS_CONFIG_FILE", config.to_str().unwrap()), ("HOME", home.as_str())];
    let path = place.path(&[Holds::SymbolicLink, Holds::Script(OTHER.to_owned())]);
    for (text, code) in [
        ("[default]\ncli_history = enabled\n", 7),
        ("[plugins]\nendpoint = awscli_plugin_endpoint\n", 7),
        ("[default]\napi_versions =\n  backup = 2017-01-01\n", 7),
        ("[default]\napi_versions =\n  backup = 2018-11-15\n", 255),
        ("[default]\napi_versions =\n  ec2 = 2011-01-01\n", 255),
        ("[default]\nbackup =\n  signature_version = v2\n", 7),
        ("[default]\nbackup =\n  signature_version = v4\n", 255),
        ("[default]\nbackup =\n  endpoint_url = http://127.0.0.1:9\n", 255),
        ("[default]\ncsm_enabled = true\n", 7),
        ("[default]\ncli_history = disabled\n", 255),
    ] {
        fs::write(&config, text).unwrap();
        assert_eq!(run(&path, &COPY, &env).status.code(), Some(code), "{text}");
        assert_eq!(run("/usr/bin:/bin", &COPY, &env).status.code(), Some(255), "{text}");
    }
    fs::write(&config, "").unwrap();
    fs::create_dir_all(place.0.join(".aws/cli")).unwrap();
    for (alias, code) in [("backup = s3", 7), ("other = s3", 255)] {
        fs::write(place.0.join(".aws/cli/alias"), format!("[toplevel]\n{alias}\n")).unwrap();
        assert_eq!(run(&path, &COPY, &env).status.code(), Some(code), "{alias}");
    }
    let own = ".aws/models";
    for (folder, variable, holds, code) in [
        (own, "", "ec2", 255),
        (own, "", "backup", 7),
        (own, "", "endpoints.json", 7),
        (own, "", "partitions.json.gz", 7),
        (own, "", "backups", 255),
        ("data", "/nonexistent:$HOME/data", "sts", 7),
        ("data", "~/data", "sts", 7),
        ("data", "~/none", "sts", 255),
    ] {
        let folder = place.0.join(folder);
        fs::create_dir_all(folder.join(holds)).unwrap();
        let env = [&env[..], &[("AWS_DATA_PATH", variable)]].concat();
        let output = run(&path, &COPY, &env);
        assert_eq!(output.status.code(), Some(code), "{variable} {holds}: {output:?}");
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn a_script_starts_a_job_and_waits_for_it() {
    const KEY: (&str, &str) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let place = Place::new("nightly");
    let path = place.path(&[Holds::SymbolicLink]);
    let backup = Arc::new(Backup::furnished("us-east-1", KEY.0, KEY.1));
    let server = Server::start(Setup { certificate: None, service: Arc::<Backup>::clone(&backup) }).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", NIGHTLY, "nightly", "--source-backup-vault-name", "primary"]);
    command.args(["--recovery-point-arn", "arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0"]);
    let vault = format!("arn:aws:backup:us-east-1:{ACCOUNT}:backup-vault:secondary");
    command.args(["--destination-backup-vault-arn", &vault]);
    command.args(["--iam-role-arn", &format!("arn:aws:iam::{ACCOUNT}:role/copy")]);
    let url = format!("http://127.0.0.1:{}", server.port());
    command.env_clear().envs([("PATH", path.as_str()), ("HOME", &place.0.display().to_string())]);
    command.envs([("AWS_ACCESS_KEY_ID", KEY.0), ("AWS_SECRET_ACCESS_KEY", KEY.1)]);
    command.envs([("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_ENDPOINT_URL_BACKUP", &url)]);
    let output = output(&mut command);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "COMPLETED\nexit 255\n", "{output:?}");
    assert_eq!((output.status.code(), backup.job_ids().len()), (Some(0), 1));
    assert_eq!(server.count(), 1 + 3 + 2, "one start, three polls, two looks");
}
