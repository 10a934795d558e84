//! Canonical words for clap: each option once, by its full name, as `--name=value`.

use super::pass::OptionMatch;
use super::table::OptionSpec;
use crate::cli::{EMPTY_LIST, OptionValue};

/// Returns the words that spell the options of `table` for clap; of a repeated option the last one counts.
/// Parity: ARG-10, ARG-11.
pub(super) fn words(table: &[OptionSpec], matches: &[OptionMatch]) -> Vec<String> {
    let last = |index: usize| matches.iter().rfind(|matched| matched.option == index);
    let options = table.iter().enumerate().filter_map(|(index, option)| Some((&option.name, last(index)?)));
    let word = |(name, matched): (&String, &OptionMatch)| match &matched.value {
        None => Some(name.clone()),
        Some(OptionValue::Text(value)) => Some(format!("{name}={value}")),
        Some(OptionValue::EmptyList) => Some(format!("{name}={}", empty_list(name)?)),
    };
    options.filter_map(word).collect()
}

/// Returns what v1 makes of `name=--`: argparse drops the `--` and leaves an empty list for a value. `None` where that
/// is as if the option were not given, `[]` where its text is no scheme, format or colour; elsewhere the module that
/// reads the option reports what is wrong.
/// Parity: ARG-30, ARG-33, ARG-34.
fn empty_list(name: &str) -> Option<&'static str> {
    match name {
        "--profile" | "--ca-bundle" => None,
        "--endpoint-url" | "--output" | "--color" => Some("[]"),
        _ => Some(EMPTY_LIST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argv::table::Arity;

    #[test]
    fn dashes_for_a_value() {
        let table = |name: &str| {
            let name = name.to_owned();
            vec![OptionSpec { name, arity: Arity::One, choices: vec![], is_integer: false, required: false }]
        };
        for (name, expected) in
            [("--profile", vec![]), ("--output", vec!["--output=[]"]), ("--query", vec!["--query=--"])]
        {
            let matches = [OptionMatch { option: 0, value: Some(OptionValue::EmptyList) }];
            assert_eq!(words(&table(name), &matches), expected, "{name}");
        }
    }
}
