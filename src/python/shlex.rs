//! Words of a command line, as Python's `shlex.split` finds them.

use std::str::Chars;

use anyhow::Context;

/// Splits `line` into words: blanks separate, quotes keep together, a backslash takes the next character as it is.
/// Errors: Python's words for an open quote and for a backslash at the end.
/// v1: `shlex.split`. Parity: CFG-27, CRED-70, CRED-71.
pub(crate) fn split(line: &str) -> anyhow::Result<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = line.chars();
    while let Some(character) = rest.next() {
        match character {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' | '"' => unquote(character, &mut rest, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(escaped(&mut rest)?),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Appends what stands before the next `quote`; in double quotes a backslash only escapes itself and the quote.
fn unquote(quote: char, rest: &mut Chars, word: &mut String) -> anyhow::Result<()> {
    loop {
        match rest.next().context("No closing quotation")? {
            character if character == quote => return Ok(()),
            '\\' if quote == '"' => {
                let character = escaped(rest)?;
                word.extend((!matches!(character, '"' | '\\')).then_some('\\'));
                word.push(character);
            }
            character => word.push(character),
        }
    }
}

fn escaped(rest: &mut Chars) -> anyhow::Result<char> {
    rest.next().context("No escaped character")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_python_splits_them() {
        let rows: [(&str, Result<&[&str], &str>); 12] = [
            ("", Ok(&[])),
            ("a b", Ok(&["a", "b"])),
            ("'a", Err("No closing quotation")),
            ("a\\", Err("No escaped character")),
            ("a\"b\\", Err("No escaped character")),
            ("a \"b\\\"c\\d\" e", Ok(&["a", "b\"c\\d", "e"])),
            ("a#b # c", Ok(&["a#b", "#", "c"])),
            ("a '' b", Ok(&["a", "", "b"])),
            ("é 'x'y", Ok(&["é", "xy"])),
            ("a\\\nb", Ok(&["a\nb"])),
            ("\"a\\\nb\"", Ok(&["a\\\nb"])),
            ("x\u{a0}y", Ok(&["x\u{a0}y"])),
        ];
        for (line, expected) in rows {
            let found = split(line).map_err(|error| error.to_string());
            let expected =
                expected.map(|words| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
            assert_eq!(found, expected.map_err(str::to_owned), "{line:?}");
        }
    }
}
