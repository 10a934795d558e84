//! Expression -> tokens. Mirrors `jmespath/lexer.py`; places count in code points, as v1's messages do.

use num_bigint::BigInt;

use super::syntax::SyntaxError;
use crate::python::json::{self, JsonError};
use crate::python::{Value, int, repr, text};

/// Kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `name`.
    Unquoted,
    /// `"name"`.
    Quoted,
    /// `` `json` `` or `'text'`.
    Literal,
    /// `5`, `-5`.
    Number,
    /// `.`.
    Dot,
    /// `*`.
    Star,
    /// `[]`.
    Flatten,
    /// `[?`.
    Filter,
    /// `[`.
    Lbracket,
    /// `]`.
    Rbracket,
    /// `{`.
    Lbrace,
    /// `}`.
    Rbrace,
    /// `(`.
    Lparen,
    /// `)`.
    Rparen,
    /// `,`.
    Comma,
    /// `:`.
    Colon,
    /// `@`.
    Current,
    /// `&`.
    Expref,
    /// `|`.
    Pipe,
    /// `||`.
    Or,
    /// `&&`.
    And,
    /// `!`.
    Not,
    /// `==`.
    Eq,
    /// `!=`.
    Ne,
    /// `<`.
    Lt,
    /// `<=`.
    Lte,
    /// `>`.
    Gt,
    /// `>=`.
    Gte,
    /// The end of the expression.
    Eof,
}

impl Kind {
    /// Returns v1's name of the kind, which its messages show.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Unquoted => "unquoted_identifier",
            Self::Quoted => "quoted_identifier",
            Self::Literal => "literal",
            Self::Number => "number",
            Self::Dot => "dot",
            Self::Star => "star",
            Self::Flatten => "flatten",
            Self::Filter => "filter",
            Self::Lbracket => "lbracket",
            Self::Rbracket => "rbracket",
            Self::Lbrace => "lbrace",
            Self::Rbrace => "rbrace",
            Self::Lparen => "lparen",
            Self::Rparen => "rparen",
            Self::Comma => "comma",
            Self::Colon => "colon",
            Self::Current => "current",
            Self::Expref => "expref",
            Self::Pipe => "pipe",
            Self::Or => "or",
            Self::And => "and",
            Self::Not => "not",
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::Eof => "eof",
        }
    }

    /// Returns how strongly the token binds the expression to its left; 0 ends an expression.
    /// v1: `Parser.BINDING_POWER`.
    pub(super) fn binding_power(self) -> u8 {
        match self {
            Self::Pipe => 1,
            Self::Or => 2,
            Self::And => 3,
            Self::Eq | Self::Ne | Self::Lt | Self::Lte | Self::Gt | Self::Gte => 5,
            Self::Flatten => 9,
            Self::Star => 20,
            Self::Filter => 21,
            Self::Dot => 40,
            Self::Not => 45,
            Self::Lbrace => 50,
            Self::Lbracket => 55,
            Self::Lparen => 60,
            _ => 0,
        }
    }
}

/// One token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// Its kind.
    pub(super) kind: Kind,
    /// Its value: the name, the number, the literal, else its spelling.
    pub(super) value: Value,
    /// Where it starts.
    pub(super) start: usize,
}

impl Token {
    /// Returns the value as messages show it.
    pub(super) fn shown(&self) -> String {
        repr::str(&self.value)
    }

    /// Returns the error for a token that stands where it cannot.
    pub(super) fn refused(&self, message: &str) -> SyntaxError {
        let (message, shown) = (message.to_owned(), self.shown());
        SyntaxError::Parse { message, at: self.start, shown, kind: self.kind.name() }
    }
}

/// The characters that are tokens wherever they stand.
const SIMPLE: &[(char, Kind)] = &[
    ('.', Kind::Dot),
    ('*', Kind::Star),
    (']', Kind::Rbracket),
    (',', Kind::Comma),
    (':', Kind::Colon),
    ('@', Kind::Current),
    ('(', Kind::Lparen),
    (')', Kind::Rparen),
    ('{', Kind::Lbrace),
    ('}', Kind::Rbrace),
];

/// The characters that make another token together with one that may follow: first, second, both, alone.
const DOUBLE: &[(char, char, Kind, Kind)] = &[
    ('|', '|', Kind::Or, Kind::Pipe),
    ('&', '&', Kind::And, Kind::Expref),
    ('<', '=', Kind::Lte, Kind::Lt),
    ('>', '=', Kind::Gte, Kind::Gt),
    ('!', '=', Kind::Ne, Kind::Not),
    ('[', ']', Kind::Flatten, Kind::Lbracket),
    ('[', '?', Kind::Filter, Kind::Lbracket),
];

/// Returns the tokens of `expression`, the last of them [`Kind::Eof`].
/// Errors: v1's words for what is no token.
/// v1: `Lexer.tokenize`. Parity: OUT-40, OUT-41.
pub(super) fn tokens(expression: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut lexer = Lexer { text: expression.chars().collect(), at: 0 };
    let mut tokens = Vec::new();
    while let Some(first) = lexer.peek() {
        if matches!(first, ' ' | '\t' | '\n' | '\r') {
            lexer.at += 1;
            continue;
        }
        let start = lexer.at;
        let (kind, value) = lexer.token(first)?;
        tokens.push(Token { kind, value, start });
    }
    tokens.push(Token { kind: Kind::Eof, value: "".into(), start: lexer.text.len() });
    Ok(tokens)
}

/// An expression and the place that is read next.
struct Lexer {
    /// The expression by code points.
    text: Vec<char>,
    /// Place of the next one.
    at: usize,
}

impl Lexer {
    /// Returns the next character.
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    /// Reads the token that begins with `first`.
    fn token(&mut self, first: char) -> Result<(Kind, Value), SyntaxError> {
        if let Some((_, kind)) = SIMPLE.iter().find(|(character, _)| *character == first) {
            self.at += 1;
            return Ok((*kind, Value::Str(first.into())));
        }
        match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                let name = self.run(|next| next.is_ascii_alphanumeric() || next == '_');
                Ok((Kind::Unquoted, Value::Str(name)))
            }
            '0'..='9' | '-' => self.number(),
            '"' => self.quoted(),
            '\'' => Ok((Kind::Literal, Value::Str(self.delimited('\'')?.replace("\\'", "'")))),
            '`' => self.literal(),
            '=' => self.equals(),
            _ => self.double(first),
        }
    }

    /// Reads the next character and all after it that `belongs`.
    fn run(&mut self, belongs: fn(char) -> bool) -> String {
        let mut word = String::new();
        word.extend(self.peek());
        self.at += 1;
        while let Some(next) = self.peek().filter(|next| belongs(*next)) {
            word.push(next);
            self.at += 1;
        }
        word
    }

    /// Reads an integer.
    fn number(&mut self) -> Result<(Kind, Value), SyntaxError> {
        let start = self.at;
        let digits = self.run(|next| next.is_ascii_digit());
        if digits == "-" {
            return Err(SyntaxError::lexer(start, "Unknown token '-'"));
        }
        let number: BigInt = int::int(&digits).map_err(|error| SyntaxError::Other(error.to_string()))?;
        Ok((Kind::Number, Value::Int(number)))
    }

    /// Reads `==`; a single `=` is no token.
    fn equals(&mut self) -> Result<(Kind, Value), SyntaxError> {
        if self.text.get(self.at + 1) == Some(&'=') {
            self.at += 2;
            return Ok((Kind::Eq, "==".into()));
        }
        Err(SyntaxError::lexer(self.at, "Unknown token '='"))
    }

    /// Reads a token of one or two characters.
    fn double(&mut self, first: char) -> Result<(Kind, Value), SyntaxError> {
        let next = self.text.get(self.at + 1).copied();
        let mut rows = DOUBLE.iter().filter(|(character, ..)| *character == first);
        if let Some((_, second, both, _)) = rows.clone().find(|(_, second, ..)| Some(*second) == next) {
            self.at += 2;
            return Ok((*both, Value::Str(String::from_iter([first, *second]))));
        }
        let Some((.., alone)) = rows.next() else {
            return Err(SyntaxError::lexer(self.at, &format!("Unknown token {first}")));
        };
        self.at += 1;
        Ok((*alone, Value::Str(first.into())))
    }

    /// Reads the text between two delimiters; a backslash keeps the character after it from ending it.
    fn delimited(&mut self, delimiter: char) -> Result<String, SyntaxError> {
        let start = self.at;
        let unclosed = || SyntaxError::lexer(start, &format!("Unclosed {delimiter} delimiter"));
        let mut inside = String::new();
        loop {
            self.at += 1;
            match self.peek().ok_or_else(unclosed)? {
                '\\' => {
                    self.at += 1;
                    inside.push('\\');
                    inside.push(self.peek().ok_or_else(unclosed)?);
                }
                next if next == delimiter => break,
                next => inside.push(next),
            }
        }
        self.at += 1;
        Ok(inside)
    }

    /// Reads a name in double quotes, with JSON's escapes.
    fn quoted(&mut self) -> Result<(Kind, Value), SyntaxError> {
        let start = self.at;
        let inside = self.delimited('"')?;
        match json::decode(&format!("\"{inside}\"")) {
            Ok(name) => Ok((Kind::Quoted, name)),
            Err(error) => {
                let message = error.to_string();
                let reason = message.split(':').next().unwrap_or_default();
                Err(SyntaxError::lexer(start, reason))
            }
        }
    }

    /// Reads JSON in backticks; what is no JSON is taken for a text.
    /// Parity: OUT-43.
    fn literal(&mut self) -> Result<(Kind, Value), SyntaxError> {
        let start = self.at;
        let inside = self.delimited('`')?.replace("\\`", "`");
        let bare = || format!("\"{}\"", inside.trim_start_matches(text::is_space));
        let value = match json::decode(&inside) {
            Err(JsonError::Invalid(_)) => json::decode(&bare()),
            decoded => decoded,
        };
        match value {
            Ok(value) => Ok((Kind::Literal, value)),
            Err(JsonError::Invalid(_)) => Err(SyntaxError::lexer(start, &format!("Bad token {inside}"))),
            Err(error @ JsonError::TooDeep) => Err(SyntaxError::Other(error.to_string())),
        }
    }
}
