//! Settings that only another `aws` can follow: a real v1, or a version 2.

use super::config::Config;
use super::{client, models, settings};
use crate::cli::Globals;
use crate::python::Value;

/// The output formats of version 2 that v1 does not know. What neither knows is refused before a job is started (D2).
const V2_FORMATS: [&str; 3] = ["yaml", "yaml-stream", "off"];

/// Returns true where the next `aws` on PATH does better than this one; `sends` is true for a command that needs a
/// region and an output format.
/// Parity: D12, D22: CFG-67, CFG-68, CFG-69, CFG-70, CFG-71, CFG-72, DBG-04.
pub(crate) fn requires_delegation(config: &Config<'_>, globals: &Globals, sends: bool) -> bool {
    only_v1_has(config) || sends && (has_region_of_v2(config, globals) || has_format_of_v2(config, globals))
}

/// Returns true for what only a real v1 has: plugins, a history, an alias that shadows `backup`, older versions of the
/// API, other signatures, monitoring, models of the user's own.
fn only_v1_has(config: &Config<'_>) -> bool {
    let profile = config.selected_profile().unwrap_or_default();
    let plugins = config.config_file().others.get("plugins");
    let signature = match profile.get("backup") {
        Some(Value::Dict(block)) => block.get("signature_version").and_then(Value::as_str),
        _ => None,
    };
    let api_versions = profile.get("api_versions").is_some_and(|value| match value {
        Value::Dict(versions) => {
            versions.get("backup").is_some_and(|version| version.as_str() != Some("2018-11-15"))
        }
        _ => true,
    });
    plugins.is_some_and(|section| !section.members.is_empty())
        || profile.text("cli_history") == Some("enabled")
        || config.aliases().get("backup").is_some()
        || api_versions
        || signature.is_some_and(|version| version != "v4")
        || config.value(&settings::CSM_ENABLED).unwrap_or(false)
        || models::has_custom_models(config.host)
}

/// Returns true where v1 finds no region, and version 2 finds it in `AWS_REGION`.
fn has_region_of_v2(config: &Config<'_>, globals: &Globals) -> bool {
    let named = config.host.env_filled("AWS_REGION").is_some();
    named && matches!(client::region(config, globals), Ok(None))
}

/// Returns true where environment or profile name an output format of version 2.
fn has_format_of_v2(config: &Config<'_>, globals: &Globals) -> bool {
    let configured = config.value(&settings::OUTPUT).ok().flatten();
    let format = configured.as_ref().and_then(Value::as_str);
    globals.output.is_none() && format.is_some_and(|format| V2_FORMATS.contains(&format))
}
