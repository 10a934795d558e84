//! The help pages: the tables of `model` and the clap tree go in, blocks come out, which `layout` sets for a terminal
//! and the man page example as roff.
//!
//! v1's sections in v1's order; the words are ours (D10). Mirrors `awscli/help.py` and `awscli/clidocs.py`.

use clap::{Arg, Args, Command};

use super::action::{self, command};
use super::globals::{self, Globals};
use super::page::{Block, Page};
use super::{BACKUP, PageStyle, WAIT, layout, pager};
use crate::error::Error;
use crate::host::Host;
use crate::model::{Action, Member, Shape, Text};
use crate::streams::Streams;

/// Description of `aws`.
const AWS: &[&str] = &[
    "This `aws` has three commands of its own, those that copy a recovery point of AWS Backup, and runs them as AWS CLI \
     version 1 does: the same options, files, output, messages and exit codes. Every other command it hands, \
     unchanged, to the next `aws` on `PATH`; `AWS_START_COPY_JOB_DELEGATE=off` keeps it from that.",
];

/// Description of `aws backup`.
const SERVICE: &[&str] = &[
    "AWS Backup keeps recovery points in vaults. This `aws` has the commands that copy a recovery point from one vault \
     to another, look up the job that makes the copy, and wait for its end.",
];

/// Description of `aws backup wait`.
const WAITERS: &[&str] = &[
    "Each command below looks up one thing again and again until it is as the command's name says, or has failed.",
];

/// What holds for the values of all options of an operation.
const VALUES: &str = "A value that begins with `file://` is read from that text file, with `fileb://` from that binary \
file, with `http://` or `https://` from that address. A value that begins with a dash is given as `--option=value`.";

/// How the page of `aws` explains synopses.
const SYNOPSIS: &str = "`aws <command> help` and `aws <command> <subcommand> help` show what each takes; what stands in \
square brackets may be left out.";

/// Shows `page` through the reader's pager.
/// Errors: those of [`pager::show`].
/// v1: `HelpCommand.__call__`. Parity: HELP-01, HELP-03 to HELP-08.
pub(crate) fn show(page: Page, host: &Host, streams: &mut Streams) -> Result<(), Error> {
    let text = layout::render(&title(page), &blocks(page), &PageStyle::of(host));
    pager::show(&text, host, streams)
}

/// Returns the name of `page` as its head and foot lines show it.
pub(crate) fn title(page: Page) -> String {
    match page {
        Page::Aws => "AWS".to_owned(),
        Page::Backup => BACKUP.to_uppercase(),
        Page::Wait => WAIT.to_uppercase(),
        Page::Action(action) => action.command().to_uppercase(),
    }
}

/// Returns the content of `page`.
/// v1: `clidocs.ProviderDocumentEventHandler` and its relatives. Parity: HELP-04, HELP-05, DESC-62, WAITC-56.
pub(crate) fn blocks(page: Page) -> Vec<Block> {
    match page {
        Page::Aws => aws_page(),
        Page::Backup => commands_page(
            BACKUP,
            "copies of backups",
            SERVICE,
            Action::all()
                .filter(|action| matches!(action, Action::Call(_)))
                .map(Action::command)
                .chain([WAIT]),
        ),
        Page::Wait => commands_page(
            WAIT,
            "wait until something has ended",
            WAITERS,
            Action::all().filter(|action| matches!(action, Action::Wait(_))).map(Action::command),
        ),
        Page::Action(action) => action_page(action),
    }
}

/// Returns the words of each command that does something, joined by dashes, and the content of its page.
pub fn man_pages() -> Vec<(String, Vec<Block>)> {
    let page = |action| (command_line(action).replace(' ', "-"), blocks(Page::Action(action)));
    Action::all().map(page).collect()
}

/// Returns the page of `aws`.
fn aws_page() -> Vec<Block> {
    let mut page = opening("aws", "copies of AWS Backup, as AWS CLI version 1 makes them", AWS);
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
fn commands_page<'n>(
    name: &str,
    purpose: &str,
    description: &[&str],
    commands: impl Iterator<Item = &'n str>,
) -> Vec<Block> {
    let mut page = opening(name, purpose, description);
    page.push(Block::Section("AVAILABLE COMMANDS"));
    page.extend(commands.map(|command| Block::Bullet(command.to_owned())));
    page
}

/// Returns the page of an operation or a waiter.
fn action_page(action: Action) -> Vec<Block> {
    let texts = action.page();
    let options = command(action);
    let mut page = opening(action.command(), texts.purpose, texts.description);
    page.push(Block::Section("SYNOPSIS"));
    page.push(Block::Line(command_line(action)));
    page.extend(options.get_arguments().map(synopsis));
    page.extend(global_arguments().get_arguments().map(synopsis));
    page.push(Block::Section("OPTIONS"));
    page.push(Block::Text(1, VALUES.to_owned()));
    for arg in options.get_arguments() {
        let name = arg.get_long().unwrap_or_default();
        page.extend(option(arg, action::text(action, name)));
        let member = action.operation().input.iter().find(|member| member.option_name() == name);
        if let Some(Member { shape: Shape::Structure(members), .. }) = member {
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
fn opening(name: &str, purpose: &str, description: &[&str]) -> Vec<Block> {
    let mut page = vec![
        Block::Section("NAME"),
        Block::Text(1, format!("{name} - {purpose}")),
        Block::Section("DESCRIPTION"),
    ];
    page.extend(description.iter().map(|paragraph| Block::Text(1, (*paragraph).to_owned())));
    page
}

/// Returns the global options as clap holds them.
fn global_arguments() -> Command {
    Globals::augment_args(Command::new("aws"))
}

/// Returns GLOBAL OPTIONS.
fn global_options() -> Vec<Block> {
    let text = |arg: &Arg| globals::text(arg.get_long().unwrap_or_default());
    let mut section = vec![Block::Section("GLOBAL OPTIONS")];
    section.extend(global_arguments().get_arguments().flat_map(|arg| option(arg, text(arg))));
    section
}

/// Returns the line of `arg` in a synopsis.
fn synopsis(arg: &Arg) -> Block {
    let name = arg.get_long().unwrap_or_default();
    let value = if arg.get_action().takes_values() { " <value>" } else { "" };
    let required = arg.is_required_set();
    Block::Line(if required { format!("  --{name}{value}") } else { format!("  [--{name}{value}]") })
}

/// Returns `arg` with its text.
fn option(arg: &Arg, text: Text) -> Vec<Block> {
    let flag = !arg.get_action().takes_values();
    let kind = arg.get_value_names().and_then(|names| names.first()).filter(|_| !flag);
    let kind = kind.map_or("boolean", |name| name.as_str());
    let required = if arg.is_required_set() { ", required" } else { "" };
    let mut blocks =
        vec![Block::Term(1, format!("--{} ({kind}{required})", arg.get_long().unwrap_or_default()))];
    blocks.extend(text.paragraphs.iter().map(|paragraph| Block::Text(2, (*paragraph).to_owned())));
    let choices: Vec<String> =
        arg.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
    if !flag && !choices.is_empty() {
        blocks.push(Block::Property("Values", choices.join(", ")));
    }
    blocks.extend(text.properties.iter().map(|(name, text)| Block::Property(name, (*text).to_owned())));
    blocks
}

/// Returns `members` with their texts, those of a structure or a map below it.
/// Parity: DESC-62.
fn member_blocks(members: &[Member], steps: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    for member in members {
        blocks.push(Block::Term(steps, format!("{} ({})", member.name, member.shape.type_name())));
        let paragraphs = member.text.paragraphs.iter();
        blocks.extend(paragraphs.map(|paragraph| Block::Text(steps + 1, (*paragraph).to_owned())));
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
        let check = |arg: &Arg, text: Text| {
            let properties: Vec<&str> = text.properties.iter().map(|(name, _)| *name).collect();
            assert!(!text.paragraphs.is_empty(), "{arg}: a text");
            assert!(properties.contains(&"Example"), "{arg}: an example");
            assert_eq!(properties.contains(&"Default"), !arg.is_required_set(), "{arg}: a default");
        };
        for arg in global_arguments().get_arguments() {
            check(arg, globals::text(arg.get_long().unwrap()));
        }
        for action in Action::all() {
            for arg in command(action).get_arguments() {
                check(arg, action::text(action, arg.get_long().unwrap()));
            }
        }
    }

    #[test]
    fn pages_keep_to_their_width() {
        for page in pages() {
            for columns in [60, 78, 120] {
                let style = PageStyle { columns, bold: false };
                let text = layout::render(&title(page), &blocks(page), &style);
                for line in text.lines() {
                    assert!(line.chars().count() <= columns, "{page:?} at {columns}: {line}");
                    assert!(!line.contains(['`', '\u{8}']) && !line.ends_with(' '), "{page:?}: {line}");
                }
            }
        }
    }
}
