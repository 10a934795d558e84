//! Parses a URL as v1 does: the address that is connected to, the request target, the `Host` header.

use std::net::Ipv6Addr;

use super::error::{Error, no_host};
use crate::python::percent::{LOGIN, PATH, QUERY, encode_invalid};
use crate::python::repr;
use crate::session::Endpoint;
use crate::session::url::check_brackets;

/// A URL of scheme `http` or `https`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
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
    /// Returns the URL of `path` below `endpoint`; the inner error is the one of [`Url::parse`].
    /// Errors: those of the port.
    pub(crate) fn of(endpoint: &Endpoint, path: &str) -> Result<Result<Self, Error>, crate::error::Error> {
        let port = endpoint.port()?;
        let secure = match endpoint.scheme() {
            "http" => false,
            "https" => true,
            scheme => return Ok(Err(Error::Other(format!("Not supported URL scheme {scheme}")))),
        };
        let (host, target) = (endpoint.host().to_owned(), endpoint.target(path));
        Ok(Ok(Self { text: endpoint.url(path), secure, host, port, target }))
    }

    /// Parses `text`.
    /// Errors: [`Error::Other`] in v1's words when the scheme is not HTTP or host and port are none.
    /// v1: `urllib3.poolmanager.PoolManager.connection_from_url`. Parity: CFG-45, WIRE-05, WIRE-06, WIRE-07.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let Parts { scheme, address, path } = Parts::of(text)?;
        let (host, port) = address.filter(|(host, _)| !host.is_empty()).ok_or_else(no_host)?;
        let secure = match scheme.as_str() {
            "" | "http" => false,
            "https" => true,
            scheme => return Err(Error::Other(format!("Not supported URL scheme {scheme}"))),
        };
        Ok(Self { text: text.to_owned(), secure, host, port, target: target(path) })
    }

    /// Returns the port that is connected to.
    pub(crate) fn port_number(&self) -> u16 {
        self.port.unwrap_or(if self.secure { 443 } else { 80 })
    }

    /// Returns the host as a URL spells it: IPv6 in brackets.
    pub(crate) fn bracketed_host(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }

    /// Returns the `Host` header, also the signed one: host, and port unless it is the scheme's own.
    /// v1: `botocore.auth._host_from_url`. Parity: WIRE-07.
    pub(crate) fn host_header(&self) -> String {
        match self.port {
            Some(port) if port != if self.secure { 443 } else { 80 } => {
                format!("{}:{port}", self.bracketed_host())
            }
            _ => self.bracketed_host(),
        }
    }

    /// Returns request target and `Host` header for a proxy that forwards: the whole URL with user, password and port as they
    /// were typed, its dots followed. v1 signs another host then, and another path.
    /// Errors: those of [`without_zone`].
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
}

/// The parts of a URL as urllib3 splits it.
pub(super) struct Parts<'a> {
    /// In lower case; empty where there is none.
    pub(super) scheme: String,
    /// Host and port; `None` where nothing stands after `//`. The host may be empty.
    pub(super) address: Option<(String, Option<u16>)>,
    /// What Python sees behind the host.
    pub(super) path: &'a str,
}

impl<'a> Parts<'a> {
    /// Splits `text`.
    /// Errors: [`Error::Other`] in v1's words when host and port are none.
    /// v1: `urllib3.util.url.parse_url`, after `urllib.parse.urlsplit`. Parity: PROXY-05, VAL-10.
    pub(super) fn of(text: &'a str) -> Result<Self, Error> {
        let (scheme, rest) = match text.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest.strip_prefix("//").ok_or(rest)),
            None if text.starts_with('/') => (String::new(), text.strip_prefix("//").ok_or(text)),
            None => (String::new(), Ok(text)),
        };
        let (authority, path) = match rest {
            Ok(rest) => rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len())),
            Err(path) => ("", path),
        };
        let authority = authority.split('\\').next().unwrap_or_default(); // Python's `urlsplit` knows no backslash
        check_brackets(authority).map_err(|error| Error::Other(error.to_string()))?;
        let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
        let address = (!authority.is_empty()).then(|| split_port(address, text)).transpose()?;
        Ok(Self { scheme, address, path })
    }
}

/// Returns true for a letter and then letters, digits, `+`, `-`.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-".contains(&byte))
}

/// Splits `address` into host and port; `text` is the URL that v1 quotes.
/// v1: `urllib3.util.url._HOST_PORT_RE`. Parity: VAL-10, PROXY-05.
fn split_port(address: &str, text: &str) -> Result<(String, Option<u16>), Error> {
    let split = match address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => Some((host, "")),
        Some((host, rest)) => rest.strip_prefix(':').map(|port| (host, port)),
        None => Some(address.split_once(':').unwrap_or((address, ""))),
    };
    let split = split.filter(|(host, _)| has_escapes_only(host) || address.starts_with('['));
    let digits = split.map(|(_, port)| port.trim_start_matches('0'));
    let good =
        digits.is_some_and(|digits| digits.len() <= 5 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let Some((host, port)) = split.filter(|_| good) else {
        refuse_blanks(address)?;
        let address = repr::string(address);
        return Err(Error::Other(format!("Failed to parse: {address} is not a valid host or port")));
    };
    let number = if port.is_empty() { None } else { Some(port.parse()) };
    let port = number.transpose().map_err(|_| Error::Other(format!("Failed to parse: {text}")))?;
    Ok((normal_host(host)?, port))
}

/// Returns true when every `%` of `host` begins an encoded byte.
fn has_escapes_only(host: &str) -> bool {
    host.split('%')
        .skip(1)
        .all(|rest| rest.get(..2).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())))
}

/// Refuses blanks and control characters.
/// v1: `urllib3.util.url._HOST_INVALID_CHAR_RE`.
fn refuse_blanks(host: &str) -> Result<(), Error> {
    let Some(blank) = host.chars().find(|letter| matches!(letter, '\0'..=' ' | '\u{7f}')) else {
        return Ok(());
    };
    let (host, blank) = (repr::string(host), repr::string(&blank.to_string()));
    Err(Error::Other(format!("Failed to parse: Host {host} contains invalid character {blank}")))
}

/// Returns `host` in lower case, encoded letters, digits and `._-~` decoded.
/// v1: `urllib3.util.url._normalize_host`. Parity: PROXY-05.
fn normal_host(host: &str) -> Result<String, Error> {
    refuse_blanks(host)?;
    let (address, zone) = host.split_at(host.find('%').unwrap_or(host.len()));
    if address.parse::<Ipv6Addr>().is_ok() {
        return Ok(address.to_ascii_lowercase() + zone);
    }
    let mut parts = host.split('%');
    let mut normal = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (hex, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        match u8::from_str_radix(hex, 16) {
            Ok(..32 | 127) => {
                let (host, escape) = (repr::string(host), repr::string(&format!("%{hex}")));
                return Err(Error::Other(format!(
                    "Failed to parse: Host {host} contains invalid percent-encoded control character {escape}"
                )));
            }
            Ok(byte) if byte.is_ascii_alphanumeric() || b"._-~".contains(&byte) => {
                normal.push(char::from(byte));
            }
            _ => normal.extend(["%", &hex.to_ascii_uppercase()]),
        }
        normal.push_str(rest);
    }
    if !normal.is_ascii() {
        return Err(Error::Other(
            "Failed to parse: Unable to parse URL without the 'idna' module".to_owned(),
        ));
    }
    Ok(normal.to_ascii_lowercase())
}

/// Returns path and query for the request line: never empty, without fragment, invalid characters percent-encoded.
fn target(path: &str) -> String {
    let path = path.split('#').next().unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let path = encode_invalid(without_params(path), PATH);
    let slash = if path.is_empty() { "/" } else { "" };
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{slash}{path}{mark}{}", encode_invalid(query, QUERY))
}

/// Returns `path` without the `;parameters` of its last segment, as Python's `urlparse` splits them off.
fn without_params(path: &str) -> &str {
    let last = path.rfind('/').unwrap_or(0);
    match path.get(last..).and_then(|segment| segment.find(';')) {
        Some(offset) => path.get(..last + offset).unwrap_or(path),
        None => path,
    }
}

/// Returns `path` without `.` and `..`, as far as there is something before them to leave out.
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

/// Returns the `Host` header for `netloc`, without what follows a `%`, which v1 expects in an IPv6 address only.
/// Errors: [`Error::Other`] where it stands elsewhere (deviation D1).
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
            ("http://h:8\\@x/a", "h", Some(8), "/a", "h:8"),
            ("http://h/a\\b", "h", None, "/a%5Cb", "h"),
            ("//h/a", "h", None, "/a", "h"),
            ("http://%41%7e%2F/", "a~%2f", None, "/", "a~%2f"),
        ] {
            let url = Url::parse(text).unwrap();
            let parts = (url.host.as_str(), url.port, url.target.as_str(), url.host_header());
            assert_eq!(parts, (host, port, target, header.to_owned()), "{text}");
        }
    }

    #[test]
    fn schemes_are_letters_and_a_few_others() {
        for (text, scheme, host) in [
            ("http+x://h", "http+x", Some("h")),
            ("a_b://h", "", Some("a_b")),
            ("1a://h", "", Some("1a")),
            ("/x", "", None),
        ] {
            let parts = Parts::of(text).unwrap();
            assert_eq!(parts.scheme, scheme, "{text}");
            assert_eq!(parts.address.as_ref().map(|(host, _)| host.as_str()), host, "{text}");
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
            ("http://[zz]", "'zz' does not appear to be an IPv4 or IPv6 address"),
            ("http://:80 /", "Failed to parse: Host ':80 ' contains invalid character ' '"),
            (" http://h", "Failed to parse: Host ' http' contains invalid character ' '"),
            ("http://h:123456", "Failed to parse: 'h:123456' is not a valid host or port"),
            ("http://h%zz", "Failed to parse: 'h%zz' is not a valid host or port"),
            (
                "http://h%1f",
                "Failed to parse: Host 'h%1f' contains invalid percent-encoded control character '%1f'",
            ),
            ("http:h", "No host specified."),
            ("http:\\\\h", "No host specified."),
            ("http://a b", "Failed to parse: Host 'a b' contains invalid character ' '"),
            ("http://é", "Failed to parse: Unable to parse URL without the 'idna' module"),
            ("http://h:99999", "Failed to parse: http://h:99999"),
        ] {
            assert_eq!(Url::parse(text), Err(Error::Other(reason.into())), "{text}");
        }
    }
}
