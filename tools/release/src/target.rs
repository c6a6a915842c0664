//! What is built for.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::release::run;

/// A platform in the words of registries, and the Rust targets that make it.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// `OS_ARCH`.
    pub platform: &'static str,
    /// The best first: with musl, a program needs nothing of the machine that it runs on.
    pub triples: &'static [&'static str],
}

/// Everything that a release may be for.
pub const TARGETS: &[Target] = &[
    Target { platform: "darwin_amd64", triples: &["x86_64-apple-darwin"] },
    Target { platform: "darwin_arm64", triples: &["aarch64-apple-darwin"] },
    Target { platform: "linux_amd64", triples: &["x86_64-unknown-linux-musl", "x86_64-unknown-linux-gnu"] },
    Target { platform: "linux_arm64", triples: &["aarch64-unknown-linux-musl", "aarch64-unknown-linux-gnu"] },
    Target { platform: "windows_amd64", triples: &["x86_64-pc-windows-msvc"] },
];

/// What to do about a platform.
#[derive(Debug, PartialEq, Eq)]
pub enum Choice {
    /// Build it with this target.
    Build(&'static str),
    /// Say why not.
    LeaveOut(String),
}

impl Target {
    /// Chooses the best target whose standard library is installed and for which there is a C compiler, as a part of
    /// what is linked is written in C.
    pub fn choose(&self, installed: &[String], has_c_compiler: impl Fn(&str) -> bool) -> Choice {
        let is_installed = |triple: &&str| installed.iter().any(|it| it == triple);
        let candidates: Vec<_> = self.triples.iter().copied().filter(is_installed).collect();
        if candidates.is_empty() {
            let wanted = self.triples.first().copied().unwrap_or_default();
            return Choice::LeaveOut(format!(
                "the Rust standard library of {} is not installed (`rustup target add {wanted}`)",
                self.triples.join(" or ")
            ));
        }
        match candidates.iter().find(|triple| has_c_compiler(triple)) {
            Some(triple) => Choice::Build(triple),
            None => Choice::LeaveOut(format!("there is no C compiler for {}", candidates.join(" or "))),
        }
    }
}

/// Whether the C compiler that builds for a target is on this machine.
pub(crate) fn has_c_compiler(triple: &str, host: &str) -> bool {
    let compiler = cc::Build::new().cargo_metadata(false).opt_level(0).target(triple).host(host).try_get_compiler();
    compiler.is_ok_and(|compiler| compiler.to_command().arg("--version").output().is_ok())
}

/// The targets whose standard library the machine has.
pub(crate) fn standard_libraries() -> Result<Vec<String>> {
    let libraries = PathBuf::from(run(Command::new(rustc()).args(["--print", "sysroot"]))?.trim()).join("lib/rustlib");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&libraries).with_context(|| format!("reading {}", libraries.display()))? {
        let path = entry?.path();
        // Sources and manifests are there, too.
        if path.join("lib").is_dir() {
            found.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    Ok(found)
}

/// The target of this machine.
pub(crate) fn host() -> Result<String> {
    let version = run(Command::new(rustc()).arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say its host")?.to_owned())
}

/// The platform that a target makes.
pub(crate) fn platform_of(triple: &str) -> Result<&'static str> {
    let target = TARGETS.iter().find(|target| target.triples.contains(&triple));
    Ok(target.with_context(|| format!("there are no releases for {triple}"))?.platform)
}

fn rustc() -> std::ffi::OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}
