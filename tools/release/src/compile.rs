//! The program, the same bytes each time.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::release::Release;

/// Builds the provider, optimised, and tells where it is.
pub(crate) fn compile(release: &Release, triple: &str) -> Result<PathBuf> {
    let directory = release.root.join("target/release-build");
    // No path of this machine in the program: neither in Rust's messages nor in those of C.
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    let places = [(home, "/cargo"), (release.root.clone(), "/source")];
    let remap =
        |flag: &str| places.iter().map(|(from, to)| format!("{flag}={}={to}", from.display())).collect::<Vec<_>>();
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--locked", "--quiet", "--package", release.name(), "--bin", release.name()])
        .args(["--target", triple])
        .arg("--target-dir")
        .arg(&directory)
        .env("CARGO_ENCODED_RUSTFLAGS", remap("--remap-path-prefix").join("\u{1f}"))
        .env("CFLAGS", remap("-ffile-prefix-map").join(" "))
        .env("SOURCE_DATE_EPOCH", release.time.unix_timestamp().to_string())
        .current_dir(&release.root)
        .status()?;
    ensure!(status.success(), "building for {triple} failed");
    let extension = if triple.contains("-windows-") { "exe" } else { "" };
    Ok(directory.join(triple).join("release").join(release.name()).with_extension(extension))
}
