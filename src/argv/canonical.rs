//! Canonical words for clap: each option once, by its full name, as `--name=value`.

use crate::error::Error;
use crate::failure;

use super::pass::{Given, Taken};
use super::table::Opt;

/// The words that fill the struct of `table`'s options; of a repeated option the last one counts.
///
/// # Errors
/// `Failure` for `--name=--` where v1 fails.
///
/// Parity: ARG-10, ARG-11.
pub(super) fn words(table: &[Opt], taken: &[Taken]) -> Result<Vec<String>, Error> {
    let mut words = Vec::new();
    let mut lists = Vec::new();
    for (index, option) in table.iter().enumerate() {
        let name = &option.name;
        match taken.iter().rfind(|taken| taken.option == index).map(|taken| &taken.given) {
            None => {}
            Some(Given::Alone) => words.push(name.clone()),
            Some(Given::Text(value)) => words.push(format!("{name}={value}")),
            Some(Given::EmptyList) => match as_empty_list(name) {
                EmptyList::NotGiven => {}
                EmptyList::Text => words.push(format!("{name}=[]")),
                EmptyList::Member(class) => lists.push(type_error(name, class)),
                EmptyList::Refused => return Err(failure!("Bad value for {name}: it cannot be --")),
            },
        }
    }
    if lists.is_empty() {
        Ok(words)
    } else {
        Err(failure!("Parameter validation failed:\n{}", lists.join("\n")))
    }
}

/// What v1 makes of `--name=--`: argparse drops the `--` and leaves an empty list for a value.
enum EmptyList {
    /// As if the option were not given.
    NotGiven,
    /// Its text `[]` is no scheme, format or colour.
    Text,
    /// A member of the request, which should be of this Python class.
    Member(&'static str),
    /// v1 dies of an accident (D1).
    Refused,
}

/// What v1 makes of `name=--`.
fn as_empty_list(name: &str) -> EmptyList {
    match name {
        "--profile" | "--ca-bundle" => EmptyList::NotGiven,
        "--endpoint-url" | "--output" | "--color" => EmptyList::Text,
        "--region" | "--query" | "--cli-read-timeout" | "--cli-connect-timeout" | "--cli-input-json" => {
            EmptyList::Refused
        }
        "--lifecycle" => EmptyList::Member("dict"),
        _ => EmptyList::Member("str"),
    }
}

/// v1's complaint about an empty list for the member behind `name`, an option of words in lower case.
fn type_error(name: &str, class: &str) -> String {
    let capital = |word: &str| {
        word.chars().take(1).map(|c| c.to_ascii_uppercase()).chain(word.chars().skip(1)).collect()
    };
    let member: String = name.split('-').map(capital).collect::<Vec<String>>().concat();
    format!(
        "Invalid type for parameter {member}, value: [], type: <class 'list'>, valid types: <class '{class}'>"
    )
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
        for (name, expected) in [
            ("--profile", Ok(vec![])),
            ("--output", Ok(vec!["--output=[]".to_owned()])),
            ("--query", Err("\nBad value for --query: it cannot be --\n")),
            (
                "--lifecycle",
                Err("\nParameter validation failed:\nInvalid type for parameter Lifecycle, value: [], \
                     type: <class 'list'>, valid types: <class 'dict'>\n"),
            ),
        ] {
            let taken = [Taken { option: 0, given: Given::EmptyList }];
            let words = words(&table(name), &taken).map_err(|error| error.text());
            assert_eq!(words, expected.map_err(str::to_owned), "{name}");
        }
    }
}
