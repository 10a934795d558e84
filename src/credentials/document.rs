//! The credentials in documents of services and files.

use super::expiry::Expiry;
use super::provider::{Credentials, ExpiringCredentials};
use crate::error::{Error, failure};
use crate::http::members::no_object;
use crate::python::{Dict, Value};

/// Returns the members of an object, which the thing called `name` is to be.
/// Errors: it is none, over which v1 stumbles in various words (D1).
pub(super) fn object<'v>(value: &'v Value, name: &str) -> Result<&'v Dict, Error> {
    match value {
        Value::Dict(members) => Ok(members),
        other => Err(no_object(name, other)),
    }
}

pub(super) fn structure<'v>(members: &'v Dict, name: &str) -> Result<&'v Dict, Error> {
    object(member(members, name)?, &format!("member {name}"))
}

/// Returns the member `name`.
/// Errors: its quoted name where it is missing, which is all that v1 says.
pub(super) fn member<'v>(members: &'v Dict, name: &str) -> Result<&'v Value, Error> {
    members.get(name).ok_or_else(|| failure!("'{name}'"))
}

/// Returns the credentials in `members` under the names of id, secret, token and expiry.
/// Errors: the quoted name of the member that is missing; keys that are no text; an expiry that is no date.
/// Parity: CRED-27, CRED-80, CRED-93.
pub(super) fn credentials(members: &Dict, names: [&str; 4]) -> Result<ExpiringCredentials, Error> {
    let [id, secret, token, end] = names.map(|name| member(members, name));
    let credentials = Credentials::from_values(id?, secret?, Some(token?))?;
    Ok((credentials, Expiry::read(end?)?))
}
