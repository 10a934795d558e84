//! One pass of a v1 parser over the words: its options and its one positional are consumed, the rest remains.
//!
//! Mirrors `CPython` 3.11's `ArgumentParser.parse_known_args` for the three parsers that v1 makes: their options
//! all begin with `--`, and at most one positional is wanted.

use super::choice::{self, is_choice};
use super::table::{Arity, OptionSpec, VERSION};
use crate::cli::OptionValue;
use crate::python::{characters, repr};

/// The positional of a parser.
#[derive(Debug)]
pub(super) struct Positional<'a> {
    /// Its name in messages.
    pub(super) name: &'a str,
    /// True where the line must have it.
    pub(super) required: bool,
    /// The words that it may be; empty for any.
    pub(super) choices: &'a [String],
}

/// An option on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OptionMatch {
    /// Its index in the table.
    pub(super) option: usize,
    /// Its value; `None` for its name alone.
    pub(super) value: Option<OptionValue>,
}

/// The result of a pass.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct PassResult {
    /// Options in the order of the line.
    pub(super) options: Vec<OptionMatch>,
    /// The word for the positional.
    pub(super) positional: Option<String>,
    /// The words that are not this parser's, in the order of the line.
    pub(super) remaining: Vec<String>,
    /// True where `--help` or `-h` is among the unknown options.
    pub(super) help_requested: bool,
    /// True where `--version` was reached: nothing behind it was read.
    pub(super) version: bool,
    /// Required options and positional that are missing.
    pub(super) missing: Vec<String>,
}

/// An error that ends a pass.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PassError {
    /// v1's message, exit code 2.
    Usage(String),
    /// The positional is none of its choices: v1's message, exit code 2.
    InvalidChoice(String),
}

/// The kind of a word for a parser.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ArgKind {
    /// An option of the table, and the value behind its `=`.
    Known(usize, Option<String>),
    /// Looks like an option and is none of the table.
    Unknown,
    /// A name or a value.
    Positional,
    /// The first `--`: all words after it are positionals.
    Separator,
}

/// Reads `words` with the options of `table` and the `positional`.
/// Errors: the first thing wrong in v1's order: ambiguous prefixes anywhere, then values and choices from left to
/// right.
/// v1: `_parse_known_args`. Parity: ORD-01, ARG-01 to ARG-15.
pub(super) fn read(
    words: &[String],
    table: &[OptionSpec],
    positional: Option<&Positional>,
) -> Result<PassResult, PassError> {
    let kinds = kinds(words, table)?;
    let mut pass =
        Pass { words, kinds: &kinds, table, positional, is_filled: false, result: PassResult::default() };
    let end = kinds
        .iter()
        .rposition(|kind| matches!(kind, ArgKind::Known(..) | ArgKind::Unknown))
        .map_or(0, |last| last + 1);
    let mut at = 0;
    while at < end {
        at = pass.step(at)?;
        if pass.result.version {
            return Ok(pass.result);
        }
    }
    pass.consume_positionals(at)?;
    pass.collect_missing();
    Ok(pass.result)
}

/// Returns the kind of each of `words`.
/// Errors: a prefix of several options.
fn kinds(words: &[String], table: &[OptionSpec]) -> Result<Vec<ArgKind>, PassError> {
    let dashes = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let mut kinds = Vec::with_capacity(words.len());
    for (position, word) in words.iter().enumerate() {
        kinds.push(match position.cmp(&dashes) {
            std::cmp::Ordering::Less => kind(word, table)?,
            std::cmp::Ordering::Equal => ArgKind::Separator,
            std::cmp::Ordering::Greater => ArgKind::Positional,
        });
    }
    Ok(kinds)
}

/// Returns the kind of `word`: an option by its full name or a prefix that only it has, an unknown option, or a
/// positional, as are a lone `-`, a negative number and all with a space.
/// v1: `_parse_optional`. Parity: ARG-03 to ARG-10, ARG-12.
fn kind(word: &str, table: &[OptionSpec]) -> Result<ArgKind, PassError> {
    if !word.starts_with('-') || word == "-" {
        return Ok(ArgKind::Positional);
    }
    let (name, value) = match word.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (word, None),
    };
    if let Some(exact) = table.iter().position(|option| option.name == name) {
        return Ok(ArgKind::Known(exact, value));
    }
    let matches = |option: &OptionSpec| name.starts_with("--") && option.name.starts_with(name);
    let mut candidates = table.iter().enumerate().filter(|(_, option)| matches(option));
    match (candidates.next(), candidates.next()) {
        (Some((only, _)), None) => Ok(ArgKind::Known(only, value)),
        (Some(_), Some(_)) => {
            let names: Vec<&str> = table.iter().filter(|o| matches(o)).map(|o| o.name.as_str()).collect();
            Err(PassError::Usage(format!("ambiguous option: {word} could match {}", names.join(", "))))
        }
        _ if is_negative_number(word) || word.contains(' ') => Ok(ArgKind::Positional),
        _ => Ok(ArgKind::Unknown),
    }
}

/// Checks for `-5`, `-1.5`, `-.5`, in any script's digits; one newline may follow, for Python's `$` matches before it.
/// v1: `_negative_number_matcher`, `^-\d+$|^-\d*\.\d+$`. Parity: ARG-12.
fn is_negative_number(word: &str) -> bool {
    let Some(number) = word.strip_prefix('-') else { return false };
    let number = number.strip_suffix('\n').unwrap_or(number);
    let digits = |text: &str| text.chars().all(|character| characters::digit(character).is_some());
    let (whole, last) = number.split_once('.').unwrap_or(("", number));
    digits(whole) && digits(last) && !last.is_empty()
}

/// The state of a pass.
struct Pass<'a> {
    /// The words of the line.
    words: &'a [String],
    /// The kind of each of them.
    kinds: &'a [ArgKind],
    /// The options of this parser.
    table: &'a [OptionSpec],
    /// The positional of this parser.
    positional: Option<&'a Positional<'a>>,
    /// True once a word was consumed for the positional.
    is_filled: bool,
    /// The result so far.
    result: PassResult,
}

impl Pass<'_> {
    /// Consumes the option, or the word with an option somewhere behind it, at `at`; returns where to go on.
    fn step(&mut self, at: usize) -> Result<usize, PassError> {
        let Some((kind, word)) = self.kinds.get(at).zip(self.words.get(at)) else {
            return Ok(self.words.len());
        };
        match (kind, self.positional.filter(|_| !self.is_filled)) {
            (ArgKind::Known(option, value), _) => return self.consume_optional(at, *option, value.clone()),
            (ArgKind::Positional, Some(positional)) => self.fill_positional(positional, word.clone())?,
            _ => {
                self.result.help_requested |= *kind == ArgKind::Unknown && (word == "--help" || word == "-h");
                self.result.remaining.push(word.clone());
            }
        }
        Ok(at + 1)
    }

    /// Consumes the option at `at` with its value, which is behind its `=` or the next word if that is a positional.
    /// v1: `consume_optional`, `_get_values`. Parity: ARG-12 to ARG-16, ARG-30, ARG-36, WOPT-03 to WOPT-05.
    fn consume_optional(
        &mut self,
        at: usize,
        index: usize,
        behind: Option<String>,
    ) -> Result<usize, PassError> {
        let Some(option) = self.table.get(index) else { return Ok(self.words.len()) };
        let wrong = |message: &str| PassError::Usage(format!("argument {}: {message}", option.name));
        let next = self.words.get(at + 1).filter(|_| self.kinds.get(at + 1) == Some(&ArgKind::Positional));
        let (value, after) = match (option.arity, behind, next) {
            (Arity::Zero, Some(value), _) => {
                return Err(wrong(&format!("ignored explicit argument {}", repr::string(&value))));
            }
            (Arity::Zero, None, _) | (Arity::Optional, None, None) => (None, at + 1),
            (Arity::One, None, None) => return Err(wrong("expected one argument")),
            (Arity::One, Some(value), _) if value == "--" => (Some(OptionValue::EmptyList), at + 1),
            (Arity::Optional, Some(value), _) if value == "--" => (None, at + 1),
            (_, Some(value), _) => (Some(OptionValue::Text(value)), at + 1),
            (_, None, Some(next)) => (Some(OptionValue::Text(next.clone())), at + 2),
        };
        if let Some(problem) = value.as_ref().and_then(|value| option.problem(value)) {
            return Err(wrong(&problem));
        }
        self.result.version = option.name == VERSION;
        self.result.options.push(OptionMatch { option: index, value });
        Ok(after)
    }

    /// Consumes the words behind the last option: the positional, without the `--` beside it; the rest remains.
    /// v1: `consume_positionals`, `_get_values`. Parity: ARG-19, ARG-27 to ARG-29.
    fn consume_positionals(&mut self, at: usize) -> Result<(), PassError> {
        let mut words: Vec<String> = self.words.iter().skip(at).cloned().collect();
        if let Some(positional) = self.positional.filter(|_| !self.is_filled) {
            let kinds = self.kinds.get(at..).unwrap_or_default();
            let mut taken: Vec<String> = words.drain(..positional_span(kinds, positional.required)).collect();
            if let Some(dashes) = taken.iter().position(|word| word == "--") {
                taken.remove(dashes);
            }
            if let Some(word) = taken.pop() {
                self.fill_positional(positional, word)?;
            }
        }
        self.result.remaining.append(&mut words);
        Ok(())
    }

    /// Consumes `word` for the positional.
    fn fill_positional(&mut self, positional: &Positional, word: String) -> Result<(), PassError> {
        if !is_choice(&word, positional.choices) {
            let message = choice::invalid(&word, positional.choices);
            return Err(PassError::InvalidChoice(format!("argument {}: {message}", positional.name)));
        }
        self.result.positional = Some(word);
        self.is_filled = true;
        Ok(())
    }

    /// Collects the required options and the positional that are missing, in the table's order.
    fn collect_missing(&mut self) {
        let given = |index: usize| self.result.options.iter().any(|matched| matched.option == index);
        let options =
            self.table.iter().enumerate().filter(|(index, option)| option.required && !given(*index));
        let positional = self.positional.filter(|positional| positional.required && !self.is_filled);
        let names = options
            .map(|(_, option)| option.name.clone())
            .chain(positional.map(|positional| positional.name.to_owned()));
        self.result.missing = names.collect();
    }
}

/// Returns how many of the words behind the last option belong to a positional: one word and a `--` beside it; none
/// where a word is required and there is none.
/// v1: the patterns `(-*A-*)` and `(-*A?-*)`.
fn positional_span(kinds: &[ArgKind], required: bool) -> usize {
    let before = usize::from(kinds.first() == Some(&ArgKind::Separator));
    let named = usize::from(kinds.get(before) == Some(&ArgKind::Positional));
    let after = usize::from(kinds.get(before + named) == Some(&ArgKind::Separator));
    if required && named == 0 { 0 } else { before + named + after }
}
