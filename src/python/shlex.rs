//! Words of a command line, as Python's `shlex.split` finds them.

use anyhow::bail;

/// Where the reader stands.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Between words.
    Blank,
    /// Inside a word, outside quotes.
    Word,
    /// Inside quotes of that kind.
    Quoted(char),
    /// After a backslash, and what follows the next character.
    Escaped(Back),
}

/// Where a backslash returns to.
#[derive(Clone, Copy, PartialEq)]
enum Back {
    /// Outside quotes.
    Word,
    /// Inside double quotes, where a backslash only escapes itself and the quote.
    Quoted,
}

/// Splits `line` into words: blanks separate, quotes keep together, a backslash takes the next character as it is.
/// Errors: Python's words for an open quote and for a backslash at the end.
/// v1: `shlex.split`. Parity: CFG-27, CRED-70, CRED-71.
pub(crate) fn split(line: &str) -> anyhow::Result<Vec<String>> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut state = State::Blank;
    for character in line.chars() {
        state = match (state, character) {
            (State::Blank, ' ' | '\t' | '\r' | '\n') => State::Blank,
            (State::Word, ' ' | '\t' | '\r' | '\n') => {
                words.push(std::mem::take(&mut word));
                State::Blank
            }
            (State::Blank | State::Word, '\\') => State::Escaped(Back::Word),
            (State::Blank | State::Word, '\'' | '"') => State::Quoted(character),
            (State::Quoted(quote), _) if character == quote => State::Word,
            (State::Quoted('"'), '\\') => State::Escaped(Back::Quoted),
            (State::Escaped(Back::Quoted), _) => {
                if !matches!(character, '"' | '\\') {
                    word.push('\\');
                }
                word.push(character);
                State::Quoted('"')
            }
            (State::Blank | State::Word | State::Escaped(Back::Word), _) => {
                word.push(character);
                State::Word
            }
            (State::Quoted(_), _) => {
                word.push(character);
                state
            }
        };
    }
    match state {
        State::Quoted(_) => bail!("No closing quotation"),
        State::Escaped(_) => bail!("No escaped character"),
        State::Word => words.push(word),
        State::Blank => {}
    }
    Ok(words)
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
