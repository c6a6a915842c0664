//! SDKs, installed once for each pinned set of versions.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a client cannot run here.
pub(crate) struct Missing(pub(crate) String);

/// The interpreter of a virtual environment that has what `requirements.txt` pins.
pub(crate) fn python(name: &str, sources: &Path) -> Result<PathBuf, Missing> {
    let directory = directory(name);
    let interpreter = directory.join("bin/python");
    let pinned = std::fs::read_to_string(sources.join("requirements.txt")).unwrap();
    if is_installed(&directory, &pinned) {
        return Ok(interpreter);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&directory))?;
    let mut pip = Command::new(&interpreter);
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]);
    run(pip.arg("--requirement").arg(sources.join("requirements.txt")))?;
    remember(&directory, &pinned);
    Ok(interpreter)
}

/// A directory with the client and what `package-lock.json` pins.
pub(crate) fn node(name: &str, sources: &Path) -> Result<PathBuf, Missing> {
    let directory = directory(name);
    std::fs::create_dir_all(&directory).unwrap();
    // Node looks for packages beside the program.
    for file in ["package.json", "package-lock.json", "client.cjs"] {
        std::fs::copy(sources.join(file), directory.join(file)).unwrap();
    }
    let pinned = std::fs::read_to_string(sources.join("package-lock.json")).unwrap();
    if !is_installed(&directory, &pinned) {
        run(Command::new("node").arg("--version"))?;
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"]);
        run(npm.current_dir(&directory))?;
        remember(&directory, &pinned);
    }
    Ok(directory)
}

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients").join(name)
}

fn is_installed(directory: &Path, pinned: &str) -> bool {
    std::fs::read_to_string(directory.join("pinned")).is_ok_and(|installed| installed == pinned)
}

fn remember(directory: &Path, pinned: &str) {
    std::fs::write(directory.join("pinned"), pinned).unwrap();
}

fn run(command: &mut Command) -> Result<(), Missing> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Missing(format!("{program}: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let complained = String::from_utf8_lossy(&output.stderr);
    let last = complained.trim_end().lines().last().unwrap_or_default();
    Err(Missing(format!("{program} failed: {last}")))
}
