//! The commands: v1's order of steps, a file a command. What a step does is documented in its module.
//!
//! Which of two problems is reported follows from the order (ORD-03, ORD-04, CFG-74, WAITC-21). Mirrors
//! `ServiceOperation.__call__` and `CLIOperationCaller.invoke` of `awscli/clidriver.py`.

mod start_copy_job;

use tracing::debug;

use crate::call::Client;
use crate::cli::{Globals, Options, Skeleton};
use crate::credentials::{self, Provider};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http;
use crate::model::{Action, Operation, START_COPY_JOB};
use crate::output::query::Query;
use crate::output::{self, Printing};
use crate::params::{self, Fetched, Loader, Parameters, skeleton};
use crate::python::Dict;
use crate::session::{Config, Session, checks, client, defaults, v2_debug};
use crate::streams::Streams;

/// Everything that a command runs with but its own options.
pub(crate) struct Context<'a> {
    /// Everything from outside.
    pub(crate) host: &'a Host,
    /// The configuration files.
    pub(crate) config: &'a Config<'a>,
    /// The global options.
    pub(crate) globals: &'a Globals,
    /// `--query`, compiled.
    pub(crate) query: Option<Query>,
}

/// Loads and checks the options of `action`, then sends and prints, or shows a skeleton.
///
/// # Errors
/// That of the first step that fails. Nothing was sent unless it is the service's, the network's, or comes from
/// reading, querying or printing the response.
///
/// Parity: ORD-03, ORD-04, ORD-05.
pub(crate) fn run(
    action: Action,
    options: &Options,
    context: Context<'_>,
    streams: &mut Streams,
) -> Result<(), Error> {
    let operation = action.operation();
    let parameters = context.load(options, streams)?;
    context.config.scoped()?;
    v2_debug::blob_check(context.config, context.globals, options.skeleton.is_some())?;
    let members = parameters.merge(context.host)?;
    match options.skeleton {
        None if operation.name == START_COPY_JOB.name => start_copy_job::run(context, &members, streams),
        None => Err(failure!("{}: not here yet", operation.name)),
        Some(Skeleton::Output) => context.print_sample(operation, &members, streams),
        Some(Skeleton::Input) => streams.print(&skeleton::input(operation.input)),
    }
}

impl Context<'_> {
    /// Returns the members that the options give.
    fn load(&self, options: &Options, streams: &mut Streams) -> Result<Parameters, Error> {
        let follow_urls = checks::follows_urls(self.config);
        let mut loader = Loader { host: self.host, follow_urls, fetch, loaded: 0 };
        let parameters = loader.load(options);
        if v2_debug::is_on(self.host, self.globals) {
            streams.warn(&v2_debug::PARAMFILE.repeat(loader.loaded));
        }
        parameters
    }

    /// Returns the session, and what the request is signed with; `None` where nothing was found.
    fn session(&self) -> Result<(Session, Option<Provider>), Error> {
        let region = client::region(self.config, self.globals)?;
        let provider = credentials::load(self.config, self.globals)?;
        if defaults::asks_instance(self.config) {
            http::block_on(credentials::learn_region(self.config))?;
        }
        let session = Session::resolve(self.config, self.globals, region.as_deref())?;
        debug!("Profile: {}", self.config.profile_name().unwrap_or("default"));
        Ok((session, provider))
    }

    /// Refuses members that do not fit the model, unless the profile says not to look.
    fn validate(&self, members: &Dict, operation: &Operation) -> Result<(), Error> {
        if checks::validates_parameters(self.config)? {
            params::validate(members, operation.input)
        } else {
            Ok(())
        }
    }

    /// Prints a sample response; nothing is sent, and no credentials are needed, but half ones are refused as ever.
    ///
    /// Parity: VAL-61, VAL-62, `smoke/skeleton-output-half-keys`.
    fn print_sample(self, operation: &Operation, members: &Dict, streams: &mut Streams) -> Result<(), Error> {
        self.session()?;
        self.validate(members, operation)?;
        params::serializable(members, operation.input)?;
        self.print(operation, skeleton::output(operation.output), streams)
    }

    /// Warns of a certificate that was not checked.
    ///
    /// v1: urllib3's `InsecureRequestWarning` (deviation D11). Parity: TLS-08.
    fn warn_unverified(&self, client: &Client, streams: &mut Streams) {
        let unverified = client.take_unverified();
        if let Some(host) = unverified.filter(|_| self.host.env("PYTHONWARNINGS") != Some("ignore")) {
            streams.warn(&format!(
                "InsecureRequestWarning: Unverified HTTPS request is being made to host '{host}'. \
                 Adding certificate verification is strongly advised.\n"
            ));
        }
    }

    /// Prints a response in the format that was asked for.
    fn print(self, operation: &Operation, response: Dict, streams: &mut Streams) -> Result<(), Error> {
        let format = checks::output_format(self.config, self.globals)?;
        let color = self.globals.color.clone().unwrap_or_else(|| "auto".to_owned());
        let printing = Printing { format, query: self.query, color, operation: operation.name };
        output::print(&printing, response, self.host, streams)
    }
}

/// Returns v1's error for a request that nothing can sign.
///
/// Parity: CRED-01.
fn no_credentials() -> Error {
    let message = "Unable to locate credentials. You can configure credentials by running \"aws configure\".";
    Error::Setup(message.to_owned())
}

/// Returns the response to a GET of a parameter's URL.
///
/// # Errors
/// `Failure` with v1's words for why there is none, or `Interrupted`.
///
/// Parity: VAL-09, VAL-10.
fn fetch(url: &str, host: &Host) -> Result<Fetched, Error> {
    let headers = [("Accept-Encoding", "identity"), ("User-Agent", "python-urllib3/2.8.0")];
    let response = http::get(url, &headers, http::Settings::plain(host))?;
    let response = response.map_err(|error| failure!("{}", error.text(url)))?;
    let content_type = response.headers.get("content-type");
    Ok(Fetched { status: response.status, content_type, body: response.body })
}
