//! Canonical words for clap: each option once, by its full name, as `--name=value`.

use super::pass::{Given, Taken};
use super::table::Opt;
use crate::cli::EMPTY_LIST;

/// The words that fill the struct of `table`'s options; of a repeated option the last one counts.
///
/// Parity: ARG-10, ARG-11.
pub(super) fn words(table: &[Opt], taken: &[Taken]) -> Vec<String> {
    let given = |index: usize| taken.iter().rfind(|taken| taken.option == index).map(|taken| &taken.given);
    let options = table.iter().enumerate().filter_map(|(index, option)| Some((&option.name, given(index)?)));
    let word = |(name, given): (&String, &Given)| match given {
        Given::Alone => Some(name.clone()),
        Given::Text(value) => Some(format!("{name}={value}")),
        Given::EmptyList => Some(format!("{name}={}", as_empty_list(name)?)),
    };
    options.filter_map(word).collect()
}

/// What v1 makes of `name=--`: argparse drops the `--` and leaves an empty list for a value. `None` where that is as
/// if the option were not given, `[]` where its text is no scheme, format or colour; elsewhere the room that reads
/// the option has its turn to say what is wrong.
///
/// Parity: ARG-30, ARG-33, ARG-34.
fn as_empty_list(name: &str) -> Option<&'static str> {
    match name {
        "--profile" | "--ca-bundle" => None,
        "--endpoint-url" | "--output" | "--color" => Some("[]"),
        _ => Some(EMPTY_LIST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argv::table::Takes;

    #[test]
    fn dashes_for_a_value() {
        let table = |name: &str| {
            vec![Opt { name: name.to_owned(), takes: Takes::One, choices: vec![], required: false }]
        };
        for (name, expected) in
            [("--profile", vec![]), ("--output", vec!["--output=[]"]), ("--query", vec!["--query=--"])]
        {
            let taken = [Taken { option: 0, given: Given::EmptyList }];
            assert_eq!(words(&table(name), &taken), expected, "{name}");
        }
    }
}
