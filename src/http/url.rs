//! Reads a URL as urllib3 does: the address that is connected to, the request target, the `Host` header.

use std::fmt::Display;
use std::net::Ipv6Addr;

use super::error::{Cause, Error, no_host};
use crate::python::percent::{LOGIN, PATH, QUERY, encode_invalid};
use crate::python::repr;
use crate::session::{Endpoint, url};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    /// As v1 names it in its messages.
    pub text: String,
    pub secure: bool,
    /// Lower case, IPv6 without brackets.
    pub host: String,
    pub port: Option<u16>,
    /// Path and query as they stand in the request line, e.g. `/copy-jobs`.
    pub target: String,
}

impl Url {
    /// Returns the URL of `path` below `endpoint`.
    pub(crate) fn of(endpoint: &Endpoint, path: &str) -> Result<Self, crate::error::Error> {
        endpoint.check_port()?;
        Ok(Self::parse(&endpoint.url(path))?)
    }

    /// Parses `text`, which has scheme `http` or `https`, or none.
    /// v1: `urllib3.poolmanager.PoolManager.connection_from_url`. Parity: CFG-45, WIRE-05, WIRE-07.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|cause| cause.at(text))
    }

    fn read(text: &str) -> Result<Self, Cause> {
        let Parts { scheme, address, rest, .. } = Parts::of(text)?;
        let (host, port) = address.filter(|(host, _)| !host.is_empty()).ok_or_else(no_host)?;
        let secure = match scheme.as_str() {
            "" | "http" => false,
            "https" => true,
            scheme => return Err(Cause::Other(format!("Not supported URL scheme {scheme}"))),
        };
        Ok(Self { text: text.to_owned(), secure, host, port, target: target(rest) })
    }

    pub(super) fn port_number(&self) -> u16 {
        self.port.unwrap_or(usual_port(self.secure))
    }

    /// Returns the host as a URL spells it: IPv6 in brackets.
    pub(super) fn bracketed_host(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }

    /// Returns the `Host` header, also the signed one: host, and port unless it is the scheme's own.
    /// v1: `botocore.auth._host_from_url`. Parity: WIRE-07.
    pub(crate) fn host_header(&self) -> String {
        match self.port.filter(|&port| port != usual_port(self.secure)) {
            Some(port) => format!("{}:{port}", self.bracketed_host()),
            None => self.bracketed_host(),
        }
    }

    /// Returns request target and `Host` header for a proxy that forwards: the whole URL with user, password and port
    /// as they were typed, its dots followed. v1 signs another host then, and another path.
    /// v1: `urllib3.util.url.parse_url`, `http.client.HTTPConnection.putrequest`. Parity: PROXY-02.
    pub(super) fn forwarded(&self) -> Result<(String, String), Cause> {
        let Parts { login, rest, .. } = Parts::of(&self.text)?;
        let login = if login.is_empty() { String::new() } else { encode_invalid(login, LOGIN) + "@" };
        let host = self.bracketed_host().replacen("%25", "%", 1);
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        let netloc = format!("{login}{host}{port}");
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        let path = encode_invalid(&without_dots(path), PATH);
        let query = encode_invalid(query, QUERY);
        Ok((format!("http://{netloc}{path}{query}"), without_zone(&netloc)?))
    }
}

pub(super) fn usual_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

/// The parts of a URL as urllib3 splits it.
pub(super) struct Parts<'a> {
    /// In lower case; empty where there is none.
    pub(super) scheme: String,
    /// `user:password`; empty where there is none.
    pub(super) login: &'a str,
    /// Host, which may be empty, and port; `None` where nothing stands after `//`.
    pub(super) address: Option<(String, Option<u16>)>,
    rest: &'a str,
}

impl<'a> Parts<'a> {
    /// Splits `text`.
    /// v1: `urllib3.util.url.parse_url`. Parity: PROXY-05, VAL-10.
    pub(super) fn of(text: &'a str) -> Result<Self, Cause> {
        let split = url::split(text, true).map_err(|error| Cause::Other(error.to_string()));
        let (scheme, netloc, rest) = split?;
        let login = netloc.rsplit_once('@').map_or("", |(login, _)| login);
        let authority = netloc.split('\\').next().unwrap_or_default(); // Python's `urlsplit` knows no backslash
        let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
        let address = (!authority.is_empty()).then(|| split_port(address, text)).transpose()?;
        Ok(Self { scheme, login, address, rest })
    }
}

fn unparsed(reason: impl Display) -> Cause {
    Cause::Other(format!("Failed to parse: {reason}"))
}

/// Splits `address` into host and port; `text` is the URL that v1 quotes.
/// v1: `urllib3.util.url._HOST_PORT_RE`. Parity: VAL-10, PROXY-05.
fn split_port(address: &str, text: &str) -> Result<(String, Option<u16>), Cause> {
    let bracketed = address.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (host, port) =
        bracketed.unwrap_or_else(|| address.split_at(address.find(':').unwrap_or(address.len())));
    let digits = if port.is_empty() { Some("") } else { port.strip_prefix(':') };
    let is_port = |digits: &&str| {
        digits.trim_start_matches('0').len() <= 5 && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_host = bracketed.is_some() || has_escapes_only(host);
    let Some(digits) = digits.filter(is_port).filter(|_| is_host) else {
        refuse_blanks(address)?;
        return Err(unparsed(format_args!("{} is not a valid host or port", repr::string(address))));
    };
    let port = (!digits.is_empty()).then(|| digits.parse()).transpose().map_err(|_| unparsed(text))?;
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
fn refuse_blanks(host: &str) -> Result<(), Cause> {
    let Some(blank) = host.chars().find(|letter| matches!(letter, '\0'..=' ' | '\u{7f}')) else {
        return Ok(());
    };
    let (host, blank) = (repr::string(host), repr::string(&blank.to_string()));
    Err(unparsed(format_args!("Host {host} contains invalid character {blank}")))
}

/// Returns `host` in lower case, encoded letters, digits and `._-~` decoded.
/// v1: `urllib3.util.url._normalize_host`. Parity: PROXY-05.
fn normal_host(host: &str) -> Result<String, Cause> {
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
                return Err(unparsed(format_args!(
                    "Host {host} contains invalid percent-encoded control character {escape}"
                )));
            }
            Ok(byte) if byte.is_ascii_alphanumeric() || b"._-~".contains(&byte) => {
                normal.push(char::from(byte));
            }
            _ => normal.extend(["%", hex]),
        }
        normal.push_str(rest);
    }
    if !normal.is_ascii() {
        return Err(unparsed("Unable to parse URL without the 'idna' module"));
    }
    Ok(normal.to_ascii_lowercase())
}

/// Returns path and query for the request line: never empty, without fragment, invalid characters percent-encoded.
fn target(rest: &str) -> String {
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = encode_invalid(without_params(path), PATH);
    let slash = if path.is_empty() { "/" } else { "" };
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{slash}{path}{mark}{}", encode_invalid(query, QUERY))
}

/// Returns `path` without the `;parameters` of its last segment, as Python's `urlparse` splits them off.
fn without_params(path: &str) -> &str {
    let (folder, last) = path.split_at(path.rfind('/').unwrap_or(0));
    let end = folder.len() + last.find(';').unwrap_or(last.len());
    path.get(..end).unwrap_or(path)
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
/// Errors: [`Cause::Other`] where it stands elsewhere (deviation D1).
/// v1: `http.client._strip_ipv6_iface`. Parity: PROXY-02.
fn without_zone(netloc: &str) -> Result<String, Cause> {
    match netloc.split_once('%') {
        None => Ok(netloc.to_owned()),
        Some((address, _)) if address.starts_with('[') => Ok(format!("{address}]")),
        Some(_) => Err(Cause::Other("no header can hold the user and password of the URL".to_owned())),
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
            ("a.b://h", "a.b", Some("h")),
            ("a_b://h", "", Some("a_b")),
            ("1a://h", "", Some("1a")),
            ("/x", "", None),
        ] {
            let parts = Parts::of(text).unwrap();
            assert_eq!(parts.scheme, scheme, "{text}");
            assert_eq!(parts.address.as_ref().map(|(host, _)| host.as_str()), host, "{text}");
        }
    }

    /// Returns message URL, request target, host and port, or the error.
    fn spelled(endpoint: &str) -> [String; 3] {
        match Endpoint::parse(endpoint).and_then(|endpoint| Url::of(&endpoint, "/copy-jobs")) {
            Err(error) => [error.text(), String::new(), String::new()],
            Ok(Url { text, target, host, port, .. }) => {
                [text, target, host + &port.map(|port| format!(":{port}")).unwrap_or_default()]
            }
        }
    }

    #[test]
    fn endpoints_are_read_as_v1_reads_them() {
        let rows = [
            ("http://h/a/b", "http://h/a/b/copy-jobs", "/a/b/copy-jobs", "h"),
            ("http://h/a/", "http://h/a/copy-jobs", "/a/copy-jobs", "h"),
            ("http://h//", "http://h//copy-jobs", "//copy-jobs", "h"),
            ("HTTP://H:080/../%7e", "http://H:080/../%7e/copy-jobs", "/../%7E/copy-jobs", "h:80"),
            ("https://h:0443?x=1", "https://h:0443/copy-jobs?x=1", "/copy-jobs?x=1", "h:443"),
            ("http://u:p@h:8/a?#f", "http://u:p@h:8/a/copy-jobs#f", "/a/copy-jobs", "h:8"),
            (" http://h/a b/é", "http://h/a b/é/copy-jobs", "/a%20b/%C3%A9/copy-jobs", "h"),
            ("http://h/%zz%7e", "http://h/%zz%7e/copy-jobs", "/%25zz%257E/copy-jobs", "h"),
            ("http://[::1]:8/", "http://[::1]:8/copy-jobs", "/copy-jobs", "::1:8"),
            ("http://h:/", "http://h:/copy-jobs", "/copy-jobs", "h"),
            ("//H:0", "//H:0/copy-jobs", "/copy-jobs", "h:0"),
            ("http://h:99999", "\nPort out of range 0-65535\n", "", ""),
            ("http://h:é", "\nPort could not be cast to integer value as 'é'\n", "", ""),
            ("foo", "\nInvalid endpoint: foo\n", "", ""),
            ("http://", "\nInvalid endpoint: http://\n", "", ""),
            ("http://a_b", "\nInvalid endpoint: http://a_b\n", "", ""),
            ("http://-a", "\nInvalid endpoint: http://-a\n", "", ""),
            ("http://a\tb", "\nInvalid endpoint: http://a\tb\n", "", ""),
            ("http://[::1", "\nInvalid IPv6 URL\n", "", ""),
        ];
        for (url, message, target, host) in rows {
            assert_eq!(spelled(url), [message, target, host], "{url:?}");
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
            assert_eq!(Url::read(text), Err(Cause::Other(reason.into())), "{text}");
        }
    }
}
