//! A service that responds from a list of replies.

use std::sync::{Arc, Mutex, PoisonError};

use crate::http::Request;
use crate::reply::Reply;
use crate::server::{Greeting, Service};

/// Which requests a reply is for; what is empty matches all.
#[derive(Debug, Clone, Default)]
pub struct Match {
    /// The whole method.
    pub method: Option<String>,
    /// How the target (path with query) begins.
    pub path: Option<String>,
    /// A part of the body.
    pub body: Option<String>,
    /// A part of one header line (`name: value`, name in lower case).
    pub header: Option<String>,
}

impl Match {
    /// True when the reply may be given to this request.
    fn covers(&self, request: &Request) -> bool {
        let body = String::from_utf8_lossy(&request.body);
        self.method.as_ref().is_none_or(|method| *method == request.method)
            && self.path.as_ref().is_none_or(|path| request.target.starts_with(path))
            && self.body.as_ref().is_none_or(|part| body.contains(part))
            && self.header.as_ref().is_none_or(|part| {
                let mut lines =
                    request.headers.iter().map(|(name, value)| format!("{}: {value}", name.to_lowercase()));
                lines.any(|line| line.contains(part))
            })
    }
}

/// Replies in order: each is given once to a request that it covers, the last one that covers it for ever.
#[derive(Default)]
pub struct Script {
    rules: Vec<(Match, Reply)>,
    greetings: Vec<Greeting>,
    used: Mutex<Vec<bool>>,
    /// Who responds when every reply that covers a request was given once.
    after: Option<Arc<dyn Service>>,
}

impl Script {
    /// A script of replies, and of what happens to connections, the last one of each repeated.
    pub fn new(rules: Vec<(Match, Reply)>, greetings: Vec<Greeting>) -> Self {
        let used = Mutex::new(vec![false; rules.len()]);
        Self { rules, greetings, used, after: None }
    }

    /// Lets `service` respond when every reply that covers a request was given once.
    #[must_use]
    pub fn then(mut self, service: Arc<dyn Service>) -> Self {
        self.after = Some(service);
        self
    }

    /// The reply to a request; `None` where no reply covers it.
    pub fn reply_to(&self, request: &Request) -> Option<Reply> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let mut last = None;
        for ((rule, reply), used) in self.rules.iter().zip(used.iter_mut()) {
            if !rule.covers(request) {
                continue;
            }
            if !*used {
                *used = true;
                return Some(reply.clone());
            }
            last = Some(reply);
        }
        match &self.after {
            Some(service) => Some(service.respond(request)),
            None => last.cloned(),
        }
    }
}

impl Service for Script {
    fn respond(&self, request: &Request) -> Reply {
        self.reply_to(request).unwrap_or_else(|| Reply::text(404, "no scripted reply covers this request\n"))
    }

    fn greet(&self, number: usize) -> Greeting {
        let index = number.saturating_sub(1).min(self.greetings.len().saturating_sub(1));
        self.greetings.get(index).cloned().unwrap_or(Greeting::Serve)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::{Match, Script};
    use crate::http::Request;
    use crate::reply::Reply;

    /// A request without headers and body.
    fn request(method: &str, target: &str) -> Request {
        Request {
            method: method.to_owned(),
            target: target.to_owned(),
            version: "HTTP/1.1".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            connection: 1,
            at: SystemTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn replies_are_given_once_in_order_and_the_last_for_ever() {
        let only_put = Match { method: Some("PUT".to_owned()), ..Match::default() };
        let rules = [(Match::default(), 500), (only_put, 400), (Match::default(), 200)];
        let rules = rules.map(|(rule, status)| (rule, Reply { status, ..Reply::default() }));
        let script = Script::new(rules.to_vec(), Vec::new());
        for (method, status) in [("GET", 500), ("GET", 200), ("PUT", 400), ("PUT", 200), ("GET", 200)] {
            let reply = script.reply_to(&request(method, "/")).unwrap();
            assert_eq!(reply.status, status, "{method}");
        }
    }
}
