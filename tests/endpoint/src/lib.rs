//! A local AWS Backup that needs no account, and scripted servers that respond with any fault.
//!
//! | file | what it holds |
//! |---|---|
//! | `server` | a listener on 127.0.0.1: connections, threads, the log of requests |
//! | `http` | one HTTP/1.1 request read, one reply written, faults included |
//! | `reply` | what a reply is: status, headers, body, framing, faults |
//! | `tls` | a private CA and its certificates, good and bad ones |
//! | `sigv4` | an independent verifier of AWS Signature Version 4 |
//! | `script` | a service that responds from a list of replies |
//! | `backup` | a service that is AWS Backup in memory |
//! | `job` | one of its copy jobs: CREATED, RUNNING, and how it ends |
//! | `clock` | times in the spellings of AWS and HTTP |
//! | `proxy` | a service that tunnels CONNECT to one of the other servers |
//!
//! Blocking threads and `std::net` only. A further fake service is a further file with its own [`Service`].

pub mod backup;
pub mod clock;
pub mod http;
pub mod job;
pub mod proxy;
pub mod reply;
pub mod script;
pub mod server;
pub mod sigv4;
pub mod tls;

pub use http::Request;
pub use reply::{End, Framing, Reply};
pub use server::{Greeting, Server, Service, Setup};
