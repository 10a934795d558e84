//! From a URL to an open connection: address, proxy, tunnel, TLS.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpSocket;

use super::answer::Reader;
use super::message::Message;
use super::url::no_host;
use super::{Client, Error, HeaderEncoding, Proxy, Url, tls};
use crate::session::Trust;

/// Both directions of a connection, whatever it is made of.
pub(super) trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Socket for T {}

/// An open connection.
pub(super) type Stream = Box<dyn Socket>;

impl Client {
    /// The longest wait for a connection.
    ///
    /// # Errors
    /// It is too long for v1.
    pub(super) fn connect_patience(&self) -> Result<Option<Duration>, Error> {
        patience(self.settings.connect_timeout)
    }

    /// A new connection over which `url` can be asked for. Where the URL of the proxy names no host, the server itself
    /// is asked for the tunnel.
    ///
    /// v1: `urllib3.connection.HTTPSConnection.connect`. Parity: PROXY-02, PROXY-03, PROXY-05, PROXY-06, PROXY-08,
    /// TIME-03.
    pub(super) async fn connect(&self, url: &Url, proxy: Option<&Proxy>) -> Result<Stream, Error> {
        let own = (url.host.clone(), url.port_number());
        let Some(proxy) = proxy else {
            let stream = self.dial(&own).await?;
            return if url.secure { self.secure(stream, &url.host, true).await } else { Ok(stream) };
        };
        let address = match &proxy.address {
            Some(address) if url.secure || !address.0.is_empty() => address,
            None if url.secure => &own,
            _ => return Err(no_host()),
        };
        let mut stream = self.dial(address).await.map_err(|error| proxy.unusable(error))?;
        if proxy.secure {
            let secure = self.secure(stream, &address.0, url.secure).await;
            stream = secure.map_err(|error| proxy.unusable(error))?;
        }
        if url.secure {
            stream = self.tunnel(stream, url, proxy).await?;
            stream = self.secure(stream, &url.host, true).await?;
            if self.settings.trust == Trust::Nothing {
                self.note_unverified(&address.0);
            }
        }
        Ok(stream)
    }

    /// A TCP connection to a host: its addresses are tried in order.
    ///
    /// v1: `urllib3.util.connection.create_connection`. Parity: ERR-19, TIME-03.
    async fn dial(&self, (host, port): &(String, u16)) -> Result<Stream, Error> {
        let addresses: Vec<SocketAddr> = if let Ok(address) = host.parse::<IpAddr>() {
            vec![SocketAddr::new(address, *port)]
        } else {
            check_labels(host)?;
            let found = tokio::net::lookup_host((host.as_str(), *port)).await;
            found.map_err(|_| Error::Unreachable)?.collect()
        };
        let mut failure = Error::Unreachable;
        for address in addresses {
            match within(self.connect_patience()?, self.open(address)).await {
                Some(Ok(stream)) => return Ok(stream),
                Some(Err(_)) => failure = Error::Unreachable,
                None => failure = Error::ConnectTimeout,
            }
        }
        Err(failure)
    }

    /// A TCP connection to `address`.
    async fn open(&self, address: SocketAddr) -> std::io::Result<Stream> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_nodelay(true)?;
        socket.set_keepalive(self.settings.tcp_keepalive)?;
        Ok(Box::new(socket.connect(address).await?))
    }

    /// TLS with `host` over `stream`; its certificate counts only when `checked`.
    async fn secure(&self, stream: Stream, host: &str, checked: bool) -> Result<Stream, Error> {
        let trust = if checked { &self.settings.trust } else { &Trust::Nothing };
        let config = tls::config(trust, self.settings.key_log)?;
        let stream = tls::handshake(stream, config, host, self.connect_patience()?).await?;
        if *trust == Trust::Nothing {
            self.note_unverified(host);
        }
        Ok(stream)
    }

    /// Asks `proxy` for a tunnel to the host of `url`.
    ///
    /// v1: `urllib3.connection.HTTPConnection._tunnel`. Parity: PROXY-03, PROXY-06, TIME-03.
    async fn tunnel(&self, mut stream: Stream, url: &Url, proxy: &Proxy) -> Result<Stream, Error> {
        let (host, port) = (url.bracketed_host(), url.port_number());
        let target = format!("{host}:{port}");
        let mut request = Message::new("CONNECT", &target, "HTTP/1.0", HeaderEncoding::Latin1)?;
        if let Some(login) = &proxy.authorization {
            request.header("Proxy-Authorization", login)?;
        }
        if self.settings.proxy_host_header {
            request.header("host", &url.host)?;
        }
        let patience = self.connect_patience()?;
        send(&mut stream, &request.end(b""), patience).await?;
        let mut reader = Reader::new(&mut stream, patience);
        let (_, status) = reader.status_line().await?;
        if status != 200 {
            return Err(Error::Proxy(proxy.shown.clone()));
        }
        reader.skip_headers().await?;
        Ok(stream)
    }
}

/// Refuses names with empty or long labels; one dot may end them.
///
/// v1: Python's codec `idna`. Parity: PROXY-05.
fn check_labels(host: &str) -> Result<(), Error> {
    let name = host.strip_suffix('.').unwrap_or(host);
    if name.is_empty() || name.split('.').all(|label| (1..64).contains(&label.len())) {
        return Ok(());
    }
    Err(Error::Other(format!("Failed to parse: '{host}', label empty or too long")))
}

/// Sends `bytes`. A peer that has closed is no error yet: its answer may be there to read.
///
/// # Errors
/// [`Error::Closed`] when they do not go out within `patience`.
///
/// v1: `urllib3.connectionpool.HTTPConnectionPool._make_request`. Parity: ERR-15.
pub(super) async fn send(stream: &mut Stream, bytes: &[u8], patience: Option<Duration>) -> Result<(), Error> {
    let sending = async {
        stream.write_all(bytes).await?;
        stream.flush().await
    };
    within(patience, sending).await.map(drop).ok_or(Error::Closed)
}

/// A wait as Python's sockets understand it: milliseconds in 32 bits, so that some huge ones end at once and others
/// never.
///
/// # Errors
/// [`Error::Other`] when it is too long for Python's clock.
///
/// v1: `settimeout`, `poll`. Parity: TIME-07.
pub(super) fn patience(timeout: Option<Duration>) -> Result<Option<Duration>, Error> {
    let Some(timeout) = timeout else { return Ok(None) };
    if timeout.as_secs() > 9_223_372_036 {
        return Err(Error::Other("timestamp too large to convert to C _PyTime_t".to_owned()));
    }
    let below = timeout.as_millis() % (1 << 32);
    let wait =
        i32::try_from(below).ok().map(|wait| Duration::from_millis(u64::from(wait.unsigned_abs().max(1))));
    Ok(wait)
}

/// The output of `future`; `None` when it takes longer than `patience`.
pub(super) async fn within<F: Future>(patience: Option<Duration>, future: F) -> Option<F::Output> {
    match patience {
        None => Some(future.await),
        Some(patience) => tokio::time::timeout(patience, future).await.ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn huge_waits() {
        for (seconds, expected) in [
            (60, Ok(Some(60_000))),
            (2_147_483, Ok(Some(2_147_483_000))),
            (3_000_000, Ok(None)),
            (2_147_483_648, Ok(Some(1))),
            (9_223_372_037, Err(())),
        ] {
            let found = patience(Some(Duration::from_secs(seconds))).map_err(|_| ());
            assert_eq!(found.map(|wait| wait.map(|wait| wait.as_millis())), expected, "{seconds}");
        }
    }
}
