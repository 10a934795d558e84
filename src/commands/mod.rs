//! The commands: v1's order of steps. What a step does is documented in its module.
//!
//! Which of two problems is reported follows from the order (ORD-03, ORD-04, CFG-74, WAITC-21). Mirrors
//! `ServiceOperation.__call__`, `CLIOperationCaller.invoke` and `WaiterCaller.invoke` of awscli.

mod call;
mod wait;

use tracing::debug;

use crate::call::{Client, ServiceRequest, trace_id};
use crate::cli::{Globals, OptionValue, Options, OutputFormat, Skeleton};
use crate::credentials::{self, Provider, Signer};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http;
use crate::http::members::MemberReader;
use crate::model::{Action, Operation};
use crate::output::query::Query;
use crate::output::{self, OutputOptions};
use crate::params::{self, Loader, skeleton};
use crate::python::Dict;
use crate::session::endpoint::BACKUP;
use crate::session::imds::ImdsSettings;
use crate::session::{Config, Session, TimestampFormat, client, settings, v2_debug};
use crate::streams::Streams;

/// Everything that a command runs with but its own options.
pub(crate) struct Context<'a> {
    pub(crate) config: &'a Config<'a>,
    pub(crate) globals: &'a Globals,
    pub(crate) query: Option<Query>,
    /// How the timestamps of responses are spelled.
    pub(crate) timestamps: TimestampFormat,
    /// Settings of the instance metadata service.
    pub(crate) imds: Option<ImdsSettings>,
}

/// Loads and checks the options of `action`, then sends and prints, or shows a skeleton.
/// Errors: that of the first step that fails. Nothing was sent unless it is the service's, the network's, or comes from
/// reading, querying or printing the response.
/// Parity: ORD-03, ORD-04, WAITC-21.
pub(crate) fn run(
    action: Action,
    options: &Options,
    context: &Context<'_>,
    streams: &mut Streams,
) -> Result<(), Error> {
    let members = context.load(options, streams)?;
    context.config.selected_profile()?;
    v2_debug::check_binary_format(context.config, context.globals, options.skeleton.is_some())?;
    let members = params::merge(members, options.cli_input_json.as_ref(), context.config.host)?;
    match (options.skeleton, action) {
        (Some(Skeleton::Input), _) => streams.print(&skeleton::input(action.operation().input)),
        (Some(Skeleton::Output), _) => context.print_sample(action.operation(), members, streams),
        (None, Action::Wait(waiter)) => wait::run(context, waiter, options, members, streams),
        (None, Action::Call(operation)) => call::run(context, operation, members, streams),
    }
}

impl Context<'_> {
    fn load(&self, options: &Options, streams: &mut Streams) -> Result<Dict, Error> {
        let follow_urls = self.config.value(&settings::FOLLOW_URLS).unwrap_or(true);
        let fetch = follow_urls.then_some(fetch as params::Fetch);
        let mut loader = Loader { host: self.config.host, fetch, loaded: 0 };
        let members = loader.load(options);
        if v2_debug::is_on(self.config.host, self.globals) {
            streams.warn(&v2_debug::PARAMFILE.repeat(loader.loaded));
        }
        members
    }

    /// Returns the session, and what requests are signed with; `None` where nothing was found.
    fn session(&self) -> Result<(Session, Option<Provider>), Error> {
        let region = client::region(self.config, self.globals)?;
        let provider = credentials::load(self.config, self.globals, self.imds.as_ref())?;
        let instance_region = if client::needs_instance_region(self.config) {
            let fetched = credentials::fetch_instance_region(self.config, self.imds.as_ref());
            self.config.host.block_on(fetched)?
        } else {
            None
        };
        let session =
            Session::resolve(self.config, self.globals, BACKUP, region.as_deref(), instance_region)?;
        debug!("Profile: {}", self.config.profile_name.as_deref().unwrap_or("default"));
        Ok((session, provider))
    }

    /// Refuses members that do not fit the model, unless the profile says not to look.
    fn validate(&self, members: &Dict, operation: &Operation) -> Result<(), Error> {
        if self.config.value(&settings::PARAMETER_VALIDATION)? {
            params::validate(members, operation.input)?;
        }
        Ok(())
    }

    /// Returns the client of `session`.
    /// Errors: `Setup` where nothing was found that signs.
    /// Parity: CRED-01.
    fn client<'s>(&'s self, session: &'s Session, provider: Option<Provider>) -> Result<Client<'s>, Error> {
        let Self { config, globals, timestamps, .. } = *self;
        let trace_id = trace_id(config.host)?;
        let context = credentials::Context {
            config,
            globals,
            imds: self.imds.as_ref(),
            instance_region: session.instance_region.as_deref(),
            timestamps,
            has_timestamp: false,
        };
        let signer = provider.map(|provider| Signer::new(provider, context));
        if signer.is_none() && !globals.no_sign_request {
            let message =
                "Unable to locate credentials. You can configure credentials by running \"aws configure\".";
            return Err(Error::Setup(message.to_owned()));
        }
        let reader = MemberReader::of_backup(timestamps, config.host);
        let note = v2_debug::warns_on_timestamp(config, globals).then_some(v2_debug::TIMESTAMP);
        Ok(Client::new(session, signer, reader, trace_id, note))
    }

    /// Prints a sample response; nothing is sent, and no credentials are needed, but half ones are refused as ever.
    /// Parity: VAL-61, DESC-36, `smoke/skeleton-output-half-keys`.
    fn print_sample(&self, operation: &Operation, members: Dict, streams: &mut Streams) -> Result<(), Error> {
        self.session()?;
        self.validate(&members, operation)?;
        ServiceRequest::members(operation, members)?;
        let format = self.output_format()?;
        let epoch = match format {
            OutputFormat::Json => "1970-01-01T00:00:00",
            _ => "1970-01-01 00:00:00", // Python's str() of a date
        };
        self.print(format, operation, skeleton::output(operation.output, epoch), streams)
    }

    fn output_format(&self) -> Result<OutputFormat, Error> {
        client::output_format(self.config, self.globals)
    }

    fn print(
        &self,
        format: OutputFormat,
        operation: &Operation,
        response: Dict,
        streams: &mut Streams,
    ) -> Result<(), Error> {
        let color = self.globals.color.as_ref().map_or("auto", OptionValue::as_str);
        let options = OutputOptions { format, query: self.query.as_ref(), color, operation: operation.name };
        output::print(&options, response, self.config.host, streams)
    }
}

/// Returns the text behind a parameter's URL.
/// Errors: `Failure` with v1's words for why there is none, or `Interrupted`.
/// v1: `get_uri`. Parity: VAL-09, VAL-10.
fn fetch(url: &str, host: &Host) -> Result<String, Error> {
    let response = http::get(url, host)?;
    match response.status {
        200 => response.text(),
        status => Err(failure!("received non 200 status code of {status}")),
    }
}
