//! Tells where programs of this workspace are built.

use std::io::Write as _;
use std::path::Path;

fn main() -> std::io::Result<()> {
    // Cargo gives `<profile's directory>/build/<package>/out`.
    let directory = std::env::var("OUT_DIR").unwrap_or_default();
    let directory = Path::new(&directory).ancestors().nth(3).unwrap_or(Path::new("."));
    let mut cargo = std::io::stdout();
    writeln!(cargo, "cargo::rustc-env=BUILT={}", directory.display())?;
    writeln!(cargo, "cargo::rerun-if-changed=build.rs")
}
