//! The options that every v1 command takes, and what their help texts say.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::OptionValue;
use crate::model::Properties;

/// A format in which a response is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputFormat {
    Json,
    Text,
    Table,
}

/// v1's output formats by their names.
pub(crate) const FORMATS: [(&str, OutputFormat); 3] =
    [("json", OutputFormat::Json), ("text", OutputFormat::Text), ("table", OutputFormat::Table)];

/// The global options as typed; their comments are the texts of the help pages.
/// An option stands where v1 shows it; its lists of ambiguous and missing options follow that order too, but for
/// `--version`.
/// v1: `awscli/data/cli.json`. Parity: ARG-02, COMP-03.
#[derive(Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "v1's global flags are booleans")]
pub(crate) struct Globals {
    /// Writes to stderr, line by line with the time, where the settings and credentials come from, what is sent and
    /// what comes back. Credentials, tokens and signatures are masked.
    #[arg(long)]
    pub(crate) debug: bool,
    /// The URL that the request is sent to in place of the region's own. It begins with `http://` or `https://`.
    #[arg(long, value_name = "string")]
    pub(crate) endpoint_url: Option<OptionValue>,
    /// Takes every certificate that a server shows: whoever stands between can read and change what is sent. To trust
    /// one more authority use `--ca-bundle`.
    #[arg(long)]
    pub(crate) no_verify_ssl: bool,
    /// Accepted, without effect: the responses of these operations have one page.
    #[arg(long)]
    no_paginate: bool,
    /// The format in which the response is printed.
    #[arg(long, value_name = "string", value_parser = PossibleValuesParser::new(FORMATS.map(|(name, _)| name)))]
    pub(crate) output: Option<OptionValue>,
    /// An expression in `JMESPath` that picks from the response what is printed. A mistake in its grammar is found
    /// before the request is sent; a function that does not fit the response fails after it.
    #[arg(long, value_name = "string")]
    pub(crate) query: Option<OptionValue>,
    /// The profile, a named section of the configuration and credentials files, that gives the settings which are not
    /// typed.
    #[arg(long, value_name = "string")]
    pub(crate) profile: Option<OptionValue>,
    /// The region that is called: to start a job the one of the source vault, to look for it the same. `AWS_REGION` is
    /// not read.
    #[arg(long, value_name = "string")]
    pub(crate) region: Option<OptionValue>,
    /// Prints the version and ends.
    #[arg(long)]
    version: bool,
    /// Whether tables are coloured; with `auto` they are on a terminal.
    #[arg(long, value_name = "string", value_parser = PossibleValuesParser::new(["on", "off", "auto"]))]
    pub(crate) color: Option<OptionValue>,
    /// Sends the request without a signature and looks for no credentials.
    #[arg(long)]
    pub(crate) no_sign_request: bool,
    /// A PEM file of certificate authorities, trusted in place of the built-in ones.
    #[arg(long, value_name = "string")]
    pub(crate) ca_bundle: Option<OptionValue>,
    /// The longest wait for the next bytes of a response, in each attempt. 0 waits for ever.
    #[arg(long, value_name = "integer, seconds")]
    pub(crate) cli_read_timeout: Option<OptionValue>,
    /// The longest wait for a connection, in each attempt. 0 waits for ever.
    #[arg(long, value_name = "integer, seconds")]
    pub(crate) cli_connect_timeout: Option<OptionValue>,
    /// Writes to stderr what would change for this command under AWS CLI version 2.
    #[arg(long)]
    pub(crate) v2_debug: bool,
}

/// Returns the properties of the global option `name` on help pages.
pub(super) fn properties(name: &str) -> Properties {
    PROPERTIES.iter().find(|(known, _)| *known == name).map_or(&[], |(_, properties)| *properties)
}

/// The properties of the options on help pages, by their names.
const PROPERTIES: &[(&str, Properties)] = &[
    ("debug", &[("Default", "off."), ("Example", "`--debug 2> trace.txt`")]),
    (
        "endpoint-url",
        &[
            ("Default", "`https://backup.REGION.amazonaws.com`"),
            ("Config", "`endpoint_url`, or `endpoint_url` of `backup` in a `services` section."),
            ("Environment", "`AWS_ENDPOINT_URL_BACKUP`, then `AWS_ENDPOINT_URL`"),
            ("Example", "`--endpoint-url http://127.0.0.1:8080`"),
        ],
    ),
    ("no-verify-ssl", &[("Default", "certificates are checked."), ("Example", "`--no-verify-ssl`")]),
    ("no-paginate", &[("Default", "off."), ("Example", "`--no-paginate`")]),
    (
        "output",
        &[
            ("Default", "`json`"),
            ("Config", "`output`"),
            ("Environment", "`AWS_DEFAULT_OUTPUT`"),
            ("Example", "`--output text`"),
        ],
    ),
    ("query", &[("Default", "the whole response."), ("Example", "`--query CopyJobId`")]),
    (
        "profile",
        &[
            ("Default", "`default`"),
            ("Environment", "`AWS_DEFAULT_PROFILE`, then `AWS_PROFILE`"),
            ("Example", "`--profile backup-operator`"),
        ],
    ),
    (
        "region",
        &[
            ("Default", "none, a region is needed."),
            ("Config", "`region`"),
            ("Environment", "`AWS_DEFAULT_REGION`"),
            ("Example", "`--region eu-central-1`"),
        ],
    ),
    ("version", &[("Default", "off."), ("Example", "`--version`")]),
    ("color", &[("Default", "`auto`"), ("Example", "`--color off`")]),
    ("no-sign-request", &[("Default", "requests are signed."), ("Example", "`--no-sign-request`")]),
    (
        "ca-bundle",
        &[
            ("Default", "the authorities that Mozilla trusts, built in."),
            ("Config", "`ca_bundle`"),
            ("Environment", "`AWS_CA_BUNDLE`; after the configuration `REQUESTS_CA_BUNDLE`"),
            ("Example", "`--ca-bundle /etc/ssl/company.pem`"),
        ],
    ),
    ("cli-read-timeout", &[("Default", "60"), ("Example", "`--cli-read-timeout 10`")]),
    ("cli-connect-timeout", &[("Default", "60"), ("Example", "`--cli-connect-timeout 5`")]),
    (
        "v2-debug",
        &[
            ("Default", "off."),
            ("Environment", "`AWS_CLI_UPGRADE_DEBUG_MODE=true`"),
            ("Example", "`--v2-debug`"),
        ],
    ),
];
