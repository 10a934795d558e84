//! The faults, as a table, and the service that puts them between a client and AWS Backup.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use endpoint::backup::{Backup, refusal};
use endpoint::{End, Framing, Greeting, Reply, Request, Service};

/// What a client must make of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It has a response that says which job was started.
    Success,
    /// It has a 2xx response with nothing readable in it (D3).
    Silent,
    /// It tries again while it may.
    Again,
    /// It repeats the request within the same attempt: its idle connection gave not one byte (D25).
    Resent,
    /// It reports the error.
    Refused,
}

/// Where a fault happens.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// On the new connection, before the request.
    Connection(Connection),
    /// Instead of the service, which never sees the request.
    Instead(fn(&mut Random) -> Reply),
    /// After the service did its work, on the way back.
    After(fn(Reply, &mut Random) -> Reply),
}

/// Faults of a new connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Connection {
    /// It is closed.
    Closed,
    /// It is reset.
    Reset,
    /// Nothing is said on it.
    Silent,
}

/// One row: how often of all weights, its name, what a client must make of it, what it says when this was the last
/// attempt, where it happens.
type Fault = (u64, &'static str, Class, &'static str, Place);

/// What a client says of a connection that ended.
const CLOSED: &str = "Connection was closed before we received a valid response";
/// What it says when nothing came.
const TIMEOUT: &str = "Read timeout on endpoint URL";
/// How it introduces an error of the service.
const ERROR: &str = "An error occurred (";

/// All faults, and the absence of any.
const FAULTS: &[Fault] = &[
    (60, "no fault", Class::Success, "", Place::After(|reply, _| reply)),
    (4, "connection closed", Class::Again, "", Place::Connection(Connection::Closed)),
    (4, "connection reset", Class::Again, "", Place::Connection(Connection::Reset)),
    (1, "connection silent", Class::Again, TIMEOUT, Place::Connection(Connection::Silent)),
    (6, "reset before the job", Class::Again, CLOSED, Place::Instead(|_| Reply::nothing(End::Reset))),
    (6, "reset after the job", Class::Again, CLOSED, Place::After(|_, _| Reply::nothing(End::Reset))),
    (6, "closed after the job", Class::Again, CLOSED, Place::After(|_, _| Reply::nothing(End::Close))),
    (6, "slow", Class::Success, "", Place::After(slow)),
    (2, "too slow", Class::Again, TIMEOUT, Place::After(too_slow)),
    (2, "stalled in the body", Class::Again, TIMEOUT, Place::After(stalled)),
    (4, "in drips", Class::Success, "", Place::After(drips)),
    (4, "chunked", Class::Success, "", Place::After(chunked)),
    (6, "truncated body", Class::Again, CLOSED, Place::After(truncated)),
    (6, "cut in the headers", Class::Again, CLOSED, Place::After(cut)),
    (8, "5xx before the job", Class::Again, ERROR, Place::Instead(server_error)),
    (8, "5xx after the job", Class::Again, ERROR, Place::After(|_, random| server_error(random))),
    (8, "5xx, then closed in silence", Class::Again, ERROR, Place::Instead(closing_error)),
    (8, "throttled", Class::Again, ERROR, Place::Instead(throttled)),
    (6, "garbage", Class::Again, CLOSED, Place::After(garbage)),
    (2, "2xx without a job", Class::Silent, "", Place::After(unreadable)),
    (4, "refused", Class::Refused, ERROR, Place::Instead(refused)),
];

/// A small generator of random numbers (splitmix64).
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }

    /// One fault, by weight.
    fn fault(&mut self) -> &'static Fault {
        let mut left = self.below(FAULTS.iter().map(|(weight, ..)| weight).sum());
        for fault in FAULTS {
            match left.checked_sub(fault.0) {
                Some(rest) => left = rest,
                None => return fault,
            }
        }
        &FAULTS[0]
    }
}

/// One attempt of a client, as the service saw it.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Name of the fault.
    pub name: &'static str,
    /// What the client must make of it.
    pub class: Class,
    /// What the client must say when this was its last.
    pub words: &'static str,
    /// The token that came with it; `None` for a fault of the connection.
    pub token: Option<String>,
}

impl Attempt {
    /// The attempt that met `fault`.
    fn of((_, name, class, words, _): &Fault, token: Option<String>) -> Self {
        Self { name, class: *class, words, token }
    }
}

/// AWS Backup behind faults.
pub struct Faulty {
    /// The service itself.
    pub backup: Arc<Backup>,
    state: Mutex<(Random, Vec<Attempt>, Option<&'static Fault>)>,
}

impl Faulty {
    /// Puts faults between clients and `backup`.
    pub fn new(backup: Arc<Backup>, random: Random) -> Self {
        Self { backup, state: Mutex::new((random, Vec::new(), None)) }
    }

    /// The attempts since the last time this was asked.
    pub fn take_attempts(&self) -> Vec<Attempt> {
        std::mem::take(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner).1)
    }
}

impl Service for Faulty {
    fn greet(&self, _number: usize) -> Greeting {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = state.0.fault();
        let Place::Connection(connection) = fault.4 else {
            state.2 = Some(fault);
            return Greeting::Serve;
        };
        state.1.push(Attempt::of(fault, None));
        match connection {
            Connection::Closed => Greeting::CloseAfterHello,
            Connection::Reset => Greeting::Reset,
            Connection::Silent => Greeting::Stall(Duration::from_secs(3)),
        }
    }

    fn respond(&self, request: &Request) -> Reply {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let token = body.get("IdempotencyToken").and_then(serde_json::Value::as_str).unwrap_or("none");
        let chosen = state.2.take();
        let fault = chosen.unwrap_or_else(|| {
            loop {
                let fault = state.0.fault();
                if !matches!(fault.4, Place::Connection(_)) {
                    break fault;
                }
            }
        });
        let reply = match fault.4 {
            Place::Connection(_) => Reply::nothing(End::Reset),
            Place::Instead(reply) => reply(&mut state.0),
            Place::After(change) => {
                let reply = self.backup.respond(request);
                change(reply, &mut state.0)
            }
        };
        let mut attempt = Attempt::of(fault, Some(token.to_owned()));
        if chosen.is_none() && reply.bytes().is_empty() {
            attempt.class = Class::Resent;
        }
        state.1.push(attempt);
        reply
    }
}

/// A response that comes late, but in time.
fn slow(reply: Reply, random: &mut Random) -> Reply {
    Reply { delay: Duration::from_millis(random.below(300)), ..reply }
}

/// A response that comes after the read timeout.
fn too_slow(reply: Reply, _: &mut Random) -> Reply {
    Reply { delay: Duration::from_millis(1500), ..reply }
}

/// A response that stops for longer than the read timeout.
fn stalled(reply: Reply, random: &mut Random) -> Reply {
    let at = 20 + random.below(100);
    Reply { stall: Some((usize::try_from(at).unwrap_or(20), Duration::from_millis(1500))), ..reply }
}

/// A response in small pieces.
fn drips(reply: Reply, random: &mut Random) -> Reply {
    let size = usize::try_from(10 + random.below(40)).unwrap_or(10);
    Reply { drip: Some((size, Duration::from_millis(5))), ..reply }
}

/// A response in chunks.
fn chunked(reply: Reply, random: &mut Random) -> Reply {
    Reply { framing: Framing::Chunked(usize::try_from(1 + random.below(50)).unwrap_or(1)), ..reply }
}

/// A response that ends within its body.
fn truncated(reply: Reply, random: &mut Random) -> Reply {
    let missing = 1 + random.below(reply.body.len() as u64);
    Reply { truncate: i64::try_from(missing).ok().map(|missing| -missing), ..reply }
}

/// A response that ends within its headers (D4).
fn cut(reply: Reply, random: &mut Random) -> Reply {
    let head = reply.bytes().windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(0);
    Reply { truncate: i64::try_from(random.below(head as u64)).ok(), ..reply }
}

/// A status of 500 to 504 with one of the bodies that load balancers send.
fn server_error(random: &mut Random) -> Reply {
    let status = [500, 502, 503, 504][usize::try_from(random.below(4)).unwrap_or(0)];
    match random.below(3) {
        0 => refusal(status, "ServiceUnavailableException", "Try again."),
        1 => Reply::text(status, ""),
        _ => Reply::text(status, "<html><body>Bad Gateway</body></html>"),
    }
}

/// The same over a connection that is closed behind it, which no header says.
fn closing_error(random: &mut Random) -> Reply {
    Reply { end: End::Close, ..server_error(random) }
}

/// One of the ways to say "too many requests".
fn throttled(random: &mut Random) -> Reply {
    let status = [400, 429][usize::try_from(random.below(2)).unwrap_or(0)];
    refusal(status, "ThrottlingException", "Rate exceeded")
}

/// Bytes that are no HTTP.
fn garbage(_: Reply, random: &mut Random) -> Reply {
    let length = 1 + random.below(2000);
    let noise = (0..length).map(|_| u8::try_from(random.below(256)).unwrap_or(0)).collect();
    Reply { raw: Some(noise), end: End::Close, ..Reply::default() }
}

/// A success that does not say which job it started.
fn unreadable(reply: Reply, random: &mut Random) -> Reply {
    let bodies: [&[u8]; 4] = [b"", b"{}", b"<html>", b"{\"CopyJobId\": \"cut"];
    let body = bodies[usize::try_from(random.below(4)).unwrap_or(0)].to_vec();
    Reply { body, ..reply }
}

/// An error that no further attempt mends.
fn refused(random: &mut Random) -> Reply {
    match random.below(2) {
        0 => refusal(400, "InvalidParameterValueException", "That is not valid."),
        _ => refusal(403, "AccessDeniedException", "You may not do that."),
    }
}
