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
    /// Where the environment is read from.
    pub host: &'h Host,
    /// The configuration file.
    file: ConfigFile,
    /// The credentials file: each of its sections is a profile.
    credentials: Sections,
    /// `[toplevel]` of the alias file.
    aliases: Dict,
    /// The profile that was selected; `None` where none was.
    profile: Option<String>,
    /// True where `--profile` named it: the environment's credentials do not count then (CRED-03).
    profile_typed: bool,
}

/// The sections of the configuration file, sorted by what they are.
#[derive(Debug, Default)]
pub(crate) struct ConfigFile {
    /// `[default]`, `[profile x]`
    pub profiles: Sections,
    /// `[sso-session x]`
    pub sso_sessions: Sections,
    /// `[services x]`
    pub services: Sections,
    /// All other sections under their own name, e.g. `plugins`.
    pub others: Sections,
}

/// One profile: the keys of both files, those of the credentials file first (CFG-12).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Profile<'c> {
    /// Its section of the configuration file.
    file: Option<&'c Dict>,
    /// Its section of the credentials file.
    credentials: Option<&'c Dict>,
}

/// The selected profile is in neither file; holds its name.
#[derive(Debug)]
pub(crate) struct ProfileNotFound(pub(crate) String);

impl From<ProfileNotFound> for Error {
    /// Returns v1's error.
    /// Parity: CFG-05.
    fn from(ProfileNotFound(name): ProfileNotFound) -> Self {
        failure!("The config profile ({name}) could not be found")
    }
}

impl<'c> Profile<'c> {
    /// Returns the value of `key`; a text, or a mapping where an indented block follows the key.
    pub(crate) fn get(&self, key: &str) -> Option<&'c Value> {
        let credentials = self.credentials.and_then(|section| section.get(key));
        credentials.or_else(|| self.file.and_then(|section| section.get(key)))
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
            profile: profile.map(str::to_owned),
            profile_typed: false,
        })
    }

    /// Takes the value of `--profile`, which wins over the environment unless it is empty.
    /// v1: `CLIDriver._handle_top_level_args`. Parity: CFG-04, CFG-06.
    pub(crate) fn choose_profile(&mut self, typed: Option<&str>) {
        if let Some(name) = typed.filter(|name| !name.is_empty()) {
            self.profile = Some(name.to_owned());
            self.profile_typed = true;
        }
    }

    /// Returns the name of the selected profile; `None` where none was selected, and `default` counts if it is there.
    pub(crate) fn profile_name(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// Returns true where `--profile` selected it.
    pub(crate) fn profile_typed(&self) -> bool {
        self.profile_typed
    }

    /// Returns the region in which the program runs, where `AWS_EXECUTION_ENV` says that AWS runs it.
    /// v1: `SmartDefaultsConfigStoreFactory.resolve_auto_mode`. Parity: CFG-53.
    pub(super) fn current_region(&self) -> Option<&str> {
        self.host.env_filled("AWS_EXECUTION_ENV")?;
        let region = self.host.env("AWS_REGION").or_else(|| self.host.env("AWS_DEFAULT_REGION"));
        region.filter(|region| !region.is_empty())
    }

    /// Returns the configuration file alone.
    pub(crate) fn config_file(&self) -> &ConfigFile {
        &self.file
    }

    /// Returns the sections of the credentials file alone.
    pub(crate) fn credentials_file(&self) -> &Sections {
        &self.credentials
    }

    /// Returns the aliases of `~/.aws/cli/alias`.
    pub(crate) fn aliases(&self) -> &Dict {
        &self.aliases
    }

    /// Returns the names of all profiles: those of the configuration file first.
    /// v1: `Session.available_profiles`. Parity: COMP-04.
    pub(crate) fn profile_names(&self) -> impl Iterator<Item = &str> {
        let others = self.credentials.keys().filter(|name| !self.file.profiles.contains_key(*name));
        self.file.profiles.keys().chain(others).map(String::as_str)
    }

    /// Returns the profile `name`; `None` where neither file has it.
    pub(crate) fn profile(&self, name: &str) -> Option<Profile<'_>> {
        let profile = Profile { file: self.file.profiles.get(name), credentials: self.credentials.get(name) };
        (profile.file.is_some() || profile.credentials.is_some()).then_some(profile)
    }

    /// Returns the selected profile; an empty one where none was selected and there is no `default`.
    /// Errors: [`ProfileNotFound`] where a selected one does not exist, be it `default` itself.
    /// v1: `Session.get_scoped_config`. Parity: CFG-05, CFG-06, CFG-08.
    pub(crate) fn selected_profile(&self) -> Result<Profile<'_>, ProfileNotFound> {
        match &self.profile {
            None => Ok(self.profile("default").unwrap_or_default()),
            Some(name) => self.profile(name).ok_or_else(|| ProfileNotFound(name.clone())),
        }
    }

    /// Returns the value of `setting`: environment (also an empty one), profile, default.
    /// Errors: [`ProfileNotFound`] where the environment has no value and the selected profile does not exist.
    /// v1: `ConfigValueStore.get_config_variable`. Parity: CFG-15.
    pub(crate) fn value<T>(&self, setting: &Setting<T>) -> Result<T, ProfileNotFound> {
        if let Some(value) = setting.env.and_then(|variable| self.host.env(variable)) {
            return Ok((setting.read)(Some(Value::from(value))));
        }
        let configured = match setting.key {
            Some(key) => self.selected_profile()?.get(key).cloned(),
            None => None,
        };
        Ok((setting.read)(configured.or_else(|| setting.default.map(Value::from))))
    }
}

/// Returns the text of a setting that must be one.
/// Errors: the value is a block of indented lines; v1 stumbles over its type in various words (D1).
pub(super) fn expect_text<'v>(key: &str, value: &'v Value) -> Result<&'v str, Error> {
    value.as_str().ok_or_else(|| {
        failure!("The value of the setting \"{key}\" must be text, not a block of indented lines")
    })
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
    let sections = String::from_utf8(bytes).map_err(|_| ini::IniError);
    let sections = sections.and_then(|text| ini::parse(&text, blocks));
    sections.map_err(|_| Error::Traceback(format!("Unable to parse config file: {path}")))
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
