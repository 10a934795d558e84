//! Two outcomes -> what is wrong with the second.

use serde_json::Value;

use super::outcome::Outcome;

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What it is.
    pub title: String,
    /// For a difference: field, expected and actual value.
    pub difference: Option<(String, Value, Value)>,
}

impl Problem {
    /// A problem that is no difference.
    pub fn plain(title: impl Into<String>) -> Self {
        Self { title: title.into(), difference: None }
    }
}

/// Every field in which `actual` differs from `expected`.
pub fn differences(title: &str, expected: &Outcome, actual: &Outcome) -> Vec<Problem> {
    let mut names: Vec<&String> = expected.keys().chain(actual.keys()).collect();
    names.sort();
    names.dedup();
    let value = |outcome: &Outcome, name: &String| outcome.get(name).cloned().unwrap_or(Value::Null);
    names
        .into_iter()
        .filter(|name| expected.get(*name) != actual.get(*name))
        .map(|name| Problem {
            title: format!("{title}: {name}"),
            difference: Some((name.clone(), value(expected, name), value(actual, name))),
        })
        .collect()
}

/// What is wrong with our outcome, where the named fields may differ and then must be as recorded.
pub fn ours(
    expected: &Outcome,
    actual: &Outcome,
    may_differ: &[String],
    recorded: Option<&Outcome>,
) -> Vec<Problem> {
    let (allowed, mut problems): (Vec<Problem>, Vec<Problem>) =
        differences("we differ from v1", expected, actual).into_iter().partition(|problem| {
            problem.difference.as_ref().is_some_and(|(field, ..)| may_differ.contains(field))
        });
    if allowed.is_empty() && !may_differ.is_empty() {
        problems.push(Problem::plain(
            "a deviation is listed, but we no longer differ: it must leave deviations.toml",
        ));
    }
    let recorded = recorded.cloned().unwrap_or_default();
    let now: Outcome = deviating(expected, actual, may_differ);
    problems.extend(differences("our own recorded value (PARITY=record-ours)", &recorded, &now));
    problems
}

/// The fields of our outcome that differ and may.
pub fn deviating(expected: &Outcome, actual: &Outcome, may_differ: &[String]) -> Outcome {
    let differs = |name: &String| may_differ.contains(name) && expected.get(name) != actual.get(name);
    let kept = actual.iter().filter(|(name, _)| differs(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}
