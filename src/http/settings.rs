//! How the network is used: timeouts, trust, proxy.

use std::time::Duration;

use super::proxy::Proxy;
use crate::host::Host;
use crate::session::{Transport, Trust};

/// How a [`Client`](super::Client) uses the network.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub transport: Transport,
    /// URL of the proxy.
    pub proxy: Option<String>,
    /// Writes TLS secrets to the file that `SSLKEYLOGFILE` names (TLS-11).
    pub key_log: bool,
    /// Sends `host` to a proxy that is asked for a tunnel (PROXY-03).
    pub proxy_host_header: bool,
}

impl Settings {
    /// Returns the settings of v1's client without any but a `timeout` each way: bundled roots, no proxy.
    pub(crate) fn plain(timeout: Option<Duration>, host: &Host) -> Self {
        let (trust, keepalive) = (Trust::Bundled, false);
        let transport = Transport { connect_timeout: timeout, read_timeout: timeout, trust, keepalive };
        let named = host.env("BOTO_EXPERIMENTAL__ADD_PROXY_HOST_HEADER");
        Self {
            transport,
            proxy: None,
            key_log: host.env_filled("SSLKEYLOGFILE").is_some(),
            proxy_host_header: named.is_some_and(|value| value.eq_ignore_ascii_case("true")),
        }
    }

    /// Returns the session's settings, with the proxy that the environment names for `url`.
    pub(crate) fn new(transport: &Transport, url: &str, host: &Host) -> Self {
        let (transport, proxy) = (transport.clone(), Proxy::from_environment(url, host));
        Self { transport, proxy, ..Self::plain(None, host) }
    }
}
