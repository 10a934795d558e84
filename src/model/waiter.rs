//! Waiters: an operation that is called repeatedly until an acceptor matches the response.

use super::backup::DESCRIBE_COPY_JOB;
use super::types::{Operation, Page};

/// One waiter of the service.
#[derive(Debug)]
pub(crate) struct Waiter {
    /// Its name in messages.
    pub(crate) name: &'static str,
    /// The word on the command line, behind `wait`.
    pub(crate) command: &'static str,
    /// The operation that is called.
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
    /// The texts of its help page.
    pub(crate) page: Page,
}

/// What a poll may have come to, and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Acceptor {
    /// What the response must be.
    pub(crate) condition: Condition,
    /// What follows.
    pub(crate) state: AcceptorState,
}

/// What follows from a response that an acceptor matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AcceptorState {
    /// The wait has ended well.
    Success,
    /// The wait has failed.
    Failure,
    /// The wait goes on.
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

impl Acceptor {
    /// Returns an acceptor for a job in the state `expected`.
    const fn job(expected: &'static str, state: AcceptorState) -> Self {
        Self { condition: Condition::Path(COPY_JOB_STATE, expected), state }
    }

    /// Returns an acceptor for a response with `status`, after which the wait goes on.
    const fn retry_status(status: u16) -> Self {
        Self { condition: Condition::Status(status), state: AcceptorState::Retry }
    }

    /// Returns an acceptor for a service error with `code`, after which the wait goes on.
    const fn retry_error(code: &'static str) -> Self {
        Self { condition: Condition::Error(code), state: AcceptorState::Retry }
    }
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
        Acceptor::job("COMPLETED", AcceptorState::Success),
        Acceptor::job("FAILED", AcceptorState::Failure),
        Acceptor::job("PARTIAL", AcceptorState::Failure),
        Acceptor::retry_status(500),
        Acceptor::retry_status(502),
        Acceptor::retry_status(503),
        Acceptor::retry_status(504),
        Acceptor::retry_error("Throttling"),
        Acceptor::retry_error("ThrottlingException"),
        Acceptor::retry_error("RequestLimitExceeded"),
        Acceptor::retry_error("TooManyRequestsException"),
    ],
    page: Page {
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
