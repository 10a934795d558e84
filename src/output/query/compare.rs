//! Python's `==`, `<` and `sorted()` over [`Value`]s.

use std::cmp::Ordering;

use anyhow::bail;
use num_bigint::BigInt;

use crate::python::{Value, float, text};

/// Returns `left == right` of the query language: as Python has it, but 0 and 1 are not false and true.
/// v1: `visitor._equals`. Parity: OUT-43.
pub(super) fn equal_typed(left: &Value, right: &Value) -> bool {
    !mixes_bit_and_bool(left, right) && !mixes_bit_and_bool(right, left) && equal(left, right)
}

/// Returns true when one is 0 or 1 and the other a boolean.
fn mixes_bit_and_bool(number: &Value, other: &Value) -> bool {
    let is_number = matches!(number, Value::Int(_) | Value::Float(_));
    let is_bit = || [0, 1].into_iter().any(|bit| equal(number, &Value::Int(BigInt::from(bit))));
    matches!(other, Value::Bool(_)) && is_number && is_bit()
}

/// Returns `left == right` of Python: 1, 1.0 and True are the same, mappings are equal in any order.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Dict(left), Value::Dict(right)) => {
            left.members.len() == right.members.len()
                && left
                    .members
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        _ => match number_order(left, right) {
            Ok(order) => order == Some(Ordering::Equal),
            Err(NoNumber) => left == right,
        },
    }
}

/// Returns whether two elements of lists are equal, or the same object: Python's JSON has one NaN only, so `[NaN]` is
/// equal to `[NaN]`, while `NaN` is not equal to itself.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    let is_nan = |value: &Value| matches!(value, Value::Float(number) if number.is_nan());
    (is_nan(left) && is_nan(right)) || equal(left, right)
}

/// Compares two numbers or two texts; `None` beside NaN.
/// Errors: a number has no order to a text. v1's words name Python's types, ours say what is wrong (D1).
pub(super) fn order(left: &Value, right: &Value, sign: &str) -> anyhow::Result<Option<Ordering>> {
    if let (Value::Str(left), Value::Str(right)) = (left, right) {
        return Ok(Some(text::compare(left, right)));
    }
    match number_order(left, right) {
        Ok(order) => Ok(order),
        Err(NoNumber) => bail!("a number and a string cannot be compared by '{sign}' in --query"),
    }
}

/// One of two values is no number.
struct NoNumber;

/// Compares two numbers, booleans being 0 and 1; `None` beside NaN.
fn number_order(left: &Value, right: &Value) -> Result<Option<Ordering>, NoNumber> {
    let whole = |value: &Value| match value {
        Value::Int(number) => Ok(number.clone()),
        Value::Bool(flag) => Ok(BigInt::from(*flag)),
        _ => Err(NoNumber),
    };
    Ok(match (left, right) {
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
        (Value::Float(left), right) => whole_order(&whole(right)?, *left).map(Ordering::reverse),
        (left, Value::Float(right)) => whole_order(&whole(left)?, *right),
        (left, right) => Some(whole(left)?.cmp(&whole(right)?)),
    })
}

/// Compares an integer with a float, without rounding either; `None` beside NaN.
fn whole_order(left: &BigInt, right: f64) -> Option<Ordering> {
    if right.is_nan() {
        return None;
    }
    match float::whole(right.floor()) {
        Some(floor) if left == &floor && right.fract() != 0.0 => Some(Ordering::Less),
        Some(floor) => Some(left.cmp(&floor)),
        None => Some(if right > 0.0 { Ordering::Less } else { Ordering::Greater }),
    }
}

/// Returns the places of `keys` in rising order, NaN last; equal ones keep their order. All are numbers, or texts.
/// v1: `sorted()`. Parity: OUT-43.
pub(super) fn sorted(keys: &[Value]) -> Vec<usize> {
    let is_nan = |value: &Value| matches!(value, Value::Float(number) if number.is_nan());
    let mut places: Vec<(usize, &Value)> = keys.iter().enumerate().collect();
    places.sort_by(|(_, left), (_, right)| {
        let order = order(left, right, "<").ok().flatten();
        order.unwrap_or_else(|| is_nan(left).cmp(&is_nan(right)))
    });
    places.into_iter().map(|(place, _)| place).collect()
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
