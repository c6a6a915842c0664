//! What is released: name, version, time.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use time::OffsetDateTime;

/// The program.
const NAME: &str = "terraform-provider-alicloud-iot";

/// A version of the provider, and where its sources are.
#[derive(Debug, Clone)]
pub struct Release {
    /// The repository.
    pub root: PathBuf,
    /// Without a leading `v`.
    pub version: String,
    /// When the commit was made, or what `SOURCE_DATE_EPOCH` says: the time of every file.
    pub time: OffsetDateTime,
}

impl Release {
    /// The one that is checked out at `root`.
    ///
    /// # Errors
    ///
    /// If the version or the commit cannot be found out.
    pub fn of(root: &Path) -> Result<Self> {
        let root = root.canonicalize()?;
        let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
            Ok(seconds) => seconds,
            Err(_) => run(Command::new("git").args(["log", "-1", "--format=%ct"]).current_dir(&root))?,
        };
        let time = OffsetDateTime::from_unix_timestamp(seconds.trim().parse().context("the time of the commit")?)?;
        // One version for the workspace, this tool included.
        Ok(Self { root, version: env!("CARGO_PKG_VERSION").to_owned(), time })
    }

    /// The provider's name.
    pub fn name(&self) -> &'static str {
        NAME
    }

    /// The name of a file of this version, such as `linux_amd64.zip`.
    pub fn file(&self, rest: &str) -> String {
        format!("{NAME}_{}_{rest}", self.version)
    }

    /// The name of the program in archives and mirrors.
    pub fn program(&self, platform: &str) -> String {
        let extension = if platform.starts_with("windows_") { ".exe" } else { "" };
        format!("{NAME}_v{}{extension}", self.version)
    }
}

/// What a command prints for its result.
pub(crate) fn run(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("running {}", command.get_program().to_string_lossy()))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} failed: {errors}", command.get_program().to_string_lossy());
    Ok(String::from_utf8(output.stdout)?)
}
