//! Headers in order, of requests and responses.

use std::fmt;

use crate::debug;

/// Headers in order; those of a response are decoded as Latin-1. Their `Debug` form leaves out what is secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Headers(pub Vec<(String, String)>);

impl Headers {
    /// Adds a header at the end.
    pub(crate) fn push(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// Returns all values of `name`, joined by `, `; `None` where there is none.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self.all(name).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// Returns the first value of `name`.
    pub(super) fn first<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Returns the values of `name`.
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let same = move |(other, value): &'a (String, String)| {
            other.eq_ignore_ascii_case(name).then_some(value.as_str())
        };
        self.0.iter().filter_map(same)
    }
}

impl fmt::Debug for Headers {
    /// Leaves out what is secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_map()
            .entries(self.0.iter().map(|(name, value)| (name, debug::redact_header(name, value))))
            .finish()
    }
}
