//! A request over HTTP/1.1 and its answer, as v1's client library sends the one and reads the other.
//!
//! There is no general HTTP library under this: what v1 takes for an answer and what it calls a closed connection
//! (ERR-13 to ERR-18), the order and spelling of the headers (WIRE-01) and the wait per read (TIME-01) are v1's own.
//!
//! | file | what |
//! |---|---|
//! | `url` | [`Url`]: a URL taken apart |
//! | `proxy` | [`Proxy`]: which one, and what is said to it |
//! | `connection` | address, proxy, tunnel, TLS -> open connection |
//! | `tls` | what is trusted |
//! | `message` | [`Request`] -> bytes, checked |
//! | `answer` | bytes -> [`Answer`] |
//! | `error` | [`Error`]: v1's words |
//! | `retry` | attempts, delays |
//! | `service_error` | [`service_error::ServiceError`]: code and message of an answer that is an error |
//! | `limiter` | pace of the attempts in mode `adaptive` |
//! | `connector` | this client as the SDK's HTTP client |

mod client;
mod clock;
mod connect;
mod connector;
mod error;
mod headers;
mod limiter;
mod message;
mod proxy;
mod reader;
mod request;
mod response;
pub mod retry;
pub mod service_error;
mod settings;
mod stream;
#[cfg(unix)]
mod tcp;
#[cfg(not(unix))]
mod tcp_other;
mod tls;
mod url;

use std::task::Poll;

use crate::host;

pub use client::Client;
pub use clock::Clock;
pub use connector::Connector;
pub use error::Error;
pub use headers::Headers;
pub use message::HeaderEncoding;
pub use proxy::Proxy;
pub use request::Request;
pub use response::Answer;
pub use settings::Settings;
pub use url::Url;

<<<<<<< HEAD
=======
/// A request; `Host` and `Content-Length` are headers like the others.
#[derive(Debug, Clone)]
pub struct Request {
    /// `PUT`, `POST` or `GET`.
    pub method: String,
    /// What is asked for.
    pub url: Url,
    /// Headers in the order in which they are sent.
    pub headers: Vec<(String, String)>,
    /// How the values of the headers become bytes.
    pub encoding: HeaderEncoding,
    /// Body; empty where there is none.
    pub body: Vec<u8>,
}

/// How a [`Client`] uses the network.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Longest wait for a connection, also for each handshake; `None` waits for ever.
    pub connect_timeout: Option<Duration>,
    /// Longest wait for the next bytes of an answer; `None` waits for ever.
    pub read_timeout: Option<Duration>,
    /// What a server's certificate is checked against.
    pub trust: Trust,
    /// URL of the proxy; `None` where there is none.
    pub proxy: Option<String>,
    /// Sets `SO_KEEPALIVE` (CFG-76).
    pub tcp_keepalive: bool,
    /// Writes TLS secrets to the file that `SSLKEYLOGFILE` names (TLS-11).
    pub key_log: bool,
    /// Sends `host` to a proxy that is asked for a tunnel (PROXY-03).
    pub proxy_host_header: bool,
}

impl Settings {
    /// 60 seconds each way, bundled roots, no proxy: v1's client without settings.
    pub fn plain(host: &Host) -> Self {
        let minute = Some(Duration::from_mins(1));
        Self {
            connect_timeout: minute,
            read_timeout: minute,
            trust: Trust::Bundled,
            proxy: None,
            tcp_keepalive: false,
            key_log: host.env_filled("SSLKEYLOGFILE").is_some(),
            proxy_host_header: host
                .env("BOTO_EXPERIMENTAL__ADD_PROXY_HOST_HEADER")
                .is_some_and(|value| value.eq_ignore_ascii_case("true")),
        }
    }

    /// As the session says, with the proxy that the environment names for `url`.
    pub fn new(transport: &Transport, url: &str, host: &Host) -> Self {
        Self {
            connect_timeout: transport.connect_timeout,
            read_timeout: transport.read_timeout,
            trust: transport.trust.clone(),
            proxy: Proxy::named(url, host),
            tcp_keepalive: transport.keepalive,
            ..Self::plain(host)
        }
    }
}

/// Sends requests to one server; the connection is kept for the next one.
pub struct Client {
    settings: Settings,
    idle: Mutex<Option<Stream>>,
    unverified: Mutex<Option<String>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Client")
    }
}

impl Client {
    /// A client without connection.
    pub fn new(settings: Settings) -> Self {
        Self { settings, idle: Mutex::default(), unverified: Mutex::default() }
    }

    /// The answer to `request`.
    ///
    /// # Errors
    /// Those of v1's client.
    ///
    /// v1: `botocore.httpsession.URLLib3Session.send`. Parity: WIRE-01, PROXY-02.
    pub async fn send(&self, request: &Request) -> Result<Answer, Error> {
        let proxy = self.settings.proxy.as_deref().map(Proxy::parse).transpose()?;
        let forwarding = proxy.as_ref().filter(|_| !request.url.secure);
        let message = message(request, forwarding, self.settings.proxy_host_header)?;
        let mut stream = match self.kept().await {
            Some(stream) => stream,
            None => self.connect(&request.url, proxy.as_ref()).await?,
        };
        tell(request);
        connection::send(&mut stream, &message, self.connect_patience()?).await?;
        let mut reader = Reader::new(&mut stream, connection::patience(self.settings.read_timeout)?);
        match reader.answer().await {
            Ok((answer, again)) => {
                debug!("Answer: {} {:?}, {} bytes", answer.status, answer.headers, answer.body.len());
                if again {
                    self.keep(Some(stream));
                }
                refuse_see_other(request, &answer)?;
                Ok(answer)
            }
            Err(error) => match proxy {
                Some(proxy) if reader.disconnected && error == Error::Closed => {
                    Err(Error::Proxy(proxy.shown))
                }
                _ => Err(error),
            },
        }
    }

    /// The host whose certificate was not checked, once.
    pub fn take_unverified(&self) -> Option<String> {
        self.unverified.lock().ok().and_then(|mut host| host.take())
    }

    /// Remembers that the certificate of `host` is not checked.
    fn note_unverified(&self, host: &str) {
        if let Ok(mut unverified) = self.unverified.lock() {
            *unverified = Some(host.to_owned());
        }
    }

    /// Replaces the connection that is kept and gives the one that was.
    fn keep(&self, stream: Option<Stream>) -> Option<Stream> {
        self.idle.lock().ok().and_then(|mut idle| std::mem::replace(&mut *idle, stream))
    }

    /// The connection of the last answer, unless it has ended or says more than it should.
    async fn kept(&self) -> Option<Stream> {
        let mut stream = self.keep(None)?;
        let mut byte = [0];
        let quiet = std::future::poll_fn(|context| {
            let mut buffer = tokio::io::ReadBuf::new(&mut byte);
            let state = std::pin::Pin::new(&mut stream).poll_read(context, &mut buffer);
            Poll::Ready(state.is_pending())
        });
        quiet.await.then_some(stream)
    }
}

/// Tells what is sent under `--debug`.
///
/// Parity: DBG-01, DBG-02.
fn tell(request: &Request) {
    let url = debug::redact_url(&request.url.text);
    let headers = Shown(&request.headers);
    debug!("Request: {} {url} {headers:?}, {} bytes", request.method, request.body.len());
}

/// Headers without what is secret.
struct Shown<'a>(&'a [(String, String)]);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_map()
            .entries(self.0.iter().map(|(name, value)| (name, debug::redact_header(name, value))))
            .finish()
    }
}

/// Refuses status 303 with a `Location`, which v1 does not follow but stumbles over (deviation D1).
///
/// v1: `urllib3.connectionpool.HTTPConnectionPool.urlopen`. Parity: ERR-08.
fn refuse_see_other(request: &Request, answer: &Answer) -> Result<(), Error> {
    let location = answer.headers.get("location").unwrap_or_default();
    if answer.status != 303 || location.is_empty() || request.method == "GET" {
        return Ok(());
    }
    Err(Error::Other("the answer has status 303 and points to another URL".to_owned()))
}

/// The request as it goes over the wire; `proxy` is the one that forwards it, and `named` that it is told the host.
///
/// Parity: WIRE-01, PROXY-02, PROXY-03.
fn message(request: &Request, proxy: Option<&Proxy>, named: bool) -> Result<Vec<u8>, Error> {
    let forwarded = proxy.map(|_| request.url.forwarded()).transpose()?;
    let target = forwarded.as_ref().map_or(&request.url.target, |(target, _)| target);
    let mut message = Message::new(&request.method, target, "HTTP/1.1", request.encoding)?;
    let host = forwarded.as_ref().map(|(_, host)| host).filter(|_| !named);
    let name_after = proxy.filter(|_| named).map(|_| ("host".to_owned(), request.url.host.clone()));
    let login = proxy.and_then(|proxy| proxy.authorization.clone());
    let login = login.map(|login| ("Proxy-Authorization".to_owned(), login));
    let own = request.headers.iter().filter(|(name, _)| !(name_after.is_some() && name == "Host"));
    for (name, value) in own.chain(&login).chain(&name_after) {
        let value = host.filter(|_| name == "Host").unwrap_or(value);
        message.header(name, value)?;
    }
    Ok(message.end(&request.body))
}

>>>>>>> 2c04d60 (debug: show only headers that can hold no secret, no values of a query)
/// The answer to `GET url`.
///
/// # Errors
/// Those of v1's client, or Ctrl-C.
pub fn get(
    url: &str,
    headers: &[(&str, &str)],
    settings: Settings,
) -> Result<Result<Answer, Error>, crate::error::Error> {
    let url = match Url::parse(url) {
        Ok(url) => url,
        Err(error) => return Ok(Err(error)),
    };
    let mut all = vec![("Host".to_owned(), url.host_header())];
    all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let encoding = HeaderEncoding::Latin1;
    let request = Request { method: "GET".to_owned(), url, headers: all, encoding, body: Vec::new() };
    let client = Client::new(settings);
    block_on(client.send(&request))
}

/// Runs `future` to its end on a runtime of its own.
///
/// # Errors
/// `Interrupted` on Ctrl-C, unless the program was started with that ignored.
///
/// Parity: DBG-06, MSG-07, `debug/interrupt-ignored`.
pub fn block_on<F: Future>(future: F) -> Result<F::Output, crate::error::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| crate::error::failure!("{error}"))?;
    let ending = runtime.block_on(async {
        let mut interrupt = std::pin::pin!(async {
            if host::ignores_interrupt() {
                std::future::pending::<()>().await;
            }
            let _ = tokio::signal::ctrl_c().await;
        });
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|context| {
            if interrupt.as_mut().poll(context).is_ready() {
                return Poll::Ready(Err(crate::error::Error::Interrupted));
            }
            future.as_mut().poll(context).map(Ok)
        })
        .await
    });
    runtime.shutdown_background();
    ending
}

/// Runs `future` to its end, for tests.
#[cfg(test)]
fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// Reads the URL of a proxy.
#[cfg(fuzzing)]
pub fn read_proxy(text: &str) {
    let _ = Proxy::parse(text);
}
