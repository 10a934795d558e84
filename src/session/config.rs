//! The configuration and credentials files -> profiles, and the value of a setting in v1's order of precedence.
//!
//! Mirrors `botocore.configloader.build_profile_map`, `botocore.session.Session.full_config` and
//! `botocore.configprovider`. The dialect of the files is in [`super::ini`], the settings in [`super::settings`].

use std::fs;

use super::ini::{self, IndentedValue, Sections};
use super::settings::Setting;
use crate::error::{Error, failure};
use crate::host::{self, Host};
use crate::python::{Dict, Value, shlex};

/// Content of both files, and the selected profile.
#[derive(Debug)]
pub(crate) struct Config<'h> {
    pub host: &'h Host,
    pub file: ConfigFile,
    /// The credentials file: each of its sections is a profile.
    pub credentials: Sections,
    /// `[toplevel]` of the alias file.
    pub(super) aliases: Dict,
    /// The profile that was selected; where none was, `default` counts if it is there.
    pub profile_name: Option<String>,
    /// True where `--profile` named it: the environment's credentials do not count then (CRED-03).
    pub profile_typed: bool,
}

/// The sections of the configuration file: `[default]` and `[profile x]`, `[sso-session x]`, `[services x]`, all others
/// under their own name, e.g. `plugins`.
#[derive(Debug, Default)]
pub(crate) struct ConfigFile {
    pub profiles: Sections,
    pub sso_sessions: Sections,
    pub services: Sections,
    pub others: Sections,
}

/// One profile: its sections of the credentials file, whose keys win (CFG-12), and of the configuration file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Profile<'c>([Option<&'c Dict>; 2]);

/// The selected profile is in neither file; holds its name.
#[derive(Debug)]
pub(crate) struct ProfileNotFound(pub(crate) String);

/// Parity: CFG-05.
impl From<ProfileNotFound> for Error {
    fn from(ProfileNotFound(name): ProfileNotFound) -> Self {
        failure!("The config profile ({name}) could not be found")
    }
}

impl<'c> Profile<'c> {
    /// Returns the value of `key`; a text, or a mapping where an indented block follows the key.
    pub(crate) fn get(&self, key: &str) -> Option<&'c Value> {
        self.0.into_iter().flatten().find_map(|section| section.get(key))
    }

    /// Returns the value of `key` where it is a text.
    pub(crate) fn text(&self, key: &str) -> Option<&'c str> {
        self.get(key).and_then(Value::as_str)
    }
}

impl<'h> Config<'h> {
    /// Reads the files that the environment names; a file that is not there, or cannot be opened, is empty.
    /// Errors: [`Error::Traceback`] for a file that cannot be parsed: configuration, credentials, alias, in this order.
    /// v1: `Session.full_config`, `AliasLoader`. Parity: CFG-10 to CFG-13, CFG-20, CFG-71.
    pub(crate) fn load(host: &'h Host) -> Result<Self, Error> {
        let path = |variable, default| host.env(variable).unwrap_or(default);
        let file = read(host, path("AWS_CONFIG_FILE", "~/.aws/config"), IndentedValue::Nested)?;
        let credentials = path("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
        let credentials = read(host, credentials, IndentedValue::Nested)?;
        let alias = host.expand_user("~/.aws/cli/alias");
        if fs::metadata(host::path(&alias)).is_ok_and(|facts| !facts.is_file()) {
            return Err(Error::Traceback(format!("The specified config file ({alias}) could not be found.")));
        }
        let mut aliases = read(host, &alias, IndentedValue::Literal)?;
        let profile = host.env("AWS_DEFAULT_PROFILE").or_else(|| host.env("AWS_PROFILE"));
        Ok(Self {
            host,
            file: ConfigFile::from(file),
            credentials,
            aliases: aliases.swap_remove("toplevel").unwrap_or_default(),
            profile_name: profile.map(str::to_owned),
            profile_typed: false,
        })
    }

    /// Takes the value of `--profile`, which wins over the environment unless it is empty.
    /// v1: `CLIDriver._handle_top_level_args`. Parity: CFG-04, CFG-06.
    pub(crate) fn choose_profile(&mut self, typed: Option<&str>) {
        if let Some(name) = typed.filter(|name| !name.is_empty()) {
            self.profile_name = Some(name.to_owned());
            self.profile_typed = true;
        }
    }

    /// Returns the names of all profiles: those of the configuration file first.
    /// v1: `Session.available_profiles`. Parity: COMP-04.
    pub(crate) fn profile_names(&self) -> impl Iterator<Item = &str> {
        let others = self.credentials.keys().filter(|name| !self.file.profiles.contains_key(*name));
        self.file.profiles.keys().chain(others).map(String::as_str)
    }

    /// Returns the profile `name`; `None` where neither file has it.
    pub(crate) fn profile(&self, name: &str) -> Option<Profile<'_>> {
        let sections = [self.credentials.get(name), self.file.profiles.get(name)];
        sections.iter().any(Option::is_some).then_some(Profile(sections))
    }

    /// Returns the selected profile; an empty one where none was selected and there is no `default`.
    /// Errors: [`ProfileNotFound`] where a selected one does not exist, be it `default` itself.
    /// v1: `Session.get_scoped_config`. Parity: CFG-05, CFG-06, CFG-08.
    pub(crate) fn selected_profile(&self) -> Result<Profile<'_>, ProfileNotFound> {
        match &self.profile_name {
            None => Ok(self.profile("default").unwrap_or_default()),
            Some(name) => self.profile(name).ok_or_else(|| ProfileNotFound(name.clone())),
        }
    }

    /// Returns the value of `setting`: environment, profile.
    /// Errors: [`ProfileNotFound`] where the environment has no value and the selected profile does not exist.
    /// v1: `ConfigValueStore.get_config_variable`. Parity: CFG-15.
    pub(crate) fn value<T>(&self, setting: &Setting<T>) -> Result<T, ProfileNotFound> {
        self.typed_or(None, setting)
    }

    /// Returns the value of `setting`: the option as `typed`, else as [`Self::value`].
    pub(super) fn typed_or<T>(
        &self,
        typed: Option<&str>,
        setting: &Setting<T>,
    ) -> Result<T, ProfileNotFound> {
        let value = match typed.or_else(|| self.host.env(setting.env?)) {
            Some(text) => Some(Value::from(text)),
            None => self.selected_profile()?.get(setting.key).cloned(),
        };
        Ok((setting.read)(setting.key, value))
    }
}

/// Returns the sections of the file at `path`; none where it is not there, no regular file, or cannot be opened.
/// Errors: [`Error::Traceback`] for a file that cannot be parsed.
pub(crate) fn read(host: &Host, path: &str, blocks: IndentedValue) -> Result<Sections, Error> {
    let path = host.expand_user(&host.expand_variables(path));
    let file = host::path(&path);
    if !fs::metadata(&file).is_ok_and(|facts| facts.is_file()) {
        return Ok(Sections::new());
    }
    let Ok(bytes) = fs::read(&file) else { return Ok(Sections::new()) };
    let sections = String::from_utf8(bytes).ok().and_then(|text| ini::parse(&text, blocks));
    sections.ok_or_else(|| Error::Traceback(format!("Unable to parse config file: {path}")))
}

impl From<Sections> for ConfigFile {
    /// Sorts the sections; of two that name the same profile the later one stays.
    /// v1: `build_profile_map`. Parity: CFG-27.
    fn from(sections: Sections) -> Self {
        let mut file = Self::default();
        for (name, section) in sections {
            let kinds = [
                ("profile", &mut file.profiles),
                ("sso-session", &mut file.sso_sessions),
                ("services", &mut file.services),
            ];
            let kind = kinds.into_iter().find(|(prefix, _)| name.starts_with(prefix));
            match kind {
                Some((_, kind)) => kind.extend(second_word(&name).map(|name| (name, section))),
                None if name == "default" => _ = file.profiles.insert(name, section),
                None => _ = file.others.insert(name, section),
            }
        }
        file
    }
}

/// Returns the name in `profile name`: the second of exactly two words as a shell splits them.
fn second_word(section: &str) -> Option<String> {
    let words: [String; 2] = shlex::split(section).ok()?.try_into().ok()?;
    let [_, name] = words;
    Some(name)
}
