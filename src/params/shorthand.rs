//! Shorthand (`Key=value,Key=[a,b]`) -> mapping of texts, lists and mappings.
//!
//! Mirrors `awscli/shorthand.py`.
//!
//! ```text
//! pairs = pair *("," pair)                     pair = key ["@"] "=" [values]
//! values = list / hash / item *("," next)      list = "[" [member *("," member)] "]"
//! member = list / hash / item                  hash = "{" [key ["@"] "=" member *("," ..)] "}"
//! ```

use super::{parameter_error, paramfile};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::model::{Member, Shape};
use crate::python::json::TOO_DEEP;
use crate::python::{Dict, Value, int, text};

/// How deep lists and mappings may nest, about as in v1 (D17).
const DEPTH: usize = 485;

/// Characters that plain words have not: at their begin, in the first item, in the items behind it.
const NOT_AT_BEGIN: &str = "\"',=[{";
const NOT_IN_FIRST: &str = "\"',]}";
const NOT_IN_NEXT: &str = "\"',=";

/// Parses what was typed for `option` and returns the mapping that it spells.
/// Errors: `Failure`: what was expected, what stands there, and where; the option is not named for a file behind `@=`
/// that cannot be read, nor for lists nested too deep.
/// v1: `ShorthandParser.parse`. Parity: VAL-15, VAL-21, VAL-22.
pub(super) fn parse(typed: &str, option: &str, host: &Host) -> Result<Dict, Error> {
    let text = typed.chars().collect();
    let mut parser = Parser { text, at: 0, depth: 0, names_files: false, option, host };
    parser.pairs().map_err(|stop| match stop {
        Stop::Expected { wanted, received, at } => {
            parser.error(&format!("Expected: '{wanted}', received: '{received}'"), at, "")
        }
        Stop::Failed(error) => error,
    })
}

/// Why the parser stopped.
enum Stop {
    /// Something else than `wanted` stands at the place to which the caret points.
    Expected { wanted: String, received: String, at: usize },
    /// All else.
    Failed(Error),
}

type Parsed<T> = Result<T, Stop>;

/// A text and the place that is read next.
struct Parser<'a> {
    /// The text by code points, in which Python counts.
    text: Vec<char>,
    at: usize,
    /// Lists and mappings that are open.
    depth: usize,
    /// True after `@=`, where a value may name a file.
    names_files: bool,
    option: &'a str,
    host: &'a Host,
}

impl Parser<'_> {
    /// Parses all pairs; each key once.
    /// Parity: VAL-15, VAL-24.
    fn pairs(&mut self) -> Parsed<Dict> {
        let mut pairs = Dict::default();
        let (key, value) = self.pair()?;
        pairs.insert(key, value);
        while self.at < self.text.len() {
            let at = self.at + 1;
            self.skip_whitespace();
            self.expect(',')?;
            let (key, value) = self.pair()?;
            if pairs.get(&key).is_some() {
                let hint = "\nThis is often because there is a preceding \",\" instead of a space.";
                let message = format!("Second instance of key \"{key}\" encountered");
                return Err(Stop::Failed(self.error(&message, at, hint)));
            }
            pairs.insert(key, value);
        }
        Ok(pairs)
    }

    fn pair(&mut self) -> Parsed<(String, Value)> {
        let key = self.key_and_sign()?;
        Ok((key, if matches!(self.peek(), Some('[' | '{')) { self.member()? } else { self.items()? }))
    }

    /// Parses a key with its `=` or `@=`.
    /// Parity: VAL-15, VAL-21.
    fn key_and_sign(&mut self) -> Parsed<String> {
        let fits = |letter: &char| letter.is_ascii_alphanumeric() || "-_.#/:".contains(*letter);
        let key: String = self.text.iter().skip(self.at).copied().take_while(fits).collect();
        self.at += key.len(); // all are ASCII
        self.skip_whitespace();
        self.names_files = self.take('@');
        if self.names_files {
            self.skip_whitespace();
        }
        self.expect('=')?;
        Ok(key)
    }

    /// Parses one item, or a list of several between commas; what turns out to be the next key is given back up to the
    /// last comma, even one that was escaped or quoted.
    /// Parity: VAL-17, VAL-19.
    fn items(&mut self) -> Parsed<Value> {
        let mut items = vec![self.first_item()?];
        self.skip_whitespace();
        while self.take(',') {
            self.skip_whitespace();
            match self.next_item() {
                Ok(item) => items.push(item),
                Err(Stop::Expected { .. }) if self.at < self.text.len() => {
                    let comma = self.text.iter().take(self.at + 1).rposition(|letter| *letter == ',');
                    self.at = comma.unwrap_or(0);
                    break;
                }
                Err(stop) => return Err(stop),
            }
        }
        if items.len() > 1 {
            return Ok(Value::List(items));
        }
        Ok(items.pop().unwrap_or(Value::None))
    }

    /// Parses an item behind a comma, which another comma or the end follows.
    fn next_item(&mut self) -> Parsed<Value> {
        let item = self.item(NOT_IN_NEXT)?.ok_or_else(|| self.expected("<second>", "<none>"))?;
        self.skip_whitespace();
        if self.at < self.text.len() {
            self.check(',')?;
        }
        Ok(item)
    }

    /// Parses what may stand in a list or mapping; the last of equal keys counts.
    /// Parity: VAL-20.
    fn member(&mut self) -> Parsed<Value> {
        match self.peek() {
            Some('[') => {
                let mut members = Vec::new();
                self.members(']', |parser| {
                    members.push(parser.member()?);
                    Ok(())
                })?;
                Ok(Value::List(members))
            }
            Some('{') => {
                let mut members = Dict::default();
                self.members('}', |parser| {
                    let key = parser.key_and_sign()?;
                    members.insert(key, parser.member()?);
                    Ok(())
                })?;
                Ok(Value::Dict(members))
            }
            _ => self.first_item(),
        }
    }

    /// Parses what stands in brackets or braces up to `end`, `member` by member; a comma behind the last is ignored.
    /// Parity: VAL-20.
    fn members(&mut self, end: char, mut member: impl FnMut(&mut Self) -> Parsed<()>) -> Parsed<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Stop::Failed(failure!("{TOO_DEEP}")));
        }
        self.at += 1;
        self.skip_whitespace();
        while self.peek() != Some(end) {
            member(self)?;
            self.skip_whitespace();
            if self.peek() != Some(end) {
                self.expect(',')?;
            }
        }
        self.depth -= 1;
        self.at += 1;
        Ok(())
    }

    /// Parses a quoted or plain item; nothing is an empty text.
    /// Parity: VAL-16, VAL-18.
    fn first_item(&mut self) -> Parsed<Value> {
        Ok(self.item(NOT_IN_FIRST)?.unwrap_or_else(|| "".into()))
    }

    /// Parses a quoted item, or a plain one without the characters `excluded`, and after `@=` loads the file that it
    /// names; returns `None` when none begins here.
    /// Parity: VAL-21.
    fn item(&mut self, excluded: &str) -> Parsed<Option<Value>> {
        let word = match self.peek() {
            Some(quote @ ('\'' | '"')) => Some(self.quoted(quote)?),
            _ => self.word(excluded),
        };
        let Some(word) = word else { return Ok(None) };
        let file = if self.names_files { paramfile::local(&word, self.host) } else { Ok(None) };
        Ok(Some(file.map_err(Stop::Failed)?.unwrap_or(Value::Str(word))))
    }

    /// Parses a plain word: `\,` is a comma, white space at its end is dropped; returns `None` when none begins here.
    fn word(&mut self, excluded: &str) -> Option<String> {
        let mut word = String::new();
        while let Some(letter) = self.peek() {
            let escaped = letter == '\\' && self.text.get(self.at + 1) == Some(&',');
            let fits = match word.as_str() {
                "" => is_plain(letter, NOT_AT_BEGIN),
                _ => text::is_space(letter) || is_plain(letter, excluded),
            };
            if !escaped && !fits {
                break;
            }
            self.at += if escaped { 2 } else { 1 };
            word.push(if escaped { ',' } else { letter });
        }
        (!word.is_empty()).then(|| word.trim_end_matches(text::is_space).to_owned())
    }

    /// Parses a quoted item and returns its content: the quote in it is escaped, and so is a backslash. The last quote
    /// closes even where it is escaped.
    /// Parity: VAL-18.
    fn quoted(&mut self, quote: char) -> Parsed<String> {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let is_escaped = |at: usize| self.text.get(self.at + at) == Some(&'\\');
        let closing = rest.iter().enumerate().position(|(at, letter)| *letter == quote && !is_escaped(at));
        let Some(length) = closing.or_else(|| rest.iter().rposition(|letter| *letter == quote)) else {
            let wanted = if quote == '"' { "<double quoted>" } else { "<singled quoted>" };
            return Err(self.expected(wanted, "<none>"));
        };
        let content: String = rest.iter().take(length).collect();
        self.at += length + 2;
        Ok(content.replace(&format!("\\{quote}"), &quote.to_string()).replace("\\\\", "\\"))
    }

    /// Steps over `wanted` and the white space behind it.
    fn expect(&mut self, wanted: char) -> Parsed<()> {
        self.check(wanted)?;
        self.at += 1;
        self.skip_whitespace();
        Ok(())
    }

    fn check(&self, wanted: char) -> Parsed<()> {
        match self.peek() {
            Some(next) if next == wanted => Ok(()),
            Some(next) => Err(self.expected(wanted, next)),
            None => Err(self.expected(wanted, "EOF")),
        }
    }

    /// Returns the reason to stop where `wanted` should stand.
    fn expected(&self, wanted: impl Into<String>, received: impl Into<String>) -> Stop {
        Stop::Expected { wanted: wanted.into(), received: received.into(), at: self.at }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    /// Steps over `wanted` when it is next.
    fn take(&mut self, wanted: char) -> bool {
        let taken = self.peek() == Some(wanted);
        self.at += usize::from(taken);
        taken
    }

    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t'..='\r')) {
            self.at += 1;
        }
    }

    /// Returns the error `message`, with the text, a caret on a line of its own below the place `at`, and a `hint`.
    /// v1: `ShorthandParseError._error_location`. Parity: VAL-22, VAL-23.
    fn error(&self, message: &str, at: usize, hint: &str) -> Error {
        let (before, after) = self.text.split_at_checked(at).unwrap_or((&self.text, &[]));
        let column = before.iter().rev().take_while(|letter| **letter != '\n').count();
        let line = after.iter().take_while(|letter| **letter != '\n').count();
        let text = |letters: &[char]| String::from_iter(letters);
        let (line, rest) = after.split_at_checked(line).unwrap_or((after, &[]));
        let (before, line, rest) = (text(before), text(line), text(rest));
        let caret = " ".repeat(column) + "^";
        let message = format!("{message} for input:\n{before}{line}\n{caret}{rest}{hint}");
        parameter_error(self.option, &message)
    }
}

/// Returns true for the characters that plain words are made of: no control characters, none beyond U+FFFF, and not
/// those that are `excluded`.
/// Parity: VAL-16, VAL-17.
fn is_plain(letter: char, excluded: &str) -> bool {
    let is_plain = matches!(letter, '!'..='\u{ffff}') || text::surrogate(letter).is_some();
    is_plain && !excluded.contains(letter)
}

/// Coerces the members of a structure to the integers and booleans of the description, in its order; others stay as they
/// are, as do texts that are no boolean. JSON is never coerced (VAL-43).
/// Errors: `Failure` in the words of Python's `int()`, without the name of the option.
/// v1: `BackCompatVisitor._visit_structure`. Parity: VAL-27, VAL-31.
pub(super) fn coerce(given: &mut Dict, members: &[Member]) -> Result<(), Error> {
    for member in members {
        let Some(value) = given.members.get_mut(member.name) else { continue };
        match (member.shape, &*value) {
            (Shape::Long, typed) => *value = Value::Int(int::of(typed)?),
            (Shape::Boolean, Value::Str(text)) => {
                if let Ok(truth) = text.to_ascii_lowercase().parse() {
                    *value = Value::Bool(truth);
                }
            }
            (Shape::Boolean, Value::List(_) | Value::Dict(_)) => {
                let name = member.name;
                return Err(failure!("{name}: expected true or false, received a list or a mapping"));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::{json, repr::repr};

    /// Returns what `typed` spells, or what is wrong with it.
    fn spelled(typed: &str) -> String {
        match parse(typed, "--x", &Host::fake(&[])) {
            Ok(members) => repr(&Value::Dict(members)),
            Err(error) => error.text().trim().replace("Error parsing parameter '--x': ", ""),
        }
    }

    #[test]
    fn values_are_read_as_v1_reads_them() {
        let rows = [
            ("a=b", "{'a': 'b'}"),
            ("a = b , c=d ", "{'a': 'b', 'c': 'd'}"),
            ("a=b,c", "{'a': ['b', 'c']}"),
            ("a=b,c=d,e=f", "{'a': 'b', 'c': 'd', 'e': 'f'}"),
            ("a=b,c,d=e", "{'a': ['b', 'c'], 'd': 'e'}"),
            (r"a=b\,c\d", r"{'a': 'b,c\\d'}"),
            (r"a=b,c\,d=e", "{'a': 'b', 'd': 'e'}"),
            ("a=[b,,[],{c=d,}, 'e' ],f=", "{'a': ['b', '', [], {'c': 'd'}, 'e'], 'f': ''}"),
            (r#"a="b\"c\\d",e='f"'"#, r#"{'a': 'b"c\\d', 'e': 'f"'}"#),
            (r#"a="\""#, r"{'a': '\\'}"),
            ("=5", "{'': '5'}"),
        ];
        for (typed, expected) in rows {
            assert_eq!(spelled(typed), expected, "{typed}");
        }
    }

    #[test]
    fn errors_point_to_their_place() {
        let rows = [
            ("", "Expected: '=', received: 'EOF' for input:\n\n^"),
            ("a=5,", "Expected: '<second>', received: '<none>' for input:\na=5,\n    ^"),
            ("a='5", "Expected: '<singled quoted>', received: '<none>' for input:\na='5\n  ^"),
            ("a=1,\nb==c\nd", "Expected: ',', received: '=' for input:\na=1,\nb==c\n  ^\nd"),
            (
                "a=1,a=2",
                "Second instance of key \"a\" encountered for input:\na=1,a=2\n    ^\n\
                 This is often because there is a preceding \",\" instead of a space.",
            ),
        ];
        for (typed, expected) in rows {
            assert_eq!(spelled(typed), expected, "{typed:?}");
        }
        assert_eq!(spelled(&format!("a={}", "[".repeat(10_000))), "maximum recursion depth exceeded");
        let deep = |depth| spelled(&format!("a={}{}", "[".repeat(depth), "]".repeat(depth)));
        assert!(deep(DEPTH).starts_with("{'a': [["));
        assert_eq!(deep(DEPTH + 1), "maximum recursion depth exceeded");
        let wide = spelled(&format!("a=[{}]", vec!["[b]"; 2 * DEPTH].join(",")));
        assert!(wide.starts_with("{'a': [['b'],"), "{wide}");
    }

    /// Returns a value that shorthand can express, as shorthand and as JSON; no text of it ends in a backslash, which a
    /// quote behind it would turn into something else.
    fn any_value(random: &mut fastrand::Rng, depth: usize) -> (String, String) {
        let many = if depth > 3 { 0 } else { random.usize(..4) };
        match random.u8(..6) {
            0 => {
                let (short, long): (Vec<_>, Vec<_>) = (0..many).map(|_| any_value(random, depth + 1)).unzip();
                (format!("[{}]", short.join(" , ")), format!("[{}]", long.join(",")))
            }
            1 => {
                let (short, long) = any_members(random, depth, many);
                (format!("{{{short}}}"), format!("{{{long}}}"))
            }
            _ => any_text(random),
        }
    }

    /// Returns members with keys of their own.
    fn any_members(random: &mut fastrand::Rng, depth: usize, many: usize) -> (String, String) {
        let (mut short, mut long) = (Vec::new(), Vec::new());
        for place in 0..many {
            let key = format!("{}{place}", random.choice(["a", "", "-_.#/:", "Delete"]).unwrap_or("x"));
            let (short_value, long_value) = any_value(random, depth + 1);
            short.push(format!("{key}={short_value}"));
            long.push(format!("\"{key}\":{long_value}"));
        }
        (short.join(","), long.join(","))
    }

    /// Returns a text in one of its spellings.
    fn any_text(random: &mut fastrand::Rng) -> (String, String) {
        const CHARACTERS: [char; 18] = [
            'a', '5', ' ', ',', '=', '\'', '"', '\\', '[', ']', '{', '}', '@', '\n', 'é', '😀', '\u{1}',
            '\u{7f}',
        ];
        let length = random.usize(..6);
        let mut text: String = (0..length).filter_map(|_| random.choice(CHARACTERS)).collect();
        while text.ends_with('\\') {
            text.pop();
        }
        let long = serde_json::to_string(&text).unwrap();
        let plain = text.starts_with(|letter| is_plain(letter, NOT_AT_BEGIN))
            && text.chars().all(|letter| text::is_space(letter) || is_plain(letter, NOT_IN_FIRST))
            && text.trim_end_matches(text::is_space) == text;
        let quote = if random.bool() { '"' } else { '\'' };
        let escaped = text.replace('\\', r"\\").replace(quote, &format!("\\{quote}"));
        (if plain && random.bool() { text } else { format!("{quote}{escaped}{quote}") }, long)
    }

    #[test]
    fn what_shorthand_expresses_json_expresses_too() {
        let mut random = fastrand::Rng::with_seed(20_180_126);
        for _ in 0..2_000 {
            let many = random.usize(1..4);
            let (short, long) = any_members(&mut random, 0, many);
            let expected = json::decode(&format!("{{{long}}}")).map(|value| repr(&value));
            assert_eq!(Ok(spelled(&short)), expected, "{short}");
        }
    }
}
