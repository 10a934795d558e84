//! The clap tree: every command and option, which `argv` reads by and the completion offers; the help pages.
//!
//! The options of an operation come from its table in `model`; the global options are a clap struct.
//!
//! | file | content |
//! |---|---|
//! | `globals` | the global options |
//! | `action` | the options of an operation or a waiter |
//! | `page`, `help`, `layout` | help pages: their parts, their content, their text |
//! | `pager`, `start` | the program that shows them |

mod action;
mod globals;
pub(crate) mod help;
mod layout;
mod page;
mod pager;
#[cfg(unix)]
mod start;

pub(crate) use action::{EMPTY_LIST, OptionValue, Options, Skeleton, command, initial_value};
pub(crate) use globals::Globals;
pub(crate) use layout::PageStyle;
pub use page::Block;
pub(crate) use page::Page;

use clap::{Args, Command};

use crate::model::Action;

/// The service that we have.
pub(crate) const BACKUP: &str = "backup";
/// The command above the waiters.
pub(crate) const WAIT: &str = "wait";
/// The command that shows a page.
pub(crate) const HELP: &str = "help";

/// Returns the whole tree.
pub(crate) fn tree() -> Command {
    let named = |name: &'static str| Command::new(name).disable_help_flag(true).disable_help_subcommand(true);
    let (waiters, operations): (Vec<Action>, Vec<Action>) =
        Action::all().partition(|action| matches!(action, Action::Wait(_)));
    let wait = named(WAIT).subcommands(waiters.into_iter().map(command));
    let backup = named(BACKUP).subcommands(operations.into_iter().map(command)).subcommand(wait);
    Globals::augment_args(named("aws")).subcommand(backup)
}
