//! The name and version by which the program goes, on stdout and in the User-Agent header.

use std::env::consts;

use crate::host::Host;

/// `aws-cli/1.46.3 aws-start-copy-job/<version> <os>/<architecture>`, with ` exec-env/<value>` where
/// `AWS_EXECUTION_ENV` is set, even to nothing. Scripts that look for v1 read the first word; Python and botocore
/// are not there, so they are not named.
///
/// v1: `Session.user_agent`. Parity: ARG-31.
pub fn product(host: &Host) -> String {
    within(host.env("AWS_EXECUTION_ENV"))
}

/// The same, with ` exec-env/<name>` where the program runs within an environment of that `name`.
///
/// Parity: CFG-63.
pub fn within(name: Option<&str>) -> String {
    let ours = concat!("aws-cli/1.46.3 ", env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    let system = format!("{ours} {}/{}", consts::OS, consts::ARCH);
    match name {
        Some(name) => format!("{system} exec-env/{name}"),
        None => system,
    }
}
