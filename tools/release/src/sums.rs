//! The manifest, the checksums, and their signature.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};

use crate::release::{Release, run};

/// The key to sign with, as GnuPG knows it.
const KEY: &str = "GPG_FINGERPRINT";

/// Adds to the archives in a directory what registries want beside them: the manifest, the checksums of all files, and
/// with `GPG_FINGERPRINT` in the environment their signature.
///
/// # Errors
///
/// If there is no archive, or something cannot be read, written or signed.
pub fn finish(release: &Release, directory: &Path, say: &mut dyn FnMut(&str)) -> Result<()> {
    let manifest = release.root.join("terraform-registry-manifest.json");
    std::fs::copy(&manifest, directory.join(release.file("manifest.json"))).context("the manifest")?;
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        names.extend(entry?.file_name().into_string().ok());
    }
    // Those of an earlier run are written anew.
    names.retain(|name| !name.contains("_SHA256SUMS"));
    names.sort();
    ensure!(names.iter().any(|name| name.ends_with(".zip")), "there is no archive in {}", directory.display());
    let mut sums = String::new();
    for name in &names {
        let bytes = std::fs::read(directory.join(name)).with_context(|| name.clone())?;
        for byte in Sha256::digest(bytes) {
            let _ = write!(sums, "{byte:02x}");
        }
        let _ = writeln!(sums, "  {name}");
    }
    let path = directory.join(release.file("SHA256SUMS"));
    std::fs::write(&path, sums)?;
    say(&format!("checksums: {}", crate::name(&path)));
    match std::env::var(KEY) {
        Ok(key) if !key.is_empty() => {
            let arguments = ["--batch", "--yes", "--local-user", &key, "--detach-sign"];
            run(Command::new("gpg")
                .args(arguments)
                .arg("--output")
                .arg(directory.join(release.file("SHA256SUMS.sig")))
                .arg(&path))?;
            say(&format!("signature: by {key}"));
        }
        _ => say(&format!("signature: left out, {KEY} is not set")),
    }
    Ok(())
}
