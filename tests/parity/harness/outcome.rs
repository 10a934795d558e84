//! What a case came to, masked, as one JSON object: endings, streams, requests, files.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use endpoint::sigv4::{Claim, verify};
use endpoint::{Request, Server, clock};
use serde_json::{Map, Value, json};

use super::case::Case;
use super::mask::{Mask, digits_after};
use super::oracle;
use super::process::{Ended, ending};
use super::secrets;
use super::template::Places;

/// Field -> value: `exit`, `stdout`, `stderr`, `screen`, `requests`, `files`, and `then` for the commands after.
pub type Outcome = Map<String, Value>;

/// Headers whose value is not compared, only that they are there.
const PRESENT: &[&str] = &["content-length", "dpop"];
/// Parts of User-Agent that are compared, beside the first (D8).
const AGENT_PARTS: &[&str] = &["exec-env/", "app/"];
/// Dates up to so many minutes from now are those of a response.
const MINUTES: i64 = 24 * 60;
/// How many seconds before a request is read its date may be.
const NEAR: i64 = 60;

/// The outcome of a case.
pub fn read(
    case: &Case,
    ended: &[Ended],
    servers: &BTreeMap<String, Server>,
    places: &Places,
    mask: &mut Mask,
) -> Outcome {
    let secrets = secrets::signing(case, places);
    let mut requests = Map::new();
    for (name, server) in servers {
        let seen: Vec<Value> = server.requests().iter().map(|one| request(one, &secrets, mask)).collect();
        if !seen.is_empty() {
            requests.insert(name.clone(), Value::Array(seen));
        }
    }
    let mut runs = ended.iter().map(|one| streams(one, mask)).collect::<Vec<Outcome>>().into_iter();
    let mut outcome = runs.next().unwrap_or_default();
    let then: Vec<Value> = runs.map(Value::Object).collect();
    if !then.is_empty() {
        outcome.insert("then".to_owned(), Value::Array(then));
    }
    outcome.insert("requests".to_owned(), Value::Object(requests));
    if !case.record_files.is_empty() {
        outcome.insert("files".to_owned(), files(case, places, mask));
    }
    let sent: Vec<Request> = servers.values().flat_map(Server::requests).collect();
    secrets::note(case, ended, &sent, places, &mut outcome);
    outcome
}

/// Ending and streams of one command.
fn streams(ended: &Ended, mask: &mut Mask) -> Outcome {
    let mut fields = Map::new();
    fields.insert("exit".to_owned(), ending(ended.status));
    fields.insert("stdout".to_owned(), lines(&mask.bytes(&ended.stdout)));
    fields.insert("stderr".to_owned(), lines(&mask.bytes(&ended.stderr)));
    if let Some(screen) = &ended.screen {
        fields.insert("screen".to_owned(), lines(&mask.bytes(screen)));
    }
    fields
}

/// A text as it is, or as the list of its lines where it has several.
fn lines(text: &str) -> Value {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.len() > 1 { json!(lines) } else { json!(text) }
}

/// One request.
fn request(request: &Request, secrets: &[String], mask: &mut Mask) -> Value {
    let mut headers = Map::new();
    let mut signature = Value::Null;
    for (name, value) in &request.headers {
        let name = name.to_lowercase();
        let shown = match (name.as_str(), Claim::of(request)) {
            ("authorization", Some(claim)) => {
                signature = self::signature(request, &claim, secrets);
                continue;
            }
            _ if name == "x-amz-date" => near(value, request.at),
            _ => header(&name, value, mask),
        };
        let known = headers.get(&name).and_then(Value::as_str).map(|before| format!("{before} ++ {shown}"));
        headers.insert(name, known.unwrap_or(shown).into());
    }
    let line = format!("{} {} {}", request.method, mask.text(&request.target), request.version);
    let mut shown = json!({"line": line, "headers": headers, "body": body(request, mask)});
    if !signature.is_null() {
        shown["signature"] = signature;
    }
    shown
}

/// The value of a header, masked.
fn header(name: &str, value: &str, mask: &mut Mask) -> String {
    match name {
        _ if PRESENT.contains(&name) => "<present>".to_owned(),
        "amz-sdk-invocation-id" => mask.uuid("invocation", value),
        "amz-sdk-request" => match value.split_once("ttl=") {
            Some((before, after)) => format!("{before}ttl=<time>{}", after.get(16..).unwrap_or_default()),
            None => value.to_owned(),
        },
        "user-agent" => {
            let value = oracle::as_recorded(value);
            let mut parts = value.split(' ');
            let first = parts.next().unwrap_or_default().to_owned();
            let kept = parts.filter(|part| AGENT_PARTS.iter().any(|kept| part.starts_with(kept)));
            std::iter::once(first.as_str()).chain(kept).collect::<Vec<_>>().join(" ")
        }
        _ => mask.text(value),
    }
}

/// `<now>` for a date in the basic form that is at most a minute before the moment at which the request was read, and
/// not behind it; else the date.
fn near(value: &str, at: SystemTime) -> String {
    let at = at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().cast_signed());
    let is_near = clock::basic(at - NEAR).as_str() <= value && value <= clock::basic(at).as_str();
    if is_near { "<now>".to_owned() } else { value.to_owned() }
}

/// Who signed, for what, over which headers, and whether it is right.
fn signature(request: &Request, claim: &Claim, secrets: &[String]) -> Value {
    let today = clock::basic(clock::now());
    let yesterday = clock::basic(clock::now() - 3600);
    let scope = claim.scope.replace(&today[..8], "<date>").replace(&yesterday[..8], "<date>");
    let verified = secrets.iter().any(|secret| verify(request, claim, secret));
    json!({"key": latin1(&claim.key), "scope": scope, "headers": claim.signed_headers, "verified": verified})
}

/// Header text (one character a byte) as UTF-8 where it is that.
fn latin1(text: &str) -> String {
    let bytes: Vec<u8> = text.chars().filter_map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The body: JSON as JSON (D6), a form as its pairs, all else as text.
fn body(request: &Request, mask: &mut Mask) -> Value {
    let text = String::from_utf8_lossy(&request.body).into_owned();
    if text.is_empty() {
        return Value::Null;
    }
    let kind = request.header("Content-Type").unwrap_or_default();
    if kind.contains("x-www-form-urlencoded") {
        return form(&text, mask);
    }
    let whole = serde_json::from_str(&text).or_else(|_| serde_json::from_str(&spelled_surrogates(&text)));
    match whole {
        Ok(value) => masked(value, mask),
        Err(_) => lines(&mask.bytes(&request.body)),
    }
}

/// `\ud800` as the six characters, so that a lone one can be compared at all.
fn spelled_surrogates(text: &str) -> String {
    text.replace("\\ud", "\\\\ud").replace("\\uD", "\\\\uD")
}

/// JSON with all its texts masked; the token has a numbering of its own.
fn masked(value: Value, mask: &mut Mask) -> Value {
    match value {
        Value::String(text) => mask.text(&text).into(),
        Value::Array(items) => items.into_iter().map(|item| masked(item, mask)).collect(),
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, value)| match value {
                    Value::String(text) if name == "IdempotencyToken" => {
                        (name, mask.uuid("token", &text).into())
                    }
                    Value::String(text) if name == "expiresAt" => (name, until(&mask.text(&text)).into()),
                    value => (name, masked(value, mask)),
                })
                .collect(),
        ),
        other => other,
    }
}

/// `<now+900>` for a date that a response of this run has set, in minutes from now; else the date.
fn until(date: &str) -> String {
    let basic = date.replace(['-', ':'], "");
    let from_now = |seconds: i64| clock::basic(clock::now() + seconds);
    let minutes = (0..MINUTES).find(|minutes| basic <= from_now(minutes * 60 + 30));
    match minutes.filter(|_| basic > from_now(-30)) {
        Some(minutes) if date.ends_with('Z') => format!("<now+{}>", minutes * 60),
        _ => date.to_owned(),
    }
}

/// The pairs of a form, decoded.
fn form(text: &str, mask: &mut Mask) -> Value {
    let pairs = text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut shown = Map::new();
    for (name, value) in pairs {
        let value = digits_after(&decoded(value), "botocore-session-", "<epoch>");
        shown.insert(decoded(name), mask.text(&value).into());
    }
    json!({"form": shown})
}

/// Percent-decoded text.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap_or(b'?'));
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The recorded files: mode and content, JSON as JSON.
fn files(case: &Case, places: &Places, mask: &mut Mask) -> Value {
    let mut shown = Map::new();
    for wanted in &case.record_files {
        let path = places.home.join(places.text(wanted));
        let paths = match path.file_name().filter(|name| *name == "*") {
            Some(_) => std::fs::read_dir(path.parent().unwrap())
                .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
                .unwrap_or_default(),
            None => vec![path],
        };
        for path in paths {
            let name = mask.text(&path.strip_prefix(&places.home).unwrap_or(&path).to_string_lossy());
            shown.insert(name, file(&path, mask));
        }
    }
    Value::Object(shown)
}

/// One recorded file; `null` where there is none.
fn file(path: &Path, mask: &mut Mask) -> Value {
    let Ok(meta) = std::fs::metadata(path) else { return Value::Null };
    let Ok(bytes) = std::fs::read(path) else { return json!("a folder") };
    let infinite =
        |_| serde_json::from_str(&String::from_utf8_lossy(&bytes).replace("Infinity", "\"Infinity\""));
    let content = match serde_json::from_slice(&bytes).or_else(infinite) {
        Ok(value) => masked(value, mask),
        Err(_) => lines(&mask.bytes(&bytes)),
    };
    json!({"mode": format!("{:o}", meta.permissions().mode() & 0o7777), "content": content})
}
