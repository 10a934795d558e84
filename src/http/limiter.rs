//! How fast requests may follow each other in retry mode `adaptive`.
//!
//! v1: `botocore.retries.adaptive`, `bucket`, `throttling`. Parity: RETRY-04.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Share of the newest rate in the measured one.
const SMOOTHING: f64 = 0.8;
/// Slope of the curve by which the rate grows again.
const SCALE: f64 = 0.4;
/// What is left of the rate after throttling.
const BETA: f64 = 0.7;
/// Least requests a second.
const LEAST_RATE: f64 = 0.5;

/// Measures the rate of requests and, once the service has throttled one, limits it.
#[derive(Debug)]
pub(super) struct Limiter {
    limiting: bool,
    /// Requests since `bucket`, the half second in which the last one was counted, and the rate so far.
    count: f64,
    bucket: f64,
    measured: f64,
    /// The rate at the last throttling, its time, and seconds until that rate is reached again.
    best: f64,
    throttled_at: f64,
    recovery: f64,
    /// Tokens that are there, the most there may be, new ones a second, when that was last reckoned.
    tokens: f64,
    capacity: f64,
    rate: f64,
    filled_at: f64,
}

impl Limiter {
    /// A limiter that does not limit yet.
    pub(super) fn new() -> Self {
        Self::starting(now())
    }

    /// A limiter that was made at `now`, in seconds since 1970.
    fn starting(now: f64) -> Self {
        Self {
            limiting: false,
            count: 0.0,
            bucket: now.floor(),
            measured: 0.0,
            best: 0.0,
            throttled_at: now,
            recovery: 0.0,
            tokens: 0.0,
            capacity: 1.0,
            rate: 1.0,
            filled_at: now,
        }
    }

    /// Takes a token; how long to wait for it.
    pub(super) fn before_sending(&mut self) -> Option<Duration> {
        self.acquire(now())
    }

    /// Reckons with an answer.
    pub(super) fn after_answer(&mut self, throttled: bool) {
        self.reckon(throttled, now());
    }

    /// Takes a token at `now`.
    fn acquire(&mut self, now: f64) -> Option<Duration> {
        if !self.limiting {
            return None;
        }
        self.fill(now);
        let wait = ((1.0 - self.tokens) / self.rate).max(0.0);
        self.fill(now + wait);
        self.tokens -= 1.0;
        Duration::try_from_secs_f64(wait).ok()
    }

    /// Reckons with an answer that came at `now`.
    fn reckon(&mut self, throttled: bool, now: f64) {
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

    /// Counts one request and, in a new half second, measures the rate.
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

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throttling_slows_down() {
        let mut limiter = Limiter::starting(100.0);
        assert_eq!(limiter.acquire(100.0), None);
        limiter.reckon(true, 100.1);
        assert!((limiter.rate - LEAST_RATE).abs() < 1e-9);
        // 0.1 tokens came before; the other 0.9 take 1.8 seconds at the least rate
        assert_eq!(limiter.acquire(100.1).map(|wait| wait.as_millis()), Some(1800));
        limiter.reckon(true, 102.0);
        assert!(limiter.measured > 0.7 && limiter.measured < 0.9, "{}", limiter.measured);
    }
}
