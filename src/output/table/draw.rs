//! Sections -> lines. Mirrors `table.MultiTable`.
//!
//! comfy-table draws each section's grid, every column one mark wide; the marks are then stretched to v1's widths
//! and replaced by v1's cells. It cannot lay out the cells themselves, because v1 counts ambiguous letters (`é`)
//! as two and combining and control characters as one, centres leaning to the left, prints line breaks raw and
//! pads outside of the colour.

use comfy_table::{ContentLineStyle, LineStyle, Table, TableStyle};

use super::section::{Section, width};
use crate::error::Error;
use crate::output::FormatWriter;

/// Mark that comfy-table draws for a cell.
const CELL: char = 'x';

/// Mark that comfy-table draws for a column's rule.
const RULE: char = '-';

/// A rule.
const LINE: LineStyle = LineStyle::new('+', RULE, '+', '+');

/// A line of cells.
const CELLS: ContentLineStyle = ContentLineStyle::new('|', '|', '|');

/// A header, if there is one, and rows between rules.
const GRID: TableStyle = TableStyle::new()
    .top_border(LINE)
    .header_lines(CELLS)
    .header_separator(LINE)
    .content_lines(CELLS)
    .bottom_border(LINE);

/// A title above a grid.
const TITLE: TableStyle = TableStyle::new().content_lines(CELLS);

/// A title alone.
const TITLE_ALONE: TableStyle = TITLE.bottom_border(LINE);

/// Prints the sections, all as wide as the widest, each line between the bars of its level in the four writes of v1.
/// Where that is more than the terminal has, sections of one row are turned upright.
/// v1: `MultiTable.render`, `IndentedStream.write`. Parity: OUT-28, OUT-35, OUT-37.
pub(super) fn print(
    mut sections: Vec<Section>,
    terminal: i64,
    writer: &mut FormatWriter,
) -> Result<(), Error> {
    let widest = |sections: &[Section]| sections.iter().map(Section::total_width).max().unwrap_or(0);
    let mut total = widest(&sections);
    if total > terminal {
        sections = sections.into_iter().map(Section::vertical).collect();
        total = widest(&sections);
    }
    writer.write(&format!("{}\n", repeat(RULE, total)))?;
    for section in &sections {
        let bar = if writer.colour { "\x1b[2m\x1b[33m|\x1b[0m" } else { "|" };
        let bars = bar.repeat(section.level.into());
        for line in lines(section, total - 2 * i64::from(section.level), writer.colour) {
            [&bars, &line, &bars, "\n"].into_iter().try_for_each(|part| writer.write(part))?;
        }
    }
    Ok(())
}

/// Returns `count` times the same character; none when negative.
fn repeat(character: char, count: i64) -> String {
    std::iter::repeat_n(character, usize::try_from(count).unwrap_or(0)).collect()
}

/// Returns the lines of a section that is `total` wide.
/// v1: `MultiTable._render_section`. Parity: OUT-34.
fn lines(section: &Section, total: i64, colour: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if !section.title.is_empty() {
        let is_alone = section.headers.is_empty() && section.rows.is_empty();
        let title = vec![centred(&section.title, total, 2)];
        lines.extend(grid(if is_alone { TITLE_ALONE } else { TITLE }, &[total - 2], &[], &[title]));
    }
    // A column's width with its edges, and how many it has: two in the first, else only the right one.
    let widths = section.column_widths(total).into_iter().enumerate();
    let columns: Vec<(i64, i64)> = widths.map(|(at, width)| (width, if at == 0 { 2 } else { 1 })).collect();
    if columns.is_empty() {
        return lines;
    }
    let insides: Vec<i64> = columns.iter().map(|(width, edges)| width - edges).collect();
    let headers = section.headers.iter().zip(&columns);
    let headers: Vec<String> = headers.map(|(cell, (width, edges))| centred(cell, *width, *edges)).collect();
    let row = |row: &Vec<String>| {
        let cells = row.iter().zip(&insides);
        cells.map(|(cell, inside)| left(cell, *inside, colour)).collect()
    };
    let rows: Vec<Vec<String>> = section.rows.iter().map(row).collect();
    lines.extend(grid(GRID, &insides, &headers, &rows));
    lines
}

/// Returns the lines of a grid whose columns are `insides` wide between their edges.
fn grid(style: TableStyle, insides: &[i64], headers: &[String], rows: &[Vec<String>]) -> Vec<String> {
    let marks = || insides.iter().map(|_| CELL);
    let mut table = Table::new();
    table.load_style(style);
    if !headers.is_empty() {
        table.set_header(marks());
    }
    table.add_rows(rows.iter().map(|_| marks()));
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 0));
    });
    let mut cells = headers.iter().chain(rows.iter().flatten());
    table.lines().map(|line| stretched(&line, insides, &mut cells)).collect()
}

/// Returns a line of comfy-table's with its marks stretched and its cells filled.
fn stretched<'a>(line: &str, insides: &[i64], cells: &mut impl Iterator<Item = &'a String>) -> String {
    let mut insides = insides.iter();
    let mut stretched = String::new();
    for mark in line.chars() {
        match mark {
            RULE => stretched.push_str(&repeat(RULE, *insides.next().unwrap_or(&0))),
            CELL => stretched.extend(cells.next().map(String::as_str)),
            edge => stretched.push(edge),
        }
    }
    stretched
}

/// Returns a centred text; it leans left in all columns but the first, whose left edge v1 counts.
/// v1: `table.center_text`.
fn centred(shown: &str, column: i64, edges: i64) -> String {
    let text_width = width(shown);
    let before = column / 2 - text_width / 2 - 1;
    let after = column - edges - before - text_width;
    format!("{}{shown}{}", repeat(' ', before), repeat(' ', after))
}

/// Returns a text behind two blanks, or behind none where it would not fit, bright blue when coloured.
/// v1: `table.align_left`.
fn left(shown: &str, inside: i64, colour: bool) -> String {
    let text_width = width(shown);
    let before = if inside >= text_width + 2 { 2 } else { 0 };
    let after = repeat(' ', inside - before - text_width);
    let before = repeat(' ', before);
    if colour { format!("{before}\x1b[1m\x1b[34m{shown}\x1b[0m{after}") } else { before + shown + &after }
}
