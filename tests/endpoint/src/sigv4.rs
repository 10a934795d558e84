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

/// Checks that the request was signed with `secret`, body, path, query and signed headers unchanged.
pub fn verify(request: &Request, claim: &Claim, secret: &str) -> bool {
    covers_needed_headers(claim)
        && signature(request, claim, secret).is_some_and(|good| good == claim.signature)
}

/// Returns the signature that a request must have; `None` where it has no date or a wrong hash of its body.
pub(crate) fn signature(request: &Request, claim: &Claim, secret: &str) -> Option<String> {
    let date = request.header("X-Amz-Date").or_else(|| request.header("Date"))?;
    let body_hash = hex(digest::digest(&digest::SHA256, &request.body).as_ref());
    let told_hash = request.header("X-Amz-Content-Sha256").unwrap_or(&body_hash);
    let is_dated = date.starts_with(claim.scope.split('/').next().unwrap_or("-"));
    if told_hash != body_hash || !is_dated {
        return None;
    }
    let canonical = canonical_request(request, claim, told_hash);
    let canonical_hash = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{}\n{canonical_hash}", claim.scope);
    let mut key = format!("AWS4{secret}").into_bytes();
    for part in claim.scope.split('/') {
        key = sign(&key, part);
    }
    Some(hex(&sign(&key, &text)))
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
    let values = values.map(|(_, value)| {
        value.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    });
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

    /// The secret of AWS's published test suite for Signature Version 4.
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// A request of that suite's host and date.
    fn signed(method: &str, target: &str, service: &str, signature: &str) -> Request {
        let claim = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/{service}/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature={signature}"
        );
        let headers = [
            ("Host", "example.amazonaws.com"),
            ("X-Amz-Date", "20150830T123600Z"),
            ("Authorization", &claim),
        ];
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
            let request = signed(method, target, "service", signature);
            let claim = Claim::of(&request).unwrap();
            let secret = SECRET;
            assert_eq!((claim.region(), claim.service()), ("us-east-1", "service"), "{target}");
            assert!(verify(&request, &claim, secret), "{method} {target}");
            assert!(!verify(&request, &claim, "another"), "{method} {target}: another secret");
            let other_body = Request { body: b"x".to_vec(), ..request.clone() };
            assert!(!verify(&other_body, &claim, secret), "{method} {target}: another body");
            let other_path = Request { target: "/other".to_owned(), ..request };
            assert!(!verify(&other_path, &claim, secret), "{method} {target}: another path");
        }
    }

    /// The signatures were computed by AWS CLI 1.46.3's own signer.
    #[test]
    fn paths_are_encoded_twice_and_dot_segments_resolved() {
        let rows = [
            ("/copy-jobs/J", "a8d1456f9c98c7868ea024e965973eda3291fdc96607e12090cb0266cd738a40"),
            ("/copy-jobs/a%2Fb", "738ca57d5d1ef2c486a44f6e54d5956e4d22f67f7024d52aa66ea2887589952f"),
            ("/copy-jobs/a%252Fb", "7f0813c8d75ef2a80e904e5599387cfdf66145c82ebbbce6dac696ba9cdbafc4"),
            ("/copy-jobs/%C3%A9%20%7E~", "4c93c7b6be5d4de54305fe54f7ef9d37c60ae6f087451e12858bfa67830a0918"),
            ("/copy-jobs/a%0A", "2c7d80428329aed5680a3d41ab6b36ed9290c60687f1b24342f5bf6344987da1"),
            ("/copy-jobs/", "b2ef816cf414bc01937dac41d8cec0b4ea06dadf75ad4d905340bb20b3ea7a93"),
            ("/copy-jobs/.", "3fde3a3617292db8d1823b58af60682d9fd97bdff41a3441d65fdb7b2db8f26d"),
            ("/copy-jobs/..", "57c88fa04c931276891a426a6bb858e01aeaa8d0867387800ca09a91c73fbbb0"),
            ("/p//q/copy-jobs/..", "522615abd85bfa625ec393d5799d0b58f749003568f5bc1fa9d7764d19d648a4"),
            ("/p/copy-jobs/J?q=1", "62e38050abd297d36c96bf9634fbd8960408d192c3fa105c14e97211d28e13db"),
        ];
        for (target, signature) in rows {
            let request = signed("GET", target, "backup", signature);
            let claim = Claim::of(&request).unwrap();
            assert!(verify(&request, &claim, SECRET), "{target}");
            let other = Request { target: format!("{target}x"), ..request };
            assert!(!verify(&other, &claim, SECRET), "{target}: another path");
        }
    }
}
