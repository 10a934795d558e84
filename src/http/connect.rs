//! From a URL to an open connection: address, proxy, tunnel, TLS.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use super::client::Client;
use super::error::{Cause, no_host};
use super::message::{HeaderEncoding, Message, send};
use super::proxy::Proxy;
use super::reader::ResponseReader;
use super::settings::Settings;
use super::stream::{Stream, socket_timeout, within};
use super::url::Url;
use super::{tcp, tls};
use crate::python::oserror;
use crate::session::{Transport, Trust};

impl Client {
    /// Opens a connection over which requests to `url` can be sent. Where the URL of the proxy names no host, the
    /// tunnel is requested from the server itself.
    /// v1: `urllib3.connection.HTTPSConnection.connect`. Parity: PROXY-03, PROXY-06, PROXY-08.
    pub(super) async fn connect(&self, url: &Url) -> Result<Stream, Cause> {
        let own = (url.host.clone(), url.port_number());
        let Some(proxy) = self.proxy()? else {
            let stream = self.connect_tcp(&own).await?;
            return if url.secure { self.start_tls(stream, &url.host, true).await } else { Ok(stream) };
        };
        let address = match &proxy.address {
            Some(address) if url.secure || !address.0.is_empty() => address,
            None if url.secure => &own,
            _ => return Err(no_host()),
        };
        let mut stream = self.connect_tcp(address).await.map_err(|error| proxy.wrap_error(error))?;
        if proxy.is_https {
            let secure = self.start_tls(stream, &address.0, url.secure).await;
            stream = secure.map_err(|error| proxy.wrap_error(error))?;
        }
        if url.secure {
            stream = self.tunnel(stream, url, proxy).await?;
            stream = self.start_tls(stream, &url.host, true).await?;
            if self.settings.transport.trust == Trust::Unverified {
                self.unverified.replace(Some(address.0.clone()));
            }
        }
        Ok(stream)
    }

    async fn connect_tcp(&self, (host, port): &(String, u16)) -> Result<Stream, Cause> {
        self.connect_any(addresses(host, *port).await?).await
    }

    /// Opens a TCP connection to the first of `addresses` that accepts one, each within the timeout.
    /// Errors: the one of the last address.
    /// v1: `urllib3.util.connection.create_connection`. Parity: ERR-19, TIME-03.
    async fn connect_any(&self, addresses: Vec<SocketAddr>) -> Result<Stream, Cause> {
        let mut failure = Cause::ConnectFailed;
        for address in addresses {
            let timeout = socket_timeout(self.settings.transport.connect_timeout)?;
            match within(timeout, tcp::connect(address, self.settings.transport.keepalive)).await {
                Some(Ok(stream)) => return Ok(Box::new(stream)),
                Some(Err(error)) => failure = connect_failure(&error),
                None => failure = Cause::ConnectTimeout,
            }
        }
        Err(failure)
    }

    /// Starts TLS with `host` over `stream`; its certificate counts only when `checked`.
    async fn start_tls(&self, stream: Stream, host: &str, checked: bool) -> Result<Stream, Cause> {
        let Settings { transport: Transport { trust, connect_timeout, .. }, key_log, .. } = &self.settings;
        let (trust, config) = if checked { (trust, &self.tls.0) } else { (&Trust::Unverified, &self.tls.1) };
        let config = config.get_or_init(|| tls::config(trust, *key_log)).clone()?;
        let stream = tls::handshake(stream, config, host, socket_timeout(*connect_timeout)?).await?;
        if *trust == Trust::Unverified {
            self.unverified.replace(Some(host.to_owned()));
        }
        Ok(stream)
    }

    /// Requests a tunnel to the host of `url` from `proxy`.
    /// v1: `urllib3.connection.HTTPConnection._tunnel`. Parity: PROXY-03, PROXY-06, TIME-03.
    async fn tunnel(&self, mut stream: Stream, url: &Url, proxy: &Proxy) -> Result<Stream, Cause> {
        let target = format!("{}:{}", url.bracketed_host(), url.port_number());
        let mut request = Message::new("CONNECT", &target, "HTTP/1.0", HeaderEncoding::Latin1)?;
        for (name, value) in self.proxy_headers(proxy, url) {
            request.header(name, value)?;
        }
        let timeout = socket_timeout(self.settings.transport.connect_timeout)?;
        send(&mut stream, &request.end(b""), timeout).await?;
        let mut reader = ResponseReader::new(&mut stream, timeout);
        let (_, status) = reader.status_line().await?;
        if status != 200 {
            return Err(Cause::Proxy(proxy.redacted_url.clone()));
        }
        reader.skip_headers().await?;
        Ok(stream)
    }
}

/// Returns the addresses of `host`, looked up on this thread: no thread is needed for it, and v1's look-up cannot be
/// interrupted either. Ctrl-C counts when it is over.
async fn addresses(host: &str, port: u16) -> Result<Vec<SocketAddr>, Cause> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    check_labels(host)?;
    let found = (host, port).to_socket_addrs();
    tokio::task::yield_now().await;
    Ok(found.map_err(|error| connect_failure(&error))?.collect())
}

/// Returns what a failed attempt to connect is. Where the process or the system has run out of something, no further
/// attempt will do better.
fn connect_failure(error: &io::Error) -> Cause {
    const EXHAUSTED: [i32; 4] = [12, 23, 24, 105]; // ENOMEM, ENFILE, EMFILE, ENOBUFS
    match error.raw_os_error() {
        Some(code) if EXHAUSTED.contains(&code) => Cause::System(oserror::text(error)),
        _ => Cause::ConnectFailed,
    }
}

/// Refuses names with empty or long labels; one dot may end them.
/// v1: Python's codec `idna`. Parity: PROXY-05.
fn check_labels(host: &str) -> Result<(), Cause> {
    let name = host.strip_suffix('.').unwrap_or(host);
    if name.is_empty() || name.split('.').all(|label| (1..64).contains(&label.len())) {
        return Ok(());
    }
    Err(Cause::Other(format!("Failed to parse: '{host}', label empty or too long")))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::Duration;

    use endpoint::server::Refusing;

    use super::*;
    use crate::host::Host;
    use crate::http::run;

    /// Returns a client whose connections may take so long.
    fn client(connect_timeout: Duration) -> Client {
        Client::new(Settings::plain(Some(connect_timeout), &Host::fake(&[])))
    }

    /// Connects to these ports of this machine, in order.
    fn connect(client: &Client, ports: &[u16]) -> Result<(), Cause> {
        let addresses = ports.iter().map(|port| SocketAddr::from(([127, 0, 0, 1], *port))).collect();
        run(client.connect_any(addresses)).map(drop)
    }

    #[test]
    fn all_addresses_of_a_name_are_tried() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (open, refusing) = (listener.local_addr().unwrap().port(), Refusing::new().unwrap());
        let client = client(Duration::from_secs(10));
        for (ports, expected) in [
            (&[open][..], Ok(())),
            (&[refusing.port(), open], Ok(())),
            (&[refusing.port(), refusing.port()], Err(Cause::ConnectFailed)),
            (&[], Err(Cause::ConnectFailed)),
        ] {
            assert_eq!(connect(&client, ports), expected, "{ports:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_connection_takes_no_longer_than_its_timeout() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        rustix::net::listen(&listener, 0).unwrap();
        let (port, refusing) = (listener.local_addr().unwrap().port(), Refusing::new().unwrap());
        let client = client(Duration::from_millis(20));
        let mut queued = Vec::new(); // the queue of the listener is full after a few
        let ending = (0..8).find_map(|_| {
            let addresses = vec![SocketAddr::from(([127, 0, 0, 1], port))];
            run(client.connect_any(addresses)).map(|stream| queued.push(stream)).err()
        });
        assert_eq!(ending, Some(Cause::ConnectTimeout));
        assert_eq!(
            connect(&client, &[port, refusing.port()]),
            Err(Cause::ConnectFailed),
            "the last one counts"
        );
    }

    #[test]
    fn what_the_system_has_run_out_of_is_no_failed_connection() {
        for code in [12, 23, 24, 105] {
            let found = connect_failure(&io::Error::from_raw_os_error(code));
            assert!(matches!(found, Cause::System(_)), "{code}: {found:?}");
        }
        for code in [13, 101, 111, 113] {
            assert_eq!(connect_failure(&io::Error::from_raw_os_error(code)), Cause::ConnectFailed, "{code}");
        }
    }

    #[test]
    fn names_have_labels_of_1_to_63_characters() {
        let long = "a".repeat(63);
        for (name, good) in [
            ("h", true),
            ("a.b.", true),
            ("", true),
            (long.as_str(), true),
            (&format!("{long}a"), false),
            ("a..b", false),
            (".a", false),
            ("a..", false),
        ] {
            assert_eq!(check_labels(name).is_ok(), good, "{name:?}");
        }
    }
}
