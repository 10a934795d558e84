//! `cargo run --example man -- FOLDER`: the help pages of all commands as manual pages `aws-backup-….1` in a folder;
//! without one, the page of `start-copy-job` on stdout.
//!
//! The blocks are those of the help pages; here they become roff.

use std::io::{self, Write};
use std::path::Path;

use startcopy::internals::{Block, man_pages};

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1);
    for (name, blocks) in man_pages() {
        let page = roff(&name, &blocks);
        match &folder {
            Some(folder) => std::fs::write(Path::new(folder).join(format!("{name}.1")), page)?,
            None if name.ends_with("start-copy-job") => io::stdout().lock().write_all(page.as_bytes())?,
            None => {}
        }
    }
    Ok(())
}

/// Returns the head of a page: title, section, date (none: the page is the same on every day), source, manual; then
/// no hyphens and no stretched lines, for most of the text is to be typed.
fn head(name: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let title = name.to_uppercase();
    format!(".TH {title} 1 \"\" \"aws-start-copy-job {version}\" \"AWS commands\"\n.nh\n.ad l\n")
}

/// Returns the page of `blocks`.
fn roff(name: &str, blocks: &[Block]) -> String {
    let mut page = head(name);
    let prefix = name.rsplit_once("backup-").map_or("aws-", |(before, _)| before);
    let mut above: Option<&Block> = None;
    for block in blocks {
        page += &request(&format!("{prefix}backup-"), above, block);
        above = Some(block);
    }
    page
}

/// Returns what `block` adds below the one `above` it; `prefix` is put before the command in NAME.
fn request(prefix: &str, above: Option<&Block>, block: &Block) -> String {
    let first = matches!(above, Some(Block::Section(_)));
    match block {
        Block::Section(name) => format!(".SH {name}\n"),
        Block::Term(1, text) => format!(".TP\n\\fB{}\\fR\n", words(text)),
        Block::Term(steps, text) => format!(".RS {}\n.TP\n\\fB{}\\fR\n.RE\n", 4 * (steps - 1), words(text)),
        Block::Text(1, text) if matches!(above, Some(Block::Section("NAME"))) => {
            format!("{}{}\n", words(prefix), words(text))
        }
        Block::Text(1, text) | Block::Line(text) if first => format!("{}\n", words(text)),
        Block::Text(1, text) => format!(".PP\n{}\n", words(text)),
        Block::Text(2, text) if matches!(above, Some(Block::Term(..))) => format!("{}\n", words(text)),
        Block::Text(steps, text) => format!(".RS {}\n.IP\n{}\n.RE\n", 4 * (steps.max(&2) - 2), words(text)),
        Block::Property(name, text) if matches!(above, Some(Block::Property(..))) => {
            format!(".br\n{name}: {}\n", words(text))
        }
        Block::Property(name, text) => format!(".IP\n{name}: {}\n", words(text)),
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

/// Returns `text` with what roff would read otherwise escaped and what is between backticks bold.
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
