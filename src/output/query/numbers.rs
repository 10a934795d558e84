//! The functions of the query language that give numbers: Python's arithmetic, with integers of any size.

use anyhow::bail;
use num_bigint::BigInt;

use super::values::FunctionResult;
use crate::python::{Value, float, int};

/// Evaluates `abs()`.
pub(super) fn absolute(number: &Value) -> Value {
    match number {
        Value::Int(number) => Value::Int(BigInt::from(number.magnitude().clone())),
        Value::Float(number) => Value::Float(number.abs()),
        other => other.clone(),
    }
}

/// Evaluates `ceil()` and `floor()`: an integer of any size.
pub(super) fn rounded(number: &Value, round: fn(f64) -> f64) -> FunctionResult {
    match number {
        Value::Float(number) if number.is_nan() => bail!("cannot convert float NaN to integer"),
        Value::Float(number) => match float::whole(round(*number)) {
            Some(whole) => Ok(Value::Int(whole)),
            None => bail!("cannot convert float infinity to integer"),
        },
        other => Ok(other.clone()),
    }
}

/// Evaluates `sum()`: an integer until the first float, then floats.
pub(super) fn sum(numbers: &[Value]) -> FunctionResult {
    let mut total = Value::Int(BigInt::ZERO);
    for number in numbers {
        total = match (&total, number) {
            (Value::Int(left), Value::Int(right)) => Value::Int(left + right),
            (left, right) => Value::Float(as_float(left)? + as_float(right)?),
        };
    }
    Ok(total)
}

/// Returns a number as a float.
fn as_float(number: &Value) -> anyhow::Result<f64> {
    let nearest = match number {
        Value::Int(number) => float::nearest(number),
        Value::Float(number) => return Ok(*number),
        _ => return Ok(0.0),
    };
    if nearest.is_infinite() {
        bail!("int too large to convert to float");
    }
    Ok(nearest)
}

/// Evaluates `avg()`: always a float; null of an empty list.
pub(super) fn average(numbers: &[Value]) -> FunctionResult {
    if numbers.is_empty() {
        return Ok(Value::None);
    }
    Ok(Value::Float(as_float(&sum(numbers)?)? / float::nearest(&BigInt::from(numbers.len()))))
}

/// Evaluates `to_number()`: what Python's `int()` reads, else what its `float()` reads, else null.
/// Errors: a date; v1's words name Python's types, ours say what is wrong (D1).
pub(super) fn to_number(value: &Value) -> FunctionResult {
    match value {
        Value::Int(_) | Value::Float(_) => Ok(value.clone()),
        Value::Str(text) => Ok(match int::int(text) {
            Ok(number) => Value::Int(number),
            Err(_) => float::float(text).map_or(Value::None, Value::Float),
        }),
        Value::Datetime(_) | Value::Bytes(_) => {
            bail!("In function to_number(), a date is no number")
        }
        _ => Ok(Value::None),
    }
}
