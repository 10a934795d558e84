//! What `--generate-cli-skeleton` shows: a sample of what can be asked and of what is answered.
//!
//! Mirrors `botocore.utils.ArgumentGenerator`.

use super::model::{self, Member, Shape};
use crate::python::{Dict, Value};

/// The sample that `--generate-cli-skeleton input` prints, newline included.
///
/// v1: `GenerateCliSkeletonArgument.generate_json_skeleton`. Parity: VAL-58.
pub fn input() -> String {
    let mut sample = String::new();
    push_structure(&mut sample, model::INPUT, 1);
    sample + "\n"
}

/// Appends a structure with its members indented by `level` times four blanks.
fn push_structure(sample: &mut String, members: &[Member], level: usize) {
    let mut before = "{\n";
    for member in members {
        sample.push_str(before);
        sample.push_str(&"    ".repeat(level));
        sample.push('"');
        sample.push_str(member.name);
        sample.push_str("\": ");
        match member.shape {
            Shape::String(words) => {
                sample.push('"');
                sample.push_str(words.first().unwrap_or(&""));
                sample.push('"');
            }
            Shape::Long => sample.push('0'),
            Shape::Boolean => sample.push_str("true"),
            Shape::Timestamp => sample.push_str("\"1970-01-01T00:00:00\""),
            Shape::Structure(members) => push_structure(sample, members, level + 1),
            Shape::Map(_) => sample.push_str("{}"), // no input has one
        }
        before = ",\n";
    }
    sample.push('\n');
    sample.push_str(&"    ".repeat(level.saturating_sub(1)));
    sample.push('}');
}

/// The sample answer of `--generate-cli-skeleton output`: each text is the name of its member.
///
/// v1: `StubbedCLIOperationCaller`. Parity: VAL-61, VAL-62.
pub fn output() -> Dict {
    structure(model::OUTPUT)
}

/// A sample of a structure.
fn structure(members: &[Member]) -> Dict {
    let mut sample = Dict::default();
    for member in members {
        let value = match member.shape {
            Shape::String(_) => member.name.into(),
            Shape::Long => Value::Int(0.into()),
            Shape::Boolean => Value::Bool(true),
            Shape::Timestamp => Value::Datetime("1970-01-01T00:00:00".to_owned()),
            Shape::Structure(members) => Value::Dict(structure(members)),
            Shape::Map(_) => Value::Dict(Dict::default()),
        };
        sample.insert(member.name, value);
    }
    sample
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_input_sample_is_json_of_every_member() {
        let sample = input();
        assert!(sample.starts_with("{\n    \"RecoveryPointArn\": \"\",\n"), "{sample}");
        assert!(
            sample.ends_with("        \"DeleteAfterEvent\": \"DELETE_AFTER_COPY\"\n    }\n}\n"),
            "{sample}"
        );
        assert!(crate::python::json::decode(&sample).is_ok(), "{sample}");
    }
}
