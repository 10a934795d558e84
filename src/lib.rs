//! `aws backup start-copy-job`, exactly as AWS CLI version 1 answers it.
//!
//! argv comes in at the front door, becomes what was typed, then what is asked, meets who asks and where (the
//! session), goes out once over the wire, and the answer leaves as bytes. A room imports only rooms above it.
//!
//! | room | takes, gives |
//! |---|---|
//! | `host`, `error` | everything from outside; every way to end |
//! | `delegate` | a line that is not ours -> the next `aws` on PATH |
//! | `python` | Python's values: how they are read and spelled |
//! | `cli` | the clap tree: the single definition of every option |
//! | `argv` | words as typed -> canonical words -> `cli`'s structs |
//! | `params` | what was typed -> the members of the request |
//! | `session` | environment, files, global options -> settings |
//! | `http` | request -> response |
//! | `credentials` | session -> credentials, or none |
//! | `call` | members, session -> the service's answer |
//! | `output` | the answer -> bytes |

pub mod delegate;
pub mod error;
pub mod host;

pub mod argv;
pub mod call;
pub mod cli;
pub mod credentials;
pub mod http;
pub mod output;
pub mod params;
pub mod python;
pub mod session;

use std::process::ExitCode;

use argv::{Asked, GlobalPass};
use cli::help::{self, Page};
pub use error::Error;
pub use host::{Host, Streams};

/// Runs one command line.
///
/// # Errors
/// Every way in which v1 ends with another exit code than 0.
pub fn run(host: &Host, streams: &mut Streams) -> Result<(), Error> {
    let line = match argv::global_pass(&host.words)? {
        GlobalPass::Version => {
            return writeln!(streams.out, "{}", cli::version::product(host)).map_err(Error::StdoutLost);
        }
        GlobalPass::NotOurs(error) => return Err(delegate::instead(host, error)),
        GlobalPass::Line(line) => line,
    };
    match argv::command_pass(&line, host.program_name())? {
        Asked::NotOurs(error) => Err(delegate::instead(host, error)),
        Asked::Help | Asked::Topic(_) | Asked::ServiceHelp
            if let Some(program) = delegate::next(host, "aws") =>
        {
            Err(delegate::hand_over(host, &program))
        }
        Asked::Help | Asked::Topic(_) => help::show(Page::Aws, host, streams),
        Asked::ServiceHelp => help::show(Page::Backup, host, streams),
        Asked::OperationHelp => help::show(Page::StartCopyJob, host, streams),
        Asked::Call(_) => Ok(()),
    }
}

/// Writes what v1 writes at its end and gives the exit code.
pub fn report(ending: Result<(), Error>, streams: &mut Streams) -> ExitCode {
    let ending = ending.and_then(|()| streams.out.flush().map_err(Error::StdoutLost));
    match ending {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.write(&mut streams.out, &mut streams.err) {
            Ok(()) => ExitCode::from(error.exit_code()),
            Err(_) => ExitCode::from(1),
        },
    }
}
