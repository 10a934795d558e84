//! Settings that only another `aws` can follow: a real v1, or a version 2.

use std::fs;

use super::config::Config;
use super::{client, settings};
use crate::cli::Globals;
use crate::host::{self, Host};
use crate::python::Value;

/// Returns true where the next `aws` on PATH does better than this one; `sends` is true for a command that needs a
/// region and an output format, which version 2 may find where v1 does not.
/// Parity: D12, D22: CFG-67, CFG-72.
pub(crate) fn requires_delegation(config: &Config<'_>, globals: &Globals, sends: bool) -> bool {
    let in_region_of_v2 = || {
        config.host.env_filled("AWS_REGION").is_some() && matches!(client::region(config, globals), Ok(None))
    };
    let in_format_of_v2 =
        || globals.output.is_none() && config.value(&settings::OUTPUT_IS_OF_V2).unwrap_or(false);
    only_v1_has(config) || sends && (in_region_of_v2() || in_format_of_v2())
}

/// Returns true for what only a real v1 has: plugins, a history, an alias that shadows `backup`, older versions of the
/// API, other signatures, monitoring, models of the user's own.
/// Parity: CFG-68, CFG-70, CFG-71.
fn only_v1_has(config: &Config<'_>) -> bool {
    let profile = config.selected_profile().unwrap_or_default();
    let signature = match profile.get("backup") {
        Some(Value::Dict(block)) => block.get("signature_version").and_then(Value::as_str),
        _ => None,
    };
    let api_versions = match profile.get("api_versions") {
        Some(Value::Dict(versions)) => {
            versions.get("backup").is_some_and(|version| version.as_str() != Some("2018-11-15"))
        }
        value => value.is_some(),
    };
    config.file.others.get("plugins").is_some_and(|section| !section.members.is_empty())
        || profile.text("cli_history") == Some("enabled")
        || config.aliases.get("backup").is_some()
        || api_versions
        || signature.is_some_and(|version| version != "v4")
        || config.value(&settings::CSM_ENABLED).unwrap_or(false)
        || has_custom_models(config.host)
}

/// Returns true where the folder of the user's own models, or one of those that `AWS_DATA_PATH` names, holds something
/// that v1 would read for this command; the content is not looked at.
/// v1: `Loader._potential_locations`. Parity: D12: CFG-69.
fn has_custom_models(host: &Host) -> bool {
    let separator = if cfg!(windows) { ';' } else { ':' };
    let named = host.env("AWS_DATA_PATH").into_iter().flat_map(|path| path.split(separator));
    let named = named.map(|folder| host.expand_user(&host.expand_variables(folder)));
    let own = host.home().map(|home| format!("{home}/.aws/models"));
    named.chain(own).any(|folder| holds_models(&folder))
}

/// Returns true where `folder` holds a service that a run may use, or a file that all of them share.
fn holds_models(folder: &str) -> bool {
    const NAMES: &str =
        "_retry backup cli endpoints partitions sdk-default-configuration signin sso sso-oidc sts";
    let Ok(entries) = fs::read_dir(host::path(folder)) else { return false };
    entries.filter_map(Result::ok).any(|entry| {
        let name = entry.file_name();
        let name = name.to_str().unwrap_or_default();
        let stem = name.split_once(".json").map_or(name, |(stem, _)| stem);
        NAMES.split(' ').any(|known| known == stem)
    })
}
