//! Why an expression does not compile, in v1's words. Mirrors `jmespath/exceptions.py`.

/// Why an expression does not compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SyntaxError {
    /// There is no expression.
    Empty,
    /// A character or a delimited text is no token.
    Lexer {
        /// Place of the first character.
        at: usize,
        /// The fault.
        message: String,
    },
    /// The expression ends too early.
    Incomplete,
    /// A token stands where it cannot.
    Parse {
        /// The fault.
        message: String,
        /// Place of the token.
        at: usize,
        /// The token as messages show it.
        shown: String,
        /// The kind of the token.
        kind: &'static str,
    },
    /// Python itself refuses: an integer of too many digits, nesting that is too deep.
    Other(String),
}

impl SyntaxError {
    /// Returns the error for characters from `at` on that are no token.
    pub(super) fn lexer(at: usize, message: &str) -> Self {
        Self::Lexer { at, message: message.to_owned() }
    }

    /// Returns v1's text. The parser shows the expression in quotes, so its caret stands one further; the lexer shows
    /// it bare.
    /// v1: `JMESPathError.__str__`. Parity: OUT-40, OUT-41.
    pub(super) fn text(&self, expression: &str) -> String {
        match self {
            Self::Empty => "Invalid JMESPath expression: cannot be empty.".to_owned(),
            Self::Lexer { at, message } => {
                format!("Bad jmespath expression: {message}:\n{expression}\n{:at$}^", "")
            }
            Self::Incomplete => {
                let at = expression.chars().count() + 1;
                format!("Invalid jmespath expression: Incomplete expression:\n\"{expression}\"\n{:at$}^", "")
            }
            Self::Parse { message, at, shown, kind } => {
                let (kind, caret) = (kind.to_uppercase(), at + 1);
                format!(
                    "{message}: Parse error at column {at}, token \"{shown}\" ({kind}), for expression:\n\
                     \"{expression}\"\n{:caret$}^",
                    ""
                )
            }
            Self::Other(message) => message.clone(),
        }
    }
}
