//! `release dist DIRECTORY`, `release sums DIRECTORY`, `release install [DIRECTORY]`.
#![allow(clippy::print_stdout, reason = "says what it makes")]

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use release::{Release, build_and_install, default_directory, dist, finish};

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let release = Release::of(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").as_path())?;
    let mut say = |line: &str| println!("{line}");
    match arguments.as_slice() {
        ["dist", directory] => dist(&release, Path::new(directory), &mut say),
        ["sums", directory] => finish(&release, Path::new(directory), &mut say),
        ["install", rest @ ..] if rest.len() < 2 => {
            let default = default_directory()?;
            let directory = rest.first().map_or_else(|| default.clone(), PathBuf::from);
            say(&build_and_install(&release, &directory)?.display().to_string());
            say(if directory == default {
                "`terraform init` and `tofu init` find it there."
            } else {
                "`terraform init` and `tofu init` find it there if a `filesystem_mirror` has the directory for its `path`."
            });
            Ok(())
        }
        _ => bail!("say `dist DIRECTORY`, `sums DIRECTORY` or `install [DIRECTORY]`"),
    }
}
