//! A TCP connection that is waited for on this thread.
//!
//! A run waits for one connection at a time, so `poll` does: no queue of events, no descriptor and no thread more than
//! the connection itself needs (`ulimit -n 5` is enough, as for v1). Ctrl-C interrupts `poll`, and the runtime, which
//! hears of it, is given its turn after each wait.

use std::io::{self, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read};
use rustix::net::{self, AddressFamily, SocketFlags, SocketType, ipproto, socket_with, sockopt};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::stream::Socket;

/// Longest wait before the runtime looks at its clock and its signals.
const SLICE: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// Most bytes of one read.
const LARGEST_READ: usize = 65_536;

pub(super) struct Tcp {
    stream: TcpStream,
    /// The directions that were refused since the last progress: TLS, once refused to read, may have something to
    /// write, so only who is refused twice in a row waits.
    refused: PollFlags,
    #[cfg(test)]
    waits: usize,
}

/// Connects to `address`.
/// v1: `urllib3.util.connection.create_connection`; `TCP_NODELAY` always, `SO_KEEPALIVE` where configured (CFG-76).
pub(super) async fn connect(address: SocketAddr, keepalive: bool) -> io::Result<Tcp> {
    let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let socket = socket_with(family, SocketType::STREAM, flags, Some(ipproto::TCP))?;
    sockopt::set_tcp_nodelay(&socket, true)?;
    if keepalive {
        sockopt::set_socket_keepalive(&socket, true)?;
    }
    let connected = net::connect(&socket, &address);
    let tcp = Tcp {
        stream: TcpStream::from(socket),
        refused: PollFlags::empty(),
        #[cfg(test)]
        waits: 0,
    };
    match connected {
        Err(Errno::INPROGRESS | Errno::INTR) => {
            std::future::poll_fn(|context| tcp.poll_ready(context, PollFlags::OUT)).await?;
            sockopt::socket_error(&tcp.stream)??;
        }
        connected => connected?,
    }
    Ok(tcp)
}

impl Socket for Tcp {
    fn has_input(&self) -> bool {
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        self.poll(PollFlags::IN, &now) != Ok(0)
    }
}

impl Tcp {
    /// Waits for `flags` at most one slice.
    fn poll_ready(&self, context: &mut Context<'_>, flags: PollFlags) -> Poll<io::Result<()>> {
        match self.poll(flags, &SLICE) {
            Ok(0) | Err(Errno::INTR) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ok(_) => Poll::Ready(Ok(())),
            Err(error) => Poll::Ready(Err(error.into())),
        }
    }

    /// Returns how many descriptors are ready, 0 or 1.
    fn poll(&self, flags: PollFlags, most: &Timespec) -> rustix::io::Result<usize> {
        poll(&mut [PollFd::new(&self.stream, flags)], Some(most))
    }

    /// Repeats `operation` until it does not have to wait. The first refusal returns at once.
    fn poll_io<T>(
        &mut self,
        context: &mut Context<'_>,
        flags: PollFlags,
        mut operation: impl FnMut(&TcpStream) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        loop {
            match operation(&self.stream) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                result => {
                    self.refused = PollFlags::empty();
                    return Poll::Ready(result);
                }
            }
            if !self.refused.contains(flags) {
                self.refused |= flags;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            #[cfg(test)]
            (self.waits += 1);
            ready!(self.poll_ready(context, self.refused))?;
            self.refused = PollFlags::empty();
        }
    }
}

impl AsyncRead for Tcp {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut bytes = Vec::with_capacity(buffer.remaining().min(LARGEST_READ)); // costs less than zeros in `buffer`
        let read =
            self.poll_io(context, PollFlags::IN, |stream| Ok(read(stream, spare_capacity(&mut bytes))?));
        read.map_ok(|_| buffer.put_slice(&bytes))
    }
}

impl AsyncWrite for Tcp {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_io(context, PollFlags::OUT, |mut stream| stream.write(bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.stream.shutdown(Shutdown::Write))
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::http::run;

    #[test]
    fn small_writes_go_out_at_once_and_keepalive_is_as_configured() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        for keepalive in [false, true] {
            let tcp = run(connect(listener.local_addr().unwrap(), keepalive)).unwrap();
            assert!(sockopt::tcp_nodelay(&tcp.stream).unwrap());
            assert_eq!(sockopt::socket_keepalive(&tcp.stream).unwrap(), keepalive);
        }
    }

    #[test]
    fn what_is_refused_once_may_do_something_else() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut tcp = run(connect(listener.local_addr().unwrap(), false)).unwrap();
        let mut context = Context::from_waker(std::task::Waker::noop());
        let (mut bytes, mut waits) = ([0; 8], Vec::new());
        for _ in 0..3 {
            let mut buffer = ReadBuf::new(&mut bytes);
            assert!(Pin::new(&mut tcp).poll_read(&mut context, &mut buffer).is_pending());
            waits.push(tcp.waits);
        }
        assert_eq!(waits, [0, 1, 2], "the first refusal waits for nothing");
        assert!(Pin::new(&mut tcp).poll_write(&mut context, b"x").is_ready());
        assert!(Pin::new(&mut tcp).poll_read(&mut context, &mut ReadBuf::new(&mut bytes)).is_pending());
        assert_eq!(tcp.waits, 2, "nor does the first one behind a progress");
    }

    #[test]
    fn what_a_signal_interrupted_is_done_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut tcp = run(connect(listener.local_addr().unwrap(), false)).unwrap();
        let mut context = Context::from_waker(std::task::Waker::noop());
        let mut results = vec![Ok(1), Err(io::ErrorKind::Interrupted.into())];
        let found = tcp.poll_io(&mut context, PollFlags::IN, |_| results.pop().unwrap());
        assert!(matches!(found, Poll::Ready(Ok(1))));
    }

    #[test]
    fn a_quiet_connection_has_no_input() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let tcp = run(connect(listener.local_addr().unwrap(), false)).unwrap();
        let (mut peer, _) = listener.accept().unwrap();
        assert!(!tcp.has_input());
        peer.write_all(b"x").unwrap();
        assert!(tcp.has_input());
        let tcp = run(connect(listener.local_addr().unwrap(), false)).unwrap();
        drop(listener.accept().unwrap());
        assert!(tcp.has_input(), "closed");
    }
}
