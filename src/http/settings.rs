//! How the network is used: timeouts, trust, proxy.

use std::time::Duration;

use super::proxy::Proxy;
use crate::host::Host;
use crate::session::{Transport, Trust};

/// How a [`Client`](super::Client) uses the network.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Longest wait for a connection, also for each handshake; `None` waits for ever.
    pub connect_timeout: Option<Duration>,
    /// Longest wait for the next bytes of a response; `None` waits for ever.
    pub read_timeout: Option<Duration>,
    pub trust: Trust,
    /// URL of the proxy.
    pub proxy: Option<String>,
    /// Sets `SO_KEEPALIVE` (CFG-76).
    pub tcp_keepalive: bool,
    /// Writes TLS secrets to the file that `SSLKEYLOGFILE` names (TLS-11).
    pub key_log: bool,
    /// Sends `host` to a proxy that is asked for a tunnel (PROXY-03).
    pub proxy_host_header: bool,
}

impl Settings {
    /// Returns the settings of v1's client without any: 60 seconds each way, bundled roots, no proxy.
    pub(crate) fn plain(host: &Host) -> Self {
        let named = host.env("BOTO_EXPERIMENTAL__ADD_PROXY_HOST_HEADER");
        Self {
            connect_timeout: Some(Duration::from_mins(1)),
            read_timeout: Some(Duration::from_mins(1)),
            trust: Trust::Bundled,
            proxy: None,
            tcp_keepalive: false,
            key_log: host.env_filled("SSLKEYLOGFILE").is_some(),
            proxy_host_header: named.is_some_and(|value| value.eq_ignore_ascii_case("true")),
        }
    }

    /// Returns the session's settings, with the proxy that the environment names for `url`.
    pub(crate) fn new(transport: &Transport, url: &str, host: &Host) -> Self {
        Self {
            connect_timeout: transport.connect_timeout,
            read_timeout: transport.read_timeout,
            trust: transport.trust.clone(),
            proxy: Proxy::from_environment(url, host),
            tcp_keepalive: transport.keepalive,
            ..Self::plain(host)
        }
    }
}
