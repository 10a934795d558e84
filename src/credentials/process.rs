//! `credential_process`: a program of the user's that prints keys: no shell, no time limit, standard input inherited;
//! its standard error is shown only when it fails. Mirrors `ProcessProvider` in `botocore/credentials.py`.

use std::io;
use std::process::{Child, Command, Stdio};

use super::expiry::Expiry;
use super::provider::{Credentials, Provider};
use crate::delegate::path_candidates;
use crate::error::{Error, failure};
use crate::host::{self, Host};
use crate::python::{Value, codec, json, oserror, repr, shlex};
use crate::runtime;
use crate::session::{Config, settings};

const SETTING: &str = "credential_process";
/// The most that is read of what the program prints, in bytes.
const MOST: usize = 16 << 20;

/// Returns the credentials that the program of the profile `name` prints; `None` where it names none.
/// v1: `ProcessProvider.load`. Parity: CRED-70, CRED-72.
pub(super) fn load(config: &Config<'_>, name: &str) -> Result<Option<Provider>, Error> {
    let line = config.profile(name).and_then(|profile| profile.get(SETTING).cloned());
    let Some(line) = settings::text(SETTING, line)? else { return Ok(None) };
    let (credentials, expiry) = config.host.block_on(run(&line, config.host))??;
    let Some(expiry) = expiry else { return Ok(Some(Provider::Static(credentials))) };
    Ok(Some(Provider::refreshable(Some((credentials, expiry)), async move |context| {
        let (credentials, expiry) = run(&line, context.config.host).await?;
        let no_date = || failure!("Parser must be a string or character stream, not NoneType");
        Ok((credentials, expiry.ok_or_else(no_date)?))
    })))
}

/// Runs the program and returns the keys that it printed, and when they expire.
/// Errors: a line that cannot be split, a program that cannot be started or fails, output that is not the contract's.
/// v1: `ProcessProvider._retrieve_credentials_using`. Parity: CRED-70, CRED-71.
async fn run(line: &str, host: &Host) -> Result<(Credentials, Option<Expiry>), Error> {
    let words = shlex::split(line)?;
    let Some((program, arguments)) = words.split_first() else {
        return Err(failure!("list index out of range"));
    };
    let refused = |error: io::Error| failure!("{}", oserror::with_path(&error, program));
    let child = spawn(program, arguments, host).map_err(refused)?;
    let output = runtime::output(child, MOST).await.map_err(refused)?;
    if output.stdout.len() > MOST {
        return Err(failed("the program printed more than 16 mebibytes, which credentials are not"));
    }
    if !output.status.success() {
        return Err(failed(&codec::utf8(&output.stderr)?));
    }
    read(&codec::utf8(&output.stdout)?)
}

/// Starts the program: a name is searched for in PATH, where files that cannot be executed are passed over.
/// Errors: the first that is not the absence of a file, else the last.
/// v1: `subprocess.Popen`, `os.get_exec_path`. Parity: CRED-71, `credentials/process-path-empty-file`.
fn spawn(program: &str, arguments: &[String], host: &Host) -> io::Result<Child> {
    let candidates = if program.contains('/') {
        vec![host::path(program)]
    } else {
        path_candidates(program, host.env("PATH").unwrap_or("/bin:/usr/bin"))
    };
    let is_absence =
        |error: &io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
    let mut failure = None;
    for candidate in candidates {
        let mut command = Command::new(candidate);
        command.args(arguments.iter().map(|word| host::path(word)));
        command.envs(coerced_locale(host));
        command.stdin(Stdio::inherit()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, host::path(program));
        match command.spawn() {
            Ok(child) => return Ok(child),
            Err(error) if failure.as_ref().is_none_or(is_absence) => failure = Some(error),
            Err(_) => {}
        }
    }
    Err(failure.unwrap_or_else(|| io::ErrorKind::NotFound.into()))
}

/// Returns what Python adds to the environment where it is started in the C locale.
/// v1: PEP 538. Parity: `credentials/process-locale-c`.
fn coerced_locale(host: &Host) -> Option<(&'static str, &'static str)> {
    let locale = ["LC_CTYPE", "LANG"].iter().find_map(|name| host.env_filled(name)).unwrap_or("C");
    let is_coerced = matches!(locale, "C" | "POSIX")
        && host.env_filled("LC_ALL").is_none()
        && host.env("PYTHONCOERCECLOCALE") != Some("0");
    (cfg!(unix) && is_coerced).then_some(("LC_CTYPE", "C.UTF-8"))
}

fn read(output: &str) -> Result<(Credentials, Option<Expiry>), Error> {
    let document = match json::decode(output)? {
        Value::Dict(document) => document,
        other => return Err(failure!("'{}' object has no attribute 'get'", other.type_name())),
    };
    let version = document.get("Version");
    if !version.is_some_and(|version| ["1", "1.0", "True"].contains(&repr::repr(version).as_str())) {
        let found = version.map_or_else(|| "<Version key not provided>".to_owned(), repr::str);
        return Err(failed(&format!(
            "Unsupported version '{found}' for credential process provider, supported versions: 1"
        )));
    }
    let member = |key: &str| {
        let missing = || failed(&format!("Missing required key in response: '{key}'"));
        document.get(key).ok_or_else(missing)
    };
    let (id, secret) = (member("AccessKeyId")?, member("SecretAccessKey")?);
    let credentials = Credentials::from_values(id, secret, document.get("SessionToken"))?;
    let expiry = document.get("Expiration").filter(|end| **end != Value::None);
    Ok((credentials, expiry.map(Expiry::read).transpose()?))
}

/// Returns v1's `CredentialRetrievalError` of the provider `custom-process`.
fn failed(reason: &str) -> Error {
    failure!("Error when retrieving credentials from custom-process: {reason}")
}
