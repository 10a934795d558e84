//! The tree over [`Value`]s. Mirrors `jmespath/visitor.py`.
//!
//! The `jmespath` crate evaluates over its own values, which sort keys and lose digits; so its tree is walked here.

use std::cmp::Ordering;

use anyhow::{Result, bail};
use jmespath::ast::{Ast, Comparator, KeyValuePair};

use super::{Query, compare, functions};
use crate::python::{Dict, Value};

impl Query {
    /// Evaluates `tree` over `value`.
    /// Errors: v1's words for what cannot be evaluated.
    /// v1: `TreeInterpreter.visit`. Parity: OUT-42.
    pub(super) fn node(&self, tree: &Ast, value: &Value) -> Result<Value> {
        Ok(match tree {
            Ast::Identity { .. } => value.clone(),
            Ast::Literal { offset, .. } => self.literals.get(*offset).cloned().unwrap_or(Value::None),
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
            Ast::Projection { lhs, rhs, .. } => match self.node(lhs, value)? {
                Value::List(items) => self.projection(rhs, &items)?,
                _ => Value::None,
            },
            Ast::MultiList { .. } | Ast::MultiHash { .. } if *value == Value::None => Value::None,
            Ast::MultiList { elements, .. } => {
                Value::List(elements.iter().map(|tree| self.node(tree, value)).collect::<Result<_>>()?)
            }
            Ast::MultiHash { elements, .. } => self.hash(elements, value)?,
            Ast::Function { name, args, .. } => self.call(name, args, value)?,
        })
    }

    /// Evaluates `tree` over each of the items and leaves nulls out.
    fn projection(&self, tree: &Ast, items: &[Value]) -> Result<Value> {
        let results = items.iter().map(|item| self.node(tree, item));
        let results = results.filter(|result| !matches!(result, Ok(Value::None)));
        results.collect::<Result<_>>().map(Value::List)
    }

    /// Evaluates `{a: b}`, in the order of the expression.
    fn hash(&self, elements: &[KeyValuePair], value: &Value) -> Result<Value> {
        let mut dict = Dict::default();
        for pair in elements {
            dict.insert(pair.key.as_str(), self.node(&pair.value, value)?);
        }
        Ok(Value::Dict(dict))
    }

    /// Calls a function with its arguments and, where one of them is `&expression`, with that.
    fn call(&self, name: &str, args: &[Ast], value: &Value) -> Result<Value> {
        let argument = |tree: &Ast| match tree {
            Ast::Expref { .. } => Ok(None),
            tree => self.node(tree, value).map(Some),
        };
        let arguments = args.iter().map(argument).collect::<Result<Vec<_>>>()?;
        let expression = args.iter().find_map(|tree| match tree {
            Ast::Expref { ast, .. } => Some(ast),
            _ => None,
        });
        let apply = |item: &Value| match expression {
            Some(tree) => self.node(tree, item),
            None => Ok(item.clone()),
        };
        functions::call(name, arguments, &apply)
    }
}

/// Returns true for what a condition takes for false: null, false, and the empty text, list and mapping. 0 is true.
/// v1: `TreeInterpreter._is_false`; `visit_not_expression` comes to the same.
fn is_false(value: &Value) -> bool {
    !matches!(value, Value::Int(_) | Value::Float(_)) && value.is_empty()
}

/// Returns the element at a place of a list, counted from the end when negative; null where there is none.
fn index(value: &Value, place: i32) -> Value {
    let Value::List(items) = value else { return Value::None };
    let distance = place.unsigned_abs() as usize;
    let place = if place < 0 { items.len().checked_sub(distance) } else { Some(distance) };
    place.and_then(|place| items.get(place)).cloned().unwrap_or(Value::None)
}

/// Returns `list[start:stop:step]`; null of what is no list. Backwards it is the slice of the reversed list.
/// Errors: Python's words for a step of 0.
/// v1: `TreeInterpreter.visit_slice`. Parity: OUT-42, OUT-43.
fn slice(value: &Value, start: Option<i32>, stop: Option<i32>, stride: i32) -> Result<Value> {
    let Value::List(items) = value else { return Ok(Value::None) };
    if stride == 0 {
        bail!("slice step cannot be zero");
    }
    let is_backwards = stride.is_negative();
    let bound = |place: i32| {
        let place = if is_backwards { !place } else { place };
        let distance = place.unsigned_abs() as usize;
        if place < 0 { items.len().saturating_sub(distance) } else { distance }
    };
    let (start, stop) = (start.map_or(0, bound), stop.map_or(items.len(), bound));
    let mut items: Vec<&Value> = items.iter().collect();
    if is_backwards {
        items.reverse();
    }
    let chosen = items.into_iter().take(stop).skip(start).step_by(stride.unsigned_abs() as usize);
    Ok(Value::List(chosen.cloned().collect()))
}

/// Returns the elements of a list, those of its lists in their place; null of what is no list.
fn flatten(value: Value) -> Value {
    let Value::List(items) = value else { return Value::None };
    let flat = items.into_iter().flat_map(|item| match item {
        Value::List(inner) => inner,
        other => vec![other],
    });
    Value::List(flat.collect())
}

/// Evaluates `left == right` and its like. Only numbers and texts have an order; the others give null.
/// v1: `TreeInterpreter.visit_comparator`. Parity: OUT-43.
fn comparison(comparator: &Comparator, left: &Value, right: &Value) -> Result<Value> {
    let (sign, holds): (_, fn(Ordering) -> bool) = match comparator {
        Comparator::Equal => return Ok(Value::Bool(compare::equal_typed(left, right))),
        Comparator::NotEqual => return Ok(Value::Bool(!compare::equal_typed(left, right))),
        Comparator::LessThan => ("<", Ordering::is_lt),
        Comparator::LessThanEqual => ("<=", Ordering::is_le),
        Comparator::GreaterThan => (">", Ordering::is_gt),
        Comparator::GreaterThanEqual => (">=", Ordering::is_ge),
    };
    let has_order = |value: &Value| matches!(value, Value::Int(_) | Value::Float(_) | Value::Str(_));
    if !has_order(left) || !has_order(right) {
        return Ok(Value::None);
    }
    Ok(Value::Bool(compare::order(left, right, sign)?.is_some_and(holds)))
}
