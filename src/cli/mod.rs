//! The clap tree: the single definition of every option.

/// The options that every v1 command takes; `None` where the option was not typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "v1's global flags are booleans")]
pub struct Globals {
    /// `--debug`
    pub debug: bool,
    /// `--endpoint-url`
    pub endpoint_url: Option<String>,
    /// `--no-verify-ssl`
    pub no_verify_ssl: bool,
    /// `--no-paginate`: accepted, no effect on this operation
    pub no_paginate: bool,
    /// `--output`: `json`, `text` or `table`
    pub output: Option<String>,
    /// `--query`
    pub query: Option<String>,
    /// `--profile`
    pub profile: Option<String>,
    /// `--region`
    pub region: Option<String>,
    /// `--color`: `on`, `off` or `auto`
    pub color: Option<String>,
    /// `--no-sign-request`
    pub no_sign_request: bool,
    /// `--ca-bundle`
    pub ca_bundle: Option<String>,
    /// `--cli-read-timeout`, as typed
    pub cli_read_timeout: Option<String>,
    /// `--cli-connect-timeout`, as typed
    pub cli_connect_timeout: Option<String>,
    /// `--v2-debug`
    pub v2_debug: bool,
}

/// The options of `start-copy-job`, as typed; `None` where the option was not typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StartCopyJob {
    /// `--recovery-point-arn`
    pub recovery_point_arn: Option<String>,
    /// `--source-backup-vault-name`
    pub source_backup_vault_name: Option<String>,
    /// `--destination-backup-vault-arn`
    pub destination_backup_vault_arn: Option<String>,
    /// `--iam-role-arn`
    pub iam_role_arn: Option<String>,
    /// `--idempotency-token`
    pub idempotency_token: Option<String>,
    /// `--lifecycle`
    pub lifecycle: Option<String>,
    /// `--cli-input-json`
    pub cli_input_json: Option<String>,
    /// `--generate-cli-skeleton`: `input` or `output`
    pub generate_cli_skeleton: Option<String>,
}
