//! The two calls to STS that give a role's credentials. Mirrors the service's model and `QueryParser` in
//! `botocore/parsers.py`.

use std::fmt::Write;

use num_bigint::BigInt;

use super::service::{self, Call, Reply};
use super::xml::{self, Element};
use super::{Context, Credentials};
use crate::debug;
use crate::error::{Error, failure};
use crate::http::Answer;
use crate::http::service_error::ServiceError;
use crate::python::date::iso8601;
use crate::python::percent::quote;
use crate::python::{Dict, Value, codec, int, repr};
use crate::session::endpoint::STS;
use crate::session::{TimestampFormat, checks, client};

/// The smallest length of each text parameter, in characters.
const SHORTEST: [(&str, usize); 6] = [
    ("RoleArn", 20),
    ("RoleSessionName", 2),
    ("ExternalId", 2),
    ("SerialNumber", 9),
    ("TokenCode", 6),
    ("WebIdentityToken", 4),
];

/// The smallest duration, in seconds.
const SHORTEST_DURATION: u16 = 900;

/// The members of an answer in the model's order, both calls together.
const MEMBERS: [(&str, Shape); 7] = [
    ("Credentials", Shape::Of(&["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"])),
    ("SubjectFromWebIdentityToken", Shape::Text),
    ("AssumedRoleUser", Shape::Of(&["AssumedRoleId", "Arn"])),
    ("PackedPolicySize", Shape::Integer),
    ("Provider", Shape::Text),
    ("Audience", Shape::Text),
    ("SourceIdentity", Shape::Text),
];

/// What a member holds.
#[derive(Clone, Copy)]
enum Shape {
    /// A text.
    Text,
    /// A number.
    Integer,
    /// Members that are texts.
    Of(&'static [&'static str]),
}

/// The answer to `operation`, in the form in which v1 keeps it; unsigned without `keys`.
///
/// # Errors
/// A parameter that is too short, settings that a client refuses, the connection's or the service's error, an answer
/// that is none.
///
/// v1: `client.assume_role`, `client.assume_role_with_web_identity`. Parity: CRED-20 to CRED-25, CRED-35, CRED-37.
pub(super) async fn call(
    context: &Context<'_>,
    operation: &str,
    parameters: &[(&'static str, Value)],
    keys: Option<Credentials>,
) -> Result<Value, Error> {
    let Context { config, globals, .. } = context;
    let region = client::sts_region(config, globals)?;
    let session = service::session(context, STS, region.as_deref()).await?;
    check(parameters)?;
    let call = Call {
        operation,
        method: "POST",
        target: "/".to_owned(),
        headers: vec![("Content-Type", "application/x-www-form-urlencoded; charset=utf-8".to_owned())],
        body: form(operation, parameters),
        signature: keys.map(|keys| ("sts", keys)),
        read_error,
    };
    let reply = service::call(context, &session, &call).await?;
    read(context, operation, &reply)
}

/// Refuses parameters that are too short.
///
/// v1: `ParamValidator.validate`. Parity: CRED-35.
fn check(parameters: &[(&'static str, Value)]) -> Result<(), Error> {
    let report: String = parameters.iter().filter_map(|(name, value)| too_little(name, value)).collect();
    if report.is_empty() { Ok(()) } else { Err(failure!("Parameter validation failed:{report}")) }
}

/// The line of the report for a parameter that is too short.
fn too_little(name: &str, value: &Value) -> Option<String> {
    match value {
        Value::Int(seconds) if *seconds < BigInt::from(SHORTEST_DURATION) => Some(format!(
            "\nInvalid value for parameter {name}, value: {seconds}, valid min value: {SHORTEST_DURATION}"
        )),
        Value::Str(text) => {
            let length = text.chars().count();
            let (_, least) = SHORTEST.iter().find(|(known, least)| *known == name && length < *least)?;
            Some(format!("\nInvalid length for parameter {name}, value: {length}, valid min length: {least}"))
        }
        _ => None,
    }
}

/// The body of the request.
///
/// v1: `QuerySerializer`, `urllib.parse.urlencode`. Parity: CRED-20, CRED-51.
fn form(operation: &str, parameters: &[(&'static str, Value)]) -> String {
    let mut body = format!("Action={operation}&Version=2011-06-15");
    for (name, value) in parameters {
        let _ = write!(body, "&{name}={}", quote(&repr::str(value), "").replace("%20", "+"));
    }
    body
}

/// The root of an answer's document.
///
/// v1: `BaseXMLResponseParser._parse_xml_string_to_dom`. Parity: CRED-37.
fn root(answer: &Answer) -> Result<Element, Error> {
    let unreadable = |reason: &str| {
        failure!(
            "Unable to parse response ({reason}), invalid XML received. Further retries may succeed:\n{}",
            debug::redact_body(repr::bytes(&answer.body))
        )
    };
    let text = codec::utf8(&answer.body)
        .map_err(|_| unreadable("not well-formed (invalid token): line 1, column 0"))?;
    xml::parse(&text).map_err(|reason| unreadable(&reason))
}

/// The error in an answer.
///
/// v1: `QueryParser._do_error_parse`. Parity: CRED-37, ERR-05.
fn read_error(answer: &Answer) -> Result<ServiceError, Error> {
    if let Some(generic) = ServiceError::generic(answer) {
        return Ok(generic);
    }
    let root = root(answer)?;
    let error = root.child("Errors").unwrap_or(&root).child("Error");
    let text = |name: &str| match error.and_then(|error| error.child(name)) {
        None => Value::from("Unknown"),
        Some(found) => found.text.clone().map_or(Value::None, Value::from),
    };
    Ok(ServiceError { code: text("Code"), message: text("Message") })
}

/// The members of an answer, and what v1 notes of the response itself.
///
/// v1: `QueryParser._parse_body_as_xml`. Parity: CRED-25.
fn read(context: &Context<'_>, operation: &str, reply: &Reply) -> Result<Value, Error> {
    let root = root(&reply.answer)?;
    let wrapper = format!("{operation}Result");
    let result = root.child(&wrapper).ok_or_else(|| failure!("'{wrapper}'"))?;
    let mut answer = Dict::default();
    for (name, shape) in MEMBERS {
        let Some(found) = result.child(name) else { continue };
        let text = found.text.clone().unwrap_or_default();
        answer.insert(
            name,
            match shape {
                Shape::Text => Value::Str(text),
                Shape::Integer => Value::Int(int::int(&text)?),
                Shape::Of(members) => {
                    let present = members.iter().filter_map(|name| Some((name, found.child(name)?)));
                    let mut texts = Dict::default();
                    for (name, found) in present {
                        texts.insert(*name, spelled(context, name, found.text.clone().unwrap_or_default())?);
                    }
                    Value::Dict(texts)
                }
            },
        );
    }
    answer.insert("ResponseMetadata", Value::Dict(metadata(&root, reply)));
    Ok(Value::Dict(answer))
}

/// A member's text; a date as `cli_timestamp_format` wants it.
///
/// v1: `scalarparse.iso_format`. Parity: CRED-25.
fn spelled(context: &Context<'_>, name: &str, text: String) -> Result<Value, Error> {
    if name == "Expiration" {
        context.dated.set(true);
    }
    let iso = name == "Expiration" && checks::timestamp_format(context.config)? == TimestampFormat::Iso8601;
    if !iso {
        return Ok(Value::Str(text));
    }
    Ok(Value::Str(iso8601::local(&Value::Str(text), context.config.host)?))
}

/// Request id, status, headers and retries, as v1 keeps them.
fn metadata(root: &Element, reply: &Reply) -> Dict {
    let mut metadata = Dict::default();
    for child in root.child("ResponseMetadata").map(|found| found.children.iter()).into_iter().flatten() {
        metadata.insert(child.name.as_str(), child.text.clone().map_or(Value::None, Value::from));
    }
    let mut headers = Dict::default();
    for (name, _) in &reply.answer.headers.0 {
        headers.insert(name.to_lowercase(), Value::from(reply.answer.headers.get(name).unwrap_or_default()));
    }
    metadata.insert("HTTPStatusCode", Value::Int(BigInt::from(reply.answer.status)));
    metadata.insert("HTTPHeaders", Value::Dict(headers));
    metadata.insert("RetryAttempts", Value::Int(BigInt::from(reply.retries)));
    metadata
}
