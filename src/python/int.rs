//! Python's `int(text)`.

use anyhow::{Context, bail};
use num_bigint::{BigInt, Sign};

use super::{Value, characters, float, repr};

/// Returns `int(value)` of any value; of bytes ASCII alone counts (a file that `@=fileb://` names).
/// Errors: `ValueError` or `TypeError`, in Python's words.
/// Parity: VAL-27 to VAL-30, ARG-32, DESC-40.
pub(crate) fn of(value: &Value) -> anyhow::Result<BigInt> {
    match value {
        Value::Str(text) => int(text),
        Value::Bytes(bytes) => {
            let text = std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii());
            let number = text.and_then(|text| int(text).ok());
            number.with_context(|| invalid(&repr::bytes(bytes)))
        }
        Value::Int(number) => Ok(number.clone()),
        Value::Bool(truth) => Ok(BigInt::from(u8::from(*truth))),
        Value::Float(number) if number.is_nan() => bail!("cannot convert float NaN to integer"),
        Value::Float(number) => {
            float::whole(number.trunc()).context("cannot convert float infinity to integer")
        }
        other => bail!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            other.type_name()
        ),
    }
}

/// Returns Python's words for what is no integer.
fn invalid(shown: &str) -> String {
    format!("invalid literal for int() with base 10: {shown}")
}

/// The most digits that Python converts (`sys.get_int_max_str_digits()`).
pub(crate) const MAX_DIGITS: usize = 4300;

/// Parses as `int(text)` does: blanks around, one sign, decimal digits of any script, single `_` between them.
/// Errors: Python's words for a text that is no integer, or one of more than [`MAX_DIGITS`] digits.
/// v1: `int()`. Parity: VAL-27, VAL-28, VAL-29, ARG-32, TIME-06.
pub(crate) fn int(typed: &str) -> anyhow::Result<BigInt> {
    // Of what `str.strip` takes for white space, `int` leaves U+001C to U+001F in place.
    let plain = characters::ascii_digits(typed.trim_matches(char::is_whitespace)).unwrap_or_default();
    let digits = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        bail!(invalid(&repr::string(typed)));
    }
    if digits.len() > MAX_DIGITS {
        bail!(
            "Exceeds the limit (4300 digits) for integer string conversion: value has {} digits; use \
             sys.set_int_max_str_digits() to increase the limit",
            digits.len()
        );
    }
    Ok(plain.parse()?)
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
