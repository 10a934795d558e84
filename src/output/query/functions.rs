//! The functions of the query language. Mirrors `jmespath/functions.py`.

use std::cmp::Ordering;

use anyhow::{Result, anyhow, bail};
use indexmap::IndexMap;
use num_bigint::BigInt;

use super::compare;
use crate::python::dumps::{self, Style};
use crate::python::{Dict, Value, float, int, repr};

/// Evaluates the `&expression` among the arguments over a value; where there is none, returns the value.
type Apply<'a> = &'a dyn Fn(&Value) -> Result<Value>;

/// The functions and the types that each argument may have, in v1's words; none = any value. `array-number` is a list of
/// numbers.
/// Parity: OUT-42, OUT-43.
const SIGNATURES: &[(&str, &[&[&str]])] = &[
    ("abs", &[&["number"]]),
    ("avg", &[&["array-number"]]),
    ("ceil", &[&["number"]]),
    ("contains", &[&["array", "string"], &[]]),
    ("ends_with", &[&["string"], &["string"]]),
    ("floor", &[&["number"]]),
    ("join", &[&["string"], &["array-string"]]),
    ("keys", &[&["object"]]),
    ("length", &[&["string", "array", "object"]]),
    ("map", &[&["expref"], &["array"]]),
    ("max", &[&["array-number", "array-string"]]),
    ("max_by", &[&["array"], &["expref"]]),
    ("merge", &[&["object"]]),
    ("min", &[&["array-number", "array-string"]]),
    ("min_by", &[&["array"], &["expref"]]),
    ("not_null", &[&[]]),
    ("reverse", &[&["array", "string"]]),
    ("sort", &[&["array-string", "array-number"]]),
    ("sort_by", &[&["array"], &["expref"]]),
    ("starts_with", &[&["string"], &["string"]]),
    ("sum", &[&["array-number"]]),
    ("to_array", &[&[]]),
    ("to_number", &[&[]]),
    ("to_string", &[&[]]),
    ("type", &[&["null", "boolean", "number", "string", "array", "object", "unknown", "expref"]]),
    ("values", &[&["object"]]),
];

/// The functions that take more arguments than they list.
const VARIADIC: [&str; 2] = ["merge", "not_null"];

/// Returns what the function `name` gives for `arguments`, of which an expression is `None`.
/// Errors: v1's words: no such function, too few or too many arguments, an argument of a wrong type.
/// v1: `Functions.call_function`. Parity: OUT-42.
pub(super) fn call(name: &str, arguments: Vec<Option<Value>>, apply: Apply) -> Result<Value> {
    let Some((_, takes)) = SIGNATURES.iter().find(|(known, _)| *known == name) else {
        bail!("Unknown function: {name}()");
    };
    let (expected, received) = (takes.len(), arguments.len());
    let plural = if expected == 1 { "argument" } else { "arguments" };
    let is_variadic = VARIADIC.contains(&name);
    if is_variadic && received < expected {
        bail!("Expected at least {expected} {plural} for function {name}(), received {received}");
    }
    if !is_variadic && received != expected {
        bail!("Expected {expected} {plural} for function {name}(), received {received}");
    }
    for (argument, types) in arguments.iter().zip(*takes) {
        check(name, argument.as_ref(), types)?;
    }
    if name == "type" && arguments.contains(&None) {
        return Ok(Value::None);
    }
    let values: Vec<Value> = arguments.into_iter().map(|value| value.unwrap_or(Value::None)).collect();
    evaluate(name, &values, apply)
}

/// Checks the type of an argument and, for `array-..` types, of the elements of a list: each must have one of them, and
/// all that of the first.
/// v1: `Functions._type_check_single`, `_subtype_check`. Parity: OUT-42.
fn check(name: &str, argument: Option<&Value>, types: &[&str]) -> Result<()> {
    let actual = argument.map_or("expref", query_type);
    if types.is_empty() && actual == "expref" {
        bail!("In function {name}(), an expression is no value");
    }
    if !types.is_empty() && !types.iter().any(|wanted| wanted.split('-').next() == Some(actual)) {
        let shown = argument.map_or("an expression".to_owned(), repr::str);
        return Err(mismatch(name, &shown, types, actual));
    }
    let wanted: Vec<&str> = types.iter().filter_map(|wanted| wanted.strip_prefix("array-")).collect();
    let Some(Value::List(elements)) = argument.filter(|_| !wanted.is_empty()) else { return Ok(()) };
    let first = elements.first().map(query_type);
    let fits = |element: &Value| wanted.contains(&query_type(element)) && Some(query_type(element)) == first;
    match elements.iter().find(|element| !fits(element)) {
        Some(element) => Err(mismatch(name, &repr::str(element), types, element.type_name())),
        None => Ok(()),
    }
}

/// Returns v1's name of the type of a value in the query language.
/// v1: `TYPES_MAP`.
fn query_type(value: &Value) -> &'static str {
    match value {
        Value::None => "null",
        Value::Bool(_) => "boolean",
        Value::Int(_) | Value::Float(_) => "number",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Dict(_) => "object",
        Value::Bytes(_) => "unknown",
    }
}

/// Returns the error for a value of a wrong type.
fn mismatch(name: &str, shown: &str, types: &[&str], actual: &str) -> anyhow::Error {
    let types = types.join("', '");
    anyhow!(
        "In function {name}(), invalid type for value: {shown}, expected one of: ['{types}'], received: \"{actual}\""
    )
}

/// Evaluates a function over values of the right types.
fn evaluate(name: &str, values: &[Value], apply: Apply) -> Result<Value> {
    Ok(match (name, values) {
        ("abs", [Value::Int(number)]) => Value::Int(number.magnitude().clone().into()),
        ("abs", [Value::Float(number)]) => Value::Float(number.abs()),
        ("ceil", [Value::Float(number)]) => Value::Int(int::of(&Value::Float(number.ceil()))?),
        ("floor", [Value::Float(number)]) => Value::Int(int::of(&Value::Float(number.floor()))?),
        ("starts_with", [Value::Str(text), Value::Str(start)]) => Value::Bool(text.starts_with(start)),
        ("ends_with", [Value::Str(text), Value::Str(end)]) => Value::Bool(text.ends_with(end)),
        ("not_null", values) => {
            values.iter().find(|value| **value != Value::None).cloned().unwrap_or(Value::None)
        }
        ("to_array", [value]) if !matches!(value, Value::List(_)) => Value::List(vec![value.clone()]),
        ("to_number", [Value::Str(text)]) => match int::int(text) {
            Ok(number) => Value::Int(number),
            Err(_) => float::float(text).map_or(Value::None, Value::Float),
        },
        ("to_number", [value]) if query_type(value) != "number" => Value::None,
        ("to_string", [value]) if !matches!(value, Value::Str(_)) => {
            Value::Str(dumps::dumps(value, Style::COMPACT))
        }
        ("ceil" | "floor" | "to_array" | "to_number" | "to_string", [value]) => value.clone(),
        ("type", [value]) => query_type(value).into(),
        _ => of_collection(name, values, apply)?,
    })
}

/// Evaluates a function over a list or a mapping; some take a text as well.
fn of_collection(name: &str, values: &[Value], apply: Apply) -> Result<Value> {
    Ok(match (name, values) {
        ("avg", [Value::List(numbers)]) if !numbers.is_empty() => {
            Value::Float(as_float(&sum(numbers)) / as_float(&count(numbers.len())))
        }
        ("contains", [Value::Str(text), Value::Str(part)]) => Value::Bool(text.contains(part)),
        ("contains", [Value::Str(_), other]) => {
            let actual = query_type(other); // v1's words name Python's `in`, ours say what is wrong (D1)
            bail!("In function contains(), a string cannot contain a value of type \"{actual}\"")
        }
        ("contains", [Value::List(items), search]) => {
            Value::Bool(items.iter().any(|item| compare::same(item, search)))
        }
        ("join", [Value::Str(glue), Value::List(words)]) => {
            Value::Str(words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(glue))
        }
        ("keys", [Value::Dict(dict)]) => Value::List(dict.members.keys().cloned().map(Value::Str).collect()),
        ("values", [Value::Dict(dict)]) => Value::List(dict.members.values().cloned().collect()),
        ("length", [Value::Str(text)]) => count(text.chars().count()),
        ("length", [Value::List(items)]) => count(items.len()),
        ("length", [Value::Dict(dict)]) => count(dict.members.len()),
        ("map", [_, Value::List(items)]) => Value::List(items.iter().map(apply).collect::<Result<_>>()?),
        ("max" | "max_by", [Value::List(items), ..]) => min_or_max(name, items, ">", apply)?,
        ("min" | "min_by", [Value::List(items), ..]) => min_or_max(name, items, "<", apply)?,
        ("merge", values) => merge(values)?,
        ("reverse", [Value::Str(text)]) => Value::Str(text.chars().rev().collect()),
        ("reverse", [Value::List(items)]) => Value::List(items.iter().rev().cloned().collect()),
        ("sort" | "sort_by", [Value::List(items), ..]) => sort(name, items, apply)?,
        ("sum", [Value::List(numbers)]) => sum(numbers),
        _ => Value::None,
    })
}

fn count(number: usize) -> Value {
    Value::Int(BigInt::from(number))
}

/// Returns the sum: an integer until the first float, then floats.
fn sum(numbers: &[Value]) -> Value {
    numbers.iter().fold(count(0), |total, number| match (&total, number) {
        (Value::Int(left), Value::Int(right)) => Value::Int(left + right),
        (left, right) => Value::Float(as_float(left) + as_float(right)),
    })
}

fn as_float(number: &Value) -> f64 {
    match number {
        Value::Float(number) => *number,
        Value::Int(number) => float::nearest(number),
        _ => 0.0,
    }
}

/// Returns the key of an element, where it has one of the `types`.
/// v1: `Functions._create_key_func`.
fn key(name: &str, element: &Value, types: &[&str], apply: Apply) -> Result<Value> {
    let key = apply(element)?;
    let actual = query_type(&key);
    if types.contains(&actual) { Ok(key) } else { Err(mismatch(name, &repr::str(&key), types, actual)) }
}

/// Returns the first element whose key no other surpasses; null of an empty list.
/// v1: `min()`, `max()`.
fn min_or_max(name: &str, elements: &[Value], sign: &str, apply: Apply) -> Result<Value> {
    let wanted = if sign == "<" { Ordering::Less } else { Ordering::Greater };
    let mut best: Option<(&Value, Value)> = None;
    for element in elements {
        let key = key(name, element, &["number", "string"], apply)?;
        let wins = match &best {
            None => true,
            Some((_, best)) => compare::order(&key, best, sign)? == Some(wanted),
        };
        if wins {
            best = Some((element, key));
        }
    }
    Ok(best.map_or(Value::None, |(element, _)| element.clone()))
}

/// Returns the elements in the order of their keys, all of which have the type of the first.
fn sort(name: &str, elements: &[Value], apply: Apply) -> Result<Value> {
    let Some(head) = elements.first() else { return Ok(Value::List(Vec::new())) };
    let wanted = query_type(&apply(head)?);
    if !["number", "string"].contains(&wanted) {
        return Err(mismatch(name, &repr::str(head), &["string", "number"], wanted));
    }
    let keyed = |element| Ok((key(name, element, &[wanted], apply)?, element));
    let mut elements = elements.iter().map(keyed).collect::<Result<Vec<_>>>()?;
    elements.sort_by(|(left, _), (right, _)| compare::rank(left, right));
    Ok(Value::List(elements.into_iter().map(|(_, element)| element.clone()).collect()))
}

/// Returns the members of all mappings; a later value replaces an earlier one. Only the first argument has to be a
/// mapping: Python's `dict.update` takes pairs as well.
/// Errors: an argument that is neither; v1's words name Python's iteration, ours say what is wrong (D1).
fn merge(values: &[Value]) -> Result<Value> {
    let mut merged = Dict::default();
    for value in values {
        let members = match value {
            Value::Dict(dict) => Some(dict.members.clone()),
            Value::List(pairs) => pairs.iter().map(pair).collect(),
            Value::Str(text) if text.is_empty() => Some(IndexMap::new()),
            _ => None,
        };
        let refused = || anyhow!("In function merge(), an argument is no object: {}", repr::str(value));
        merged.members.extend(members.ok_or_else(refused)?);
    }
    Ok(Value::Dict(merged))
}

/// Returns a list of a name and a value, or a text of two characters, as a member; `None` of all else.
fn pair(pair: &Value) -> Option<(String, Value)> {
    match pair {
        Value::List(pair) => match pair.as_slice() {
            [Value::Str(key), value] => Some((key.clone(), value.clone())),
            _ => None,
        },
        Value::Str(pair) => match pair.chars().collect::<Vec<_>>()[..] {
            [key, value] => Some((key.into(), Value::Str(value.into()))),
            _ => None,
        },
        _ => None,
    }
}
