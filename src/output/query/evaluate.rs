//! The tree over [`Value`]s. Mirrors `jmespath/visitor.py`.
//!
//! The `jmespath` crate evaluates over its own values, which sort keys and lose digits; so its tree is walked
//! here.

use anyhow::bail;
use jmespath::ast::{Ast, Comparator, KeyValuePair};

use super::compare;
use super::functions;
use super::parser::Parsed;
use super::values::Argument;
use crate::python::{Dict, Value};

/// Evaluates `query` over `response`.
/// Errors: v1's words for what cannot be evaluated.
/// v1: `TreeInterpreter.visit`. Parity: OUT-42.
pub(super) fn search(query: &Parsed, response: &Value) -> anyhow::Result<Value> {
    Interpreter { query }.node(&query.tree, response)
}

/// Evaluates the nodes of a query.
#[derive(Clone, Copy)]
struct Interpreter<'a> {
    /// The compiled query.
    query: &'a Parsed,
}

impl Interpreter<'_> {
    /// Evaluates `tree` over `value`.
    fn node(self, tree: &Ast, value: &Value) -> anyhow::Result<Value> {
        Ok(match tree {
            Ast::Identity { .. } => value.clone(),
            Ast::Literal { offset, .. } => self.query.literals.get(*offset).cloned().unwrap_or(Value::None),
            Ast::Expref { .. } => bail!("Encountered unrecognized type in JSON encoder."),
            Ast::Field { name, .. } => match value {
                Value::Dict(dict) => dict.get(name).cloned().unwrap_or(Value::None),
                _ => Value::None,
            },
            Ast::Index { idx, .. } => index(value, *idx),
            Ast::Slice { start, stop, step, .. } => slice(value, *start, *stop, *step)?,
            Ast::Subexpr { lhs, rhs, .. } => self.node(rhs, &self.node(lhs, value)?)?,
            Ast::Or { lhs, rhs, .. } => match self.node(lhs, value)? {
                left if is_false(&left) => self.node(rhs, value)?,
                left => left,
            },
            Ast::And { lhs, rhs, .. } => match self.node(lhs, value)? {
                left if is_false(&left) => left,
                _ => self.node(rhs, value)?,
            },
            Ast::Not { node, .. } => Value::Bool(is_false(&self.node(node, value)?)),
            Ast::Comparison { comparator, lhs, rhs, .. } => {
                comparison(comparator, &self.node(lhs, value)?, &self.node(rhs, value)?)?
            }
            Ast::Condition { predicate, then, .. } => match self.node(predicate, value)? {
                verdict if is_false(&verdict) => Value::None,
                _ => self.node(then, value)?,
            },
            Ast::Flatten { node, .. } => flatten(self.node(node, value)?),
            Ast::ObjectValues { node, .. } => match self.node(node, value)? {
                Value::Dict(dict) => Value::List(dict.members.into_values().collect()),
                _ => Value::None,
            },
            Ast::Projection { lhs, rhs, .. } => self.projection(lhs, rhs, value)?,
            Ast::MultiList { elements, .. } => self.list(elements, value)?,
            Ast::MultiHash { elements, .. } => self.hash(elements, value)?,
            Ast::Function { name, args, .. } => {
                let argument = |tree| self.argument(tree, value);
                let arguments = args.iter().map(argument).collect::<anyhow::Result<Vec<_>>>()?;
                functions::call(&|tree, value| self.node(tree, value), name, &arguments)?
            }
        })
    }

    /// Returns an argument of a function.
    fn argument<'q>(self, tree: &'q Ast, value: &Value) -> anyhow::Result<Argument<'q>> {
        match tree {
            Ast::Expref { ast, .. } => Ok(Argument::Expression(ast)),
            tree => self.node(tree, value).map(Argument::Value),
        }
    }

    /// Evaluates `rhs` over each element of the list that `lhs` gives, nulls left out; null where that is no list.
    fn projection(self, lhs: &Ast, rhs: &Ast, value: &Value) -> anyhow::Result<Value> {
        let Value::List(elements) = self.node(lhs, value)? else { return Ok(Value::None) };
        let mut collected = Vec::with_capacity(elements.len());
        for element in elements {
            match self.node(rhs, &element)? {
                Value::None => {}
                current => collected.push(current),
            }
        }
        Ok(Value::List(collected))
    }

    /// Evaluates `[a, b]`; null of null.
    fn list(self, elements: &[Ast], value: &Value) -> anyhow::Result<Value> {
        if matches!(value, Value::None) {
            return Ok(Value::None);
        }
        let elements: anyhow::Result<Vec<_>> = elements.iter().map(|tree| self.node(tree, value)).collect();
        Ok(Value::List(elements?))
    }

    /// Evaluates `{a: b}`, in the order of the expression; null of null.
    fn hash(self, elements: &[KeyValuePair], value: &Value) -> anyhow::Result<Value> {
        if matches!(value, Value::None) {
            return Ok(Value::None);
        }
        let mut dict = Dict::default();
        for pair in elements {
            dict.insert(pair.key.as_str(), self.node(&pair.value, value)?);
        }
        Ok(Value::Dict(dict))
    }
}

/// Returns true for what a condition takes for false: null, false, and the empty text, list and mapping. 0 is true.
/// v1: `TreeInterpreter._is_false`; `visit_not_expression` comes to the same.
fn is_false(value: &Value) -> bool {
    match value {
        Value::None | Value::Bool(false) => true,
        Value::Str(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Dict(dict) => dict.members.is_empty(),
        _ => false,
    }
}

/// Returns the element at a place of a list, counted from the end when negative; null where there is none.
fn index(value: &Value, place: i32) -> Value {
    let Value::List(items) = value else { return Value::None };
    let place = i64::from(place);
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let place = if place < 0 { place + length } else { place };
    usize::try_from(place).ok().and_then(|place| items.get(place)).cloned().unwrap_or(Value::None)
}

/// Returns `list[start:stop:step]`; null of what is no list.
/// Errors: Python's words for a step of 0.
/// v1: `TreeInterpreter.visit_slice`. Parity: OUT-42, OUT-43.
fn slice(value: &Value, start: Option<i32>, stop: Option<i32>, stride: i32) -> anyhow::Result<Value> {
    let Value::List(items) = value else { return Ok(Value::None) };
    if stride == 0 {
        bail!("slice step cannot be zero");
    }
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let is_backwards = stride.is_negative();
    let (lowest, highest) = if is_backwards { (-1, length - 1) } else { (0, length) };
    let bound = |bound: Option<i32>, missing: i64| match bound.map(i64::from) {
        None => missing,
        Some(place) if place < 0 => (place + length).max(lowest),
        Some(place) => place.min(highest),
    };
    let (first, last) = if is_backwards { (highest, lowest) } else { (lowest, highest) };
    let (mut place, stop) = (bound(start, first), bound(stop, last));
    let mut chosen = Vec::new();
    while if is_backwards { place > stop } else { place < stop } {
        chosen.extend(usize::try_from(place).ok().and_then(|place| items.get(place)).cloned());
        place += i64::from(stride);
    }
    Ok(Value::List(chosen))
}

/// Returns the elements of a list, those of its lists in their place; null of what is no list.
fn flatten(value: Value) -> Value {
    let Value::List(items) = value else { return Value::None };
    let mut flat = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Value::List(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    Value::List(flat)
}

/// Evaluates `left == right` and its like. Only numbers and texts have an order; the others give null.
/// v1: `TreeInterpreter.visit_comparator`. Parity: OUT-43.
fn comparison(comparator: &Comparator, left: &Value, right: &Value) -> anyhow::Result<Value> {
    let order = |holds: fn(std::cmp::Ordering) -> bool, sign| {
        let has_order = |value: &Value| matches!(value, Value::Int(_) | Value::Float(_) | Value::Str(_));
        if !has_order(left) || !has_order(right) {
            return Ok(Value::None);
        }
        Ok(Value::Bool(compare::order(left, right, sign)?.is_some_and(holds)))
    };
    match comparator {
        Comparator::Equal => Ok(Value::Bool(compare::equal_typed(left, right))),
        Comparator::NotEqual => Ok(Value::Bool(!compare::equal_typed(left, right))),
        Comparator::LessThan => order(std::cmp::Ordering::is_lt, "<"),
        Comparator::LessThanEqual => order(std::cmp::Ordering::is_le, "<="),
        Comparator::GreaterThan => order(std::cmp::Ordering::is_gt, ">"),
        Comparator::GreaterThanEqual => order(std::cmp::Ordering::is_ge, ">="),
    }
}
