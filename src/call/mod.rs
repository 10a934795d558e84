//! Members and a session -> one call to the service -> its response.
//!
//! The SDK builds, serializes and signs the request; its client is not used: retries, headers, endpoints and errors
//! are v1's, and the connection is that of [`crate::http`].
//!
//! | file | what |
//! |---|---|
//! | `request` | members -> [`ServiceRequest`], through the SDK's input and serializer |
//! | `message` | headers and signature of an attempt |
//! | `client` | [`Client`]: a call with its retries, [`Outcome`]: what became of it |

mod client;
mod message;
mod request;

pub(crate) use client::{Client, Outcome};
pub(crate) use message::check_trace_id;
pub(crate) use request::ServiceRequest;
