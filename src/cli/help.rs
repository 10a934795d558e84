//! The help pages: the tables of `model` and the clap tree go in, blocks come out, which `layout` sets for a terminal
//! and the man page example as roff.
//!
//! v1's sections in v1's order; the words are ours (D10). Mirrors `awscli/help.py` and `awscli/clidocs.py`.

use clap::{Arg, Args, Command};

use super::action::{self, command};
use super::globals::{self, Globals};
use super::layout::{self, Block};
use super::{BACKUP, WAIT, pager};
use crate::error::Error;
use crate::host::Host;
use crate::model::{Action, Member, OPERATIONS, Properties, Shape, WAITERS};
use crate::streams::Streams;

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

/// Description of `aws`.
const AWS: &str = "This `aws` has three commands of its own, those that copy a recovery point of AWS Backup, and runs them as \
AWS CLI version 1 does: the same options, files, output, messages and exit codes. Every other command it hands, \
unchanged, to the next `aws` on `PATH`; `AWS_START_COPY_JOB_DELEGATE=off` keeps it from that.";

/// Description of `aws backup`.
const SERVICE: &str = "AWS Backup keeps recovery points in vaults. This `aws` has the commands that copy a recovery point from \
one vault to another, look up the job that makes the copy, and wait for its end.";

/// Description of `aws backup wait`.
const WAITING: &str = "Each command below looks up one thing again and again until it is as the command's name says, or has \
failed.";

/// What holds for the values of all options of an operation.
const VALUES: &str = "A value that begins with `file://` is read from that text file, with `fileb://` from that binary \
file, with `http://` or `https://` from that address. A value that begins with a dash is given as `--option=value`.";

/// How the page of `aws` explains synopses.
const SYNOPSIS: &str = "`aws <command> help` and `aws <command> <subcommand> help` show what each takes; what stands in \
square brackets may be left out.";

/// Shows `page` through the reader's pager.
/// Errors: those of [`pager::show`].
/// v1: `HelpCommand.__call__`. Parity: HELP-01, HELP-03, HELP-06.
pub(crate) fn show(page: Page, host: &Host, streams: &mut Streams) -> Result<(), Error> {
    let (columns, bold) = layout::style(host.stdout_columns());
    pager::show(&layout::render(&title(page), &blocks(page), columns, bold), host, streams)
}

/// Returns the name of `page` as its head and foot lines show it.
pub(crate) fn title(page: Page) -> String {
    let name = match page {
        Page::Aws => "aws",
        Page::Backup => BACKUP,
        Page::Wait => WAIT,
        Page::Action(action) => action.command(),
    };
    name.to_uppercase()
}

/// Returns the content of `page`.
/// v1: `clidocs.ProviderDocumentEventHandler` and its relatives. Parity: HELP-04, HELP-05, DESC-62.
pub(crate) fn blocks(page: Page) -> Vec<Block> {
    match page {
        Page::Aws => aws_page(),
        Page::Backup => {
            let commands = OPERATIONS.iter().map(|operation| operation.command).chain([WAIT]);
            commands_page("backup - copies of backups", SERVICE, commands)
        }
        Page::Wait => {
            let commands = WAITERS.iter().map(|waiter| waiter.command);
            commands_page("wait - wait until something has ended", WAITING, commands)
        }
        Page::Action(action) => action_page(action),
    }
}

/// Returns the words of each command that does something, joined by dashes, and the content of its page.
pub fn man_pages() -> Vec<(String, Vec<Block>)> {
    Action::all().map(|action| (command_line(action).replace(' ', "-"), action_page(action))).collect()
}

/// Returns the page of `aws`.
fn aws_page() -> Vec<Block> {
    let mut page = opening("aws - copies of AWS Backup, as AWS CLI version 1 makes them", &[AWS]);
    page.push(Block::Section("SYNOPSIS"));
    page.push(Block::Line("aws [options] <command> <subcommand> [parameters]".to_owned()));
    page.push(Block::Text(1, SYNOPSIS.to_owned()));
    page.extend(global_options());
    page.push(Block::Section("AVAILABLE SERVICES"));
    page.push(Block::Bullet(BACKUP.to_owned()));
    page.push(Block::Section("SEE ALSO"));
    page.push(Block::Bullet(format!("aws {BACKUP} help")));
    page.extend(Action::all().map(|action| Block::Bullet(format!("{} help", command_line(action)))));
    page
}

/// Returns the page of a command that only holds others.
fn commands_page<'n>(name: &str, description: &str, commands: impl Iterator<Item = &'n str>) -> Vec<Block> {
    let mut page = opening(name, &[description]);
    page.push(Block::Section("AVAILABLE COMMANDS"));
    page.extend(commands.map(|command| Block::Bullet(command.to_owned())));
    page
}

/// Returns the page of an operation or a waiter.
fn action_page(action: Action) -> Vec<Block> {
    let texts = action.page();
    let (options, globals) = (command(action), global_arguments());
    let mut page = opening(&format!("{} - {}", action.command(), texts.purpose), texts.description);
    page.push(Block::Section("SYNOPSIS"));
    page.push(Block::Line(command_line(action)));
    page.extend(options.get_arguments().chain(globals.get_arguments()).map(synopsis));
    page.push(Block::Section("OPTIONS"));
    page.push(Block::Text(1, VALUES.to_owned()));
    for (arg, row) in options.get_arguments().zip(action::rows(action)) {
        page.extend(option(arg, row.text.to_owned(), row.properties));
        if let Shape::Structure(members) = row.shape {
            page.extend(member_blocks(members, 2));
        }
    }
    page.extend(global_options());
    page.push(Block::Section("EXAMPLES"));
    for (purpose, command) in texts.examples {
        page.push(Block::Text(1, (*purpose).to_owned()));
        page.push(Block::Command((*command).to_owned()));
    }
    page.push(Block::Section("OUTPUT"));
    match action {
        Action::Call(operation) => page.extend(member_blocks(operation.output, 1)),
        Action::Wait(_) => page.push(Block::Text(1, "None".to_owned())),
    }
    page
}

/// Returns the words that run `action`.
fn command_line(action: Action) -> String {
    match action {
        Action::Call(operation) => format!("aws {BACKUP} {}", operation.command),
        Action::Wait(waiter) => format!("aws {BACKUP} {WAIT} {}", waiter.command),
    }
}

/// Returns NAME and DESCRIPTION.
fn opening(name: &str, description: &[&str]) -> Vec<Block> {
    let text = |paragraph: &str| Block::Text(1, paragraph.to_owned());
    let mut page = vec![Block::Section("NAME"), text(name), Block::Section("DESCRIPTION")];
    page.extend(description.iter().map(|paragraph| text(paragraph)));
    page
}

/// Returns the global options as clap holds them.
fn global_arguments() -> Command {
    Globals::augment_args(Command::new("aws"))
}

/// Returns GLOBAL OPTIONS.
fn global_options() -> Vec<Block> {
    let mut section = vec![Block::Section("GLOBAL OPTIONS")];
    for arg in global_arguments().get_arguments() {
        section.extend(option(
            arg,
            global_text(arg),
            globals::properties(arg.get_long().unwrap_or_default()),
        ));
    }
    section
}

/// Returns the text of a global option; clap takes the full stop at the end of a comment away.
fn global_text(arg: &Arg) -> String {
    arg.get_help().map_or_else(String::new, |help| format!("{help}."))
}

/// Returns the line of `arg` in a synopsis.
fn synopsis(arg: &Arg) -> Block {
    let name = arg.get_long().unwrap_or_default();
    let value = if arg.get_action().takes_values() { " <value>" } else { "" };
    let required = arg.is_required_set();
    Block::Line(if required { format!("  --{name}{value}") } else { format!("  [--{name}{value}]") })
}

/// Returns `arg` with its text.
fn option(arg: &Arg, text: String, properties: Properties) -> Vec<Block> {
    let name = arg.get_long().unwrap_or_default();
    let is_flag = !arg.get_action().takes_values();
    let kind = arg.get_value_names().and_then(|names| names.first()).filter(|_| !is_flag);
    let kind = kind.map_or("boolean", |name| name.as_str());
    let required = if arg.is_required_set() { ", required" } else { "" };
    let mut blocks = vec![Block::Term(1, format!("--{name} ({kind}{required})")), Block::Text(2, text)];
    let choices = arg.get_possible_values();
    if !is_flag && !choices.is_empty() {
        let choices: Vec<String> = choices.iter().map(|value| format!("`{}`", value.get_name())).collect();
        blocks.push(Block::Property("Values", choices.join(", ")));
    }
    blocks.extend(properties.iter().map(|(name, text)| Block::Property(name, (*text).to_owned())));
    blocks
}

/// Returns `members` with their texts, those of a structure or a map below it.
/// Parity: DESC-62.
fn member_blocks(members: &[Member], steps: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    for member in members {
        blocks.push(Block::Term(steps, format!("{} ({})", member.name, member.shape.type_name())));
        blocks.push(Block::Text(steps + 1, member.text.to_owned()));
        match member.shape {
            Shape::Structure(members) => blocks.extend(member_blocks(members, steps + 1)),
            Shape::Map(value) => {
                blocks.push(Block::Term(steps + 1, "key (string)".to_owned()));
                blocks.push(Block::Term(steps + 1, format!("value ({})", value.type_name())));
            }
            _ => {}
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns all pages.
    fn pages() -> impl Iterator<Item = Page> {
        [Page::Aws, Page::Backup, Page::Wait].into_iter().chain(Action::all().map(Page::Action))
    }

    /// Returns the names of the sections of `page`.
    fn sections(page: Page) -> Vec<&'static str> {
        let name = |block: &Block| if let Block::Section(name) = block { Some(*name) } else { None };
        blocks(page).iter().filter_map(name).collect()
    }

    #[test]
    fn sections_stand_in_v1s_order() {
        for page in pages() {
            let expected: &[&str] = match page {
                Page::Aws => {
                    &["NAME", "DESCRIPTION", "SYNOPSIS", "GLOBAL OPTIONS", "AVAILABLE SERVICES", "SEE ALSO"]
                }
                Page::Backup | Page::Wait => &["NAME", "DESCRIPTION", "AVAILABLE COMMANDS"],
                Page::Action(_) => {
                    &["NAME", "DESCRIPTION", "SYNOPSIS", "OPTIONS", "GLOBAL OPTIONS", "EXAMPLES", "OUTPUT"]
                }
            };
            assert_eq!(sections(page), expected, "{page:?}");
        }
    }

    #[test]
    fn every_option_has_a_text_an_example_and_where_it_may_be_left_out_a_default() {
        let check = |arg: &Arg, text: &str, properties: Properties| {
            let properties: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
            assert!(!text.is_empty(), "{arg}: a text");
            assert!(properties.contains(&"Example"), "{arg}: an example");
            assert_eq!(properties.contains(&"Default"), !arg.is_required_set(), "{arg}: a default");
        };
        for arg in global_arguments().get_arguments() {
            check(arg, &global_text(arg), globals::properties(arg.get_long().unwrap()));
        }
        for action in Action::all() {
            for (arg, row) in command(action).get_arguments().zip(action::rows(action)) {
                check(arg, row.text, row.properties);
            }
        }
    }

    #[test]
    fn pages_keep_to_their_width() {
        for page in pages() {
            for columns in [60, 78, 120] {
                let text = layout::render(&title(page), &blocks(page), columns, false);
                for line in text.lines() {
                    assert!(line.chars().count() <= columns, "{page:?} at {columns}: {line}");
                    assert!(!line.contains(['`', '\u{8}']) && !line.ends_with(' '), "{page:?}: {line}");
                }
            }
        }
    }
}
