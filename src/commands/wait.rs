//! `wait copy-job-completed`: a job is looked up until it has ended; nothing is printed on stdout.

use std::time::SystemTime;

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
    let shows_progress = host.stderr_is_terminal() && !context.globals.debug;
    let mut shown = None;
    let ending = host.block_on(async {
        loop {
            let outcome = client.call(&request).await.or_else(Outcome::of_credentials);
            streams.warn(&client.take_notices());
            let outcome = outcome?;
            let Some(pause) = wait.decide(&outcome)? else { return Ok(()) };
            if shows_progress {
                let state = outcome.members().and_then(|members| text_at(members, waiter.state));
                streams.warn(&progress(&mut shown, state, wait.polls, host.now()));
            }
            runtime::sleep(pause).await;
        }
    });
    if shown.is_some() {
        streams.warn(CLEAR_LINE);
    }
    ending.flatten()?;
    tracing::debug!("Waiting complete, waiter matched the success state.");
    Ok(())
}

/// Takes the cursor to the start of a line and clears it.
const CLEAR_LINE: &str = "\r\u{1b}[K";

/// Returns the line of progress on a terminal: state, since when, how many polls (D21). `shown` is the state before, and when
/// it was seen first; a poll without `state` says nothing new.
fn progress(
    shown: &mut Option<(String, SystemTime)>,
    state: Option<&str>,
    polls: u32,
    now: SystemTime,
) -> String {
    let state = state.map(|state| state.replace(char::is_control, " "));
    let known = shown.take().filter(|(known, _)| state.as_ref().is_none_or(|state| state == known));
    let new = || (state.unwrap_or_else(|| "unknown".to_owned()), now);
    let (state, since) = shown.insert(known.unwrap_or_else(new));
    let word = if polls == 1 { "poll" } else { "polls" };
    let elapsed = match now.duration_since(*since).unwrap_or_default().as_secs() {
        seconds @ 0..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    };
    format!("{CLEAR_LINE}{state} for {elapsed} ({polls} {word})")
}
