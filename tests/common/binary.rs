//! The binary `aws` that a program of `tests` runs: built by cargo, or one that is given, copied away from later builds.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "cargo.rs"]
mod cargo;

/// A copy of an executable, gone when this is dropped.
pub(crate) struct Binary {
    folder: PathBuf,
}

impl Binary {
    /// A copy of `given`, or of the binary `aws` of this example's own profile, built anew.
    pub(crate) fn copied(given: Option<&Path>) -> Result<Self, Box<dyn Error>> {
        let source = given.map_or_else(built, |path| Ok(path.to_owned()))?;
        let folder = std::env::temp_dir().join(format!("aws-copy-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let binary = Self { folder };
        std::fs::copy(&source, binary.path()).map_err(|error| format!("{}: {error}", source.display()))?;
        Ok(binary)
    }

    /// Where it is, alone in a folder that goes with it.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("aws")
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The binary `aws` of the same profile as this example, built by cargo.
fn built() -> Result<PathBuf, Box<dyn Error>> {
    let example = std::env::current_exe()?;
    let folder = example.parent().and_then(Path::parent).ok_or("an example stands in `examples`")?;
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // With an example, so that the same features are asked for and nothing is compiled twice.
    build.args(["build", "--quiet", "--bin", "aws", "--example", "demo"]);
    cargo::without_outer(&mut build).current_dir(env!("CARGO_MANIFEST_DIR"));
    if folder.ends_with("release") {
        build.arg("--release");
    }
    if !build.status()?.success() {
        return Err("`cargo build --bin aws` failed".into());
    }
    Ok(folder.join("aws"))
}
