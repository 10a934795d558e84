//! A text -> words, numbers and signs. Mirrors `_timelex` and the tables of `parserinfo`.

use crate::python::{float, int, text};

/// Words by their meaning: the place in the list.
type Words = &'static [&'static [&'static str]];

/// Days of the week, Monday first.
pub(super) const WEEKDAYS: Words = &[
    &["mon", "monday"],
    &["tue", "tuesday"],
    &["wed", "wednesday"],
    &["thu", "thursday"],
    &["fri", "friday"],
    &["sat", "saturday"],
    &["sun", "sunday"],
];

/// Months, January first.
pub(super) const MONTHS: Words = &[
    &["jan", "january"],
    &["feb", "february"],
    &["mar", "march"],
    &["apr", "april"],
    &["may"],
    &["jun", "june"],
    &["jul", "july"],
    &["aug", "august"],
    &["sep", "sept", "september"],
    &["oct", "october"],
    &["nov", "november"],
    &["dec", "december"],
];

/// Hour, minute, second.
pub(super) const UNITS: Words =
    &[&["h", "hour", "hours"], &["m", "minute", "minutes"], &["s", "second", "seconds"]];

/// The halves of the day.
pub(super) const HALVES: Words = &[&["am", "a"], &["pm", "p"]];

/// Names of UTC as they must be written where case counts.
pub(super) const UTC: [&str; 4] = ["UTC", "GMT", "Z", "z"];

/// What may stand between the parts without a meaning.
const JUMPS: [&str; 18] =
    [" ", ".", ",", ";", "-", "/", "'", "at", "on", "and", "ad", "m", "t", "of", "st", "nd", "rd", "th"];

/// The place of a word in a table, in any case.
pub(super) fn meaning(words: Words, word: &str) -> Option<i64> {
    let word = word.to_lowercase();
    let place = words.iter().position(|spellings| spellings.contains(&word.as_str()))?;
    i64::try_from(place).ok()
}

/// True for what has no meaning.
pub(super) fn is_jump(word: &str) -> bool {
    JUMPS.contains(&word.to_lowercase().as_str())
}

/// True for `of`, between a month and its year.
pub(super) fn is_of(word: &str) -> bool {
    word.eq_ignore_ascii_case("of")
}

/// True for a name of UTC in any case.
pub(super) fn is_utc(word: &str) -> bool {
    ["utc", "gmt", "z"].contains(&word.to_lowercase().as_str())
}

/// True for what Python's `float()` reads.
pub(super) fn is_number(word: &str) -> bool {
    float::float(word).is_some()
}

/// True for digits alone.
pub(super) fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|digit| int::digit(digit).is_some())
}

/// An hour of the twelve as one of the day.
pub(super) fn hour_of_day(hour: i64, half: i64) -> i64 {
    match (hour, half) {
        (..12, 1) => hour + 12,
        (12, 0) => 0,
        _ => hour,
    }
}

/// The characters from one place to before another.
pub(super) fn slice(word: &str, start: usize, end: usize) -> String {
    word.chars().skip(start).take(end - start).collect()
}

/// What a token is made of so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Letters.
    Letters,
    /// Digits.
    Digits,
    /// Letters and dots.
    DottedLetters,
    /// Digits and dots.
    DottedDigits,
}

/// Cuts a text where the kind of its characters changes. A token with dots is cut at them, unless it is one
/// number with one dot.
///
/// v1: `_timelex.get_token`.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut characters = text.chars().filter(|character| *character != '\0').peekable();
    let mut tokens = Vec::new();
    while let Some(first) = characters.next() {
        let mut token = String::from(first);
        let mut state = match first {
            _ if first.is_alphabetic() => State::Letters,
            _ if int::digit(first).is_some() => State::Digits,
            _ if text::is_space(first) => {
                tokens.push(" ".to_owned());
                continue;
            }
            _ => {
                tokens.push(token);
                continue;
            }
        };
        let mut seen_letters = false;
        while let Some(&next) = characters.peek() {
            seen_letters |= matches!(state, State::Letters | State::DottedLetters);
            let Some(following) = continued(state, next, &token) else { break };
            state = following;
            token.push(next);
            characters.next();
        }
        push(&mut tokens, token, state, seen_letters);
    }
    tokens
}

/// The state after `next`, where it still belongs to the token.
fn continued(state: State, next: char, token: &str) -> Option<State> {
    let (is_letter, is_digit) = (next.is_alphabetic(), int::digit(next).is_some());
    match state {
        State::Letters if is_letter => Some(State::Letters),
        State::Letters if next == '.' => Some(State::DottedLetters),
        State::Digits if is_digit => Some(State::Digits),
        State::Digits if next == '.' || (next == ',' && token.chars().count() >= 2) => {
            Some(State::DottedDigits)
        }
        State::DottedLetters if next == '.' || is_letter => Some(State::DottedLetters),
        State::DottedLetters if is_digit && token.ends_with('.') => Some(State::DottedDigits),
        State::DottedDigits if next == '.' || is_digit => Some(State::DottedDigits),
        State::DottedDigits if is_letter && token.ends_with('.') => Some(State::DottedLetters),
        _ => None,
    }
}

/// Adds a token, in pieces where its dots are no decimal point.
fn push(tokens: &mut Vec<String>, token: String, state: State, seen_letters: bool) {
    let dotted = matches!(state, State::DottedLetters | State::DottedDigits);
    if !dotted || !(seen_letters || token.matches('.').count() > 1 || token.ends_with(['.', ','])) {
        let no_dot = state == State::DottedDigits && !token.contains('.');
        tokens.push(if no_dot { token.replace(',', ".") } else { token });
        return;
    }
    let mut pieces = vec![String::new()];
    for character in token.chars() {
        if matches!(character, '.' | ',') {
            pieces.extend([String::from(character), String::new()]);
        } else if let Some(piece) = pieces.last_mut() {
            piece.push(character);
        }
    }
    tokens.extend(pieces.into_iter().filter(|piece| !piece.is_empty()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_where_the_characters_change() {
        let rows: [(&str, &[&str]); 6] = [
            ("2018-01-26T00:11", &["2018", "-", "01", "-", "26", "T", "00", ":", "11"]),
            ("11:30.087Z", &["11", ":", "30.087", "Z"]),
            ("Sep.20.2009", &["Sep", ".", "20", ".", "2009"]),
            ("30,5 a.m.", &["30.5", " ", "a", ".", "m", "."]),
            ("1,5", &["1", ",", "5"]),
            ("", &[]),
        ];
        for (text, expected) in rows {
            assert_eq!(split(text), expected, "{text:?}");
        }
    }
}
