//! What shorthand spells as text -> the integers and booleans of the service description.
//!
//! Mirrors `BackCompatVisitor` in `awscli/shorthand.py`. JSON is never coerced (VAL-43).

use crate::error::{Error, failure};
use crate::model::{Member, Shape};
use crate::python::{Dict, Value, int};

/// Coerces the members of a structure in the order of the description; others stay as they are, as do texts that are no
/// boolean.
/// Errors: `Failure` in the words of Python's `int()`, without the name of the option.
/// v1: `BackCompatVisitor._visit_structure`. Parity: VAL-27, VAL-31.
pub(super) fn structure(given: &mut Dict, members: &[Member]) -> Result<(), Error> {
    for member in members {
        let Some(value) = given.members.get_mut(member.name) else { continue };
        match (member.shape, &*value) {
            (Shape::Long, typed) => *value = Value::Int(int::of(typed)?),
            (Shape::Boolean, Value::Str(text)) => {
                if let Ok(truth) = text.to_ascii_lowercase().parse() {
                    *value = Value::Bool(truth);
                }
            }
            (Shape::Boolean, Value::List(_) | Value::Dict(_)) => {
                let name = member.name;
                return Err(failure!("{name}: expected true or false, received a list or a mapping"));
            }
            _ => {}
        }
    }
    Ok(())
}
