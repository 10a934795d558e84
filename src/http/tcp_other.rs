//! A TCP connection on systems without `poll`: tokio's.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpSocket, TcpStream};

use super::stream::Socket;

impl Socket for TcpStream {
    fn has_input(&self) -> bool {
        self.try_read(&mut [0]).map_err(|error| error.kind()) != Err(io::ErrorKind::WouldBlock)
    }
}

pub(super) async fn connect(address: SocketAddr, keepalive: bool) -> io::Result<TcpStream> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_nodelay(true)?;
    socket.set_keepalive(keepalive)?;
    socket.connect(address).await
}
