//! A URL as v1 takes it apart: what is connected to, what the request line asks for, what `Host` says.

use std::fmt::Write;

use super::Error;
use crate::python::repr;
use crate::session::Endpoint;

/// Characters that stay as they are in a path, besides letters and digits.
const PATH: &[u8] = b"._-~!$&'()*+,;=:@/";

/// A URL of scheme `http` or `https`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// As v1 names it in its messages.
    pub text: String,
    /// True for `https`.
    pub secure: bool,
    /// Lower case, IPv6 without brackets.
    pub host: String,
    /// `None` where the URL names none.
    pub port: Option<u16>,
    /// Path and query as they stand in the request line, e.g. `/copy-jobs`.
    pub target: String,
}

impl Url {
    /// The URL of `path` below `endpoint`; the inner error is the one of [`Url::parse`].
    ///
    /// # Errors
    /// Those of the port.
    pub fn of(endpoint: &Endpoint, path: &str) -> Result<Result<Self, Error>, crate::Error> {
        let secure = match endpoint.scheme() {
            "http" => false,
            "https" => true,
            scheme => return Ok(Err(Error::Other(format!("Not supported URL scheme {scheme}")))),
        };
        let (host, target) = (endpoint.host().to_owned(), endpoint.target(path));
        Ok(Ok(Self { text: endpoint.url(path), secure, host, port: endpoint.port()?, target }))
    }

    /// `text` taken apart.
    ///
    /// # Errors
    /// [`Error::Other`] in v1's words when the scheme is not HTTP or host and port are none.
    ///
    /// v1: `urllib3.util.url.parse_url`. Parity: CFG-45, WIRE-05, WIRE-06, WIRE-07.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (scheme, rest) = text.trim_start().split_once("://").unwrap_or(("", text));
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(Error::Other(format!("Not supported URL scheme {scheme}")));
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
        let (host, port) = split_port(address, text)?;
        Ok(Self { text: text.to_owned(), secure: scheme == "https", host, port, target: target(path) })
    }

    /// The port that is connected to.
    pub fn port_number(&self) -> u16 {
        self.port.unwrap_or(if self.secure { 443 } else { 80 })
    }

    /// The host as it stands in a URL: IPv6 in brackets.
    pub fn bracketed_host(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }

    /// Host, and port unless it is the one of the scheme: the `Host` header, also the signed one.
    ///
    /// v1: `botocore.auth._host_from_url`. Parity: WIRE-07.
    pub fn host_header(&self) -> String {
        match self.port {
            Some(port) if port != if self.secure { 443 } else { 80 } => {
                format!("{}:{port}", self.bracketed_host())
            }
            _ => self.bracketed_host(),
        }
    }

    /// The whole URL as a forward proxy is asked for it.
    pub fn absolute(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{scheme}://{}{port}{}", self.bracketed_host(), self.target)
    }
}

/// Host in lower case and port of `address`; `text` is the URL that v1 quotes.
///
/// v1: `urlsplit`, `parse_url`, `_normalize_host`. Parity: VAL-10.
fn split_port(address: &str, text: &str) -> Result<(String, Option<u16>), Error> {
    let refuse = |reason: String| Err(Error::Other(reason));
    if address.contains('[') != address.contains(']') {
        return refuse("Invalid IPv6 URL".to_owned());
    }
    if let Some(character) = address.chars().find(|character| matches!(character, '\0'..=' ' | '\u{7f}')) {
        let (host, character) = (repr::string(address), repr::string(&character.to_string()));
        return refuse(format!("Failed to parse: Host {host} contains invalid character {character}"));
    }
    let not_valid =
        || Error::Other(format!("Failed to parse: {} is not a valid host or port", repr::string(address)));
    let (host, port) = match address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, ""),
        Some((host, rest)) => (host, rest.strip_prefix(':').ok_or_else(not_valid)?),
        None => address.split_once(':').unwrap_or((address, "")),
    };
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(not_valid());
    }
    if !host.is_ascii() {
        return refuse("Failed to parse: Unable to parse URL without the 'idna' module".to_owned());
    }
    let number = if port.is_empty() { None } else { Some(port.parse()) };
    let Ok(port) = number.transpose() else { return refuse(format!("Failed to parse: {text}")) };
    if host.is_empty() {
        return refuse("No host specified.".to_owned());
    }
    Ok((host.to_lowercase(), port))
}

/// Path and query for the request line: never empty, without fragment, invalid characters percent-encoded.
fn target(path: &str) -> String {
    let path = path.split('#').next().unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let path = encode(without_params(path), false);
    let slash = if path.is_empty() { "/" } else { "" };
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{slash}{path}{mark}{}", encode(query, true))
}

/// `path` without the `;parameters` of its last segment, as Python's `urlparse` splits them off.
fn without_params(path: &str) -> &str {
    let last = path.rfind('/').unwrap_or(0);
    match path.get(last..).and_then(|segment| segment.find(';')) {
        Some(offset) => path.get(..last + offset).unwrap_or(path),
        None => path,
    }
}

/// Percent-encodes what may not stand in a path or query; escapes that are there become upper case and stay,
/// unless one `%` is no escape: then every `%` is encoded.
///
/// v1: `urllib3.util.url._encode_invalid_chars`. Parity: WIRE-05.
fn encode(part: &str, query: bool) -> String {
    let bytes = crate::python::text::encode(part).unwrap_or_else(|_| part.as_bytes().to_vec());
    let escape =
        |at: usize| bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    let escaped = (0..bytes.len()).filter(|&at| bytes.get(at) == Some(&b'%')).all(escape);
    let mut encoded = String::with_capacity(bytes.len());
    let mut upper: u8 = 0;
    for &byte in &bytes {
        let stays = byte.is_ascii_alphanumeric() || PATH.contains(&byte) || (query && byte == b'?');
        if byte == b'%' && escaped {
            upper = 3;
        }
        if stays || upper == 3 {
            let letter = char::from(byte);
            encoded.push(if upper > 0 { letter.to_ascii_uppercase() } else { letter });
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        upper = upper.saturating_sub(1);
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        for (text, host, port, target, header) in [
            ("http://H/", "h", None, "/", "h"),
            ("https://h", "h", None, "/", "h"),
            ("http://h:80/a//b/../c?x=1#f", "h", Some(80), "/a//b/../c?x=1", "h"),
            ("https://h:80/?", "h", Some(80), "/", "h:80"),
            ("http://u:p@[::1]:8/é b%7e", "::1", Some(8), "/%C3%A9%20b%7E", "[::1]:8"),
            ("http://h/50%/%41", "h", None, "/50%25/%2541", "h"),
            ("http://h/a;b/c;d?e;f", "h", None, "/a;b/c?e;f", "h"),
        ] {
            let url = Url::parse(text).unwrap();
            let parts = (url.host.as_str(), url.port, url.target.as_str(), url.host_header());
            assert_eq!(parts, (host, port, target, header.to_owned()), "{text}");
        }
    }

    #[test]
    fn faults_are_named() {
        for (text, reason) in [
            ("ftp://h", "Not supported URL scheme ftp"),
            ("http://:bad", "Failed to parse: ':bad' is not a valid host or port"),
            ("http://", "No host specified."),
            ("http://:80/", "No host specified."),
            ("http://[", "Invalid IPv6 URL"),
            ("http://a b", "Failed to parse: Host 'a b' contains invalid character ' '"),
            ("http://é", "Failed to parse: Unable to parse URL without the 'idna' module"),
            ("http://h:99999", "Failed to parse: http://h:99999"),
        ] {
            assert_eq!(Url::parse(text), Err(Error::Other(reason.into())), "{text}");
        }
    }
}
