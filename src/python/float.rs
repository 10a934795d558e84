//! How Python reads and spells a float.

use num_bigint::BigInt;

use super::{characters, text};

/// Returns `repr(number)`: the shortest digits that read back the same, `.0` kept, an exponent below 1e-4 and from
/// 1e16.
/// v1: `float.__repr__`. Parity: OUT-08.
pub(crate) fn repr(number: f64) -> String {
    if !number.is_finite() {
        return number.to_string().to_lowercase();
    }
    let scientific = half_even(number, format!("{number:e}"), |places| format!("{number:.places$e}"));
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if number != 0.0 && !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.unsigned_abs());
    }
    let plain = half_even(number, format!("{number}"), |places| format!("{number:.places$}"));
    if plain.contains('.') { plain } else { plain + ".0" }
}

/// Returns the shortest spelling; where two are as near to the number, the one whose last digit is even, as Python has
/// it.
fn half_even(number: f64, shortest: String, rounded: impl Fn(usize) -> String) -> String {
    let decimals =
        shortest.split_once('.').map_or(0, |(_, rest)| rest.split('e').next().unwrap_or(rest).len());
    let even = rounded(decimals);
    if even.parse() == Ok(number) { even } else { shortest }
}

/// Parses as `float(text)` does: blanks around, one sign, digits of any script with single `_` between them, `inf`,
/// `nan`. `None` where Python sees no number.
/// v1: `float()`. Parity: OUT-09, OUT-43.
pub(crate) fn float(typed: &str) -> Option<f64> {
    characters::ascii_digits(text::strip(typed))?.parse().ok()
}

/// Returns the integer that a float is; `None` where it has a fraction or no end.
pub(crate) fn whole(number: f64) -> Option<BigInt> {
    (number.fract() == 0.0).then(|| format!("{number:.0}").parse().ok()).flatten()
}

/// Returns the float nearest to an integer; infinite where that is out of range.
pub(crate) fn nearest(number: &BigInt) -> f64 {
    number.to_string().parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_read_as_python_reads_them() {
        let rows = [
            ("1.5", Some(1.5)),
            (" -1_0.2_5e1_0\n", Some(-10.25e10)),
            ("٣.٥", Some(3.5)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("+inf", Some(f64::INFINITY)),
            ("-InFinity", Some(f64::NEG_INFINITY)),
            ("1e999", Some(f64::INFINITY)),
            ("", None),
            (".", None),
            ("1_", None),
            ("1__0", None),
            ("_1", None),
            ("1_.5", None),
            ("1e_5", None),
            ("infi", None),
            ("0x1", None),
            ("1e", None),
        ];
        for (typed, expected) in rows {
            assert_eq!(float(typed), expected, "{typed:?}");
        }
        assert!(float("nan").is_some_and(f64::is_nan));
    }

    #[test]
    fn floats_are_spelled_as_python_does() {
        let rows = [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.5e16, "1.5e+16"),
            (1e16, "1e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1_428_571_428_571_430.3, "1428571428571430.2"),
            (1_428_571_428_571_430.8, "1428571428571430.8"),
            (1e100, "1e+100"),
            (5e-324, "5e-324"),
            (1_516_925_490.123_456_7, "1516925490.1234567"),
            (f64::INFINITY, "inf"),
        ];
        for (number, expected) in rows {
            assert_eq!(repr(number), expected);
        }
    }
}
