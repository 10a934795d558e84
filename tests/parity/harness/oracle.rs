//! The real AWS CLI version 1: found, or installed into the target folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::stage::Program;

/// The version that all goldens are recorded with.
pub const VERSION: &str = "1.46.3";
/// It and the packages under it whose words the goldens hold, as pip reads them.
const PACKAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parity/v1-packages.txt");

/// What v1 installs beside itself as `awscli[crt]`; login sessions need it.
const EXTRA: &str = "awscrt==0.38.1";

/// The version that is run: the recorded one, or the one that `PARITY_V1` names, to see what a newer v1 changed.
pub fn version() -> String {
    std::env::var("PARITY_V1").unwrap_or_else(|_| VERSION.to_owned())
}

/// `text` with the product name of the version that is run as the recorded version's.
pub fn as_recorded(text: &str) -> String {
    text.replace(&format!("aws-cli/{} ", version()), &format!("aws-cli/{VERSION} "))
}

/// The Python that all goldens are recorded with: v1's usage errors are in the words of its `argparse`.
const PYTHON: &str = "3.11";

/// The oracle; `ORACLE` names another installation of the same version.
pub fn find() -> Result<Program, String> {
    found("ORACLE", &[])
}

/// The oracle with its extra package; `ORACLE_EXTRA` names another installation of the same version.
#[allow(dead_code, reason = "asked for by the parity test alone")]
pub fn find_extra() -> Result<Program, String> {
    found("ORACLE_EXTRA", &[EXTRA])
}

/// The installation that `variable` names, else one of our own with the packages `extra`.
fn found(variable: &str, extra: &[&str]) -> Result<Program, String> {
    let version = version();
    let path = match std::env::var_os(variable) {
        Some(path) => PathBuf::from(path),
        None => install(&version, extra)?,
    };
    let output = Command::new(&path)
        .arg("--version")
        .output()
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    if !told.starts_with(&format!("aws-cli/{version} ")) {
        return Err(format!("{} is not aws-cli {version}: {told}", path.display()));
    }
    if !told.contains(&format!(" Python/{PYTHON}.")) {
        return Err(format!(
            "the goldens are of Python {PYTHON}; {} runs in another: {told}",
            path.display()
        ));
    }
    let folder = path.parent().and_then(Path::parent).unwrap_or(&path);
    Ok(Program { folder: folder.display().to_string(), path, is_oracle: true })
}

/// Installs it once with `venv` and `pip`.
fn install(version: &str, extra: &[&str]) -> Result<PathBuf, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let suffix = if extra.is_empty() { "" } else { "-extra" };
    let folder = target.join(format!("oracle-{version}{suffix}"));
    let path = folder.join("bin/aws");
    if path.exists() {
        return Ok(path);
    }
    eprintln!("parity: installing awscli {version} into {}", folder.display());
    let environment = folder.display().to_string();
    step(&python()?, &["-m", "venv", &environment])?;
    let wanted = format!("awscli=={version}");
    let what = if version == VERSION { ["-r", PACKAGES] } else { ["--", &wanted] };
    step(&format!("{environment}/bin/pip"), &[&["install", "--quiet"], extra, &what[..]].concat())?;
    Ok(path)
}

/// A Python of the version that the goldens are of.
pub fn python() -> Result<String, String> {
    let is_right = |name: &String| {
        let output = Command::new(name).arg("--version").output();
        output.is_ok_and(|output| output.stdout.starts_with(format!("Python {PYTHON}.").as_bytes()))
    };
    let mut names = [format!("python{PYTHON}"), "python3".to_owned()].into_iter();
    names.find(is_right).ok_or_else(|| {
        format!(
            "no Python {PYTHON} on PATH, of which the goldens are: install it, or name v1's `aws` in ORACLE"
        )
    })
}

/// One command that must succeed.
pub fn step(program: &str, words: &[&str]) -> Result<(), String> {
    let status = Command::new(program).args(words).status().map_err(|error| format!("{program}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{program} {}: {status}", words.join(" "))) }
}
