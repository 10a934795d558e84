//! A listener on 127.0.0.1: connections, threads, the log of requests.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::http::{self, Request, Wire};
use crate::reply::{End, Reply};
use crate::tls::{Certificate, Stream};

/// What a server does with its requests.
pub trait Service: Send + Sync {
    /// The reply to one request.
    fn respond(&self, request: &Request) -> Reply;

    /// What happens on a new connection before anything is read; `number` counts from 1.
    fn greet(&self, number: usize) -> Greeting {
        let _ = number;
        Greeting::Serve
    }
}

/// What happens on a new connection, before TLS and before anything is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Greeting {
    /// Requests are served.
    Serve,
    /// It is closed.
    Close,
    /// It is closed after the client's first bytes were read.
    CloseAfterHello,
    /// It is reset after the client's first bytes were read.
    Reset,
    /// Nothing happens for so long, then it is closed.
    Stall(Duration),
    /// These bytes are sent, whatever the client says; then it is closed.
    Say(Vec<u8>),
}

/// How a server is set up.
pub struct Setup {
    /// The certificate of an https server; `None` for http.
    pub certificate: Option<Certificate>,
    /// What it does with its requests.
    pub service: Arc<dyn Service>,
}

/// A flag that wakes all who sleep on it.
#[derive(Default)]
pub struct Stop {
    set: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// Sleeps, unless or until the server is stopped.
    pub fn sleep(&self, pause: Duration) {
        if pause.is_zero() {
            return;
        }
        let until = Instant::now() + pause;
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        while !*set && Instant::now() < until {
            let left = until.saturating_duration_since(Instant::now());
            set = self.changed.wait_timeout(set, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// True once the server is stopped.
    pub fn is_set(&self) -> bool {
        *self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops the server.
    fn set(&self) {
        *self.set.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }
}

/// A port on which nobody listens: connections are refused as long as this lives.
pub struct Refusing {
    socket: socket2::Socket,
}

impl Refusing {
    /// Takes a free port.
    ///
    /// # Errors
    /// Those of `bind`.
    pub fn new() -> io::Result<Self> {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
        Ok(Self { socket })
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.socket
            .local_addr()
            .ok()
            .and_then(|address| address.as_socket())
            .map_or(0, |address| address.port())
    }
}

/// What the threads of one server share.
struct Shared {
    setup: Setup,
    stop: Stop,
    log: Mutex<Vec<Request>>,
    connections: Mutex<usize>,
    /// Connections that are being read, and the port of one that only asks whether earlier ones were accepted.
    reading: Mutex<(usize, Option<u16>)>,
    read: Condvar,
}

/// A connection while it is being read.
struct Reading<'a>(&'a Shared);

impl<'a> Reading<'a> {
    /// Counts one more.
    fn new(shared: &'a Shared) -> Self {
        shared.reading.lock().unwrap_or_else(PoisonError::into_inner).0 += 1;
        Self(shared)
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.0.reading.lock().unwrap_or_else(PoisonError::into_inner).0 -= 1;
        self.0.read.notify_all();
    }
}

/// A running server; it stops when dropped.
pub struct Server {
    port: u16,
    shared: Arc<Shared>,
}

impl Server {
    /// Starts a server on a free port.
    ///
    /// # Errors
    /// Those of `bind`.
    pub fn start(setup: Setup) -> io::Result<Self> {
        Self::start_on(TcpListener::bind(("127.0.0.1", 0))?, setup)
    }

    /// Starts a server on a port that was bound before.
    ///
    /// # Errors
    /// Those of the listener.
    pub fn start_on(listener: TcpListener, setup: Setup) -> io::Result<Self> {
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            setup,
            stop: Stop::default(),
            log: Mutex::default(),
            connections: Mutex::default(),
            reading: Mutex::default(),
            read: Condvar::new(),
        });
        let for_thread = Arc::clone(&shared);
        std::thread::spawn(move || accept(&listener, &for_thread));
        Ok(Self { port, shared })
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.shared.setup.certificate.is_some() { "https" } else { "http" }
    }

    /// The requests so far, in the order they came.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The number of requests so far.
    pub fn count(&self) -> usize {
        self.shared.log.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The number of connections so far.
    pub fn connections(&self) -> usize {
        *self.shared.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Server {
    /// Waits until all that clients have sent was read, or `limit` is over: a client may end before the log has its
    /// request. All clients must have closed their connections.
    ///
    /// # Errors
    /// Those of a connection of its own, behind all others in the queue.
    pub fn settle(&self, limit: Duration) -> io::Result<()> {
        let probe = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
        probe.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
        let port = probe.local_addr()?.as_socket().map(|address| address.port());
        let lock = || self.shared.reading.lock().unwrap_or_else(PoisonError::into_inner);
        lock().1 = port;
        probe.connect(&SocketAddr::from(([127, 0, 0, 1], self.port)).into())?;
        let busy = |state: &mut (usize, Option<u16>)| state.0 > 0 || state.1.is_some();
        drop(self.shared.read.wait_timeout_while(lock(), limit, busy));
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop.set();
        let _ = TcpStream::connect(("127.0.0.1", self.port)); // wakes `accept`
    }
}

/// Serves each connection in a thread of its own until the server is stopped.
fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stop.is_set() {
            return;
        }
        let Ok(stream) = stream else { continue };
        if is_probe(&stream, shared) {
            continue;
        }
        let number = {
            let mut connections = shared.connections.lock().unwrap_or_else(PoisonError::into_inner);
            *connections += 1;
            *connections
        };
        shared.reading.lock().unwrap_or_else(PoisonError::into_inner).0 += 1;
        let shared = Arc::clone(shared);
        std::thread::spawn(move || {
            let _ = greet(stream, number, Reading(&shared)); // the client may go away at any time
        });
    }
}

/// Checks that a connection is the one that only asks whether earlier ones were accepted.
fn is_probe(stream: &TcpStream, shared: &Shared) -> bool {
    let port = stream.peer_addr().ok().map(|address| address.port());
    let mut reading = shared.reading.lock().unwrap_or_else(PoisonError::into_inner);
    let is_probe = reading.1.is_some() && reading.1 == port;
    if is_probe {
        reading.1 = None;
        shared.read.notify_all();
    }
    is_probe
}

/// Does what the service wants with a new connection.
fn greet(mut stream: TcpStream, number: usize, reading: Reading<'_>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let shared = reading.0;
    match shared.setup.service.greet(number) {
        Greeting::Serve => serve(stream, number, reading),
        Greeting::Close => Ok(()),
        Greeting::CloseAfterHello => {
            io::Read::read(&mut stream, &mut [0; 4096])?;
            http::close(&stream);
            Ok(())
        }
        Greeting::Reset => {
            io::Read::read(&mut stream, &mut [0; 4096])?;
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))
        }
        Greeting::Stall(pause) => {
            drop(reading);
            shared.stop.sleep(pause);
            Ok(())
        }
        Greeting::Say(bytes) => {
            io::Read::read(&mut stream, &mut [0; 4096])?;
            io::Write::write_all(&mut stream, &bytes)?;
            http::close(&stream);
            Ok(())
        }
    }
}

/// Reads requests and writes replies until one side ends the connection.
fn serve(stream: TcpStream, number: usize, mut reading: Reading<'_>) -> io::Result<()> {
    let shared = reading.0;
    let stream = match &shared.setup.certificate {
        Some(certificate) => Stream::accept(stream, *certificate)?,
        None => Stream::Plain(stream),
    };
    let mut wire = Wire::new(stream);
    while let Some(request) = wire.read_request(number)? {
        let http10 = request.version == "HTTP/1.0";
        let reply = {
            let mut log = shared.log.lock().unwrap_or_else(PoisonError::into_inner);
            log.push(request.clone());
            if has_one_host(&request) { shared.setup.service.respond(&request) } else { no_host() }
        };
        drop(reading);
        wire.write_reply(&reply, &shared.stop)?;
        reading = Reading::new(shared);
        if let Some(port) = reply.tunnel {
            return wire.splice(TcpStream::connect(("127.0.0.1", port))?, &shared.stop);
        }
        if reply.closes() || http10 {
            drop(reading);
            wire.end(reply.end, reply.truncate.is_none());
            return Ok(());
        }
    }
    wire.end(End::Close, true);
    Ok(())
}

/// Checks that a request of HTTP/1.1 has the header that RFC 9112 demands of it, once.
fn has_one_host(request: &Request) -> bool {
    let hosts = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    request.version != "HTTP/1.1" || hosts.count() == 1
}

/// Returns the response to a request without a host, as RFC 9112 wants it, whatever the service is.
fn no_host() -> Reply {
    Reply { end: End::Close, ..Reply::text(400, "Bad Request: an HTTP/1.1 request needs a Host header\n") }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::Arc;

    use super::{Server, Setup};
    use crate::reply::Reply;
    use crate::script::{Match, Script};

    #[test]
    fn http_1_1_needs_a_host_whatever_the_service_says() {
        let script = Script::new(vec![(Match::default(), Reply::text(200, "ok"))], Vec::new());
        let server = Server::start(Setup { certificate: None, service: Arc::new(script) }).unwrap();
        let rows = [
            ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 "),
            ("GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 "),
            ("GET / HTTP/1.1\r\nhost: x\r\n\r\n", "HTTP/1.1 200 "),
        ];
        for (number, (request, status)) in rows.iter().enumerate() {
            let mut stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut response = [0; 13];
            stream.read_exact(&mut response).unwrap();
            assert_eq!(String::from_utf8_lossy(&response), *status, "{request}");
            assert_eq!(server.count(), number + 1, "a refused request is in the log too");
        }
    }
}
