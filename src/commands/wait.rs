//! `wait copy-job-completed`: a job is looked up until it has ended; nothing is printed on stdout.

use std::time::{Duration, Instant};

use super::{Context, TimestampNotice, has_timestamp, refuse_empty_id};
use crate::call::{Client, Outcome, ServiceRequest};
use crate::cli::Options;
use crate::error::Error;
use crate::model::Waiter;
use crate::python::{Dict, Value};
use crate::streams::Streams;
use crate::wait::{Poller, WaiterConfig, text_at, wait};

/// Polls until the waiter has decided.
/// Parity: WAITC-21.
pub(super) fn run(
    context: &Context<'_>,
    waiter: &Waiter,
    options: &Options,
    mut members: Dict,
    streams: &mut Streams,
) -> Result<(), Error> {
    let (session, provider) = context.session()?;
    let given = members.members.shift_remove("WaiterConfig");
    let config = config(waiter, options, given.as_ref())?;
    context.validate(&members, waiter.operation)?;
    refuse_empty_id(&members)?;
    let request = ServiceRequest::describe_copy_job(&members)?;
    let notice = TimestampNotice::new(context);
    let client = context.client(&session, provider)?.of_waiter();
    let progress = Progress::new(context, waiter);
    let mut poller = ServicePoller { context, client, request, notice, streams, progress };
    let ending = context.host.block_on(wait(waiter, &config, &mut poller));
    poller.progress.clear(poller.streams);
    ending.flatten()?;
    tracing::debug!("Waiting complete, waiter matched the success state.");
    Ok(())
}

/// Returns rhythm and length of the wait. An option drops the JSON's whole `WaiterConfig` (WOPT-10).
fn config(waiter: &Waiter, options: &Options, given: Option<&Value>) -> Result<WaiterConfig, Error> {
    match (options.delay, options.max_attempts) {
        (None, None) => WaiterConfig::of(waiter, given),
        (delay, max_attempts) => WaiterConfig::of_options(waiter, delay, max_attempts),
    }
}

/// Polls the service. Connection, retry quota and rate limiter live as long as the wait (WAITC-24, WAITC-44).
struct ServicePoller<'a> {
    context: &'a Context<'a>,
    client: Client<'a>,
    request: ServiceRequest,
    notice: TimestampNotice,
    streams: &'a mut Streams,
    progress: Progress,
}

impl Poller for ServicePoller<'_> {
    async fn poll(&mut self) -> Result<Outcome, Error> {
        let outcome = match self.client.fetch_credentials().await {
            Ok(()) => {
                let outcome = self.client.call(&self.request).await;
                self.context.warn_unverified(&self.client, self.streams);
                outcome
            }
            Err(error) => Err(error), // nothing was sent
        };
        let outcome = outcome.or_else(Outcome::of_credentials);
        self.notice.print_if(self.context.dated.get(), self.streams);
        if let Ok(Outcome::Output { members, .. }) = &outcome {
            self.notice.print_if(has_timestamp(members, self.request.output), self.streams);
        }
        outcome
    }

    async fn pause(&mut self, pause: Duration) {
        crate::runtime::sleep(pause).await;
    }

    fn undecided(&mut self, polls: u32, response: Option<&Dict>) {
        self.progress.show(polls, response, self.streams);
    }
}

/// The line of progress on a terminal: state, since when, how many polls (deviation D21).
struct Progress {
    /// True where standard error is a terminal and holds no log.
    is_shown: bool,
    /// The path of the state in a response.
    path: &'static [&'static str],
    /// The state of the last response, and when it was seen first.
    state: Option<(String, Instant)>,
}

/// Takes the cursor to the start of a line and clears it.
const CLEAR_LINE: &str = "\r\u{1b}[K";

impl Progress {
    /// Returns the progress of a wait that has not begun.
    fn new(context: &Context<'_>, waiter: &Waiter) -> Self {
        let is_shown = context.host.stderr_is_terminal() && !context.globals.debug;
        Self { is_shown, path: waiter.state, state: None }
    }

    /// Shows the state after `polls`; a poll without a response says nothing new.
    fn show(&mut self, polls: u32, response: Option<&Dict>, streams: &mut Streams) {
        if !self.is_shown {
            return;
        }
        let state = response.and_then(|response| text_at(response, self.path));
        let state = state.map(|state| state.replace(char::is_control, " "));
        match (&self.state, state) {
            (Some((known, _)), Some(state)) if *known == state => {}
            (Some(_), None) => {}
            (_, state) => self.state = Some((state.unwrap_or_else(|| "unknown".to_owned()), Instant::now())),
        }
        let Some((state, since)) = &self.state else { return };
        let word = if polls == 1 { "poll" } else { "polls" };
        let elapsed = spelled(since.elapsed().as_secs());
        streams.warn(&format!("{CLEAR_LINE}{state} for {elapsed} ({polls} {word})"));
    }

    /// Clears the line.
    fn clear(&self, streams: &mut Streams) {
        if self.state.is_some() {
            streams.warn(CLEAR_LINE);
        }
    }
}

/// Returns `seconds` as `1 h 02 min` or `3 min 04 s`.
fn spelled(seconds: u64) -> String {
    match seconds {
        0..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}
