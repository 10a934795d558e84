//! The figures of a run: one committed file (`figures.tsv`), and all that is drawn from it: the tables of
//! `tests/bench/README.md`, the four rows of `README.md`, the picture `.github/speed.svg`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Who stands in the picture and in README's rows: as the tables call them, as a reader knows them.
const SHOWN: [(&str, &str); 4] = [
    ("AWS CLI 1.46.3", "AWS CLI v1"),
    ("boto3 script", "boto3"),
    ("`curl --aws-sigv4`", "curl"),
    ("ours", "this program"),
];
/// Our binary as it ships, linked statically: it is shown in the place of the default build where it was measured.
const SHIPPED: &str = "ours, static";
/// The scenario of the picture: what a script meets, certificates checked against as many authorities as v1 brings.
const PICTURED: &str = "https, private CA in the full bundle";

/// One table: its title, the names of its columns, its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    pub title: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// All figures of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// When, where, how: name and value.
    pub facts: Vec<(String, String)>,
    pub tables: Vec<Table>,
}

impl Table {
    /// Creates an empty table.
    pub fn new(title: &str, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        Self { title: title.to_owned(), columns, rows: Vec::new() }
    }

    /// Returns the value in a column of the row whose first words are `keys`.
    fn value(&self, keys: &[&str], column: &str) -> Option<f64> {
        let column = self.columns.iter().position(|name| name == column)?;
        let row = self.rows.iter().find(|row| row.iter().zip(keys).all(|(cell, key)| cell == key))?;
        row.get(column)?.parse().ok()
    }

    /// Returns it in Markdown: words to the left, numbers to the right.
    fn markdown(&self) -> String {
        let is_number = |column: usize| {
            let mut cells =
                self.rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty());
            cells.all(|cell| cell.parse::<f64>().is_ok())
        };
        let rule = |column| if is_number(column) { "--:|" } else { "---|" };
        let rules: String = (0..self.columns.len()).map(rule).collect();
        let mut text = format!("{}:\n\n| {} |\n|{rules}\n", self.title, self.columns.join(" | "));
        for row in &self.rows {
            let _ = writeln!(text, "| {} |", row.join(" | "));
        }
        text
    }
}

impl Figures {
    /// Reads the committed file.
    pub fn committed() -> Self {
        Self::parse(&fs::read_to_string(path("tests/bench/figures.tsv")).expect("tests/bench/figures.tsv"))
    }

    /// Reads what [`Self::text`] wrote.
    pub fn parse(text: &str) -> Self {
        let mut figures = Self::default();
        for block in text.split("\n\n") {
            let mut lines = block.lines().peekable();
            while let Some((name, value)) = lines.peek().and_then(|line| line.split_once(": ")) {
                figures.facts.push((name.to_owned(), value.to_owned()));
                lines.next();
            }
            let Some(title) = lines.next() else { continue };
            let cells = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
            let columns = lines.next().map(cells).unwrap_or_default();
            figures.tables.push(Table { title: title.to_owned(), columns, rows: lines.map(cells).collect() });
        }
        figures
    }

    /// Returns the file: facts, then each table with its title, cells between tabs.
    pub fn text(&self) -> String {
        let facts: Vec<String> = self.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let mut text = facts.join("\n") + "\n";
        for Table { title, columns, rows } in &self.tables {
            let lines = rows.iter().map(|row| row.join("\t"));
            let lines = std::iter::once(columns.join("\t")).chain(lines).collect::<Vec<_>>();
            let _ = write!(text, "\n{title}\n{}\n", lines.join("\n"));
        }
        text
    }

    /// Returns a fact's value.
    fn fact(&self, wanted: &str) -> &str {
        let found = self.facts.iter().find(|(name, _)| name == wanted);
        found.map_or("not noted", |(_, value)| value)
    }

    /// Returns a value of whichever table has it.
    fn value(&self, keys: &[&str], column: &str) -> Option<f64> {
        self.tables.iter().find_map(|table| table.value(keys, column))
    }

    /// Returns a value of `who`, in our case that of the binary that ships, if it has one.
    fn shown(&self, scenario: Option<&str>, who: &str, column: &str) -> Option<f64> {
        let value = |who| {
            let keys: Vec<&str> = scenario.into_iter().chain([who]).collect();
            self.value(&keys, column)
        };
        let shipped = if who == "ours" { value(SHIPPED) } else { None };
        shipped.or_else(|| value(who))
    }

    /// Returns when and where was measured, and what of ours.
    fn caption(&self) -> String {
        let (date, machine, rounds) = (self.fact("date"), self.fact("machine"), self.fact("rounds"));
        let has_shipped = self.value(&[PICTURED, SHIPPED], "wall ms").is_some();
        let build = if has_shipped { "static" } else { "dynamic" };
        format!("{rounds}, {date}; {machine}; {}; ours: {build} build", self.fact("server"))
    }

    /// Returns all tables in Markdown.
    pub fn markdown(&self) -> String {
        let facts: Vec<String> = self.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let tables: Vec<String> = self.tables.iter().map(Table::markdown).collect();
        format!("{}.\n\n{}", facts.join("; "), tables.join("\n"))
    }

    /// Returns README's rows: who needs how much for one call and for many.
    pub fn short(&self) -> String {
        let rows: [(&str, Option<&str>, &str, &str); 4] = [
            ("one call over http", Some("http, keys in the environment"), "wall ms", "ms"),
            ("one call over https, 145 authorities read", Some(PICTURED), "wall ms", "ms"),
            ("peak memory of that", Some(PICTURED), "peak MB", "MB"),
            ("calls a second, four at a time", None, "jobs a second", ""),
        ];
        let names = SHOWN.iter().rev().map(|(_, name)| *name).collect::<Vec<_>>();
        let mut text = format!("| | {} |\n|---|--:|--:|--:|--:|\n", names.join(" | "));
        for (title, scenario, column, unit) in rows {
            let cell = |who: &str| {
                self.shown(scenario, who, column).map_or(String::new(), |value| format!("{value} {unit}"))
            };
            let cells: Vec<String> = SHOWN.iter().rev().map(|(who, _)| cell(who).trim().to_owned()).collect();
            let _ = writeln!(text, "| {title} | {} |", cells.join(" | "));
        }
        let _ = writeln!(text, "\nMedians of {}.", self.caption());
        text
    }

    /// Returns the picture: a bar for each contender, in light or dark colours as the reader's page has it.
    pub fn svg(&self) -> String {
        let bars: Vec<(&str, f64)> = SHOWN
            .iter()
            .filter_map(|(who, name)| Some((*name, self.shown(Some(PICTURED), who, "wall ms")?)))
            .collect();
        let longest = bars.iter().map(|(_, wall)| *wall).fold(f64::EPSILON, f64::max);
        let mut drawn = String::new();
        for (place, (name, wall)) in bars.iter().enumerate() {
            let (top, length) = (52 + 32 * place, (wall / longest * 480.0).max(1.0));
            let kind = if *name == "this program" { "ours" } else { "other" };
            let (middle, end) = (top + 16, 132.0 + length);
            let _ = writeln!(
                drawn,
                "  <text class=\"name\" x=\"114\" y=\"{middle}\">{name}</text>\n  \
                 <rect class=\"{kind}\" x=\"124\" y=\"{top}\" width=\"{length:.1}\" height=\"22\" rx=\"3\"/>\n  \
                 <text x=\"{end:.1}\" y=\"{middle}\">{wall} ms</text>"
            );
        }
        let caption = self.caption();
        format!(
            "{HEAD}{drawn}  <text class=\"small\" x=\"8\" y=\"202\">Medians of {caption}.</text>\n</svg>\n"
        )
    }

    /// Writes the committed file.
    pub fn save(&self) {
        fs::write(path("tests/bench/figures.tsv"), self.text()).expect("figures.tsv can be written");
    }

    /// Writes all that is drawn from the figures.
    pub fn draw(&self) {
        for (file, content) in self.drawings() {
            fs::write(path(file), content).unwrap_or_else(|error| panic!("{file}: {error}"));
        }
    }

    /// Returns every file that is drawn, whole.
    fn drawings(&self) -> [(&'static str, String); 3] {
        [
            (".github/speed.svg", self.svg()),
            ("README.md", between_marks("README.md", &self.short())),
            ("tests/bench/README.md", between_marks("tests/bench/README.md", &self.markdown())),
        ]
    }
}

/// What the picture begins with: its size, its colours, its title.
const HEAD: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="720" height="214" viewBox="0 0 720 214" role="img">
  <title>One start-copy-job over https: wall-clock time</title>
  <style>
    text { font: 14px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328; }
    .name { text-anchor: end; }
    .head { font-weight: 600; font-size: 16px; }
    .small { font-size: 11px; fill: #59636e; }
    .other { fill: #afb8c1; }
    .ours { fill: #1a7f37; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .small { fill: #9198a1; }
      .other { fill: #59636e; }
      .ours { fill: #3fb950; }
    }
  </style>
  <text class="head" x="8" y="28">One start-copy-job over https, from start to exit</text>
"##;

/// A file of the project.
fn path(file: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(file)
}

/// Returns a file of the project with `text` between its marks.
fn between_marks(file: &str, text: &str) -> String {
    let whole = fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let (before, rest) = whole.split_once("<!-- bench -->\n").expect("the first mark");
    let (_, after) = rest.split_once("<!-- /bench -->").expect("the second mark");
    format!("{before}<!-- bench -->\n{text}<!-- /bench -->{after}")
}

#[cfg(test)]
mod tests {
    use super::{Figures, path};

    #[test]
    fn what_is_committed_is_drawn_from_the_figures() {
        let figures = Figures::committed();
        for (file, drawn) in figures.drawings() {
            let committed = std::fs::read_to_string(path(file)).unwrap();
            assert!(committed == drawn, "{file} is old: cargo bench -- --readme");
        }
        assert_eq!(figures.svg().matches("<rect").count(), 4, "a bar each");
        assert_eq!(Figures::parse(&figures.text()), figures);
    }
}
