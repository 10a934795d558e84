//! One section of a table: its title, header and rows, and how wide they are. Mirrors `table.Section`.

use crate::error::{Error, failure};
use crate::python::{text, wide};

/// Blanks that a column has beside its longest text.
const PADDING: i64 = 4;

/// One section.
pub(super) struct Section {
    /// The title; `None` is never begun, but a list in a list can repeat a section without one.
    pub(super) title: Option<String>,
    /// How deep the section stands.
    pub(super) level: usize,
    /// The header; empty when there is none.
    pub(super) headers: Vec<String>,
    /// The rows.
    pub(super) rows: Vec<Vec<String>>,
    /// How many cells a row must have, once one is there.
    columns: Option<usize>,
    /// The width of the widest text of each column.
    widths: Vec<i64>,
}

impl Section {
    /// Returns an empty section.
    pub(super) fn new(title: Option<&str>, level: usize) -> Self {
        let title = title.map(str::to_owned);
        Self { title, level, headers: Vec::new(), rows: Vec::new(), columns: None, widths: Vec::new() }
    }

    /// Sets the header; one that is there already is replaced.
    /// Errors: it has more columns than stand there; v1's words name Python's list, ours say what is wrong (D1).
    pub(super) fn header(&mut self, headers: &[&str]) -> Result<(), Error> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        self.widen(&headers)?;
        self.columns.get_or_insert(headers.len());
        self.headers = headers;
        Ok(())
    }

    /// Adds a row.
    /// Errors: v1's words for a row that has not as many cells as the first.
    /// Parity: OUT-31.
    pub(super) fn row(&mut self, row: Vec<String>) -> Result<(), Error> {
        let columns = *self.columns.get_or_insert(row.len());
        if row.len() != columns {
            return Err(failure!("Row should have {columns} elements, instead it has {}", row.len()));
        }
        self.widen(&row)?;
        self.rows.push(row);
        Ok(())
    }

    /// Makes the columns as wide as a row needs them.
    fn widen(&mut self, row: &[String]) -> Result<(), Error> {
        if self.widths.is_empty() {
            self.widths = row.iter().map(|cell| width(cell)).collect();
            return Ok(());
        }
        if row.len() > self.widths.len() {
            return Err(failure!(
                "The result cannot be shown as a table: a list in a list has more columns than the one before it"
            ));
        }
        for (widest, cell) in self.widths.iter_mut().zip(row) {
            *widest = width(cell).max(*widest);
        }
        Ok(())
    }

    /// Turns header and only row into rows of their own, where the section has both.
    /// v1: `table.convert_to_vertical_table`. Parity: OUT-35.
    pub(super) fn vertical(self) -> Self {
        if self.headers.is_empty() || self.rows.len() != 1 {
            return self;
        }
        let mut section = Self::new(self.title.as_deref(), self.level);
        for (header, cell) in self.headers.into_iter().zip(self.rows.into_iter().flatten()) {
            let row = vec![header, cell];
            section.columns = Some(row.len());
            if section.widen(&row).is_ok() {
                section.rows.push(row);
            }
        }
        section
    }

    /// Returns the width that the section needs, bars of its level included.
    /// v1: `Section.total_width`. Parity: OUT-33.
    pub(super) fn total_width(&self) -> i64 {
        let columns: i64 = self.widths.iter().map(|width| width + PADDING).sum();
        let edges = 2 + 2 * i64::try_from(self.level).unwrap_or(0);
        edges + columns.max(width(self.title.as_deref().unwrap_or("None")))
    }

    /// Returns the width of each column, edges included, when the section is to be `total` wide.
    /// v1: `Section.calculate_column_widths`. Parity: OUT-33.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "v1 computes in floats")]
    pub(super) fn column_widths(&self, total: i64) -> Vec<i64> {
        let needed: i64 = self.widths.iter().map(|width| width + PADDING).sum();
        let scale = total as f64 / needed as f64;
        let scaled = |width: &i64| (scale * (width + PADDING) as f64).round_ties_even() as i64;
        let mut widths: Vec<i64> = self.widths.iter().map(scaled).collect();
        let mut excess = widths.iter().sum::<i64>() - total;
        while excess != 0 && !widths.is_empty() {
            let step = excess.signum();
            let columns: &mut dyn Iterator<Item = &mut i64> =
                if step > 0 { &mut widths.iter_mut() } else { &mut widths.iter_mut().rev() };
            for column in columns {
                *column -= step;
                excess -= step;
                if excess == 0 {
                    break;
                }
            }
        }
        widths
    }
}

/// Returns the width of a text: East Asian wide and ambiguous characters count two, all others one.
/// v1: `table.get_text_length`. Parity: OUT-32.
pub(super) fn width(shown: &str) -> i64 {
    let code = |character| text::surrogate(character).unwrap_or(u32::from(character));
    shown.chars().map(|character| if wide::is_wide(code(character)) { 2 } else { 1 }).sum()
}
