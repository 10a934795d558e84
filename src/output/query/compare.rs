//! Python's `==`, `<` and `sorted()` over [`Value`]s.

use std::cmp::Ordering;

use anyhow::bail;
use num_bigint::BigInt;

use crate::python::{Value, int, text};

/// Returns `left == right` of the query language: as Python has it, but 0 and 1 are not false and true.
/// v1: `visitor._equals`. Parity: OUT-43.
pub(super) fn equal_typed(left: &Value, right: &Value) -> bool {
    matches!(left, Value::Bool(_)) == matches!(right, Value::Bool(_)) && equal(left, right)
}

/// Returns `left == right` of Python: 1, 1.0 and True are the same, mappings are equal in any order.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Dict(left), Value::Dict(right)) => {
            let has = |(key, value): (&String, _)| right.get(key).is_some_and(|other| same(value, other));
            left.members.len() == right.members.len() && left.members.iter().all(has)
        }
        _ => match (exact(left), exact(right)) {
            (Some(left), Some(right)) => left == right,
            _ => left == right,
        },
    }
}

/// Returns whether two elements of lists are equal, or the same object: Python's JSON has one NaN only, so `[NaN]` is
/// equal to `[NaN]`, while `NaN` is not equal to itself.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    (is_nan(left) && is_nan(right)) || equal(left, right)
}

fn is_nan(value: &Value) -> bool {
    matches!(value, Value::Float(number) if number.is_nan())
}

/// Compares two numbers or two texts; `None` beside NaN.
/// Errors: a number has no order to a text. v1's words name Python's types, ours say what is wrong (D1).
pub(super) fn order(left: &Value, right: &Value, sign: &str) -> anyhow::Result<Option<Ordering>> {
    if let (Value::Str(left), Value::Str(right)) = (left, right) {
        return Ok(Some(text::compare(left, right)));
    }
    match (exact(left), exact(right)) {
        (Some(left), Some(right)) => Ok(left.partial_cmp(&right)),
        _ => bail!("a number and a string cannot be compared by '{sign}' in --query"),
    }
}

/// Returns a number as what is compared without rounding: an infinity or NaN, the whole part, the fraction. `None` of
/// all else; booleans are 0 and 1.
fn exact(value: &Value) -> Option<(f64, BigInt, f64)> {
    let fraction = match value {
        Value::Float(number) if !number.is_finite() => return Some((*number, BigInt::ZERO, 0.0)),
        Value::Float(number) => number.fract(),
        Value::Int(_) | Value::Bool(_) => 0.0,
        _ => return None,
    };
    Some((0.0, int::of(value).ok()?, fraction))
}

/// Compares the keys of two elements of a list that is sorted, NaN last. Both are numbers, or texts.
/// v1: `sorted()`. Parity: OUT-43.
pub(super) fn rank(left: &Value, right: &Value) -> Ordering {
    order(left, right, "<").ok().flatten().unwrap_or_else(|| is_nan(left).cmp(&is_nan(right)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_is_that_of_python() {
        let value = |text: &str| crate::python::json::decode(text).unwrap();
        for (left, right, expected) in [
            ("[1]", "[1, 2]", false),
            ("[1, 2]", "[1]", false),
            ("[1, 2]", "[1.0, true]", false),
            ("[1, 2]", "[1.0, 2]", true),
            ("[NaN]", "[NaN]", true),
            ("[NaN]", "[1]", false),
            ("NaN", "NaN", false),
            (r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#, false),
            (r#"{"a": 1, "b": 2}"#, r#"{"a": 1}"#, false),
            (r#"{"a": 1, "b": 2}"#, r#"{"b": 2, "a": 1}"#, true),
            (r#"{"a": 1}"#, r#"{"a": 2}"#, false),
        ] {
            assert_eq!(equal(&value(left), &value(right)), expected, "{left} {right}");
        }
    }
}
