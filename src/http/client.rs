//! Sends requests, and keeps the connection for the next one.
//!
//! v1: `botocore.httpsession.URLLib3Session`, `urllib3.connectionpool`.

use std::sync::Mutex;

use tracing::debug;

use super::connect::Connector;
use super::error::Error;
use super::message::Message;
use super::proxy::Proxy;
use super::reader::ResponseReader;
use super::request::Request;
use super::response::Response;
use super::settings::Settings;
use super::stream::{Stream, socket_timeout};
use super::url::Url;
use super::write::send;
use crate::debug;

/// Sends requests over one connection at a time.
pub(crate) struct Client {
    connector: Connector,
    idle: Mutex<Option<Idle>>,
}

/// A connection that the server keeps open.
struct Idle {
    origin: Origin,
    stream: Stream,
}

/// What a connection leads to: whether by TLS, host, port.
type Origin = (bool, String, u16);

/// Why a request over an open connection has no response.
struct ExchangeError {
    error: Error,
    /// The connection was reset, or ended where a response should begin.
    is_disconnected: bool,
    /// Besides, not one byte came.
    is_unanswered: bool,
}

impl From<Error> for ExchangeError {
    fn from(error: Error) -> Self {
        Self { error, is_disconnected: false, is_unanswered: false }
    }
}

impl Client {
    /// Returns a client without connection.
    pub(crate) fn new(settings: Settings) -> Self {
        Self { connector: Connector::new(settings), idle: Mutex::default() }
    }

    /// Sends `request` and returns the response. Over an idle connection, which the server may have closed before it
    /// got the request, the request is sent once more where not one byte comes back, unless it would do harm twice (a copy job without
    /// idempotency token); v1 fails then, only less often, for it is slower than the server's closing (deviation D25).
    /// Errors: those of v1's client.
    /// v1: `botocore.httpsession.URLLib3Session.send`. Parity: WIRE-01, PROXY-02.
    pub(crate) async fn send(&self, request: &Request) -> Result<Response, Error> {
        let proxy = self.connector.proxy()?;
        let forwarding = proxy.filter(|_| !request.url.secure);
        let message = message(request, forwarding, self.connector.settings.proxy_host_header)?;
        let mut result = None;
        if let Some(stream) = self.take_idle(&origin(&request.url)) {
            result = Some(self.exchange(stream, request, &message).await);
        }
        let result = match result {
            Some(result)
                if !result.as_ref().is_err_and(|failed| failed.is_unanswered && request.is_repeatable) =>
            {
                result
            }
            _ => self.exchange(self.connector.connect(&request.url).await?, request, &message).await,
        };
        result.map_err(|failed| match proxy {
            Some(proxy) if failed.is_disconnected => Error::Proxy(proxy.redacted_url.clone()),
            _ => failed.error,
        })
    }

    /// Sends `message` over `stream` and returns the response; `stream` is kept where it stays open.
    async fn exchange(
        &self,
        mut stream: Stream,
        request: &Request,
        message: &[u8],
    ) -> Result<Response, ExchangeError> {
        log_request(request);
        send(&mut stream, message, self.connector.timeout()?).await?;
        let timeout = socket_timeout(self.connector.settings.read_timeout)?;
        let mut reader = ResponseReader::new(&mut stream, timeout);
        match reader.response().await {
            Ok((response, keep_alive)) => {
                debug!("Response: {} {:?}, {} bytes", response.status, response.headers, response.body.len());
                if keep_alive {
                    self.replace_idle(Some(Idle { origin: origin(&request.url), stream }));
                }
                refuse_see_other(request, &response)?;
                Ok(response)
            }
            Err(error) => {
                let is_disconnected = reader.is_disconnected && error == Error::Closed;
                let is_unanswered = is_disconnected && !reader.has_received;
                Err(ExchangeError { error, is_disconnected, is_unanswered })
            }
        }
    }

    /// Returns the host whose certificate is not checked.
    pub(crate) fn unverified(&self) -> Option<String> {
        self.connector.unverified()
    }

    /// Replaces the idle connection and returns the one that was.
    fn replace_idle(&self, new: Option<Idle>) -> Option<Idle> {
        self.idle.lock().ok().and_then(|mut idle| std::mem::replace(&mut *idle, new))
    }

    /// Returns the idle connection to `origin` unless it was closed or has unread bytes.
    /// v1: `urllib3.connection.HTTPConnection.is_connected`.
    fn take_idle(&self, origin: &Origin) -> Option<Stream> {
        let idle = self.replace_idle(None).filter(|idle| idle.origin == *origin)?;
        (!idle.stream.has_input()).then_some(idle.stream)
    }
}

/// Returns what a connection for `url` leads to.
fn origin(url: &Url) -> Origin {
    (url.secure, url.host.clone(), url.port_number())
}

/// Logs what is sent, without what is secret.
/// Parity: DBG-01, DBG-02.
fn log_request(request: &Request) {
    let url = debug::redact_url(&request.url.text);
    let headers = &request.headers;
    debug!("Request: {} {url} {headers:?}, {} bytes", request.method, request.body.len());
}

/// Refuses status 303 with a `Location`, which v1 does not follow but stumbles over (deviation D1).
/// v1: `urllib3.connectionpool.HTTPConnectionPool.urlopen`. Parity: ERR-08.
fn refuse_see_other(request: &Request, response: &Response) -> Result<(), Error> {
    let location = response.headers.get("location").unwrap_or_default();
    if response.status != 303 || location.is_empty() || request.method == "GET" {
        return Ok(());
    }
    Err(Error::Other("the response has status 303 and points to another URL".to_owned()))
}

/// Writes the request; `proxy` is the one that forwards it, and `named` adds the host for that.
/// Parity: WIRE-01, PROXY-02, PROXY-03.
fn message(request: &Request, proxy: Option<&Proxy>, named: bool) -> Result<Vec<u8>, Error> {
    let forwarded = proxy.map(|_| request.url.forwarded()).transpose()?;
    let target = forwarded.as_ref().map_or(&request.url.target, |(target, _)| target);
    let mut message = Message::new(&request.method, target, "HTTP/1.1", request.encoding)?;
    let host = forwarded.as_ref().map(|(_, host)| host).filter(|_| !named);
    let name_after = proxy.filter(|_| named).map(|_| ("host".to_owned(), request.url.host.clone()));
    let login = proxy.and_then(|proxy| proxy.authorization.clone());
    let login = login.map(|login| ("Proxy-Authorization".to_owned(), login));
    let own = request.headers.0.iter().filter(|(name, _)| !(name_after.is_some() && name == "Host"));
    for (name, value) in own.chain(&login).chain(&name_after) {
        let value = host.filter(|_| name == "Host").unwrap_or(value);
        message.header(name, value)?;
    }
    Ok(message.end(&request.body))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use endpoint::http::Request as Received;
    use endpoint::{End, Reply, Server, Service, Setup};

    use super::*;
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

    /// Returns settings without proxy.
    fn settings() -> Settings {
        let second = Some(Duration::from_secs(10));
        Settings {
            connect_timeout: second,
            read_timeout: second,
            trust: Trust::Bundled,
            proxy: None,
            tcp_keepalive: false,
            key_log: false,
            proxy_host_header: false,
        }
    }

    /// Returns a client of its own, and a request to `server`.
    fn client(server: &Server) -> (Client, Request) {
        let url = Url::parse(&format!("http://127.0.0.1:{}/a", server.port())).unwrap();
        let request = Request::new("GET", url);
        (Client::new(settings()), request)
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
            let (client, request) = client(&server);
            for _ in 0..3 {
                assert_eq!(run(client.send(&request)).unwrap().status, 200);
            }
            assert_eq!(connections(&server), expected);
        }
    }

    #[test]
    fn a_request_is_sent_once_more_where_an_idle_connection_gives_nothing() {
        for end in [End::Close, End::Reset] {
            let replies = vec![Reply::text(200, "x"), Reply::nothing(end), Reply::text(200, "y")];
            let server = server(replies);
            let (client, request) = client(&server);
            run(client.send(&request)).unwrap();
            assert_eq!(run(client.send(&request)).unwrap().body, b"y", "{end:?}");
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
            let (client, request) = client(&server);
            let last = (0..calls).map(|_| run(client.send(&request))).last().unwrap();
            assert_eq!(last, Err(Error::Closed));
            assert_eq!(connections(&server), expected);
        }
    }

    #[test]
    fn a_connection_leads_to_one_server() {
        let servers = [server(vec![Reply::text(200, "x")]), server(vec![Reply::text(200, "y")])];
        let (client, request) = client(&servers[0]);
        let (_, other) = self::client(&servers[1]);
        for _ in 0..2 {
            assert_eq!(run(client.send(&request)).unwrap().body, b"x");
            assert_eq!(run(client.send(&other)).unwrap().body, b"y");
        }
        assert_eq!(connections(&servers[0]), [1, 2]);
    }
}
