//! Members and a session -> one call to the service -> its response.
//!
//! The SDK builds, serializes and signs the request; its client is not used: retries, headers, endpoints and errors
//! are v1's, and the connection is that of [`crate::http`].

mod client;
mod message;
mod request;

pub(crate) use client::{Client, Outcome};
pub(crate) use message::trace_id;
pub(crate) use request::ServiceRequest;
