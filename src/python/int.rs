//! Python's `int(text)`.

use anyhow::bail;
use num_bigint::{BigInt, Sign};

use super::characters::digit;
use super::{Value, repr};

/// Returns `int(value)` of any value.
/// Errors: `ValueError` or `TypeError`, in Python's words.
/// Parity: VAL-27 to VAL-30, ARG-32.
pub(crate) fn of(value: &Value) -> anyhow::Result<BigInt> {
    match value {
        Value::Str(text) => int(text),
        Value::Bytes(bytes) => of_bytes(bytes),
        Value::Int(number) => Ok(number.clone()),
        Value::Bool(truth) => Ok(BigInt::from(u8::from(*truth))),
        Value::Float(number) => of_float(*number),
        other => bail!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            other.type_name()
        ),
    }
}

/// Rounds towards zero, as `int(float)` does.
/// Rows: DESC-40, DESC-41.
fn of_float(number: f64) -> anyhow::Result<BigInt> {
    if number.is_nan() {
        bail!("cannot convert float NaN to integer");
    }
    match format!("{:.0}", number.trunc()).parse() {
        Ok(number) => Ok(number),
        Err(_) => bail!("cannot convert float infinity to integer"),
    }
}

/// Parses as `int(bytes)` does: as a text, but ASCII alone counts (a file that `@=fileb://` names).
fn of_bytes(bytes: &[u8]) -> anyhow::Result<BigInt> {
    match int(&String::from_utf8_lossy(bytes)) {
        Ok(number) if bytes.is_ascii() => Ok(number),
        Err(error) if error.to_string().starts_with("Exceeds") => Err(error),
        _ => bail!("invalid literal for int() with base 10: {}", repr::bytes(bytes)),
    }
}

/// The most digits that Python converts (`sys.get_int_max_str_digits()`).
pub(crate) const MAX_DIGITS: usize = 4300;

/// Parses as `int(text)` does: blanks around, one sign, decimal digits of any script, single `_` between them.
/// Errors: Python's words for a text that is no integer, or one of more than [`MAX_DIGITS`] digits.
/// v1: `int()`. Parity: VAL-27, VAL-28, VAL-29, ARG-32, TIME-06.
pub(crate) fn int(typed: &str) -> anyhow::Result<BigInt> {
    let Some(digits) = plain_digits(typed) else {
        bail!("invalid literal for int() with base 10: {}", repr::string(typed));
    };
    let count = digits.trim_start_matches(['+', '-']).len();
    if count > MAX_DIGITS {
        bail!(
            "Exceeds the limit (4300 digits) for integer string conversion: value has {count} digits; \
             use sys.set_int_max_str_digits() to increase the limit"
        );
    }
    Ok(digits.parse()?)
}

/// Parses as [`int`] does and returns what comes nearest to the number in 64 bits.
/// Errors: as [`int`].
pub(crate) fn clamped(typed: &str) -> anyhow::Result<i64> {
    int(typed).map(|number| clamp(&number))
}

/// Returns `number`, or what comes nearest to it in 64 bits.
pub(crate) fn clamp(number: &BigInt) -> i64 {
    let farthest = if number.sign() == Sign::Minus { i64::MIN } else { i64::MAX };
    i64::try_from(number).unwrap_or(farthest)
}

/// Returns `typed` as sign and ASCII digits, or `None` where Python sees no integer.
fn plain_digits(typed: &str) -> Option<String> {
    // Of what `str.strip` takes for white space, `int` leaves U+001C to U+001F in place.
    let typed = typed.trim_matches(char::is_whitespace);
    let (sign, rest) = match typed.strip_prefix(['+', '-']) {
        Some(rest) => (typed.starts_with('-'), rest),
        None => (false, typed),
    };
    let mut digits = String::from(if sign { "-" } else { "" });
    let mut after_digit = false;
    for character in rest.chars() {
        match digit(character) {
            Some(value) => digits.push(char::from(b'0' + value)),
            None if character == '_' && after_digit => {}
            None => return None,
        }
        after_digit = character != '_';
    }
    after_digit.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_as_python_reads_them() {
        let rows = [
            ("5", Some("5")),
            ("+5", Some("5")),
            ("-0", Some("0")),
            ("1_000", Some("1000")),
            (" 7\n", Some("7")),
            ("007", Some("7")),
            ("٣", Some("3")),
            ("５", Some("5")),
            ("-18446744073709551616", Some("-18446744073709551616")),
            ("", None),
            ("1__0", None),
            ("_1", None),
            ("1_", None),
            ("- 5", None),
            ("²", None),
            ("0x10", None),
            ("\u{1f}5", None),
        ];
        for (typed, expected) in rows {
            assert_eq!(int(typed).ok().map(|value| value.to_string()).as_deref(), expected, "{typed:?}");
        }
    }
}
