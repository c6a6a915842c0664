//! What the caller asks for, in the variables that acceptance tests of Terraform providers know.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use tempfile::TempDir;

/// The directory of one Terraform, named after the thread that tests with it. It goes when it is no longer used, unless
/// `TF_ACC_PERSIST_WORKING_DIR` asks to keep it.
pub(crate) fn working_directory() -> Result<TempDir> {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("terraform").replace("::", "-");
    let mut directory = tempfile::Builder::new().prefix(&format!("tf-acc-{name}-")).tempdir()?;
    directory.disable_cleanup(variable("TF_ACC_PERSIST_WORKING_DIR").is_some());
    Ok(directory)
}

/// The variables by which Terraform logs as the caller wants: `TF_LOG`, `TF_LOG_CORE` and `TF_LOG_PROVIDER` are handed on,
/// and `TF_ACC_LOG_PATH` is a file for everything, at the level `TRACE` unless another one is set.
pub(crate) fn logs() -> Result<Vec<(&'static str, OsString)>> {
    let levels = ["TF_LOG", "TF_LOG_CORE", "TF_LOG_PROVIDER"];
    let mut variables: Vec<_> = levels.into_iter().filter_map(|name| Some((name, variable(name)?))).collect();
    if let Some(path) = variable("TF_ACC_LOG_PATH") {
        if variables.is_empty() {
            variables.push(("TF_LOG", "TRACE".into()));
        }
        // Commands run in a directory of their own.
        variables.push(("TF_LOG_PATH", std::path::absolute(path)?.into()));
    }
    Ok(variables)
}

/// The Terraform to test with: the one that `TF_ACC_TERRAFORM_PATH` names, else `terraform` or `tofu`
/// on the path.
///
/// # Errors
///
/// If there is none.
pub fn find_terraform() -> Result<PathBuf> {
    if let Some(path) = variable("TF_ACC_TERRAFORM_PATH") {
        let path = PathBuf::from(path);
        ensure!(path.is_file(), "there is no Terraform at {}, which TF_ACC_TERRAFORM_PATH names", path.display());
        return Ok(path);
    }
    let directories: Vec<_> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    for name in ["terraform", "tofu"] {
        let file = Path::new(name).with_extension(std::env::consts::EXE_EXTENSION);
        if let Some(found) = directories.iter().map(|it| it.join(&file)).find(|path| path.is_file()) {
            return Ok(found);
        }
    }
    bail!(
        "there is no Terraform on this machine. Install Terraform 1.0 or OpenTofu 1.6 or newer so that `terraform` or \
         `tofu` is on the PATH, or name the program in TF_ACC_TERRAFORM_PATH"
    )
}

/// A variable that is set to something.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
