//! A waiter: decides after each poll whether the wait has ended, and how long it pauses before the next.
//!
//! The waiter is data ([`crate::model::Waiter`]). Mirrors `Waiter.wait` of `botocore/waiter.py`.

use std::time::Duration;

use crate::call::Outcome;
use crate::cli::Options;
use crate::error::{Error, failure};
use crate::http::Cause;
use crate::model::{Acceptor, AcceptorState, Condition, Waiter};
use crate::params;
use crate::python::{Dict, Value, repr};

/// A wait that has not ended.
#[derive(Debug)]
pub(crate) struct Wait<'a> {
    waiter: &'a Waiter,
    /// The time from the end of a poll to the next one, or what is wrong with it, which is noticed where v1 pauses.
    pause: Result<Duration, String>,
    /// The number of polls after which the wait fails, or what is wrong with it, which is noticed after the first.
    max_attempts: Result<f64, String>,
    pub(crate) polls: u32,
    /// True once an acceptor has matched.
    any_matched: bool,
    /// True once there was a response.
    was_reached: bool,
}

/// Seconds from which on v1 cannot hold a pause.
const TOO_LONG: f64 = 9_223_372_037.0;

/// The longest pause in seconds that the system's clock holds, 292 years after its start.
const LONGEST_PAUSE: i64 = 9_223_372_035;

impl<'a> Wait<'a> {
    /// Returns a wait before its first poll, configured by the options, else by `given`, the member `WaiterConfig`.
    /// Errors: those of [`of_options`], and `Failure` in our words where `given` is no object (D1).
    /// Parity: WAITC-15, WAITC-34, WOPT-10.
    pub(crate) fn new(waiter: &'a Waiter, options: &Options, given: Option<Value>) -> Result<Self, Error> {
        let config = match (of_options(options)?, given) {
            (Some(config), _) | (None, Some(Value::Dict(config))) => config,
            (None, None) => Dict::default(),
            (None, Some(other)) => {
                let kind = other.type_name();
                return Err(failure!("The member WaiterConfig is no object: a value of type {kind}"));
            }
        };
        let value = |name, default: u32| {
            let default = u64::from(default).into();
            config.get(name).cloned().unwrap_or(default)
        };
        let pause = pause(&value("Delay", waiter.delay));
        let attempts = value("MaxAttempts", waiter.max_attempts);
        let kind = attempts.type_name();
        let max_attempts = number(&attempts)
            .ok_or_else(|| format!("'>=' not supported between instances of 'int' and '{kind}'"));
        Ok(Self { waiter, pause, max_attempts, polls: 0, any_matched: false, was_reached: false })
    }

    /// Returns the pause before the next poll after one that came to `outcome`; `None` where the wait has succeeded.
    /// Errors: `Failure`: the wait failed, in the words of v1's waiter; or a poll did, in those of the poll.
    /// v1: `Waiter.wait`. Parity: WAITC-22, WAITC-25, WAITC-38.
    pub(crate) fn decide(&mut self, outcome: &Outcome) -> Result<Option<Duration>, Error> {
        self.polls = self.polls.saturating_add(1);
        let matched = self.waiter.acceptors.iter().find(|acceptor| matches(acceptor.condition, outcome));
        self.any_matched |= matched.is_some();
        match matched.map(|acceptor| (acceptor.state, acceptor)) {
            Some((AcceptorState::Success, _)) => return Ok(None),
            Some((AcceptorState::Failure, acceptor)) => return Err(self.terminal_failure(acceptor, outcome)),
            Some((AcceptorState::Retry, _)) => {}
            None => self.check_undecided(outcome)?,
        }
        self.was_reached |= !matches!(outcome, Outcome::TransportError(_));
        let max_attempts = self.max_attempts.as_ref().map_err(|reason| failure!("{reason}"))?;
        if f64::from(self.polls) >= *max_attempts {
            return Err(self.exhausted(matched));
        }
        let pause = self.pause.as_ref().map_err(|reason| failure!("{reason}"))?;
        Ok(Some(*pause))
    }

    /// Checks that a poll which no acceptor knows leaves the wait undecided. A lost connection does once there was a
    /// response (D20).
    /// Errors: `Failure` for a service error, without the operation's name, and for a transport error.
    /// v1: `is_valid_waiter_error`. Parity: WAITC-37, WAITC-38, WAITC-46.
    fn check_undecided(&self, outcome: &Outcome) -> Result<(), Error> {
        match outcome {
            Outcome::Output { .. } => Ok(()),
            Outcome::ServiceError(failed) => {
                let (code, message) = (repr::str(&failed.error.code), repr::str(&failed.error.message));
                Err(self.failed(&format!("An error occurred ({code}): {message}")))
            }
            Outcome::TransportError(error) => match error.cause {
                Cause::Tls(_) | Cause::Other(_) => Err(error.clone().into()),
                _ if self.was_reached => Ok(()),
                _ => Err(error.clone().into()),
            },
        }
    }

    /// Returns the error of a wait for something that has failed, with its status message in one more line (D21).
    /// Parity: WAITC-30.
    fn terminal_failure(&self, acceptor: &Acceptor, outcome: &Outcome) -> Error {
        let explanation = explanation(acceptor);
        let message = outcome.members().and_then(|members| text_at(members, self.waiter.message));
        let line = match message {
            None | Some("") => String::new(),
            Some(message) => format!("\n{}", message.replace(char::is_control, " ")),
        };
        self.failed(&format!("Waiter encountered a terminal failure state: {explanation}{line}"))
    }

    /// Returns the error of a wait whose attempts are used up. Once an acceptor has matched in any poll, it names the one
    /// that was looked at last, which is the last of all where none matched the last response.
    /// Parity: WAITC-31, WAITC-32.
    fn exhausted(&self, matched: Option<&Acceptor>) -> Error {
        let last = matched.or(self.waiter.acceptors.last()).filter(|_| self.any_matched);
        let before = last.map(|acceptor| format!(". Previously accepted state: {}", explanation(acceptor)));
        self.failed(&format!("Max attempts exceeded{}", before.unwrap_or_default()))
    }

    /// Returns the error of a wait that `reason` ended.
    /// v1: `botocore.exceptions.WaiterError`.
    fn failed(&self, reason: &str) -> Error {
        failure!("Waiter {} failed: {reason}", self.waiter.name)
    }
}

/// Returns the configuration that `--delay` and `--max-attempts` give; `None` where neither was typed.
/// Errors: `Failure` in the form of v1's validation report for a negative delay and for fewer attempts than one.
/// Parity: WOPT-06, WOPT-07, WOPT-09.
fn of_options(options: &Options) -> Result<Option<Dict>, Error> {
    let mut config = Dict::default();
    let mut problems = Vec::new();
    for (name, typed, least) in [("Delay", options.delay, 0), ("MaxAttempts", options.max_attempts, 1)] {
        let Some(value) = typed else { continue };
        if value < least {
            problems.push(format!(
                "Invalid value for parameter WaiterConfig.{name}, value: {value}, valid min value: {least}"
            ));
        }
        config.insert(name, Value::Int(value.min(LONGEST_PAUSE).into()));
    }
    params::report(&problems)?;
    Ok((!config.members.is_empty()).then_some(config))
}

/// Returns `delay` in seconds as the pause between two polls, or Python's words for a value by which nothing can pause.
/// v1: `time.sleep`. Parity: WAITC-35, WAITC-36.
fn pause(delay: &Value) -> Result<Duration, String> {
    let reason = match number(delay) {
        None => return Err(format!("'{}' object cannot be interpreted as an integer", delay.type_name())),
        Some(seconds) if seconds.is_nan() => "Invalid value NaN (not a number)",
        Some(seconds) if seconds.abs() >= TOO_LONG => match delay {
            Value::Float(_) => "timestamp out of range for platform time_t",
            _ => "timestamp too large to convert to C _PyTime_t",
        },
        Some(..0.0) => "sleep length must be non-negative",
        Some(seconds) if seconds >= TOO_LONG - 1.0 => "[Errno 22] Invalid argument",
        Some(seconds) => return Ok(Duration::from_secs_f64(seconds)),
    };
    Err(reason.to_owned())
}

/// Returns the number that `value` is in Python, as near as a float comes to it.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Value::Int(number) => number.to_string().parse().ok(),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

/// Checks whether `condition` holds for `outcome`; a path is not looked at in an error.
/// v1: `AcceptorConfig._create_*_matcher`. Parity: WAITC-25, WAITC-27.
fn matches(condition: Condition, outcome: &Outcome) -> bool {
    match (condition, outcome) {
        (Condition::Path(path, expected), Outcome::Output { members, .. }) => {
            text_at(members, path) == Some(expected)
        }
        (Condition::Status(expected), Outcome::ServiceError(failed)) => failed.status == expected,
        (Condition::Error(expected), Outcome::ServiceError(failed)) => failed.error.code() == Some(expected),
        _ => false,
    }
}

/// Returns the text at `path` in `members`.
pub(crate) fn text_at<'m>(members: &'m Dict, path: &[&str]) -> Option<&'m str> {
    let (first, rest) = path.split_first()?;
    match members.get(first)? {
        Value::Dict(inner) => text_at(inner, rest),
        value => value.as_str().filter(|_| rest.is_empty()),
    }
}

/// Returns v1's words for what `acceptor` expects.
/// v1: `AcceptorConfig.explanation`.
fn explanation(acceptor: &Acceptor) -> String {
    match acceptor.condition {
        Condition::Path(path, expected) => {
            format!("For expression \"{}\" we matched expected path: \"{expected}\"", path.join("."))
        }
        Condition::Status(status) => format!("Matched expected HTTP status code: {status}"),
        Condition::Error(code) => format!("Matched expected service error code: {code}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::service_error::{FailedCall, ServiceError};
    use crate::model::COPY_JOB_COMPLETED;
    use crate::python::{int, json};

    /// Returns a response with a job in `state`.
    fn job(status: u16, state: &str) -> Outcome {
        let document = format!("{{\"CopyJob\": {{\"State\": {state}, \"StatusMessage\": \"no\\nspace\"}}}}");
        let Ok(Value::Dict(members)) = json::decode(&document) else { panic!("{document}") };
        Outcome::Output { status, members }
    }

    /// Returns an error response.
    fn error(status: u16, code: &str) -> Outcome {
        let error = ServiceError { code: code.into(), message: "m".into() };
        Outcome::ServiceError(FailedCall::new(status, error, "X", None))
    }

    /// Returns a lost connection.
    fn lost(cause: Cause) -> Outcome {
        Outcome::TransportError(cause.at("u"))
    }

    /// Returns how a wait ends, whose last outcome comes for ever: the message, the number of polls, the seconds slept.
    fn ending(outcomes: &[fn() -> Outcome], mut wait: Wait<'_>) -> (String, u32, u64) {
        let mut slept = Duration::ZERO;
        let ending = loop {
            let outcome = outcomes[(wait.polls as usize).min(outcomes.len() - 1)]();
            match wait.decide(&outcome) {
                Ok(Some(pause)) => slept += pause,
                Ok(None) => break String::new(),
                Err(error) => break error.text().trim().to_owned(),
            }
        };
        (ending, wait.polls, slept.as_secs())
    }

    /// Returns a wait configured by `--delay` and `--max-attempts`.
    fn by_options(delay: &str, max_attempts: &str) -> Result<Wait<'static>, Error> {
        let [delay, max_attempts] = [delay, max_attempts].map(|text| int::clamped(text).ok());
        let options = Options { delay, max_attempts, ..Options::default() };
        Wait::new(&COPY_JOB_COMPLETED, &options, None)
    }

    /// A wait: its name, the outcomes, the message behind `Waiter .. failed: `, polls and seconds slept.
    type Row = (&'static str, &'static [fn() -> Outcome], &'static str, u32, u64);

    const RUNNING: fn() -> Outcome = || job(200, "\"RUNNING\"");

    /// Checks `rows` with three attempts, 30 seconds apart.
    fn check(rows: &[Row]) {
        for (name, outcomes, message, polls, slept) in rows {
            let (found, found_polls, found_slept) = ending(outcomes, by_options("30", "3").unwrap());
            let found = found.strip_prefix("Waiter CopyJobCompleted failed: ").unwrap_or(&found);
            assert_eq!((found, found_polls, found_slept), (*message, *polls, *slept), "{name}");
        }
    }

    #[test]
    fn responses_decide_as_in_v1() {
        let failed = "Waiter encountered a terminal failure state: For expression \"CopyJob.State\" we matched expected \
                      path: \"FAILED\"\nno space";
        check(&[
            ("completed", &[|| job(200, "\"COMPLETED\"")], "", 1, 0),
            ("completed later", &[RUNNING, || job(200, "\"COMPLETED\"")], "", 2, 30),
            ("completed under 300", &[|| job(300, "\"COMPLETED\"")], "", 1, 0),
            ("failed", &[|| job(200, "\"FAILED\"")], failed, 1, 0),
            ("undecided", &[RUNNING], "Max attempts exceeded", 3, 60),
            ("another type", &[|| job(200, "[\"COMPLETED\"]")], "Max attempts exceeded", 3, 60),
        ]);
    }

    #[test]
    fn errors_decide_as_in_v1() {
        const STATUS: &str =
            "Max attempts exceeded. Previously accepted state: Matched expected HTTP status code: 503";
        const CODE: &str = "Max attempts exceeded. Previously accepted state: Matched expected service error code: Throttling";
        const LAST: &str = "Max attempts exceeded. Previously accepted state: Matched expected service error code: \
                            TooManyRequestsException";
        check(&[
            ("a status to retry", &[|| error(503, "X")], STATUS, 3, 60),
            ("a code to retry", &[|| error(400, "Throttling")], CODE, 3, 60),
            ("an error, then undecided", &[|| error(500, "X"), RUNNING], LAST, 3, 60),
            ("an error", &[RUNNING, || error(400, "X")], "An error occurred (X): m", 2, 30),
            ("another status", &[|| error(501, "X")], "An error occurred (X): m", 1, 0),
        ]);
    }

    #[test]
    fn a_connection_that_is_lost_later_is_an_undecided_poll() {
        const CLOSED: &str =
            "Connection was closed before we received a valid response from endpoint URL: \"u\".";
        check(&[("at first", &[|| lost(Cause::Closed)], CLOSED, 1, 0)]);
        check(&[("later", &[RUNNING, || lost(Cause::Closed), || job(200, "\"COMPLETED\"")], "", 3, 60)]);
        check(&[(
            "a certificate",
            &[RUNNING, || lost(Cause::Tls("r".to_owned()))],
            "SSL validation failed for u r",
            2,
            30,
        )]);
    }

    #[test]
    fn values_of_any_type_are_looked_at_when_they_are_used() {
        let over = "Waiter CopyJobCompleted failed: Max attempts exceeded";
        let rows = [
            (r#"{"MaxAttempts": 0}"#, over, 1, 0),
            (r#"{"MaxAttempts": -1}"#, over, 1, 0),
            (r#"{"MaxAttempts": 1.5}"#, over, 2, 30),
            (r#"{"MaxAttempts": true}"#, over, 1, 0),
            (r#"{"MaxAttempts": "2"}"#, "'>=' not supported between instances of 'int' and 'str'", 1, 0),
            (
                r#"{"MaxAttempts": null}"#,
                "'>=' not supported between instances of 'int' and 'NoneType'",
                1,
                0,
            ),
            (r#"{"MaxAttempts": 2, "Delay": true}"#, over, 2, 1),
            (r#"{"MaxAttempts": 3, "Delay": 0.5}"#, over, 3, 1),
            (r#"{"MaxAttempts": 1, "Delay": "1"}"#, over, 1, 0),
            (r#"{"Delay": -1}"#, "sleep length must be non-negative", 1, 0),
            (r#"{"Delay": "1"}"#, "'str' object cannot be interpreted as an integer", 1, 0),
            (r#"{"Delay": null}"#, "'NoneType' object cannot be interpreted as an integer", 1, 0),
            (r#"{"Delay": NaN}"#, "Invalid value NaN (not a number)", 1, 0),
            (r#"{"Delay": Infinity}"#, "timestamp out of range for platform time_t", 1, 0),
            (r#"{"Delay": 9223372036}"#, "[Errno 22] Invalid argument", 1, 0),
            (r#"{"Delay": 9223372037}"#, "timestamp too large to convert to C _PyTime_t", 1, 0),
            (r#"{"Delay": -9223372036}"#, "sleep length must be non-negative", 1, 0),
            (r#"{"Delay": -9223372037}"#, "timestamp too large to convert to C _PyTime_t", 1, 0),
        ];
        for (given, message, polls, slept) in rows {
            let given = json::decode(given).unwrap();
            let shown = format!("{given:?}");
            let wait = Wait::new(&COPY_JOB_COMPLETED, &Options::default(), Some(given)).unwrap();
            assert_eq!(ending(&[RUNNING], wait), (message.to_owned(), polls, slept), "{shown}");
        }
    }

    #[test]
    fn options_are_checked_before_the_first_poll() {
        let invalid = "Parameter validation failed:\nInvalid value for parameter WaiterConfig.";
        let huge = "99999999999999999999";
        for (delay, max_attempts, expected) in [
            ("0", "1", "Ok(0ns) Ok(1.0)".to_owned()),
            (huge, huge, format!("Ok({LONGEST_PAUSE}s) Ok({LONGEST_PAUSE}.0)")),
            ("-1", "1", format!("{invalid}Delay, value: -1, valid min value: 0")),
            ("0", "0", format!("{invalid}MaxAttempts, value: 0, valid min value: 1")),
            (
                "-2",
                "-3",
                format!(
                    "{invalid}Delay, value: -2, valid min value: 0\nInvalid value for parameter \
                     WaiterConfig.MaxAttempts, value: -3, valid min value: 1"
                ),
            ),
        ] {
            let shown = by_options(delay, max_attempts).map_or_else(
                |error| error.text().trim().to_owned(),
                |wait| format!("{:?} {:?}", wait.pause, wait.max_attempts),
            );
            assert_eq!(shown, expected, "{delay} {max_attempts}");
        }
    }
}
