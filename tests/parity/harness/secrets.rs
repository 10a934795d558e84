//! The secrets that a case speaks of: to verify signatures with, and to see that we never show one.

use serde_json::Value;

use super::case::{Case, FileSpec, ReplySpec};
use super::outcome::Outcome;
use super::servers::SECRET;
use super::template::Places;
use super::verdict::Problem;

/// Names after which a secret key stands in files and replies; in lower case.
const KEYS: [&str; 3] = ["aws_secret_access_key", "secretaccesskey", "awssecretkey"];
/// Names after which a token stands that must not be shown either.
const TOKENS: [&str; 8] = [
    "aws_session_token",
    "aws_security_token",
    "sessiontoken",
    "accesstoken",
    "refreshtoken",
    "clientsecret",
    "\"token\"",
    "password",
];
/// Variables that hold secrets.
const VARIABLES: [&str; 4] =
    ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"];
/// Fields of the outcome that a person sees.
const SEEN: [&str; 4] = ["stdout", "stderr", "screen", "then"];

/// What a signature is tried with: every value of the environment, every secret key of files and replies.
pub fn signing(case: &Case, places: &Places) -> Vec<String> {
    let filled = |text: &str| String::from_utf8_lossy(&places.bytes(text)).into_owned();
    let mut found: Vec<String> = vec![SECRET.to_owned(), String::new()];
    found.extend(case.secrets.iter().map(|text| filled(text)));
    found.extend(case.commands().flat_map(|command| command.env.values()).map(|text| filled(text)));
    found.extend(texts(case).iter().flat_map(|text| named(&filled(text), &KEYS)));
    found
}

/// Each secret of the case that our `outcome` shows in a field where v1 does not.
pub fn shown(case: &Case, golden: &Outcome, outcome: &Outcome) -> Vec<Problem> {
    let mut secrets: Vec<String> = vec![SECRET.to_owned()];
    secrets.extend(
        texts(case).iter().flat_map(|text| named(text, &KEYS).into_iter().chain(named(text, &TOKENS))),
    );
    let secret_variables = |command: &super::case::Command| {
        let values = command.env.iter().filter(|(name, _)| VARIABLES.contains(&name.as_str()));
        values.map(|(_, value)| value.clone()).collect::<Vec<String>>()
    };
    secrets.extend(case.commands().flat_map(secret_variables));
    secrets
        .retain(|secret| secret.len() >= 8 && secret.contains(|letter: char| !letter.is_ascii_alphabetic()));
    secrets.sort();
    secrets.dedup();
    let holds = |outcome: &Outcome, field: &str, secret: &str| {
        outcome.get(field).map(Value::to_string).is_some_and(|text| text.contains(secret))
    };
    let pairs = SEEN.iter().flat_map(|field| secrets.iter().map(move |secret| (*field, secret)));
    let leaks =
        pairs.filter(|(field, secret)| holds(outcome, field, secret) && !holds(golden, field, secret));
    leaks.map(|(field, secret)| Problem::plain(format!("a secret is shown in {field}: {secret}"))).collect()
}

/// The texts of files and replies.
fn texts(case: &Case) -> Vec<&String> {
    let files = case.files.values().map(|file| match file {
        FileSpec::Text(text) => text,
        FileSpec::Full(file) => &file.text,
    });
    let replies: Vec<&ReplySpec> =
        case.replies.iter().chain(case.servers.values().flat_map(|server| &server.replies)).collect();
    files.chain(replies.into_iter().filter_map(|reply| reply.body.as_ref())).collect()
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
