//! The parts of a help page.

use crate::model::Action;

/// A help page.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Page {
    /// `aws`
    Aws,
    /// `aws backup`
    Backup,
    /// `aws backup wait`
    Wait,
    Action(Action),
}

/// A part of a page. Texts mark what is typed literally with backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The name of a section.
    Section(&'static str),
    /// A paragraph, so many steps in.
    Text(usize, String),
    /// The heading of an option or of a member of the response, so many steps in; its text follows one step further.
    Term(usize, String),
    /// A named property of the option above.
    Property(&'static str, String),
    /// A line of a synopsis, kept as it is.
    Line(String),
    /// A command to type.
    Command(String),
    /// One of a list.
    Bullet(String),
}
