//! An endpoint URL as Python's `urlsplit` reads it: what goes on the wire, and what messages show.
//!
//! Mirrors `urllib.parse.urlsplit`, `botocore.utils.is_valid_endpoint_url`, `botocore.awsrequest._urljoin` and
//! `urllib3.util.url._encode_target`. Which URL is used is decided in [`super::endpoint`].

use std::net::Ipv6Addr;

use anyhow::bail;

use crate::error::{Error, failure};
use crate::python::percent::{self, PATH, QUERY, encode_invalid};
use crate::python::repr;

/// A URL in parts, as typed except for the scheme, which is in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Split {
    /// `http`; empty where there is none.
    scheme: String,
    /// `user:password@host:port`
    netloc: String,
    /// `/a/b`, without query and fragment.
    path: String,
    /// What follows `?`.
    query: String,
    /// What follows `#`.
    fragment: String,
}

/// Where the requests of a service go; made by [`Endpoint::parse`] only, so the host is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// The parts of the URL.
    split: Split,
    /// Host in lower case; an IPv6 address without brackets, its zone kept.
    host: String,
}

impl Endpoint {
    /// Reads `url`.
    /// Errors: `Invalid endpoint: ..` unless it has a host of letters, digits, hyphens and dots, or an IPv6 address.
    /// v1: `EndpointCreator.create_endpoint`. Parity: CFG-45, WIRE-07.
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        Self::read(url)?.ok_or_else(|| failure!("Invalid endpoint: {url}"))
    }

    /// Reads `url`; `None` where it is not valid.
    /// Errors: Python's words where brackets are unbalanced or hold no IPv6 address.
    /// v1: `is_valid_endpoint_url`, `is_valid_ipv6_endpoint_url`.
    pub(super) fn read(url: &str) -> anyhow::Result<Option<Self>> {
        if url.contains(['\t', '\r', '\n']) {
            return Ok(None);
        }
        let split = Split::of(url)?;
        let host = split.host().filter(|host| is_host_name(host) || is_ipv6_zoned(host));
        Ok(host.map(|host| Self { split, host }))
    }

    /// Returns `http` or `https` in lower case, `http` for `//host`; anything else fails when the request is sent
    /// (CFG-45).
    pub(crate) fn scheme(&self) -> &str {
        if self.split.scheme.is_empty() { "http" } else { &self.split.scheme }
    }

    /// Returns the host to connect to, in lower case; an IPv6 address without brackets.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port as typed; `None` where the scheme's own applies.
    /// Errors: Python's words for a port that is no number, or too large. v1 notices only when it signs.
    /// v1: `SplitResult.port`. Parity: CFG-45, WIRE-07.
    pub(crate) fn port(&self) -> anyhow::Result<Option<u16>> {
        let Some(port) = self.split.port() else { return Ok(None) };
        if !port.bytes().all(|byte| byte.is_ascii_digit()) {
            bail!("Port could not be cast to integer value as {}", repr::string(port));
        }
        match port.trim_start_matches('0') {
            "" => Ok(Some(0)),
            digits => match digits.parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => bail!("Port out of range 0-65535"),
            },
        }
    }

    /// Returns the whole URL of the request for `path` (`/copy-jobs`, or `/` for the endpoint itself), as messages
    /// show it: nothing encoded, user and fragment still there.
    /// v1: `botocore.awsrequest._urljoin`. Parity: WIRE-05, WIRE-06, ERR-19.
    pub(crate) fn url(&self, path: &str) -> String {
        let Split { scheme, netloc, query, fragment, .. } = &self.split;
        let colon = if scheme.is_empty() { "" } else { ":" };
        let mut url = format!("{scheme}{colon}//{netloc}{}", self.path(path));
        for (mark, part) in [('?', query), ('#', fragment)] {
            if !part.is_empty() {
                url.push(mark);
                url.push_str(part);
            }
        }
        url
    }

    /// Returns the path of the request for `path`, as typed: this is what the signature normalises and encodes.
    pub(crate) fn path(&self, path: &str) -> String {
        let own = &self.split.path;
        match path {
            "/" | "" if own.is_empty() => "/".to_owned(),
            "/" | "" => own.clone(),
            _ => format!("{}{path}", own.strip_suffix('/').unwrap_or(own)),
        }
    }

    /// Returns the URL for `path` that the signature is made of: the path as it is signed, the query as typed; what a
    /// URL cannot hold there is percent-encoded, where v1 signs it raw.
    /// v1: `botocore.auth.SigV4Auth.canonical_request`. Parity: WIRE-02, WIRE-05, WIRE-06.
    pub(crate) fn signing_url(&self, path: &str) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let query = self.query();
        let odd = query.contains(|found: char| found <= ' ' || "\"<>".contains(found));
        let query = if odd { encode_invalid(query, QUERY) } else { query.to_owned() };
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}://{host}{}{mark}{query}", self.scheme(), canonical_path(&self.path(path)))
    }

    /// Returns the query as typed, without `?`; empty where there is none.
    pub(crate) fn query(&self) -> &str {
        &self.split.query
    }

    /// Returns the request target for `path`: path and query, what a URL may not hold percent-encoded, dots left
    /// alone.
    /// v1: `urllib3.util.url._encode_target`. Parity: WIRE-05, WIRE-06.
    pub(crate) fn target(&self, path: &str) -> String {
        let path = encode_invalid(&self.path(path), PATH);
        match self.query() {
            "" => path,
            query => format!("{path}?{}", encode_invalid(query, QUERY)),
        }
    }
}

/// Returns the scheme that Python sees in `url`, in lower case; empty where there is none.
/// Errors: Python's words where brackets are unbalanced or hold no IPv6 address.
/// v1: `urlparse(url).scheme`. Parity: CFG-44, ARG-33.
pub(crate) fn scheme(url: &str) -> Result<String, Error> {
    Ok(Split::of(url)?.scheme)
}

/// Returns the host that Python sees in `url`, in lower case; `None` where there is none.
/// Errors: those of [`scheme`].
/// v1: `urlparse(url).hostname`. Parity: CRED-80, CRED-82.
pub(crate) fn host(url: &str) -> Result<Option<String>, Error> {
    Ok(Split::of(url)?.host())
}

impl Split {
    /// Reads as `urlsplit(url)` does: blanks and control characters before it go, tabs and line ends anywhere.
    fn of(url: &str) -> anyhow::Result<Self> {
        let url = url.trim_start_matches(|character| character <= ' ').replace(['\t', '\r', '\n'], "");
        let (scheme, rest) = match url.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_lowercase(), rest),
            _ => (String::new(), url.as_str()),
        };
        let (netloc, rest) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len())),
            None => ("", rest),
        };
        check_brackets(netloc)?;
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let [netloc, path, query, fragment] = [netloc, path, query, fragment].map(str::to_owned);
        Ok(Self { scheme, netloc, path, query, fragment })
    }

    /// Returns the host as typed and what follows it, after any `user:password@`.
    fn host_and_port(&self) -> (&str, &str) {
        let address = self.netloc.rsplit_once('@').map_or(self.netloc.as_str(), |(_, address)| address);
        match address.split_once('[') {
            Some((_, bracketed)) => {
                let (host, rest) = bracketed.split_once(']').unwrap_or((bracketed, ""));
                (host, rest.split_once(':').map_or("", |(_, port)| port))
            }
            None => address.split_once(':').unwrap_or((address, "")),
        }
    }

    /// Returns the host in lower case, the zone of an IPv6 address as typed; `None` where there is none.
    fn host(&self) -> Option<String> {
        let (host, _) = self.host_and_port();
        let (name, zone) = host.split_at(host.find('%').unwrap_or(host.len()));
        (!host.is_empty()).then(|| name.to_lowercase() + zone)
    }

    /// Returns the port as typed; `None` where there is none.
    fn port(&self) -> Option<&str> {
        Some(self.host_and_port().1).filter(|port| !port.is_empty())
    }
}

/// Returns true for a letter and then letters, digits, `+`, `-`, `.`.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Refuses unbalanced brackets, and brackets around anything but an IPv6 address.
/// Errors: Python's words for it.
/// v1: `urllib.parse._check_bracketed_host`.
pub(crate) fn check_brackets(netloc: &str) -> anyhow::Result<()> {
    let address = match (netloc.split_once('['), netloc.contains(']')) {
        (None, false) => return Ok(()),
        (Some((_, rest)), true) => rest.split_once(']').map_or(rest, |(address, _)| address),
        _ => bail!("Invalid IPv6 URL"),
    };
    if let Some(future) = address.strip_prefix('v') {
        let good = future.split_once('.').is_some_and(|(version, rest)| {
            !version.is_empty() && !rest.is_empty() && version.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        return if good { Ok(()) } else { bail!("IPvFuture address is invalid") };
    }
    let (number, zone) =
        address.split_once('%').map_or((address, None), |(number, zone)| (number, Some(zone)));
    if number.parse::<Ipv6Addr>().is_ok() && zone.is_none_or(|zone| !zone.is_empty() && !zone.contains('%')) {
        return Ok(());
    }
    if address.parse::<std::net::Ipv4Addr>().is_ok() {
        bail!("An IPv4 address cannot be in brackets");
    }
    bail!("{} does not appear to be an IPv4 or IPv6 address", repr::string(address))
}

/// Returns true for labels of 1 to 63 letters, digits and inner hyphens between dots, 255 characters in all, one dot at
/// the end allowed.
/// v1: `is_valid_endpoint_url`. Parity: CFG-45.
fn is_host_name(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 255 && host.strip_suffix('.').unwrap_or(host).split('.').all(is_label)
}

/// Returns true for an IPv6 address, also one with a zone.
/// v1: `is_valid_ipv6_endpoint_url`.
fn is_ipv6_zoned(host: &str) -> bool {
    let (address, zone) = host.split_once('%').map_or((host, None), |(address, zone)| (address, Some(zone)));
    let in_zone = |character: char| character.is_ascii_alphanumeric() || "._!-~%".contains(character);
    address.parse::<Ipv6Addr>().is_ok()
        && zone.is_none_or(|zone| !zone.is_empty() && zone.chars().all(in_zone))
}

/// Returns `path` as it is signed: empty and dot segments gone, all else than letters, digits and `/~_.-`
/// percent-encoded.
/// v1: `botocore.utils.normalize_url_path`. Parity: WIRE-02, WIRE-05.
fn canonical_path(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => _ = segments.pop(),
            _ => segments.push(segment),
        }
    }
    let last = if path.ends_with('/') && !segments.is_empty() { "/" } else { "" };
    percent::quote(&format!("/{}{last}", segments.join("/")), "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns message URL, request target, host and port, or the error.
    fn spelled(url: &str) -> [String; 3] {
        match Endpoint::parse(url) {
            Err(error) => [error.text(), String::new(), String::new()],
            Ok(endpoint) => {
                let port =
                    endpoint.port().map(|port| port.map_or_else(String::new, |port| format!(":{port}")));
                let host =
                    port.map_or_else(|error| error.to_string(), |port| endpoint.host().to_owned() + &port);
                [endpoint.url("/copy-jobs"), endpoint.target("/copy-jobs"), host]
            }
        }
    }

    #[test]
    fn urls_are_read_as_v1_reads_them() {
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
            ("http://h:99999", "http://h:99999/copy-jobs", "/copy-jobs", "Port out of range 0-65535"),
            ("http://h:/", "http://h:/copy-jobs", "/copy-jobs", "h"),
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
    fn brackets_hold_an_address() {
        let future = Err("IPvFuture address is invalid".to_owned());
        let unknown = |text: &str| Err(format!("'{text}' does not appear to be an IPv4 or IPv6 address"));
        for (netloc, expected) in [
            ("[v1.a]", Ok(())),
            ("[v.a]", future.clone()),
            ("[v1.]", future.clone()),
            ("[vg.a]", future.clone()),
            ("[v1a]", future),
            ("[::1%en]:8", Ok(())),
            ("[::1%]", unknown("::1%")),
            ("[::1%a%b]", unknown("::1%a%b")),
        ] {
            assert_eq!(check_brackets(netloc).map_err(|error| error.to_string()), expected, "{netloc}");
        }
        for (host, expected) in [("::1%en", true), ("::1%", false), ("::1%a b", false), ("a%en", false)] {
            assert_eq!(is_ipv6_zoned(host), expected, "{host}");
        }
    }

    #[test]
    fn paths_are_signed_without_dots_and_encoded_once_more() {
        let rows = [
            ("/copy-jobs", "/copy-jobs"),
            ("//a/./b/../c d/", "/a/c%20d/"),
            ("/../%7E%zz", "/%257E%25zz"),
            ("/é:@", "/%C3%A9%3A%40"),
            ("/..", "/"),
        ];
        for (path, expected) in rows {
            assert_eq!(canonical_path(path), expected, "{path}");
        }
    }
}
