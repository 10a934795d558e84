//! The notes of `--v2-debug`: what would be different in version 2 of the AWS CLI.
//!
//! Mirrors `awscli.customizations.globalargs.detect_migration_breakage`, and holds the texts of the notes that
//! other modules print when they meet their subject.

use super::config::Config;
use super::settings;
use crate::cli::Globals;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::python::text;

const PAGER: &str = "\nAWS CLI v2 UPGRADE WARNING: By default, the AWS CLI v2 returns all output through your \
operating system’s default pager program. This is different from v1 behavior, where the system pager is not used by \
default. To retain AWS CLI v1 behavior in AWS CLI v2, set the `cli_pager` configuration setting, or the `AWS_PAGER` \
environment variable, to the empty string. See https://docs.aws.amazon.com/cli/latest/userguide/\
cliv2-migration-changes.html#cliv2-migration-output-pager.\n";

const ENCODING: &str = "\nThe AWS CLI v2 does not support The `PYTHONUTF8` and `PYTHONIOENCODING` environment \
variables, and instead uses the `AWS_CLI_FILE_ENCODING` variable. This is different from v1 behavior, where the \
former two variables are used instead. To retain AWS CLI v1 behavior in AWS CLI v2, set the `AWS_CLI_FILE_ENCODING` \
environment variable instead. See https://docs.aws.amazon.com/cli/latest/userguide/\
cliv2-migration-changes.html#cliv2-migration-encodingenvvar.\n";

/// Version 2 has no older API versions; the doubled prefix is v1's.
const API_VERSIONS: &str = "\nAWS CLI v2 UPGRADE WARNING: AWS CLI v2 UPGRADE WARNING: The AWS CLI v2 does not support \
calling older versions of AWS service APIs via the `api_versions` configuration file setting. This is different from \
v1 behavior, where this configuration setting can be used to pin older API versions. To migrate to v2 behavior, \
remove the `api_versions` configuration setting, and test against the latest service API versions. See \
https://docs.aws.amazon.com/cli/latest/userguide/cliv2-migration-changes.html#cliv2-migration-api-versions.\n";

const PLUGINS: &str = "\nAWS CLI v2 UPGRADE WARNING: In AWS CLI v2, plugins are disabled by default, and support for \
plugins is provisional. This is different from v1 behavior, where plugin support is URL below to update your \
configuration to enable plugins in AWS CLI v2. Also, be sure to lock into a particular version of the AWS CLI and \
test the functionality of your plugins every time AWS CLI v2 is upgraded. See \
https://docs.aws.amazon.com/cli/latest/userguide/cliv2-migration-changes.html#cliv2-migration-profile-plugins.\n";

/// Version 2 does not fetch parameters; printed for each parameter that is loaded, from a file too, with the empty
/// line at its end that v1's `print` adds.
pub(crate) const PARAMFILE: &str = "\nAWS CLI v2 UPGRADE WARNING: For input parameters that have a prefix of `http://` or \
`https://`, AWS CLI v2 will not automatically request the content of the URL for the parameter, and the \
`cli_follow_urlparam` option has been removed. For guidance on how to adapt this command to AWS CLI v2 usage, see \
https://docs.aws.amazon.com/cli/latest/userguide/cliv2-migration-changes.html#cliv2-migration-paramfile.\n\n";

/// Version 2 prints timestamps in ISO 8601; printed for the first one of a response where the profile does not
/// set their format.
pub(crate) const TIMESTAMP: &str = "\nAWS CLI v2 UPGRADE WARNING: In AWS CLI v2, all timestamp response values are returned \
in the ISO 8601 format. This is different from v1 behavior, where the timestamps are returned as they appear in the \
service API response. To retain AWS CLI v1 behavior in AWS CLI v2, set the configuration variable \
`cli_timestamp_format` to `wire`. See https://docs.aws.amazon.com/cli/latest/userguide/\
cliv2-migration-changes.html#cliv2-migration-timestamp.\n";

/// Returns true where the notes are switched on: by the option, or by a variable that says `true` in any case.
/// v1: `resolve_v2_debug_mode`. Parity: ARG-37, CFG-73.
pub(crate) fn is_on(host: &Host, globals: &Globals) -> bool {
    globals.v2_debug || host.env("AWS_CLI_UPGRADE_DEBUG_MODE").is_some_and(text::is_true)
}

/// Returns the notes on environment and profile, for stderr; the profile is the environment's, since `--profile` has
/// not been looked at yet.
/// Errors: the profile that the environment names does not exist.
/// v1: `detect_migration_breakage`. Parity: ARG-37, CFG-73, ORD-02.
pub(crate) fn notes(config: &Config<'_>, globals: &Globals) -> Result<String, Error> {
    let host = config.host;
    if !is_on(host, globals) {
        return Ok(String::new());
    }
    let profile = config.selected_profile()?;
    let encoding = host.env("PYTHONUTF8").or(host.env("PYTHONIOENCODING")).is_some();
    let api_versions = profile.get("api_versions").is_some_and(|value| value.as_str() != Some(""));
    let has_plugins = config.file.others.contains_key("plugins"); // v1 adds its own to an empty section
    let notes = [
        (profile.text("cli_pager") != Some("") && host.env("AWS_PAGER").is_none(), PAGER),
        (encoding && host.env("AWS_CLI_FILE_ENCODING").is_none(), ENCODING),
        (api_versions, API_VERSIONS),
        (has_plugins, PLUGINS),
    ];
    Ok(notes.into_iter().filter_map(|(applies, note)| applies.then_some(note)).collect())
}

/// Returns true where [`TIMESTAMP`] is printed with the first timestamp of the response.
/// v1: `scalarparse.add_timestamp_parser`. Parity: ARG-37.
pub(crate) fn warns_on_timestamp(config: &Config<'_>, globals: &Globals) -> bool {
    let profile = config.selected_profile().unwrap_or_default();
    is_on(config.host, globals) && profile.get("cli_timestamp_format").is_none()
}

/// Refuses `--generate-cli-skeleton` under `--v2-debug`: v1 stumbles here (D1), unless the profile says that
/// binary values are raw.
/// Errors: the selected profile does not exist; a skeleton is wanted.
/// v1: `ServiceOperation._detect_binary_file_migration_change`. Parity: ARG-38, ORD-03.
pub(crate) fn check_binary_format(
    config: &Config<'_>,
    globals: &Globals,
    skeleton: bool,
) -> Result<(), Error> {
    if config.value(&settings::BINARY_IS_RAW)? || !skeleton || !is_on(config.host, globals) {
        return Ok(());
    }
    Err(failure!("--v2-debug cannot be used with --generate-cli-skeleton"))
}
