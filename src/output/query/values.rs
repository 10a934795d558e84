//! Arguments and results of functions, and the types of the query language.

use jmespath::ast::Ast;

use crate::python::Value;

/// Result of a function, or v1's words for why there is none.
pub(super) type FunctionResult = anyhow::Result<Value>;

/// Evaluates an expression over a value.
pub(super) type Apply<'a> = &'a dyn Fn(&Ast, &Value) -> FunctionResult;

/// An argument of a function.
#[derive(Debug, Clone)]
pub(super) enum Argument<'q> {
    /// A value.
    Value(Value),
    /// `&expression`, evaluated by the function for each element.
    Expression(&'q Ast),
}

impl Argument<'_> {
    /// Returns the value; null of an expression.
    pub(super) fn value(&self) -> &Value {
        match self {
            Self::Value(value) => value,
            Self::Expression(_) => &Value::None,
        }
    }

    /// Returns v1's name of the argument's type in the query language.
    /// v1: `TYPES_MAP`.
    pub(super) fn query_type(&self) -> &'static str {
        match self {
            Self::Value(value) => query_type(value),
            Self::Expression(_) => "expref",
        }
    }
}

/// Returns v1's name of the type of a value in the query language.
/// v1: `TYPES_MAP`.
pub(super) fn query_type(value: &Value) -> &'static str {
    match value {
        Value::None => "null",
        Value::Bool(_) => "boolean",
        Value::Int(_) | Value::Float(_) => "number",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Dict(_) => "object",
        Value::Bytes(_) | Value::Datetime(_) => "unknown",
    }
}

/// Returns the first argument's value.
pub(super) fn first<'a>(arguments: &'a [Argument]) -> &'a Value {
    arguments.first().map_or(&Value::None, Argument::value)
}

/// Returns the second argument's value.
pub(super) fn second<'a>(arguments: &'a [Argument]) -> &'a Value {
    arguments.get(1).map_or(&Value::None, Argument::value)
}

/// Returns the only expression among the arguments.
pub(super) fn expression<'q>(arguments: &[Argument<'q>]) -> anyhow::Result<&'q Ast> {
    let expression = arguments.iter().find_map(|argument| match argument {
        Argument::Expression(tree) => Some(*tree),
        Argument::Value(_) => None,
    });
    expression.ok_or_else(|| anyhow::anyhow!("a function has no expression"))
}

/// Returns the elements of a list; none of anything else.
pub(super) fn items(value: &Value) -> &[Value] {
    if let Value::List(items) = value { items } else { &[] }
}

/// Returns the members of a mapping; none of anything else.
pub(super) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    if let Value::Dict(dict) = value { Some(&dict.members) } else { None }.into_iter().flatten()
}

/// Returns the text of a string; an empty one of anything else.
pub(super) fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
