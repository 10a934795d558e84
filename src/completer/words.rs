//! What our own scripts ask for: the words up to the cursor, the last of them unfinished and perhaps empty.

use clap::{Arg, Command};

use super::{Completions, v1};
use crate::cli::WAIT;

/// The regions that AWS Backup is in.
const REGIONS: [&str; 38] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// Returns the candidates for the last of `typed`: values behind an option, else options or names. Values of `--name=` come
/// with it; bash gives the `=` as a word of its own.
pub(super) fn offer(tree: &Command, typed: &[String], profiles: &[String]) -> Completions {
    let current = typed.last().map_or("", String::as_str).trim_start_matches('=');
    let before: Vec<&str> =
        typed.split_last().map_or(&[][..], |(_, before)| before).iter().map(String::as_str).collect();
    let before: Vec<&str> = before.into_iter().filter(|word| *word != "=").collect();
    let (options, names): (Vec<&str>, Vec<&str>) =
        before.iter().skip(1).partition(|word| word.starts_with('-'));
    let here = names.iter().fold(tree, |here, name| here.find_subcommand(name).unwrap_or(here));
    let is_action = !here.has_subcommands();
    let known: Vec<&Arg> = [Some(tree), is_action.then_some(here)]
        .into_iter()
        .flatten()
        .flat_map(Command::get_arguments)
        .collect();
    let option =
        |name: &str| known.iter().find(|arg| v1::name(arg) == name && arg.get_action().takes_values());
    let words = if let Some((name, prefix)) = current.split_once('=') {
        let values = option(name).map(|option| values(option, prefix, profiles)).unwrap_or_default();
        values.iter().map(|value| format!("{name}={value}")).collect()
    } else if let Some(option) =
        before.last().and_then(|last| option(last)).filter(|_| !current.starts_with('-'))
    {
        values(option, current, profiles)
    } else if current.starts_with('-') || is_action {
        let fresh = |name: &String| !options.iter().any(|typed| typed.split('=').next() == Some(name));
        known
            .iter()
            .map(|arg| v1::name(arg))
            .filter(|name| name.starts_with(current) && fresh(name))
            .collect()
    } else {
        let names = here.get_subcommands().map(Command::get_name);
        names.filter(|name| name.starts_with(current)).map(str::to_owned).collect()
    };
    Completions { words, ours: is_action || here.get_name() == WAIT }
}

/// Returns the values of `option` that begin with `prefix`.
fn values(option: &Arg, prefix: &str, profiles: &[String]) -> Vec<String> {
    let all: Vec<String> = match option.get_long() {
        Some("profile") => profiles.to_vec(),
        Some("region") => REGIONS.map(str::to_owned).to_vec(),
        _ => option.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect(),
    };
    all.into_iter().filter(|value| value.starts_with(prefix)).collect()
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
            assert_eq!(offer(&cli::tree(), &typed, &profiles).words.join(" "), expected, "{line}");
        }
    }
}
