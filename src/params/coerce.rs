//! What shorthand spells as text -> the integers and booleans of the service description.
//!
//! Mirrors `BackCompatVisitor` in `awscli/shorthand.py`. JSON is never coerced (VAL-43).

use crate::error::{Error, failure};
use crate::model::{Member, Shape};
use crate::python::{Dict, Value, int};

/// Coerces the members of a structure in the order of the description; others stay as they are.
/// Errors: `Failure` in the words of Python's `int()`, without the name of the option.
/// v1: `BackCompatVisitor._visit_structure`. Parity: VAL-27 to VAL-32.
pub(super) fn structure(given: &mut Dict, members: &[Member]) -> Result<(), Error> {
    for member in members {
        let Some(value) = given.members.get_mut(member.name) else { continue };
        match (member.shape, value) {
            (Shape::Long, value) => *value = Value::Int(int::of(value)?),
            (Shape::Boolean, Value::Str(text)) => {
                if let Some(truth) = boolean(text) {
                    given.insert(member.name, Value::Bool(truth));
                }
            }
            (Shape::Boolean, Value::List(_) | Value::Dict(_)) => {
                return Err(failure!(
                    "{}: expected true or false, received a list or a mapping",
                    member.name
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Returns the boolean that `text` spells in any case.
/// Parity: VAL-31.
fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}
