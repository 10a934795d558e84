//! How fast requests may follow each other in retry mode `adaptive`.
//!
//! v1: `botocore.retries.adaptive`, `bucket`, `throttling`. Parity: RETRY-04.

use std::time::Duration;

/// Share of the newest rate in the measured one.
const SMOOTHING: f64 = 0.8;
/// Slope of the curve by which the rate grows.
const SCALE: f64 = 0.4;
/// What is left of the rate after throttling.
const BETA: f64 = 0.7;
/// Least requests a second.
const LEAST_RATE: f64 = 0.5;

/// Measures the rate of requests and, once the service has throttled one, limits it.
#[derive(Debug, Default)]
pub(super) struct RateLimiter {
    limiting: bool,
    /// Requests since `bucket`, the half second in which the last one was counted, and the rate so far.
    count: f64,
    bucket: f64,
    measured: f64,
    /// The rate at the last throttling, its time, and seconds until that rate is reached.
    best: f64,
    throttled_at: f64,
    recovery: f64,
    /// Tokens that are there, the most there may be, new ones a second, when that was last reckoned.
    tokens: f64,
    capacity: f64,
    rate: f64,
    filled_at: f64,
}

impl RateLimiter {
    /// Returns a limiter that does not limit yet; `now` is in seconds since 1970, as everywhere here.
    pub(super) fn new(now: f64) -> Self {
        let (bucket, throttled_at, filled_at) = (now.floor(), now, now);
        Self { bucket, throttled_at, filled_at, capacity: 1.0, rate: 1.0, ..Self::default() }
    }

    /// Takes a token and returns how long to wait for it; `None` where nothing is limited.
    pub(super) fn acquire(&mut self, now: f64) -> Option<Duration> {
        if !self.limiting {
            return None;
        }
        self.fill(now);
        let wait = ((1.0 - self.tokens) / self.rate).max(0.0);
        self.tokens -= 1.0; // what is missing comes while this one waits
        Duration::try_from_secs_f64(wait).ok()
    }

    /// Adjusts the rate to a response that came at `now`.
    pub(super) fn record(&mut self, throttled: bool, now: f64) {
        self.measure(now);
        let rate = if throttled {
            let rate = if self.limiting { self.measured.min(self.rate) } else { self.measured };
            self.best = rate;
            self.recovery = (rate * (1.0 - BETA) / SCALE).cbrt();
            self.throttled_at = now;
            self.limiting = true;
            rate * BETA
        } else {
            SCALE * (now - self.throttled_at - self.recovery).powi(3) + self.best
        };
        self.fill(now);
        let rate = rate.min(2.0 * self.measured);
        self.rate = rate.max(LEAST_RATE);
        self.capacity = rate.max(1.0);
        self.tokens = self.tokens.min(self.capacity);
    }

    /// Counts one request and, in a new half second, updates the measured rate.
    fn measure(&mut self, now: f64) {
        let bucket = (now * 2.0).floor() / 2.0;
        self.count += 1.0;
        if bucket > self.bucket {
            let rate = self.count / (bucket - self.bucket);
            self.measured = rate * SMOOTHING + self.measured * (1.0 - SMOOTHING);
            self.count = 0.0;
            self.bucket = bucket;
        }
    }

    /// Adds the tokens that came up to `now`.
    fn fill(&mut self, now: f64) {
        self.tokens = (self.tokens + (now - self.filled_at) * self.rate).min(self.capacity);
        self.filled_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks a number that was computed in floating point.
    fn is_close(found: f64, expected: f64) -> bool {
        (found - expected).abs() < 1e-9
    }

    /// Returns a limiter that has seen two requests in 0.6 seconds, the second one throttled. All numbers are v1's own.
    fn throttled() -> RateLimiter {
        let mut limiter = RateLimiter::new(100.25);
        limiter.record(false, 100.3);
        limiter.record(true, 100.6);
        limiter
    }

    #[test]
    fn nothing_is_limited_before_the_first_throttling() {
        let mut limiter = RateLimiter::new(100.0);
        for now in [100.0, 100.0, 100.1, 105.0] {
            assert_eq!(limiter.acquire(now), None);
            limiter.record(false, now);
        }
    }

    #[test]
    fn the_rate_is_measured_in_half_seconds() {
        assert!(is_close(RateLimiter::new(100.7).bucket, 100.0)); // the whole second, as v1
        let mut limiter = RateLimiter::new(100.0);
        limiter.record(false, 100.49);
        assert!(is_close(limiter.measured, 0.0) && is_close(limiter.count, 1.0));
        limiter.record(false, 100.6);
        assert!(is_close(limiter.measured, 3.2) && is_close(limiter.bucket, 100.5));
        limiter.record(false, 102.0);
        assert!(is_close(limiter.measured, 1.0 / 1.5 * 0.8 + 3.2 * 0.2));
        assert!(is_close(limiter.bucket, 102.0) && is_close(limiter.count, 0.0));
    }

    #[test]
    fn the_rate_begins_at_nothing_and_one_token_can_be_saved() {
        let mut limiter = RateLimiter::new(100.0);
        limiter.record(false, 101.45);
        assert!(is_close(limiter.rate, 0.4 * 1.45_f64.powi(3)), "{}", limiter.rate);
        assert!(is_close(limiter.tokens, 1.0), "{}", limiter.tokens);
    }

    #[test]
    fn throttling_limits_to_seven_tenths_of_the_rate() {
        let limiter = throttled();
        assert!(limiter.limiting && is_close(limiter.best, 3.2) && is_close(limiter.rate, 3.2 * 0.7));
        assert!(is_close(limiter.recovery, (3.2_f64 * 0.3 / 0.4).cbrt()));
        assert!(is_close(limiter.throttled_at, 100.6) && is_close(limiter.capacity, 3.2 * 0.7));
        assert!(is_close(limiter.tokens, 0.05 + 0.3 * 0.5));
    }

    #[test]
    fn a_second_throttling_counts_from_the_lower_of_both_rates() {
        let mut limiter = throttled();
        limiter.record(true, 100.7); // measured 3.2, limited to 2.24
        assert!(is_close(limiter.best, 2.24) && is_close(limiter.rate, 2.24 * 0.7));
        let mut slow = throttled();
        slow.record(true, 110.6); // measured 0.1 * 0.8 + 3.2 * 0.2
        assert!(is_close(slow.best, 0.72) && is_close(slow.rate, 0.72 * 0.7));
    }

    #[test]
    fn the_rate_grows_along_a_cube_up_to_twice_the_measured_one() {
        let mut limiter = throttled();
        limiter.record(false, 100.9);
        assert!(is_close(limiter.rate, 2.751_524_766_286_498) && is_close(limiter.tokens, 0.872));
        limiter.record(false, 120.6);
        assert!(is_close(limiter.measured, 0.72) && is_close(limiter.rate, 1.44));
        assert!(is_close(limiter.capacity, 1.44) && is_close(limiter.tokens, 1.44));
        assert_eq!(limiter.acquire(120.6), Some(Duration::ZERO));
        assert!(is_close(limiter.tokens, 0.44));
    }

    #[test]
    fn the_rate_never_falls_below_one_in_two_seconds() {
        let mut limiter = RateLimiter::new(100.0);
        limiter.record(true, 100.1); // measured 0
        assert!(is_close(limiter.rate, LEAST_RATE) && is_close(limiter.capacity, 1.0));
    }

    #[test]
    fn tokens_are_waited_for() {
        let mut limiter = RateLimiter::new(100.0);
        limiter.record(true, 100.1);
        let mut wait = |now| limiter.acquire(now).map_or(-1.0, |wait| wait.as_secs_f64());
        assert!(is_close(wait(100.1), 1.8)); // 0.1 tokens came before, the rest at the least rate
        assert!(is_close(wait(105.9), 0.0)); // no more than one comes meanwhile
        assert!(is_close(wait(106.9), 1.0));
        assert!(is_close(wait(107.9), 2.0)); // the wait before was paid for
    }
}
