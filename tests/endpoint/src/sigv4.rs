//! An independent verifier of AWS Signature Version 4 (header form).
//!
//! Written from the public description of the algorithm, so that it shares no code with the signer under test.

use ring::{digest, hmac};

use crate::http::Request;

/// What the `Authorization` header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Access key id.
    pub key: String,
    /// `20260101/us-east-1/backup/aws4_request`.
    pub scope: String,
    /// `content-type;host;x-amz-date`.
    pub signed_headers: String,
    /// In hexadecimal.
    pub signature: String,
}

impl Claim {
    /// The claim of a request; `None` when it is unsigned or signed in another way.
    pub fn of(request: &Request) -> Option<Self> {
        let text = request.header("Authorization")?.strip_prefix("AWS4-HMAC-SHA256 ")?;
        let field = |name: &str| text.split(',').find_map(|part| part.trim().strip_prefix(name));
        let (key, scope) = field("Credential=")?.split_once('/')?;
        Some(Self {
            key: key.to_owned(),
            scope: scope.to_owned(),
            signed_headers: field("SignedHeaders=")?.to_owned(),
            signature: field("Signature=")?.to_owned(),
        })
    }

    /// Region of the scope; it may be empty.
    pub fn region(&self) -> &str {
        self.scope.split('/').nth(1).unwrap_or_default()
    }

    /// Service of the scope.
    pub fn service(&self) -> &str {
        self.scope.split('/').nth(2).unwrap_or_default()
    }
}

/// True when the request was signed with `secret`, body, path, query and signed headers unchanged.
pub fn verify(request: &Request, claim: &Claim, secret: &str) -> bool {
    let Some(date) = request.header("X-Amz-Date").or_else(|| request.header("Date")) else { return false };
    let body_hash = hex(digest::digest(&digest::SHA256, &request.body).as_ref());
    let told_hash = request.header("X-Amz-Content-Sha256").unwrap_or(&body_hash);
    if told_hash != body_hash || !covers_needed_headers(claim) {
        return false;
    }
    let canonical = canonical_request(request, claim, told_hash);
    let canonical_hash = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{}\n{canonical_hash}", claim.scope);
    let mut key = format!("AWS4{secret}").into_bytes();
    for part in claim.scope.split('/') {
        key = sign(&key, part);
    }
    hex(&sign(&key, &text)) == claim.signature
        && date.starts_with(claim.scope.split('/').next().unwrap_or("-"))
}

/// The service wants the host and the date to be signed.
fn covers_needed_headers(claim: &Claim) -> bool {
    let mut names = claim.signed_headers.split(';');
    let dated = names.clone().any(|name| name == "x-amz-date" || name == "date");
    dated && names.any(|name| name == "host")
}

/// The canonical form of a request.
fn canonical_request(request: &Request, claim: &Claim, body_hash: &str) -> String {
    let (path, query) = origin_form(&request.target);
    let headers: String = claim
        .signed_headers
        .split(';')
        .map(|name| format!("{name}:{}\n", canonical_header(request, name)))
        .collect();
    let query = canonical_query(query);
    let path = canonical_path(path);
    format!("{}\n{path}\n{query}\n{headers}\n{}\n{body_hash}", request.method, claim.signed_headers)
}

/// Path and query of a target, which for a proxy is a whole URL.
fn origin_form(target: &str) -> (&str, &str) {
    let path = match target.split_once("://") {
        Some((_, rest)) if !target.starts_with('/') => {
            rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
        }
        _ => target,
    };
    path.split_once('?').unwrap_or((path, ""))
}

/// All values of a header, trimmed, blanks collapsed, joined by commas.
fn canonical_header(request: &Request, name: &str) -> String {
    let values = request.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let values = values
        .map(|(_, value)| value.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "));
    values.collect::<Vec<_>>().join(",")
}

/// The path, dot segments resolved, empty ones dropped, encoded once more than on the wire.
fn canonical_path(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            _ => kept.push(segment),
        }
    }
    let mut canonical: String = kept.iter().map(|segment| format!("/{}", encode(segment))).collect();
    if path.ends_with('/') || canonical.is_empty() {
        canonical.push('/');
    }
    canonical
}

/// The query as sent, sorted.
fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(&str, &str)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    pairs.sort_unstable();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Percent-encodes all but unreserved characters; the text comes from the wire, one character a byte.
fn encode(segment: &str) -> String {
    let mut encoded = String::new();
    for letter in segment.chars() {
        if letter.is_ascii_alphanumeric() || "-_.~".contains(letter) {
            encoded.push(letter);
        } else {
            encoded.push_str(&format!("%{:02X}", u32::from(letter)));
        }
    }
    encoded
}

/// HMAC-SHA256.
fn sign(key: &[u8], text: &str) -> Vec<u8> {
    let bytes: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect();
    let bytes = if text.is_ascii() { text.as_bytes().to_vec() } else { bytes };
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), &bytes).as_ref().to_vec()
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
