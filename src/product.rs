//! The name and version by which the program goes: in `--version` and in the User-Agent header.

use std::env::consts;

use crate::host::Host;

/// Returns `aws-cli/1.46.3 aws-start-copy-job/<version> <os>/<architecture>`, with ` exec-env/<value>` where
/// `AWS_EXECUTION_ENV` is set, even to nothing. Scripts that look for v1 read the first word; Python and botocore
/// are not there, so they are not named.
/// v1: `Session.user_agent`. Parity: ARG-31.
pub(crate) fn version(host: &Host) -> String {
    version_in(host.env("AWS_EXECUTION_ENV"))
}

/// Returns the same within an environment of that `name`.
/// Parity: CFG-63.
fn version_in(name: Option<&str>) -> String {
    let ours = concat!("aws-cli/1.46.3 ", env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    let environment = name.map_or_else(String::new, |name| format!(" exec-env/{name}"));
    format!("{ours} {}/{}{environment}", consts::OS, consts::ARCH)
}

/// Returns the User-Agent of a service's client; in the names of environment and application each character that
/// cannot be part of a token is a `-`.
/// v1: `botocore.useragent.UserAgentString` (deviation D8). Parity: WIRE-04, CFG-62,
/// `wire/unsendable/sts-environment`.
pub(crate) fn user_agent(host: &Host, app_id: Option<&str>) -> String {
    let is_token = |letter: char| letter.is_ascii_alphanumeric() || "!$%&'*+-.^_`|~,#".contains(letter);
    let token = |text: &str| text.replace(|letter| !is_token(letter), "-");
    let product = version_in(host.env_filled("AWS_EXECUTION_ENV").map(token).as_deref());
    match app_id.filter(|id| !id.is_empty()) {
        None => product,
        Some(id) => format!("{product} app/{}", token(id)),
    }
}
