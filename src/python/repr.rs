//! How Python spells a value: `repr(x)` and `str(x)`.

use std::fmt::Write;

use super::characters::is_printable;
use super::{Dict, Value, float, text};

/// Returns `str(value)`: a string as it is, all else as [`repr`] spells it.
/// v1: `str()`. Parity: VAL-47.
pub(crate) fn str(value: &Value) -> String {
    match value {
        Value::Str(text) => text.clone(),
        Value::Datetime(text) => text.replacen('T', " ", 1),
        other => repr(other),
    }
}

/// Returns `repr(value)`: the way messages show a value inside a list or a mapping.
/// v1: `repr()`. Parity: VAL-47, VAL-48.
pub(crate) fn repr(value: &Value) -> String {
    let mut spelled = String::new();
    push(&mut spelled, value);
    spelled
}

/// Appends `repr(value)`.
fn push(spelled: &mut String, value: &Value) {
    match value {
        Value::None => spelled.push_str("None"),
        Value::Bool(true) => spelled.push_str("True"),
        Value::Bool(false) => spelled.push_str("False"),
        Value::Int(number) => spelled.push_str(&number.to_string()),
        Value::Float(number) => spelled.push_str(&float::repr(*number)),
        Value::Str(text) => spelled.push_str(&string(text)),
        Value::Bytes(bytes) => spelled.push_str(&self::bytes(bytes)),
        Value::List(items) => {
            spelled.push('[');
            for (place, item) in items.iter().enumerate() {
                separate(spelled, place);
                push(spelled, item);
            }
            spelled.push(']');
        }
        Value::Datetime(_) => spelled.push_str("datetime.datetime(1970, 1, 1, 0, 0)"), // there is no other
        Value::Dict(dict) if dict.ordered => push_ordered(spelled, dict),
        Value::Dict(dict) => push_dict(spelled, dict),
    }
}

/// Appends a plain mapping: `{'a': 1, 'b': 2}`.
fn push_dict(spelled: &mut String, dict: &Dict) {
    spelled.push('{');
    for (place, (key, value)) in dict.members.iter().enumerate() {
        separate(spelled, place);
        spelled.push_str(&string(key));
        spelled.push_str(": ");
        push(spelled, value);
    }
    spelled.push('}');
}

/// Appends an ordered mapping: `OrderedDict([('a', 1), ('b', 2)])`, empty `OrderedDict()`.
fn push_ordered(spelled: &mut String, dict: &Dict) {
    if dict.members.is_empty() {
        spelled.push_str("OrderedDict()");
        return;
    }
    spelled.push_str("OrderedDict([");
    for (place, (key, value)) in dict.members.iter().enumerate() {
        separate(spelled, place);
        spelled.push('(');
        spelled.push_str(&string(key));
        spelled.push_str(", ");
        push(spelled, value);
        spelled.push(')');
    }
    spelled.push_str("])");
}

/// Appends what stands between two items, nothing before the first.
fn separate(spelled: &mut String, place: usize) {
    if place > 0 {
        spelled.push_str(", ");
    }
}

/// Returns `repr()` of a string: quotes chosen as Python does, what cannot be printed escaped.
/// v1: `str.__repr__`. Parity: VAL-04, VAL-28, VAL-47.
pub(crate) fn string(text: &str) -> String {
    let quote = quote(text.contains('\''), text.contains('"'));
    let mut spelled = String::with_capacity(text.len() + 2);
    spelled.push(quote);
    for code in text::codes(text) {
        match char::from_u32(code) {
            Some('\\') => spelled.push_str("\\\\"),
            Some('\n') => spelled.push_str("\\n"),
            Some('\r') => spelled.push_str("\\r"),
            Some('\t') => spelled.push_str("\\t"),
            Some(character) if character == quote => spelled.extend(['\\', quote]),
            Some(character) if is_printable(code) => spelled.push(character),
            _ => push_escape(&mut spelled, code),
        }
    }
    spelled.push(quote);
    spelled
}

/// Returns `"` where only that saves an escape, else `'`.
fn quote(has_single: bool, has_double: bool) -> char {
    if has_single && !has_double { '"' } else { '\'' }
}

/// Appends the shortest of `\x`, `\u` and `\U` that holds `code`.
fn push_escape(spelled: &mut String, code: u32) {
    let _ = match code {
        0..0x100 => write!(spelled, "\\x{code:02x}"),
        0x100..0x1_0000 => write!(spelled, "\\u{code:04x}"),
        _ => write!(spelled, "\\U{code:08x}"),
    };
}

/// Returns `repr()` of bytes: `b'..'`, all but printable ASCII escaped.
/// v1: `bytes.__repr__`. Parity: VAL-07.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    let quote = quote(bytes.contains(&b'\''), bytes.contains(&b'"'));
    let mut spelled = String::with_capacity(bytes.len() + 3);
    spelled.extend(['b', quote]);
    for &byte in bytes {
        match char::from(byte) {
            '\\' => spelled.push_str("\\\\"),
            '\n' => spelled.push_str("\\n"),
            '\r' => spelled.push_str("\\r"),
            '\t' => spelled.push_str("\\t"),
            character if character == quote => spelled.extend(['\\', quote]),
            character @ ' '..='~' => spelled.push(character),
            _ => {
                let _ = write!(spelled, "\\x{byte:02x}");
            }
        }
    }
    spelled.push(quote);
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

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
