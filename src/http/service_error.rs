//! Reads code and message of an error response, from wherever the service put them.

use std::fmt;

use super::response::Response;
use crate::error::{Error, failure};
use crate::python::{self, Dict, JsonError, Value};

/// Code and message of a service error.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ServiceError {
    /// Mostly a string, but v1 shows whatever the body holds; so with the message.
    pub code: Value,
    pub message: Value,
}

impl ServiceError {
    /// The code, and the message, that v1 shows where a response in XML has none.
    pub(crate) const NONE: &str = "Unknown";

    /// Reads the error in `response`, whose status is 301 or more.
    /// Errors: `Failure` when the body is no text, or JSON of a shape on which v1 stumbles (deviation D1).
    /// v1: `botocore.parsers.RestJSONParser._do_error_parse`. Parity: ERR-01 to ERR-08, ERR-12.
    pub(crate) fn read(response: &Response) -> Result<Self, Error> {
        if let Some(generic) = Self::generic(response) {
            return Ok(generic);
        }
        let body = body(&response.body)?;
        let member = |names: [&str; 2]| names.into_iter().find_map(|name| body.get(name)).cloned();
        let typed = type_code(&body, response)?;
        let header = response.headers.get("x-amzn-errortype").map(Value::from);
        let code = match header.or_else(|| member(["code", "Code"])) {
            None | Some(Value::None) => typed,
            Some(Value::Str(code)) => strip_namespace(&code).into(),
            Some(code) => code,
        };
        if matches!(code, Value::List(_) | Value::Dict(_)) {
            return Err(failure!("the error code in the response is a {}, not a text", code.type_name()));
        }
        let message = member(["message", "Message"]).unwrap_or_else(|| "".into());
        Ok(Self { code, message })
    }

    /// Reads the empty or HTML response of something in front of the service; `None` where it is the service's own.
    /// v1: `ResponseParser._is_generic_error_response`, `_do_generic_error_parse`. Parity: ERR-05.
    pub(crate) fn generic(response: &Response) -> Option<Self> {
        let (status, body) = (response.status, response.body.trim_ascii_start());
        let is_generic = status >= 500 && (body.is_empty() || body.starts_with(b"<html>"));
        is_generic.then(|| Self { code: status.to_string().into(), message: reason_phrase(status).into() })
    }

    /// Returns the code when it is a text.
    pub(crate) fn code(&self) -> Option<&str> {
        self.code.as_str()
    }

    /// Returns v1's message; `retries` where the attempts were used up.
    /// v1: `botocore.exceptions.ClientError`. Parity: MSG-11, RETRY-05.
    pub(crate) fn text(&self, operation: &str, retries: Option<u64>) -> String {
        let (code, message) = (python::repr::str(&self.code), python::repr::str(&self.message));
        let retries = retries.map(|retries| format!(" (reached max retries: {retries})")).unwrap_or_default();
        format!("An error occurred ({code}) when calling the {operation} operation{retries}: {message}")
    }
}

/// A service's error that ended a call, with v1's message. It can be read out of an [`Error::Failure`], because a waiter takes
/// the error of a service that gives credentials for a response to its poll.
/// v1: `botocore.exceptions.ClientError`. Parity: `wait/credentials/role-denied`.
#[derive(Debug)]
pub(crate) struct FailedCall {
    pub status: u16,
    pub error: ServiceError,
    message: String,
}

impl FailedCall {
    /// Returns the error of a call of `operation`; `retries` where the attempts were used up.
    pub(crate) fn new(status: u16, error: ServiceError, operation: &str, retries: Option<u64>) -> Self {
        let message = error.text(operation, retries);
        Self { status, error, message }
    }
}

impl fmt::Display for FailedCall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for FailedCall {}

impl From<FailedCall> for Error {
    fn from(failed: FailedCall) -> Self {
        Self::Failure(failed.into())
    }
}

/// Reads the members of an error body; a body that is not JSON is the message.
fn body(bytes: &[u8]) -> Result<Dict, Error> {
    let text = python::codec::utf8(bytes)?;
    match python::json::decode(&text) {
        Ok(Value::Dict(members)) => Ok(members),
        Ok(other) => {
            Err(failure!("the error in the response is a JSON {}, not an object", other.type_name()))
        }
        Err(error @ JsonError::TooDeep) => Err(error.into()),
        Err(JsonError::Invalid(_)) => {
            let mut members = Dict::default();
            members.insert("message", text.into());
            Ok(members)
        }
    }
}

/// Returns the code by `__type`, else by the status; `x-amzn-query-error` replaces it.
fn type_code(body: &Dict, response: &Response) -> Result<Value, Error> {
    let code = match body.get("__type") {
        None => response.status.to_string(),
        Some(Value::None) => return Ok("".into()),
        Some(Value::Str(code)) => strip_namespace(code).to_owned(),
        Some(code @ (Value::List(_) | Value::Dict(_))) => return Ok(code.clone()),
        Some(other) => {
            return Err(failure!("the member __type of the response is a {}, not a text", other.type_name()));
        }
    };
    let query = response.headers.get("x-amzn-query-error").unwrap_or_default();
    let mut parts = query.split(';');
    Ok(match (parts.next(), parts.next(), parts.next()) {
        (Some(first), Some(_), None) if !first.is_empty() => first.into(),
        _ => code.into(),
    })
}

/// Returns `code` without namespace and without what follows a colon.
fn strip_namespace(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or_default();
    code.rsplit('#').next().unwrap_or_default()
}

/// Returns Python's phrase for `status`; empty where it has none.
/// v1: `http.client.responses`. Parity: ERR-05, ERR-12.
fn reason_phrase(status: u16) -> &'static str {
    match status {
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        506 => "Variant Also Negotiates",
        507 => "Insufficient Storage",
        508 => "Loop Detected",
        510 => "Not Extended",
        511 => "Network Authentication Required",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::headers::Headers;

    /// Returns the message for a response.
    fn text(status: u16, headers: &[(&str, &str)], body: &str) -> String {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let response =
            Response { status, headers: Headers(headers.collect()), body: body.as_bytes().to_vec() };
        match ServiceError::read(&response) {
            Ok(error) => error
                .text("X", None)
                .replace("An error occurred ", "")
                .replace(" when calling the X operation", ""),
            Err(error) => error.text(),
        }
    }

    #[test]
    fn code_and_message() {
        let kind = [("x-amzn-errortype", "a#H:http")];
        let query = [("x-amzn-query-error", "QE;Sender")];
        let twice = [("x-amzn-errortype", "Foo"), ("X-Amzn-ErrorType", "Bar")];
        for (status, headers, body, expected) in [
            (400, &[][..], r#"{"message":"m"}"#, "(400): m"),
            (400, &kind, r#"{"code":"c","Message":"m"}"#, "(H): m"),
            (400, &[], r#"{"code":"x#c:y","Code":"d","__type":"t"}"#, "(c): "),
            (400, &[], r#"{"code":null,"Code":"d","__type":"t"}"#, "(t): "),
            (400, &[], r#"{"code":5,"message":null,"Message":"x"}"#, "(5): None"),
            (400, &[], r#"{"__type":"a#b:c","message":{"a":[1.0,true]}}"#, "(b): {'a': [1.0, True]}"),
            (400, &[], r#"{"__type":null}"#, "(): "),
            (400, &query, r#"{"__type":"t"}"#, "(QE): "),
            (400, &query, r#"{"Code":"c"}"#, "(c): "),
            (400, &twice, "", "(Foo, Bar): "),
            (400, &[("x-amzn-errortype", "")], "", "(): "),
            (403, &[], "plain\n", "(403): plain\n"),
            (502, &kind, " \n", "(502): Bad Gateway"),
            (503, &[], "\n<html>x", "(503): Service Unavailable"),
            (503, &[], "<HTML>", "(503): <HTML>"),
            (509, &[], "", "(509): "),
            (999, &[], "{}", "(999): "),
        ] {
            assert_eq!(text(status, headers, body), expected, "{status} {headers:?} {body}");
        }
    }

    #[test]
    fn shapes_on_which_v1_stumbles() {
        for body in ["[]", "\"x\"", "null", "5", r#"{"__type":5}"#, r#"{"code":[]}"#, "\u{1}\u{0}"] {
            assert_eq!(text(400, &[], body).starts_with('\n'), body != "\u{1}\u{0}", "{body}");
        }
    }
}
