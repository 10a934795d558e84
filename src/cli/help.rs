//! The help pages, written from the clap tree: its texts, names, types and choices go in, blocks come out, which
//! `layout` sets for a terminal and `cargo run --example man` as a manual page.
//!
//! v1's sections in v1's order; the words are ours (D10). Mirrors `awscli/help.py` and `awscli/clidocs.py`.

use clap::Arg;

use super::{BACKUP, START_COPY_JOB, layout, pager, tree};
use crate::error::Error;
use crate::host::Host;
use crate::streams::Streams;

/// What a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// `aws`
    Aws,
    /// `aws backup`
    Backup,
    /// `aws backup start-copy-job`
    StartCopyJob,
}

/// A part of a page. Texts mark what is typed literally with backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The name of a section.
    Section(&'static str),
    /// A paragraph, so many steps in.
    Text(usize, String),
    /// The heading of an option or of a member of the answer; what is said of it follows two steps in.
    Term(String),
    /// One fact of the option above: its name and the fact.
    Fact(&'static str, String),
    /// A line of a synopsis, kept as it is.
    Line(String),
    /// A command to type.
    Command(String),
    /// One of a list.
    Bullet(String),
}

/// The facts that a paragraph of an option's text may open with.
const FACTS: [&str; 4] = ["Default", "Config", "Environment", "Example"];

/// What holds for all options of the operation.
const VALUES: &str = "A value that begins with `file://` is read from that text file, with `fileb://` from that binary \
file, with `http://` or `https://` from that address. A value that begins with a dash is given as `--option=value`.";

/// What people do with the operation.
const EXAMPLES: [(&str, &str); 4] = [
    (
        "Start a copy into another region and print the id of the job:",
        "aws backup start-copy-job --recovery-point-arn arn:aws:ec2:us-east-1::snapshot/snap-0a1b2c3d \
         --source-backup-vault-name Default \
         --destination-backup-vault-arn arn:aws:backup:us-west-2:111122223333:backup-vault:dr \
         --iam-role-arn arn:aws:iam::111122223333:role/Copier --query CopyJobId --output text",
    ),
    (
        "Keep the copy for a year, from the second month on in cold storage, and make the call safe to repeat:",
        "aws backup start-copy-job --recovery-point-arn arn:aws:ec2:us-east-1::snapshot/snap-0a1b2c3d \
         --source-backup-vault-name Default \
         --destination-backup-vault-arn arn:aws:backup:us-west-2:111122223333:backup-vault:dr \
         --iam-role-arn arn:aws:iam::111122223333:role/Copier \
         --lifecycle MoveToColdStorageAfterDays=30,DeleteAfterDays=365 --idempotency-token nightly-2026-11-22",
    ),
    (
        "Write a file to fill in with all that can be said:",
        "aws backup start-copy-job --generate-cli-skeleton > job.json",
    ),
    (
        "Start the job that the file describes, with another role:",
        "aws backup start-copy-job --cli-input-json file://job.json \
         --iam-role-arn arn:aws:iam::111122223333:role/Copier",
    ),
];

/// The members of the answer.
const OUTPUT: [(&str, &str); 3] = [
    ("CopyJobId (string)", "The id of the job, by which other commands find it."),
    (
        "CreationDate (timestamp)",
        "When the job was made. Printed as the service gives it, in seconds since 1970 (UTC) with milliseconds as \
         fraction; `cli_timestamp_format = iso8601` in the configuration prints local time instead.",
    ),
    ("IsParent (boolean)", "True for a job that has jobs of its own for the parts of a composite resource."),
];

/// Shows `page` through the reader's pager.
///
/// # Errors
/// Those of [`pager::show`].
///
/// v1: `HelpCommand.__call__`. Parity: HELP-01, HELP-03 to HELP-08.
pub fn show(page: Page, host: &Host, streams: &mut Streams) -> Result<(), Error> {
    let text = layout::page(title(page), &blocks(page), &layout::Paper::of(host));
    pager::show(&text, host, streams)
}

/// The name of `page` as its head and foot lines show it.
pub fn title(page: Page) -> &'static str {
    match page {
        Page::Aws => "AWS",
        Page::Backup => "BACKUP",
        Page::StartCopyJob => "START-COPY-JOB",
    }
}

/// The content of `page`.
///
/// v1: `clidocs.ProviderDocumentEventHandler` and its relatives. Parity: HELP-04, HELP-05.
pub fn blocks(page: Page) -> Vec<Block> {
    let aws = tree();
    let backup = aws.find_subcommand(BACKUP).cloned().unwrap_or_default();
    let operation = backup.find_subcommand(START_COPY_JOB).cloned().unwrap_or_default();
    match page {
        Page::Aws => aws_page(&aws),
        Page::Backup => backup_page(&backup),
        Page::StartCopyJob => operation_page(&aws, &operation),
    }
}

/// The page of `aws`.
fn aws_page(aws: &clap::Command) -> Vec<Block> {
    let mut page = opening(aws);
    page.push(Block::Section("SYNOPSIS"));
    page.push(Block::Line("aws [options] <command> <subcommand> [parameters]".to_owned()));
    page.push(Block::Text(
        1,
        "`aws <command> help` and `aws <command> <subcommand> help` show what each takes; what stands in square \
         brackets may be left out."
            .to_owned(),
    ));
    page.extend(global_options(aws));
    page.push(Block::Section("AVAILABLE SERVICES"));
    page.extend(names(aws));
    page.push(Block::Section("SEE ALSO"));
    page.push(Block::Bullet(format!("aws {BACKUP} help")));
    page.push(Block::Bullet(format!("aws {BACKUP} {START_COPY_JOB} help")));
    page
}

/// The page of `aws backup`.
fn backup_page(backup: &clap::Command) -> Vec<Block> {
    let mut page = opening(backup);
    page.push(Block::Section("AVAILABLE COMMANDS"));
    page.extend(names(backup));
    page
}

/// The page of `aws backup start-copy-job`.
fn operation_page(aws: &clap::Command, operation: &clap::Command) -> Vec<Block> {
    let mut page = opening(operation);
    page.push(Block::Section("SYNOPSIS"));
    page.push(Block::Line(format!("aws {BACKUP} {START_COPY_JOB}")));
    page.extend(operation.get_arguments().chain(aws.get_arguments()).map(|arg| Block::Line(usage(arg))));
    page.push(Block::Section("OPTIONS"));
    page.push(Block::Text(1, VALUES.to_owned()));
    page.extend(operation.get_arguments().flat_map(option));
    page.extend(global_options(aws));
    page.push(Block::Section("EXAMPLES"));
    for (purpose, command) in EXAMPLES {
        page.push(Block::Text(1, purpose.to_owned()));
        page.push(Block::Command(command.to_owned()));
    }
    page.push(Block::Section("OUTPUT"));
    for (member, meaning) in OUTPUT {
        page.push(Block::Term(member.to_owned()));
        page.push(Block::Text(2, meaning.to_owned()));
    }
    page
}

/// NAME and DESCRIPTION: the first paragraph of the command's text, then the rest.
fn opening(command: &clap::Command) -> Vec<Block> {
    let text = command.get_long_about().map(ToString::to_string).unwrap_or_default();
    let mut paragraphs = text.split("\n\n");
    let mut purpose = paragraphs.next().unwrap_or_default().trim_end_matches('.').chars();
    let purpose = purpose.next().into_iter().flat_map(char::to_lowercase).chain(purpose).collect::<String>();
    let mut page = vec![
        Block::Section("NAME"),
        Block::Text(1, format!("{} - {purpose}", command.get_name())),
        Block::Section("DESCRIPTION"),
    ];
    page.extend(paragraphs.map(|paragraph| Block::Text(1, paragraph.to_owned())));
    page
}

/// GLOBAL OPTIONS.
fn global_options(aws: &clap::Command) -> Vec<Block> {
    let mut section = vec![Block::Section("GLOBAL OPTIONS")];
    section.extend(aws.get_arguments().flat_map(option));
    section
}

/// What `command` has below it.
fn names(command: &clap::Command) -> impl Iterator<Item = Block> {
    command.get_subcommands().map(|below| Block::Bullet(below.get_name().to_owned()))
}

/// `arg` in the synopsis.
fn usage(arg: &Arg) -> String {
    let name = arg.get_long().unwrap_or_default();
    let value = if arg.get_action().takes_values() { " <value>" } else { "" };
    if arg.is_required_set() { format!("  --{name}{value}") } else { format!("  [--{name}{value}]") }
}

/// `arg` with all that its text says.
fn option(arg: &Arg) -> Vec<Block> {
    let flag = !arg.get_action().takes_values();
    let kind = arg.get_value_names().and_then(|names| names.first()).filter(|_| !flag);
    let kind = kind.map_or("boolean", |name| name.as_str());
    let required = if arg.is_required_set() { ", required" } else { "" };
    let mut blocks =
        vec![Block::Term(format!("--{} ({kind}{required})", arg.get_long().unwrap_or_default()))];
    let text = arg.get_long_help().map(ToString::to_string).unwrap_or_default();
    let (facts, paragraphs): (Vec<Block>, Vec<Block>) =
        text.split("\n\n").map(said).partition(|block| matches!(block, Block::Fact(..)));
    blocks.extend(paragraphs);
    let choices: Vec<String> =
        arg.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
    if !flag && !choices.is_empty() {
        blocks.push(Block::Fact("Values", choices.join(", ")));
    }
    blocks.extend(facts);
    blocks
}

/// A paragraph of an option's text: a fact where it opens with the name of one.
fn said(paragraph: &str) -> Block {
    let fact = |name: &&'static str| Some((*name, paragraph.strip_prefix(name)?.strip_prefix(": ")?));
    match FACTS.iter().find_map(fact) {
        Some((name, text)) => Block::Fact(name, text.to_owned()),
        None => Block::Text(2, paragraph.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGES: [Page; 3] = [Page::Aws, Page::Backup, Page::StartCopyJob];

    fn sections(page: Page) -> Vec<&'static str> {
        let name = |block: &Block| if let Block::Section(name) = block { Some(*name) } else { None };
        blocks(page).iter().filter_map(name).collect()
    }

    #[test]
    fn sections_stand_in_v1s_order() {
        let expected: [&[&str]; 3] = [
            &["NAME", "DESCRIPTION", "SYNOPSIS", "GLOBAL OPTIONS", "AVAILABLE SERVICES", "SEE ALSO"],
            &["NAME", "DESCRIPTION", "AVAILABLE COMMANDS"],
            &["NAME", "DESCRIPTION", "SYNOPSIS", "OPTIONS", "GLOBAL OPTIONS", "EXAMPLES", "OUTPUT"],
        ];
        assert_eq!(PAGES.map(sections), expected);
    }

    #[test]
    fn every_option_has_a_text_an_example_and_where_it_may_be_left_out_a_default() {
        let aws = tree();
        let operation = aws.find_subcommand(BACKUP).and_then(|backup| backup.find_subcommand(START_COPY_JOB));
        for arg in aws.get_arguments().chain(operation.expect("the operation").get_arguments()) {
            let facts: Vec<&str> = option(arg)
                .iter()
                .filter_map(|block| if let Block::Fact(name, _) = block { Some(*name) } else { None })
                .collect();
            assert!(option(arg).iter().any(|block| matches!(block, Block::Text(..))), "{arg}: a text");
            assert!(facts.contains(&"Example"), "{arg}: an example");
            assert_eq!(facts.contains(&"Default"), !arg.is_required_set(), "{arg}: a default");
        }
    }

    #[test]
    fn descriptions_are_there() {
        for page in PAGES {
            let filled = blocks(page)
                .iter()
                .filter(|block| matches!(block, Block::Text(1, text) if text.len() > 40))
                .count();
            assert!(filled > 0, "{page:?}");
        }
    }
}
