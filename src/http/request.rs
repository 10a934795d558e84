//! A request before it is bytes.

use super::message::HeaderEncoding;
use super::url::Url;

/// A request; `Host` and `Content-Length` are headers like the others.
#[derive(Debug, Clone)]
pub struct Request {
    /// `PUT`, `POST` or `GET`.
    pub method: String,
    /// The URL.
    pub url: Url,
    /// Headers in the order in which they are sent.
    pub headers: Vec<(String, String)>,
    /// How the values of the headers become bytes.
    pub encoding: HeaderEncoding,
    /// Body; empty where there is none.
    pub body: Vec<u8>,
}
