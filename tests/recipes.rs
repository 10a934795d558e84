//! The recipes of `.github/recipes.md`, each run against local servers, with a fault in the middle.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: it ends at the first thing that is wrong"
)]

use std::sync::Arc;

use endpoint::backup::{Backup, Key};
use endpoint::job::JobState;
use endpoint::script::{Match, Script};
use endpoint::{End, Reply, Server, Service, Setup};

#[path = "common/shell.rs"]
mod shell;

use shell::{KEY, REGION, Releases, Shell, backup, blocks, script};

/// The document.
const RECIPES: &str = ".github/recipes.md";
/// What README calls the nightly script.
const NIGHTLY: &str = "nightly.sh";
/// The copy that the script makes, in the example's vault.
const POINT: &str = "arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0";

/// A server whose first responses are faults: an overloaded service, a connection that ends, a throttled call.
fn with_faults(service: Arc<dyn Service>, method: &str) -> Server {
    let only = Match { method: Some(method.to_owned()), ..Match::default() };
    let throttled = r#"{"Code":"ThrottlingException","Message":"Rate exceeded"}"#;
    let faults = [
        Reply::text(503, "<html>busy</html>"),
        Reply::nothing(End::Reset),
        Reply { body: throttled.as_bytes().to_vec(), ..Reply::text(400, "") },
    ];
    let rules = faults.map(|fault| (only.clone(), fault)).to_vec();
    let service = Arc::new(Script::new(rules, Vec::new()).then(service));
    Server::start(Setup { certificate: None, service }).unwrap()
}

/// Returns recovery points of the vault `primary`, and the service that has them.
fn vault(count: usize) -> (Vec<String>, Backup) {
    let points: Vec<String> =
        (0..count).map(|number| format!("arn:aws:ec2:{REGION}::snapshot/snap-{number:017}")).collect();
    let backup = points.iter().fold(backup(), |backup, point| backup.with_recovery_point("primary", point));
    (points, backup)
}

/// Returns lines, sorted.
fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

/// A program behind ours that lists recovery points, as the AWS CLI does.
fn lister(points: &[String]) -> String {
    format!(
        "#!/bin/sh\ntest \"$2\" = list-recovery-points-by-backup-vault || exit 9\ncat <<end\n{}\nend\n",
        points.join("\n")
    )
}

/// Eleven good recovery points and one that is gone: eleven jobs, the other one named, and no job more the second time.
#[test]
fn a_whole_vault_is_copied_once() {
    let (mut points, backup) = vault(11);
    let gone = format!("arn:aws:ec2:{REGION}::snapshot/snap-gone");
    points.insert(3, gone.clone());
    let backup = Arc::new(backup);
    let server = with_faults(Arc::<Backup>::clone(&backup), "PUT");
    let shell = Shell::new("vault").signed_in(&server).program("aws", &lister(&points));
    let shell =
        shell.program("date", "#!/bin/sh\necho 2026-11-27\n").file("vault.sh", &script(RECIPES, "vault.sh"));

    let first = shell.run("sh vault.sh", "");
    assert_eq!(first.code, 123, "{first:?}");
    assert_eq!(backup.job_ids().len(), 11, "{first:?}");
    let mut ids = backup.job_ids();
    ids.sort();
    assert_eq!(sorted(&first.stdout), ids);
    assert!(first.stderr.contains(&format!("not started: {gone}\n")), "{first:?}");
    assert_eq!(first.stderr.matches("not started: ").count(), 1, "{first:?}");

    let second = shell.run("sh vault.sh", "");
    assert_eq!(sorted(&second.stdout), ids, "the second run of a day finds the same jobs");
    assert_eq!(backup.job_ids().len(), 11, "{second:?}");
    let tomorrow = shell.program("date", "#!/bin/sh\necho 2026-11-28\n").run("sh vault.sh", "");
    assert_eq!(backup.job_ids().len(), 22, "{tomorrow:?}");
}

/// Of many jobs those are named that did not complete.
#[test]
fn what_did_not_complete_is_reported() {
    let (points, backup) = vault(6);
    let failed = JobState::Failed("The key is disabled.".to_owned());
    let partial = JobState::Partial("1 of 2 parts.".to_owned());
    let backup = Arc::new(
        backup
            .with_states(&[JobState::Completed])
            .with_states_of(&points[2], &[failed])
            .with_states_of(&points[4], &[partial]),
    );
    let server = with_faults(Arc::<Backup>::clone(&backup), "GET");
    let shell = Shell::new("report").signed_in(&server).program("aws", &lister(&points));
    let shell = shell.file("vault.sh", &script(RECIPES, "vault.sh"));
    let shell = shell.file("report.sh", &script(RECIPES, "report.sh"));

    let ran = shell.run("sh vault.sh > jobs.txt; echo none >> jobs.txt; sh report.sh < jobs.txt", "");
    let ids = backup.job_ids();
    assert_eq!(ids.len(), 6, "{ran:?}");
    let id_of = |point: &str| {
        let listed =
            shell.run(&format!("aws backup describe-copy-job --output text --copy-job-id {point}"), "");
        listed.stdout.contains(&points[2])
    };
    let failed = ids.iter().find(|id| id_of(id)).unwrap();
    assert!(ran.stdout.contains(&format!("{failed}\tFAILED\tThe key is disabled.\n")), "{ran:?}");
    assert!(ran.stdout.contains("\tPARTIAL\t1 of 2 parts.\n"), "{ran:?}");
    assert!(ran.stdout.contains("none could not be looked up\n"), "{ran:?}");
    assert_eq!((ran.stdout.lines().count(), ran.code), (3, 123), "{ran:?}");
}

/// A service for roles: busy once, then keys for whoever shows a web identity.
fn roles() -> Server {
    let response = "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
        <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>\
        <SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token</SessionToken>\
        <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>\
        </AssumeRoleWithWebIdentityResponse>";
    let shown = Match { body: Some("WebIdentityToken=the.identity.token".to_owned()), ..Match::default() };
    let rules = vec![(shown.clone(), Reply::text(503, "")), (shown, Reply::text(200, response))];
    let service = Arc::new(Script::new(rules, Vec::new()));
    Server::start(Setup { certificate: None, service }).unwrap()
}

/// An AWS Backup that knows the role's keys alone, its jobs done at once.
fn for_role() -> Arc<Backup> {
    let key = Key { secret: "role-secret".to_owned(), session_token: Some("role-token".to_owned()) };
    let backup = Backup::new(REGION).with_key("ASIAROLE", key).with_vault("primary").with_vault("secondary");
    Arc::new(backup.with_recovery_point("primary", POINT).with_states(&[JobState::Completed]))
}

/// Returns the block of YAML that holds a word.
fn yaml(word: &str) -> String {
    blocks(RECIPES, "yaml").into_iter().find(|block| block.contains(word)).unwrap()
}

/// Returns the value of `name: value` in a block.
fn value<'a>(block: &'a str, name: &str) -> &'a str {
    let line = block.lines().find_map(|line| line.trim().strip_prefix(&format!("{name}: ")));
    line.unwrap_or_else(|| panic!("no {name} in\n{block}"))
}

/// Returns a home for a scheduled job: the nightly script, the services, nothing of a person's.
fn scheduled(name: &str, block: &str, server: &Server, roles: &Server) -> Shell {
    let url = |server: &Server| format!("http://127.0.0.1:{}", server.port());
    let shell = Shell::new(name).file(NIGHTLY, &script("README.md", NIGHTLY));
    let shell = shell.env("AWS_ENDPOINT_URL_BACKUP", &url(server)).env("AWS_ENDPOINT_URL_STS", &url(roles));
    let shell = shell.env("AWS_ROLE_ARN", value(block, "AWS_ROLE_ARN"));
    shell.env("AWS_DEFAULT_REGION", value(block, "AWS_DEFAULT_REGION"))
}

/// GitHub's identity becomes a role, and the role makes the copy.
#[test]
fn github_needs_no_stored_keys() {
    let block = yaml("ACTIONS_ID_TOKEN_REQUEST_URL");
    let (_, lines) = block.split_once("        run: |\n").unwrap();
    let lines = lines.replace("\n          ", "\n");
    let bearer = Match {
        path: Some("/identity?x=1&audience=sts.amazonaws.com".to_owned()),
        header: Some("authorization: Bearer asker".to_owned()),
        ..Match::default()
    };
    let found = Reply::text(200, r#"{"count":18,"value":"the.identity.token"}"#);
    let service = Arc::new(Script::new(vec![(bearer, found)], Vec::new()));
    let identities = Server::start(Setup { certificate: None, service }).unwrap();
    let (backup, roles) = (for_role(), roles());
    let server = with_faults(Arc::<Backup>::clone(&backup), "PUT");
    let shell = scheduled("github", &block, &server, &roles);
    let file = shell.home.join("identity").display().to_string();
    let url = format!("http://127.0.0.1:{}/identity?x=1", identities.port());
    let shell = shell.env("AWS_WEB_IDENTITY_TOKEN_FILE", &file).env("ACTIONS_ID_TOKEN_REQUEST_URL", &url);
    let shell = shell.env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "asker");

    let ran = shell.run(&format!("set -eo pipefail\n{}", lines.trim()), "");
    assert_eq!((ran.code, backup.job_ids().len()), (0, 1), "{ran:?}");
    assert!(ran.stdout.starts_with("arn:aws:ec2:us-east-1::snapshot/snap-"), "{ran:?}");
    assert_eq!(value(&block, "id-token"), "write # the job's identity");
}

/// GitLab's identity becomes a role; the binary is fetched and its checksum held.
#[test]
fn gitlab_needs_no_stored_keys() {
    let block = yaml("CI_PIPELINE_SOURCE");
    let (_, lines) = block.split_once("  script:\n").unwrap();
    let lines: Vec<&str> = lines.lines().map(|line| line.trim_start().strip_prefix("- ").unwrap()).collect();
    let name = value(&block, "NAME");
    let (backup, roles) = (for_role(), roles());
    let server = with_faults(Arc::<Backup>::clone(&backup), "PUT");
    let shell = scheduled("gitlab", &block, &server, &roles);
    std::fs::remove_dir_all(shell.home.join("bin")).unwrap();
    let releases = Arc::new(Releases::new(&shell, name));
    let host = Server::start(Setup { certificate: None, service: releases }).unwrap();
    let file = shell.home.join("identity").display().to_string();
    let shell = shell.env("AWS_WEB_IDENTITY_TOKEN_FILE", &file).env("IDENTITY", "the.identity.token");
    let shell = shell.env("NAME", name).env("RELEASE", &format!("http://127.0.0.1:{}/o/r", host.port()));

    let ran = shell.run(&format!("set -e\n{}", lines.join("\n")), "");
    assert_eq!((ran.code, backup.job_ids().len()), (0, 1), "{ran:?}");
    assert!(ran.stdout.contains("arn:aws:ec2:us-east-1::snapshot/snap-"), "{ran:?}");
    let shell = shell.file(&format!("releases/{name}.tar.gz"), "another archive");
    let ran = shell.run(&format!("set -e\n{}", lines.join("\n")), "");
    assert!(ran.code != 0 && ran.stdout.contains("FAILED"), "{ran:?}");
    assert_eq!(backup.job_ids().len(), 1, "nothing is started with a binary that is not the listed one");
}

/// cron's environment is enough, and a slow night does not meet the next.
#[test]
fn cron_runs_it_one_at_a_time() {
    let table = blocks(RECIPES, "crontab").remove(0);
    let backup = Arc::new(backup().with_states(&[JobState::Completed]));
    let server = with_faults(Arc::<Backup>::clone(&backup), "PUT");
    let keys = format!("[backup]\naws_access_key_id = {}\naws_secret_access_key = {}\n", KEY.0, KEY.1);
    let url = format!("http://127.0.0.1:{}", server.port());
    let config = format!("[profile backup]\nregion = {REGION}\nendpoint_url = {url}\n");
    let mut shell = Shell::new("cron").file(".aws/credentials", &keys).file(".aws/config", &config);
    shell =
        shell.file(NIGHTLY, &script("README.md", NIGHTLY)).env("SHELL", "/bin/sh").env("LOGNAME", "backup");
    for line in table.lines().filter(|line| !line.starts_with(|first: char| first.is_ascii_digit())) {
        let (name, value) = line.split_once('=').unwrap();
        let first = shell.home.join("bin").display().to_string();
        let value = if name == "PATH" { format!("{first}:{value}") } else { value.to_owned() };
        shell = shell.env(name, &value);
    }
    let line = table.lines().find(|line| line.starts_with("10 2 * * * ")).unwrap();
    let command = line.trim_start_matches("10 2 * * * ").replace("\\%", "%");

    let held = shell.run(&format!("flock \"$HOME/nightly.lock\" sh -c '{command}'"), "");
    assert_eq!((held.code, backup.job_ids().len()), (1, 0), "{held:?}");
    let ran = shell.run(&command, "");
    assert_eq!((ran.code, ran.stdout.as_str(), backup.job_ids().len()), (0, "", 1), "{ran:?}");
    let log = std::fs::read_to_string(shell.home.join("nightly.log")).unwrap();
    assert!(log.starts_with("arn:aws:ec2:us-east-1::snapshot/snap-"), "{log}");
}

/// The container finds the configuration where the recipe mounts it; here `docker` is a script that keeps to what
/// the Dockerfile says.
#[test]
fn a_container_finds_its_configuration() {
    let file = shell::read(".github/Dockerfile");
    assert!(file.contains("\nFROM scratch\n") && file.contains("\nENV HOME=/home/aws "), "{file}");
    assert!(file.contains("ENTRYPOINT [\"/usr/local/bin/aws\"]"), "{file}");
    let docker = "#!/bin/sh\ntest \"$1 $2 $3\" = 'run --rm -v' || exit 9\nfrom=${4%:*} to=${4##*:}\n\
        test \"$to\" = /home/aws/.aws || exit 9\nshift 5\nexec env -i HOME=\"${from%/.aws}\" PATH= \"$AWS\" \"$@\"\n";
    let backup = Arc::new(backup());
    let server = with_faults(Arc::<Backup>::clone(&backup), "PUT");
    let url = format!("http://127.0.0.1:{}", server.port());
    let config = format!("[default]\nregion = {REGION}\nendpoint_url = {url}\n");
    let keys = format!("[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n", KEY.0, KEY.1);
    let shell = Shell::new("container").file(".aws/config", &config).file(".aws/credentials", &keys);
    let shell = shell.program("docker", docker).env("AWS", env!("CARGO_BIN_EXE_aws"));
    let ran = shell.run(&script(RECIPES, "container.sh"), "");
    assert_eq!((ran.code, backup.job_ids().len()), (0, 1), "{ran:?}");
    assert!(ran.stdout.contains("\"CopyJobId\""), "{ran:?}");
}
