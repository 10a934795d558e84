//! A response that was read.

use super::headers::Headers;

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    /// Status code, 100 to 999.
    pub status: u16,
    /// Headers in order.
    pub headers: Headers,
    /// Body, as it came: never decompressed.
    pub body: Vec<u8>,
}
