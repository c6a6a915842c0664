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

use anyhow::{Context as _, Result};

/// Makes everything into `directory`, which is emptied first: an archive and a bill of materials for each platform whose
/// Rust standard library and C compiler are installed, the manifest and the checksums. Says one line for each platform.
///
/// # Errors
///
/// If something cannot be built or written, or there is no platform at all.
pub fn dist(release: &Release, directory: &Path, say: &mut dyn FnMut(&str)) -> Result<()> {
    if directory.exists() {
        std::fs::remove_dir_all(directory).with_context(|| format!("emptying {}", directory.display()))?;
    }
    std::fs::create_dir_all(directory)?;
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
