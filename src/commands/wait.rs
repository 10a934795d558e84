//! `wait copy-job-completed`: a job is looked up until it has ended; nothing is printed on stdout.

use std::time::Instant;

use super::Context;
use crate::call::{Outcome, ServiceRequest};
use crate::cli::Options;
use crate::error::Error;
use crate::model::Waiter;
use crate::python::Dict;
use crate::runtime;
use crate::streams::Streams;
use crate::wait::{Wait, text_at};

/// Polls until the waiter has decided. Connection, retry quota and rate limiter live as long as the wait.
/// Parity: WAITC-21, WAITC-24, WAITC-44.
pub(super) fn run(
    context: &Context<'_>,
    waiter: &Waiter,
    options: &Options,
    mut members: Dict,
    streams: &mut Streams,
) -> Result<(), Error> {
    let host = context.config.host;
    let (session, provider) = context.session()?;
    let mut wait = Wait::new(waiter, options, members.members.shift_remove("WaiterConfig"))?;
    context.validate(&members, waiter.operation)?;
    let request = ServiceRequest::new(waiter.operation, members, host)?;
    let mut client = context.client(&session, provider)?.of_waiter();
    let is_shown = host.stderr_is_terminal() && !context.globals.debug;
    let mut progress = Progress { is_shown, path: waiter.state, state: None };
    let ending = host.block_on(async {
        loop {
            let outcome = client.call(&request).await.or_else(Outcome::of_credentials);
            streams.warn(&client.take_notices());
            let outcome = outcome?;
            let Some(pause) = wait.decide(&outcome)? else { return Ok(()) };
            progress.show(wait.polls, outcome.members(), streams);
            runtime::sleep(pause).await;
        }
    });
    if progress.state.is_some() {
        streams.warn(CLEAR_LINE);
    }
    ending.flatten()?;
    tracing::debug!("Waiting complete, waiter matched the success state.");
    Ok(())
}

/// The line of progress on a terminal: state, since when, how many polls (D21).
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
    /// Shows the state after `polls`; a poll without a response says nothing new.
    fn show(&mut self, polls: u32, response: Option<&Dict>, streams: &mut Streams) {
        if !self.is_shown {
            return;
        }
        let state = response.and_then(|response| text_at(response, self.path));
        let state = state.map(|state| state.replace(char::is_control, " "));
        let known = self.state.take().filter(|(known, _)| state.as_ref().is_none_or(|state| state == known));
        let new = || (state.unwrap_or_else(|| "unknown".to_owned()), Instant::now());
        let (state, since) = self.state.insert(known.unwrap_or_else(new));
        let word = if polls == 1 { "poll" } else { "polls" };
        let elapsed = match since.elapsed().as_secs() {
            seconds @ 0..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
            seconds => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
        };
        streams.warn(&format!("{CLEAR_LINE}{state} for {elapsed} ({polls} {word})"));
    }
}
