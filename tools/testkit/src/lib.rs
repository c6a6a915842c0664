//! Runs the emulator and a real Terraform (or OpenTofu) against it.
//!
//! Both are driven as users drive them: the emulator by its flags and its control endpoints, Terraform
//! by its commands. Nothing of the caller's own Terraform or cloud set-up leaks in.

mod asked;
mod emulator;
mod relay;
mod running;
mod terraform;

pub use asked::find_terraform;
pub use emulator::{AccessKey, Emulator, Options};
pub use relay::{At, Relay};
pub use running::Running;
pub use terraform::{Output, Terraform, Version};

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

/// The key that emulator and provider share unless a test says otherwise.
pub const ACCESS_KEY_ID: &str = "testkit-key-id";
/// Its secret. Distinctive, so that it can be looked for where it must not be.
pub const ACCESS_KEY_SECRET: &str = "testkit-secret-Zk4tR9wQ";

/// A program of this workspace, built as this package was. Examples in documentation run elsewhere than beside it.
///
/// # Errors
///
/// If it has not been built.
pub fn built(name: &str) -> Result<PathBuf> {
    let path = Path::new(env!("BUILT")).join(name).with_extension(std::env::consts::EXE_EXTENSION);
    ensure!(path.is_file(), "{} has not been built: run `cargo build --workspace` first", path.display());
    Ok(path)
}

/// Longer than anything here takes, even on a machine that is busy; only a hang reaches it.
const LIMIT: Duration = Duration::from_secs(120);
/// Between two looks at what is waited for.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Looks until there is something.
///
/// # Errors
///
/// Those of looking, or that nothing came within a limit that only a hang reaches.
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let started = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if started.elapsed() > LIMIT {
            bail!("waited {} s in vain for {what}", LIMIT.as_secs());
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}
