//! What the fuzz targets call.

use crate::call::ServiceRequest;
use crate::cli::{OptionValue, Options};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::service_error::ServiceError;
use crate::http::{self, Url};
use crate::model::START_COPY_JOB;
use crate::output::query;
use crate::params::{self, Loader};
use crate::python::{Value, date, json, text};
use crate::session::Endpoint;
use crate::session::ini::{self, IndentedValue};

pub use crate::credentials::read_xml;
pub use crate::http::{read_proxy, try_bundle as read_bundle};

/// Returns a word as the system would hand it over; argv cannot hold a NUL.
pub fn word(data: &[u8]) -> String {
    text::decode(data).replace('\0', "\u{1}")
}

/// Reads JSON in any encoding that a file may have.
pub fn read_json(document: &[u8]) {
    let _ = json::decode_bytes(document);
}

/// Reads bytes as a response that comes whole and in pieces of several sizes, which must make no difference, and looks
/// for an error code in it.
///
/// # Panics
/// The size of the pieces makes a difference, or the response has more than was sent.
pub fn read_response(data: &[u8]) {
    let whole = http::read_response(data, u64::MAX);
    for piece in [1, 7] {
        assert_eq!(http::read_response(data, piece), whole);
    }
    if let Ok((response, _)) = whole {
        assert!((200..=999).contains(&response.status) && response.body.len() <= data.len());
        let _ = ServiceError::read(&response);
    }
}

/// Reads an option of `start-copy-job`, by the name of its member or `cli-input-json`, as a run does; a report must be
/// printable whatever it holds.
pub fn read_option(name: &str, typed: String) {
    let value = OptionValue::Text(typed);
    let mut options = Options::default();
    match START_COPY_JOB.input.iter().find(|member| member.name == name) {
        Some(member) => options.members.push((member, value)),
        None => options.cli_input_json = Some(value),
    }
    if let Err(error) = read(&options) {
        assert!(!error.text().is_empty());
    }
}

/// Reads the options up to the request.
fn read(options: &Options) -> Result<(), Error> {
    let host = Host::fake(&[("HOME", "/nowhere"), ("A", "x"), ("E", "")]);
    let fetch = |url: &str, _: &Host| Err(failure!("{url}"));
    let mut loader = Loader { host: &host, fetch: Some(fetch), loaded: 0 };
    let members = params::merge(loader.load(options)?, options.cli_input_json.as_ref(), &host)?;
    let _ = params::validate(&members, START_COPY_JOB.input);
    ServiceRequest::new(&START_COPY_JOB, members, &host).map(drop)
}

/// Compiles a query and evaluates it on a response.
pub fn read_query(expression: &str) {
    let response = r#"{"a": [1, 2.5, "x", null, {"b": true}], "b": {"c": [[1], [2, 3]]}, "d": "\u00e9"}"#;
    if let (Ok(query), Ok(Value::Dict(response))) =
        (query::compile(&expression.into()), json::decode(response))
    {
        let _ = query.search(response);
    }
}

/// Reads a configuration file, and an alias file.
pub fn read_ini(text: &str) {
    for blocks in [IndentedValue::Nested, IndentedValue::Literal] {
        let _ = ini::parse(text, blocks);
    }
}

/// Reads the URL of an endpoint, of a request and of a proxy.
pub fn read_url(text: &str) {
    if let Ok(endpoint) = Endpoint::parse(text) {
        let _ = (endpoint.signed_target("/copy-jobs"), endpoint.url("/copy-jobs"));
        let _ = Url::of(&endpoint, "/copy-jobs").map(|url| url.host_header());
    }
    let _ = Url::parse(text);
    read_proxy(text);
}

/// Reads a date of a response.
pub fn read_date(text: &str) {
    let _ = date::local_iso8601(&Value::Str(text.to_owned()), &Host::fake(&[]).time_zone());
}
