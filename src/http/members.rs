//! The JSON body of a response -> the members that `model` names, as v1 reads them.
//!
//! Mirrors `botocore/parsers.py` (`BaseJSONParser`) and `customizations/scalarparse.py`. The SDK's typed output is not
//! used: it has already lost digits, and the difference between `5` and `5.0`.

use crate::error::{Error, failure};
use crate::host::Host;
use crate::model::{Member, Shape};
use crate::python::date;
use crate::python::{Dict, JsonError, Value, codec, int, json};
use crate::session::TimestampFormat;

#[derive(Debug, Clone, Copy)]
pub(crate) struct MemberReader<'a> {
    timestamps: TimestampFormat,
    pub host: &'a Host,
    /// True for AWS Backup, false for the services that give credentials.
    is_backup: bool,
}

impl<'a> MemberReader<'a> {
    pub(crate) fn of_backup(timestamps: TimestampFormat, host: &'a Host) -> Self {
        Self { timestamps, host, is_backup: true }
    }

    pub(crate) fn of_helper(host: &'a Host) -> Self {
        Self { timestamps: TimestampFormat::Wire, host, is_backup: false }
    }

    /// Returns the members that `body` holds: those of `members`, in that order, null left out. A body that is empty or
    /// no JSON holds none.
    /// Errors: bytes that are no text; JSON that is nested too deeply or no object; a member that cannot be converted.
    /// v1: `BaseJSONParser._parse_body_as_json`. Parity: OUT-01 to OUT-10. Rows: DESC-39 to DESC-52.
    pub(crate) fn read(&self, body: &[u8], members: &[Member]) -> Result<Dict, Error> {
        match json::decode(&codec::utf8(body)?) {
            Ok(Value::Dict(document)) => self.structure(&document, members),
            Ok(other) => Err(self.no_object(None, &other)),
            Err(JsonError::Invalid(_)) => Ok(Dict::default()),
            Err(error @ JsonError::TooDeep) => Err(error.into()),
        }
    }

    /// Returns the members that `document` holds.
    /// v1: `BaseJSONParser._handle_structure`. Rows: DESC-39, DESC-47.
    fn structure(&self, document: &Dict, members: &[Member]) -> Result<Dict, Error> {
        let mut found = Dict::default();
        found.members.reserve(members.len().min(document.members.len()));
        for member in members {
            let Some(value) = document.get(member.name).filter(|value| **value != Value::None) else {
                continue;
            };
            found.insert(member.name, self.value(value, member.shape, member.name)?);
        }
        Ok(found)
    }

    /// Returns a value as v1 shows one of its shape; `name` is the member's.
    /// Parity: OUT-05 to OUT-09. Rows: DESC-40 to DESC-46.
    fn value(&self, value: &Value, shape: Shape, name: &str) -> Result<Value, Error> {
        Ok(match (shape, value) {
            (Shape::Timestamp, value) if self.timestamps == TimestampFormat::Iso8601 => {
                Value::Str(date::local_iso8601(value, &self.host.time_zone())?)
            }
            (Shape::String(_) | Shape::Timestamp, value) => value.clone(),
            (Shape::Long, value) => Value::Int(int::of(value)?),
            (Shape::Boolean, value) => Value::Bool(value.is_true()),
            (Shape::Structure(members), Value::Dict(given)) => Value::Dict(self.structure(given, members)?),
            (Shape::Map(shape), Value::Dict(given)) => {
                let mut map = Dict::default();
                for (key, value) in &given.members {
                    map.insert(key.as_str(), self.value(value, *shape, key)?);
                }
                Value::Dict(map)
            }
            (Shape::Structure(_) | Shape::Map(_), other) => {
                return Err(self.no_object(Some(name), other));
            }
        })
    }

    /// Returns the error for a response, or the member of this name, that should be an object; v1 names attributes of
    /// Python's types (D1).
    fn no_object(&self, member: Option<&str>, value: &Value) -> Error {
        let place = match member {
            None if self.is_backup => "its response".to_owned(),
            Some(member) if self.is_backup => format!("the member {member} of its response"),
            None => return no_object("response", value),
            Some(member) => return no_object(&format!("member {member}"), value),
        };
        let kind = value.type_name();
        failure!("The service accepted the request, but {place} is no object: a value of type {kind}")
    }
}

/// Returns the error for a value called `name` that should be an object (D1).
pub(crate) fn no_object(name: &str, value: &Value) -> Error {
    failure!("The {name} is a JSON {}, not an object", value.type_name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DESCRIBE_COPY_JOB;
    use crate::python::repr;

    /// Returns the job in a body as Python shows it, or the error.
    fn job(members: &str) -> String {
        let host = Host::fake(&[("TZ", "UTC")]);
        let reader = MemberReader::of_backup(TimestampFormat::Iso8601, &host);
        match reader.read(format!("{{\"CopyJob\": {members}}}").as_bytes(), DESCRIBE_COPY_JOB.output) {
            Ok(found) => found.get("CopyJob").map(repr::repr).unwrap_or_default(),
            Err(error) => error.text().trim().to_owned(),
        }
    }

    #[test]
    fn jobs_are_read_as_v1_reads_them() {
        let int = "int() argument must be a string, a bytes-like object or a real number, not";
        for (members, expected) in [
            ("null", ""),
            ("{}", "{}"),
            (
                r#"{"x": 1, "State": ["A"], "AccountId": null, "CopyJobId": 5.0}"#,
                "{'CopyJobId': 5.0, 'State': ['A']}",
            ),
            (
                r#"{"ChildJobsInState": {"b": "1_0", "": true, "a": 1.9, "b": -1.9}}"#,
                "{'ChildJobsInState': {'b': -1, '': 1, 'a': 1}}",
            ),
            (
                r#"{"BackupSizeInBytes": 1e30, "NumberOfChildJobs": " ٣ "}"#,
                "{'BackupSizeInBytes': 1000000000000000019884624838656, 'NumberOfChildJobs': 3}",
            ),
            (
                r#"{"IsParent": "TRUE", "CreationDate": 1.5}"#,
                "{'CreationDate': '1970-01-01T00:00:01.500000+00:00', 'IsParent': True}",
            ),
            (
                r#"{"CreatedBy": {"BackupPlanArn": 2, "BackupPlanId": null}}"#,
                "{'CreatedBy': {'BackupPlanArn': 2}}",
            ),
            (r#"{"BackupSizeInBytes": NaN}"#, "cannot convert float NaN to integer"),
            (r#"{"BackupSizeInBytes": 1e400}"#, "cannot convert float infinity to integer"),
            (r#"{"BackupSizeInBytes": "x", "State": {}}"#, "invalid literal for int() with base 10: 'x'"),
            (r#"{"ChildJobsInState": {"a": null}}"#, &format!("{int} 'NoneType'")),
            (
                r#"{"CompletionDate": []}"#,
                "Invalid timestamp \"[]\": Parser must be a string or character stream, not list",
            ),
            (
                "false",
                "The service accepted the request, but the member CopyJob of its response is no object: a value of type bool",
            ),
            (r#"{"CreatedBy": "", "BackupSizeInBytes": "x"}"#, "invalid literal for int() with base 10: 'x'"),
            (
                r#"{"CreatedBy": ""}"#,
                "The service accepted the request, but the member CreatedBy of its response is no object: a value of type str",
            ),
        ] {
            assert_eq!(job(members), expected, "{members}");
        }
    }
}
