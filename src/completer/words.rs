//! What our own scripts ask for: the words up to the cursor, the last of them unfinished and perhaps empty.

use clap::{Arg, Command};

use super::{Completions, v1};
use crate::cli::WAIT;

/// The regions that AWS Backup is in: where, and how many there are.
const REGIONS: [(&str, u8); 22] = [
    ("af-south", 1),
    ("ap-east", 2),
    ("ap-northeast", 3),
    ("ap-south", 2),
    ("ap-southeast", 7),
    ("ca-central", 1),
    ("ca-west", 1),
    ("cn-north", 1),
    ("cn-northwest", 1),
    ("eu-central", 2),
    ("eu-north", 1),
    ("eu-south", 2),
    ("eu-west", 3),
    ("il-central", 1),
    ("me-central", 1),
    ("me-south", 1),
    ("mx-central", 1),
    ("sa-east", 1),
    ("us-east", 2),
    ("us-gov-east", 1),
    ("us-gov-west", 1),
    ("us-west", 2),
];

/// Returns the candidates for the last of `typed`: values behind an option, else options or names. Values of `--name=` come
/// with it; bash gives the `=` as a word of its own.
pub(super) fn offer(tree: &Command, typed: &[String], profiles: &[String]) -> Completions {
    let current = typed.last().map_or("", String::as_str).trim_start_matches('=');
    let before = typed.iter().take(typed.len().saturating_sub(1)).map(String::as_str);
    let before: Vec<&str> = before.filter(|word| *word != "=").collect();
    let (options, names): (Vec<&str>, Vec<&str>) =
        before.iter().skip(1).partition(|word| word.starts_with('-'));
    let here = names.iter().fold(tree, |here, name| here.find_subcommand(name).unwrap_or(here));
    let is_action = !here.has_subcommands();
    let known = v1::arguments(tree, is_action.then_some(here));
    let values = |name: &str| {
        let option = known.iter().find(|arg| v1::name(arg) == name && arg.get_action().takes_values());
        option.map(|option| values(option, profiles))
    };
    let fresh = |name: &String| !options.iter().any(|typed| typed.split('=').next() == Some(name));
    let open = before.last().and_then(|last| values(last));
    let mut words: Vec<String> = match (current.split_once('='), open) {
        (Some((name, _)), _) => {
            values(name).into_iter().flatten().map(|value| format!("{name}={value}")).collect()
        }
        (None, Some(values)) if !current.starts_with('-') => values,
        _ if is_action || current.starts_with('-') => {
            known.iter().map(|arg| v1::name(arg)).filter(fresh).collect()
        }
        _ => here.get_subcommands().map(|command| command.get_name().to_owned()).collect(),
    };
    words.retain(|word| word.starts_with(current));
    (words, is_action || here.get_name() == WAIT)
}

/// Returns all values of `option` that we know.
fn values(option: &Arg, profiles: &[String]) -> Vec<String> {
    let numbered = |(area, count): &(&str, u8)| -> Vec<String> {
        (1..=*count).map(|number| format!("{area}-{number}")).collect()
    };
    match option.get_long() {
        Some("region") => REGIONS.iter().flat_map(numbered).collect(),
        _ => v1::values(option, profiles),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    #[test]
    fn values_options_and_names() {
        let profiles = ["default".to_owned(), "dr".to_owned()];
        for (line, expected) in [
            ("aws|", "backup"),
            ("aws|back", "backup"),
            ("aws|backup|", "describe-copy-job start-copy-job wait"),
            ("aws|backup|wait|", "copy-job-completed"),
            ("aws|backup|wait|copy-job-completed|--d", "--debug --delay"),
            ("aws|--profile|d", "default dr"),
            ("aws|backup|start-copy-job|--output|j", "json"),
            ("aws|backup|start-copy-job|--output=t", "--output=text --output=table"),
            ("aws|backup|start-copy-job|--output|=", "json text table"),
            ("aws|backup|start-copy-job|--output|=|j", "json"),
            ("aws|backup|start-copy-job|--region|us-g", "us-gov-east-1 us-gov-west-1"),
            ("aws|backup|start-copy-job|--generate-cli-skeleton|", "input output"),
            ("aws|backup|start-copy-job|--re", "--region --recovery-point-arn"),
            ("aws|backup|start-copy-job|--region=x|--re", "--recovery-point-arn"),
            ("aws|backup|start-copy-job|--recovery-point-arn|", ""),
            ("aws|backup|start-copy-job|x", ""),
        ] {
            let typed: Vec<String> = line.split('|').map(str::to_owned).collect();
            assert_eq!(offer(&cli::tree(), &typed, &profiles).0.join(" "), expected, "{line}");
        }
    }
}
