//! Headers in order, of requests and responses.

use std::fmt;

use crate::debug;

/// Headers in order; those of a response are decoded as Latin-1. Their `Debug` form leaves out what is secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Headers(pub Vec<(String, String)>);

impl Headers {
    pub(crate) fn push(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// Returns all values of `name`, joined by `, `; `None` where there is none.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.all(name).map(str::to_owned).reduce(|joined, value| joined + ", " + &value)
    }

    pub(super) fn first<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.iter().map(|(name, value)| (name, debug::redact_header(name, value)));
        formatter.debug_map().entries(shown).finish()
    }
}
