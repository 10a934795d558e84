//! The proxy through which a URL is reached, and its login.

use percent_encoding::percent_decode_str;

use super::error::Cause;
use super::url::{Parts, usual_port};
use crate::host::Host;
use crate::python::stdio::Encoding;
use crate::python::text;
use crate::session::url;

/// A proxy from the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proxy {
    pub(super) is_https: bool,
    /// Host, which may be empty, and port; `None` where its URL names neither.
    pub(super) address: Option<(String, u16)>,
    /// The value of `Proxy-Authorization`, where user and password are known.
    pub(super) authorization: Option<String>,
    /// Its URL with user and password masked.
    pub(super) redacted_url: String,
}

impl Proxy {
    /// Returns the proxy that the environment names for `url`, as text; `None` where there is none or `no_proxy` forbids it.
    /// v1: `botocore.utils.get_environ_proxies`. Parity: PROXY-01, PROXY-09.
    pub(crate) fn from_environment(url: &str, host: &Host) -> Option<String> {
        let (scheme, netloc, _) = url::split(url, false).ok()?;
        if variable(host, "no").is_some_and(|list| bypassed(&list, netloc)) {
            return None;
        }
        let proxy = variable(host, &scheme)?;
        Some(match proxy {
            proxy if proxy.starts_with("http:") || proxy.starts_with("https:") => proxy,
            proxy if proxy.starts_with("//") => format!("http:{proxy}"),
            proxy => format!("http://{proxy}"),
        })
    }

    /// Parses `text`.
    /// v1: `botocore.httpsession.ProxyConfiguration`, `urllib3.ProxyManager`. Parity: PROXY-04 to PROXY-06.
    pub(super) fn parse(text: &str) -> Result<Self, Cause> {
        let Parts { scheme, login, address, .. } = Parts::of(text)?;
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let mut redacted_url = text.to_owned();
        for secret in [user, password].into_iter().filter(|secret| !secret.is_empty()) {
            redacted_url = redacted_url.replacen(secret, "***", 1);
        }
        let has_login = !user.is_empty() && !password.is_empty();
        let authorization = has_login.then(|| basic(user, password)).transpose()?;
        let is_https = scheme == "https";
        let port = |port: Option<u16>| port.filter(|&port| port != 0).unwrap_or(usual_port(is_https));
        let address = address.map(|(host, typed)| (host, port(typed)));
        Ok(Self { is_https, address, authorization, redacted_url })
    }

    /// Returns v1's error for a proxy that cannot be used because of `error`.
    /// v1: `urllib3.connection._wrap_proxy_error`. Parity: PROXY-06.
    pub(super) fn wrap_error(&self, error: Cause) -> Cause {
        match &error {
            Cause::Other(_) | Cause::System(_) => error,
            _ => Cause::Proxy(self.redacted_url.clone()),
        }
    }
}

fn basic(user: &str, password: &str) -> Result<String, Cause> {
    let [user, password] = [user, password].map(|part| percent_decode_str(part).decode_utf8_lossy());
    let login = format!("{user}:{password}");
    Encoding::ASCII.encode(&login).map_err(Cause::Other)?;
    Ok(format!("Basic {}", aws_smithy_types::base64::encode(login)))
}

/// Returns the value of `<name>_proxy`: lower case wins and, when empty, unsets; `HTTP_PROXY` is not read in a CGI script.
/// v1: `urllib.request.getproxies_environment`. Parity: PROXY-01.
fn variable(host: &Host, name: &str) -> Option<String> {
    let key = format!("{name}_proxy");
    let mut found: Vec<_> = host.env.iter().filter(|(other, _)| other.eq_ignore_ascii_case(&key)).collect();
    found.sort();
    if let Some((_, value)) = found.iter().rfind(|(key, _)| key.ends_with("_proxy")) {
        return Some((*value).clone()).filter(|value| !value.is_empty());
    }
    let is_cgi = name == "http" && host.env("REQUEST_METHOD").is_some();
    found.into_iter().map(|(_, value)| value).rfind(|value| !is_cgi && !value.is_empty()).cloned()
}

/// Returns true when `list` names `netloc`, its host or a domain that it is in.
/// v1: `urllib.request.proxy_bypass_environment`. Parity: PROXY-09.
fn bypassed(list: &str, netloc: &str) -> bool {
    let netloc = netloc.to_lowercase();
    let port = netloc.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let only = port.map_or(netloc.as_str(), |(only, _)| only);
    let mut names = list.split(',').map(|name| text::strip(name).trim_start_matches('.').to_lowercase());
    let names_it = |name: String| {
        let within = format!(".{name}");
        !name.is_empty() && [only, &netloc].into_iter().any(|host| host == name || host.ends_with(&within))
    };
    list == "*" || names.any(names_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        for (env, expected) in [
            (&[("HTTP_PROXY", "a:1")][..], Some("http://a:1")),
            (&[("HTTP_PROXY", "a:1"), ("http_proxy", "//b")], Some("http://b")),
            (&[("HTTP_PROXY", "a:1"), ("http_proxy", "")], None),
            (&[("Http_Proxy", "https://c")], Some("https://c")),
            (&[("HTTP_PROXY", "a:1"), ("REQUEST_METHOD", "")], None),
            (&[("http_proxy", "a:1"), ("REQUEST_METHOD", "")], Some("http://a:1")),
            (&[("HTTPS_PROXY", "a:1"), ("ALL_PROXY", "b")], None),
            (&[("http_proxy", "a"), ("NO_PROXY", "x, 0.0.1")], None),
            (&[("http_proxy", "a"), ("no_proxy", ""), ("NO_PROXY", "*")], Some("http://a")),
        ] {
            assert_eq!(
                Proxy::from_environment("http://127.0.0.1:8/x", &Host::fake(env)).as_deref(),
                expected,
                "{env:?}"
            );
        }
    }

    #[test]
    fn bypass() {
        for (list, netloc, expected) in [
            ("*", "h", true),
            ("*,x", "h", false),
            ("example.com", "a.example.com:443", true),
            (".example.com", "example.com", true),
            ("ample.com", "example.com", false),
            ("h:80", "h:80", true),
            ("h:81", "h:80", false),
            ("127.0.0.0/8", "127.0.0.1", false),
            ("LOCALHOST", "localhost:1", true),
        ] {
            assert_eq!(bypassed(list, netloc), expected, "{list} {netloc}");
        }
    }

    #[test]
    fn logins_are_decoded_and_masked() {
        let proxy = Proxy::parse("http://us%40er:p%3Aw@h:1").unwrap();
        assert_eq!(proxy.authorization.as_deref(), Some("Basic dXNAZXI6cDp3"));
        assert_eq!(proxy.redacted_url, "http://***:***@h:1");
        assert_eq!(Proxy::parse("http://user:@h:1").unwrap().authorization, None);
    }
}
