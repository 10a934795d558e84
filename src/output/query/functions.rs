//! The functions of the query language: one row each in [`FUNCTIONS`]. Mirrors `jmespath/functions.py`.

use std::cmp::Ordering;

use anyhow::{anyhow, bail};
use num_bigint::BigInt;

use super::compare;
use super::evaluate::Evaluation;
use super::numbers::{absolute, average, rounded, sum, to_number};
use crate::output::json;
use crate::python::{Dict, Value, repr};

/// What a function gives, or v1's words for why not.
pub(super) type Given = anyhow::Result<Value>;

/// One function.
struct Function {
    /// Its name.
    name: &'static str,
    /// The types that each argument may have, in v1's words; none = any. `array-number` is a list of numbers.
    takes: &'static [&'static [&'static str]],
    /// True when more arguments may follow.
    variadic: bool,
    /// What it gives.
    gives: fn(Evaluation, &[Value]) -> Given,
}

/// A function of a fixed number of arguments.
const fn function(
    name: &'static str,
    takes: &'static [&'static [&'static str]],
    gives: fn(Evaluation, &[Value]) -> Given,
) -> Function {
    Function { name, takes, variadic: false, gives }
}

/// All functions.
///
/// Parity: OUT-42, OUT-43.
const FUNCTIONS: &[Function] = &[
    function("abs", &[&["number"]], |_, given| Ok(absolute(first(given)))),
    function("avg", &[&["array-number"]], |_, given| average(items(first(given)))),
    function("ceil", &[&["number"]], |_, given| rounded(first(given), f64::ceil)),
    function("contains", &[&["array", "string"], &[]], |_, given| contains(first(given), second(given))),
    function("ends_with", &[&["string"], &["string"]], |_, given| {
        Ok(Value::Bool(word(first(given)).ends_with(word(second(given)))))
    }),
    function("floor", &[&["number"]], |_, given| rounded(first(given), f64::floor)),
    function("join", &[&["string"], &["array-string"]], |_, given| {
        let words: Vec<&str> = items(second(given)).iter().map(word).collect();
        Ok(Value::Str(words.join(word(first(given)))))
    }),
    function("keys", &[&["object"]], |_, given| {
        Ok(Value::List(members(first(given)).map(|(key, _)| key.as_str().into()).collect()))
    }),
    function("length", &[&["string", "array", "object"]], |_, given| Ok(length(first(given)))),
    function("map", &[&["expref"], &["array"]], |evaluation, given| {
        let results = items(second(given)).iter().map(|item| evaluation.expression(first(given), item));
        Ok(Value::List(results.collect::<anyhow::Result<_>>()?))
    }),
    function("max", &[&["array-number", "array-string"]], |_, given| {
        extreme(items(first(given)), ">", |item| Ok(item.clone()))
    }),
    function("max_by", &[&["array"], &["expref"]], |evaluation, given| {
        extreme(items(first(given)), ">", |item| key(evaluation, "max_by", second(given), item))
    }),
    Function { name: "merge", takes: &[&["object"]], variadic: true, gives: |_, given| merge(given) },
    function("min", &[&["array-number", "array-string"]], |_, given| {
        extreme(items(first(given)), "<", |item| Ok(item.clone()))
    }),
    function("min_by", &[&["array"], &["expref"]], |evaluation, given| {
        extreme(items(first(given)), "<", |item| key(evaluation, "min_by", second(given), item))
    }),
    Function { name: "not_null", takes: &[&[]], variadic: true, gives: |_, given| Ok(not_null(given)) },
    function("reverse", &[&["array", "string"]], |_, given| Ok(reverse(first(given)))),
    function("sort", &[&["array-string", "array-number"]], |_, given| {
        let given = items(first(given));
        Ok(ordered(given, &compare::sorted(given)?))
    }),
    function("sort_by", &[&["array"], &["expref"]], sort_by),
    function("starts_with", &[&["string"], &["string"]], |_, given| {
        Ok(Value::Bool(word(first(given)).starts_with(word(second(given)))))
    }),
    function("sum", &[&["array-number"]], |_, given| sum(items(first(given)))),
    function("to_array", &[&[]], |_, given| Ok(to_array(first(given)))),
    function("to_number", &[&[]], |_, given| to_number(first(given))),
    function("to_string", &[&[]], |_, given| Ok(to_string(first(given)))),
    function("type", &[&[]], |_, given| Ok(type_of(first(given)))),
    function("values", &[&["object"]], |_, given| {
        Ok(Value::List(members(first(given)).map(|(_, value)| value.clone()).collect()))
    }),
];

/// What the function `name` gives for `arguments`.
///
/// # Errors
/// v1's words: no such function, too few or too many arguments, an argument of a wrong type.
///
/// v1: `Functions.call_function`. Parity: OUT-42.
pub(super) fn call(evaluation: Evaluation, name: &str, arguments: &[Value]) -> Given {
    let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) else {
        bail!("Unknown function: {name}()");
    };
    let (expected, received) = (function.takes.len(), arguments.len());
    let plural = if expected == 1 { "argument" } else { "arguments" };
    if function.variadic && received < expected {
        bail!("Expected at least {expected} {plural} for function {name}(), received {received}");
    }
    if !function.variadic && received != expected {
        bail!("Expected {expected} {plural} for function {name}(), received {received}");
    }
    for (argument, types) in arguments.iter().zip(function.takes) {
        check(name, argument, types)?;
    }
    (function.gives)(evaluation, arguments)
}

/// v1's name of the type of a value in the query language.
///
/// v1: `TYPES_MAP`.
fn query_type(value: &Value) -> &'static str {
    match value {
        Value::None => "null",
        Value::Bool(_) => "boolean",
        Value::Int(_) | Value::Float(_) => "number",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Dict(_) => "object",
        Value::Expression(_) => "expref",
        Value::Bytes(_) | Value::Datetime(_) => "unknown",
    }
}

/// Checks the type of an argument and, for `array-..` types, of the elements of a list: with one such type each
/// must have it, with several all must have that of the first.
///
/// v1: `Functions._type_check_single`, `_subtype_check`. Parity: OUT-42.
fn check(name: &str, argument: &Value, types: &[&str]) -> anyhow::Result<()> {
    let actual = query_type(argument);
    let top = |wanted: &&str| wanted.split('-').next() == Some(actual);
    if !types.is_empty() && !types.iter().any(top) {
        return Err(mismatch(name, argument, types, actual));
    }
    let wanted: Vec<&str> = types.iter().filter_map(|wanted| wanted.strip_prefix("array-")).collect();
    let elements = items(argument);
    let (Some(head), Some(only)) = (elements.first(), wanted.first()) else { return Ok(()) };
    let wanted = if wanted.len() == 1 { *only } else { query_type(head) };
    let known = types.iter().any(|listed| listed.strip_prefix("array-") == Some(wanted));
    match elements.iter().find(|element| !known || query_type(element) != wanted) {
        Some(element) => Err(mismatch(name, element, types, element.type_name())),
        None => Ok(()),
    }
}

/// An argument has the wrong type.
fn mismatch(name: &str, value: &Value, types: &[&str], actual: &str) -> anyhow::Error {
    let (value, types) = (repr::str(value), types.join("', '"));
    anyhow!(
        "In function {name}(), invalid type for value: {value}, expected one of: ['{types}'], received: \"{actual}\""
    )
}

/// The first argument.
fn first(given: &[Value]) -> &Value {
    given.first().unwrap_or(&Value::None)
}

/// The second argument.
fn second(given: &[Value]) -> &Value {
    given.get(1).unwrap_or(&Value::None)
}

/// The elements of a list; none of anything else.
fn items(value: &Value) -> &[Value] {
    if let Value::List(items) = value { items } else { &[] }
}

/// The members of a mapping; none of anything else.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    if let Value::Dict(dict) = value { Some(&dict.members) } else { None }.into_iter().flatten()
}

/// The text of a string; empty for anything else.
fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The elements in the order of `places`.
fn ordered(elements: &[Value], places: &[usize]) -> Value {
    Value::List(places.iter().filter_map(|place| elements.get(*place)).cloned().collect())
}

/// `contains()`: Python's `in`, to which 1 and true are the same.
///
/// # Errors
/// Only a text can stand in a text; v1's words name Python's `in`, ours say what is wrong (D1).
fn contains(subject: &Value, search: &Value) -> Given {
    match (subject, search) {
        (Value::Str(subject), Value::Str(search)) => Ok(Value::Bool(subject.contains(search.as_str()))),
        (Value::Str(_), other) => {
            bail!("In function contains(), a string cannot contain a value of type \"{}\"", query_type(other))
        }
        (subject, search) => Ok(Value::Bool(items(subject).iter().any(|item| compare::same(item, search)))),
    }
}

/// `length()`: code points of a text, elements of a list, members of a mapping.
fn length(value: &Value) -> Value {
    Value::Int(BigInt::from(match value {
        Value::Str(text) => text.chars().count(),
        Value::Dict(dict) => dict.members.len(),
        other => items(other).len(),
    }))
}

/// The first element whose key no other surpasses; null of an empty list.
///
/// v1: `min()`, `max()`.
fn extreme(elements: &[Value], sign: &str, key: impl Fn(&Value) -> Given) -> Given {
    let wanted = if sign == "<" { Ordering::Less } else { Ordering::Greater };
    let mut best: Option<(&Value, Value)> = None;
    for element in elements {
        let key = key(element)?;
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

/// What the expression of `min_by` or `max_by` makes of an element: a number or a text.
fn key(evaluation: Evaluation, name: &str, expression: &Value, element: &Value) -> Given {
    typed_key(evaluation, name, expression, element, &["number", "string"])
}

/// What the expression of a `.._by` function makes of an element, where it has one of the `types`.
///
/// v1: `Functions._create_key_func`.
fn typed_key(
    evaluation: Evaluation,
    name: &str,
    expression: &Value,
    element: &Value,
    types: &[&str],
) -> Given {
    let key = evaluation.expression(expression, element)?;
    let actual = query_type(&key);
    if types.contains(&actual) { Ok(key) } else { Err(mismatch(name, &key, types, actual)) }
}

/// `sort_by()`: all keys have the type of the first.
fn sort_by(evaluation: Evaluation, given: &[Value]) -> Given {
    let (elements, expression) = (items(first(given)), second(given));
    let Some(head) = elements.first() else { return Ok(Value::List(Vec::new())) };
    let wanted = query_type(&evaluation.expression(expression, head)?);
    if !["number", "string"].contains(&wanted) {
        return Err(mismatch("sort_by", head, &["string", "number"], wanted));
    }
    let keys =
        elements.iter().map(|element| typed_key(evaluation, "sort_by", expression, element, &[wanted]));
    Ok(ordered(elements, &compare::sorted(&keys.collect::<anyhow::Result<Vec<_>>>()?)?))
}

/// `merge()`: the members of all mappings; a later value takes the place of an earlier one. Only the first
/// argument has to be a mapping: Python's `dict.update` takes pairs as well.
///
/// # Errors
/// An argument that is neither; v1's words name Python's iteration, ours say what is wrong (D1).
fn merge(given: &[Value]) -> Given {
    let mut merged = Dict::default();
    for argument in given {
        match argument {
            Value::Dict(dict) => merged.members.extend(dict.members.clone()),
            other => {
                for (key, value) in pairs(other)? {
                    merged.insert(key, value);
                }
            }
        }
    }
    Ok(Value::Dict(merged))
}

/// A list of pairs as members.
fn pairs(value: &Value) -> anyhow::Result<Vec<(String, Value)>> {
    let refused = || anyhow!("In function merge(), an argument is no object: {}", repr::str(value));
    let elements = match value {
        Value::List(items) => items.as_slice(),
        Value::Str(text) if text.is_empty() => &[],
        _ => return Err(refused()),
    };
    let pair = |element: &Value| match element {
        Value::List(pair) => match pair.as_slice() {
            [Value::Str(key), value] => Some((key.clone(), value.clone())),
            _ => None,
        },
        Value::Str(pair) => {
            let mut characters = pair.chars();
            let both = (characters.next()?, characters.next()?);
            characters.next().is_none().then(|| (both.0.to_string(), Value::Str(both.1.to_string())))
        }
        _ => None,
    };
    elements.iter().map(|element| pair(element).ok_or_else(refused)).collect()
}

/// `not_null()`: the first argument that is not null.
fn not_null(given: &[Value]) -> Value {
    given.iter().find(|value| !matches!(value, Value::None)).cloned().unwrap_or(Value::None)
}

/// `reverse()`.
fn reverse(value: &Value) -> Value {
    match value {
        Value::Str(text) => Value::Str(text.chars().rev().collect()),
        other => Value::List(items(other).iter().rev().cloned().collect()),
    }
}

/// `to_array()`.
fn to_array(value: &Value) -> Value {
    match value {
        Value::List(_) => value.clone(),
        other => Value::List(vec![other.clone()]),
    }
}

/// `to_string()`: a text as it is, all else as compact JSON in ASCII.
fn to_string(value: &Value) -> Value {
    match value {
        Value::Str(_) => value.clone(),
        other => Value::Str(json::compact(other)),
    }
}

/// `type()`; null of what is no JSON.
fn type_of(value: &Value) -> Value {
    match query_type(value) {
        "expref" | "unknown" => Value::None,
        name => name.into(),
    }
}
