//! Runs the emulator and a real Terraform (or OpenTofu) against it.
//!
//! Both are driven as users drive them: the emulator by its flags and its control endpoints, Terraform
//! by its commands. Nothing of the caller's own Terraform or cloud set-up leaks in.

mod emulator;
mod terraform;

pub use emulator::{Emulator, Options};
#[cfg(unix)]
pub use terraform::Running;
pub use terraform::{Output, Terraform, Version, find_terraform};

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

/// The key that emulator and provider share unless a test says otherwise.
pub const ACCESS_KEY_ID: &str = "testkit-key-id";
/// Its secret. Distinctive, so that it can be looked for where it must not be.
pub const ACCESS_KEY_SECRET: &str = "testkit-secret-Zk4tR9wQ";

/// A program of this workspace beside the running one, as cargo lays them out.
///
/// # Errors
///
/// If it has not been built.
pub fn built(name: &str) -> Result<PathBuf> {
    let running = std::env::current_exe().context("the path of this program")?;
    let directory = running
        .ancestors()
        .skip(1)
        .find(|directory| directory.file_name().is_none_or(|name| name != "deps"))
        .unwrap_or(Path::new("."));
    let path = directory.join(name).with_extension(std::env::consts::EXE_EXTENSION);
    ensure!(path.is_file(), "{} has not been built: run `cargo build --workspace` first", path.display());
    Ok(path)
}
