//! One `start-copy-job`, from the options as typed to the printed answer: v1's order of steps, and nothing else.
//!
//! Which of two problems is reported follows from this order (ORD-03, ORD-04, CFG-74). What a step does is told in
//! its room. Mirrors `ServiceOperation.__call__` and `CLIOperationCaller.invoke` of `awscli/clidriver.py`.

use std::cell::Cell;

use tracing::debug;

use crate::call::{Client, ResponseReader, ServiceRequest};
use crate::cli::{Globals, StartCopyJob};
use crate::credentials::Signer;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::output::query::Query;
use crate::output::{self, Printing};
use crate::params::{self, Fetched, Loaded, Loader, skeleton};
use crate::python::Dict;
use crate::session::{Config, Session, checks, client, defaults, v2_debug};
use crate::streams::Streams;
use crate::{call, credentials, http};

/// The title of a table.
const OPERATION: &str = "StartCopyJob";

/// Warning of a success whose response names no job (D3).
const NO_JOB: &str = "aws: warning: the service accepted the request, but its response names no copy job\n";

/// What holds for the whole run.
pub struct Operation<'a> {
    /// Everything from outside.
    pub host: &'a Host,
    /// The configuration files.
    pub config: &'a Config<'a>,
    /// The global options.
    pub globals: &'a Globals,
    /// `--query`, compiled.
    pub query: Option<Query>,
}

impl Operation<'_> {
    /// Loads, checks, sends and prints, or shows a skeleton.
    ///
    /// # Errors
    /// That of the first step that fails. Nothing was sent unless it is the service's, the network's, or comes from
    /// reading, querying or printing the answer.
    ///
    /// Parity: ORD-03, ORD-04, ORD-05.
    pub fn run(self, options: &StartCopyJob, streams: &mut Streams) -> Result<(), Error> {
        let loaded = self.load(options, streams)?;
        self.config.scoped()?;
        v2_debug::blob_check(self.config, self.globals, options.generate_cli_skeleton.is_some())?;
        let members = loaded.merge(self.host)?;
        match options.generate_cli_skeleton.as_deref() {
            None => self.send(&members, streams),
            Some("output") => self.sample(&members, streams),
            Some(_) => streams.print(&skeleton::input()),
        }
    }

    /// The members that the options give.
    fn load(&self, options: &StartCopyJob, streams: &mut Streams) -> Result<Loaded, Error> {
        let files = Cell::new(0_usize);
        let loader = Loader {
            host: self.host,
            follow_urls: checks::follows_urls(self.config),
            fetch: &|url| fetch(url, self.host),
            on_paramfile: &|| files.set(files.get() + 1),
        };
        let ending = params::load(options, &loader);
        if v2_debug::is_on(self.host, self.globals) {
            streams.warn(&v2_debug::PARAMFILE.repeat(files.get()));
        }
        ending
    }

    /// Sends the request and prints the answer.
    fn send(self, members: &Dict, streams: &mut Streams) -> Result<(), Error> {
        let region = client::region(self.config, self.globals)?;
        let unsigned = self.globals.no_sign_request;
        let provider = credentials::load(self.config, self.globals)?;
        let session = self.session(region.as_deref())?;
        debug!("Profile: {}", self.config.profile_name().unwrap_or("default"));
        self.validate(members)?;
        let request = ServiceRequest::start_copy_job(members, self.host)?;
        call::check_trace_id(self.host)?;
        let dated = Cell::new(false);
        let mut note = v2_debug::notes_timestamp(self.config, self.globals);
        let mut note_date = |dated: bool, streams: &mut Streams| {
            if dated && std::mem::take(&mut note) {
                streams.warn(v2_debug::TIMESTAMP);
            }
        };
        let context = credentials::Context { config: self.config, globals: self.globals, dated: &dated };
        let signer = match provider {
            Some(provider) => Some(http::block_on(Signer::new(provider, context)).flatten()),
            None if unsigned => None,
            None => return Err(no_credentials()),
        };
        note_date(dated.get(), streams);
        let signer = signer.transpose()?;
        let timestamps = checks::timestamp_format(self.config)?;
        checks::output_format(self.config, self.globals)?; // refused before anything is sent (D2)
        let reader = ResponseReader { timestamps, host: self.host };
        let mut client = Client::new(&session, signer, reader);
        let outcome = http::block_on(client.call(&request));
        self.warn_unverified(&client, streams);
        note_date(dated.get(), streams);
        let answer = outcome.flatten()?.into_members(OPERATION)?;
        note_date(answer.get("CreationDate").is_some(), streams);
        if answer.get("CopyJobId").is_none() {
            streams.warn(NO_JOB);
        }
        self.print(answer, streams)
    }

    /// Prints a sample answer; nothing is sent, and no credentials are needed, but half ones are refused as ever.
    ///
    /// Parity: VAL-61, VAL-62, `smoke/skeleton-output-half-keys`.
    fn sample(self, members: &Dict, streams: &mut Streams) -> Result<(), Error> {
        let region = client::region(self.config, self.globals)?;
        credentials::load(self.config, self.globals)?;
        self.session(region.as_deref())?;
        self.validate(members)?;
        params::serializable(members)?;
        self.print(skeleton::output(), streams)
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

    /// The settings of the client in `region`.
    fn session(&self, region: Option<&str>) -> Result<Session, Error> {
        if defaults::asks_instance(self.config) {
            http::block_on(credentials::learn_region(self.config))?;
        }
        Session::resolve(self.config, self.globals, region)
    }

    /// Refuses members that do not fit the model, unless the profile says not to look.
    fn validate(&self, members: &Dict) -> Result<(), Error> {
        if checks::validates_parameters(self.config)? { params::validate(members) } else { Ok(()) }
    }

    /// Prints an answer in the format that was asked for.
    fn print(self, answer: Dict, streams: &mut Streams) -> Result<(), Error> {
        let format = checks::output_format(self.config, self.globals)?;
        let color = self.globals.color.clone().unwrap_or_else(|| "auto".to_owned());
        let printing = Printing { format, query: self.query, color, operation: OPERATION };
        output::print(&printing, answer, self.host, streams)
    }
}

/// v1's error for a request that nothing can sign.
///
/// Parity: CRED-01.
fn no_credentials() -> Error {
    let message = "Unable to locate credentials. You can configure credentials by running \"aws configure\".";
    Error::Setup(message.to_owned())
}

/// The answer to a GET of a parameter's URL.
///
/// # Errors
/// `Failure` with v1's words for why there is none, or `Interrupted`.
///
/// Parity: VAL-09, VAL-10.
fn fetch(url: &str, host: &Host) -> Result<Fetched, Error> {
    let headers = [("Accept-Encoding", "identity"), ("User-Agent", "python-urllib3/2.8.0")];
    let answer = http::get(url, &headers, http::Settings::plain(host))?;
    let answer = answer.map_err(|error| failure!("{}", error.text(url)))?;
    let content_type = answer.headers.get("content-type");
    Ok(Fetched { status: answer.status, content_type, body: answer.body })
}
