//! The provider on this machine, where `init` finds it without a registry.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::release::Release;

/// The provider's address.
const SOURCE: &str = "terraform.local/iot/alicloud-iot";

/// The directory that Terraform and OpenTofu look into unless they are told otherwise.
///
/// # Errors
///
/// If there is no home directory.
pub fn default_directory() -> Result<PathBuf> {
    if cfg!(windows) {
        let data = std::env::var_os("APPDATA").context("APPDATA is not set")?;
        return Ok(Path::new(&data).join("terraform.d").join("plugins"));
    }
    Ok(std::env::home_dir().context("there is no home directory")?.join(".terraform.d").join("plugins"))
}

/// Copies a program to its place under a directory of providers, and tells the place.
///
/// # Errors
///
/// If it cannot be put there.
pub fn install(release: &Release, platform: &str, program: &Path, directory: &Path) -> Result<PathBuf> {
    let place = directory.join(SOURCE).join(&release.version).join(platform);
    std::fs::create_dir_all(&place).with_context(|| place.display().to_string())?;
    let file = place.join(release.program(platform));
    // Beside it first: a program that runs cannot be written over, but it can be replaced.
    let new = place.join("new");
    std::fs::copy(program, &new).with_context(|| program.display().to_string())?;
    std::fs::rename(&new, &file)?;
    Ok(file)
}
