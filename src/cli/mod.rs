//! The clap tree: the single definition of every command and option, which `argv` reads by, the help pages are
//! written from and the completion offers.
//!
//! An option stands where v1 shows it; its lists of ambiguous and missing options follow that order too, but for
//! `--version`.

pub mod help;
pub mod layout;
pub mod pager;
#[cfg(unix)]
mod start;
pub mod version;

use clap::builder::PossibleValuesParser;
use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::python::Value;

/// Our command.
pub const BACKUP: &str = "backup";
/// Our operation.
pub const START_COPY_JOB: &str = "start-copy-job";

/// One AWS command, as AWS CLI version 1 answers it.
///
/// This `aws` does one thing itself, `aws backup start-copy-job`, and does it as AWS CLI version 1 does: the same
/// options, files, output, messages and exit codes. Every other command it hands, unchanged, to the next `aws` on
/// `PATH`; `AWS_START_COPY_JOB_DELEGATE=off` keeps it from that.
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
    /// Copies of backups.
    ///
    /// AWS Backup keeps recovery points in vaults. Of its operations this `aws` has one, which copies a recovery point
    /// from one vault to another.
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
    /// Start copying one recovery point into another vault.
    ///
    /// The service answers as soon as the job is accepted, with the job's id; the copy is made after that. How it goes
    /// on tells `aws backup describe-copy-job`.
    ///
    /// A job is started once: every attempt that one call makes carries the same idempotency token. To be as sure
    /// across several calls, give the token yourself.
    #[command(name = START_COPY_JOB, disable_help_flag = true)]
    StartCopyJob(StartCopyJob),
}

/// The value of an option typed as `--name=--`, of which v1 makes an empty list; no other line has this value.
///
/// Parity: ARG-30.
pub const EMPTY_LIST: &str = "--";

/// The value of an option as v1 holds it before it looks at it.
///
/// Parity: ARG-30.
pub fn held(typed: &str) -> Value {
    if typed == EMPTY_LIST { Value::List(Vec::new()) } else { typed.into() }
}

/// The whole tree.
pub fn tree() -> clap::Command {
    Aws::command()
}

/// The options that every v1 command takes; `None` where the option was not typed.
///
/// v1: `awscli/data/cli.json`. Parity: ARG-02, COMP-03.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "v1's global flags are booleans")]
pub struct Globals {
    /// Writes to stderr, line by line with the time, where the settings and credentials come from, what is sent and
    /// what comes back. Credentials, tokens and signatures are masked.
    ///
    /// Default: off.
    ///
    /// Example: `--debug 2> trace.txt`
    #[arg(long)]
    pub debug: bool,
    /// The URL that the request is sent to in place of the region's own. It begins with `http://` or `https://`.
    ///
    /// Default: `https://backup.REGION.amazonaws.com`
    ///
    /// Config: `endpoint_url`, or `endpoint_url` of `backup` in a `services` section.
    ///
    /// Environment: `AWS_ENDPOINT_URL_BACKUP`, then `AWS_ENDPOINT_URL`
    ///
    /// Example: `--endpoint-url http://127.0.0.1:8080`
    #[arg(long, value_name = "string")]
    pub endpoint_url: Option<String>,
    /// Takes every certificate that a server shows: whoever stands between can read and change what is sent. To
    /// trust one more authority use `--ca-bundle`.
    ///
    /// Default: certificates are checked.
    ///
    /// Example: `--no-verify-ssl`
    #[arg(long)]
    pub no_verify_ssl: bool,
    /// Accepted, without effect: the answer of this operation has one page.
    ///
    /// Default: off.
    ///
    /// Example: `--no-paginate`
    #[arg(long)]
    pub no_paginate: bool,
    /// The form in which the answer is printed.
    ///
    /// Default: `json`
    ///
    /// Config: `output`
    ///
    /// Environment: `AWS_DEFAULT_OUTPUT`
    ///
    /// Example: `--output text`
    #[arg(long, value_name = "string", value_parser = PossibleValuesParser::new(["json", "text", "table"]))]
    pub output: Option<String>,
    /// An expression in `JMESPath` that picks from the answer what is printed. A mistake in its grammar is found before
    /// the request is sent; a function that does not fit the answer fails after it.
    ///
    /// Default: the whole answer.
    ///
    /// Example: `--query CopyJobId`
    #[arg(long, value_name = "string")]
    pub query: Option<String>,
    /// The profile, a named section of the configuration and credentials files, that gives the settings which are
    /// not typed.
    ///
    /// Default: `default`
    ///
    /// Environment: `AWS_DEFAULT_PROFILE`, then `AWS_PROFILE`
    ///
    /// Example: `--profile backup-operator`
    #[arg(long, value_name = "string")]
    pub profile: Option<String>,
    /// The region that starts the job: the one of the source vault. `AWS_REGION` is not read.
    ///
    /// Default: none, a region is needed.
    ///
    /// Config: `region`
    ///
    /// Environment: `AWS_DEFAULT_REGION`
    ///
    /// Example: `--region eu-central-1`
    #[arg(long, value_name = "string")]
    pub region: Option<String>,
    /// Prints the version and ends.
    ///
    /// Default: off.
    ///
    /// Example: `--version`
    #[arg(long)]
    pub version: bool,
    /// Whether tables are coloured; with `auto` they are on a terminal.
    ///
    /// Default: `auto`
    ///
    /// Example: `--color off`
    #[arg(long, value_name = "string", value_parser = PossibleValuesParser::new(["on", "off", "auto"]))]
    pub color: Option<String>,
    /// Sends the request without a signature and looks for no credentials.
    ///
    /// Default: requests are signed.
    ///
    /// Example: `--no-sign-request`
    #[arg(long)]
    pub no_sign_request: bool,
    /// A PEM file of certificate authorities, trusted in place of the built-in ones.
    ///
    /// Default: the authorities that Mozilla trusts, built in.
    ///
    /// Config: `ca_bundle`
    ///
    /// Environment: `AWS_CA_BUNDLE`; after the configuration `REQUESTS_CA_BUNDLE`
    ///
    /// Example: `--ca-bundle /etc/ssl/company.pem`
    #[arg(long, value_name = "string")]
    pub ca_bundle: Option<String>,
    /// The longest wait for the next bytes of an answer, in each attempt. 0 waits for ever.
    ///
    /// Default: 60
    ///
    /// Example: `--cli-read-timeout 10`
    #[arg(long, value_name = "integer, seconds")]
    pub cli_read_timeout: Option<String>,
    /// The longest wait for a connection, in each attempt. 0 waits for ever.
    ///
    /// Default: 60
    ///
    /// Example: `--cli-connect-timeout 5`
    #[arg(long, value_name = "integer, seconds")]
    pub cli_connect_timeout: Option<String>,
    /// Tells on stderr what would change for this command under AWS CLI version 2.
    ///
    /// Default: off.
    ///
    /// Environment: `AWS_CLI_UPGRADE_DEBUG_MODE=true`
    ///
    /// Example: `--v2-debug`
    #[arg(long = "v2-debug")]
    pub v2_debug: bool,
}

/// The options of `start-copy-job`, as typed; `None` where the option was not typed.
///
/// v1: the members of `StartCopyJobInput` in the model's order, then `cliinputjson.py`, `generatecliskeleton.py`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct StartCopyJob {
    /// ARN of the recovery point to copy. Continuous backups cannot be copied.
    ///
    /// Example: `--recovery-point-arn arn:aws:ec2:us-east-1::snapshot/snap-0a1b2c3d`
    #[arg(long, value_name = "string", required = true)]
    pub recovery_point_arn: Option<String>,
    /// Name of the vault that the recovery point is in, in the region of the call.
    ///
    /// Example: `--source-backup-vault-name Default`
    #[arg(long, value_name = "string", required = true)]
    pub source_backup_vault_name: Option<String>,
    /// ARN of the vault that receives the copy; it may be in another region or account.
    ///
    /// Example: `--destination-backup-vault-arn arn:aws:backup:us-west-2:111122223333:backup-vault:dr`
    #[arg(long, value_name = "string", required = true)]
    pub destination_backup_vault_arn: Option<String>,
    /// ARN of the role that the service takes on to read the recovery point and to write the copy.
    ///
    /// Example: `--iam-role-arn arn:aws:iam::111122223333:role/Copier`
    #[arg(long, value_name = "string", required = true)]
    pub iam_role_arn: Option<String>,
    /// A text of your choice that makes the call safe to repeat: a second call with the same token starts no second
    /// job, it is answered with the first one. Every retry inside one call carries the same token.
    ///
    /// Default: a new random UUID for every call.
    ///
    /// Example: `--idempotency-token nightly-2026-11-22`
    #[arg(long, value_name = "string")]
    pub idempotency_token: Option<String>,
    /// When the copy moves to cold storage and when it is deleted: `Name=value` pairs with commas between them, or
    /// a JSON object. Days count from the creation of the copy. What has been moved stays in cold storage for at
    /// least 90 days, so there `DeleteAfterDays` is at least 90 more than `MoveToColdStorageAfterDays`.
    ///
    /// `MoveToColdStorageAfterDays` (integer, days): when the copy moves to cold storage.
    ///
    /// `DeleteAfterDays` (integer, days): when the copy is deleted.
    ///
    /// `OptInToArchiveForSupportedResources` (boolean): `true` moves the resources that support an archive tier
    /// there.
    ///
    /// `DeleteAfterEvent` (string): `DELETE_AFTER_COPY`; a member of the service's answers, which it does not take
    /// here.
    ///
    /// Default: the copy is kept, in warm storage, until somebody deletes it.
    ///
    /// Example: `--lifecycle MoveToColdStorageAfterDays=30,DeleteAfterDays=365`
    #[arg(long, value_name = "structure")]
    pub lifecycle: Option<String>,
    /// All members of the request as one JSON object, spelled as `--generate-cli-skeleton` prints them. An option
    /// that is typed too replaces the member of the same name.
    ///
    /// Default: none.
    ///
    /// Example: `--cli-input-json file://job.json`
    #[arg(long, value_name = "string")]
    pub cli_input_json: Option<String>,
    /// Sends nothing. With `input` it prints a JSON object to fill in for `--cli-input-json`; with `output` it checks
    /// the options and prints a sample of the answer.
    ///
    /// Default: off; where no value follows, `input`.
    ///
    /// Example: `--generate-cli-skeleton > job.json`
    #[arg(long, value_name = "string", num_args = 0..=1, default_missing_value = "input",
          value_parser = PossibleValuesParser::new(["input", "output"]))]
    pub generate_cli_skeleton: Option<String>,
}
