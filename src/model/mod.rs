//! The operations as tables: what each takes and returns, how it is called, what its help pages say.
//!
//! This is the only list of members. The clap options of an operation, validation, skeletons, responses, help pages,
//! man pages and completion are all read from it. A new operation is a row of [`OPERATIONS`] and a file in
//! `commands`.
//!
//! Mirrors the service description that v1 ships (`backup/2018-11-15/service-2.json`), in its order; the texts are
//! our own.
//!
//! | file | content |
//! |---|---|
//! | `backup` | the operations of AWS Backup |
//! | `helpers` | the operations of the services that give credentials |
//! | `waiter` | what a waiter is, and the one for copy jobs |

mod backup;
mod helpers;
mod waiter;

pub(crate) use backup::{DESCRIBE_COPY_JOB, START_COPY_JOB};
pub(crate) use helpers::{
    ASSUME_ROLE, ASSUME_ROLE_WITH_WEB_IDENTITY, CREATE_OAUTH2_TOKEN, CREATE_TOKEN, GET_ROLE_CREDENTIALS,
    HelperOperation,
};
pub(crate) use waiter::{Acceptor, AcceptorState, COPY_JOB_COMPLETED, Condition, Waiter};

/// The operations that this program has, in the order of their names, as v1 lists them.
pub(crate) static OPERATIONS: [&Operation; 2] = [&DESCRIBE_COPY_JOB, &START_COPY_JOB];

/// The waiters that this program has.
pub(crate) static WAITERS: [&Waiter; 1] = [&COPY_JOB_COMPLETED];

/// The work of a command: one call of an operation, or a wait.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Action {
    /// The operation is called once.
    Call(&'static Operation),
    /// The waiter's operation is called until the waiter has decided.
    Wait(&'static Waiter),
}

impl Action {
    /// Returns all actions, in the order in which commands are listed.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        OPERATIONS.into_iter().map(Self::Call).chain(WAITERS.into_iter().map(Self::Wait))
    }

    /// Returns the operation that is called.
    pub(crate) fn operation(self) -> &'static Operation {
        match self {
            Self::Call(operation) => operation,
            Self::Wait(waiter) => waiter.operation,
        }
    }

    /// Returns the last word of the command.
    pub(crate) fn command(self) -> &'static str {
        match self {
            Self::Call(operation) => operation.command,
            Self::Wait(waiter) => waiter.command,
        }
    }

    /// Returns the texts of the command's help page.
    pub(crate) fn page(self) -> &'static Page {
        match self {
            Self::Call(operation) => &operation.page,
            Self::Wait(waiter) => &waiter.page,
        }
    }
}

/// One operation of the service.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Its name in messages and as the title of a table.
    pub(crate) name: &'static str,
    /// The word on the command line.
    pub(crate) command: &'static str,
    /// The members of the request, in the order of the options.
    pub(crate) input: &'static [Member],
    /// The members of the response.
    pub(crate) output: &'static [Member],
    /// The texts of its help page.
    pub(crate) page: Page,
}

/// The texts of a command's help page.
#[derive(Debug)]
pub(crate) struct Page {
    /// What the command does, in one line.
    pub(crate) purpose: &'static str,
    /// What there is to know about it, a text a paragraph.
    pub(crate) description: &'static [&'static str],
    /// What people do with it: the purpose, and the command to type.
    pub(crate) examples: &'static [(&'static str, &'static str)],
}

/// The type of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A text; the words are the values that the service knows, none where any text will do.
    String(&'static [&'static str]),
    /// An integer.
    Long,
    /// True or false.
    Boolean,
    /// A point in time.
    Timestamp,
    /// A structure of named members.
    Structure(&'static [Member]),
    /// A mapping of texts to values of one shape.
    Map(&'static Shape),
}

impl Shape {
    /// Returns the name of the type as help pages show it.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::String(_) => "string",
            Self::Long => "integer",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp",
            Self::Structure(_) => "structure",
            Self::Map(_) => "map",
        }
    }
}

/// One member of a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member {
    /// Its name on the wire.
    pub(crate) name: &'static str,
    /// Its type.
    pub(crate) shape: Shape,
    /// True when a structure without it is refused.
    pub(crate) required: bool,
    /// The least length of a text, or the least number; 0 where every one will do.
    pub(crate) min: u16,
    /// What its help text says.
    pub(crate) text: Text,
}

/// The help text of an option or of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text {
    /// A text a paragraph; backticks mark what is typed literally.
    pub(crate) paragraphs: &'static [&'static str],
    /// Named properties such as `Default` and `Example`, in the order of the page.
    pub(crate) properties: &'static [(&'static str, &'static str)],
}

impl Text {
    /// No text.
    pub(crate) const NONE: Self = Self { paragraphs: &[], properties: &[] };
}

/// Any text.
pub(crate) const TEXT: Shape = Shape::String(&[]);

impl Member {
    /// Returns a member without which a structure is refused.
    const fn required(name: &'static str, shape: Shape) -> Self {
        Self { required: true, ..Self::optional(name, shape) }
    }

    /// Returns a member that may be left out.
    const fn optional(name: &'static str, shape: Shape) -> Self {
        Self { name, shape, required: false, min: 0, text: Text::NONE }
    }

    /// Returns the member with a least length, or a least number.
    const fn at_least(self, min: u16) -> Self {
        Self { min, ..self }
    }

    /// Returns the member with the one paragraph of its help text.
    const fn about(self, paragraphs: &'static [&'static str]) -> Self {
        Self { text: Text { paragraphs, ..self.text }, ..self }
    }

    /// Returns the member with the properties of its help text.
    const fn with(self, properties: &'static [(&'static str, &'static str)]) -> Self {
        Self { text: Text { properties, ..self.text }, ..self }
    }

    /// Returns the member's name as an option, without dashes in front: `CopyJobId` is `copy-job-id`.
    ///
    /// v1: `botocore.xform_name`.
    pub(crate) fn option_name(&self) -> String {
        let mut name = String::with_capacity(self.name.len() + 5);
        for (index, letter) in self.name.char_indices() {
            if letter.is_ascii_uppercase() && index > 0 {
                name.push('-');
            }
            name.push(letter.to_ascii_lowercase());
        }
        name
    }
}

/// Returns the member `name` among `members`.
pub(crate) fn member<'a>(members: &'a [Member], name: &str) -> Option<&'a Member> {
    members.iter().find(|member| member.name == name)
}

/// Returns the names of `members` as v1 lists them: `A, B, C`.
pub(crate) fn names(members: &[Member]) -> String {
    members.iter().map(|member| member.name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Calls `check` with each structure in `members`, them included.
    fn structures(place: &str, members: &'static [Member], check: &mut impl FnMut(&str, &[Member])) {
        check(place, members);
        for member in members {
            let inner = format!("{place}.{}", member.name);
            match member.shape {
                Shape::Structure(members) => structures(&inner, members, check),
                Shape::Map(Shape::Structure(members)) => structures(&inner, members, check),
                _ => {}
            }
        }
    }

    #[test]
    fn names_are_unique_in_each_structure() {
        for operation in OPERATIONS {
            for members in [operation.input, operation.output] {
                structures(operation.name, members, &mut |place, members| {
                    let names: HashSet<&str> = members.iter().map(|member| member.name).collect();
                    assert_eq!(names.len(), members.len(), "{place}");
                });
            }
        }
    }

    #[test]
    fn every_member_has_a_text() {
        for operation in OPERATIONS {
            for members in [operation.input, operation.output] {
                structures(operation.name, members, &mut |place, members| {
                    for member in members {
                        assert!(!member.text.paragraphs.is_empty(), "{place}.{}", member.name);
                    }
                });
            }
        }
    }

    #[test]
    fn options_are_named_as_v1_names_them() {
        for (name, expected) in [("CopyJobId", "copy-job-id"), ("IamRoleArn", "iam-role-arn"), ("A", "a")] {
            assert_eq!(Member::optional(name, TEXT).option_name(), expected, "{name}");
        }
    }

    #[test]
    fn operations_stand_in_the_order_of_their_names() {
        assert!(OPERATIONS.is_sorted_by_key(|operation| operation.command));
    }
}
