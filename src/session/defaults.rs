//! `defaults_mode`: which defaults a client has where nothing else is said.
//!
//! Mirrors `botocore.session.Session._resolve_defaults_mode`, `botocore.configprovider.SmartDefaultsConfigStoreFactory`
//! and `sdk-default-configuration.json`. The lookup of the instance's region is in `credentials`.

use std::time::Duration;

use super::config::{Config, expect_text};
use super::settings;
use crate::error::{Error, failure};
use crate::python::Value;

/// The modes in v1's order, each with its wait for a connection where the timeouts are switched off.
const MODES: [(&str, Option<Duration>); 6] = [
    ("legacy", None),
    ("auto", None), // becomes one of the next three
    ("standard", Some(Duration::from_millis(3100))),
    ("in-region", Some(Duration::from_millis(1100))),
    ("cross-region", Some(Duration::from_millis(3100))),
    ("mobile", Some(Duration::from_secs(30))),
];

/// The mode of a client.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    /// One of [`MODES`].
    name: &'static str,
}

impl Mode {
    /// Returns the configured mode.
    /// Errors: a mode that v1 does not know; the selected profile does not exist.
    /// v1: `Session._resolve_defaults_mode`. Parity: CFG-53.
    pub(super) fn of(config: &Config<'_>) -> Result<Self, Error> {
        let value = config.value(&settings::DEFAULTS_MODE)?.unwrap_or(Value::None);
        let typed = expect_text("defaults_mode", &value)?;
        let known = MODES.iter().find(|(name, _)| *name == typed.to_lowercase());
        known.map(|(name, _)| Self { name }).ok_or_else(|| {
            failure!(
                "Client configured with invalid defaults mode: {typed}. Valid defaults modes include: {}.",
                MODES.map(|(name, _)| name).join(", ")
            )
        })
    }

    /// Returns true for the mode that changes nothing.
    pub(super) fn is_legacy(self) -> bool {
        self.name == "legacy"
    }

    /// Returns the longest wait for a connection of a client in `region` whose timeout is switched off (typed as
    /// `0`); `None` waits for ever. `instance` is the region of the instance.
    /// v1: `_compute_connect_timeout`, `resolve_auto_mode`. Parity: CFG-53, TIME-04.
    pub(super) fn connect_timeout(
        self,
        config: &Config<'_>,
        region: Option<&str>,
        instance: Option<&str>,
    ) -> Option<Duration> {
        let here = config.current_region().or(instance).filter(|_| self.name == "auto");
        let name = match here {
            None if self.name == "auto" => "standard",
            None => self.name,
            Some(here) if region == Some(here) => "in-region",
            Some(_) => "cross-region",
        };
        MODES.iter().find(|(mode, _)| *mode == name).and_then(|(_, timeout)| *timeout)
    }
}

/// Returns true where a client needs to know in which region the program runs, which only the instance knows.
/// v1: `SmartDefaultsConfigStoreFactory.resolve_auto_mode`. Parity: CFG-53.
pub(crate) fn needs_instance_region(config: &Config<'_>) -> bool {
    Mode::of(config).is_ok_and(|mode| mode.name == "auto") && config.current_region().is_none()
}
