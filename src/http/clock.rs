//! Time and chance, as retries need them; tests have their own.

use std::time::{Duration, UNIX_EPOCH};

use crate::host::Host;

/// What pauses are made of.
pub(crate) trait Clock {
    /// Returns the seconds since 1970.
    fn now(&self) -> f64;

    /// Returns a random number from 0 to 1, 1 excluded.
    fn random(&self) -> f64;

    /// Waits for so long.
    fn sleep(&self, pause: Duration) -> impl Future<Output = ()>;
}

impl Clock for Host {
    fn now(&self) -> f64 {
        Host::now(self).duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
    }

    fn random(&self) -> f64 {
        fastrand::f64()
    }

    async fn sleep(&self, pause: Duration) {
        crate::runtime::sleep(pause).await;
    }
}
