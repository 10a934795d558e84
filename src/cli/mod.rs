//! The clap tree: every command and option, which `argv` reads by and the completion offers; the help pages.
//!
//! The options of an operation come from its table in `model`; the global options are a clap struct. A help page is
//! made of blocks (`help`), set as text (`layout`) and shown by a program (`pager`, `start`).

mod action;
mod globals;
pub(crate) mod help;
mod layout;
mod pager;
#[cfg(unix)]
mod start;

pub(crate) use action::{OptionValue, Options, Skeleton, command};
pub(crate) use globals::{FORMATS, Globals, OutputFormat};
pub use layout::Block;

use clap::{Args, Command};

use crate::model::{Action, OPERATIONS, WAITERS};

/// The service that we have.
pub(crate) const BACKUP: &str = "backup";
/// The command above the waiters.
pub(crate) const WAIT: &str = "wait";
/// The command that shows a page.
pub(crate) const HELP: &str = "help";

/// Returns the whole tree.
pub(crate) fn tree() -> Command {
    let named = |name: &'static str| Command::new(name).disable_help_flag(true).disable_help_subcommand(true);
    let wait = named(WAIT).subcommands(WAITERS.map(Action::Wait).map(command));
    let backup = named(BACKUP).subcommands(OPERATIONS.map(Action::Call).map(command)).subcommand(wait);
    Globals::augment_args(named("aws")).subcommand(backup)
}
