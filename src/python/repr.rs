//! How Python spells a value: `repr(x)` and `str(x)`.

/// `repr()` of a string: quotes chosen as Python does, what cannot be printed escaped.
pub fn string(text: &str) -> String {
    format!("'{text}'")
}
