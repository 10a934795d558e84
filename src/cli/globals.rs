//! The options that every v1 command takes, and what their help texts say.

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::model::Text;

/// The global options as typed; `None` where the option was not typed.
/// An option stands where v1 shows it; its lists of ambiguous and missing options follow that order too, but for
/// `--version`.
/// v1: `awscli/data/cli.json`. Parity: ARG-02, COMP-03.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "v1's global flags are booleans")]
pub(crate) struct Globals {
    /// `--debug`.
    #[arg(long)]
    pub(crate) debug: bool,
    /// `--endpoint-url`.
    #[arg(long, value_name = "string")]
    pub(crate) endpoint_url: Option<String>,
    /// `--no-verify-ssl`.
    #[arg(long)]
    pub(crate) no_verify_ssl: bool,
    /// `--no-paginate`, without effect here.
    #[arg(long)]
    no_paginate: bool,
    /// `--output`.
    #[arg(long, value_name = "string", value_parser = PossibleValuesParser::new(["json", "text", "table"]))]
    pub(crate) output: Option<String>,
    /// `--query`.
    #[arg(long, value_name = "string")]
    pub(crate) query: Option<String>,
    /// `--profile`.
    #[arg(long, value_name = "string")]
    pub(crate) profile: Option<String>,
    /// `--region`.
    #[arg(long, value_name = "string")]
    pub(crate) region: Option<String>,
    /// `--version`, which ends the pass that reads it.
    #[arg(long)]
    version: bool,
    /// `--color`.
    #[arg(long, value_name = "string", value_parser = PossibleValuesParser::new(["on", "off", "auto"]))]
    pub(crate) color: Option<String>,
    /// `--no-sign-request`.
    #[arg(long)]
    pub(crate) no_sign_request: bool,
    /// `--ca-bundle`.
    #[arg(long, value_name = "string")]
    pub(crate) ca_bundle: Option<String>,
    /// `--cli-read-timeout`.
    #[arg(long, value_name = "integer, seconds")]
    pub(crate) cli_read_timeout: Option<String>,
    /// `--cli-connect-timeout`.
    #[arg(long, value_name = "integer, seconds")]
    pub(crate) cli_connect_timeout: Option<String>,
    /// `--v2-debug`.
    #[arg(long)]
    pub(crate) v2_debug: bool,
}

/// Returns the help text of the global option `name`.
pub(super) fn text(name: &str) -> Text {
    TEXTS.iter().find(|(known, _)| *known == name).map_or(Text::NONE, |(_, text)| *text)
}

/// The help texts of the global options.
const TEXTS: &[(&str, Text)] = &[
    (
        "debug",
        Text {
            paragraphs: &[
                "Writes to stderr, line by line with the time, where the settings and credentials come from, what is sent and what comes back. Credentials, tokens and signatures are masked.",
            ],
            properties: &[("Default", "off."), ("Example", "`--debug 2> trace.txt`")],
        },
    ),
    (
        "endpoint-url",
        Text {
            paragraphs: &[
                "The URL that the request is sent to in place of the region's own. It begins with `http://` or `https://`.",
            ],
            properties: &[
                ("Default", "`https://backup.REGION.amazonaws.com`"),
                ("Config", "`endpoint_url`, or `endpoint_url` of `backup` in a `services` section."),
                ("Environment", "`AWS_ENDPOINT_URL_BACKUP`, then `AWS_ENDPOINT_URL`"),
                ("Example", "`--endpoint-url http://127.0.0.1:8080`"),
            ],
        },
    ),
    (
        "no-verify-ssl",
        Text {
            paragraphs: &[
                "Takes every certificate that a server shows: whoever stands between can read and change what is sent. To trust one more authority use `--ca-bundle`.",
            ],
            properties: &[("Default", "certificates are checked."), ("Example", "`--no-verify-ssl`")],
        },
    ),
    (
        "no-paginate",
        Text {
            paragraphs: &["Accepted, without effect: the responses of these operations have one page."],
            properties: &[("Default", "off."), ("Example", "`--no-paginate`")],
        },
    ),
    (
        "output",
        Text {
            paragraphs: &["The format in which the response is printed."],
            properties: &[
                ("Default", "`json`"),
                ("Config", "`output`"),
                ("Environment", "`AWS_DEFAULT_OUTPUT`"),
                ("Example", "`--output text`"),
            ],
        },
    ),
    (
        "query",
        Text {
            paragraphs: &[
                "An expression in `JMESPath` that picks from the response what is printed. A mistake in its grammar is found before the request is sent; a function that does not fit the response fails after it.",
            ],
            properties: &[("Default", "the whole response."), ("Example", "`--query CopyJobId`")],
        },
    ),
    (
        "profile",
        Text {
            paragraphs: &[
                "The profile, a named section of the configuration and credentials files, that gives the settings which are not typed.",
            ],
            properties: &[
                ("Default", "`default`"),
                ("Environment", "`AWS_DEFAULT_PROFILE`, then `AWS_PROFILE`"),
                ("Example", "`--profile backup-operator`"),
            ],
        },
    ),
    (
        "region",
        Text {
            paragraphs: &[
                "The region that is called: to start a job the one of the source vault, to look for it the same. `AWS_REGION` is not read.",
            ],
            properties: &[
                ("Default", "none, a region is needed."),
                ("Config", "`region`"),
                ("Environment", "`AWS_DEFAULT_REGION`"),
                ("Example", "`--region eu-central-1`"),
            ],
        },
    ),
    (
        "version",
        Text {
            paragraphs: &["Prints the version and ends."],
            properties: &[("Default", "off."), ("Example", "`--version`")],
        },
    ),
    (
        "color",
        Text {
            paragraphs: &["Whether tables are coloured; with `auto` they are on a terminal."],
            properties: &[("Default", "`auto`"), ("Example", "`--color off`")],
        },
    ),
    (
        "no-sign-request",
        Text {
            paragraphs: &["Sends the request without a signature and looks for no credentials."],
            properties: &[("Default", "requests are signed."), ("Example", "`--no-sign-request`")],
        },
    ),
    (
        "ca-bundle",
        Text {
            paragraphs: &["A PEM file of certificate authorities, trusted in place of the built-in ones."],
            properties: &[
                ("Default", "the authorities that Mozilla trusts, built in."),
                ("Config", "`ca_bundle`"),
                ("Environment", "`AWS_CA_BUNDLE`; after the configuration `REQUESTS_CA_BUNDLE`"),
                ("Example", "`--ca-bundle /etc/ssl/company.pem`"),
            ],
        },
    ),
    (
        "cli-read-timeout",
        Text {
            paragraphs: &[
                "The longest wait for the next bytes of a response, in each attempt. 0 waits for ever.",
            ],
            properties: &[("Default", "60"), ("Example", "`--cli-read-timeout 10`")],
        },
    ),
    (
        "cli-connect-timeout",
        Text {
            paragraphs: &["The longest wait for a connection, in each attempt. 0 waits for ever."],
            properties: &[("Default", "60"), ("Example", "`--cli-connect-timeout 5`")],
        },
    ),
    (
        "v2-debug",
        Text {
            paragraphs: &["Writes to stderr what would change for this command under AWS CLI version 2."],
            properties: &[
                ("Default", "off."),
                ("Environment", "`AWS_CLI_UPGRADE_DEBUG_MODE=true`"),
                ("Example", "`--v2-debug`"),
            ],
        },
    ),
];
