//! What was typed -> the members of the request: every spelling of a value that v1 takes.
//!
//! | file | takes, gives |
//! |---|---|
//! | `model` | the shapes of `StartCopyJob` as a table |
//! | `paramfile`, `url` | `file://..`, `fileb://..`, `http://..` -> what it points to |
//! | `shorthand`, `coerce` | `DeleteAfterDays=5` -> mapping of texts -> integers and booleans |
//! | `merge` | members of the options + `--cli-input-json` -> all members |
//! | `validate` | members -> v1's report of what is wrong with them |
//! | `request` | members -> the types of the SDK's input |
//! | `skeleton` | what `--generate-cli-skeleton` shows |
//!
//! The order in which v1 notices problems (ORD-03, ORD-04) is the caller's: [`load`], [`Loaded::merge`],
//! [`validate()`], [`serializable`].

mod coerce;
mod merge;
pub mod model;
mod paramfile;
mod request;
mod shorthand;
pub mod skeleton;
mod url;
mod validate;

pub use request::{IdempotencyToken, boolean, long, serializable, string};
pub use url::{Fetch, Fetched};
pub use validate::validate;

use crate::cli::{self, StartCopyJob};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::python::{Dict, JsonError, Value, json, text};
use shorthand::ShorthandError;

/// What values are loaded with.
pub struct Loader<'a> {
    /// Home directory and variables of file names.
    pub host: &'a Host,
    /// True unless `cli_follow_urlparam` is set to something else than `true` (VAL-11).
    pub follow_urls: bool,
    /// The answer to a plain GET, or why there is none in v1's words (VAL-10).
    pub fetch: url::Fetch<'a>,
    /// Called for each value that came from a file or a URL; under `--v2-debug` v1 has something to say (ARG-37).
    pub on_paramfile: &'a dyn Fn(),
}

/// The members that options gave, and what is still to be read.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// By API name, in the order of the options.
    members: Dict,
    /// `--cli-input-json` as typed.
    input_json: Option<String>,
}

/// Loads and reads each option in v1's order; of `--cli-input-json` only the source is opened.
///
/// # Errors
/// `Failure` in v1's words; the first option that fails counts.
///
/// v1: `ServiceOperation._build_call_parameters`. Parity: ORD-03, VAL-01 to VAL-43, VAL-60.
pub fn load(options: &StartCopyJob, loader: &Loader) -> Result<Loaded, Error> {
    let typed = [
        &options.recovery_point_arn,
        &options.source_backup_vault_name,
        &options.destination_backup_vault_arn,
        &options.iam_role_arn,
        &options.idempotency_token,
        &options.lifecycle,
    ];
    let mut members = Dict::default();
    for ((typed, option), member) in typed.into_iter().zip(OPTIONS).zip(model::INPUT) {
        let Some(typed) = typed else { continue };
        let value = value(typed, option, loader)?;
        let value = match (member.shape, value) {
            (_, list @ Value::List(_)) => list, // for `validate` or the serializer to find
            (model::Shape::Structure(shape), value) => structure(&value, shape, option, loader)?,
            (_, value) => value,
        };
        members.insert(member.name, value);
    }
    if let Some(typed) = &options.cli_input_json {
        value(typed, "--cli-input-json", loader)?;
    }
    Ok(Loaded { members, input_json: options.cli_input_json.clone() })
}

/// The options by which messages name the members of [`model::INPUT`].
const OPTIONS: [&str; 6] = [
    "--recovery-point-arn",
    "--source-backup-vault-name",
    "--destination-backup-vault-arn",
    "--iam-role-arn",
    "--idempotency-token",
    "--lifecycle",
];

/// What was typed, or what it points to.
fn value(typed: &str, option: &str, loader: &Loader) -> Result<Value, Error> {
    let content =
        paramfile::load(typed, loader).map_err(|error| error.reworded(|reason| framed(option, reason)))?;
    if content.is_some() {
        (loader.on_paramfile)();
    }
    Ok(content.unwrap_or_else(|| cli::held(typed)))
}

/// A structure that is spelled as JSON (it begins with a brace) or as shorthand (all else but a bracket).
///
/// v1: `ParamShorthandParser`, `unpack_cli_arg`. Parity: VAL-08, VAL-33, VAL-34.
fn structure(value: &Value, shape: &[model::Member], option: &str, loader: &Loader) -> Result<Value, Error> {
    let Some(spelled) = value.as_str() else {
        return Err(parameter_error(
            option,
            "the content of a fileb:// file is no text; use the file:// prefix",
        ));
    };
    let stripped = text::strip(spelled);
    if stripped.starts_with('{') {
        return json::decode_ordered(spelled).map_err(|error| json_error(option, &error, spelled));
    }
    if stripped.starts_with('[') {
        return Err(parameter_error(option, &format!("Invalid JSON:\n{spelled}")));
    }
    let parsed = shorthand::parse(spelled, &|word| paramfile::local(word, loader.host));
    let mut members = parsed.map_err(|error| match error {
        ShorthandError::Syntax(message) => parameter_error(option, &message),
        ShorthandError::Failed(error) => Error::Failure(error),
    })?;
    coerce::structure(&mut members, shape)?;
    Ok(Value::Dict(members))
}

/// A value that cannot be read, in v1's frame.
///
/// v1: `ParamError`.
fn parameter_error(option: &str, message: &str) -> Error {
    failure!("{}", framed(option, message))
}

/// `message` with the option that it is about.
fn framed(option: &str, message: &str) -> String {
    format!("Error parsing parameter '{option}': {message}")
}

/// JSON that cannot be read; nested too deep, v1 names neither the option nor the text.
///
/// Parity: VAL-35, VAL-42, VAL-53.
fn json_error(option: &str, error: &JsonError, received: &str) -> Error {
    match error {
        JsonError::Invalid(what) => {
            parameter_error(option, &format!("Invalid JSON: {what}\nJSON received: {received}"))
        }
        JsonError::TooDeep(what) => failure!("{what}"),
    }
}
