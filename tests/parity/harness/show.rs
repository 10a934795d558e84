//! A failure as a person needs it: what, why, how to repeat it, and both results line by line.

use serde_json::Value;

use super::case::Case;
use super::verdict::Problem;

/// So many common lines are shown before and after a change.
const CONTEXT: usize = 4;
/// More lines than this are not aligned.
const ALIGNED: usize = 1500;

/// Prints everything about a failed case.
pub fn failure(case: &Case, typed: &[String], problems: &[Problem]) {
    println!("---- {} ----", case.id);
    println!("why:  {}", case.why);
    println!("rows: {}", case.rows.join(", "));
    for line in typed {
        println!("run:  {line}");
    }
    println!("hold: PARITY=stage PARITY_ONLY={} cargo test --test parity", case.id);
    println!("here: - is v1 (or its golden), + is ours");
    println!("note: where we differ on purpose, a row of tests/parity/deviations.toml says so, and why");
    for problem in problems {
        println!("\n  {}", problem.title);
        if let Some((_, expected, actual)) = &problem.difference {
            for line in near_changes(&diff(&lines(expected), &lines(actual))) {
                println!("    {line}");
            }
        }
    }
    println!();
}

/// A value as lines, escapes visible.
fn lines(value: &Value) -> Vec<String> {
    serde_json::to_string_pretty(value).unwrap().lines().map(str::to_owned).collect()
}

/// The changed lines and those near them.
fn near_changes(lines: &[String]) -> Vec<String> {
    let changed = |line: &String| !line.starts_with("  ");
    let near = |index: usize| {
        lines[index.saturating_sub(CONTEXT)..lines.len().min(index + CONTEXT + 1)].iter().any(changed)
    };
    let mut shown = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if near(index) {
            shown.push(line.clone());
        } else if index == 0 || near(index - 1) {
            shown.push("  ...".to_owned());
        }
    }
    shown
}

/// `- expected`, `+ actual` and `  common` lines.
fn diff(expected: &[String], actual: &[String]) -> Vec<String> {
    if expected.len() > ALIGNED || actual.len() > ALIGNED {
        let minus = expected.iter().take(20).map(|line| format!("- {line}"));
        return minus.chain(actual.iter().take(20).map(|line| format!("+ {line}"))).collect();
    }
    let (rows, columns) = (expected.len(), actual.len());
    let mut common = vec![vec![0_usize; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            common[row][column] = if expected[row] == actual[column] {
                common[row + 1][column + 1] + 1
            } else {
                common[row + 1][column].max(common[row][column + 1])
            };
        }
    }
    let (mut row, mut column, mut shown) = (0, 0, Vec::new());
    while row < rows || column < columns {
        if row < rows && column < columns && expected[row] == actual[column] {
            shown.push(format!("  {}", expected[row]));
            (row, column) = (row + 1, column + 1);
        } else if column == columns || (row < rows && common[row + 1][column] >= common[row][column + 1]) {
            shown.push(format!("- {}", expected[row]));
            row += 1;
        } else {
            shown.push(format!("+ {}", actual[column]));
            column += 1;
        }
    }
    shown
}
