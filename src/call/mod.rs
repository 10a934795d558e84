//! The members of the request and the session become one call to the service, and its answer.

pub mod response;

pub use crate::http::service_error;
