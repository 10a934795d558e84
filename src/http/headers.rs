//! Headers in order.

use std::fmt;

use crate::debug;

/// Headers in order, decoded as Latin-1.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(String, String)>);

impl Headers {
    /// Returns all values of `name`, joined by `, `; `None` where there is none.
    pub fn get(&self, name: &str) -> Option<String> {
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
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        RedactedHeaders(&self.0).fmt(formatter)
    }
}

/// Headers without what is secret.
pub(super) struct RedactedHeaders<'a>(pub(super) &'a [(String, String)]);

impl fmt::Debug for RedactedHeaders<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_map()
            .entries(self.0.iter().map(|(name, value)| (name, debug::redact_header(name, value))))
            .finish()
    }
}
