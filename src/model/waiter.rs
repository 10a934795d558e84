//! Waiters: an operation that is called repeatedly until an acceptor matches the response.

use super::backup::DESCRIBE_COPY_JOB;
use super::types::{Operation, PageTexts};

/// One waiter of the service.
#[derive(Debug)]
pub(crate) struct Waiter {
    /// Its name in messages.
    pub(crate) name: &'static str,
    /// The word on the command line, behind `wait`.
    pub(crate) command: &'static str,
    pub(crate) operation: &'static Operation,
    /// Seconds between the end of a poll and the next one.
    pub(crate) delay: u32,
    /// The number of polls after which the wait fails.
    pub(crate) max_attempts: u32,
    /// The path of the state in a response.
    pub(crate) state: &'static [&'static str],
    /// The path of the text that says why.
    pub(crate) message: &'static [&'static str],
    /// What decides; the first that matches counts.
    pub(crate) acceptors: &'static [Acceptor],
    pub(crate) page: PageTexts,
}

/// What a response may be, and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Acceptor {
    pub(crate) condition: Condition,
    pub(crate) state: AcceptorState,
}

/// What follows from a response that an acceptor matches: the wait ends, or goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AcceptorState {
    Success,
    Failure,
    Retry,
}

/// What an acceptor looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    /// The text at a path of member names in a response that is no error.
    Path(&'static [&'static str], &'static str),
    /// The status of the response.
    Status(u16),
    /// The code of a service error.
    Error(&'static str),
}

/// The path of a copy job's state.
const COPY_JOB_STATE: &[&str] = &["CopyJob", "State"];

/// Waits until a copy job has ended.
pub(crate) static COPY_JOB_COMPLETED: Waiter = Waiter {
    name: "CopyJobCompleted",
    command: "copy-job-completed",
    operation: &DESCRIBE_COPY_JOB,
    delay: 30,
    max_attempts: 1440,
    state: COPY_JOB_STATE,
    message: &["CopyJob", "StatusMessage"],
    acceptors: &[
        Acceptor { condition: Condition::Path(COPY_JOB_STATE, "COMPLETED"), state: AcceptorState::Success },
        Acceptor { condition: Condition::Path(COPY_JOB_STATE, "FAILED"), state: AcceptorState::Failure },
        Acceptor { condition: Condition::Path(COPY_JOB_STATE, "PARTIAL"), state: AcceptorState::Failure },
        Acceptor { condition: Condition::Status(500), state: AcceptorState::Retry },
        Acceptor { condition: Condition::Status(502), state: AcceptorState::Retry },
        Acceptor { condition: Condition::Status(503), state: AcceptorState::Retry },
        Acceptor { condition: Condition::Status(504), state: AcceptorState::Retry },
        Acceptor { condition: Condition::Error("Throttling"), state: AcceptorState::Retry },
        Acceptor { condition: Condition::Error("ThrottlingException"), state: AcceptorState::Retry },
        Acceptor { condition: Condition::Error("RequestLimitExceeded"), state: AcceptorState::Retry },
        Acceptor { condition: Condition::Error("TooManyRequestsException"), state: AcceptorState::Retry },
    ],
    page: PageTexts {
        purpose: "wait until a copy job has completed",
        description: &[
            "The job is looked up every 30 seconds, at most 1440 times (12 hours), until its state is `COMPLETED`. \
             Nothing is printed then, and the exit code is 0.",
            "A job that ends as `FAILED` or `PARTIAL`, attempts that are used up, and an error of the service end the \
             wait with a message and exit code 255.",
        ],
        examples: &[
            (
                "Wait for the job that has just been started:",
                "aws backup wait copy-job-completed --copy-job-id 1a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809",
            ),
            (
                "Look every five minutes, for at most two days:",
                "aws backup wait copy-job-completed --copy-job-id 1a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809 \
                 --delay 300 --max-attempts 576",
            ),
        ],
    },
};
