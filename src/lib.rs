//! `aws backup start-copy-job`, exactly as AWS CLI version 1 answers it.
//!
//! argv comes in at the front door, becomes what was typed, then what is asked, meets who asks and where (the
//! session), goes out once over the wire, and the answer leaves as bytes. A room imports only rooms above it.
//!
//! | room | takes, gives |
//! |---|---|
//! | `host`, `streams`, `error` | everything from outside; standard output and error; every way to end |
//! | `debug` | what the rooms tell -> the lines of `--debug` |
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
//! | `operation` | the order in which `start-copy-job` goes through these rooms |
//! | `completer` | the line on the keyboard -> the words that may end it |

pub mod debug;
pub mod delegate;
pub mod error;
pub mod host;
pub mod streams;

pub mod argv;
pub mod call;
pub mod cli;
pub mod completer;
pub mod credentials;
pub mod http;
pub mod operation;
pub mod output;
pub mod params;
pub mod python;
pub mod session;

use std::process::ExitCode;

use argv::{Asked, GlobalPass, Line};
use cli::help::{self, Page};
pub use error::Error;
pub use host::Host;
use operation::Operation;
use output::query;
use session::{Config, checks, imds, v2_debug};
pub use streams::Streams;

/// Runs one command line.
///
/// # Errors
/// Every way in which v1 ends with another exit code than 0.
pub fn run(host: &Host, streams: &mut Streams) -> Result<(), Error> {
    let encoding = streams.take_encoding(host);
    if completer::is_meant(host) {
        encoding?;
        return completer::run(host, streams);
    }
    let pass = argv::global_pass(&host.words);
    let command = |line: &Line| argv::command_pass(line, host.program_name());
    let asked = if let Ok(GlobalPass::Line(line)) = &pass { Some(command(line)) } else { None };
    if !matches!(&asked, Some(Ok(asked)) if !asked.is_beyond_us())
        && let Some(next) = delegate::find_next(host, "aws")
    {
        return Err(next.exec(host, None)); // before anything is read that could be refused (D22)
    }
    encoding?;
    let mut config = Config::load(host)?;
    let line = match pass? {
        GlobalPass::Version => return streams.print(&format!("{}\n", cli::version::product(host))),
        GlobalPass::NotOurs(error) => return Err(error),
        GlobalPass::Line(line) => line,
    };
    if line.globals.debug {
        debug::start(host);
    }
    let notes = v2_debug::notes(&config, &line.globals); // of the environment's profile
    config.choose_profile(line.globals.profile.as_deref());
    if checks::needs_v1(&config).is_some()
        && let Some(next) = delegate::find_next(host, "aws")
    {
        return Err(next.exec(host, None)); // before any check: it makes its own
    }
    let query = line.globals.query.as_deref().map(query::compile).transpose()?;
    checks::globals(&line.globals)?;
    streams.warn(&notes?);
    checks::timestamp_format(&config)?;
    imds::Settings::resolve(&config)?;
    match asked.unwrap_or_else(|| command(&line))? {
        Asked::NotOurs(error) => Err(error),
        Asked::Help | Asked::Topic(_) => help::show(Page::Aws, host, streams),
        Asked::ServiceHelp => help::show(Page::Backup, host, streams),
        Asked::OperationHelp => help::show(Page::StartCopyJob, host, streams),
        Asked::Call(options) => {
            Operation { host, config: &config, globals: &line.globals, query }.run(&options, streams)
        }
    }
}

/// Writes what v1 writes at its end and gives the exit code. Python flushes both streams last of all, and a
/// failure of that takes the place of any other ending.
///
/// Parity: OUT-46, OUT-47, MSG-10.
pub fn report(ending: Result<(), Error>, streams: &mut Streams) -> ExitCode {
    debug::end(&ending);
    let mut code = 0;
    if let Err(error) = ending {
        code = error.write(streams).map_or(Error::LOST, |()| error.exit_code());
    }
    if let Err(error) = streams.finish() {
        let lost = Error::StdoutLost(error);
        let _ = lost.write(streams);
        code = lost.exit_code();
    }
    ExitCode::from(code)
}
