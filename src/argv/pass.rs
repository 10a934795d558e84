//! One pass of v1 over the words: the options and the one name that a parser knows are taken, the rest is left.
//!
//! Mirrors `CPython` 3.11's `ArgumentParser.parse_known_args` for the three parsers that v1 makes: their options
//! all begin with `--`, and at most one positional is wanted.

use crate::python::{int, repr};

use super::choice;
use super::table::{Opt, Takes, VERSION};

/// The positional that a parser wants.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    /// Its name in messages.
    pub(super) name: &'a str,
    /// True where the line cannot be without it.
    pub(super) required: bool,
    /// The words that it may be; empty where all are fine.
    pub(super) choices: &'a [String],
}

/// What stands on the line for an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Given {
    /// Its name alone.
    Alone,
    /// A value.
    Text(String),
    /// `--name=--`, of which v1 makes an empty list.
    EmptyList,
}

/// An option of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taken {
    /// Its position in the table.
    pub(super) option: usize,
    /// What stands there for it.
    pub(super) given: Given,
}

/// What a pass found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Options in the order of the line.
    pub(super) options: Vec<Taken>,
    /// The word for the slot.
    pub(super) slot: Option<String>,
    /// What is not this parser's, in the order of the line.
    pub(super) rest: Vec<String>,
    /// True where `--help` or `-h` stands among the unknown options.
    pub(super) asks_help: bool,
    /// True where `--version` was reached: nothing behind it was read.
    pub(super) version: bool,
    /// Options and slot that the call needs and that are missing.
    pub(super) missing: Vec<String>,
}

/// How a pass ends early.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// v1's message, exit code 2.
    Wrong(String),
    /// The slot's word is none of its choices: v1's message, exit code 2.
    NotAChoice(String),
}

/// What a word is to a parser.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// An option of the table, and what stands behind its `=`.
    Known(usize, Option<String>),
    /// Looks like an option and is none of the table.
    Unknown,
    /// A name or a value.
    Plain,
    /// The first `--`: all words after it are plain.
    Dashes,
}

/// Reads `words` with the options of `table` and the `slot`.
///
/// # Errors
/// The first thing wrong in v1's order: ambiguous prefixes anywhere, then values and choices from left to right.
///
/// v1: `_parse_known_args`. Parity: ORD-01, ARG-01 to ARG-15.
pub(super) fn read(words: &[String], table: &[Opt], slot: Option<&Slot>) -> Result<Found, Stop> {
    let kinds = kinds(words, table)?;
    let mut pass = Pass { words, kinds: &kinds, table, slot, slot_taken: false, found: Found::default() };
    let end = kinds
        .iter()
        .rposition(|kind| matches!(kind, Kind::Known(..) | Kind::Unknown))
        .map_or(0, |last| last + 1);
    let mut at = 0;
    while at < end {
        at = pass.step(at)?;
        if pass.found.version {
            return Ok(pass.found);
        }
    }
    pass.tail(at)?;
    pass.note_missing();
    Ok(pass.found)
}

/// What each of `words` is.
///
/// # Errors
/// A prefix of several options.
fn kinds(words: &[String], table: &[Opt]) -> Result<Vec<Kind>, Stop> {
    let dashes = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let mut kinds = Vec::with_capacity(words.len());
    for (position, word) in words.iter().enumerate() {
        kinds.push(match position.cmp(&dashes) {
            std::cmp::Ordering::Less => kind(word, table)?,
            std::cmp::Ordering::Equal => Kind::Dashes,
            std::cmp::Ordering::Greater => Kind::Plain,
        });
    }
    Ok(kinds)
}

/// What `word` is: an option by its full name or a prefix that only it has, an unknown option, or plain, as a lone
/// `-`, a negative number and all with a space in it are.
///
/// v1: `_parse_optional`. Parity: ARG-03 to ARG-10, ARG-12.
fn kind(word: &str, table: &[Opt]) -> Result<Kind, Stop> {
    if !word.starts_with('-') || word == "-" {
        return Ok(Kind::Plain);
    }
    let (name, value) = match word.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (word, None),
    };
    if let Some(exact) = table.iter().position(|option| option.name == name) {
        return Ok(Kind::Known(exact, value));
    }
    let matches = |option: &Opt| name.starts_with("--") && option.name.starts_with(name);
    let mut candidates = table.iter().enumerate().filter(|(_, option)| matches(option));
    match (candidates.next(), candidates.next()) {
        (Some((only, _)), None) => Ok(Kind::Known(only, value)),
        (Some(_), Some(_)) => {
            let names: Vec<&str> = table.iter().filter(|o| matches(o)).map(|o| o.name.as_str()).collect();
            Err(Stop::Wrong(format!("ambiguous option: {word} could match {}", names.join(", "))))
        }
        _ if is_negative_number(word) || word.contains(' ') => Ok(Kind::Plain),
        _ => Ok(Kind::Unknown),
    }
}

/// `-5`, `-1.5`, `-.5`, in any script's digits; one newline may follow, for Python's `$` matches before it.
///
/// v1: `_negative_number_matcher`, `^-\d+$|^-\d*\.\d+$`. Parity: ARG-12.
fn is_negative_number(word: &str) -> bool {
    let Some(number) = word.strip_prefix('-') else { return false };
    let number = number.strip_suffix('\n').unwrap_or(number);
    let digits = |text: &str| text.chars().all(|character| int::digit(character).is_some());
    let (whole, last) = number.split_once('.').unwrap_or(("", number));
    digits(whole) && digits(last) && !last.is_empty()
}

/// A pass on its way.
struct Pass<'a> {
    /// The words of the line.
    words: &'a [String],
    /// What each of them is.
    kinds: &'a [Kind],
    /// The options of this parser.
    table: &'a [Opt],
    /// The positional that it wants.
    slot: Option<&'a Slot<'a>>,
    /// True once a word was taken for the slot.
    slot_taken: bool,
    /// What was found so far.
    found: Found,
}

impl Pass<'_> {
    /// Takes the option or the plain word at `at`, behind which an option stands; gives where to go on.
    fn step(&mut self, at: usize) -> Result<usize, Stop> {
        let Some((kind, word)) = self.kinds.get(at).zip(self.words.get(at)) else { return Ok(at + 1) };
        match (kind, self.slot.filter(|_| !self.slot_taken)) {
            (Kind::Known(option, value), _) => return self.option(at, *option, value.clone()),
            (Kind::Plain, Some(slot)) => self.fill_slot(slot, word.clone())?,
            _ => {
                self.found.asks_help |= *kind == Kind::Unknown && (word == "--help" || word == "-h");
                self.found.rest.push(word.clone());
            }
        }
        Ok(at + 1)
    }

    /// Takes the option at `at` with its value, which stands behind its `=` or is the next word if that is plain.
    ///
    /// v1: `consume_optional`, `_get_values`. Parity: ARG-12 to ARG-16, ARG-30, ARG-36.
    fn option(&mut self, at: usize, index: usize, behind: Option<String>) -> Result<usize, Stop> {
        let Some(option) = self.table.get(index) else { return Ok(at + 1) };
        let wrong = |message: &str| Stop::Wrong(format!("argument {}: {message}", option.name));
        let next = self.words.get(at + 1).filter(|_| self.kinds.get(at + 1) == Some(&Kind::Plain));
        let (given, after) = match (option.takes, behind, next) {
            (Takes::Nothing, Some(value), _) => {
                return Err(wrong(&format!("ignored explicit argument {}", repr::string(&value))));
            }
            (Takes::Nothing, None, _) | (Takes::Perhaps, None, None) => (Given::Alone, at + 1),
            (Takes::One, None, None) => return Err(wrong("expected one argument")),
            (Takes::One, Some(value), _) if value == "--" => (Given::EmptyList, at + 1),
            (Takes::Perhaps, Some(value), _) if value == "--" => (Given::Alone, at + 1),
            (_, Some(value), _) => (Given::Text(value), at + 1),
            (_, None, Some(next)) => (Given::Text(next.clone()), at + 2),
        };
        if let Given::Text(value) = &given
            && !is_choice(value, &option.choices)
        {
            return Err(wrong(&choice::invalid(value, &option.choices)));
        }
        self.found.version = option.name == VERSION;
        self.found.options.push(Taken { option: index, given });
        Ok(after)
    }

    /// Takes the words behind the last option: the slot's, without the `--` beside it, and the rest.
    ///
    /// v1: `consume_positionals`, `_get_values`. Parity: ARG-19, ARG-27 to ARG-29.
    fn tail(&mut self, at: usize) -> Result<(), Stop> {
        let mut words: Vec<String> = self.words.iter().skip(at).cloned().collect();
        if let Some(slot) = self.slot.filter(|_| !self.slot_taken) {
            let kinds = self.kinds.get(at..).unwrap_or_default();
            let mut taken: Vec<String> = words.drain(..reach(kinds, slot.required)).collect();
            if let Some(dashes) = taken.iter().position(|word| word == "--") {
                taken.remove(dashes);
            }
            if let Some(word) = taken.pop() {
                self.fill_slot(slot, word)?;
            }
        }
        self.found.rest.append(&mut words);
        Ok(())
    }

    /// Takes `word` for the slot.
    fn fill_slot(&mut self, slot: &Slot, word: String) -> Result<(), Stop> {
        if !is_choice(&word, slot.choices) {
            let message = choice::invalid(&word, slot.choices);
            return Err(Stop::NotAChoice(format!("argument {}: {message}", slot.name)));
        }
        self.found.slot = Some(word);
        self.slot_taken = true;
        Ok(())
    }

    /// Names what the call needs and the line has not: options in the table's order, then the slot.
    fn note_missing(&mut self) {
        let given = |index: usize| self.found.options.iter().any(|taken| taken.option == index);
        let options =
            self.table.iter().enumerate().filter(|(index, option)| option.required && !given(*index));
        let slot = self.slot.filter(|slot| slot.required && !self.slot_taken);
        let names =
            options.map(|(_, option)| option.name.clone()).chain(slot.map(|slot| slot.name.to_owned()));
        self.found.missing = names.collect();
    }
}

/// How many of the words behind the last option a slot reaches over: one plain word and a `--` beside it; none where
/// a word is needed and there is none.
///
/// v1: the patterns `(-*A-*)` and `(-*A?-*)`.
fn reach(kinds: &[Kind], required: bool) -> usize {
    let before = usize::from(kinds.first() == Some(&Kind::Dashes));
    let named = usize::from(kinds.get(before) == Some(&Kind::Plain));
    let after = usize::from(kinds.get(before + named) == Some(&Kind::Dashes));
    if required && named == 0 { 0 } else { before + named + after }
}

/// True where `value` may stand: it is one of `choices`, or there are none.
fn is_choice(value: &str, choices: &[String]) -> bool {
    choices.is_empty() || choices.iter().any(|choice| choice == value)
}
