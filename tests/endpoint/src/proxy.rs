//! A service that is an HTTP proxy: CONNECT is tunnelled to one of the other servers, all else goes by its script.

use std::collections::HashMap;

use crate::http::Request;
use crate::reply::Reply;
use crate::script::Script;
use crate::server::{Greeting, Service};

/// A proxy whose targets are servers of this machine.
pub struct Proxy {
    /// `host:port` as the client asks for it, and the local port that stands for it; `*` stands for all others.
    pub targets: HashMap<String, u16>,
    /// Replies that come first: refusals of CONNECT, responses to forwarded requests.
    pub script: Script,
}

impl Service for Proxy {
    fn respond(&self, request: &Request) -> Reply {
        if let Some(reply) = self.script.reply_to(request) {
            return reply;
        }
        if request.method != "CONNECT" {
            return Reply::text(502, "this proxy has no answer to that request\n");
        }
        let asked = request.target.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let known = self.targets.get(&request.target).or_else(|| self.targets.get("*")).copied();
        let raw = Some(b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec());
        match known.or(asked) {
            Some(port) => Reply { raw, tunnel: Some(port), ..Reply::default() },
            None => Reply::text(502, "no such target\n"),
        }
    }

    fn greet(&self, number: usize) -> Greeting {
        self.script.greet(number)
    }
}
