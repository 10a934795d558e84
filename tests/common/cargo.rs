//! A cargo, or a shell that may call one, inside of a program that cargo has started.

use std::process::Command;

/// Removes what the outer cargo says of its own package: build scripts that read it would run and compile anew.
pub(crate) fn without_outer(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if ["CARGO_MANIFEST_", "CARGO_PKG_"].iter().any(|start| name.to_string_lossy().starts_with(start)) {
            command.env_remove(name);
        }
    }
    command
}
