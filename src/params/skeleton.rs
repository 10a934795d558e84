//! The output of `--generate-cli-skeleton`: a sample of the request or of the response.
//!
//! Mirrors `botocore.utils.ArgumentGenerator`.

use crate::model::{Member, Shape};
use crate::python::dumps::{Style, dumps};
use crate::python::{Dict, Value};

/// The sample text of a member, by its name and shape.
type SampleText<'t> = &'t dyn Fn(&'static str, Shape) -> &'static str;

/// Returns the sample that `--generate-cli-skeleton input` prints, newline included: each text is the first that its
/// member may have, if the model names some.
/// v1: `GenerateCliSkeletonArgument.generate_json_skeleton`. Parity: VAL-58.
pub(crate) fn input(members: &[Member]) -> String {
    let first = |_, shape| match shape {
        Shape::String([first, ..]) => first,
        _ => "",
    };
    let sample = structure(members, &first);
    dumps(&Value::Dict(sample), Style::INDENTED) + "\n"
}

/// Returns the sample response of `--generate-cli-skeleton output`: each text is the name of its member, each date
/// `epoch`.
/// v1: `StubbedCLIOperationCaller`, `ArgumentGenerator`. Parity: VAL-62, DESC-37, DESC-38.
pub(crate) fn output(members: &[Member], epoch: &'static str) -> Dict {
    structure(members, &|name, shape| if matches!(shape, Shape::Timestamp) { epoch } else { name })
}

fn structure(members: &[Member], text: SampleText) -> Dict {
    let sample = |member: &Member| (member.name.to_owned(), value(member.name, member.shape, text));
    Dict { members: members.iter().map(sample).collect(), ordered: false }
}

fn value(name: &'static str, shape: Shape, text: SampleText) -> Value {
    match shape {
        Shape::String(_) | Shape::Timestamp => text(name, shape).into(),
        Shape::Long => 0.into(),
        Shape::Boolean => Value::Bool(true),
        Shape::Structure(members) => Value::Dict(structure(members, text)),
        Shape::Map(shape) => {
            let mut map = Dict::default();
            map.insert("KeyName", value("", *shape, text));
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
