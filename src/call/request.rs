//! The members of a call -> its request: the SDK's input, built member by member, through the SDK's serializer.
//!
//! This is the only code that an operation has for itself.

use std::fmt::{Debug, Write};

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
use crate::model::{DESCRIBE_COPY_JOB, Member, Operation, START_COPY_JOB};
use crate::params::{self, IdempotencyToken};
use crate::python::stdio::Encoding;
use crate::python::{Dict, Value, text};

/// A call to the service before it is signed; the same in every attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServiceRequest {
    /// Name of the operation in v1's messages.
    pub operation: &'static str,
    /// The members of its response.
    pub(crate) output: &'static [Member],
    /// `PUT` or `GET`.
    pub(super) method: String,
    /// Path below the endpoint's, encoded once.
    pub(super) path: String,
    /// `None` where there is no body.
    pub(super) content_type: Option<String>,
    /// The JSON; empty where there is no body.
    pub(super) body: Vec<u8>,
    /// Whether the service does the same once when it gets the request twice.
    pub(super) is_repeatable: bool,
}

impl ServiceRequest {
    /// Checks that `members` can be spelled as a request of `operation`, which is not sent.
    /// Errors: those of [`params::serializable`], and of an id that no path can hold.
    /// Parity: VAL-61, DESC-23, DESC-36.
    pub(crate) fn check(operation: &Operation, members: &Dict) -> Result<(), Error> {
        params::serializable(members, operation.input)?;
        let id = params::string(members, "CopyJobId").ok().flatten().unwrap_or_default();
        if operation.name == DESCRIBE_COPY_JOB.name { path_text(&id).map(drop) } else { Ok(()) }
    }

    /// Returns the request that starts a copy job. The idempotency token is fixed here, before the first attempt.
    /// Errors: those of [`params::serializable`], and `Failure` for values that v1 would send but the SDK's types
    /// cannot hold (deviation D7).
    /// v1: `RestJSONSerializer.serialize_to_request`. Parity: VAL-50, WIRE-05, WIRE-06.
    pub(crate) fn start_copy_job(members: &Dict, host: &Host) -> Result<Self, Error> {
        params::serializable(members, START_COPY_JOB.input)?;
        let token = match IdempotencyToken::of(members)? {
            IdempotencyToken::Generated => Some(host.new_token()),
            IdempotencyToken::Provided(token) => Some(token),
            IdempotencyToken::Omitted => None,
        };
        let is_repeatable = token.is_some();
        let input = StartCopyJobInput::builder()
            .set_recovery_point_arn(params::string(members, "RecoveryPointArn")?)
            .set_source_backup_vault_name(params::string(members, "SourceBackupVaultName")?)
            .set_destination_backup_vault_arn(params::string(members, "DestinationBackupVaultArn")?)
            .set_iam_role_arn(params::string(members, "IamRoleArn")?)
            .set_idempotency_token(token)
            .set_lifecycle(lifecycle(members)?)
            .build();
        let input = input.map_err(|error| failure!("{error}"))?;
        let request = Self::new(&StartCopyJob::new(), input, START_COPY_JOB.output)?;
        Ok(Self { is_repeatable, ..request })
    }

    /// Returns the request that describes a copy job.
    /// Errors: `Failure` in Python's words for an id with a lone surrogate, in ours for one that is absent or no text
    /// (deviation D7), in the SDK's for an empty one.
    /// v1: `RestJSONSerializer._render_uri_template`. Rows: DESC-22, DESC-28, DESC-30.
    pub(crate) fn describe_copy_job(members: &Dict) -> Result<Self, Error> {
        params::serializable(members, DESCRIBE_COPY_JOB.input)?;
        let id = params::string(members, "CopyJobId")?.unwrap_or_default();
        let id = path_text(&id)?;
        let input = DescribeCopyJobInput::builder().copy_job_id(id).build();
        let input = input.map_err(|error| failure!("{error}"))?;
        Self::new(&DescribeCopyJob::new(), input, DESCRIBE_COPY_JOB.output)
    }

    /// Returns what the SDK's serializer of `operation` makes of `input`. The serializer can spell no lone surrogate:
    /// it passes the characters that stand for them (see [`crate::python::text`]), and v1's spelling replaces them.
    fn new<O: RuntimePlugin>(
        operation: &O,
        input: impl Debug + Send + Sync + 'static,
        output: &'static [Member],
    ) -> Result<Self, Error> {
        let request = serialize(operation, input)?;
        let body = request.body().bytes().unwrap_or_default();
        let body = std::str::from_utf8(body).map_err(|error| failure!("{error}"))?;
        Ok(Self {
            operation: operation_name::<O>(),
            output,
            method: request.method().to_owned(),
            path: request.uri().to_owned(),
            content_type: request.headers().get("content-type").map(str::to_owned),
            body: with_surrogates_spelled(body).into_bytes(),
            is_repeatable: true,
        })
    }
}

/// Returns `json` with an escape in the place of each character that stands for a surrogate.
/// v1: `json.dumps`. Parity: WIRE-06, `wire/token-private-json`.
fn with_surrogates_spelled(json: &str) -> String {
    if !text::may_hold_surrogates(json) {
        return json.to_owned();
    }
    let mut spelled = String::with_capacity(json.len());
    for letter in json.chars() {
        match text::surrogate(letter) {
            None => spelled.push(letter),
            Some(code) => _ = write!(spelled, "\\u{code:04x}"),
        }
    }
    spelled
}

/// Returns `text` as a path holds it before it is encoded.
/// Errors: `Failure` in the codec's words for a lone surrogate.
/// Parity: DESC-22.
fn path_text(text: &str) -> Result<String, Error> {
    let bytes = Encoding::STRICT.encode(text).map_err(|error| failure!("{error}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns the name of an operation's type, which is v1's name of the operation.
fn operation_name<O>() -> &'static str {
    std::any::type_name::<O>().rsplit("::").next().unwrap_or_default()
}

/// Returns the request that the SDK makes of `input`: method, path, content type and body.
/// Errors: `Failure` where the SDK no longer keeps the serializer in the operation's configuration.
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
    request.map_err(|error| failure!("{}", error_chain(error.as_ref())))
}

/// Returns `error` and what caused it, in one line.
fn error_chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Returns the member `Lifecycle`; sent as `{}` when none of its members is there.
fn lifecycle(members: &Dict) -> Result<Option<Lifecycle>, Error> {
    let Some(Value::Dict(members)) = members.get("Lifecycle") else { return Ok(None) };
    let event = params::string(members, "Lifecycle.DeleteAfterEvent")?;
    let lifecycle = Lifecycle::builder()
        .set_move_to_cold_storage_after_days(params::long(members, "Lifecycle.MoveToColdStorageAfterDays")?)
        .set_delete_after_days(params::long(members, "Lifecycle.DeleteAfterDays")?)
        .set_opt_in_to_archive_for_supported_resources(params::boolean(
            members,
            "Lifecycle.OptInToArchiveForSupportedResources",
        )?)
        .set_delete_after_event(event.as_deref().map(LifecycleDeleteAfterEvent::from))
        .build();
    Ok(Some(lifecycle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json;

    /// Returns the members that a JSON document holds.
    fn members(document: &str) -> Dict {
        let Ok(Value::Dict(members)) = json::decode(document) else { panic!("{document}") };
        members
    }

    #[test]
    fn the_sdk_keeps_serializer_path_and_body_where_they_are_expected() {
        let host = Host::fake(&[]);
        let moved = "the SDK has moved its serializer or spells requests anew: see call::request";
        let start =
            ServiceRequest::start_copy_job(&members(r#"{"IdempotencyToken": null, "Lifecycle": {}}"#), &host);
        let start = start.expect(moved);
        assert_eq!((start.method.as_str(), start.path.as_str()), ("PUT", "/copy-jobs"), "{moved}");
        assert_eq!(start.content_type.as_deref(), Some("application/json"), "{moved}");
        assert_eq!(String::from_utf8_lossy(&start.body), r#"{"Lifecycle":{}}"#, "{moved}");
        assert_eq!(start.operation, "StartCopyJob", "{moved}");
        let describe = ServiceRequest::describe_copy_job(&members(r#"{"CopyJobId": "J"}"#)).expect(moved);
        assert_eq!((describe.method.as_str(), describe.path.as_str()), ("GET", "/copy-jobs/J"), "{moved}");
        assert_eq!((describe.content_type, describe.body.len()), (None, 0), "{moved}");
        assert_eq!(describe.operation, "DescribeCopyJob", "{moved}");
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
            let request =
                ServiceRequest::describe_copy_job(&members(&format!("{{\"CopyJobId\": \"{id}\"}}")));
            assert_eq!(request.unwrap().path, format!("/copy-jobs/{expected}"), "{id}");
        }
    }

    #[test]
    fn ids_that_no_path_can_hold() {
        let lone = r"'utf-8' codec can't encode character '\ud800' in position 1: surrogates not allowed";
        for (document, expected) in [
            (r#"{"CopyJobId": "a\ud800"}"#, lone),
            (r#"{"CopyJobId": 5}"#, "Parameter CopyJobId cannot be sent, it is not a text: 5"),
        ] {
            let error = ServiceRequest::describe_copy_job(&members(document)).unwrap_err();
            assert_eq!(error.text().trim(), expected, "{document}");
        }
        assert!(ServiceRequest::describe_copy_job(&members(r#"{"CopyJobId": ""}"#)).is_err());
    }

    #[test]
    fn one_token_and_each_surrogate_spelled_out() {
        let host = Host::fake(&[]);
        for (document, expected) in [
            (r#"{"IdempotencyToken": null}"#, "{}"),
            (r#"{"IdempotencyToken": ""}"#, r#"{"IdempotencyToken":""}"#),
            (r#"{"IdempotencyToken": "\ud800x"}"#, r#"{"IdempotencyToken":"\ud800x"}"#),
            (r#"{"IdempotencyToken": "\udbf6\udc00x"}"#, r#"{"IdempotencyToken":"\udbf6\udc00x"}"#),
            (r#"{"IamRoleArn": "\udcff", "IdempotencyToken": null}"#, r#"{"IamRoleArn":"\udcff"}"#),
        ] {
            let request = ServiceRequest::start_copy_job(&members(document), &host).unwrap();
            assert_eq!(String::from_utf8_lossy(&request.body), expected, "{document}");
        }
    }
}
