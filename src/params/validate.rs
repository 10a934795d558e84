//! The report of what the service description does not allow. Mirrors `botocore/validate.py`.
//!
//! Names, types and least lengths are looked at: patterns and known words are the service's business (VAL-49).

use crate::error::{Error, failure};
use crate::model::{self, Member, Shape};
use crate::python::{Dict, Value, repr};

/// Checks that the service description allows `given` as the request with these `members`.
/// Errors: `Failure` with one line for each problem: in each structure first what is missing, then what is unknown,
/// then what is inside the members that are known.
/// v1: `ParamValidator.validate`. Parity: VAL-25, VAL-44, VAL-49.
pub(crate) fn validate(given: &Dict, members: &[Member]) -> Result<(), Error> {
    let mut problems = Vec::new();
    structure(given, members, "", &mut problems);
    report(&problems)
}

/// Checks that there are no problems.
/// Errors: `Failure` with one line for each.
pub(crate) fn report(problems: &[String]) -> Result<(), Error> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(failure!("Parameter validation failed:\n{}", problems.join("\n")))
}

/// Adds the problems of a structure; `path` is empty for the input itself, else `Lifecycle` and so on.
fn structure(given: &Dict, members: &[Member], path: &str, problems: &mut Vec<String>) {
    let place = if path.is_empty() { "input" } else { path };
    for missing in members.iter().filter(|member| member.required && given.get(member.name).is_none()) {
        problems.push(format!("Missing required parameter in {place}: \"{}\"", missing.name));
    }
    problems.extend(unknown_names(place, given, members));
    for (key, value) in &given.members {
        if let Some(known) = model::member(members, key) {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            member(value, known, &path, problems);
        }
    }
}

/// Returns a problem for each name that the structure at `place` has not.
pub(crate) fn unknown_names(place: &str, given: &Dict, members: &[Member]) -> impl Iterator<Item = String> {
    given.members.keys().filter(|key| model::member(members, key).is_none()).map(move |key| {
        let names = model::names(members);
        format!("Unknown parameter in {place}: \"{key}\", must be one of: {names}")
    })
}

/// Adds the problems of one value: it is less than it may be, or its type is another, named as `str(type(value))` does.
/// v1: `range_check`, `type_check`. Parity: CRED-35, VAL-46, VAL-48.
fn member(value: &Value, member: &Member, path: &str, problems: &mut Vec<String>) {
    let min = member.min;
    let type_problem = |valid: &str| {
        let spelled = repr::str(value);
        let class = match value {
            Value::Dict(dict) if dict.ordered => "collections.OrderedDict",
            other => other.type_name(),
        };
        format!(
            "Invalid type for parameter {path}, value: {spelled}, type: <class '{class}'>, valid types: <class '{valid}'>"
        )
    };
    problems.push(match (member.shape, value) {
        (Shape::Structure(members), Value::Dict(given)) => return structure(given, members, path, problems),
        (Shape::Long, Value::Int(number)) if *number < min.into() && min > 0 => {
            format!("Invalid value for parameter {path}, value: {number}, valid min value: {min}")
        }
        (Shape::String(_), Value::Str(text)) if text.chars().count() < min.into() => {
            let length = text.chars().count();
            format!("Invalid length for parameter {path}, value: {length}, valid min length: {min}")
        }
        (Shape::String(_), Value::Str(_))
        | (Shape::Long, Value::Int(_) | Value::Bool(_)) // in Python `True` is an integer
        | (Shape::Boolean, Value::Bool(_))
        | (Shape::Timestamp | Shape::Map(_), _) => return, // no request has one
        (Shape::String(_), _) => type_problem("str"),
        (Shape::Long, _) => type_problem("int"),
        (Shape::Boolean, _) => type_problem("bool"),
        (Shape::Structure(_), _) => type_problem("dict"),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::START_COPY_JOB;
    use crate::python::json;

    #[test]
    fn problems_are_reported_as_v1_reports_them() {
        let names = "RecoveryPointArn, SourceBackupVaultName, DestinationBackupVaultArn, IamRoleArn, \
                     IdempotencyToken, Lifecycle";
        let rows = [
            (r#"{"RecoveryPointArn": "", "SourceBackupVaultName": "", "DestinationBackupVaultArn": "",
                "IamRoleArn": "", "Lifecycle": {"DeleteAfterDays": true, "DeleteAfterEvent": ""}}"#.to_owned(), String::new()),
            (
                r#"{"IamRoleArn": 5.0, "Foo": null, "Lifecycle": {"DeleteAfterDays": "it's"}, "SourceBackupVaultName": ["é"]}"#.to_owned(),
                format!("Parameter validation failed:\nMissing required parameter in input: \"RecoveryPointArn\"\n\
                 Missing required parameter in input: \"DestinationBackupVaultArn\"\n\
                 Unknown parameter in input: \"Foo\", must be one of: {names}\n\
                 Invalid type for parameter IamRoleArn, value: 5.0, type: <class 'float'>, valid types: <class 'str'>\n\
                 Invalid type for parameter Lifecycle.DeleteAfterDays, value: it's, type: <class 'str'>, valid types: <class 'int'>\n\
                 Invalid type for parameter SourceBackupVaultName, value: ['é'], type: <class 'list'>, valid types: <class 'str'>"),
            ),
        ];
        for (document, expected) in rows {
            let Ok(Value::Dict(given)) = json::decode(&document) else { panic!("{document}") };
            let report =
                validate(&given, START_COPY_JOB.input).err().map(|error| error.text().trim().to_owned());
            assert_eq!(report.unwrap_or_default(), expected, "{document}");
        }
    }
}
