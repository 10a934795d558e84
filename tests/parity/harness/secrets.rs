//! The secrets that a case speaks of: to verify signatures with, and to see that we never show one.

use std::borrow::Cow;

use endpoint::Request;
use serde_json::Value;

use super::case::{Case, FileSpec, ReplySpec};
use super::outcome::Outcome;
use super::process::Ended;
use super::servers::SECRET;
use super::template::Places;
use super::verdict::Problem;

/// Names after which a secret key stands in files and replies; in lower case.
const KEYS: [&str; 3] = ["aws_secret_access_key", "secretaccesskey", "awssecretkey"];
/// Names after which a token stands that must not be shown either.
const TOKENS: [&str; 16] = [
    "aws_session_token",
    "aws_security_token",
    "sessiontoken",
    "accesstoken",
    "access_token",
    "refreshtoken",
    "refresh_token",
    "idtoken",
    "clientsecret",
    "client_secret",
    "webidentitytoken",
    "tokencode",
    "dpopkey",
    "\"token\"",
    "password",
    "signature",
];
/// Variables that hold secrets.
const VARIABLES: [&str; 4] =
    ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"];
/// Headers of requests and replies whose values are secrets, in lower case.
const HEADERS: [&str; 9] = [
    "authorization",
    "proxy-authorization",
    "x-amz-security-token",
    "x-amz-sso_bearer_token",
    "x-aws-ec2-metadata-token",
    "x-amz-signature",
    "dpop",
    "cookie",
    "set-cookie",
];
/// Fields of an outcome that a person sees.
const SEEN: [&str; 4] = ["stdout", "stderr", "screen", "then"];
/// The field of an outcome that lists the secrets of its streams as they were written, before anything is masked.
const SHOWN: &str = "secrets shown";

/// What a signature is tried with: every value of the environment, every secret key of files and replies.
pub fn signing(case: &Case, places: &Places) -> Vec<String> {
    let filled = |text: &str| String::from_utf8_lossy(&places.bytes(text)).into_owned();
    let mut found: Vec<String> = vec![SECRET.to_owned(), String::new()];
    found.extend(case.secrets.iter().map(|text| filled(text)));
    found.extend(case.commands().flat_map(|command| command.env.values()).map(|text| filled(text)));
    found.extend(texts(case).iter().flat_map(|text| named(&filled(text), &KEYS)));
    found
}

/// Adds to `outcome` which secrets of the case, and of what was sent, the streams show as they were written.
pub fn note(case: &Case, ended: &[Ended], sent: &[Request], places: &Places, outcome: &mut Outcome) {
    let streams: Vec<Cow<'_, str>> = ended
        .iter()
        .flat_map(|one| [Some(&one.stdout), Some(&one.stderr), one.screen.as_ref()])
        .flatten()
        .map(|bytes| String::from_utf8_lossy(bytes))
        .collect();
    let secrets = all(case, sent, places);
    let shown: Vec<String> =
        secrets.into_iter().filter(|secret| streams.iter().any(|text| text.contains(secret))).collect();
    if !shown.is_empty() {
        outcome.insert(SHOWN.to_owned(), shown.into());
    }
}

/// Takes from `outcome` what [`note`] added.
pub fn forget(mut outcome: Outcome) -> Outcome {
    outcome.remove(SHOWN);
    outcome
}

/// Each secret that our `outcome` shows and the golden of v1 does not.
pub fn shown(golden: &Outcome, outcome: &Outcome) -> Vec<Problem> {
    let golden: String = SEEN.iter().filter_map(|field| golden.get(*field)).map(Value::to_string).collect();
    let shown = outcome.get(SHOWN).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let leaks = shown.filter(|secret| !golden.contains(*secret));
    leaks.map(|secret| Problem::plain(format!("a secret is shown: {secret}"))).collect()
}

/// The secrets of files, replies and environment, and those of the requests that were sent.
fn all(case: &Case, sent: &[Request], places: &Places) -> Vec<String> {
    let filled = |text: &str| String::from_utf8_lossy(&places.bytes(text)).into_owned();
    let mut secrets: Vec<String> = vec![SECRET.to_owned()];
    let bodies = sent.iter().map(|request| String::from_utf8_lossy(&request.body).replace('&', "\n"));
    let texts = texts(case).into_iter().map(|text| filled(text)).chain(bodies);
    secrets.extend(texts.flat_map(|text| [named(&text, &KEYS), named(&text, &TOKENS)]).flatten());
    let variables = case.commands().flat_map(|command| &command.env);
    let variables = variables.filter(|(name, _)| VARIABLES.contains(&name.as_str()));
    secrets.extend(variables.map(|(_, value)| filled(value)));
    let headers = sent.iter().flat_map(|request| &request.headers);
    secrets.extend(headers.flat_map(|(name, value)| of_header(name, value)));
    let replies = replies(case).into_iter().flat_map(|reply| &reply.headers);
    let values = replies.flat_map(|(name, values)| values.all().into_iter().map(move |value| (name, value)));
    secrets.extend(values.flat_map(|(name, value)| of_header(name, &filled(value))));
    secrets
        .retain(|secret| secret.len() >= 8 && secret.contains(|letter: char| !letter.is_ascii_alphabetic()));
    secrets.sort();
    secrets.dedup();
    secrets
}

/// What is secret in a header: the signature, the words behind the scheme, the value of a cookie.
fn of_header(name: &str, value: &str) -> Vec<String> {
    if !HEADERS.contains(&name.to_lowercase().as_str()) {
        return Vec::new();
    }
    if let Some((_, signature)) = value.split_once("Signature=") {
        return vec![signature.to_owned()];
    }
    let first = value.split(';').next().unwrap_or(value);
    let words = value.split(' ').chain(first.split_once('=').map(|(_, value)| value));
    words.map(str::to_owned).collect()
}

/// The texts of files and replies.
fn texts(case: &Case) -> Vec<&String> {
    let files = case.files.values().map(|file| match file {
        FileSpec::Text(text) => text,
        FileSpec::Full(file) => &file.text,
    });
    files.chain(replies(case).into_iter().filter_map(|reply| reply.body.as_ref())).collect()
}

/// The replies of all servers.
fn replies(case: &Case) -> Vec<&ReplySpec> {
    case.replies.iter().chain(case.servers.values().flat_map(|server| &server.replies)).collect()
}

/// What follows one of the names and `=`, `:` or `>` in a text.
fn named(text: &str, names: &[&str]) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for name in names {
        for (at, _) in lower.match_indices(name) {
            let after = &text[at + name.len()..];
            let line = after.split('\n').next().unwrap_or_default();
            let line =
                line.trim_start_matches(|letter: char| letter.is_whitespace() || "\"=:>".contains(letter));
            found.push(line.trim_end().to_owned());
            found.push(line.split(['"', '<', '\\']).next().unwrap_or_default().to_owned());
        }
    }
    found
}
