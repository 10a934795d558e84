//! How Python spells a value: `repr(x)` and `str(x)`.

use super::characters::is_printable;
use super::{Value, float, text};

/// Returns `str(value)`: a string as it is, all else as [`repr`] spells it.
/// v1: `str()`. Parity: VAL-47.
pub(crate) fn str(value: &Value) -> String {
    match value {
        Value::Str(text) => text.clone(),
        other => repr(other),
    }
}

/// Returns `repr(value)`: the way messages show a value inside a list or a mapping.
/// v1: `repr()`. Parity: VAL-47, VAL-48.
pub(crate) fn repr(value: &Value) -> String {
    match value {
        Value::None => "None".to_owned(),
        Value::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => float::repr(*number),
        Value::Str(text) => string(text),
        Value::Bytes(bytes) => self::bytes(bytes),
        Value::List(items) => format!("[{}]", joined(items.iter().map(repr))),
        Value::Dict(dict) if dict.ordered && dict.members.is_empty() => "OrderedDict()".to_owned(),
        Value::Dict(dict) => {
            let members = dict.members.iter().map(|(key, value)| (string(key), repr(value)));
            if dict.ordered {
                format!("OrderedDict([{}])", joined(members.map(|(key, value)| format!("({key}, {value})"))))
            } else {
                format!("{{{}}}", joined(members.map(|(key, value)| format!("{key}: {value}"))))
            }
        }
    }
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// Returns `repr()` of a string: quotes chosen as Python does, what cannot be printed escaped.
/// v1: `str.__repr__`. Parity: VAL-04, VAL-28, VAL-47.
pub(crate) fn string(text: &str) -> String {
    quoted(text::codes(text), is_printable)
}

/// Returns `repr()` of bytes: `b'..'`, all but printable ASCII escaped.
/// v1: `bytes.__repr__`. Parity: VAL-07.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    format!("b{}", quoted(bytes.iter().copied().map(u32::from), |code| matches!(code, 0x20..0x7F)))
}

/// Returns characters in quotes, in `"` where only that saves an escape; those that are not printable are escaped.
fn quoted(codes: impl Iterator<Item = u32> + Clone, is_printable: impl Fn(u32) -> bool) -> String {
    let has = |quote: char| codes.clone().any(|code| code == u32::from(quote));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    let mut spelled = String::from(quote);
    for code in codes {
        match char::from_u32(code) {
            Some('\n') => spelled.push_str("\\n"),
            Some('\r') => spelled.push_str("\\r"),
            Some('\t') => spelled.push_str("\\t"),
            Some(character) if character == quote || character == '\\' => spelled.extend(['\\', character]),
            Some(character) if is_printable(code) => spelled.push(character),
            _ => spelled.push_str(&text::escape(code)),
        }
    }
    spelled.push(quote);
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::Dict;

    #[test]
    fn strings_are_spelled_as_python_does() {
        let rows = [
            ("x", "'x'"),
            ("", "''"),
            ("it's", "\"it's\""),
            ("\"q\"", "'\"q\"'"),
            ("'\"", "'\\'\"'"),
            ("a\\b\n\r\t\u{1}\u{7f}", "'a\\\\b\\n\\r\\t\\x01\\x7f'"),
            ("é \u{a0}\u{ad}\u{200b}\u{feff}", "'é \\xa0\\xad\\u200b\\ufeff'"),
            ("😀\u{e0001}", "'😀\\U000e0001'"),
            ("\u{10d800}", "'\\ud800'"),
        ];
        for (text, expected) in rows {
            assert_eq!(string(text), expected);
        }
    }

    #[test]
    fn values_are_spelled_as_python_does() {
        let mut dict = Dict::default();
        dict.insert("a", Value::List(vec![Value::None, Value::Bool(true), Value::Float(1.0), "b".into()]));
        let ordered = Dict { ordered: true, ..dict.clone() };
        let rows = [
            (Value::Dict(dict), "{'a': [None, True, 1.0, 'b']}"),
            (Value::Dict(ordered), "OrderedDict([('a', [None, True, 1.0, 'b'])])"),
            (Value::Dict(Dict { ordered: true, ..Dict::default() }), "OrderedDict()"),
            (Value::Dict(Dict::default()), "{}"),
            (Value::Bytes(b"a'\xff\n".to_vec()), "b\"a'\\xff\\n\""),
        ];
        for (value, expected) in rows {
            assert_eq!(repr(&value), expected);
        }
    }
}
