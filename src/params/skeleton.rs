//! The output of `--generate-cli-skeleton`: a sample of the request or of the response.
//!
//! Mirrors `botocore.utils.ArgumentGenerator`.

use crate::model::{Member, Shape};
use crate::python::{Dict, Value};

/// Returns the sample that `--generate-cli-skeleton input` prints, newline included.
///
/// v1: `GenerateCliSkeletonArgument.generate_json_skeleton`. Parity: VAL-58.
pub(crate) fn input(members: &[Member]) -> String {
    let mut sample = String::new();
    push_structure(&mut sample, members, 1);
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
            Shape::Map(_) => sample.push_str("{}"), // no request has one
        }
        before = ",\n";
    }
    sample.push('\n');
    sample.push_str(&"    ".repeat(level.saturating_sub(1)));
    sample.push('}');
}

/// Returns the sample response of `--generate-cli-skeleton output`: each text is the name of its member.
///
/// v1: `StubbedCLIOperationCaller`, `ArgumentGenerator`. Parity: VAL-61, VAL-62, DESC-37, DESC-38.
pub(crate) fn output(members: &[Member]) -> Dict {
    let mut sample = Dict::default();
    for member in members {
        sample.insert(member.name, value(member.name, member.shape));
    }
    sample
}

/// Returns the sample of the member `name`.
fn value(name: &str, shape: Shape) -> Value {
    match shape {
        Shape::String(_) => name.into(),
        Shape::Long => Value::Int(0.into()),
        Shape::Boolean => Value::Bool(true),
        Shape::Timestamp => Value::Datetime("1970-01-01T00:00:00".to_owned()),
        Shape::Structure(members) => Value::Dict(output(members)),
        Shape::Map(shape) => {
            let mut map = Dict::default();
            map.insert("KeyName", value("", *shape));
            Value::Dict(map)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::START_COPY_JOB;

    #[test]
    fn the_input_sample_is_json_of_every_member() {
        let sample = input(START_COPY_JOB.input);
        assert!(sample.starts_with("{\n    \"RecoveryPointArn\": \"\",\n"), "{sample}");
        assert!(
            sample.ends_with("        \"DeleteAfterEvent\": \"DELETE_AFTER_COPY\"\n    }\n}\n"),
            "{sample}"
        );
        assert!(crate::python::json::decode(&sample).is_ok(), "{sample}");
    }
}
