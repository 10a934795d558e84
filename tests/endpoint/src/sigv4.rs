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

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::{Claim, verify};
    use crate::http::Request;

    /// A request of AWS's published test suite for Signature Version 4.
    fn signed(method: &str, target: &str, extra: &[(&str, &str)], names: &str, signature: &str) -> Request {
        let claim = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders={names}, Signature={signature}"
        );
        let mut headers = vec![("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")];
        headers.extend(extra);
        headers.push(("Authorization", &claim));
        Request {
            method: method.to_owned(),
            target: target.to_owned(),
            version: "HTTP/1.1".to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: Vec::new(),
            connection: 1,
            at: SystemTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn published_signatures_are_good_and_changed_requests_are_not() {
        let published = [
            ("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            ("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
            (
                "GET",
                "/?Param2=value2&Param1=value1",
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ),
        ];
        for (method, target, signature) in published {
            let request = signed(method, target, &[], "host;x-amz-date", signature);
            let claim = Claim::of(&request).unwrap();
            let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
            assert_eq!((claim.region(), claim.service()), ("us-east-1", "service"), "{target}");
            assert!(verify(&request, &claim, secret), "{method} {target}");
            assert!(!verify(&request, &claim, "another"), "{method} {target}: another secret");
            let other_body = Request { body: b"x".to_vec(), ..request.clone() };
            assert!(!verify(&other_body, &claim, secret), "{method} {target}: another body");
            let other_path = Request { target: "/other".to_owned(), ..request };
            assert!(!verify(&other_path, &claim, secret), "{method} {target}: another path");
        }
    }
}
