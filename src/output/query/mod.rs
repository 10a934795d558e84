//! `--query`: an expression, compiled before anything is sent, evaluated over the response. `lexer` and `parser` compile
//! it, `evaluate`, `functions` and `compare` evaluate it over values that keep their order and their digits.
//!
//! Mirrors `jmespath` 1.1.0.

mod compare;
mod evaluate;
mod functions;
mod lexer;
mod parser;

use jmespath::ast::Ast;

use crate::cli::OptionValue;
use crate::error::{Error, failure};
use crate::python::{Dict, Value};

/// A compiled `--query`.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    tree: Ast,
    /// The literals, by the `offset` of their `Ast::Literal`.
    literals: Vec<Value>,
}

/// Compiles the value of `--query`.
/// Errors: `Failure` in v1's words, which name the place; in ours for an empty list (D1).
/// v1: `globalargs._resolve_query`, `jmespath.compile`. Parity: OUT-39, OUT-40, OUT-41.
pub(crate) fn compile(typed: &OptionValue) -> Result<Query, Error> {
    let expression = typed.text().ok_or_else(|| failure!("Bad value for --query: it cannot be --"))?;
    parser::parse(expression).map_err(|error| failure!("Bad value for --query {expression}: {error}"))
}

impl Query {
    /// Evaluates the query over the response.
    /// Errors: `Failure` in v1's words: an unknown function, arguments that do not fit.
    /// v1: `ParsedResult.search`. Parity: OUT-38, OUT-42, OUT-43.
    pub(crate) fn search(&self, response: Dict) -> Result<Value, Error> {
        self.node(&self.tree, &Value::Dict(response)).map_err(Error::Failure)
    }
}
