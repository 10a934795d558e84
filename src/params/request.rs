//! Members -> [`Call`]: what is asked, plain and typed, in the types that the service's client can hold.
//!
//! Mirrors the serializer of `botocore/serialize.py`, which only runs into trouble where nothing was validated.

use num_bigint::BigInt;

use super::model::{self, Shape};
use crate::error::{Error, failure};
use crate::python::{Dict, Value, repr};

/// What is asked; `None` where a member is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// `RecoveryPointArn`
    pub recovery_point_arn: Option<String>,
    /// `SourceBackupVaultName`
    pub source_backup_vault_name: Option<String>,
    /// `DestinationBackupVaultArn`
    pub destination_backup_vault_arn: Option<String>,
    /// `IamRoleArn`
    pub iam_role_arn: Option<String>,
    /// `IdempotencyToken`
    pub idempotency_token: Token,
    /// `Lifecycle`; sent as `{}` when none of its members is there.
    pub lifecycle: Option<Lifecycle>,
}

/// By what the service knows a repeated request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Token {
    /// None was given: a fresh one is made, the same for every attempt (WIRE-04).
    #[default]
    Fresh,
    /// The user's; may be empty (VAL-56).
    Given(String),
    /// None is sent: the user gave `null` with validation off (VAL-50).
    Unsent,
}

/// When the copy moves to cold storage and when it is deleted; `None` where a member is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// `MoveToColdStorageAfterDays`
    pub move_to_cold_storage_after_days: Option<i64>,
    /// `DeleteAfterDays`
    pub delete_after_days: Option<i64>,
    /// `OptInToArchiveForSupportedResources`
    pub opt_in_to_archive_for_supported_resources: Option<bool>,
    /// `DeleteAfterEvent`; any text, the service judges it (VAL-32).
    pub delete_after_event: Option<String>,
}

/// Nothing, when v1 can spell `members` as a request; only where nothing was validated it cannot.
///
/// # Errors
/// `Failure` for the first unknown name or lifecycle that is no mapping, else for bytes anywhere.
///
/// v1: `RestJSONSerializer.serialize_to_request`. Parity: VAL-50, VAL-61.
pub fn serializable(members: &Dict) -> Result<(), Error> {
    let given = || members.members.iter().filter(|(_, value)| **value != Value::None);
    known("input", given().map(|(name, _)| name), model::INPUT)?;
    for (name, value) in given() {
        match (model::member(model::INPUT, name).map(|member| member.shape), value) {
            (Some(Shape::Structure(shape)), Value::Dict(inner)) => known(name, inner.members.keys(), shape)?,
            (Some(Shape::Structure(_)), value) => return Err(unsendable(name, value, "it is not a mapping")),
            _ => {}
        }
    }
    if given().any(|(_, value)| has_bytes(value)) {
        return Err(failure!("Object of type bytes is not JSON serializable"));
    }
    Ok(())
}

/// Nothing, when the structure at `place` has all of `names`.
fn known<'n>(
    place: &str,
    mut names: impl Iterator<Item = &'n String>,
    shape: &[model::Member],
) -> Result<(), Error> {
    match names.find(|name| model::member(shape, name).is_none()) {
        Some(name) => Err(unknown(place, name, shape)),
        None => Ok(()),
    }
}

/// A member that the service description does not have; v1 shows its name alone.
fn unknown(place: &str, name: &str, members: &[model::Member]) -> Error {
    failure!("Unknown parameter in {place}: \"{name}\", must be one of: {}", model::names(members))
}

/// True where bytes stand in `value`, or in what it holds.
fn has_bytes(value: &Value) -> bool {
    match value {
        Value::Bytes(_) => true,
        Value::List(items) => items.iter().any(has_bytes),
        Value::Dict(dict) => dict.members.values().any(has_bytes),
        _ => false,
    }
}

impl Call {
    /// The members as a call.
    ///
    /// # Errors
    /// Those of [`serializable`], and `Failure` for values that v1 would send but the client cannot hold
    /// (deviation D7).
    ///
    /// v1: `RestJSONSerializer.serialize_to_request`. Parity: VAL-50, WIRE-05.
    pub fn new(members: &Dict) -> Result<Self, Error> {
        serializable(members)?;
        let mut call = Self::default();
        for (name, value) in &members.members {
            match (name.as_str(), value) {
                (_, Value::None) if name != "IdempotencyToken" => {}
                ("RecoveryPointArn", value) => call.recovery_point_arn = Some(string(name, value)?),
                ("SourceBackupVaultName", value) => {
                    call.source_backup_vault_name = Some(string(name, value)?);
                }
                ("DestinationBackupVaultArn", value) => {
                    call.destination_backup_vault_arn = Some(string(name, value)?);
                }
                ("IamRoleArn", value) => call.iam_role_arn = Some(string(name, value)?),
                ("IdempotencyToken", Value::None) => call.idempotency_token = Token::Unsent,
                ("IdempotencyToken", value) => call.idempotency_token = Token::Given(string(name, value)?),
                ("Lifecycle", Value::Dict(given)) => call.lifecycle = Some(Lifecycle::new(given)?),
                _ => {} // refused by `serializable`
            }
        }
        Ok(call)
    }
}

impl Lifecycle {
    /// The members of `Lifecycle`.
    fn new(members: &Dict) -> Result<Self, Error> {
        let mut lifecycle = Self::default();
        for (name, value) in &members.members {
            let path = format!("Lifecycle.{name}");
            match name.as_str() {
                "MoveToColdStorageAfterDays" => {
                    lifecycle.move_to_cold_storage_after_days = Some(long(&path, value)?);
                }
                "DeleteAfterDays" => lifecycle.delete_after_days = Some(long(&path, value)?),
                "OptInToArchiveForSupportedResources" => {
                    lifecycle.opt_in_to_archive_for_supported_resources = Some(boolean(&path, value)?);
                }
                "DeleteAfterEvent" => lifecycle.delete_after_event = Some(string(&path, value)?),
                _ => {} // refused by `serializable`
            }
        }
        Ok(lifecycle)
    }
}

/// The text of a member.
fn string(path: &str, value: &Value) -> Result<String, Error> {
    let Some(text) = value.as_str() else { return Err(unsendable(path, value, "it is not a text")) };
    Ok(text.to_owned())
}

/// The integer of a member.
fn long(path: &str, value: &Value) -> Result<i64, Error> {
    match value {
        Value::Int(number) => {
            within_64_bits(number).ok_or_else(|| unsendable(path, value, "it takes more than 64 bits"))
        }
        _ => Err(unsendable(path, value, "it is not an integer")),
    }
}

/// `number` where 64 bits can hold it.
fn within_64_bits(number: &BigInt) -> Option<i64> {
    i64::try_from(number).ok()
}

/// The boolean of a member.
fn boolean(path: &str, value: &Value) -> Result<bool, Error> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        _ => Err(unsendable(path, value, "it is neither true nor false")),
    }
}

/// A value that v1 sends and we cannot, and why.
fn unsendable(path: &str, value: &Value, why: &str) -> Error {
    failure!("Parameter {path} cannot be sent, {why}: {}", repr::repr(value))
}
