//! The operations as tables, the only list of members: options, validation, skeletons, responses, help pages, man pages
//! and completion are read from it. A new operation is a row of [`OPERATIONS`] and its setters in `call`.
//!
//! Mirrors the service description that v1 ships (`backup/2018-11-15/service-2.json`); the texts are our own.

mod backup;
mod helpers;
mod types;
mod waiter;

pub(crate) use backup::{DESCRIBE_COPY_JOB, START_COPY_JOB};
pub(crate) use helpers::{
    ASSUME_ROLE, ASSUME_ROLE_WITH_WEB_IDENTITY, CREATE_OAUTH2_TOKEN, CREATE_TOKEN, GET_ROLE_CREDENTIALS,
    HelperOperation,
};
pub(crate) use types::{Member, Operation, PageTexts, Properties, Shape, TEXT, member, names, optional};
pub(crate) use waiter::{Acceptor, AcceptorState, COPY_JOB_COMPLETED, Condition, Waiter};

/// The operations that this program has, in the order of their names, as v1 lists them.
pub(crate) static OPERATIONS: [&Operation; 2] = [&DESCRIBE_COPY_JOB, &START_COPY_JOB];

pub(crate) static WAITERS: [&Waiter; 1] = [&COPY_JOB_COMPLETED];

/// The work of a command: one call of an operation, or a wait.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Action {
    Call(&'static Operation),
    Wait(&'static Waiter),
}

impl Action {
    /// Returns all actions, in the order in which commands are listed.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        OPERATIONS.into_iter().map(Self::Call).chain(WAITERS.into_iter().map(Self::Wait))
    }

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
    pub(crate) fn page(self) -> &'static PageTexts {
        match self {
            Self::Call(operation) => &operation.page,
            Self::Wait(waiter) => &waiter.page,
        }
    }
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
                        assert!(!member.text.is_empty(), "{place}.{}", member.name);
                    }
                });
            }
        }
    }

    #[test]
    fn options_are_named_as_v1_names_them() {
        for (name, expected) in [("CopyJobId", "copy-job-id"), ("IamRoleArn", "iam-role-arn"), ("A", "a")] {
            assert_eq!(optional(name, TEXT).option_name(), expected, "{name}");
        }
    }

    #[test]
    fn operations_stand_in_the_order_of_their_names() {
        assert!(OPERATIONS.is_sorted_by_key(|operation| operation.command));
    }
}
