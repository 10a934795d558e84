//! Shorthand (`Key=value,Key=[a,b]`) -> mapping of texts, lists and mappings.
//!
//! Mirrors the parser of `awscli/shorthand.py`; numbers and booleans are made in `coerce`.
//!
//! ```text
//! pairs = pair *("," pair)                     pair = key ["@"] "=" [values]
//! values = list / hash / item *("," next)      list = "[" [member *("," member)] "]"
//! member = list / hash / item                  hash = "{" [key ["@"] "=" member *("," ..)] "}"
//! ```

use std::fmt::Display;

use crate::error::{Error, failure};
use crate::python::json::TOO_DEEP;
use crate::python::{Dict, Value, text};

/// Loads the file that a value after `@=` names; `None` when it names none.
pub(super) type Files<'a> = &'a dyn Fn(&str) -> Result<Option<Value>, Error>;

/// Why a text is no shorthand.
#[derive(Debug)]
pub(super) enum ShorthandError {
    /// The message with the input and a caret below it.
    Syntax(String),
    /// A file of a value after `@=` cannot be read, or lists are nested too deep; v1 names no option then.
    Failed(Error),
}

/// How deep lists and mappings may nest, about as in v1 (deviation D17).
const DEPTH: usize = 485;

/// Parses `typed` and returns the mapping that it spells.
/// Errors: what was expected, what stands there, and where.
/// v1: `ShorthandParser.parse`. Parity: VAL-15 to VAL-26.
pub(super) fn parse(typed: &str, files: Files) -> Result<Dict, ShorthandError> {
    let mut parser = Parser { text: typed.chars().collect(), at: 0, depth: 0, from_files: false, files };
    parser.pairs().map_err(|stop| match stop {
        Stop::Expected { wanted, received, at } => {
            let location = parser.location(at);
            ShorthandError::Syntax(format!(
                "Expected: '{wanted}', received: '{received}' for input:\n{location}"
            ))
        }
        Stop::Repeated { key, at } => ShorthandError::Syntax(format!(
            "Second instance of key \"{key}\" encountered for input:\n{}\nThis is often because there is a \
             preceding \",\" instead of a space.",
            parser.location(at)
        )),
        Stop::Failed(error) => ShorthandError::Failed(error),
    })
}

/// Why the parser stopped; `at` is the place to which the caret points.
enum Stop {
    /// Something else stands where `wanted` should.
    Expected { wanted: &'static str, received: String, at: usize },
    /// A key came twice.
    Repeated { key: String, at: usize },
    /// As in [`ShorthandError`].
    Failed(Error),
}

/// What a step of the parser gives.
type Parsed<T> = Result<T, Stop>;

/// A text and the place that is read next.
struct Parser<'a> {
    /// The text by code points, in which Python counts.
    text: Vec<char>,
    /// Place of the next code point.
    at: usize,
    /// Lists and mappings that are open.
    depth: usize,
    /// True after `@=`, where a value may name a file.
    from_files: bool,
    /// How such a file is loaded.
    files: Files<'a>,
}

impl Parser<'_> {
    /// Parses all pairs; each key once.
    /// Parity: VAL-15, VAL-24.
    fn pairs(&mut self) -> Parsed<Dict> {
        let mut pairs = Dict::default();
        let (key, value) = self.pair()?;
        pairs.insert(key, value);
        let mut end = self.at;
        while self.at < self.text.len() {
            self.skip_whitespace();
            self.expect(',', ",")?;
            self.skip_whitespace();
            let (key, value) = self.pair()?;
            if pairs.get(&key).is_some() {
                return Err(Stop::Repeated { key, at: end + 1 });
            }
            pairs.insert(key, value);
            end = self.at;
        }
        Ok(pairs)
    }

    /// Parses one pair.
    fn pair(&mut self) -> Parsed<(String, Value)> {
        let key = self.key_and_sign()?;
        let value = match self.peek() {
            None => "".into(),
            Some('[') => self.list()?,
            Some('{') => self.mapping()?,
            Some(_) => self.items()?,
        };
        Ok((key, value))
    }

    /// Parses a key with its `=` or `@=`.
    /// Parity: VAL-15, VAL-21.
    fn key_and_sign(&mut self) -> Parsed<String> {
        let key =
            self.take_while(|character| character.is_ascii_alphanumeric() || "-_.#/:".contains(character));
        self.skip_whitespace();
        self.from_files = self.take('@');
        if self.from_files {
            self.skip_whitespace();
        }
        self.expect('=', "=")?;
        self.skip_whitespace();
        Ok(key)
    }

    /// Parses one item, or a list of several between commas; what turns out to be the next key is given back.
    /// Parity: VAL-17, VAL-19.
    fn items(&mut self) -> Parsed<Value> {
        let first = self.item()?;
        self.skip_whitespace();
        if !self.take(',') {
            return Ok(first);
        }
        self.skip_whitespace();
        let mut items = vec![first];
        let mut more = true;
        while more {
            match self.next_item() {
                Ok((item, comma)) => {
                    items.push(item);
                    more = comma;
                }
                Err(Stop::Expected { .. }) if self.at < self.text.len() => {
                    self.back_to_comma();
                    more = false;
                }
                Err(stop) => return Err(stop),
            }
        }
        if items.len() > 1 {
            return Ok(Value::List(items));
        }
        Ok(items.pop().unwrap_or(Value::None))
    }

    /// Parses an item behind a comma; returns also whether another comma follows it rather than the end.
    fn next_item(&mut self) -> Parsed<(Value, bool)> {
        let item = match self.peek() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote)?,
            _ => match self.word(follows_next) {
                Some(word) => self.resolved(word)?,
                None => return Err(self.unmatched("<second>")),
            },
        };
        self.skip_whitespace();
        let comma = self.at < self.text.len();
        if comma {
            self.expect(',', ",")?;
            self.skip_whitespace();
        }
        Ok((item, comma))
    }

    /// Steps back to the last comma, even to one that was escaped or quoted.
    fn back_to_comma(&mut self) {
        let read = self.text.get(..=self.at).unwrap_or(&self.text);
        self.at = read.iter().rposition(|character| *character == ',').unwrap_or(0);
    }

    /// Parses a list in brackets.
    /// Parity: VAL-20.
    fn list(&mut self) -> Parsed<Value> {
        self.enter()?;
        let mut members = Vec::new();
        while self.peek() != Some(']') {
            let member = self.member()?;
            members.push(member);
            self.separator(']')?;
        }
        self.leave();
        Ok(Value::List(members))
    }

    /// Parses a mapping in braces; the last of equal keys counts.
    /// Parity: VAL-20.
    fn mapping(&mut self) -> Parsed<Value> {
        self.enter()?;
        let mut members = Dict::default();
        while self.peek() != Some('}') {
            let key = self.key_and_sign()?;
            let member = self.member()?;
            self.separator('}')?;
            members.insert(key, member);
        }
        self.leave();
        Ok(Value::Dict(members))
    }

    /// Steps over the bracket or brace that opens.
    fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Stop::Failed(failure!("{TOO_DEEP}")));
        }
        self.at += 1;
        self.skip_whitespace();
        Ok(())
    }

    /// Steps over the bracket or brace that closes.
    fn leave(&mut self) {
        self.depth -= 1;
        self.at += 1;
    }

    /// Steps over the comma behind a member, unless `end` stands there.
    fn separator(&mut self, end: char) -> Parsed<()> {
        self.skip_whitespace();
        if self.peek() != Some(end) {
            self.expect(',', ",")?;
            self.skip_whitespace();
        }
        Ok(())
    }

    /// Parses what may stand in a list or mapping.
    fn member(&mut self) -> Parsed<Value> {
        match self.peek() {
            Some('[') => self.list(),
            Some('{') => self.mapping(),
            _ => self.item(),
        }
    }

    /// Parses a quoted or plain item; nothing is an empty text.
    /// Parity: VAL-16, VAL-18.
    fn item(&mut self) -> Parsed<Value> {
        let quoted = self.peek().filter(|character| matches!(character, '\'' | '"'));
        match quoted {
            Some(quote) => self.quoted(quote),
            None => match self.word(follows_first) {
                Some(word) => self.resolved(word),
                None => Ok("".into()),
            },
        }
    }

    /// Parses a plain word: `\,` is a comma, white space at its end is dropped; returns `None` when none begins here.
    fn word(&mut self, follows: fn(char) -> bool) -> Option<String> {
        let mut word = String::new();
        while let Some(character) = self.peek() {
            let escaped = character == '\\' && self.text.get(self.at + 1) == Some(&',');
            let fits = if word.is_empty() { begins_word(character) } else { follows(character) };
            if !escaped && !fits {
                break;
            }
            self.at += if escaped { 2 } else { 1 };
            word.push(if escaped { ',' } else { character });
        }
        (!word.is_empty()).then(|| word.trim_end_matches(text::is_space).to_owned())
    }

    /// Parses a quoted item and returns its content: the quote in it is escaped, and so is a backslash.
    /// Parity: VAL-18.
    fn quoted(&mut self, quote: char) -> Parsed<Value> {
        let start = self.at + 1;
        let rest = self.text.get(start..).unwrap_or_default();
        let mut before = quote;
        let closing = rest.iter().position(|&character| {
            let closes = character == quote && before != '\\';
            before = character;
            closes
        });
        // Where every quote is escaped, the last one closes all the same.
        let Some(length) = closing.or_else(|| rest.iter().rposition(|&character| character == quote)) else {
            return Err(self.unmatched(if quote == '"' { "<double quoted>" } else { "<singled quoted>" }));
        };
        let content: String = rest.iter().take(length).collect();
        self.at = start + length + 1;
        self.resolved(content.replace(&format!("\\{quote}"), &quote.to_string()).replace("\\\\", "\\"))
    }

    /// Returns `word`, or after `@=` the content of the file that it names.
    /// Parity: VAL-21.
    fn resolved(&mut self, word: String) -> Parsed<Value> {
        let file = if self.from_files { (self.files)(&word).map_err(Stop::Failed)? } else { None };
        Ok(file.unwrap_or(Value::Str(word)))
    }

    /// Steps over `wanted`, which messages call `name`.
    fn expect(&mut self, wanted: char, name: &'static str) -> Parsed<()> {
        if self.take(wanted) {
            return Ok(());
        }
        let received = self.peek().map_or_else(|| "EOF".to_owned(), String::from);
        Err(Stop::Expected { wanted: name, received, at: self.at })
    }

    /// Returns the error where nothing here is what `wanted` describes.
    fn unmatched(&self, wanted: &'static str) -> Stop {
        Stop::Expected { wanted, received: "<none>".to_owned(), at: self.at }
    }

    /// Returns the next code point.
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    /// Steps over `wanted` when it is next.
    fn take(&mut self, wanted: char) -> bool {
        let taken = self.peek() == Some(wanted);
        self.at += usize::from(taken);
        taken
    }

    /// Steps over all code points that `fit` and gives them.
    fn take_while(&mut self, fit: fn(char) -> bool) -> String {
        let taken: String =
            self.text.iter().skip(self.at).copied().take_while(|character| fit(*character)).collect();
        self.at += taken.chars().count();
        taken
    }

    /// Steps over ASCII white space.
    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t'..='\r')) {
            self.at += 1;
        }
    }

    /// Returns the text with a caret on a line of its own below the place `at`.
    /// v1: `ShorthandParseError._error_location`. Parity: VAL-22, VAL-23.
    fn location(&self, at: usize) -> impl Display + use<> {
        let (before, after) = self.text.split_at_checked(at).unwrap_or((&self.text, &[]));
        let blanks = match before.iter().rposition(|character| *character == '\n') {
            Some(newline) => at - newline - 1,
            None => at,
        };
        let line = after.iter().position(|character| *character == '\n').unwrap_or(after.len());
        let (line, rest) = after.split_at_checked(line).unwrap_or((after, &[]));
        let (before, line, rest) =
            (String::from_iter(before), String::from_iter(line), String::from_iter(rest));
        format!("{before}{line}\n{}^{rest}", " ".repeat(blanks))
    }
}

/// Returns true for the characters that plain words are made of: no control characters, and none beyond U+FFFF.
fn is_plain(character: char) -> bool {
    matches!(character, '!'..='\u{ffff}') || text::surrogate(character).is_some()
}

/// Returns true for the characters that a plain word may begin with.
/// Parity: VAL-16.
fn begins_word(character: char) -> bool {
    is_plain(character) && !matches!(character, '"' | '\'' | ',' | '=' | '[' | '{')
}

/// Returns true for the characters that may follow in the first item.
/// Parity: VAL-16.
fn follows_first(character: char) -> bool {
    text::is_space(character) || is_plain(character) && !matches!(character, '"' | '\'' | ',' | ']' | '}')
}

/// Returns true for the characters that may follow in the items behind it.
/// Parity: VAL-17.
fn follows_next(character: char) -> bool {
    text::is_space(character) || is_plain(character) && !matches!(character, '"' | '\'' | ',' | '=')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::{json, repr::repr};

    /// Returns what `typed` spells, or what is wrong with it.
    fn spelled(typed: &str) -> String {
        match parse(typed, &|_| Ok(None)) {
            Ok(members) => repr(&Value::Dict(members)),
            Err(ShorthandError::Syntax(message)) => message,
            Err(ShorthandError::Failed(error)) => error.text().trim().to_owned(),
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
        let plain = text.starts_with(begins_word)
            && text.chars().all(|character| follows_first(character) && character != ',')
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
