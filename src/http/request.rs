//! A request before it is bytes.

use super::headers::Headers;
use super::message::HeaderEncoding;
use super::url::Url;

/// A request; `Host` and `Content-Length` are headers like the others, which are sent in their order.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub method: &'a str,
    pub url: Url,
    pub headers: Headers,
    pub encoding: HeaderEncoding,
    /// Empty where there is none.
    pub body: &'a [u8],
    /// Whether it does no harm when it arrives twice.
    pub is_repeatable: bool,
}

impl<'a> Request<'a> {
    /// Returns a request of a service's client: its first headers are those of all requests.
    pub(crate) fn new(method: &'a str, url: Url) -> Self {
        let mut headers = Headers::default();
        headers.push("Host", url.host_header());
        headers.push("Accept-Encoding", "identity");
        Self { method, url, headers, encoding: HeaderEncoding::Utf8, body: b"", is_repeatable: true }
    }

    /// Returns the request of something that is no service's client: its headers are Latin-1.
    pub(crate) fn plain(method: &'a str, url: Url) -> Self {
        Self { encoding: HeaderEncoding::Latin1, ..Self::new(method, url) }
    }

    #[must_use]
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push(name, value);
        self
    }

    #[must_use]
    pub(crate) fn headers<'n>(mut self, headers: impl IntoIterator<Item = (&'n str, String)>) -> Self {
        for (name, value) in headers {
            self.headers.push(name, value);
        }
        self
    }

    /// Sets the body and adds its length, which an empty one has not.
    #[must_use]
    pub(crate) fn body(mut self, body: &'a [u8]) -> Self {
        if !body.is_empty() {
            self.headers.push("Content-Length", body.len().to_string());
        }
        Self { body, ..self }
    }

    #[must_use]
    pub(crate) fn repeatable(self, is_repeatable: bool) -> Self {
        Self { is_repeatable, ..self }
    }
}
