//! The heads of all requests, line by line: method, target, and the headers in their order and spelling, once each.
//!
//! The lists are v1's; with `PARITY=live` the pinned v1 is held against them too.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

#[path = "common/pinned.rs"]
mod pinned;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use endpoint::{Reply, Request, Server, Service, Setup};

/// Stands for the server in values of [`Row::env`] and [`Row::config`].
const URL: &str = "{URL}";
/// The response of each service that is asked for credentials, and of AWS Backup.
const RESPONSES: [(&str, &str); 6] = [
    ("/latest/api/token", "token"),
    ("/latest/meta-data/iam/security-credentials/role", INSTANCE),
    ("/latest/meta-data/iam/security-credentials/", "role"),
    ("/creds", INSTANCE),
    (
        "/federation/credentials",
        r#"{"roleCredentials":{"accessKeyId":"ASIA","secretAccessKey":"s","sessionToken":"t","expiration":2000000000999}}"#,
    ),
    ("/token", r#"{"accessToken":"new","expiresIn":28800,"refreshToken":"r","tokenType":"Bearer"}"#),
];
/// Credentials of an instance or a container.
const INSTANCE: &str = r#"{"Code":"Success","AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"t","Expiration":"2033-05-18T03:33:20Z"}"#;
/// The response of STS.
const ROLE: &str = "<ACTIONResponse><ACTIONResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s\
    </SecretAccessKey><SessionToken>t</SessionToken><Expiration>2033-05-18T03:33:20Z</Expiration></Credentials>\
    </ACTIONResult></ACTIONResponse>";
/// The response of AWS Backup.
const SUCCESS: &str = r#"{"CopyJobId":"job-1","CreationDate":1516925490.087,"IsParent":false}"#;

/// One server for all.
struct Everything;

impl Service for Everything {
    fn respond(&self, request: &Request) -> Reply {
        let known = RESPONSES.iter().find(|(path, _)| request.target.starts_with(path));
        if request.method == "CONNECT" {
            return Reply::text(403, "");
        }
        let body = String::from_utf8_lossy(&request.body);
        let role = body.strip_prefix("Action=").and_then(|rest| rest.split('&').next());
        let role = role.map(|action| ROLE.replace("ACTION", action));
        Reply::text(200, role.as_deref().unwrap_or(known.map_or(SUCCESS, |(_, body)| body)))
    }
}

/// A command, and what it sends.
struct Row {
    name: &'static str,
    env: &'static [(&'static str, &'static str)],
    /// `.aws/config`.
    config: &'static str,
    /// The cached token of single sign-on.
    token: &'static str,
    words: &'static [&'static str],
    heads: &'static [&'static str],
}

/// Keys in the environment.
const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "s")];

include!("heads/rows.rs");

/// Runs `program` for `row` in an empty home; returns the head of each request in one line.
fn heads(program: &Path, row: &Row) -> Vec<String> {
    let server = Server::start(Setup { certificate: None, service: Arc::new(Everything) }).unwrap();
    let url = format!("http://127.0.0.1:{}", server.port());
    let home =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("heads-{}-{}", row.name, server.port()));
    fs::create_dir_all(home.join(".aws/sso/cache")).unwrap();
    fs::write(home.join(".aws/config"), row.config.replace(URL, &url)).unwrap();
    if !row.token.is_empty() {
        let cache = home.join(".aws/sso/cache/3ece1471f44f63177cbc35ba0b904e0c096b6783.json");
        fs::write(cache, row.token).unwrap();
    }
    let mut command = Command::new(program);
    command.env_clear().env("HOME", &home).env("PATH", "/usr/bin:/bin").env("AWS_REGION", "us-east-1");
    command.env("AWS_DEFAULT_REGION", "us-east-1").env("AWS_MAX_ATTEMPTS", "1");
    command.env("AWS_ENDPOINT_URL_BACKUP", &url).env("AWS_EC2_METADATA_DISABLED", "true");
    let address = url.trim_start_matches("http://");
    let fill = |text: &str| {
        text.replace(URL, &url).replace("{SERVER}", address).replace("{HOME}", &home.to_string_lossy())
    };
    command.envs(row.env.iter().map(|(name, value)| (name, fill(value))));
    command.args([
        "backup",
        "start-copy-job",
        "--recovery-point-arn",
        "r",
        "--source-backup-vault-name",
        "vault",
    ]);
    command.args(["--destination-backup-vault-arn", "d", "--iam-role-arn", "i"]);
    command.args(row.words.iter().map(|word| fill(word)));
    command.output().unwrap();
    let lines = server.requests().into_iter().map(|request| {
        let names: Vec<_> = request.headers.into_iter().map(|(name, _)| name).collect();
        let target = request.target.replace(address, "{SERVER}");
        format!("{} {target} {}: {}", request.method, request.version, names.join(", "))
    });
    let lines = lines.collect();
    fs::remove_dir_all(home).unwrap();
    lines
}

#[test]
fn heads_are_v1s() {
    let mut programs = vec![PathBuf::from(env!("CARGO_BIN_EXE_aws"))];
    if pinned::is_live() {
        programs.push(pinned::oracle::find().unwrap().path);
    }
    let mut wrong = Vec::new();
    for row in &ROWS {
        for program in &programs {
            let found = heads(program, row);
            if found != row.heads {
                wrong.push(format!("{} of {}:\n{found:#?}", row.name, program.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The polls of a wait name the waiter's feature in their User-Agent, a describe by itself does not.
///
/// Rows: WAITC-23.
#[test]
fn polls_name_their_feature() {
    let agents = |words: &[&str]| {
        let server = Server::start(Setup { certificate: None, service: Arc::new(Everything) }).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_aws"));
        command.env_clear().envs(KEYS).env("AWS_DEFAULT_REGION", "us-east-1").arg("backup").args(words);
        command.args(["--copy-job-id", "job-1", "--endpoint-url"]);
        command.arg(format!("http://127.0.0.1:{}", server.port())).output().unwrap();
        let headers = server.requests().into_iter().flat_map(|request| request.headers);
        let agents = headers.filter(|(name, _)| name == "User-Agent");
        agents.map(|(_, value)| value.ends_with(" m/B")).collect::<Vec<_>>()
    };
    let polls = agents(&["wait", "copy-job-completed", "--delay", "0", "--max-attempts", "2"]);
    assert_eq!(polls, [true, true]);
    assert_eq!(agents(&["describe-copy-job"]), [false]);
}
