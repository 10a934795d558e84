//! One section of a table: its title, header and rows, and how wide they are. Mirrors `table.Section`.

use crate::error::{Error, failure};
use crate::output::cells::cell;
use crate::python::{Dict, text, wide};

/// Blanks that a column has beside its longest text.
const PADDING: i64 = 4;

/// One section.
pub(super) struct Section {
    pub(super) title: String,
    /// How deep the section stands.
    pub(super) level: u16,
    /// The header; empty when there is none.
    pub(super) headers: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// The width of the widest text of each column.
    widths: Vec<i64>,
}

impl Section {
    pub(super) fn new(title: &str, level: u16) -> Self {
        let title = title.to_owned();
        Self { title, level, headers: Vec::new(), rows: Vec::new(), widths: Vec::new() }
    }

    /// Adds a mapping as a row under a header, which replaces one that is there already.
    pub(super) fn row_under(&mut self, headers: &[&str], dict: &Dict) -> Result<(), Error> {
        self.headers = headers.iter().copied().map(str::to_owned).collect();
        self.widen(headers)?;
        self.row(headers.iter().map(|header| cell(dict, header)).collect())
    }

    /// Adds a row.
    /// Errors: v1's words for a row that has not as many cells as the first.
    /// Parity: OUT-31.
    pub(super) fn row(&mut self, row: Vec<String>) -> Result<(), Error> {
        let columns = self.rows.first().map_or(row.len(), Vec::len);
        if row.len() != columns {
            return Err(failure!("Row should have {columns} elements, instead it has {}", row.len()));
        }
        self.widen(&row)?;
        self.rows.push(row);
        Ok(())
    }

    /// Makes the columns as wide as these cells need them.
    /// Errors: there are more cells than columns; v1's words name Python's list, ours say what is wrong (D1).
    fn widen(&mut self, cells: &[impl AsRef<str>]) -> Result<(), Error> {
        if self.widths.is_empty() {
            self.widths = vec![0; cells.len()];
        }
        if cells.len() > self.widths.len() {
            return Err(failure!(
                "The result cannot be shown as a table: a list in a list has more columns than the one before it"
            ));
        }
        for (widest, cell) in self.widths.iter_mut().zip(cells) {
            *widest = width(cell.as_ref()).max(*widest);
        }
        Ok(())
    }

    /// Turns header and only row into rows of their own, where the section has both.
    /// v1: `table.convert_to_vertical_table`. Parity: OUT-35.
    pub(super) fn vertical(self) -> Self {
        if self.headers.is_empty() || self.rows.len() != 1 {
            return self;
        }
        let cells = self.rows.concat();
        let widest = |cells: &[String]| cells.iter().map(|cell| width(cell)).max().unwrap_or(0);
        let widths = vec![widest(&self.headers), widest(&cells)];
        let rows = self.headers.into_iter().zip(cells).map(|(header, cell)| vec![header, cell]).collect();
        Self { headers: Vec::new(), rows, widths, ..self }
    }

    /// Returns the width that the columns need.
    fn needed(&self) -> i64 {
        self.widths.iter().map(|width| width + PADDING).sum()
    }

    /// Returns the width that the section needs, bars of its level included.
    /// v1: `Section.total_width`. Parity: OUT-33.
    pub(super) fn total_width(&self) -> i64 {
        2 + 2 * i64::from(self.level) + self.needed().max(width(&self.title))
    }

    /// Returns the width of each column, edges included, when the section is to be `total` wide.
    /// v1: `Section.calculate_column_widths`. Parity: OUT-33.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "v1 computes in floats")]
    pub(super) fn column_widths(&self, total: i64) -> Vec<i64> {
        let scale = total as f64 / self.needed() as f64;
        let scaled = |width: &i64| (scale * (width + PADDING) as f64).round_ties_even() as i64;
        let mut widths: Vec<i64> = self.widths.iter().map(scaled).collect();
        let mut excess = widths.iter().sum::<i64>() - total;
        while excess != 0 && !widths.is_empty() {
            let step = excess.signum();
            let columns: &mut dyn Iterator<Item = &mut i64> =
                if step > 0 { &mut widths.iter_mut() } else { &mut widths.iter_mut().rev() };
            for column in columns.take(excess.unsigned_abs() as usize) {
                *column -= step;
                excess -= step;
            }
        }
        widths
    }
}

/// Returns the width of a text: East Asian wide and ambiguous characters count two, all others one.
/// v1: `table.get_text_length`. Parity: OUT-32.
pub(super) fn width(shown: &str) -> i64 {
    text::codes(shown).map(|code| if wide::is_wide(code) { 2 } else { 1 }).sum()
}
