//! One pass of a v1 parser over the words: its options and its one positional are consumed, the rest remains.
//!
//! Mirrors `CPython` 3.11's `ArgumentParser.parse_known_args` for the parsers that v1 makes: their options all begin
//! with `--`, and one positional at most is wanted.

use clap::Arg;

use self::ArgKind::{Known, Positional, Separator, Unknown};
use super::choice;
use super::table::{self, Arity, VERSION, long};
use crate::error::Error;
use crate::python::{characters, repr};

/// A parser of v1 with its options and its positional.
#[derive(Default)]
pub(super) struct Parser<'a> {
    /// Its name in errors.
    pub(super) program: &'a str,
    pub(super) options: &'a [&'a Arg],
    /// The positional's name in errors.
    pub(super) positional: &'a str,
    /// True where the line must have the positional.
    pub(super) required: bool,
    /// The words that the positional may be; empty for any.
    pub(super) choices: &'a [&'a str],
    /// Behind v1's error for another word.
    pub(super) note: &'a str,
}

/// The result of a pass.
#[derive(Default)]
pub(super) struct PassResult<'a> {
    /// Options in the order of the line, without their dashes; `None` for a name alone.
    pub(super) options: Vec<(&'a str, Option<&'a str>)>,
    pub(super) positional: Option<&'a str>,
    /// The words that are not this parser's, in the order of the line.
    pub(super) remaining: Vec<String>,
    /// True where `--help` or `-h` is among the unknown options.
    pub(super) help_requested: bool,
    /// Required options and positional that are missing.
    pub(super) missing: Vec<String>,
}

impl PassResult<'_> {
    /// Returns true where the option `name` is on the line.
    pub(super) fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(known, _)| *known == name)
    }
}

/// The kind of a word for a parser.
#[derive(Clone, Copy)]
enum ArgKind<'a> {
    /// An option of the table, and the value behind its `=`.
    Known(&'a Arg, Option<&'a str>),
    /// Looks like an option and is none of the table.
    Unknown,
    /// A name or a value.
    Positional,
    /// The first `--`: all words after it are positionals.
    Separator,
}

impl<'a> Parser<'a> {
    /// Reads `words` in one pass.
    /// Errors: `Usage` for the first thing wrong in v1's order: ambiguous prefixes anywhere, then values and choices from
    /// left to right.
    /// v1: `_parse_known_args`. Parity: ORD-01, ARG-01, ARG-13.
    pub(super) fn read(&self, words: &'a [String]) -> Result<PassResult<'a>, Error> {
        let mut result = PassResult::default();
        self.pass(words, &mut result).map_err(|message| self.error(message))?;
        let missing = |option: &&&Arg| option.is_required_set() && !result.has(long(option));
        let missing = self.options.iter().filter(missing).map(|option| format!("--{}", long(option)));
        let positional = (self.required && result.positional.is_none()).then(|| self.positional.to_owned());
        result.missing = missing.chain(positional).collect();
        Ok(result)
    }

    /// Returns the usage error for options and names that are missing.
    pub(super) fn missing(&self, result: &PassResult) -> Error {
        self.error(format!("the following arguments are required: {}", result.missing.join(", ")))
    }

    fn error(&self, message: String) -> Error {
        Error::Usage { program: self.program.to_owned(), message }
    }

    /// Reads `words` up to the last option, then what is behind it; behind `--version` nothing is read.
    fn pass(&self, words: &'a [String], result: &mut PassResult<'a>) -> Result<(), String> {
        let kinds = kinds(words, self.options)?;
        let mut open = kinds.iter().filter(|kind| matches!(kind, Known(..) | Unknown)).count();
        let mut line = kinds.into_iter().zip(words.iter().map(String::as_str)).peekable();
        while open > 0
            && let Some((kind, word)) = line.next()
        {
            open -= usize::from(!matches!(kind, Positional));
            match kind {
                Known(option, behind) => {
                    let next = || Some(line.next_if(|(kind, _)| matches!(kind, Positional))?.1);
                    let value = value(option, behind, next);
                    let value = value.map_err(|message| format!("argument --{}: {message}", long(option)))?;
                    result.options.push((long(option), value));
                    if long(option) == VERSION {
                        return Ok(());
                    }
                }
                Positional if result.positional.is_none() => self.fill(word, result)?,
                _ => {
                    result.help_requested |= matches!((kind, word), (Unknown, "--help" | "-h"));
                    result.remaining.push(word.to_owned());
                }
            }
        }
        self.pass_rest(&line.collect::<Vec<_>>(), result)
    }

    /// Reads the words behind the last option: the positional with a `--` beside it; the others remain.
    /// v1: `consume_positionals`, `_get_values`. Parity: ARG-19, ARG-27, ARG-29.
    fn pass_rest(&self, words: &[(ArgKind<'a>, &'a str)], result: &mut PassResult<'a>) -> Result<(), String> {
        let remaining = match words {
            all if result.positional.is_some() => all,
            [(Separator, _), (Positional, word), rest @ ..]
            | [(Positional, word), (Separator, _), rest @ ..]
            | [(Positional, word), rest @ ..] => {
                self.fill(word, result)?;
                rest
            }
            [(Separator, _), rest @ ..] | rest => rest,
        };
        result.remaining.extend(remaining.iter().map(|(_, word)| (*word).to_owned()));
        Ok(())
    }

    /// Takes `word` for the positional where it may be that.
    fn fill(&self, word: &'a str, result: &mut PassResult<'a>) -> Result<(), String> {
        let refused = |message| format!("argument {}: {message}{}", self.positional, self.note);
        choice::check(word, self.choices).map_err(refused)?;
        result.positional = Some(word);
        Ok(())
    }
}

/// Returns the kind of each of `words`.
/// Errors: a prefix of several options.
fn kinds<'a>(words: &'a [String], table: &[&'a Arg]) -> Result<Vec<ArgKind<'a>>, String> {
    let dashes = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let before = words.iter().take(dashes);
    let mut kinds = before.map(|word| kind(word, table)).collect::<Result<Vec<_>, _>>()?;
    kinds.extend(words.get(dashes).map(|_| Separator));
    kinds.resize(words.len(), Positional);
    Ok(kinds)
}

/// Returns the kind of `word`: an option by its full name or a prefix that only it has, an unknown option, or a
/// positional, as are a lone `-`, a negative number and all with a space.
/// v1: `_parse_optional`. Parity: ARG-03, ARG-10, ARG-12.
fn kind<'a>(word: &'a str, table: &[&'a Arg]) -> Result<ArgKind<'a>, String> {
    if !word.starts_with('-') || word == "-" {
        return Ok(Positional);
    }
    let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
    let typed = name.strip_prefix("--");
    let begins = |option: &&&Arg| typed.is_some_and(|typed| long(option).starts_with(typed));
    let candidates: Vec<&Arg> = table.iter().filter(begins).copied().collect();
    let exact = candidates.iter().find(|option| typed == Some(long(option)));
    match (exact, candidates.as_slice()) {
        (Some(option), _) | (None, [option]) => Ok(Known(option, value)),
        (None, []) if is_negative_number(word) || word.contains(' ') => Ok(Positional),
        (None, []) => Ok(Unknown),
        (None, several) => {
            let names: Vec<String> = several.iter().map(|option| format!("--{}", long(option))).collect();
            Err(format!("ambiguous option: {word} could match {}", names.join(", ")))
        }
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

/// Returns the value of `option`: the text `behind` its `=`, else the `next` word where that is a positional.
/// v1: `consume_optional`, `_get_values`. Parity: ARG-15, ARG-36, WOPT-03.
fn value<'a>(
    option: &Arg,
    behind: Option<&'a str>,
    next: impl FnOnce() -> Option<&'a str>,
) -> Result<Option<&'a str>, String> {
    let value = match (table::arity(option), behind) {
        (Arity::Zero, Some(value)) => {
            return Err(format!("ignored explicit argument {}", repr::string(value)));
        }
        (Arity::Zero, None) | (Arity::Optional, Some("--")) => None,
        (_, Some(value)) => Some(value),
        (Arity::Optional, None) => next(),
        (Arity::One, None) => Some(next().ok_or("expected one argument")?),
    };
    value.map_or(Ok(()), |value| table::check(option, value))?;
    Ok(value)
}
