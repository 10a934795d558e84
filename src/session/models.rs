//! Whether a user has put descriptions of services in the place of v1's own, which only a real v1 can read.
//!
//! Mirrors the search path of `botocore.loaders.Loader`; the content of the files is not looked at.

use std::fs;

use crate::host::{self, Host};

/// The services that a run may use, and the files that all of them share: names without `.json`.
const NAMES: [&str; 10] = [
    "_retry",
    "backup",
    "cli",
    "endpoints",
    "partitions",
    "sdk-default-configuration",
    "signin",
    "sso",
    "sso-oidc",
    "sts",
];

/// Separator of two folders.
const SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

/// Returns true where the folder of the user's own models, or one of those that `AWS_DATA_PATH` names, holds something
/// that v1 would read for this command.
/// v1: `Loader._potential_locations`. Parity: D12: CFG-69.
pub(super) fn has_custom_models(host: &Host) -> bool {
    let named = host.env("AWS_DATA_PATH").into_iter().flat_map(|path| path.split(SEPARATOR));
    let named = named.map(|folder| host.expand_user(&host.expand_variables(folder)));
    let own = host.home().map(|home| format!("{home}/.aws/models"));
    named.chain(own).any(|folder| holds_ours(&folder))
}

/// Returns true where `folder` is there and holds one of [`NAMES`].
fn holds_ours(folder: &str) -> bool {
    let Ok(entries) = fs::read_dir(host::path(folder)) else { return false };
    entries.filter_map(Result::ok).any(|entry| {
        let name = entry.file_name();
        let name = name.to_str().unwrap_or_default();
        NAMES.contains(&name.split_once(".json").map_or(name, |(stem, _)| stem))
    })
}
