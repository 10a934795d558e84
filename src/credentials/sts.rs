//! The two calls to STS that assume a role. Mirrors the service's model and `QueryParser` in
//! `botocore/parsers.py`.

use std::fmt::Write;

use roxmltree::Node;

use super::document::{self, child};
use super::provider::Context;
use super::service::{self, ServiceRequest, ServiceResponse};
use super::types::Credentials;
use crate::debug;
use crate::error::{Error, failure};
use crate::http::Response;
use crate::http::service_error::ServiceError;
use crate::model::HelperOperation;
use crate::params::validate;
use crate::python::date;
use crate::python::percent::quote;
use crate::python::{Dict, Value, codec, repr};
use crate::session::endpoint::STS;
use crate::session::{TimestampFormat, client};

/// Returns the response to `operation` in the form in which v1 keeps it; the request is unsigned without `keys`.
/// Errors: a parameter that is too short, settings that a client refuses, the connection's or the service's error, a
/// response that is none.
/// v1: `client.assume_role`, `client.assume_role_with_web_identity`. Parity: CRED-20 to CRED-25, CRED-35, CRED-37.
pub(super) async fn call(
    context: &mut Context<'_>,
    operation: &'static HelperOperation,
    parameters: &Dict,
    keys: Option<Credentials>,
) -> Result<Dict, Error> {
    let region = client::sts_region(context.config, context.globals)?;
    let session = service::session(context, STS, region.as_deref()).await?;
    validate(parameters, operation.input)?;
    let content_type = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8".to_owned());
    let call = ServiceRequest {
        body: form(operation.name, parameters),
        signature: keys.map(|keys| ("sts", keys)),
        read_error,
        ..ServiceRequest::new(operation, [content_type])
    };
    let reply = service::call(context, &session, &call).await?;
    let shown = if reply.response.body.is_empty() { "b''" } else { debug::REDACTED };
    read_root(&reply.response, shown, |root| read(context, operation, root, &reply))
}

/// Returns the body of the request.
/// v1: `QuerySerializer`, `urllib.parse.urlencode`. Parity: CRED-20, CRED-51.
fn form(operation: &str, parameters: &Dict) -> String {
    let mut body = format!("Action={operation}&Version=2011-06-15");
    for (name, value) in &parameters.members {
        let _ = write!(body, "&{name}={}", quote(&repr::str(value), "").replace("%20", "+"));
    }
    body
}

/// Reads the root element of a response in UTF-8 or UTF-16; the error for one that is no XML shows its body as `shown`.
/// v1: `BaseXMLResponseParser._parse_xml_string_to_dom`. Parity: CRED-37, `roles/shapes/bom`.
fn read_root<T>(
    response: &Response,
    shown: &str,
    read: impl FnOnce(Node<'_, '_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let unreadable = |reason: String| {
        failure!(
            "Unable to parse response ({reason}), invalid XML received. Further retries may succeed:\n{shown}"
        )
    };
    let text = codec::json(&response.body).map_err(|_| "not well-formed (invalid token)".to_owned());
    let text = text.map_err(unreadable)?;
    let document = document::parse_xml(&text).map_err(unreadable)?;
    read(document.root_element())
}

/// Returns the error in a response.
/// v1: `QueryParser._do_error_parse`. Parity: CRED-37, ERR-05.
fn read_error(response: &Response) -> Result<ServiceError, Error> {
    if let Some(generic) = ServiceError::generic(response) {
        return Ok(generic);
    }
    read_root(response, &repr::bytes(&response.body), |root| {
        let error = child(child(root, "Errors").unwrap_or(root), "Error");
        let text = |name: &str| match error.and_then(|error| child(error, name)) {
            None => Value::from(ServiceError::NONE),
            Some(found) => document::text(found).map_or(Value::None, Value::from),
        };
        Ok(ServiceError { code: text("Code"), message: text("Message") })
    })
}

/// Returns the members of a response, the date as `cli_timestamp_format` wants it, and its metadata.
/// v1: `QueryParser._parse_body_as_xml`, `scalarparse.iso_format`. Parity: CRED-25.
fn read(
    context: &mut Context<'_>,
    operation: &HelperOperation,
    root: Node<'_, '_>,
    reply: &ServiceResponse,
) -> Result<Dict, Error> {
    let wrapper = format!("{}Result", operation.name);
    let result = child(root, &wrapper).ok_or_else(|| failure!("'{wrapper}'"))?;
    let mut response = document::read_xml(result, operation.output)?;
    if let Some(Value::Dict(credentials)) = response.members.get_mut("Credentials")
        && let Some(Value::Str(expiry)) = credentials.members.get_mut("Expiration")
    {
        context.has_timestamp = true;
        if context.timestamps == TimestampFormat::Iso8601 {
            let local = date::local_iso8601(&expiry.as_str().into(), &context.config.host.time_zone());
            *expiry = local.map_err(|error| failure!("{error}"))?;
        }
    }
    response.insert("ResponseMetadata", Value::Dict(metadata(root, reply)?));
    Ok(response)
}

/// Returns request id, status, headers and retries, as v1 keeps them.
/// Errors: a text that is there twice, over which v1 stumbles (D1).
fn metadata(root: Node<'_, '_>, reply: &ServiceResponse) -> Result<Dict, Error> {
    let mut metadata = Dict::default();
    let own = child(root, "ResponseMetadata");
    for element in own.iter().flat_map(Node::children).filter(Node::is_element) {
        let name = element.tag_name().name();
        if metadata.get(name).is_some() {
            return Err(failure!("The member {name} is there twice in the response"));
        }
        metadata.insert(name, document::text(element).map_or(Value::None, Value::from));
    }
    let mut headers = Dict::default();
    for (name, _) in &reply.response.headers.0 {
        headers
            .insert(name.to_lowercase(), Value::from(reply.response.headers.get(name).unwrap_or_default()));
    }
    metadata.insert("HTTPStatusCode", u64::from(reply.response.status).into());
    metadata.insert("HTTPHeaders", Value::Dict(headers));
    metadata.insert("RetryAttempts", reply.retries.into());
    Ok(metadata)
}
