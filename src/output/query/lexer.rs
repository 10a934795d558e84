//! Expression -> tokens. Mirrors `jmespath/lexer.py`.

use anyhow::anyhow;

use crate::python::{Value, int, json, repr, text};

/// Kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Unquoted,
    Quoted,
    Literal,
    Number,
    Dot,
    Star,
    Flatten,
    Filter,
    Lbracket,
    Rbracket,
    Lbrace,
    Rbrace,
    Lparen,
    Rparen,
    Comma,
    Colon,
    Current,
    Expref,
    Pipe,
    Or,
    And,
    Not,
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
    Eof,
}

/// The tokens of one spelling, what begins with another before it, and how strongly each binds the expression to its left;
/// 0 ends an expression.
/// v1: `Parser.BINDING_POWER`.
const SIGNS: &[(&str, Kind, u8)] = &[
    ("||", Kind::Or, 2),
    ("|", Kind::Pipe, 1),
    ("&&", Kind::And, 3),
    ("&", Kind::Expref, 0),
    ("<=", Kind::Lte, 5),
    ("<", Kind::Lt, 5),
    (">=", Kind::Gte, 5),
    (">", Kind::Gt, 5),
    ("!=", Kind::Ne, 5),
    ("!", Kind::Not, 45),
    ("==", Kind::Eq, 5),
    ("[]", Kind::Flatten, 9),
    ("[?", Kind::Filter, 21),
    ("[", Kind::Lbracket, 55),
    ("]", Kind::Rbracket, 0),
    ("{", Kind::Lbrace, 50),
    ("}", Kind::Rbrace, 0),
    ("(", Kind::Lparen, 60),
    (")", Kind::Rparen, 0),
    (".", Kind::Dot, 40),
    ("*", Kind::Star, 20),
    (",", Kind::Comma, 0),
    (":", Kind::Colon, 0),
    ("@", Kind::Current, 0),
];

impl Kind {
    /// Returns v1's name of the kind, which its messages show.
    pub(super) fn name(self) -> String {
        match self {
            Self::Unquoted => "unquoted_identifier".to_owned(),
            Self::Quoted => "quoted_identifier".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        }
    }

    /// Returns how strongly the token binds the expression to its left.
    pub(super) fn binding_power(self) -> u8 {
        SIGNS.iter().find(|(_, kind, _)| *kind == self).map_or(0, |(.., power)| *power)
    }
}

/// One token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// The name, the number, the literal, else the spelling.
    pub(super) value: Value,
    /// The byte of the expression at which it starts.
    pub(super) start: usize,
}

impl Token {
    /// Returns the value as messages show it.
    pub(super) fn shown(&self) -> String {
        repr::str(&self.value)
    }
}

/// Returns the code points before a byte, which v1's messages count.
pub(super) fn column(expression: &str, start: usize) -> usize {
    expression.get(..start).map_or(0, |before| before.chars().count())
}

/// Returns the tokens of `expression`, the last of them [`Kind::Eof`].
/// Errors: v1's words for what is no token.
/// v1: `Lexer.tokenize`. Parity: OUT-40, OUT-41.
pub(super) fn tokens(expression: &str) -> anyhow::Result<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = expression;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let start = expression.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            tokens.push(Token { kind: Kind::Eof, value: "".into(), start });
            return Ok(tokens);
        };
        let (kind, value, after) = token(first, rest).map_err(|message| {
            let at = column(expression, start);
            anyhow!("Bad jmespath expression: {message}:\n{expression}\n{:at$}^", "")
        })?;
        tokens.push(Token { kind, value, start });
        rest = after;
    }
}

/// Returns the token that begins with `first`, and what follows it.
fn token(first: char, rest: &str) -> Result<(Kind, Value, &str), String> {
    match first {
        'a'..='z' | 'A'..='Z' | '_' => {
            let (name, after) = word(rest, |next| next.is_ascii_alphanumeric() || next == '_');
            Ok((Kind::Unquoted, name.into(), after))
        }
        '0'..='9' | '-' => match word(rest, |next| next.is_ascii_digit()) {
            ("-", _) => Err("Unknown token '-'".to_owned()),
            (digits, after) => {
                let number = int::int(digits).map_err(|error| error.to_string())?;
                Ok((Kind::Number, Value::Int(number), after))
            }
        },
        '"' => {
            let (name, after) = delimited(first, rest)?;
            let decoded = json::decode(&format!("\"{name}\"")).map_err(|error| error.to_string());
            let reason = |message: String| message.split(':').next().unwrap_or_default().to_owned();
            Ok((Kind::Quoted, decoded.map_err(reason)?, after))
        }
        '\'' => {
            let (text, after) = delimited(first, rest)?;
            Ok((Kind::Literal, text.replace("\\'", "'").into(), after))
        }
        '`' => {
            let (inside, after) = delimited(first, rest)?;
            Ok((Kind::Literal, literal(&inside.replace("\\`", "`"))?, after))
        }
        _ => {
            let sign =
                |(sign, kind, _): &(&str, _, _)| Some((*kind, (*sign).into(), rest.strip_prefix(sign)?));
            let quoted = if first == '=' { "'='".to_owned() } else { first.into() };
            SIGNS.iter().find_map(sign).ok_or_else(|| format!("Unknown token {quoted}"))
        }
    }
}

/// Splits off the first character and those after it that `belongs` accepts.
fn word(rest: &str, belongs: fn(char) -> bool) -> (&str, &str) {
    let end = rest.char_indices().skip(1).find(|(_, next)| !belongs(*next));
    rest.split_at(end.map_or(rest.len(), |(end, _)| end))
}

/// Splits off the text between two delimiters; a backslash keeps the character after it from ending it.
fn delimited(delimiter: char, rest: &str) -> Result<(&str, &str), String> {
    let mut is_escaped = false;
    let ends = |next: char| {
        let ends = next == delimiter && !is_escaped;
        is_escaped = next == '\\' && !is_escaped;
        ends
    };
    let inside = rest.get(1..).unwrap_or_default();
    inside.split_once(ends).ok_or_else(|| format!("Unclosed {delimiter} delimiter"))
}

/// Decodes JSON in backticks; what is no JSON is taken for a text.
/// Parity: OUT-43.
fn literal(inside: &str) -> Result<Value, String> {
    let bare = || json::decode(&format!("\"{}\"", inside.trim_start_matches(text::is_space)));
    json::decode(inside).or_else(|_| bare()).map_err(|_| format!("Bad token {inside}"))
}
