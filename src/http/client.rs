//! Sends requests, and keeps the connection for the next one.
//!
//! v1: `botocore.httpsession.URLLib3Session`, `urllib3.connectionpool`.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;

use rustls::ClientConfig;
use tracing::debug;

use super::error::{Cause, Error};
use super::message::{Message, send};
use super::proxy::Proxy;
use super::reader::ResponseReader;
use super::request::Request;
use super::response::Response;
use super::settings::Settings;
use super::stream::{Stream, socket_timeout};
use super::url::Url;
use crate::debug;

/// Sends requests over one connection at a time; how one is opened is in `connect`.
pub(crate) struct Client {
    pub(super) settings: Settings,
    /// The proxy, parsed once; v1 parses it when a request is sent.
    proxy: Option<Result<Proxy, Cause>>,
    /// What handshakes share, where the certificate is checked and where not.
    pub(super) tls: (TlsConfig, TlsConfig),
    /// The connection that the server keeps open, and what it leads to.
    idle: Cell<Option<(Origin, Stream)>>,
    /// The host whose certificate was not checked last.
    pub(super) unverified: RefCell<Option<String>>,
}

pub(super) type TlsConfig = OnceCell<Result<Arc<ClientConfig>, Cause>>;

/// What a connection leads to: whether by TLS, host, port.
type Origin = (bool, String, u16);

/// Why a request over an open connection has no response.
struct ExchangeError {
    error: Cause,
    /// The connection was reset, or ended where a response should begin.
    is_disconnected: bool,
    /// Besides, not one byte came.
    is_unanswered: bool,
}

impl From<Cause> for ExchangeError {
    fn from(error: Cause) -> Self {
        Self { error, is_disconnected: false, is_unanswered: false }
    }
}

impl Client {
    pub(crate) fn new(settings: Settings) -> Self {
        let proxy = settings.proxy.as_deref().map(Proxy::parse);
        let (tls, idle, unverified) = Default::default();
        Self { settings, proxy, tls, idle, unverified }
    }

    /// Sends `request` and returns the response. Over an idle connection, which the server may have closed before it
    /// got the request, the request is sent once more where not one byte comes back, unless it would do harm twice (a
    /// copy job without idempotency token); v1 fails then, only less often, for it is slower than the server's closing
    /// (deviation D25).
    /// v1: `botocore.httpsession.URLLib3Session.send`. Parity: WIRE-01, PROXY-02.
    pub(crate) async fn send(&self, request: &Request<'_>) -> Result<Response, Error> {
        self.try_send(request).await.map_err(|cause| cause.at(&request.url.text))
    }

    async fn try_send(&self, request: &Request<'_>) -> Result<Response, Cause> {
        let proxy = self.proxy()?;
        let message = self.message(request, proxy.filter(|_| !request.url.secure))?;
        let failed = |failed: ExchangeError| match proxy {
            Some(proxy) if failed.is_disconnected => Cause::Proxy(proxy.redacted_url.clone()),
            _ => failed.error,
        };
        if let Some(stream) = self.take_idle(&request.url) {
            match self.exchange(stream, request, &message).await {
                Err(failed) if failed.is_unanswered && request.is_repeatable => {}
                result => return result.map_err(failed),
            }
        }
        let stream = self.connect(&request.url).await?;
        self.exchange(stream, request, &message).await.map_err(failed)
    }

    pub(super) fn proxy(&self) -> Result<Option<&Proxy>, Cause> {
        self.proxy.as_ref().map(|proxy| proxy.as_ref().map_err(Clone::clone)).transpose()
    }

    pub(crate) fn unverified(&self) -> Option<String> {
        self.unverified.borrow().clone()
    }

    /// Returns the idle connection to the server of `url` unless it was closed or has unread bytes.
    /// v1: `urllib3.connection.HTTPConnection.is_connected`.
    fn take_idle(&self, url: &Url) -> Option<Stream> {
        let (origin, stream) = self.idle.take()?;
        (origin == self::origin(url) && !stream.has_input()).then_some(stream)
    }

    /// Sends `message` over `stream` and returns the response; `stream` is kept where it stays open.
    async fn exchange(
        &self,
        mut stream: Stream,
        request: &Request<'_>,
        message: &[u8],
    ) -> Result<Response, ExchangeError> {
        let (url, length) = (debug::redact_url(&request.url.text), request.body.len());
        debug!("Request: {} {url} {:?}, {length} bytes", request.method, request.headers);
        send(&mut stream, message, socket_timeout(self.settings.transport.connect_timeout)?).await?;
        let timeout = socket_timeout(self.settings.transport.read_timeout)?;
        let mut reader = ResponseReader::new(&mut stream, timeout);
        let (response, keep_alive) = reader.response().await.map_err(|error| {
            let is_disconnected = reader.is_disconnected && error == Cause::Closed;
            ExchangeError { error, is_disconnected, is_unanswered: is_disconnected && !reader.has_received }
        })?;
        debug!("Response: {} {:?}, {} bytes", response.status, response.headers, response.body.len());
        if keep_alive {
            self.idle.set(Some((origin(&request.url), stream)));
        }
        refuse_see_other(request, &response)?;
        Ok(response)
    }

    /// Writes the request; `proxy` is the one that forwards it.
    /// Parity: WIRE-01, PROXY-02, PROXY-03.
    fn message(&self, request: &Request<'_>, proxy: Option<&Proxy>) -> Result<Vec<u8>, Cause> {
        let forwarded = proxy.map(|_| request.url.forwarded()).transpose()?;
        let (target, host) = forwarded.unzip();
        let target = target.as_deref().unwrap_or(&request.url.target);
        let mut message = Message::new(request.method, target, "HTTP/1.1", request.encoding)?;
        let is_named_last = proxy.is_some() && self.settings.proxy_host_header;
        for (name, value) in &request.headers.0 {
            match &host {
                Some(_) if name == "Host" && is_named_last => {}
                Some(host) if name == "Host" => message.header(name, host)?,
                _ => message.header(name, value)?,
            }
        }
        for (name, value) in proxy.into_iter().flat_map(|proxy| self.proxy_headers(proxy, &request.url)) {
            message.header(name, value)?;
        }
        Ok(message.end(request.body))
    }

    /// Returns the headers of a request to `url` that are for `proxy`.
    /// Parity: PROXY-03, PROXY-04.
    pub(super) fn proxy_headers<'p>(
        &self,
        proxy: &'p Proxy,
        url: &'p Url,
    ) -> impl Iterator<Item = (&'static str, &'p str)> {
        let login = proxy.authorization.as_deref().map(|login| ("Proxy-Authorization", login));
        let host = self.settings.proxy_host_header.then_some(("host", url.host.as_str()));
        login.into_iter().chain(host)
    }
}

fn origin(url: &Url) -> Origin {
    (url.secure, url.host.clone(), url.port_number())
}

/// Refuses status 303 with a `Location`, which v1 does not follow but stumbles over (deviation D1).
/// v1: `urllib3.connectionpool.HTTPConnectionPool.urlopen`. Parity: ERR-08.
fn refuse_see_other(request: &Request<'_>, response: &Response) -> Result<(), Cause> {
    let has_location = response.headers.get("location").is_some_and(|location| !location.is_empty());
    if response.status == 303 && has_location && request.method != "GET" {
        return Err(Cause::Other("the response has status 303 and points to another URL".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use endpoint::http::Request as Received;
    use endpoint::{End, Reply, Server, Service, Setup};

    use super::*;
    use crate::host::Host;
    use crate::http::run;
    use crate::session::Trust;

    /// Replies in order; the last one for ever.
    struct Script(Vec<Reply>, AtomicUsize);

    impl Service for Script {
        fn respond(&self, _: &Received) -> Reply {
            let number = self.1.fetch_add(1, Ordering::Relaxed).min(self.0.len() - 1);
            self.0[number].clone()
        }
    }

    /// Starts a server with these replies.
    fn server(replies: Vec<Reply>) -> Server {
        let service = Arc::new(Script(replies, AtomicUsize::new(0)));
        Server::start(Setup { certificate: None, service }).unwrap()
    }

    /// Returns a client of its own, and the URL of `server`.
    fn client(server: &Server) -> (Client, Url) {
        let url = Url::parse(&format!("http://127.0.0.1:{}/a", server.port())).unwrap();
        (Client::new(Settings::plain(Some(Duration::from_secs(10)), &Host::fake(&[]))), url)
    }

    /// Sends a request.
    fn get(client: &Client, url: &Url) -> Result<Response, Cause> {
        run(client.try_send(&Request::new("GET", url.clone())))
    }

    /// Returns the numbers of the connections that carried the requests.
    fn connections(server: &Server) -> Vec<usize> {
        server.requests().iter().map(|request| request.connection).collect()
    }

    #[test]
    fn an_idle_connection_carries_the_next_request() {
        let close = |end| Reply { end, ..Reply::text(200, "x") };
        let says_close = vec![("Connection".to_owned(), "close".to_owned())];
        for (replies, expected) in [
            (vec![close(End::KeepAlive)], vec![1, 1, 1]),
            (vec![close(End::Close)], vec![1, 2, 3]),
            (vec![Reply { headers: says_close, ..close(End::KeepAlive) }], vec![1, 2, 3]),
        ] {
            let server = server(replies);
            let (client, url) = client(&server);
            for _ in 0..3 {
                assert_eq!(get(&client, &url).unwrap().status, 200);
            }
            assert_eq!(connections(&server), expected);
        }
    }

    #[test]
    fn a_request_is_sent_once_more_where_an_idle_connection_gives_nothing() {
        for end in [End::Close, End::Reset] {
            let replies = vec![Reply::text(200, "x"), Reply::nothing(end), Reply::text(200, "y")];
            let server = server(replies);
            let (client, url) = client(&server);
            get(&client, &url).unwrap();
            assert_eq!(get(&client, &url).unwrap().body, b"y", "{end:?}");
            assert_eq!(connections(&server), [1, 1, 2], "{end:?}");
        }
    }

    #[test]
    fn a_request_is_not_sent_once_more_after_a_byte_or_over_a_fresh_connection() {
        let cut = Reply { truncate: Some(1), end: End::Close, ..Reply::text(200, "x") };
        for (replies, calls, expected) in [
            (vec![Reply::text(200, "x"), cut], 2, vec![1, 1]),
            (vec![Reply::nothing(End::Close)], 1, vec![1]),
            (vec![Reply::text(200, "x"), Reply::nothing(End::Close)], 2, vec![1, 1, 2]),
        ] {
            let server = server(replies);
            let (client, url) = client(&server);
            let last = (0..calls).map(|_| get(&client, &url)).last().unwrap();
            assert_eq!(last, Err(Cause::Closed));
            assert_eq!(connections(&server), expected);
        }
    }

    #[test]
    fn an_idle_connection_by_tls_carries_the_next_request() {
        let service = Arc::new(Script(vec![Reply::text(200, "x")], AtomicUsize::new(0)));
        let certificate = Some(endpoint::tls::Certificate::named("leaf < root"));
        let server = Server::start(Setup { certificate, service }).unwrap();
        let mut settings = Settings::plain(Some(Duration::from_secs(10)), &Host::fake(&[]));
        settings.transport.trust = Trust::Unverified;
        let url = Url::parse(&format!("https://127.0.0.1:{}/a", server.port())).unwrap();
        let client = Client::new(settings);
        for _ in 0..2 {
            assert_eq!(get(&client, &url).unwrap().body, b"x");
        }
        assert_eq!(connections(&server), [1, 1]);
    }

    #[test]
    fn a_connection_leads_to_one_server() {
        let servers = [server(vec![Reply::text(200, "x")]), server(vec![Reply::text(200, "y")])];
        let (client, url) = client(&servers[0]);
        let (_, other) = self::client(&servers[1]);
        for _ in 0..2 {
            assert_eq!(get(&client, &url).unwrap().body, b"x");
            assert_eq!(get(&client, &other).unwrap().body, b"y");
        }
        assert_eq!(connections(&servers[0]), [1, 2]);
    }
}
