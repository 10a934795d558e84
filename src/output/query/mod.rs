//! `--query`: an expression, compiled before anything is sent, evaluated over the response.
//!
//! | file | what |
//! |---|---|
//! | `lexer`, `parser` | the expression -> the `jmespath` crate's tree, by v1's grammar |
//! | `node` | the parts of that tree |
//! | `syntax` | why an expression does not compile |
//! | `evaluate` | the tree over values that keep their order and their digits |
//! | `functions` | `length()`, `sort_by()` and the others |
//! | `numbers` | `sum()`, `to_number()` and the others that count |
//! | `values` | arguments and results of functions |
//! | `compare` | Python's `==`, `<` and `sorted()` |
//!
//! Mirrors `jmespath` 1.1.0.

mod compare;
mod evaluate;
mod functions;
mod lexer;
mod node;
mod numbers;
mod parser;
mod syntax;
mod values;

use crate::cli;
use crate::error::{Error, failure};
use crate::python::{Dict, Value};

/// A compiled `--query`.
#[derive(Debug, Clone)]
pub(crate) struct Query(parser::Parsed);

/// Compiles the value of `--query`.
/// Errors: `Failure` in v1's words, which name the place; in ours for an empty list (D1).
/// v1: `globalargs._resolve_query`, `jmespath.compile`. Parity: OUT-39, OUT-40, OUT-41.
pub(crate) fn compile(expression: &str) -> Result<Query, Error> {
    if expression == cli::EMPTY_LIST {
        return Err(failure!("Bad value for --query: it cannot be --"));
    }
    let compiled = if expression.is_empty() {
        Err(syntax::SyntaxError::Empty)
    } else {
        lexer::tokens(expression).and_then(parser::parse)
    };
    match compiled {
        Ok(parsed) => Ok(Query(parsed)),
        Err(error) => Err(failure!("Bad value for --query {expression}: {}", error.text(expression))),
    }
}

impl Query {
    /// Evaluates the query over the response.
    /// Errors: `Failure` in v1's words: an unknown function, arguments that do not fit.
    /// v1: `ParsedResult.search`. Parity: OUT-38, OUT-42, OUT-43.
    pub(crate) fn search(&self, response: Dict) -> Result<Value, Error> {
        evaluate::search(&self.0, &Value::Dict(response)).map_err(Error::Failure)
    }
}
