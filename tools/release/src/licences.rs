//! The licences of what is linked into the program.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use cargo_metadata::Package;

use crate::parts::Parts;

/// What the files begin with that say under which terms a package comes.
const NAMES: &[&str] = &["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

/// All of their texts, each once, with the packages that it is of.
pub(crate) fn texts(parts: &Parts) -> Result<String> {
    let mut by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut all = String::from("The provider is made of these packages, under the licences that they declare.\n\n");
    for package in &parts.packages {
        let name = format!("{} {}", package.name, package.version);
        let declared = package.license.as_deref().with_context(|| format!("{name} declares no licence"))?;
        let texts = of(package)?;
        let note = if texts.is_empty() { " (published without its text)" } else { "" };
        let _ = writeln!(all, "{name}: {declared}{note}");
        for text in texts {
            by_text.entry(text).or_default().push(name.clone());
        }
    }
    for (text, names) in by_text {
        let _ = write!(all, "\n{}\n{}\n\n{}\n", "=".repeat(80), names.join(", "), text.trim_end());
    }
    Ok(all)
}

fn of(package: &Package) -> Result<Vec<String>> {
    let directory = package.manifest_path.parent().context("a package's directory")?;
    let mut paths = Vec::new();
    for entry in directory.read_dir_utf8().with_context(|| directory.to_string())? {
        let path = entry?.into_path();
        let name = path.file_name().unwrap_or_default().to_ascii_uppercase();
        if NAMES.iter().any(|start| name.starts_with(start)) && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| text(path.as_std_path())).collect()
}

/// A text with the line ends of this system's editors made equal.
fn text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))
}
