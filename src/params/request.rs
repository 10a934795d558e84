//! The members of a request in the types that the SDK's input can hold.
//!
//! Mirrors the serializer of `botocore/serialize.py`, which only runs into trouble where nothing was validated.

use crate::error::{Error, failure};
use crate::model::{self, Member, Shape};
use crate::python::{Dict, Value, repr};

/// By what the service knows a repeated request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum IdempotencyToken {
    /// None was given: a fresh one is made, the same for every attempt (WIRE-04).
    Generated,
    /// The user's; may be empty (VAL-56).
    Provided(String),
    /// None is sent: the user gave `null` with validation off (VAL-50).
    Omitted,
}

impl IdempotencyToken {
    /// Returns the token that `members` ask for.
    /// Errors: `Failure` for a token that is no text (deviation D7).
    pub(crate) fn of(members: &Dict) -> Result<Self, Error> {
        match members.get("IdempotencyToken") {
            None => Ok(Self::Generated),
            Some(Value::None) => Ok(Self::Omitted),
            Some(value) => text("IdempotencyToken", value).map(Self::Provided),
        }
    }
}

/// Checks that v1 can spell `members` as a request; only where nothing was validated it cannot.
/// Errors: `Failure` for the first unknown name or lifecycle that is no mapping, else for bytes anywhere.
/// v1: `RestJSONSerializer.serialize_to_request`. Parity: VAL-50, VAL-61.
pub(crate) fn serializable(members: &Dict, input: &[Member]) -> Result<(), Error> {
    let given = || members.members.iter().filter(|(_, value)| **value != Value::None);
    known("input", given().map(|(name, _)| name), input)?;
    for (name, value) in given() {
        match (model::member(input, name).map(|member| member.shape), value) {
            (Some(Shape::Structure(shape)), Value::Dict(inner)) => known(name, inner.members.keys(), shape)?,
            (Some(Shape::Structure(_)), value) => {
                return Err(unsupported_value(name, value, "it is not a mapping"));
            }
            _ => {}
        }
    }
    if given().any(|(_, value)| has_bytes(value)) {
        return Err(failure!("Object of type bytes is not JSON serializable"));
    }
    Ok(())
}

/// Checks that the structure at `place` has all of `names`.
fn known<'n>(
    place: &str,
    mut names: impl Iterator<Item = &'n String>,
    shape: &[Member],
) -> Result<(), Error> {
    match names.find(|name| model::member(shape, name).is_none()) {
        Some(name) => Err(unknown(place, name, shape)),
        None => Ok(()),
    }
}

/// Returns the error for a member that the service description does not have; v1 shows its name alone.
fn unknown(place: &str, name: &str, members: &[Member]) -> Error {
    failure!("Unknown parameter in {place}: \"{name}\", must be one of: {}", model::names(members))
}

/// Returns true where bytes stand in `value`, or in what it holds.
fn has_bytes(value: &Value) -> bool {
    match value {
        Value::Bytes(_) => true,
        Value::List(items) => items.iter().any(has_bytes),
        Value::Dict(dict) => dict.members.values().any(has_bytes),
        _ => false,
    }
}

/// Returns the text of the member at `path` (`Lifecycle.DeleteAfterEvent`) of `members`, the innermost structure;
/// `None` where it is not sent.
/// Errors: `Failure` for anything but a text (deviation D7).
pub(crate) fn string(members: &Dict, path: &str) -> Result<Option<String>, Error> {
    given(members, path).map(|value| text(path, value)).transpose()
}

/// Returns the integer of the member at `path`, as [`string`] does.
/// Errors: `Failure` for anything but an integer of 64 bits (deviation D7).
pub(crate) fn long(members: &Dict, path: &str) -> Result<Option<i64>, Error> {
    let number = |value: &Value| match value {
        Value::Int(number) => {
            i64::try_from(number).map_err(|_| unsupported_value(path, value, "it takes more than 64 bits"))
        }
        _ => Err(unsupported_value(path, value, "it is not an integer")),
    };
    given(members, path).map(number).transpose()
}

/// Returns the boolean of the member at `path`, as [`string`] does.
/// Errors: `Failure` for anything but a boolean (deviation D7).
pub(crate) fn boolean(members: &Dict, path: &str) -> Result<Option<bool>, Error> {
    let truth = |value: &Value| match value {
        Value::Bool(truth) => Ok(*truth),
        _ => Err(unsupported_value(path, value, "it is neither true nor false")),
    };
    given(members, path).map(truth).transpose()
}

/// Returns the value of the last name of `path`; of the input's own members v1 does not send those that are null.
/// v1: `RestJSONSerializer.serialize_to_request`. Parity: VAL-50.
fn given<'m>(members: &'m Dict, path: &str) -> Option<&'m Value> {
    match path.rsplit_once('.') {
        None => members.get(path).filter(|value| **value != Value::None),
        Some((_, name)) => members.get(name),
    }
}

/// Returns the text that `value` is.
fn text(path: &str, value: &Value) -> Result<String, Error> {
    let Some(text) = value.as_str() else { return Err(unsupported_value(path, value, "it is not a text")) };
    Ok(text.to_owned())
}

/// Returns the error for a value that v1 sends and the SDK's types cannot hold.
fn unsupported_value(path: &str, value: &Value, why: &str) -> Error {
    failure!("Parameter {path} cannot be sent, {why}: {}", repr::repr(value))
}
