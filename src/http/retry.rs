//! Decides how often a request is sent, and with which pauses: v1's retry modes, for all services.

use std::time::Duration;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use tracing::debug;

use super::clock::Clock;
use super::error::{Cause, Error};
use super::limiter::RateLimiter;
use super::response::Response;
use crate::python::int;
use crate::session::{Retry, RetryMode};

/// Codes that mean throttling; mode `legacy` repeats them when the status is 400.
const LEGACY_CODES: [&str; 5] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "ProvisionedThroughputExceededException",
];
/// Standard: more codes that mean throttling.
const THROTTLING_CODES: [&str; 9] = [
    "TooManyRequestsException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
];
/// Standard: other codes that are repeated.
const TRANSIENT_CODES: [&str; 2] = ["RequestTimeout", "RequestTimeoutException"];
/// The code of STS for a failing identity provider.
pub(crate) const STS_CODES: [&str; 1] = ["IDPCommunicationError"];
/// Standard: what all retries of a run may cost together.
const QUOTA: u32 = 500;
/// Standard: longest pause in seconds.
const MAX_BACKOFF: f64 = 20.0;

/// The rules of a client, and what outlives its calls: the retry quota and the rate limiter.
#[derive(Debug)]
pub(crate) struct State {
    retry: Retry,
    /// Goes into the `ttl` of later attempts.
    read_timeout: Option<Duration>,
    /// Error codes of this service alone after which a request is repeated.
    extra_codes: &'static [&'static str],
    quota: u32,
    limiter: Option<RateLimiter>,
}

impl State {
    /// Returns the state of a client that has sent nothing.
    pub(crate) fn new(
        retry: Retry,
        read_timeout: Option<Duration>,
        extra_codes: &'static [&'static str],
        clock: &impl Clock,
    ) -> Self {
        let limiter = (retry.mode == RetryMode::Adaptive).then(|| RateLimiter::new(clock.now()));
        Self { retry, read_timeout, extra_codes, quota: QUOTA, limiter }
    }

    /// Gives back what the last retry cost, or one where there was none, if the call succeeded.
    /// v1: `botocore.retries.standard.RetryQuotaChecker.release_retry_quota`. Rows: WAITC-44.
    fn release(&mut self, result: &Result<Response, Error>, cost: Option<u32>) {
        if result.as_ref().is_ok_and(|response| (200..300).contains(&response.status)) {
            self.quota = QUOTA.min(self.quota + cost.unwrap_or(1));
        }
    }

    /// Returns the pause before another attempt; `None` where there is none. `random` is from 0 to 1.
    fn pause(&mut self, seen: &AttemptResult, random: impl FnOnce() -> f64) -> Option<Duration> {
        if seen.attempt >= self.retry.max_attempts || !self.is_repeated(seen) {
            return None;
        }
        if self.retry.mode == RetryMode::Legacy {
            return Some(seconds(random() * doubled(seen.attempt)));
        }
        self.quota = self.quota.checked_sub(self.cost(seen))?;
        Some(seconds(self.backoff(seen, random())))
    }

    /// Returns true when the attempts are used up; the standard modes count one before they look at it.
    fn is_exhausted(&self, seen: &AttemptResult) -> bool {
        let is_last = seen.attempt >= self.retry.max_attempts;
        is_last && (self.retry.mode != RetryMode::Legacy || self.is_repeated(seen))
    }

    /// Returns true for what the mode repeats.
    /// v1: `_retry.json`, `botocore.retries.standard.StandardRetryConditions`. Parity: RETRY-02, RETRY-03.
    fn is_repeated(&self, seen: &AttemptResult) -> bool {
        let has_own_code = seen.has_code(self.extra_codes);
        match (seen.result, self.retry.mode) {
            (Err(error), RetryMode::Legacy) => !matches!(error.cause, Cause::Other(_) | Cause::System(_)),
            (Err(error), _) => !matches!(error.cause, Cause::System(_)),
            (Ok(response), RetryMode::Legacy) => {
                matches!(response.status, 429 | 500 | 502..=504 | 509)
                    || (response.status == 400 && (has_own_code || seen.has_code(&LEGACY_CODES)))
            }
            (Ok(response), _) => {
                matches!(response.status, 500 | 502..=504)
                    || has_own_code
                    || seen.has_code(&TRANSIENT_CODES)
                    || seen.is_throttled()
            }
        }
    }

    /// Returns what a retry after `seen` costs of the quota.
    /// v1: `botocore.retries.standard.RetryQuotaChecker`.
    fn cost(&self, seen: &AttemptResult) -> u32 {
        match seen.result {
            _ if self.retry.new_delays && !seen.is_throttled() => 14,
            Err(Error { cause: Cause::ConnectTimeout | Cause::ReadTimeout, .. }) => 10,
            _ => 5,
        }
    }

    /// Returns the seconds before the next attempt in the standard modes.
    /// v1: `botocore.retries.standard.ExponentialBackoff`. Parity: RETRY-03, RETRY-06, RETRY-07.
    fn backoff(&self, seen: &AttemptResult, random: f64) -> f64 {
        let base = if self.retry.new_delays && !seen.is_throttled() { 0.05 } else { 1.0 };
        let pause = random * (base * doubled(seen.attempt)).min(MAX_BACKOFF);
        let response = seen.result.as_ref().ok().filter(|_| self.retry.new_delays);
        match response.and_then(asked_pause) {
            Some(asked) => pause.max(asked.min(pause + 5.0)),
            None => pause,
        }
    }

    /// Returns when the next attempt is over, by the clock of the service.
    /// v1: `botocore.endpoint.Endpoint._calculate_ttl`. Parity: RETRY-09.
    fn ttl(&self, response: &Response) -> Option<String> {
        let date = DateTime::from_str(&response.headers.get("date")?, Format::HttpDate).ok()?;
        let wait = i64::try_from(self.read_timeout?.as_secs()).ok()?;
        let over = DateTime::from_secs(date.secs().checked_add(wait)?);
        let spelled = over.fmt(Format::DateTime).ok()?;
        Some(spelled.replace(['-', ':'], ""))
    }
}

/// What became of all attempts.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub result: Result<Response, Error>,
    /// The first attempt not counted.
    pub retries: u64,
    /// True when the number of attempts is used up, so that v1 adds `(reached max retries: N)` (RETRY-05).
    pub exhausted: bool,
}

/// Sends a request until there is nothing to repeat. `send` gets the value of `amz-sdk-request`, and its outer error ends
/// it; `code` reads the error code of a response, `None` where it has none.
/// v1: `botocore.endpoint.Endpoint._send_request`. Parity: RETRY-01 to RETRY-11.
pub(crate) async fn attempts(
    state: &mut State,
    clock: &impl Clock,
    mut send: impl AsyncFnMut(&str) -> Result<Result<Response, Error>, crate::error::Error>,
    code: impl Fn(&Response) -> Result<Option<String>, crate::error::Error>,
) -> Result<Outcome, crate::error::Error> {
    let (mut cost, mut ttl) = (None, None);
    let mut attempt = 1;
    loop {
        if let Some(pause) = state.limiter.as_mut().and_then(|limiter| limiter.acquire(clock.now())) {
            clock.sleep(pause).await;
        }
        let result = send(&attempt_header(attempt, state.retry.max_attempts, ttl.as_deref())).await?;
        let code = result.as_ref().map_or(Ok(None), &code)?;
        match &result {
            Ok(response) => debug!("Attempt {attempt}: status {}, error code {code:?}", response.status),
            Err(error) => debug!("Attempt {attempt}: {:?}", error.cause),
        }
        let seen = AttemptResult { result: &result, code: code.as_deref(), attempt };
        let before = state.quota;
        let pause = state.pause(&seen, || clock.random());
        if let Some(limiter) = &mut state.limiter {
            limiter.record(seen.is_throttled(), clock.now());
        }
        let Some(pause) = pause else {
            let exhausted = state.is_exhausted(&seen);
            debug!("No retry needed.");
            state.release(&result, cost);
            return Ok(Outcome { result, retries: attempt - 1, exhausted });
        };
        cost = Some(before - state.quota);
        debug!("Retry needed, sleeping for {} seconds", pause.as_secs_f64());
        clock.sleep(pause).await;
        ttl = result.ok().and_then(|response| state.ttl(&response)).or(ttl);
        attempt += 1;
    }
}

struct AttemptResult<'a> {
    result: &'a Result<Response, Error>,
    code: Option<&'a str>,
    attempt: u64,
}

impl AttemptResult<'_> {
    fn has_code(&self, codes: &[&str]) -> bool {
        self.code.is_some_and(|code| codes.contains(&code))
    }

    /// Returns true for throttling error codes.
    /// v1: `botocore.retries.standard.ThrottlingErrorDetector`.
    fn is_throttled(&self) -> bool {
        self.has_code(&LEGACY_CODES) || self.has_code(&THROTTLING_CODES)
    }
}

/// Returns the value of `amz-sdk-request`: the first attempt does not say how many there may be.
/// v1: `botocore.handlers.add_retry_headers`. Parity: RETRY-09.
fn attempt_header(attempt: u64, most: u64, ttl: Option<&str>) -> String {
    match ttl {
        _ if attempt == 1 => "attempt=1".to_owned(),
        None => format!("attempt={attempt}; max={most}"),
        Some(ttl) => format!("ttl={ttl}; attempt={attempt}; max={most}"),
    }
}

/// Returns two to the power of the attempts that went before.
fn doubled(attempt: u64) -> f64 {
    2f64.powi(i32::try_from(attempt - 1).unwrap_or(i32::MAX))
}

/// Returns a pause; one that no clock can hold lasts for ever.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

/// Returns the seconds that the service asks for in `x-amz-retry-after`, there in milliseconds.
fn asked_pause(response: &Response) -> Option<f64> {
    let asked = int::clamped(&response.headers.get("x-amz-retry-after")?).ok()?;
    Some(Duration::from_millis(u64::try_from(asked).ok()?).as_secs_f64())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::slice::from_ref;

    use super::*;
    use crate::http::headers::Headers;
    use crate::http::run;

    /// A clock that stands at 100 plus what was slept, and random numbers of one half.
    #[derive(Default)]
    struct Fake(RefCell<Vec<Duration>>);

    impl Clock for Fake {
        fn now(&self) -> f64 {
            self.0.borrow().iter().fold(100.0, |now, pause| now + pause.as_secs_f64())
        }

        fn random(&self) -> f64 {
            0.5
        }

        async fn sleep(&self, pause: Duration) {
            self.0.borrow_mut().push(pause);
        }
    }

    /// Returns the rules of `mode` with so many attempts.
    fn policy(mode: RetryMode, max_attempts: u64) -> Retry {
        Retry { mode, max_attempts, new_delays: false }
    }

    /// Returns the state of a client that waits a minute for a response.
    fn state(retry: Retry) -> State {
        State::new(retry, Some(Duration::from_mins(1)), &[], &Fake::default())
    }

    /// Returns a response of `status`.
    fn response(status: u16) -> Response {
        Response { status, headers: Headers::default(), body: Vec::new() }
    }

    /// Makes a call whose attempts end so (the last one for ever) and returns pauses in milliseconds, the values of
    /// `amz-sdk-request`, the outcome.
    fn call(state: &mut State, results: &[Result<Response, Error>]) -> (Vec<u128>, Vec<String>, Outcome) {
        let (clock, mut values) = (Fake::default(), Vec::new());
        let send = async |attempt: &str| {
            values.push(attempt.to_owned());
            Ok(results[(values.len() - 1).min(results.len() - 1)].clone())
        };
        let code = |response: &Response| Ok(response.headers.get("code"));
        let outcome = run(attempts(state, &clock, send, code)).unwrap();
        (clock.0.borrow().iter().map(Duration::as_millis).collect(), values, outcome)
    }

    /// Returns a response of `status` with an error code, and one more header.
    fn failed(status: u16, code: &str, header: (&str, &str)) -> Response {
        let mut response = response(status);
        response.headers.0.push(("code".into(), code.into()));
        response.headers.0.push((header.0.into(), header.1.into()));
        response
    }

    #[test]
    fn what_is_repeated() {
        for (status, code, legacy, standard) in [
            (500, None, true, true),
            (502, None, true, true),
            (503, None, true, true),
            (504, None, true, true),
            (509, None, true, false),
            (505, None, false, false),
            (429, Some("Nope"), true, false),
            (429, Some("TooManyRequestsException"), true, true),
            (400, Some("Throttling"), true, true),
            (400, Some("ProvisionedThroughputExceededException"), true, true),
            (403, Some("ThrottlingException"), false, true),
            (400, Some("LimitExceededException"), false, true),
            (400, Some("Nope"), false, false),
            (408, None, false, false),
            (501, None, false, false),
            (400, Some("RequestTimeout"), false, true),
            (400, Some("RequestTimeoutException"), false, true),
            (400, Some("PriorRequestNotComplete"), false, true),
            (400, Some("IDPCommunicationError"), false, false),
            (200, None, false, false),
        ] {
            let result = Ok(response(status));
            let seen = AttemptResult { result: &result, code, attempt: 1 };
            let found = [RetryMode::Legacy, RetryMode::Standard]
                .map(|mode| state(policy(mode, 3)).is_repeated(&seen));
            assert_eq!(found, [legacy, standard], "{status} {code:?}");
        }
        let result = Ok(response(400));
        let seen = AttemptResult { result: &result, code: Some("IDPCommunicationError"), attempt: 1 };
        for mode in [RetryMode::Legacy, RetryMode::Standard] {
            assert!(State { extra_codes: &STS_CODES, ..state(policy(mode, 3)) }.is_repeated(&seen));
        }
    }

    #[test]
    fn codes_of_throttling_and_transient_errors() {
        let both = "Throttling ThrottlingException ThrottledException RequestThrottledException \
            ProvisionedThroughputExceededException";
        let throttling = "TooManyRequestsException TransactionInProgressException RequestLimitExceeded \
            BandwidthLimitExceeded LimitExceededException RequestThrottled SlowDown PriorRequestNotComplete \
            EC2ThrottledException";
        let rows = [(both, (true, true, true)), (throttling, (false, true, true))];
        let transient = ("RequestTimeout RequestTimeoutException", (false, true, false));
        for (codes, expected) in rows.into_iter().chain([transient]) {
            for code in codes.split_whitespace() {
                let result = Ok(response(400));
                let seen = AttemptResult { result: &result, code: Some(code), attempt: 1 };
                let repeated = [RetryMode::Legacy, RetryMode::Standard]
                    .map(|mode| state(policy(mode, 3)).is_repeated(&seen));
                assert_eq!((repeated[0], repeated[1], seen.is_throttled()), expected, "{code}");
            }
        }
    }

    #[test]
    fn errors_without_a_response_are_repeated_unless_nothing_can_mend_them() {
        for (cause, legacy, standard) in [
            (Cause::ConnectFailed, true, true),
            (Cause::ConnectTimeout, true, true),
            (Cause::ReadTimeout, true, true),
            (Cause::Closed, true, true),
            (Cause::Tls(String::new()), true, true),
            (Cause::Proxy(String::new()), true, true),
            (Cause::Other(String::new()), false, true),
            (Cause::System(String::new()), false, false),
        ] {
            let result = Err(cause.at("u"));
            let seen = AttemptResult { result: &result, code: None, attempt: 1 };
            let found = [RetryMode::Legacy, RetryMode::Standard]
                .map(|mode| state(policy(mode, 3)).is_repeated(&seen));
            assert_eq!(found, [legacy, standard], "{result:?}");
        }
    }

    #[test]
    fn pauses_double_by_chance_up_to_twenty_seconds() {
        let mut new = policy(RetryMode::Standard, 9);
        new.new_delays = true;
        let doubled = [500, 1000, 2000, 4000, 8000, 16000, 32000, 64000];
        let capped = [500, 1000, 2000, 4000, 8000, 10000, 10000, 10000];
        let tenths = [25, 50, 100, 200, 400, 800, 1600, 3200];
        for (policy, result, expected) in [
            (policy(RetryMode::Legacy, 9), Err(Cause::Closed.at("u")), &doubled),
            (policy(RetryMode::Standard, 9), Err(Cause::Closed.at("u")), &capped),
            (new, Err(Cause::Closed.at("u")), &tenths),
            (new, Ok(failed(400, "Throttling", ("a", "b"))), &capped),
        ] {
            let mut state = state(policy);
            let (pauses, _, outcome) = call(&mut state, &[result]);
            assert_eq!(pauses, expected, "{policy:?}");
            assert_eq!((outcome.retries, outcome.exhausted), (8, true), "{policy:?}");
        }
    }

    #[test]
    fn the_service_asks_for_a_pause() {
        for (new_delays, asked, expected) in [
            (true, "0", 25),
            (true, "24", 25),
            (true, "26", 26),
            (true, "5025", 5025),
            (true, "60000", 5025),
            (true, " 1_00 ", 100),
            (true, "-100", 25),
            (true, "1.5", 25),
            (true, "soon", 25),
            (false, "5000", 500),
        ] {
            let mut policy = policy(RetryMode::Standard, 2);
            policy.new_delays = new_delays;
            let mut state = state(policy);
            let (pauses, _, _) =
                call(&mut state, &[Ok(failed(500, "", ("x-amz-retry-after", asked))), Ok(response(200))]);
            assert_eq!(pauses, [expected], "{new_delays} {asked:?}");
        }
    }

    #[test]
    fn a_retry_costs_of_the_quota() {
        let throttled = Ok(failed(400, "Throttling", ("a", "b")));
        for (new_delays, result, cost) in [
            (false, Err(Cause::ReadTimeout.at("u")), 10),
            (false, Err(Cause::ConnectTimeout.at("u")), 10),
            (false, Err(Cause::Closed.at("u")), 5),
            (false, Ok(response(500)), 5),
            (false, throttled.clone(), 5),
            (true, Err(Cause::ReadTimeout.at("u")), 14),
            (true, Ok(response(500)), 14),
            (true, throttled, 5),
        ] {
            let mut policy = policy(RetryMode::Standard, 2);
            policy.new_delays = new_delays;
            let mut state = state(policy);
            assert_eq!(state.quota, 500);
            call(&mut state, from_ref(&result));
            assert_eq!(state.quota, 500 - cost, "{new_delays} {result:?}");
            state.quota = cost;
            assert_eq!(call(&mut state, from_ref(&result)).1.len(), 2, "just enough for {result:?}");
            state.quota = cost - 1;
            let (_, sent, outcome) = call(&mut state, from_ref(&result));
            assert_eq!((sent.len(), outcome.exhausted), (1, false), "not enough for {result:?}");
        }
    }

    #[test]
    fn a_success_gives_back_what_the_last_retry_cost() {
        let policy = policy(RetryMode::Standard, 5);
        for (start, results, expected) in [
            (500, vec![Ok(response(200))], 500),
            (400, vec![Ok(response(200))], 401),
            (400, vec![Ok(response(299))], 401),
            (400, vec![Ok(response(300))], 400),
            (400, vec![Ok(response(400))], 400),
            (400, vec![Ok(response(500)), Ok(response(200))], 400),
            (400, vec![Err(Cause::ReadTimeout.at("u")), Ok(response(500)), Ok(response(200))], 390),
            (400, vec![Ok(response(500)), Ok(response(400))], 395),
        ] {
            let mut state = state(policy);
            state.quota = start;
            call(&mut state, &results);
            assert_eq!(state.quota, expected, "{results:?}");
        }
    }

    #[test]
    fn the_last_attempt() {
        for (mode, status, retries, exhausted) in [
            (RetryMode::Legacy, 500, 2, true),
            (RetryMode::Legacy, 400, 0, false),
            (RetryMode::Standard, 500, 2, true),
            (RetryMode::Standard, 400, 0, false),
        ] {
            let (_, sent, outcome) = call(&mut state(policy(mode, 3)), &[Ok(response(status))]);
            assert_eq!((outcome.retries, outcome.exhausted), (retries, exhausted), "{mode:?} {status}");
            assert_eq!(sent.len() as u64, retries + 1, "{mode:?} {status}");
        }
        let last = call(&mut state(policy(RetryMode::Standard, 1)), &[Ok(response(400))]).2;
        assert!(last.exhausted, "the standard modes count an attempt before they look at it");
    }

    #[test]
    fn adaptive_waits_for_its_limiter_once_throttled() {
        let throttled = Ok(failed(400, "Throttling", ("a", "b")));
        let adaptive = || state(policy(RetryMode::Adaptive, 3));
        let (pauses, sent, _) = call(&mut adaptive(), &[throttled, Ok(response(200))]);
        // half a second of backoff, which fills a quarter of a token at the least rate; the rest takes 1.5 seconds
        assert_eq!((pauses, sent.len()), (vec![500, 1500], 2));
        let standard = state(policy(RetryMode::Standard, 3));
        assert!(standard.limiter.is_none());
        for mut state in [standard, adaptive()] {
            let (pauses, ..) = call(&mut state, &[Ok(response(500)), Ok(response(200))]);
            assert_eq!(pauses, [500], "nothing was throttled");
        }
    }

    #[test]
    fn the_header_of_an_attempt() {
        let dated = |date: &str| Ok(failed(500, "", ("Date", date)));
        let policy = policy(RetryMode::Legacy, 4);
        let mut state = state(policy);
        let results = [dated("Tue, 03 Feb 2026 23:59:30 GMT"), Err(Cause::Closed.at("u")), dated("soon")];
        let (_, sent, _) = call(&mut state, &results);
        let later = "ttl=20260204T000030Z; attempt=";
        let expected = ["attempt=1".to_owned()];
        assert_eq!(
            sent,
            expected
                .into_iter()
                .chain([2, 3, 4].map(|attempt| format!("{later}{attempt}; max=4")))
                .collect::<Vec<_>>()
        );
        let (_, sent, _) = call(&mut state, &[Err(Cause::Closed.at("u"))]);
        assert_eq!(sent, ["attempt=1", "attempt=2; max=4", "attempt=3; max=4", "attempt=4; max=4"]);
        state.read_timeout = None;
        let (_, sent, _) = call(&mut state, &[dated("Tue, 03 Feb 2026 23:59:30 GMT")]);
        assert_eq!(sent[1], "attempt=2; max=4");
    }

    #[test]
    fn a_pause_that_no_clock_can_hold_lasts_for_ever() {
        assert_eq!(seconds(f64::MAX), Duration::MAX);
        assert!(doubled(5000).is_infinite() && doubled(u64::MAX).is_infinite());
    }
}
