//! Many runs that renew one session at the same time, of a service that takes each refresh token once: real processes.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot set itself up fails")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use endpoint::http::Request;
use endpoint::script::{Match, Script};
use endpoint::server::Service;
use endpoint::{Reply, Server, Setup};
use serde_json::{Value, json};

/// Our binary.
const AWS: &str = env!("CARGO_BIN_EXE_aws");
/// Runs at the same time.
const RUNS: usize = 12;
/// How often.
const ROUNDS: usize = 5;
/// A private key, without the lines around it.
const KEY: &str = "MHcCAQEEICRAOJUiHVakRBGRN46pqHBnZy5foJToxBqII6i1e0i3oAoGCCqGSM49AwEHoUQDQgAEn16AyNHYCtqC6Z9ETm5Gax+x\
                   spbvfG9Hu5GwyZolK8kIWni4FJPwLGcPJUfSpVXn0YDVKFmG6xU99yTPBe8OHg==";

/// A service that takes each refresh token once: `refresh-0`, then the one that it gave last.
struct Single {
    /// How many tokens it gave.
    given: Mutex<usize>,
    /// The name of its refusal.
    refusal: &'static str,
    /// The response, but for the refresh token.
    response: Value,
}

impl Service for Single {
    fn respond(&self, request: &Request) -> Reply {
        let mut given = self.given.lock().unwrap();
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        if asked["refreshToken"] != format!("refresh-{given}") {
            let headers = vec![("x-amzn-ErrorType".to_owned(), self.refusal.to_owned())];
            let body = br#"{"error": "TOKEN_EXPIRED", "message": "used"}"#.to_vec();
            return Reply { status: 400, headers, body, ..Reply::default() };
        }
        *given += 1;
        let mut response = self.response.clone();
        response["refreshToken"] = format!("refresh-{given}").into();
        Reply::json(200, &response)
    }
}

/// What a kind of session has on disk and over the wire.
struct Kind {
    /// Its name.
    name: &'static str,
    /// The profile.
    config: &'static str,
    /// The token's file below the home.
    file: &'static str,
    /// The token that has ended.
    token: Value,
    /// The refusal and the response of its service.
    service: (&'static str, Value),
}

/// Single sign-on and `aws login`.
fn kinds() -> [Kind; 2] {
    [
        Kind {
            name: "sso",
            config: "[default]\nsso_session = my\nsso_account_id = 1\nsso_role_name = r\n[sso-session my]\n\
                     sso_region = eu-west-1\nsso_start_url = https://x/start\n",
            file: ".aws/sso/cache/3ece1471f44f63177cbc35ba0b904e0c096b6783.json",
            token: json!({"accessToken": "old", "expiresAt": "2020-01-01T00:00:00Z", "refreshToken": "refresh-0",
                "clientId": "c", "clientSecret": "s", "registrationExpiresAt": "2033-05-18T03:33:20Z", "other": 1}),
            service: ("InvalidGrantException", json!({"accessToken": "new", "expiresIn": 28800})),
        },
        Kind {
            name: "login",
            config: "[default]\nlogin_session = arn:aws:iam::123456789012:user/me\n",
            file: ".aws/login/cache/286187707741fc2ccb93cf9e56dbd0ee0a16208feed5fbc8ae1baa86d44c283f.json",
            token: json!({"accessToken": {"accessKeyId": "ASIA", "secretAccessKey": "s", "sessionToken": "t",
                "accountId": "1", "expiresAt": "2020-01-01T00:00:00Z"}, "refreshToken": "refresh-0", "clientId": "c",
                "dpopKey": KEY, "other": 1}),
            service: (
                "AccessDeniedException",
                json!({"accessToken": {"accessKeyId": "ASIANEW",
                "secretAccessKey": "s", "sessionToken": "t"}, "expiresIn": 900, "tokenType": "t"}),
            ),
        },
    ]
}

/// A server of `service` on a free port.
fn server(service: impl Service + 'static) -> Server {
    Server::start(Setup { certificate: None, service: Arc::new(service) }).unwrap()
}

/// A server that says the same for ever.
fn constant(body: &Value) -> Server {
    server(Script::new(vec![(Match::default(), Reply::json(200, body))], Vec::new()))
}

/// Starts a copy job in `home`.
fn run(home: &Path, urls: &[(&str, String)]) -> Command {
    let mut command = Command::new(AWS);
    command.args([
        "backup",
        "start-copy-job",
        "--iam-role-arn",
        "arn:role",
        "--recovery-point-arn",
        "arn:point",
    ]);
    command.args(["--source-backup-vault-name", "primary", "--destination-backup-vault-arn", "arn:vault"]);
    command.env_clear().env("HOME", home).env("AWS_DEFAULT_REGION", "us-east-1");
    command.envs(urls.iter().map(|(name, url)| (format!("AWS_ENDPOINT_URL_{name}"), url)));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// An empty home with a configuration and a token.
fn home(kind: &Kind, round: usize) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("renewal-{}-{round}", kind.name));
    let _ = fs::remove_dir_all(&home);
    let token = home.join(kind.file);
    fs::create_dir_all(token.parent().unwrap()).unwrap();
    fs::write(home.join(".aws/config"), kind.config).unwrap();
    fs::write(token, kind.token.to_string()).unwrap();
    home
}

#[test]
fn one_refresh_token_serves_all_runs_at_a_time() {
    let backup = constant(&json!({"CopyJobId": "JOB"}));
    let portal = constant(&json!({"roleCredentials": {"accessKeyId": "ASIASSO", "secretAccessKey": "s",
        "sessionToken": "t", "expiration": 2_000_000_000_000_i64}}));
    for kind in kinds() {
        for round in 0..ROUNDS {
            let (refusal, response) = kind.service.clone();
            let renewal = server(Single { given: Mutex::new(0), refusal, response });
            let url = |server: &Server| format!("http://127.0.0.1:{}", server.port());
            let home = home(&kind, round);
            let urls = [
                ("BACKUP", url(&backup)),
                ("SSO", url(&portal)),
                ("SSO_OIDC", url(&renewal)),
                ("SIGNIN", url(&renewal)),
            ];
            let children: Vec<_> = (0..RUNS).map(|_| run(&home, &urls).spawn().unwrap()).collect();
            for child in children {
                let output = child.wait_with_output().unwrap();
                assert_eq!(output.status.code(), Some(0), "{} {round}: {output:?}", kind.name);
            }
            let file = home.join(kind.file);
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            let token: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
            assert_eq!((&token["refreshToken"], &token["other"]), (&"refresh-1".into(), &1.into()));
            assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
            fs::remove_dir_all(home).unwrap();
        }
    }
}
