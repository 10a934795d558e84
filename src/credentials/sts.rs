//! The two calls to STS that assume a role. Its XML is read by the tables of [`crate::model`], as JSON is by
//! [`crate::http::members`]. Mirrors `QueryParser` in `botocore/parsers.py`.

use std::fmt::Write;

use roxmltree::{Document, Node, ParsingOptions};

use super::provider::{Context, Credentials};
use super::service::{ServiceCall, ServiceResponse};
use crate::debug;
use crate::error::{Error, failure};
use crate::http::Response;
use crate::http::service_error::ServiceError;
use crate::model::{HelperOperation, Member, Shape};
use crate::python::percent::quote;
use crate::python::{Dict, Value, codec, date, int, repr};
use crate::session::endpoint::STS;
use crate::session::{TimestampFormat, client};

/// Returns the response to `operation` in the form in which v1 keeps it; the request is unsigned without `keys`.
/// Errors: a refused parameter or setting, the connection's or the service's error, a response that is none.
/// v1: `client.assume_role`, `client.assume_role_with_web_identity`. Parity: CRED-20, CRED-35, CRED-37.
pub(super) async fn call(
    context: &mut Context<'_>,
    operation: &'static HelperOperation,
    parameters: &Dict,
    keys: Option<Credentials>,
) -> Result<Dict, Error> {
    let region = client::sts_region(context.config, context.globals)?;
    let mut call = ServiceCall::new(context, STS, region.as_deref(), operation).await?;
    call.headers.push(("Content-Type", "application/x-www-form-urlencoded; charset=utf-8".to_owned()));
    call.body = form(operation.name, parameters);
    (call.keys, call.read_error) = (keys, read_error);
    let mut reply = call.send(parameters).await?;
    if let Some(failed) = reply.error.take() {
        return Err(failed.into());
    }
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
    let undecodable = |_| unreadable("not well-formed (invalid token)".to_owned());
    let text = codec::json(&response.body).map_err(undecodable)?;
    let document = parse_xml(&text).map_err(unreadable)?;
    read(document.root_element())
}

/// Returns the document that `text` spells.
/// Errors: what is wrong with it: v1's words where it does not begin as XML does, else the library's (D17).
pub(super) fn parse_xml(text: &str) -> Result<Document<'_>, String> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| match text.trim_start().chars().next() {
        Some('<') => error.to_string(),
        Some(first) if first.is_alphanumeric() || "\"'[],()|#%_:-.".contains(first) => {
            "syntax error: line 1, column 0".to_owned()
        }
        Some(_) => "not well-formed (invalid token): line 1, column 0".to_owned(),
        None => "no element found: line 1, column 0".to_owned(),
    })
}

/// Returns the error in a response.
/// v1: `QueryParser._do_error_parse`. Parity: CRED-37, ERR-05.
fn read_error(response: &Response) -> Result<ServiceError, Error> {
    if let Some(generic) = ServiceError::generic(response) {
        return Ok(generic);
    }
    read_root(response, &repr::bytes(&response.body), |root| {
        let error = child(child(root, "Errors").unwrap_or(root), "Error");
        let member = |name: &str| match error.and_then(|error| child(error, name)) {
            None => Value::from(ServiceError::NONE),
            Some(found) => text(found).map_or(Value::None, Value::from),
        };
        Ok(ServiceError { code: member("Code"), message: member("Message") })
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
    let mut response = members(result, operation.output)?;
    if let Some(Value::Dict(credentials)) = response.members.get_mut("Credentials")
        && let Some(expiry) = credentials.members.get_mut("Expiration")
    {
        context.has_timestamp = true;
        if context.timestamps == TimestampFormat::Iso8601 {
            let local = date::local_iso8601(expiry, &context.config.host.time_zone());
            *expiry = local?.into();
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
            return Err(twice(name));
        }
        metadata.insert(name, text(element).map_or(Value::None, Value::from));
    }
    let Response { status, headers, .. } = &reply.response;
    let value = |name: &String| (name.to_lowercase(), headers.get(name).unwrap_or_default().into());
    metadata.insert("HTTPStatusCode", u64::from(*status).into());
    metadata.insert("HTTPHeaders", Value::Dict(headers.0.iter().map(|(name, _)| value(name)).collect()));
    metadata.insert("RetryAttempts", reply.retries.into());
    Ok(metadata)
}

/// Returns the members of a structure, which are below `node`.
/// Errors: a number that is none; a text that is there twice, over which v1 stumbles (D1).
/// v1: `BaseXMLResponseParser._handle_structure`. Parity: CRED-25, `roles/shapes/bom`.
fn members(node: Node<'_, '_>, members: &[Member]) -> Result<Dict, Error> {
    let mut found = Dict::default();
    for member in members {
        let Some(element) = child(node, member.name) else { continue };
        let value = match member.shape {
            Shape::Structure(inner) => Value::Dict(self::members(element, inner)?),
            _ if elements(node, member.name).nth(1).is_some() => return Err(twice(member.name)),
            Shape::Long => Value::Int(int::int(&text(element).unwrap_or_default())?),
            _ => Value::Str(text(element).unwrap_or_default()),
        };
        found.insert(member.name, value);
    }
    Ok(found)
}

/// Returns the error for a member that is there twice.
fn twice(name: &str) -> Error {
    failure!("The member {name} is there twice in the response")
}

/// Returns the elements of that name below `node`, whatever their namespace.
fn elements<'a, 'i>(node: Node<'a, 'i>, name: &str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    elements(node, name).next()
}

/// Returns the text before the first element in `node`; `None` where there is none.
/// Parity: `roles/shapes/comment`.
fn text(node: Node<'_, '_>) -> Option<String> {
    let before = node.children().take_while(|child| !child.is_element()).filter(Node::is_text);
    before.filter_map(|child| child.text().map(str::to_owned)).reduce(|text, more| text + &more)
}
