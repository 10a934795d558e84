//! Time and chance, as retries need them; tests have their own.

use std::time::{Duration, UNIX_EPOCH};

use crate::host::Host;

pub(crate) trait Clock {
    /// Returns the seconds since 1970.
    fn now(&self) -> f64;

    /// Returns a random number from 0 to 1, 1 excluded.
    fn random(&self) -> f64;

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

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn the_host_passes_time_and_gives_chance() {
        let host = Host { clock: || UNIX_EPOCH + Duration::from_millis(1_500), ..Host::fake(&[]) };
        assert!((Clock::now(&host) - 1.5).abs() < 1e-9);
        let numbers = [(); 8].map(|()| host.random());
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)), "{numbers:?}");
        assert!(numbers.iter().any(|number| numbers.iter().any(|other| number < other)), "{numbers:?}");
        let start = Instant::now();
        host.block_on(host.sleep(Duration::from_millis(30))).unwrap();
        assert!(start.elapsed() >= Duration::from_millis(30));
    }
}
