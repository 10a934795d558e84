//! How often a request is sent, and with what pause: v1's retry modes, for every service that we ask.

use std::time::Duration;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use tracing::debug;

use super::error::Error;
use super::limiter::Limiter;
use super::response::Answer;
use crate::session::{Retry, RetryMode};

/// Legacy: codes that are repeated when the status is 400.
const LEGACY_CODES: [&str; 5] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "ProvisionedThroughputExceededException",
];
/// Legacy: statuses that are repeated whatever the code.
const LEGACY_STATUSES: [u16; 6] = [429, 500, 502, 503, 504, 509];
/// Standard: codes that mean throttling, at any status.
const THROTTLING_CODES: [&str; 14] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
];
/// Standard: other codes that are repeated, at any status.
const TRANSIENT_CODES: [&str; 3] = ["RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete"];
/// Standard: statuses that are repeated whatever the code.
const TRANSIENT_STATUSES: [u16; 4] = [500, 502, 503, 504];
/// STS only: its code for a failing identity provider.
const IDP_CODE: &str = "IDPCommunicationError";
/// Standard: what all retries of a run may cost together.
const QUOTA: u32 = 500;
/// Standard: longest pause in seconds.
const LONGEST: f64 = 20.0;

/// The rules of one call.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Mode and number of attempts.
    pub retry: Retry,
    /// Read timeout, which goes into the `ttl` of later attempts.
    pub read_timeout: Option<Duration>,
    /// True for STS, which knows one more code.
    pub sts: bool,
}

/// What outlives a call of a client: the retry quota and the rate limiter.
#[derive(Debug)]
pub struct State {
    quota: u32,
    limiter: Option<Limiter>,
}

impl State {
    /// Returns the state of a client that has sent nothing.
    pub fn new(mode: RetryMode) -> Self {
        Self { quota: QUOTA, limiter: (mode == RetryMode::Adaptive).then(Limiter::new) }
    }

    /// Gives back what the last retry cost, or one where there was none, if the call succeeded.
    ///
    /// v1: `botocore.retries.standard.RetryQuotaChecker.release_retry_quota`. Rows: WAITC-44.
    fn release(&mut self, result: &Result<Answer, Error>, cost: Option<u32>) {
        if result.as_ref().is_ok_and(|response| (200..300).contains(&response.status)) {
            self.quota = QUOTA.min(self.quota + cost.unwrap_or(1));
        }
    }
}

/// What became of all attempts.
#[derive(Debug)]
pub struct Outcome {
    /// The last answer or error.
    pub result: Result<Answer, Error>,
    /// Retries, the first attempt not counted.
    pub retries: u64,
    /// True when the number of attempts is used up, so that v1 adds `(reached max retries: N)` (RETRY-05).
    pub exhausted: bool,
}

/// Sends until there is nothing to repeat. `send` gets the value of `amz-sdk-request`, and its outer error ends it;
/// `code` reads the error code of an answer, `None` where it has none.
///
/// # Errors
/// Those of `code`, and those of `send` that are not of the attempt.
///
/// v1: `botocore.endpoint.Endpoint._send_request`. Parity: RETRY-01 to RETRY-11.
pub async fn attempts(
    policy: &Policy,
    state: &mut State,
    mut send: impl AsyncFnMut(&str) -> Result<Result<Answer, Error>, crate::error::Error>,
    code: impl Fn(&Answer) -> Result<Option<String>, crate::error::Error>,
) -> Result<Outcome, crate::error::Error> {
    let (mut cost, mut ttl) = (None, None);
    let mut attempt = 1;
    loop {
        if let Some(pause) = state.limiter.as_mut().and_then(Limiter::before_sending) {
            tokio::time::sleep(pause).await;
        }
        let result = send(&attempt_header(attempt, policy.retry.max_attempts, ttl.as_deref())).await?;
        let code = result.as_ref().map_or(Ok(None), &code)?;
        match &result {
            Ok(answer) => debug!("Attempt {attempt}: status {}, error code {code:?}", answer.status),
            Err(error) => debug!("Attempt {attempt}: {error:?}"),
        }
        let seen = Seen { result: &result, code: code.as_deref(), attempt };
        let before = state.quota;
        let verdict = policy.verdict(&seen, &mut state.quota);
        if let Some(limiter) = &mut state.limiter {
            limiter.after_answer(seen.throttled());
        }
        let Verdict::Again(pause) = verdict else {
            let exhausted = matches!(verdict, Verdict::Exhausted);
            debug!("No retry needed.");
            state.release(&result, cost);
            return Ok(Outcome { result, retries: attempt - 1, exhausted });
        };
        cost = Some(before - state.quota);
        debug!("Retry needed, sleeping for {} seconds", pause.as_secs_f64());
        tokio::time::sleep(pause).await;
        ttl = result.ok().and_then(|answer| policy.ttl(&answer)).or(ttl);
        attempt += 1;
    }
}

/// What one attempt brought.
struct Seen<'a> {
    result: &'a Result<Answer, Error>,
    code: Option<&'a str>,
    attempt: u64,
}

/// What follows from it.
enum Verdict {
    /// Sleep, then try again.
    Again(Duration),
    /// The attempts are used up.
    Exhausted,
    /// Nothing to repeat.
    Done,
}

impl Seen<'_> {
    /// Status of the answer.
    fn status(&self) -> Option<u16> {
        self.result.as_ref().ok().map(|answer| answer.status)
    }

    /// True when the code is one of `codes`.
    fn has_code(&self, codes: &[&str]) -> bool {
        self.code.is_some_and(|code| codes.contains(&code))
    }

    /// True when the service asks to be asked less often.
    ///
    /// v1: `botocore.retries.standard.ThrottlingErrorDetector`.
    fn throttled(&self) -> bool {
        self.has_code(&THROTTLING_CODES)
    }

    /// v1: `_retry.json`, `botocore.retryhandler`. Parity: RETRY-02.
    fn repeated_by_legacy(&self, sts: bool) -> bool {
        match self.result {
            Err(error) => !matches!(error, Error::Other(_) | Error::System(_)),
            Ok(answer) => {
                LEGACY_STATUSES.contains(&answer.status)
                    || (answer.status == 400
                        && (self.has_code(&LEGACY_CODES) || (sts && self.has_code(&[IDP_CODE]))))
            }
        }
    }

    /// v1: `botocore.retries.standard.StandardRetryConditions`. Parity: RETRY-03.
    fn repeated_by_standard(&self, sts: bool) -> bool {
        self.result.as_ref().is_err_and(|error| !matches!(error, Error::System(_)))
            || self.status().is_some_and(|status| TRANSIENT_STATUSES.contains(&status))
            || self.has_code(&TRANSIENT_CODES)
            || self.throttled()
            || (sts && self.has_code(&[IDP_CODE]))
    }
}

impl Policy {
    /// Whether `seen` is followed by another attempt.
    fn verdict(&self, seen: &Seen, quota: &mut u32) -> Verdict {
        let last = seen.attempt >= self.retry.max_attempts;
        if self.retry.mode == RetryMode::Legacy {
            return match seen.repeated_by_legacy(self.sts) {
                false => Verdict::Done,
                true if last => Verdict::Exhausted,
                true => Verdict::Again(seconds(fastrand::f64() * doubled(seen.attempt))),
            };
        }
        if last {
            return Verdict::Exhausted;
        }
        let cost = self.cost(seen);
        if !seen.repeated_by_standard(self.sts) || *quota < cost {
            return Verdict::Done;
        }
        *quota -= cost;
        Verdict::Again(seconds(self.pause(seen)))
    }

    /// What a retry after `seen` costs of the quota.
    ///
    /// v1: `botocore.retries.standard.RetryQuotaChecker`.
    fn cost(&self, seen: &Seen) -> u32 {
        match (self.retry.new_delays, seen.result) {
            (true, _) if !seen.throttled() => 14,
            (false, Err(error)) if error.is_timeout() => 10,
            _ => 5,
        }
    }

    /// Seconds before the next attempt in the standard modes.
    ///
    /// v1: `botocore.retries.standard.ExponentialBackoff`. Parity: RETRY-03, RETRY-06, RETRY-07.
    fn pause(&self, seen: &Seen) -> f64 {
        let base = if self.retry.new_delays && !seen.throttled() { 0.05 } else { 1.0 };
        let pause = fastrand::f64() * (base * doubled(seen.attempt)).min(LONGEST);
        let header = seen.result.as_ref().ok().and_then(|answer| answer.headers.get("x-amz-retry-after"));
        match header.filter(|_| self.retry.new_delays).and_then(|value| milliseconds(&value)) {
            Some(asked) => pause.max(asked.min(pause + 5.0)),
            None => pause,
        }
    }

    /// When the next attempt is over, by the clock of the service.
    ///
    /// v1: `botocore.endpoint.Endpoint._calculate_ttl`. Parity: RETRY-09.
    fn ttl(&self, answer: &Answer) -> Option<String> {
        let date = DateTime::from_str(&answer.headers.get("date")?, Format::HttpDate).ok()?;
        let wait = i64::try_from(self.read_timeout?.as_secs()).ok()?;
        let over = DateTime::from_secs(date.secs().checked_add(wait)?);
        let spelled = over.fmt(Format::DateTime).ok()?;
        Some(spelled.replace(['-', ':'], ""))
    }
}

/// The value of `amz-sdk-request`: the first attempt does not know yet how many there may be.
///
/// v1: `botocore.handlers.add_retry_headers`. Parity: RETRY-09.
fn attempt_header(attempt: u64, most: u64, ttl: Option<&str>) -> String {
    match ttl {
        _ if attempt == 1 => "attempt=1".to_owned(),
        None => format!("attempt={attempt}; max={most}"),
        Some(ttl) => format!("ttl={ttl}; attempt={attempt}; max={most}"),
    }
}

/// Two to the power of the attempts that went before.
fn doubled(attempt: u64) -> f64 {
    2f64.powi(i32::try_from(attempt - 1).unwrap_or(i32::MAX))
}

/// A pause; one that no clock can hold lasts for ever.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

/// The seconds that `x-amz-retry-after` asks for.
fn milliseconds(value: &str) -> Option<f64> {
    let asked = u64::try_from(&crate::python::int::int(value).ok()?).ok()?;
    Some(Duration::from_millis(asked).as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;

    /// Rules of `mode` with three attempts.
    fn policy(mode: RetryMode) -> Policy {
        Policy {
            retry: Retry { mode, max_attempts: 3, new_delays: false },
            read_timeout: Some(Duration::from_mins(1)),
            sts: false,
        }
    }

    /// An answer of `status`.
    fn answer(status: u16) -> Answer {
        Answer { status, headers: Headers::default(), body: Vec::new() }
    }

    #[test]
    fn what_is_repeated() {
        for (status, code, legacy, standard) in [
            (500, None, true, true),
            (509, None, true, false),
            (429, Some("Nope"), true, false),
            (429, Some("TooManyRequestsException"), true, true),
            (400, Some("Throttling"), true, true),
            (403, Some("ThrottlingException"), false, true),
            (400, Some("LimitExceededException"), false, true),
            (408, None, false, false),
            (501, None, false, false),
            (400, Some("RequestTimeout"), false, true),
            (400, Some("IDPCommunicationError"), false, false),
        ] {
            let result = Ok(answer(status));
            let seen = Seen { result: &result, code, attempt: 1 };
            let found = (seen.repeated_by_legacy(false), seen.repeated_by_standard(false));
            assert_eq!(found, (legacy, standard), "{status} {code:?}");
        }
    }

    #[test]
    fn the_last_attempt() {
        for (mode, status, exhausted) in [
            (RetryMode::Legacy, 500, true),
            (RetryMode::Legacy, 400, false),
            (RetryMode::Standard, 500, true),
            (RetryMode::Standard, 400, true),
        ] {
            let result = Ok(answer(status));
            let verdict = policy(mode).verdict(&Seen { result: &result, code: None, attempt: 3 }, &mut 500);
            assert_eq!(matches!(verdict, Verdict::Exhausted), exhausted, "{mode:?} {status}");
        }
    }

    #[test]
    fn the_quota_ends_the_retries() {
        let (result, mut quota) = (Err(Error::ReadTimeout), 19);
        let seen = Seen { result: &result, code: None, attempt: 1 };
        let rules = policy(RetryMode::Standard);
        assert!(matches!(rules.verdict(&seen, &mut quota), Verdict::Again(_)));
        assert!(matches!(rules.verdict(&seen, &mut quota), Verdict::Done));
    }

    #[test]
    fn the_header_of_an_attempt() {
        let mut dated = answer(500);
        dated.headers.0.push(("Date".into(), "Tue, 03 Feb 2026 23:59:30 GMT".into()));
        let ttl = policy(RetryMode::Legacy).ttl(&dated);
        assert_eq!(attempt_header(1, 5, None), "attempt=1");
        assert_eq!(attempt_header(2, 5, None), "attempt=2; max=5");
        assert_eq!(attempt_header(3, 5, ttl.as_deref()), "ttl=20260204T000030Z; attempt=3; max=5");
    }
}
