//! A URL as v1 takes it apart: what is connected to, what the request line asks for, what `Host` says.

use super::Error;
use crate::python::percent::{LOGIN, PATH, QUERY, encode_invalid};
use crate::python::repr;
use crate::session::Endpoint;

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

    /// Request target and `Host` header for a proxy that forwards: the whole URL with user, password and port as they
    /// were typed, its dots followed. v1 signs another host then, and another path.
    ///
    /// # Errors
    /// Those of [`without_zone`].
    ///
    /// v1: `urllib3.util.url.parse_url`, `http.client.HTTPConnection.putrequest`. Parity: PROXY-02.
    pub(super) fn forwarded(&self) -> Result<(String, String), Error> {
        let (_, rest) = self.text.split_once("://").unwrap_or(("", &self.text));
        let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let login = authority.rsplit_once('@').map(|(login, _)| login).filter(|login| !login.is_empty());
        let login = login.map(|login| encode_invalid(login, LOGIN) + "@").unwrap_or_default();
        let host = self.bracketed_host().replacen("%25", "%", 1);
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        let netloc = format!("{login}{host}{port}");
        let path = encode_invalid(&without_dots(path), PATH);
        let query = query.map(|query| format!("?{}", encode_invalid(query, QUERY))).unwrap_or_default();
        Ok((format!("http://{netloc}{path}{query}"), without_zone(&netloc)?))
    }

    /// Scheme, host, port, path and query, without what is not signed.
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
    let path = encode_invalid(without_params(path), PATH);
    let slash = if path.is_empty() { "/" } else { "" };
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{slash}{path}{mark}{}", encode_invalid(query, QUERY))
}

/// `path` without the `;parameters` of its last segment, as Python's `urlparse` splits them off.
fn without_params(path: &str) -> &str {
    let last = path.rfind('/').unwrap_or(0);
    match path.get(last..).and_then(|segment| segment.find(';')) {
        Some(offset) => path.get(..last + offset).unwrap_or(path),
        None => path,
    }
}

/// `path` without `.` and `..`, as far as there is something before them to leave out.
///
/// v1: `urllib3.util.url._remove_path_dot_segments`. Parity: PROXY-02.
fn without_dots(path: &str) -> String {
    let mut kept = Vec::new();
    for segment in path.split('/') {
        match segment {
            "." => {}
            ".." => _ = kept.pop(),
            segment => kept.push(segment),
        }
    }
    if path.starts_with('/') && kept.first().is_none_or(|first| !first.is_empty()) {
        kept.insert(0, "");
    }
    if path.ends_with("/.") || path.ends_with("/..") {
        kept.push("");
    }
    kept.join("/")
}

/// The `Host` header for `netloc`: what follows a `%` goes, which v1 expects in an IPv6 address only.
///
/// # Errors
/// [`Error::Other`] where it stands elsewhere (deviation D1).
///
/// v1: `http.client._strip_ipv6_iface`. Parity: PROXY-02.
fn without_zone(netloc: &str) -> Result<String, Error> {
    match netloc.split_once('%') {
        None => Ok(netloc.to_owned()),
        Some((address, _)) if address.starts_with('[') => Ok(format!("{address}]")),
        Some(_) => Err(Error::Other("no header can hold the user and password of the URL".to_owned())),
    }
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
    fn urls_are_forwarded_whole() {
        for (text, target, host) in [
            ("http://H:080/a", "http://h:80/a", Ok("h:80")),
            ("http://h/a/../b/./c//d?#f", "http://h/b/c//d?", Ok("h")),
            ("http://u:@h:8/..", "http://u:@h:8/", Ok("u:@h:8")),
            ("http://@h/../%7e?%7e=/../b", "http://h/%7E?%7E=/../b", Ok("h")),
            ("http://[fe80::1%25en]:8/", "http://[fe80::1%en]:8/", Ok("[fe80::1]")),
            ("http://a@b@h/", "", Err(())),
        ] {
            let found = Url::parse(text).unwrap().forwarded().map_err(|_| ());
            assert_eq!(found, host.map(|host| (target.to_owned(), host.to_owned())), "{text}");
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
