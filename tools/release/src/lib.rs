//! Makes the files of a release, in the shape that registries of Terraform and OpenTofu take.
//!
//! What goes in is a commit; two runs on one machine make the same bytes. Reading order: [`Release`] (names and
//! versions), `target` (what is built for), `compile`, `package` (the archive of one platform), `licences` and `bill`
//! (what it is made of), `sums` (checksums and their signature), `install` (a mirror on this machine).

mod bill;
mod compile;
mod install;
mod licences;
mod package;
mod parts;
mod release;
mod sums;
mod target;

pub use install::{default_directory, install};
pub use package::package;
pub use release::Release;
pub use sums::finish;
pub use target::{Choice, TARGETS, Target};

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// Makes everything into `directory`, from which the files of an earlier release go first: an archive and a bill of materials for each platform whose
/// Rust standard library and C compiler are installed, the manifest and the checksums. Says one line for each platform.
///
/// # Errors
///
/// If something cannot be built or written, there is no platform at all, or the directory has something else in it.
pub fn dist(release: &Release, directory: &Path, say: &mut dyn FnMut(&str)) -> Result<()> {
    std::fs::create_dir_all(directory)?;
    empty(release, directory)?;
    let (installed, host) = (target::standard_libraries()?, target::host()?);
    for target in TARGETS {
        match target.choose(&installed, |triple| target::has_c_compiler(triple, &host)) {
            Choice::Build(triple) => {
                let binary = compile::compile(release, triple)?;
                let archive = package(release, target.platform, triple, &binary, directory)?;
                let linked = if triple.ends_with("-gnu") { ", linked to the C library of this machine" } else { "" };
                say(&format!("{}: {} for {triple}{linked}", target.platform, name(&archive)));
            }
            Choice::LeaveOut(reason) => say(&format!("{}: left out, {reason}", target.platform)),
        }
    }
    finish(release, directory, say)
}

/// Removes the files of earlier releases.
///
/// # Errors
///
/// If the directory has anything else in it, which is somebody's: nothing is removed then.
pub fn empty(release: &Release, directory: &Path) -> Result<()> {
    let emptying = || format!("emptying {}", directory.display());
    let prefix = format!("{}_", release.name());
    let mut earlier = Vec::new();
    for entry in std::fs::read_dir(directory).with_context(emptying)? {
        let entry = entry.with_context(emptying)?;
        let is_ours = entry.file_name().to_string_lossy().starts_with(&prefix) && entry.file_type()?.is_file();
        if !is_ours {
            bail!("{} is no file of a release: name another directory, or remove it yourself", entry.path().display());
        }
        earlier.push(entry.path());
    }
    earlier.iter().try_for_each(std::fs::remove_file).with_context(emptying)
}

/// Builds the provider for this machine and puts it under `directory`.
///
/// # Errors
///
/// If it cannot be built or put there.
pub fn build_and_install(release: &Release, directory: &Path) -> Result<PathBuf> {
    let host = target::host()?;
    install(release, target::platform_of(&host)?, &compile::compile(release, &host)?, directory)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
