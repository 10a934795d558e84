//! Handing a line on: real processes, a PATH of folders with copies of us and fake programs in them.
//!
//! With `PARITY=live` the pinned v1 is what stands behind us in a script that uses both.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

mod pinned;

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use endpoint::backup::{ACCOUNT, Backup};
use endpoint::{Server, Setup};

use pinned::oracle;

/// Our binary.
const AWS: &str = env!("CARGO_BIN_EXE_aws");
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
echo "$1"
"#;

/// Stands for v1: a job runs when first asked about and is done after.
const FAKE_V1: &str = r#"#!/bin/sh
case "$1 $2 $4" in
    "backup describe-copy-job none") exit 255 ;;
    "backup describe-copy-job "*) if [ -e "$HOME/asked" ]; then echo COMPLETED; else echo RUNNING; fi ;;
    *) exit 9 ;;
esac
: > "$HOME/asked"
"#;
/// What a person has in a file: starts a job, waits for its end, asks for one that does not exist.
const NIGHTLY: &str = r#"
set -eu
id=$(aws backup start-copy-job "$@" --query CopyJobId --output text)
while
    state=$(aws backup describe-copy-job --copy-job-id "$id" --query CopyJob.State --output text)
    echo "$state"
    [ "$state" = RUNNING ]
do :; done
aws backup describe-copy-job --copy-job-id none 2> /dev/null || echo "exit $?"
"#;

/// What a folder of PATH holds under the name `aws`.
enum Holds {
    /// Our binary itself.
    SymbolicLink,
    /// The same.
    HardLink,
    /// Another file with our content.
    Copy,
    /// A script.
    Script(String),
    /// A file that cannot be run.
    Text,
    /// A folder.
    Folder,
}

/// An empty folder, removed at the end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// The folders for PATH, in this order, and behind them those that a script needs.
    fn path(&self, folders: &[Holds]) -> String {
        let mut path: Vec<String> =
            folders.iter().enumerate().map(|(at, holds)| self.folder(at, holds)).collect();
        path.push("/usr/bin:/bin".to_owned());
        path.join(":")
    }

    fn folder(&self, at: usize, holds: &Holds) -> String {
        let folder = self.0.join(at.to_string());
        let file = folder.join("aws");
        fs::create_dir(&folder).unwrap();
        match holds {
            Holds::SymbolicLink => symlink(AWS, &file).unwrap(),
            Holds::HardLink => fs::hard_link(AWS, &file).unwrap(),
            Holds::Copy => drop(fs::copy(AWS, &file).unwrap()),
            Holds::Script(text) => {
                fs::write(&file, text).unwrap();
                fs::set_permissions(&file, Permissions::from_mode(0o755)).unwrap();
            }
            Holds::Text => fs::write(&file, "no program").unwrap(),
            Holds::Folder => fs::create_dir(&file).unwrap(),
        }
        folder.display().to_string()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs our binary in an environment of nothing but `env`.
fn run(path: &str, words: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(AWS);
    command.args(words).env_clear().env("PATH", path).env("HOME", "/nonexistent").envs(env.iter().copied());
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(b"input");
    child.wait_with_output().unwrap()
}

#[test]
fn the_next_aws_on_path_answers() {
    use Holds::{Copy, Folder, HardLink, Script, SymbolicLink, Text};
    let other = || Script(OTHER.to_owned());
    let words = ["--region", "r", "ec2", "describe-instances", "", "a b"];
    let answer = "<--region><r><ec2><describe-instances><><a b> kept input";
    let refused = "aws: error: argument command: Invalid choice, valid choices are:\n\n\
                   backup                                   | help                                    \n";
    for (name, folders, code, expected) in [
        ("alone", vec![], 2, refused),
        ("other", vec![other()], 7, answer),
        ("links", vec![SymbolicLink, HardLink, other()], 7, answer),
        ("links-alone", vec![SymbolicLink, HardLink], 2, refused),
        ("copies", vec![SymbolicLink, Copy, Copy, other()], 7, answer),
        ("copies-alone", vec![Copy, SymbolicLink, Copy], 2, refused),
        ("no-programs", vec![Text, Folder, other()], 7, answer),
        ("back-to-us", vec![Script(format!("#!/bin/sh\nexec {AWS} \"$@\"\n"))], 2, refused),
        ("forks-back-to-us", vec![Script(format!("#!/bin/sh\n{AWS} \"$@\"\n"))], 2, refused),
    ] {
        let place = Place::new(name);
        let output = run(&place.path(&folders), &words, &[("MARK", "kept")]);
        assert_eq!(output.status.code(), Some(code), "{name}: {output:?}");
        let stream = if code == 2 { &output.stderr } else { &output.stdout };
        let text = String::from_utf8_lossy(stream);
        assert!(if code == 2 { text.ends_with(expected) } else { text == expected }, "{name}: {output:?}");
    }
}

#[test]
fn an_aws_that_calls_aws_reaches_itself() {
    let place = Place::new("nested");
    let path = place.path(&[Holds::Copy, Holds::SymbolicLink, Holds::Script(NESTED.to_owned())]);
    for (word, code) in [("outer", 0), ("forked", 3)] {
        let output = run(&path, &[word], &[]);
        assert_eq!(
            (output.status.code(), &*output.stdout),
            (Some(code), &b"inner\n"[..]),
            "{word}: {output:?}"
        );
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
        (&["help", "no-topic"], &[], 2),
        (&["backup", "help"], &[], 7),
        (&["backup", "start-copy-job", "help"], &[("PAGER", "cat")], 0),
        (&["backup", "start-copy-job"], &[], 2),
        (&["backup"], &[], 2),
        (&[], &[], 2),
        (&["--version", "ec2"], &[], 0),
        (&["--output", "yaml", "ec2"], &[], 2),
    ] {
        let output = run(&path, words, env);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {output:?}");
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
        ("[default]\ncli_history = disabled\n", 2),
    ] {
        fs::write(&config, text).unwrap();
        let words = ["backup", "start-copy-job"];
        assert_eq!(run(&path, &words, &env).status.code(), Some(code), "{text}");
        assert_eq!(run("/usr/bin:/bin", &words, &env).status.code(), Some(2), "{text}");
    }
    let own = ".aws/models";
    for (folder, variable, holds, code) in [
        (own, "", "ec2", 2),
        (own, "", "backup", 7),
        (own, "", "endpoints.json", 7),
        (own, "", "partitions.json.gz", 7),
        (own, "", "backups", 2),
        ("data", "/nonexistent:$HOME/data", "sts", 7),
        ("data", "~/data", "sts", 7),
        ("data", "~/none", "sts", 2),
    ] {
        let folder = place.0.join(folder);
        fs::create_dir_all(folder.join(holds)).unwrap();
        let env = [&env[..], &[("AWS_DATA_PATH", variable)]].concat();
        let output = run(&path, &["backup", "start-copy-job"], &env);
        assert_eq!(output.status.code(), Some(code), "{variable} {holds}: {output:?}");
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn a_script_starts_a_job_and_waits_for_it() {
    const KEY: (&str, &str) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let place = Place::new("nightly");
    let live = pinned::is_live();
    let v1 = if live {
        format!("#!/bin/sh\nexec {} \"$@\"\n", oracle::find().unwrap().path.display())
    } else {
        FAKE_V1.to_owned()
    };
    let path = place.path(&[Holds::SymbolicLink, Holds::Script(v1)]);
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
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "RUNNING\nCOMPLETED\nexit 255\n", "{output:?}");
    assert_eq!((output.status.code(), backup.job_ids().len()), (Some(0), 1));
    assert_eq!(server.count(), if live { 4 } else { 1 });
}
