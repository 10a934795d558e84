//! `cargo run --example man > aws-backup-start-copy-job.1`: the help page of the operation as a manual page.
//!
//! The blocks are those of the help page; here they become roff.

use std::io::{self, Write};

use startcopy::cli::help::{self, Block, Page};

/// Head of the page: title, section, date (none: the page is the same on every day), source, manual; then no
/// hyphens and no stretched lines, for most of what stands there is to be typed.
const HEAD: &str = concat!(
    ".TH AWS-BACKUP-START-COPY-JOB 1 \"\" \"aws-start-copy-job ",
    env!("CARGO_PKG_VERSION"),
    "\" \"AWS commands\"\n.nh\n.ad l\n"
);

fn main() -> io::Result<()> {
    io::stdout().lock().write_all(roff(&help::blocks(Page::StartCopyJob)).as_bytes())
}

/// The page of `blocks`.
fn roff(blocks: &[Block]) -> String {
    let mut page = String::from(HEAD);
    let mut above: Option<&Block> = None;
    for block in blocks {
        page += &request(above, block);
        above = Some(block);
    }
    page
}

/// What `block` adds below the one `above` it.
fn request(above: Option<&Block>, block: &Block) -> String {
    let first = matches!(above, Some(Block::Section(_)));
    match block {
        Block::Section(name) => format!(".SH {name}\n"),
        Block::Term(text) => format!(".TP\n\\fB{}\\fR\n", words(text)),
        Block::Text(1, text) if matches!(above, Some(Block::Section("NAME"))) => {
            format!("aws\\-backup\\-{}\n", words(text))
        }
        Block::Text(1, text) | Block::Line(text) if first => format!("{}\n", words(text)),
        Block::Text(1, text) => format!(".PP\n{}\n", words(text)),
        Block::Text(_, text) if matches!(above, Some(Block::Term(_))) => format!("{}\n", words(text)),
        Block::Text(_, text) => format!(".IP\n{}\n", words(text)),
        Block::Fact(name, text) if matches!(above, Some(Block::Fact(..))) => {
            format!(".br\n{name}: {}\n", words(text))
        }
        Block::Fact(name, text) => format!(".IP\n{name}: {}\n", words(text)),
        Block::Line(text) => format!(".br\n{}\n", words(text).replace("  ", "\\ \\ ")),
        Block::Command(text) => {
            format!(
                ".PP\n.RS 4\n.EX\n$ {}\n.EE\n.nh\n.RE\n",
                words(text).replace(" \\-\\-", " \\e\n    \\-\\-")
            )
        }
        Block::Bullet(text) => format!(".IP \\(bu 2\n{}\n", words(text)),
    }
}

/// `text` with what roff would read otherwise escaped and what stands between backticks bold.
fn words(text: &str) -> String {
    let mut words = String::new();
    let mut bold = false;
    for letter in text.chars() {
        match letter {
            '`' => {
                bold = !bold;
                words.push_str(if bold { "\\fB" } else { "\\fR" });
            }
            '\\' => words.push_str("\\e"),
            '-' => words.push_str("\\-"),
            '\'' => words.push_str("\\(aq"),
            '.' if words.is_empty() => words.push_str("\\&."),
            _ => words.push(letter),
        }
    }
    words
}
