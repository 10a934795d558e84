//! The clap tree: the single definition of every command and option, which `argv` reads by, the help pages are
//! written from and the completion offers.
//!
//! An option stands where v1's parser has it, for its lists of ambiguous and missing options follow that order.

pub mod version;

use clap::builder::PossibleValuesParser;
use clap::{Args, CommandFactory, Parser, Subcommand};

/// Our command.
pub const BACKUP: &str = "backup";
/// Our operation.
pub const START_COPY_JOB: &str = "start-copy-job";

/// `aws`
#[derive(Debug, Parser)]
#[command(name = "aws", disable_help_flag = true, disable_help_subcommand = true)]
pub struct Aws {
    /// The options before, between and after the names.
    #[command(flatten)]
    pub globals: Globals,
    /// What follows `aws`.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of `aws` that are ours.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// AWS Backup
    #[command(name = BACKUP, disable_help_flag = true, disable_help_subcommand = true)]
    Backup {
        /// What follows `aws backup`.
        #[command(subcommand)]
        operation: Operation,
    },
}

/// The operations of `aws backup` that are ours.
#[derive(Debug, Subcommand)]
pub enum Operation {
    /// Starts a job to create a one-time copy of the specified resource
    #[command(name = START_COPY_JOB, disable_help_flag = true)]
    StartCopyJob(StartCopyJob),
}

/// The whole tree.
pub fn tree() -> clap::Command {
    Aws::command()
}

/// The options that every v1 command takes; `None` where the option was not typed.
///
/// v1: `awscli/data/cli.json`; `--version` is declared first there and added to the parser last. Parity: ARG-02.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "v1's global flags are booleans")]
pub struct Globals {
    /// `--debug`
    #[arg(long)]
    pub debug: bool,
    /// `--endpoint-url`
    #[arg(long)]
    pub endpoint_url: Option<String>,
    /// `--no-verify-ssl`
    #[arg(long)]
    pub no_verify_ssl: bool,
    /// `--no-paginate`: accepted, no effect on this operation
    #[arg(long)]
    pub no_paginate: bool,
    /// `--output`: `json`, `text` or `table`
    #[arg(long, value_parser = PossibleValuesParser::new(["json", "text", "table"]))]
    pub output: Option<String>,
    /// `--query`
    #[arg(long)]
    pub query: Option<String>,
    /// `--profile`
    #[arg(long)]
    pub profile: Option<String>,
    /// `--region`
    #[arg(long)]
    pub region: Option<String>,
    /// `--color`: `on`, `off` or `auto`
    #[arg(long, value_parser = PossibleValuesParser::new(["on", "off", "auto"]))]
    pub color: Option<String>,
    /// `--no-sign-request`
    #[arg(long)]
    pub no_sign_request: bool,
    /// `--ca-bundle`
    #[arg(long)]
    pub ca_bundle: Option<String>,
    /// `--cli-read-timeout`, as typed
    #[arg(long)]
    pub cli_read_timeout: Option<String>,
    /// `--cli-connect-timeout`, as typed
    #[arg(long)]
    pub cli_connect_timeout: Option<String>,
    /// `--v2-debug`
    #[arg(long = "v2-debug")]
    pub v2_debug: bool,
    /// `--version`; `argv` answers it before this struct is filled
    #[arg(long)]
    pub version: bool,
}

/// The options of `start-copy-job`, as typed; `None` where the option was not typed.
///
/// v1: the members of `StartCopyJobInput` in the model's order, then `cliinputjson.py`, `generatecliskeleton.py`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct StartCopyJob {
    /// `--recovery-point-arn`
    #[arg(long, required = true)]
    pub recovery_point_arn: Option<String>,
    /// `--source-backup-vault-name`
    #[arg(long, required = true)]
    pub source_backup_vault_name: Option<String>,
    /// `--destination-backup-vault-arn`
    #[arg(long, required = true)]
    pub destination_backup_vault_arn: Option<String>,
    /// `--iam-role-arn`
    #[arg(long, required = true)]
    pub iam_role_arn: Option<String>,
    /// `--idempotency-token`
    #[arg(long)]
    pub idempotency_token: Option<String>,
    /// `--lifecycle`
    #[arg(long)]
    pub lifecycle: Option<String>,
    /// `--cli-input-json`
    #[arg(long)]
    pub cli_input_json: Option<String>,
    /// `--generate-cli-skeleton`: `input` or `output`
    #[arg(long, num_args = 0..=1, default_missing_value = "input",
          value_parser = PossibleValuesParser::new(["input", "output"]))]
    pub generate_cli_skeleton: Option<String>,
}
