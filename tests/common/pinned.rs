//! The pinned v1, as the parity test installs it, for tests outside of that.

#[path = "../parity/harness/oracle.rs"]
#[allow(dead_code, unreachable_pub, clippy::print_stderr, reason = "a module of the parity test")]
pub(crate) mod oracle;

/// True when v1 is to be run, as for the parity test.
#[allow(dead_code, reason = "not every test asks")]
pub(crate) fn is_live() -> bool {
    std::env::var("PARITY").is_ok_and(|mode| mode == "live" || mode == "full")
}

/// What `oracle` names.
mod stage {
    /// A program and the folder that it is installed in.
    pub(crate) struct Program {
        pub(crate) path: std::path::PathBuf,
        #[expect(dead_code, reason = "the parity test masks it")]
        pub(crate) folder: String,
        #[expect(dead_code, reason = "the parity test prepares it otherwise")]
        pub(crate) is_oracle: bool,
    }
}
