//! `aws backup start-copy-job`, `describe-copy-job` and `wait copy-job-completed`, exactly as AWS CLI version 1 runs
//! them; every other command is handed to the next `aws` on `PATH`.
//!
//! A module uses only modules above it in this table, which `tests/architecture` checks; where a new option, credential
//! source, output format or operation goes is in `.github/CONTRIBUTING.md`.
//!
//! | module | what goes in, what comes out |
//! |---|---|
//! | `python` | bytes and text <-> Python's values, as v1 reads and spells them |
//! | `error`, `streams`, `host`, `runtime` | the ways to end; standard streams; everything from outside; waiting, and Ctrl-C meanwhile |
//! | `product` | our name and version |
//! | `debug` | events -> the lines of `--debug`, secrets redacted |
//! | `delegate` | a command that is not ours -> the next `aws` on `PATH` |
//! | `model` | the operations, the waiter and the responses of helpers as tables: the only list of members |
//! | `cli` | the clap tree with the options of each command; help pages |
//! | `argv` | words as typed -> options, by v1's argparse rules |
//! | `params` | options -> the members of the request |
//! | `session` | environment, files, global options -> settings |
//! | `http` | request -> response, over HTTP/1.1 and TLS, with retries |
//! | `credentials` | session -> credentials, or none |
//! | `call` | members, session -> what became of one call |
//! | `wait` | a call repeated until an acceptor of the waiter decides |
//! | `output` | response -> bytes: `--query`, then JSON, text or table |
//! | `commands` | v1's order of steps |
//! | `completer` | the line on the keyboard -> the words that may end it |

mod argv;
mod call;
mod cli;
mod commands;
mod completer;
mod credentials;
mod debug;
mod delegate;
mod error;
mod host;
mod http;
mod model;
mod output;
mod params;
mod product;
mod python;
mod runtime;
mod session;
mod streams;
mod wait;

#[cfg(fuzzing)]
pub mod fuzzing;

/// What the man pages are written from.
#[doc(hidden)]
pub mod internals {
    pub use crate::cli::Block;
    pub use crate::cli::help::man_pages;
}

use std::process::ExitCode;

use argv::{Line, ParsedCommand};
use cli::{OptionValue, help};
use commands::Context;
use error::Error;
pub use host::Host;
use output::query;
use session::delegation::requires_delegation;
use session::imds::ImdsSettings;
use session::{Config, TimestampFormat, client, settings, v2_debug};
pub use streams::Streams;

/// Runs one command line, and writes what v1 writes at its end. Python flushes both streams last of all, and a failure
/// of that takes the place of any other ending.
///
/// Parity: OUT-46, OUT-47, MSG-10.
pub fn run(host: &Host, streams: &mut Streams) -> ExitCode {
    let ending = command(host, streams);
    debug::end(&ending);
    let code = ending.unwrap_or_else(|error| streams.report(&error));
    let code = streams.finish().map_or_else(|error| streams.report(&Error::StdoutLost(error)), |()| code);
    ExitCode::from(code)
}

/// Runs one command line; returns the exit code, which is 0 unless another program ran in our place.
/// Errors: every way in which v1 ends with another exit code than 0.
fn command(host: &Host, streams: &mut Streams) -> Result<u8, Error> {
    let encoding = streams.set_encoding(host);
    runtime::catch_file_size_limit();
    if completer::is_invoked(host) {
        encoding?;
        return completer::run(host, streams);
    }
    let line = argv::parse(host);
    if !matches!(&line, Ok(Some(Line { command: Ok(command), .. })) if !command.is_delegated())
        && let Some(ending) = delegate::exec_next(host, "aws", None)
    {
        return ending; // before anything is read that could be refused (D22)
    }
    encoding?;
    let mut config = Config::load(host)?;
    let Some(Line { globals, command }) = line? else {
        return streams.print(&format!("{}\n", product::version(host))).map(|()| 0);
    };
    if globals.debug {
        debug::start(host);
    }
    let notes = v2_debug::notes(&config, &globals); // of the environment's profile
    config.choose_profile(globals.profile.as_ref().and_then(OptionValue::text));
    let query = globals.query.as_ref().map(query::compile).transpose();
    let checked = client::check_globals(&globals);
    let sends = command.as_ref().is_ok_and(ParsedCommand::sends);
    if (query.is_err() || checked.is_err() || requires_delegation(&config, &globals, sends))
        && let Some(ending) = delegate::exec_next(host, "aws", None)
    {
        return ending; // before any check: it makes its own
    }
    let query = query?;
    checked?;
    streams.warn(&notes?);
    let timestamps =
        config.value(&settings::TIMESTAMP_FORMAT).unwrap_or(Ok(None))?.unwrap_or(TimestampFormat::Wire);
    let imds = ImdsSettings::resolve(&config)?;
    let command = command?;
    let context = Context { config: &config, globals: &globals, query, timestamps, imds };
    match command {
        ParsedCommand::Help(page) => help::show(page, host, streams),
        ParsedCommand::Run(action, options) => commands::run(action, &options, &context, streams),
    }
    .map(|()| 0)
}
