//! The functions of the query language: one row each in [`FUNCTIONS`]. Mirrors `jmespath/functions.py`.

use std::cmp::Ordering;

use anyhow::{anyhow, bail};
use jmespath::ast::Ast;
use num_bigint::BigInt;

use super::compare;
use super::numbers::{absolute, average, rounded, sum, to_number};
use super::values::{
    Apply, Argument, FunctionResult, expression, first, items, members, query_type, second, word,
};
use crate::python::dumps::{self, Style};
use crate::python::{Dict, Value, repr};

/// One function.
struct Function {
    /// Its name.
    name: &'static str,
    /// The types that each argument may have, in v1's words; none = any value. `array-number` is a list of numbers.
    takes: &'static [&'static [&'static str]],
    /// True when more arguments may follow.
    variadic: bool,
    /// Evaluates it.
    evaluate: fn(Apply, &[Argument]) -> FunctionResult,
}

/// Returns the row of a function of a fixed number of arguments.
const fn function(
    name: &'static str,
    takes: &'static [&'static [&'static str]],
    evaluate: fn(Apply, &[Argument]) -> FunctionResult,
) -> Function {
    Function { name, takes, variadic: false, evaluate }
}

/// All functions.
/// Parity: OUT-42, OUT-43.
const FUNCTIONS: &[Function] = &[
    function("abs", &[&["number"]], |_, arguments| Ok(absolute(first(arguments)))),
    function("avg", &[&["array-number"]], |_, arguments| average(items(first(arguments)))),
    function("ceil", &[&["number"]], |_, arguments| rounded(first(arguments), f64::ceil)),
    function("contains", &[&["array", "string"], &[]], |_, arguments| {
        contains(first(arguments), second(arguments))
    }),
    function("ends_with", &[&["string"], &["string"]], |_, arguments| {
        Ok(Value::Bool(word(first(arguments)).ends_with(word(second(arguments)))))
    }),
    function("floor", &[&["number"]], |_, arguments| rounded(first(arguments), f64::floor)),
    function("join", &[&["string"], &["array-string"]], |_, arguments| {
        let words: Vec<&str> = items(second(arguments)).iter().map(word).collect();
        Ok(Value::Str(words.join(word(first(arguments)))))
    }),
    function("keys", &[&["object"]], |_, arguments| {
        Ok(Value::List(members(first(arguments)).map(|(key, _)| key.as_str().into()).collect()))
    }),
    function("length", &[&["string", "array", "object"]], |_, arguments| Ok(length(first(arguments)))),
    function("map", &[&["expref"], &["array"]], |apply, arguments| {
        let tree = expression(arguments)?;
        let results = items(second(arguments)).iter().map(|item| apply(tree, item));
        Ok(Value::List(results.collect::<anyhow::Result<_>>()?))
    }),
    function("max", &[&["array-number", "array-string"]], |_, arguments| {
        min_or_max(items(first(arguments)), ">", |item| Ok(item.clone()))
    }),
    function("max_by", &[&["array"], &["expref"]], |apply, arguments| {
        min_or_max(items(first(arguments)), ">", |item| key(apply, "max_by", expression(arguments)?, item))
    }),
    Function {
        name: "merge",
        takes: &[&["object"]],
        variadic: true,
        evaluate: |_, arguments| merge(arguments),
    },
    function("min", &[&["array-number", "array-string"]], |_, arguments| {
        min_or_max(items(first(arguments)), "<", |item| Ok(item.clone()))
    }),
    function("min_by", &[&["array"], &["expref"]], |apply, arguments| {
        min_or_max(items(first(arguments)), "<", |item| key(apply, "min_by", expression(arguments)?, item))
    }),
    Function {
        name: "not_null",
        takes: &[&[]],
        variadic: true,
        evaluate: |_, arguments| Ok(not_null(arguments)),
    },
    function("reverse", &[&["array", "string"]], |_, arguments| Ok(reverse(first(arguments)))),
    function("sort", &[&["array-string", "array-number"]], |_, arguments| {
        let elements = items(first(arguments));
        Ok(ordered(elements, &compare::sorted(elements)))
    }),
    function("sort_by", &[&["array"], &["expref"]], sort_by),
    function("starts_with", &[&["string"], &["string"]], |_, arguments| {
        Ok(Value::Bool(word(first(arguments)).starts_with(word(second(arguments)))))
    }),
    function("sum", &[&["array-number"]], |_, arguments| sum(items(first(arguments)))),
    function("to_array", &[&[]], |_, arguments| Ok(to_array(first(arguments)))),
    function("to_number", &[&[]], |_, arguments| to_number(first(arguments))),
    function("to_string", &[&[]], |_, arguments| Ok(to_string(first(arguments)))),
    function(
        "type",
        &[&["null", "boolean", "number", "string", "array", "object", "unknown", "expref"]],
        |_, arguments| Ok(type_of(arguments)),
    ),
    function("values", &[&["object"]], |_, arguments| {
        Ok(Value::List(members(first(arguments)).map(|(_, value)| value.clone()).collect()))
    }),
];

/// Returns what the function `name` gives for `arguments`.
/// Errors: v1's words: no such function, too few or too many arguments, an argument of a wrong type.
/// v1: `Functions.call_function`. Parity: OUT-42.
pub(super) fn call(apply: Apply, name: &str, arguments: &[Argument]) -> FunctionResult {
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
    (function.evaluate)(apply, arguments)
}

/// Checks the type of an argument and, for `array-..` types, of the elements of a list: with one such type each
/// must have it, with several all must have that of the first.
/// v1: `Functions._type_check_single`, `_subtype_check`. Parity: OUT-42.
fn check(name: &str, argument: &Argument, types: &[&str]) -> anyhow::Result<()> {
    let actual = argument.query_type();
    if types.is_empty() && actual == "expref" {
        bail!("In function {name}(), an expression is no value");
    }
    let top = |wanted: &&str| wanted.split('-').next() == Some(actual);
    if !types.is_empty() && !types.iter().any(top) {
        return Err(match argument {
            Argument::Value(value) => mismatch(name, &repr::str(value), types, actual),
            Argument::Expression(_) => mismatch(name, "an expression", types, actual),
        });
    }
    let wanted: Vec<&str> = types.iter().filter_map(|wanted| wanted.strip_prefix("array-")).collect();
    let elements = items(argument.value());
    let (Some(head), Some(only)) = (elements.first(), wanted.first()) else { return Ok(()) };
    let wanted = if wanted.len() == 1 { *only } else { query_type(head) };
    let known = types.iter().any(|listed| listed.strip_prefix("array-") == Some(wanted));
    match elements.iter().find(|element| !known || query_type(element) != wanted) {
        Some(element) => Err(mismatch(name, &repr::str(element), types, element.type_name())),
        None => Ok(()),
    }
}

/// Returns the error for a value of a wrong type.
fn mismatch(name: &str, shown: &str, types: &[&str], actual: &str) -> anyhow::Error {
    let types = types.join("', '");
    anyhow!(
        "In function {name}(), invalid type for value: {shown}, expected one of: ['{types}'], received: \"{actual}\""
    )
}

/// Returns the elements in the order of `places`.
fn ordered(elements: &[Value], places: &[usize]) -> Value {
    Value::List(places.iter().filter_map(|place| elements.get(*place)).cloned().collect())
}

/// Evaluates `contains()`: Python's `in`, to which 1 and true are the same.
/// Errors: only a text can stand in a text; v1's words name Python's `in`, ours say what is wrong (D1).
fn contains(subject: &Value, search: &Value) -> FunctionResult {
    match (subject, search) {
        (Value::Str(subject), Value::Str(search)) => Ok(Value::Bool(subject.contains(search.as_str()))),
        (Value::Str(_), other) => {
            bail!("In function contains(), a string cannot contain a value of type \"{}\"", query_type(other))
        }
        (subject, search) => Ok(Value::Bool(items(subject).iter().any(|item| compare::same(item, search)))),
    }
}

/// Evaluates `length()`: code points of a text, elements of a list, members of a mapping.
fn length(value: &Value) -> Value {
    Value::Int(BigInt::from(match value {
        Value::Str(text) => text.chars().count(),
        Value::Dict(dict) => dict.members.len(),
        other => items(other).len(),
    }))
}

/// Returns the first element whose key no other surpasses; null of an empty list.
/// v1: `min()`, `max()`.
fn min_or_max(elements: &[Value], sign: &str, key: impl Fn(&Value) -> FunctionResult) -> FunctionResult {
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

/// Returns the key of an element in `min_by` or `max_by`: a number or a text.
fn key(apply: Apply, name: &str, tree: &Ast, element: &Value) -> FunctionResult {
    typed_key(apply, name, tree, element, &["number", "string"])
}

/// Returns the key of an element in a `.._by` function, where it has one of the `types`.
/// v1: `Functions._create_key_func`.
fn typed_key(apply: Apply, name: &str, tree: &Ast, element: &Value, types: &[&str]) -> FunctionResult {
    let key = apply(tree, element)?;
    let actual = query_type(&key);
    if types.contains(&actual) { Ok(key) } else { Err(mismatch(name, &repr::str(&key), types, actual)) }
}

/// Evaluates `sort_by()`: all keys have the type of the first.
fn sort_by(apply: Apply, arguments: &[Argument]) -> FunctionResult {
    let (elements, tree) = (items(first(arguments)), expression(arguments)?);
    let Some(head) = elements.first() else { return Ok(Value::List(Vec::new())) };
    let wanted = query_type(&apply(tree, head)?);
    if !["number", "string"].contains(&wanted) {
        return Err(mismatch("sort_by", &repr::str(head), &["string", "number"], wanted));
    }
    let keys = elements.iter().map(|element| typed_key(apply, "sort_by", tree, element, &[wanted]));
    Ok(ordered(elements, &compare::sorted(&keys.collect::<anyhow::Result<Vec<_>>>()?)))
}

/// Evaluates `merge()`: the members of all mappings; a later value replaces an earlier one. Only the first
/// argument has to be a mapping: Python's `dict.update` takes pairs as well.
/// Errors: an argument that is neither; v1's words name Python's iteration, ours say what is wrong (D1).
fn merge(arguments: &[Argument]) -> FunctionResult {
    let mut merged = Dict::default();
    for argument in arguments {
        match argument.value() {
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

/// Returns a list of pairs as members.
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

/// Evaluates `not_null()`: the first argument that is not null.
fn not_null(arguments: &[Argument]) -> Value {
    let mut values = arguments.iter().map(Argument::value);
    values.find(|value| !matches!(value, Value::None)).cloned().unwrap_or(Value::None)
}

/// Evaluates `reverse()`.
fn reverse(value: &Value) -> Value {
    match value {
        Value::Str(text) => Value::Str(text.chars().rev().collect()),
        other => Value::List(items(other).iter().rev().cloned().collect()),
    }
}

/// Evaluates `to_array()`.
fn to_array(value: &Value) -> Value {
    match value {
        Value::List(_) => value.clone(),
        other => Value::List(vec![other.clone()]),
    }
}

/// Evaluates `to_string()`: a text as it is, all else as compact JSON in ASCII.
fn to_string(value: &Value) -> Value {
    match value {
        Value::Str(_) => value.clone(),
        other => Value::Str(dumps::dumps(other, Style::COMPACT)),
    }
}

/// Evaluates `type()`; null of what is no JSON.
fn type_of(arguments: &[Argument]) -> Value {
    match arguments.first().map_or("unknown", Argument::query_type) {
        "expref" | "unknown" => Value::None,
        name => name.into(),
    }
}
