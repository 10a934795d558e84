//! A URL as Python's `urlsplit` reads it, and with it the endpoint of a service: what is sent, what messages show.
//!
//! Which URL is used is decided in [`super::endpoint`]; `http::Url`, which reads a URL as urllib3 does, shares [`split`].

use std::net::{Ipv4Addr, Ipv6Addr};

use anyhow::{bail, ensure};

use crate::error::{Error, failure};
use crate::python::percent::{self, QUERY, encode_invalid};
use crate::python::repr;

/// A URL in parts, as typed except for the scheme; made by [`Endpoint::parse`], it is where the requests of a service
/// go, and its host is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// In lower case; empty where there is none.
    pub scheme: String,
    /// `user:password@host:port`
    netloc: String,
    path: String,
    /// `?x=1`, or empty.
    query: String,
    /// `#x`, or empty.
    fragment: String,
}

impl Endpoint {
    /// Reads `url`.
    /// Errors: `Invalid endpoint: ..` unless it has a host of letters, digits, hyphens and dots, or an IPv6 address.
    /// v1: `EndpointCreator.create_endpoint`. Parity: CFG-45, WIRE-07.
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        Self::read(url)?.ok_or_else(|| failure!("Invalid endpoint: {url}"))
    }

    /// Reads `url`; `None` where it is not valid.
    /// v1: `is_valid_endpoint_url`, `is_valid_ipv6_endpoint_url`.
    pub(super) fn read(url: &str) -> anyhow::Result<Option<Self>> {
        if url.contains(['\t', '\r', '\n']) {
            return Ok(None);
        }
        let in_zone = |letter: char| letter.is_ascii_alphanumeric() || "._!-~%".contains(letter);
        let endpoint = Self::of(url)?;
        let valid = endpoint.host().is_some_and(|host| is_host_name(&host) || is_ipv6(&host, in_zone));
        Ok(valid.then_some(endpoint))
    }

    /// Splits `url`: blanks and control characters before it go, tabs and line ends anywhere.
    /// v1: `urllib.parse.urlsplit`. Parity: CFG-44, ARG-33.
    pub(crate) fn of(url: &str) -> anyhow::Result<Self> {
        let url = url.trim_start_matches(|letter| letter <= ' ').replace(['\t', '\r', '\n'], "");
        let (scheme, netloc, rest) = split(&url, false)?;
        let (rest, fragment) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
        let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        let [query, fragment] = [query, fragment].map(|part| if part.len() > 1 { part } else { "" });
        let [netloc, path, query, fragment] = [netloc, path, query, fragment].map(str::to_owned);
        Ok(Self { scheme, netloc, path, query, fragment })
    }

    /// Returns the host as typed and the port, empty where there is none.
    fn host_and_port(&self) -> (&str, &str) {
        let address = self.netloc.rsplit_once('@').map_or(self.netloc.as_str(), |(_, address)| address);
        let (host, rest) = match address.split_once('[') {
            Some((_, bracketed)) => bracketed.split_once(']').unwrap_or((bracketed, "")),
            None => address.split_at(address.find(':').unwrap_or(address.len())),
        };
        (host, rest.split_once(':').map_or("", |(_, port)| port))
    }

    /// Returns the host in lower case, the zone of an IPv6 address as typed; `None` where there is none.
    /// v1: `urlparse(url).hostname`. Parity: CRED-80, CRED-82.
    pub(crate) fn host(&self) -> Option<String> {
        let (host, _) = self.host_and_port();
        let (name, zone) = host.split_at(host.find('%').unwrap_or(host.len()));
        (!host.is_empty()).then(|| name.to_lowercase() + zone)
    }

    /// Checks the port, which v1 reads only when it signs.
    /// Errors: Python's words for a port that is no number, or too large.
    /// v1: `SplitResult.port`. Parity: CFG-45, WIRE-07.
    pub(crate) fn check_port(&self) -> anyhow::Result<()> {
        let (_, port) = self.host_and_port();
        let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
        ensure!(is_number, "Port could not be cast to integer value as {}", repr::string(port));
        let digits = port.trim_start_matches('0');
        ensure!(digits.is_empty() || digits.parse::<u16>().is_ok(), "Port out of range 0-65535");
        Ok(())
    }

    /// Returns the whole URL of the request for `path` (`/copy-jobs`, or `/` for the endpoint itself), as messages
    /// show it: nothing encoded, user and fragment still there.
    /// v1: `botocore.awsrequest._urljoin`. Parity: WIRE-05, WIRE-06, ERR-19.
    pub(crate) fn url(&self, path: &str) -> String {
        let Self { scheme, netloc, query, fragment, .. } = self;
        let colon = if scheme.is_empty() { "" } else { ":" };
        format!("{scheme}{colon}//{netloc}{}{query}{fragment}", self.path(path))
    }

    fn path(&self, path: &str) -> String {
        match (path, self.path.as_str()) {
            ("/" | "", "") => "/".to_owned(),
            ("/" | "", own) => own.to_owned(),
            (path, own) => format!("{}{path}", own.strip_suffix('/').unwrap_or(own)),
        }
    }

    /// Returns path and query of the request for `path` as they are signed: the path normal and encoded, the query as
    /// typed; what a URL cannot hold there is percent-encoded, where v1 signs it raw.
    /// v1: `botocore.auth.SigV4Auth.canonical_request`. Parity: WIRE-02, WIRE-05, WIRE-06.
    pub(crate) fn signed_target(&self, path: &str) -> String {
        let path = canonical_path(&self.path(path));
        let is_odd = |letter: char| letter <= ' ' || "\"<>".contains(letter);
        let query = self.query.as_str();
        if query.contains(is_odd) { path + &encode_invalid(query, QUERY) } else { path + query }
    }
}

/// Splits `url` into its scheme, in lower case, what stands between `//` and the path, and the rest. Where it `may_be_bare`,
/// what has neither scheme nor slash begins with the host.
/// Errors: Python's words where brackets are unbalanced or hold no IPv6 address.
/// v1: `urllib.parse.urlsplit`; the other: `urllib3.util.url.parse_url`.
pub(crate) fn split(url: &str, may_be_bare: bool) -> anyhow::Result<(String, &str, &str)> {
    let (scheme, rest) = match url.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => (String::new(), url),
    };
    let is_bare = may_be_bare && scheme.is_empty() && !url.starts_with('/');
    let (netloc, rest) = match rest.strip_prefix("//").or(is_bare.then_some(rest)) {
        Some(rest) => rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len())),
        None => ("", rest),
    };
    check_brackets(netloc)?;
    Ok((scheme, netloc, rest))
}

/// Returns true for a letter and then letters, digits, `+`, `-`, `.`.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Refuses unbalanced brackets, and brackets around anything but an IPv6 address.
/// v1: `urllib.parse._check_bracketed_host`. Parity: `endpoint/bracket-ipv4-bracket`.
fn check_brackets(netloc: &str) -> anyhow::Result<()> {
    let address = match (netloc.split_once('['), netloc.contains(']')) {
        (None, false) => return Ok(()),
        (Some((_, rest)), true) => rest.split_once(']').map_or(rest, |(address, _)| address),
        _ => bail!("Invalid IPv6 URL"),
    };
    ensure!(address.parse::<Ipv4Addr>().is_err(), "An IPv4 address cannot be in brackets");
    let valid = is_ipv6(address, |letter| letter != '%');
    ensure!(valid, "{} does not appear to be an IPv4 or IPv6 address", repr::string(address));
    Ok(())
}

/// Returns true for an IPv6 address, also one with a zone of characters that are `in_zone`.
fn is_ipv6(host: &str, in_zone: impl Fn(char) -> bool) -> bool {
    let (address, zone) = host.split_once('%').unwrap_or((host, "0"));
    address.parse::<Ipv6Addr>().is_ok() && !zone.is_empty() && zone.chars().all(in_zone)
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

    #[test]
    fn brackets_hold_an_address() {
        let unknown = |text: &str| Err(format!("'{text}' does not appear to be an IPv4 or IPv6 address"));
        for (netloc, expected) in [
            ("[v1.a]", unknown("v1.a")),
            ("[::1%en]:8", Ok(())),
            ("[::1%]", unknown("::1%")),
            ("[::1%a%b]", unknown("::1%a%b")),
        ] {
            assert_eq!(check_brackets(netloc).map_err(|error| error.to_string()), expected, "{netloc}");
        }
        for (host, expected) in [("::1%en", true), ("::1%", false), ("::1%a b", false), ("a%en", false)] {
            assert_eq!(is_ipv6(host, |letter| letter != ' '), expected, "{host}");
        }
    }

    #[test]
    fn queries_are_signed_as_typed_or_encoded() {
        for (query, expected) in
            [("a=%zz!", "/?a=%zz!"), ("a=b c", "/?a=b%20c"), ("a=<b>\"", "/?a=%3Cb%3E%22")]
        {
            let endpoint = Endpoint::parse(&format!("http://h/?{query}")).unwrap();
            assert_eq!(endpoint.signed_target("/"), expected, "{query}");
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
