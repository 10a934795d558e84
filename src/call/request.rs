//! The members of a call -> its request: the SDK's input, built member by member, through the SDK's serializer.
//!
//! This is the only code that an operation has for itself. Mirrors the serializer of `botocore/serialize.py`, which
//! only runs into trouble where nothing was validated.

use std::fmt::Debug;

use anyhow::anyhow;
use aws_sdk_backup::operation::describe_copy_job::{DescribeCopyJob, DescribeCopyJobInput};
use aws_sdk_backup::operation::start_copy_job::{StartCopyJob, StartCopyJobInput};
use aws_sdk_backup::types::{Lifecycle, LifecycleDeleteAfterEvent};
use aws_smithy_runtime_api::client::interceptors::context::Input;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{SerializeRequest, SharedRequestSerializer};
use aws_smithy_types::config_bag::ConfigBag;

use crate::error::{Error, failure};
use crate::host::Host;
use crate::model::{self, Member, Operation, START_COPY_JOB, Shape};
use crate::params;
use crate::python::stdio::Encoding;
use crate::python::{Dict, Value, repr, text};

/// The member by which the service knows a repeated request.
const TOKEN: &str = "IdempotencyToken";

/// A call to the service before it is signed; the same in every attempt.
#[derive(Debug)]
pub(crate) struct ServiceRequest {
    pub(crate) operation: &'static Operation,
    /// Method, path below the endpoint's (encoded once), content type and body.
    pub(super) http: HttpRequest,
    /// Whether the service does the same once when it gets the request twice.
    pub(super) is_repeatable: bool,
}

impl ServiceRequest {
    /// Returns the members that are sent: those that are not null.
    /// Errors: `Failure` where v1 cannot spell them, which happens only without validation: the first unknown name or
    /// lifecycle that is no mapping, else bytes anywhere; an id that no path can hold.
    /// v1: `RestJSONSerializer.serialize_to_request`. Parity: VAL-50, VAL-61, DESC-23.
    pub(crate) fn members(operation: &Operation, mut members: Dict) -> Result<Dict, Error> {
        members.members.retain(|_, value| *value != Value::None);
        check_names("input", &members, operation.input)?;
        for (name, value) in &members.members {
            match (model::member(operation.input, name).map(|member| member.shape), value) {
                (Some(Shape::Structure(shape)), Value::Dict(inner)) => check_names(name, inner, shape)?,
                (Some(Shape::Structure(_)), _) => return Err(unsendable(name, value, "it is not a mapping")),
                _ => {}
            }
        }
        if members.members.values().any(has_bytes) {
            return Err(failure!("Object of type bytes is not JSON serializable"));
        }
        path_text(members.get("CopyJobId").and_then(Value::as_str).unwrap_or_default())?;
        Ok(members)
    }

    /// Returns the request of a call of `operation`. The idempotency token is fixed here, before the first attempt: the
    /// user's, none for `null`, else a fresh one.
    /// Errors: those of [`ServiceRequest::members`]; `Failure` for values that v1 sends and the SDK's types cannot hold
    /// (D7), and for an empty id, with which v1 lists the jobs instead and prints nothing (D19).
    /// v1: `RestJSONSerializer.serialize_to_request`. Parity: VAL-50, WIRE-05, DESC-22.
    pub(crate) fn new(operation: &'static Operation, mut members: Dict, host: &Host) -> Result<Self, Error> {
        let starts_job = operation.name == START_COPY_JOB.name;
        if starts_job && members.get(TOKEN).is_none() {
            members.insert(TOKEN, host.new_token().into());
        }
        let members = Self::members(operation, members)?;
        let http = if starts_job {
            serialize(&StartCopyJob::new(), start_copy_job(&members)?)?
        } else {
            serialize(&DescribeCopyJob::new(), describe_copy_job(&members)?)?
        };
        Ok(Self { operation, http, is_repeatable: !starts_job || members.get(TOKEN).is_some() })
    }
}

fn start_copy_job(members: &Dict) -> Result<StartCopyJobInput, Error> {
    let input = StartCopyJobInput::builder()
        .set_recovery_point_arn(typed(members, "RecoveryPointArn", string)?)
        .set_source_backup_vault_name(typed(members, "SourceBackupVaultName", string)?)
        .set_destination_backup_vault_arn(typed(members, "DestinationBackupVaultArn", string)?)
        .set_iam_role_arn(typed(members, "IamRoleArn", string)?)
        .set_idempotency_token(typed(members, TOKEN, string)?)
        .set_lifecycle(lifecycle(members)?);
    Ok(input.build().map_err(anyhow::Error::from)?)
}

fn describe_copy_job(members: &Dict) -> Result<DescribeCopyJobInput, Error> {
    let id = typed(members, "CopyJobId", string)?;
    if id.as_deref() == Some("") {
        return Err(failure!(
            "Parameter validation failed:\nInvalid length for parameter CopyJobId, value: 0, valid min length: 1"
        ));
    }
    let id = path_text(&id.unwrap_or_default())?;
    Ok(DescribeCopyJobInput::builder().copy_job_id(id).build().map_err(anyhow::Error::from)?)
}

/// Returns the member `Lifecycle`; sent as `{}` when none of its members is there.
fn lifecycle(members: &Dict) -> Result<Option<Lifecycle>, Error> {
    let Some(Value::Dict(members)) = members.get("Lifecycle") else { return Ok(None) };
    let event = typed(members, "Lifecycle.DeleteAfterEvent", string)?;
    let lifecycle = Lifecycle::builder()
        .set_move_to_cold_storage_after_days(typed(members, "Lifecycle.MoveToColdStorageAfterDays", long)?)
        .set_delete_after_days(typed(members, "Lifecycle.DeleteAfterDays", long)?)
        .set_opt_in_to_archive_for_supported_resources(typed(
            members,
            "Lifecycle.OptInToArchiveForSupportedResources",
            boolean,
        )?)
        .set_delete_after_event(event.as_deref().map(LifecycleDeleteAfterEvent::from));
    Ok(Some(lifecycle.build()))
}

fn string(value: &Value) -> Result<String, &'static str> {
    value.as_str().map(str::to_owned).ok_or("it is not a text")
}

fn long(value: &Value) -> Result<i64, &'static str> {
    match value {
        Value::Int(number) => i64::try_from(number).map_err(|_| "it takes more than 64 bits"),
        _ => Err("it is not an integer"),
    }
}

fn boolean(value: &Value) -> Result<bool, &'static str> {
    if let Value::Bool(truth) = value { Ok(*truth) } else { Err("it is neither true nor false") }
}

/// Returns what `read` makes of the member at `path` (`Lifecycle.DeleteAfterEvent`), whose structure is `members`.
/// Errors: `Failure` with the reason for which the SDK's types cannot hold it (D7).
fn typed<T>(
    members: &Dict,
    path: &str,
    read: impl Fn(&Value) -> Result<T, &'static str>,
) -> Result<Option<T>, Error> {
    let value = members.get(path.rsplit('.').next().unwrap_or_default());
    value.map(|value| read(value).map_err(|why| unsendable(path, value, why))).transpose()
}

/// Returns the error for a value that v1 sends and the SDK's types cannot hold.
fn unsendable(path: &str, value: &Value, why: &str) -> Error {
    failure!("Parameter {path} cannot be sent, {why}: {}", repr::repr(value))
}

/// Checks that the structure at `place` has all names that are `given`; v1 shows only the first that it has not.
fn check_names(place: &str, given: &Dict, shape: &[Member]) -> Result<(), Error> {
    params::unknown_names(place, given, shape).next().map_or(Ok(()), |problem| Err(failure!("{problem}")))
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

/// Returns `text` as a path holds it before it is encoded.
/// Errors: `Failure` in the codec's words for a lone surrogate.
/// Parity: DESC-22.
fn path_text(text: &str) -> Result<String, Error> {
    let bytes = Encoding::STRICT.encode(text).map_err(|error| failure!("{error}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns the request that the SDK's serializer of `operation` makes of `input`. It cannot spell lone surrogates: it
/// passes the characters that stand for them (see [`crate::python::text`]), which v1's escapes replace.
/// Errors: `Failure` where the SDK no longer keeps the serializer in the operation's configuration.
/// v1: `json.dumps`. Parity: WIRE-06, `wire/token-private-json`.
fn serialize(
    operation: &impl RuntimePlugin,
    input: impl Debug + Send + Sync + 'static,
) -> Result<HttpRequest, Error> {
    let layer = operation.config();
    let serializer = layer.as_ref().and_then(|layer| layer.load::<SharedRequestSerializer>());
    let serializer = serializer.ok_or_else(|| {
        failure!("the SDK's operation has no SharedRequestSerializer in its configuration; see call::request")
    })?;
    let request = serializer.serialize_input(Input::erase(input), &mut ConfigBag::base());
    let mut request = request.map_err(|error| failure!("{:#}", anyhow!(error)))?;
    let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default());
    if text::may_hold_surrogates(&body) {
        let spelled = |letter| match text::surrogate(letter) {
            None => String::from(letter),
            Some(code) => format!("\\u{code:04x}"),
        };
        let body: String = body.chars().map(spelled).collect();
        *request.body_mut() = body.into();
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DESCRIBE_COPY_JOB;
    use crate::python::json;

    /// Returns the request of `operation` with the members that a JSON document holds.
    fn request(operation: &'static Operation, document: &str) -> Result<ServiceRequest, Error> {
        let Ok(Value::Dict(members)) = json::decode(document) else { panic!("{document}") };
        ServiceRequest::new(operation, members, &Host::fake(&[]))
    }

    /// Returns its body.
    fn body(request: &ServiceRequest) -> String {
        String::from_utf8_lossy(request.http.body().bytes().unwrap_or_default()).into_owned()
    }

    #[test]
    fn the_sdk_keeps_serializer_path_and_body_where_they_are_expected() {
        let moved = "the SDK has moved its serializer or spells requests anew: see call::request";
        let start = r#"{"IdempotencyToken": null, "Lifecycle": {}}"#;
        for (operation, document, expected) in [
            (&START_COPY_JOB, start, ("PUT", "/copy-jobs", Some("application/json"), r#"{"Lifecycle":{}}"#)),
            (&DESCRIBE_COPY_JOB, r#"{"CopyJobId": "J"}"#, ("GET", "/copy-jobs/J", None, "")),
        ] {
            let request = request(operation, document).expect(moved);
            let (http, body) = (&request.http, body(&request));
            let content_type = http.headers().get("content-type");
            assert_eq!((http.method(), http.uri(), content_type, body.as_str()), expected, "{moved}");
        }
    }

    #[test]
    fn ids_are_encoded_once() {
        let unreserved = "azAZ09-._~";
        for (id, expected) in [
            (unreserved, unreserved),
            ("a/b +%2F", "a%2Fb%20%2B%252F"),
            ("é😀", "%C3%A9%F0%9F%98%80"),
            ("\\udbf6\\udc00", "%F4%8D%A0%80"),
            ("\\t\\n\\u0000\\u007f", "%09%0A%00%7F"),
            (":@*'!(){x}\\\"", "%3A%40%2A%27%21%28%29%7Bx%7D%22"),
            ("#?&=;,$[]^`|<>\\\\", "%23%3F%26%3D%3B%2C%24%5B%5D%5E%60%7C%3C%3E%5C"),
            (".", "."),
            ("..", ".."),
        ] {
            let request = request(&DESCRIBE_COPY_JOB, &format!("{{\"CopyJobId\": \"{id}\"}}"));
            assert_eq!(request.unwrap().http.uri(), format!("/copy-jobs/{expected}"), "{id}");
        }
    }

    #[test]
    fn ids_that_no_path_can_hold() {
        let lone = r"'utf-8' codec can't encode character '\ud800' in position 1: surrogates not allowed";
        for (document, expected) in [
            (r#"{"CopyJobId": "a\ud800"}"#, lone),
            (r#"{"CopyJobId": 5}"#, "Parameter CopyJobId cannot be sent, it is not a text: 5"),
        ] {
            let error = request(&DESCRIBE_COPY_JOB, document).unwrap_err();
            assert_eq!(error.text().trim(), expected, "{document}");
        }
        assert!(request(&DESCRIBE_COPY_JOB, r#"{"CopyJobId": ""}"#).is_err());
    }

    #[test]
    fn one_token_and_each_surrogate_spelled_out() {
        for (document, expected) in [
            (r#"{"IdempotencyToken": null}"#, "{}"),
            (r#"{"IdempotencyToken": ""}"#, r#"{"IdempotencyToken":""}"#),
            (r#"{"IdempotencyToken": "\ud800x"}"#, r#"{"IdempotencyToken":"\ud800x"}"#),
            (r#"{"IdempotencyToken": "\udbf6\udc00x"}"#, r#"{"IdempotencyToken":"\udbf6\udc00x"}"#),
            (r#"{"IamRoleArn": "\udcff", "IdempotencyToken": null}"#, r#"{"IamRoleArn":"\udcff"}"#),
        ] {
            assert_eq!(body(&request(&START_COPY_JOB, document).unwrap()), expected, "{document}");
        }
    }
}
