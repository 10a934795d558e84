//! A waiter: polls until an acceptor decides.
//!
//! The waiter is data ([`crate::model::Waiter`]); what a poll is and how time passes is given by a [`Poller`], so that
//! tests need neither a service nor a clock. Mirrors `Waiter.wait` of `botocore/waiter.py`.

use std::time::Duration;

use crate::call::Outcome;
use crate::error::{Error, failure};
use crate::http;
use crate::model::{Acceptor, AcceptorState, Condition, Waiter};
use crate::python::{Dict, Value, int, repr};

/// Rhythm and length of a wait. The values are those of `WaiterConfig`, of any type: v1 looks at them when it first
/// uses them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WaiterConfig {
    /// Seconds between the end of a poll and the next one.
    pub(crate) delay: Value,
    /// The number of polls after which the wait fails.
    pub(crate) max_attempts: Value,
}

impl WaiterConfig {
    /// Returns the configuration of `waiter`, with the values that `given`, the member `WaiterConfig`, replaces.
    /// Errors: `Failure` in our words where `given` is no object (deviation D1).
    /// Parity: WAITC-14, WAITC-15.
    pub(crate) fn of(waiter: &Waiter, given: Option<&Value>) -> Result<Self, Error> {
        let given = match given {
            None => &Dict::default(),
            Some(Value::Dict(given)) => given,
            Some(other) => {
                return Err(failure!(
                    "The member WaiterConfig is no object: a value of type {}",
                    other.type_name()
                ));
            }
        };
        let value =
            |name, default: u32| given.get(name).cloned().unwrap_or_else(|| u64::from(default).into());
        Ok(Self {
            delay: value("Delay", waiter.delay),
            max_attempts: value("MaxAttempts", waiter.max_attempts),
        })
    }

    /// Returns the configuration of `waiter` with the values of the options in the place of its own.
    /// Errors: `Failure` in the form of v1's validation report for a negative delay and for fewer attempts than one.
    /// Parity: WOPT-06, WOPT-07, WOPT-09, WOPT-10.
    pub(crate) fn of_options(
        waiter: &Waiter,
        delay: Option<i64>,
        max_attempts: Option<i64>,
    ) -> Result<Self, Error> {
        let delay = delay.unwrap_or_else(|| waiter.delay.into());
        let max_attempts = max_attempts.unwrap_or_else(|| waiter.max_attempts.into());
        let problems: Vec<String> = [("Delay", delay, 0), ("MaxAttempts", max_attempts, 1)]
            .into_iter()
            .filter(|(_, value, least)| value < least)
            .map(|(name, value, least)| {
                format!("Invalid value for parameter WaiterConfig.{name}, value: {value}, valid min value: {least}")
            })
            .collect();
        if !problems.is_empty() {
            return Err(failure!("Parameter validation failed:\n{}", problems.join("\n")));
        }
        let delay = Value::Int(delay.min(LONGEST_PAUSE).into());
        Ok(Self { delay, max_attempts: Value::Int(max_attempts.into()) })
    }

    /// Returns the pause between two polls.
    /// Errors: `Failure` in Python's words for a value by which nothing can pause.
    /// v1: `time.sleep`. Parity: WAITC-35, WAITC-36.
    fn pause(&self) -> Result<Duration, Error> {
        match &self.delay {
            Value::Bool(flag) => Ok(Duration::from_secs(u64::from(*flag))),
            Value::Int(seconds) => match int::clamp(seconds) {
                seconds @ 0..=LONGEST_PAUSE => Ok(Duration::from_secs(seconds.unsigned_abs())),
                seconds if (-LONGEST_PAUSE - 1..0).contains(&seconds) => Err(negative_pause()),
                seconds if seconds == LONGEST_PAUSE + 1 => Err(failure!("[Errno 22] Invalid argument")),
                _ => Err(failure!("timestamp too large to convert to C _PyTime_t")),
            },
            Value::Float(seconds) if seconds.is_nan() => Err(failure!("Invalid value NaN (not a number)")),
            Value::Float(seconds) if seconds.abs() >= TOO_LONG => {
                Err(failure!("timestamp out of range for platform time_t"))
            }
            Value::Float(seconds) if *seconds < 0.0 => Err(negative_pause()),
            Value::Float(seconds) if *seconds >= TOO_LONG - 1.0 => {
                Err(failure!("[Errno 22] Invalid argument"))
            }
            Value::Float(seconds) => Ok(Duration::from_secs_f64(*seconds)),
            other => Err(failure!("'{}' object cannot be interpreted as an integer", other.type_name())),
        }
    }

    /// Checks that `polls` are enough.
    /// Errors: `Failure` in Python's words for a value that is no number.
    /// Parity: WAITC-33, WAITC-34.
    fn is_exhausted(&self, polls: u32) -> Result<bool, Error> {
        match &self.max_attempts {
            Value::Bool(flag) => Ok(polls >= u32::from(*flag)),
            Value::Int(attempts) => Ok(i64::from(polls) >= int::clamp(attempts)),
            Value::Float(attempts) => Ok(f64::from(polls) >= *attempts),
            other => {
                let kind = other.type_name();
                Err(failure!("'>=' not supported between instances of 'int' and '{kind}'"))
            }
        }
    }
}

/// Seconds from which on v1 cannot hold a pause.
const TOO_LONG: f64 = 9_223_372_037.0;

/// The longest pause in seconds that the system's clock holds, 292 years after its start.
const LONGEST_PAUSE: i64 = 9_223_372_035;

/// Returns Python's error for a pause below zero.
fn negative_pause() -> Error {
    failure!("sleep length must be non-negative")
}

/// What a wait polls and how it passes time.
pub(crate) trait Poller {
    /// Calls the operation once, with the retries of a call.
    async fn poll(&mut self) -> Result<Outcome, Error>;

    /// Lets `pause` pass.
    async fn pause(&mut self, pause: Duration);

    /// Takes note of a poll that has not decided, with the response's members where it has any.
    fn undecided(&mut self, polls: u32, response: Option<&Dict>);
}

/// Polls until an acceptor of `waiter` decides, or the attempts are used up.
/// Errors: `Failure`: the wait failed, in the words of v1's waiter; or a poll did, in those of the poll.
/// v1: `Waiter.wait`. Parity: WAITC-22 to WAITC-38.
pub(crate) async fn wait(
    waiter: &Waiter,
    config: &WaiterConfig,
    poller: &mut impl Poller,
) -> Result<(), Error> {
    let mut polls = 0_u32;
    let mut any_matched = false;
    let mut was_reached = false;
    loop {
        let outcome = poller.poll().await?;
        polls = polls.saturating_add(1);
        let matched = waiter.acceptors.iter().find(|acceptor| matches(acceptor.condition, &outcome));
        any_matched |= matched.is_some();
        match matched.map(|acceptor| acceptor.state) {
            Some(AcceptorState::Success) => return Ok(()),
            Some(AcceptorState::Failure) => return Err(terminal_failure(waiter, matched, &outcome)),
            Some(AcceptorState::Retry) => {}
            None => check_undecided(waiter, &outcome, was_reached)?,
        }
        was_reached |= !matches!(outcome, Outcome::TransportError { .. });
        if config.is_exhausted(polls)? {
            return Err(exhausted(waiter, matched, any_matched));
        }
        poller.undecided(polls, members(&outcome));
        poller.pause(config.pause()?).await;
    }
}

/// Returns the members of a response that is no error.
fn members(outcome: &Outcome) -> Option<&Dict> {
    match outcome {
        Outcome::Output { members, .. } => Some(members),
        _ => None,
    }
}

/// Checks whether `condition` holds for `outcome`; a path is not looked at in an error.
/// v1: `AcceptorConfig._create_*_matcher`. Parity: WAITC-25 to WAITC-27.
fn matches(condition: Condition, outcome: &Outcome) -> bool {
    match (condition, outcome) {
        (Condition::Path(path, expected), Outcome::Output { members, .. }) => {
            text_at(members, path) == Some(expected)
        }
        (
            Condition::Status(expected),
            Outcome::Output { status, .. } | Outcome::ServiceError { status, .. },
        ) => *status == expected,
        (Condition::Error(expected), Outcome::ServiceError { error, .. }) => error.code() == Some(expected),
        _ => false,
    }
}

/// Returns the text at `path` in `members`.
pub(crate) fn text_at<'m>(members: &'m Dict, path: &[&str]) -> Option<&'m str> {
    let (last, parents) = path.split_last()?;
    let parent = parents.iter().try_fold(members, |members, name| match members.get(name) {
        Some(Value::Dict(inner)) => Some(inner),
        _ => None,
    })?;
    parent.get(last)?.as_str()
}

/// Checks that a poll which no acceptor knows leaves the wait undecided. A lost connection does once there was a
/// response (deviation D20).
/// Errors: `Failure` for a service error, without the operation's name, and for a transport error.
/// v1: `is_valid_waiter_error`. Parity: WAITC-37, WAITC-38, WAITC-46.
fn check_undecided(waiter: &Waiter, outcome: &Outcome, was_reached: bool) -> Result<(), Error> {
    match outcome {
        Outcome::Output { .. } => Ok(()),
        Outcome::ServiceError { error, .. } => {
            let (code, message) = (repr::str(&error.code), repr::str(&error.message));
            Err(failed(waiter, &format!("An error occurred ({code}): {message}")))
        }
        Outcome::TransportError { error, .. } if was_reached && is_lost_connection(error) => Ok(()),
        Outcome::TransportError { error, url } => Err(failure!("{}", error.text(url))),
    }
}

/// Returns true for an error of the connection, which may be gone at the next poll, false for what stays.
fn is_lost_connection(error: &http::Error) -> bool {
    !matches!(error, http::Error::Tls(_) | http::Error::Other(_))
}

/// Returns the error of a wait that `reason` ended.
/// v1: `botocore.exceptions.WaiterError`.
fn failed(waiter: &Waiter, reason: &str) -> Error {
    failure!("Waiter {} failed: {reason}", waiter.name)
}

/// Returns the error of a wait for something that has failed, with its status message in one more line (deviation
/// D21).
/// Parity: WAITC-30.
fn terminal_failure(waiter: &Waiter, acceptor: Option<&Acceptor>, outcome: &Outcome) -> Error {
    let explanation = acceptor.map(explanation).unwrap_or_default();
    let message = members(outcome).and_then(|members| text_at(members, waiter.message)).unwrap_or_default();
    let line = if message.is_empty() { String::new() } else { format!("\n{}", one_line(message)) };
    failed(waiter, &format!("Waiter encountered a terminal failure state: {explanation}{line}"))
}

/// Returns `message` with a blank for each control character.
fn one_line(message: &str) -> String {
    message.replace(char::is_control, " ")
}

/// Returns the error of a wait whose attempts are used up. Once an acceptor has matched in any poll, the one that was
/// looked at last is named: where none matched the last response, that is the last of all.
/// Parity: WAITC-31, WAITC-32.
fn exhausted(waiter: &Waiter, matched: Option<&Acceptor>, any_matched: bool) -> Error {
    match matched.or(waiter.acceptors.last()).filter(|_| any_matched) {
        None => failed(waiter, "Max attempts exceeded"),
        Some(acceptor) => {
            let explanation = explanation(acceptor);
            failed(waiter, &format!("Max attempts exceeded. Previously accepted state: {explanation}"))
        }
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
    use crate::http::service_error::ServiceError;
    use crate::model::COPY_JOB_COMPLETED;
    use crate::python::json;

    /// A service that gives its outcomes in order, the last of them for ever, and a clock that counts.
    struct FakePoller {
        outcomes: Vec<fn() -> Outcome>,
        polls: u32,
        slept: Duration,
    }

    impl Poller for FakePoller {
        async fn poll(&mut self) -> Result<Outcome, Error> {
            let outcome = self.outcomes[(self.polls as usize).min(self.outcomes.len() - 1)];
            self.polls += 1;
            Ok(outcome())
        }

        async fn pause(&mut self, pause: Duration) {
            self.slept += pause;
        }

        fn undecided(&mut self, polls: u32, _: Option<&Dict>) {
            assert_eq!(polls, self.polls);
        }
    }

    /// Returns a response with a job in `state`.
    fn job(status: u16, state: &str) -> Outcome {
        let document = format!("{{\"CopyJob\": {{\"State\": {state}, \"StatusMessage\": \"no\\nspace\"}}}}");
        let Ok(Value::Dict(members)) = json::decode(&document) else { panic!("{document}") };
        Outcome::Output { status, members }
    }

    /// Returns an error response.
    fn error(status: u16, code: &str) -> Outcome {
        let error = ServiceError { code: code.into(), message: "m".into() };
        Outcome::ServiceError { status, error, exhausted: None }
    }

    /// Returns a lost connection.
    fn lost(error: http::Error) -> Outcome {
        Outcome::TransportError { error, url: "u".to_owned() }
    }

    /// Returns how a wait ends: the message, the number of polls, the seconds slept.
    fn ending(outcomes: &[fn() -> Outcome], config: &WaiterConfig) -> (String, u32, u64) {
        let mut poller = FakePoller { outcomes: outcomes.to_vec(), polls: 0, slept: Duration::ZERO };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let ending = runtime.block_on(wait(&COPY_JOB_COMPLETED, config, &mut poller));
        let message = ending.err().map(|error| error.text().trim().to_owned()).unwrap_or_default();
        (message, poller.polls, poller.slept.as_secs())
    }

    /// A wait: its name, the outcomes, the message behind `Waiter .. failed: `, polls and seconds slept.
    type Row = (&'static str, &'static [fn() -> Outcome], &'static str, u32, u64);

    const RUNNING: fn() -> Outcome = || job(200, "\"RUNNING\"");

    /// Checks `rows` with three attempts, 30 seconds apart.
    fn check(rows: &[Row]) {
        let config = WaiterConfig { delay: Value::Int(30.into()), max_attempts: Value::Int(3.into()) };
        for (name, outcomes, message, polls, slept) in rows {
            let (found, found_polls, found_slept) = ending(outcomes, &config);
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
        check(&[("at first", &[|| lost(http::Error::Closed)], CLOSED, 1, 0)]);
        check(&[(
            "later",
            &[RUNNING, || lost(http::Error::Closed), || job(200, "\"COMPLETED\"")],
            "",
            3,
            60,
        )]);
        check(&[(
            "a certificate",
            &[RUNNING, || lost(http::Error::Tls("r".to_owned()))],
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
            let config = WaiterConfig::of(&COPY_JOB_COMPLETED, Some(&given)).unwrap();
            assert_eq!(ending(&[RUNNING], &config), (message.to_owned(), polls, slept), "{given:?}");
        }
    }

    #[test]
    fn options_are_checked_before_the_first_poll() {
        let invalid = "Parameter validation failed:\nInvalid value for parameter WaiterConfig.";
        let huge = "99999999999999999999";
        for (delay, max_attempts, expected) in [
            ("0", "1", "Int(0) Int(1)".to_owned()),
            (huge, huge, format!("Int({LONGEST_PAUSE}) Int({})", i64::MAX)),
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
            let [first, second] = [delay, max_attempts].map(|text| int::clamped(text).ok());
            let config = WaiterConfig::of_options(&COPY_JOB_COMPLETED, first, second);
            let shown = config.map_or_else(
                |error| error.text().trim().to_owned(),
                |config| format!("{:?} {:?}", config.delay, config.max_attempts),
            );
            assert_eq!(shown, expected, "{delay} {max_attempts}");
        }
    }
}
