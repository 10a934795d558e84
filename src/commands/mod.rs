//! The commands: v1's order of steps, a file a command. What a step does is documented in its module.
//!
//! Which of two problems is reported follows from the order (ORD-03, ORD-04, CFG-74, WAITC-21). Mirrors
//! `ServiceOperation.__call__`, `CLIOperationCaller.invoke` of `awscli/clidriver.py` and `WaiterCaller.invoke` of
//! `awscli/customizations/waiters.py`.

mod describe_copy_job;
mod start_copy_job;
mod wait;

use std::cell::Cell;

use tracing::debug;

use crate::call::{Client, ServiceRequest, check_trace_id};
use crate::cli::{Globals, Options, Skeleton};
use crate::credentials::{self, Provider, Signer};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http;
use crate::http::members::MemberReader;
use crate::model::{Action, Member, Operation, START_COPY_JOB, Shape};
use crate::output::query::Query;
use crate::output::{self, OutputOptions};
use crate::params::{self, Loader, Parameters, UrlResponse, skeleton};
use crate::python::{Dict, Value};
use crate::session::{Config, OutputFormat, Session, TimestampFormat, checks, client, defaults, v2_debug};
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
    /// How the timestamps of responses are spelled.
    pub(crate) timestamps: TimestampFormat,
    /// True once a response of another service held a timestamp.
    pub(crate) dated: Cell<bool>,
}

/// Loads and checks the options of `action`, then sends and prints, or shows a skeleton.
/// Errors: that of the first step that fails. Nothing was sent unless it is the service's, the network's, or comes from
/// reading, querying or printing the response.
/// Parity: ORD-03, ORD-04, ORD-05, WAITC-21.
pub(crate) fn run(
    action: Action,
    options: &Options,
    context: &Context<'_>,
    streams: &mut Streams,
) -> Result<(), Error> {
    let operation = action.operation();
    let parameters = context.load(options, streams)?;
    context.config.selected_profile()?;
    v2_debug::check_binary_format(context.config, context.globals, options.skeleton.is_some())?;
    let members = parameters.merge(context.host)?;
    match (options.skeleton, action) {
        (Some(Skeleton::Input), _) => streams.print(&skeleton::input(operation.input)),
        (Some(Skeleton::Output), _) => context.print_sample(operation, &members, streams),
        (None, Action::Wait(waiter)) => wait::run(context, waiter, options, members, streams),
        (None, Action::Call(operation)) if operation.name == START_COPY_JOB.name => {
            start_copy_job::run(context, &members, streams)
        }
        (None, Action::Call(_)) => describe_copy_job::run(context, &members, streams),
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

    /// Returns the session, and what requests are signed with; `None` where nothing was found.
    fn session(&self) -> Result<(Session, Option<Provider>), Error> {
        let region = client::region(self.config, self.globals)?;
        let provider = credentials::load(self.config, self.globals)?;
        let instance_region = if defaults::needs_instance_region(self.config) {
            self.host.block_on(credentials::fetch_instance_region(self.config))?
        } else {
            None
        };
        let session = Session::resolve(self.config, self.globals, region.as_deref(), instance_region)?;
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

    /// Returns the client of `session`.
    /// Errors: `Setup` where nothing was found that signs.
    fn client<'s>(&'s self, session: &'s Session, provider: Option<Provider>) -> Result<Client<'s>, Error> {
        check_trace_id(self.host)?;
        let sources = credentials::Context {
            config: self.config,
            globals: self.globals,
            instance_region: session.instance_region.as_deref(),
            timestamps: self.timestamps,
            dated: &self.dated,
        };
        let signer = match provider {
            Some(provider) => Some(Signer::new(provider, sources)),
            None if self.globals.no_sign_request => None,
            None => return Err(no_credentials()),
        };
        let reader = MemberReader::of_backup(self.timestamps, self.host);
        Ok(Client::new(session, signer, reader))
    }

    /// Fetches what the first request is signed with.
    fn fetch_credentials(
        &self,
        client: &mut Client<'_>,
        notice: &mut TimestampNotice,
        streams: &mut Streams,
    ) -> Result<(), Error> {
        let fetched = self.host.block_on(client.fetch_credentials());
        notice.print_if(self.dated.get(), streams);
        fetched.flatten()
    }

    /// Sends `request` and returns the members of the response.
    fn call(
        &self,
        client: &mut Client<'_>,
        request: &ServiceRequest,
        notice: &mut TimestampNotice,
        streams: &mut Streams,
    ) -> Result<Dict, Error> {
        let outcome = self.host.block_on(client.call(request));
        self.warn_unverified(client, streams);
        notice.print_if(self.dated.get(), streams);
        let response = outcome.flatten()?.into_members(request.operation)?;
        notice.print_if(has_timestamp(&response, request.output), streams);
        Ok(response)
    }

    /// Warns of a certificate that was not checked, once a call.
    /// v1: urllib3's `InsecureRequestWarning` (deviation D11). Parity: TLS-08.
    fn warn_unverified(&self, client: &Client, streams: &mut Streams) {
        let Some(host) = client.unverified() else { return };
        if self.host.env("PYTHONWARNINGS") != Some("ignore") {
            streams.warn(&format!(
                "InsecureRequestWarning: Unverified HTTPS request is being made to host '{host}'. \
                 Adding certificate verification is strongly advised.\n"
            ));
        }
    }

    /// Prints a sample response; nothing is sent, and no credentials are needed, but half ones are refused as ever.
    /// Parity: VAL-61, VAL-62, DESC-36, WAITC-13, `smoke/skeleton-output-half-keys`.
    fn print_sample(
        &self,
        operation: &Operation,
        members: &Dict,
        streams: &mut Streams,
    ) -> Result<(), Error> {
        self.session()?;
        self.validate(members, operation)?;
        ServiceRequest::check(operation, members)?;
        self.print(operation, skeleton::output(operation.output), self.output_format()?, streams)
    }

    /// Returns the format that was asked for.
    fn output_format(&self) -> Result<OutputFormat, Error> {
        checks::output_format(self.config, self.globals)
    }

    /// Prints a response.
    fn print(
        &self,
        operation: &Operation,
        response: Dict,
        format: OutputFormat,
        streams: &mut Streams,
    ) -> Result<(), Error> {
        let color = self.globals.color.as_deref().unwrap_or("auto");
        let options = OutputOptions { format, query: self.query.as_ref(), color, operation: operation.name };
        output::print(&options, response, self.host, streams)
    }
}

/// The note of `--v2-debug` on timestamps, which is printed with the first one.
struct TimestampNotice {
    /// True until it was printed, if it is to be.
    pending: bool,
}

impl TimestampNotice {
    /// Returns the note of a run.
    fn new(context: &Context<'_>) -> Self {
        Self { pending: v2_debug::warns_on_timestamp(context.config, context.globals) }
    }

    /// Prints the note where `dated`, once.
    /// Parity: ARG-37, DESC-64, WAITC-55.
    fn print_if(&mut self, dated: bool, streams: &mut Streams) {
        if dated && std::mem::take(&mut self.pending) {
            streams.warn(v2_debug::TIMESTAMP);
        }
    }
}

/// Returns true where a response of these `members` holds a timestamp.
fn has_timestamp(response: &Dict, members: &[Member]) -> bool {
    members.iter().any(|member| match (member.shape, response.get(member.name)) {
        (Shape::Timestamp, Some(_)) => true,
        (Shape::Structure(members), Some(Value::Dict(inner))) => has_timestamp(inner, members),
        _ => false,
    })
}

/// Refuses an empty `CopyJobId`, with which v1 lists the jobs instead and prints nothing (deviation D19).
fn refuse_empty_id(members: &Dict) -> Result<(), Error> {
    match members.get("CopyJobId").and_then(Value::as_str) {
        Some("") => Err(failure!(
            "Parameter validation failed:\nInvalid length for parameter CopyJobId, value: 0, valid min length: 1"
        )),
        _ => Ok(()),
    }
}

/// Returns v1's error for a request that nothing can sign.
/// Parity: CRED-01.
fn no_credentials() -> Error {
    let message = "Unable to locate credentials. You can configure credentials by running \"aws configure\".";
    Error::Setup(message.to_owned())
}

/// Returns the response to a GET of a parameter's URL.
/// Errors: `Failure` with v1's words for why there is none, or `Interrupted`.
/// Parity: VAL-09, VAL-10.
fn fetch(url: &str, host: &Host) -> Result<UrlResponse, Error> {
    let headers = [("User-Agent", "python-urllib3/2.8.0")];
    let response = http::get(url, &headers, host)?;
    let response = response.map_err(|error| failure!("{}", error.text(url)))?;
    let content_type = response.headers.get("content-type");
    Ok(UrlResponse { status: response.status, content_type, body: response.body })
}
