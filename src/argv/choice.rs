//! v1's words for a value that is not among the choices, with what was perhaps meant.

use crate::python::repr;

/// A name is a close match from this ratio on.
const CUTOFF: f64 = 0.8;
/// At most so many close matches are shown.
const SHOWN: usize = 3;

/// Refuses a `value` that is none of `choices`, unless there are none.
pub(super) fn check(value: &str, choices: &[&str]) -> Result<(), String> {
    let is_choice = choices.is_empty() || choices.contains(&value);
    if is_choice { Ok(()) } else { Err(invalid(value, choices)) }
}

/// Returns the message for `value`, which is none of `choices`: these two a line, each 40 columns wide, then near misses.
/// v1: `CLIArgParser._check_value`. Parity: ARG-16, ARG-17, ARG-18.
fn invalid(value: &str, choices: &[&str]) -> String {
    let column = |choice: &&str| format!("{choice:<40}");
    let columns = choices.chunks(2).map(|pair| pair.iter().map(column).collect::<Vec<_>>().join(" | "));
    let mut lines: Vec<String> =
        ["Invalid choice, valid choices are:\n".to_owned()].into_iter().chain(columns).collect();
    let close_matches = close_matches(value, choices);
    if !close_matches.is_empty() {
        lines.push(format!("\n\nInvalid choice: {}, maybe you meant:\n", repr::string(value)));
        lines.extend(close_matches.iter().map(|choice| format!("  * {choice}")));
    }
    lines.join("\n")
}

/// Returns the choices nearest to `value`, best first; of equal ones the later in the alphabet first.
/// v1: `difflib.get_close_matches`.
fn close_matches<'a>(value: &str, choices: &[&'a str]) -> Vec<&'a str> {
    let typed: Vec<char> = value.chars().collect();
    let near = choices.iter().map(|choice| (ratio(&choice.chars().collect::<Vec<_>>(), &typed), *choice));
    let mut near: Vec<(f64, &str)> = near.filter(|(ratio, _)| *ratio >= CUTOFF).collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| other.1.cmp(one.1)));
    near.into_iter().take(SHOWN).map(|(_, choice)| choice).collect()
}

/// Returns twice the characters in matching blocks, by the characters in all: 1 for equal texts.
/// v1: `difflib.SequenceMatcher.ratio`; its rule for long texts cannot reach the cutoff with names this short.
#[expect(clippy::cast_precision_loss, reason = "lengths of words")]
fn ratio(one: &[char], other: &[char]) -> f64 {
    2.0 * matching(one, other) as f64 / (one.len() + other.len()).max(1) as f64
}

/// Returns the number of characters in the longest common run and, on both sides of it, in what matches there.
fn matching(one: &[char], other: &[char]) -> usize {
    let (at_one, at_other, length) = longest_run(one, other);
    if length == 0 {
        return 0;
    }
    let before = one.get(..at_one).zip(other.get(..at_other));
    let after = one.get(at_one + length..).zip(other.get(at_other + length..));
    length + before.into_iter().chain(after).map(|(one, other)| matching(one, other)).sum::<usize>()
}

/// Returns where the longest common run begins in both texts, and its length; of equal ones the first.
fn longest_run(one: &[char], other: &[char]) -> (usize, usize, usize) {
    let starts = (0..one.len()).flat_map(|start| (0..other.len()).map(move |begin| (start, begin)));
    let runs = starts.map(|(start, begin)| {
        let pairs = one.iter().skip(start).zip(other.iter().skip(begin));
        (start, begin, pairs.take_while(|(left, right)| left == right).count())
    });
    runs.reduce(|longest, run| if run.2 > longest.2 { run } else { longest }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_best_first() {
        let jobs = ["list-copy-jobs", "start-copy-job", "start-backup-job", "help"];
        for (typed, expected) in [
            ("start-copy-jobs", vec!["start-copy-job", "list-copy-jobs"]),
            ("Start-Copy-Job", vec![]),
            ("start-copyjob", vec!["start-copy-job"]),
            ("hel", vec!["help"]),
            ("", vec![]),
        ] {
            assert_eq!(close_matches(typed, &jobs), expected, "{typed}");
        }
    }

    #[test]
    fn ratios_are_those_of_difflib() {
        for (choice, typed, expected) in [
            ("off", "ofof", 6.0 / 7.0), // the first of two runs that are equally long counts
            ("help", "helh", 6.0 / 8.0),
            ("list-copy-jobs", "lis-copy-jbobs", 26.0 / 28.0),
            ("auto", "auutaot", 8.0 / 11.0),
        ] {
            let [choice, typed] = [choice, typed].map(|text| text.chars().collect::<Vec<_>>());
            assert!((ratio(&choice, &typed) - expected).abs() < 1e-9, "{choice:?}");
        }
    }

    #[test]
    fn choices_stand_two_a_line() {
        let message = invalid("of", &["on", "off", "auto"]);
        let pad = |name: &str| format!("{name:<40}");
        let expected = format!(
            "Invalid choice, valid choices are:\n\n{} | {}\n{}\n\n\nInvalid choice: 'of', maybe you meant:\n\n  * off",
            pad("on"),
            pad("off"),
            pad("auto")
        );
        assert_eq!(message, expected);
    }
}
