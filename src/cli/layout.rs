//! Blocks of a help page -> text for a terminal or a pipe.
//!
//! v1 lets groff do it, 78 columns wide, with every letter of bold text struck over itself. Here bold is struck over
//! on a terminal alone and the text fills its width; in a pipe it is plain (D10).

/// Columns where stdout is no terminal, as in v1.
const WIDTH: usize = 78;
/// The narrowest and the widest text that a terminal gets.
const NARROWEST: usize = 40;
const WIDEST: usize = 120;
/// Columns of one step to the right.
const STEP: usize = 3;
/// Columns that the name of a fact takes: the longest, its colon and a blank.
const PROPERTY: usize = 13;

/// A part of a page. Texts mark what is typed literally with backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The name of a section.
    Section(&'static str),
    /// A paragraph, so many steps in.
    Text(usize, String),
    /// The heading of an option or of a member of the response, so many steps in; its text follows one step further.
    Term(usize, String),
    /// A named property of the option above.
    Property(&'static str, String),
    /// A line of a synopsis, kept as it is.
    Line(String),
    /// A command to type.
    Command(String),
    /// One of a list.
    Bullet(String),
}

/// Returns the longest line and whether bold text is struck over, by the columns of the terminal that stdout is: 0 where
/// it does not know them, `None` where it is none.
pub(super) fn style(terminal: Option<u16>) -> (usize, bool) {
    let known = terminal.filter(|columns| *columns > 0);
    let columns = known.map_or(WIDTH, |columns| usize::from(columns).clamp(NARROWEST, WIDEST));
    (columns, terminal.is_some())
}

/// Renders the page under `title`.
/// v1: `PosixHelpRenderer._convert_doc_content`. Parity: HELP-03.
pub(super) fn render(title: &str, blocks: &[Block], columns: usize, bold: bool) -> String {
    let mark = format!("{title}()");
    let gap = columns.saturating_sub(2 * mark.len()).max(1);
    let mut text = format!("{mark}{:gap$}{mark}\n", "");
    let mut above = None;
    for block in blocks {
        if !is_tight(above, block) {
            text.push('\n');
        }
        for line in lines(block, columns) {
            text.push_str(overstrike(&line, bold).trim_end());
            text.push('\n');
        }
        above = Some(block);
    }
    text + &format!("\n{mark:>columns$}\n")
}

/// Returns true where no empty line stands between a block and the one `above` it.
fn is_tight(above: Option<&Block>, block: &Block) -> bool {
    matches!(
        (above, block),
        (Some(Block::Section(_) | Block::Term(..)), _)
            | (Some(Block::Property(..)), Block::Property(..))
            | (Some(Block::Line(_)), Block::Line(_))
            | (Some(Block::Bullet(_)), Block::Bullet(_))
    )
}

/// Returns the lines of `block`, its backticks still in it.
fn lines(block: &Block, columns: usize) -> Vec<String> {
    match block {
        Block::Section(name) => vec![format!("`{name}`")],
        Block::Term(steps, text) => wrap(&format!("`{text}`"), steps * STEP, steps * STEP, columns),
        Block::Text(steps, text) => wrap(text, steps * STEP, steps * STEP, columns),
        Block::Line(text) => vec![format!("{:STEP$}{text}", "")],
        Block::Bullet(text) => wrap(&format!("o {text}"), STEP, STEP + 2, columns),
        Block::Command(text) => command(text, columns),
        Block::Property(name, text) => property(name, text, columns),
    }
}

/// Returns the lines of a property: its name, then the text beside it, or below where a word is too long for that.
fn property(name: &str, text: &str, columns: usize) -> Vec<String> {
    let margin = 2 * STEP;
    let longest = text.split_whitespace().map(visible_width).max().unwrap_or_default();
    let rest = if margin + PROPERTY + longest <= columns { margin + PROPERTY } else { margin };
    let mut lines = wrap(text, margin + PROPERTY, rest, columns);
    if let Some(first) = lines.first_mut() {
        let name = format!("{name}:");
        *first = format!("{:margin$}{name:PROPERTY$}{}", "", first.trim_start());
    }
    lines
}

/// Wraps `text` in lines of at most `columns`, where words allow; `first` and `rest` are their margins.
fn wrap(text: &str, first: usize, rest: usize, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(first);
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && visible_width(&line) + 1 + visible_width(word) > columns {
            let mark = if line.matches('`').count() % 2 == 1 { "`" } else { "" };
            lines.push(line + mark);
            line = " ".repeat(rest) + mark;
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line);
    lines
}

/// Wraps a command in lines that a shell takes as one: an option stays with its value where both fit.
fn command(text: &str, columns: usize) -> Vec<String> {
    let most = columns.saturating_sub(2);
    let mut lines = vec![format!("{:STEP$}$", "")];
    for unit in units(text) {
        let fits = STEP + 2 + unit.len() <= most;
        let words = if fits { vec![unit.as_str()] } else { unit.split(' ').collect() };
        for (index, word) in words.into_iter().enumerate() {
            let needed = if index == 0 { unit.len() } else { word.len() };
            match lines.last_mut() {
                Some(line) if line.len() + 1 + needed <= most => *line = format!("{line} {word}"),
                _ => lines.push(format!("{:STEP$}  {word}", "")),
            }
        }
    }
    let last = lines.len().saturating_sub(1);
    for line in lines.iter_mut().take(last) {
        line.push_str(" \\");
    }
    lines
}

/// Returns the words of a command, each option together with what belongs to it.
fn units(text: &str) -> Vec<String> {
    let mut units: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match units.last_mut() {
            Some(unit) if !word.starts_with("--") => *unit = format!("{unit} {word}"),
            _ => units.push(word.to_owned()),
        }
    }
    units
}

/// Returns the number of columns that `text` takes once its backticks are gone.
fn visible_width(text: &str) -> usize {
    text.chars().filter(|&letter| letter != '`').count()
}

/// Returns `line` without its backticks; what stood between them struck over itself where `bold`.
fn overstrike(line: &str, bold: bool) -> String {
    let mut text = String::new();
    let mut marked = false;
    for letter in line.chars() {
        match letter {
            '`' => marked = !marked,
            ' ' => text.push(' '),
            _ if marked && bold => text.extend([letter, '\u{8}', letter]),
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_break_before_options() {
        let cases: [(&str, usize, &[&str]); 3] = [
            ("aws backup --a b", 40, &["   $ aws backup --a b"]),
            ("aws backup --a b --c d", 23, &["   $ aws backup --a b \\", "     --c d"]),
            ("aws --aaaa bbbbbbbbb", 17, &["   $ aws \\", "     --aaaa \\", "     bbbbbbbbb"]),
        ];
        for (text, columns, expected) in cases {
            assert_eq!(command(text, columns), expected, "{text} at {columns}");
        }
    }

    #[test]
    fn bold_is_struck_over_on_a_terminal() {
        assert_eq!(overstrike("a `bc d` e", true), "a b\u{8}bc\u{8}c d\u{8}d e");
        assert_eq!(overstrike("a `bc d` e", false), "a bc d e");
    }

    #[test]
    fn a_mark_that_spans_two_lines_is_closed_on_each() {
        assert_eq!(wrap("aa `bb cc` dd", 0, 2, 6), ["aa `bb`", "  `cc`", "  dd"]);
    }
}
