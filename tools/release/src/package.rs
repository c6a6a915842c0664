//! The archive of one platform, and its bill of materials beside it.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use time::OffsetDateTime;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::parts::Parts;
use crate::release::Release;
use crate::{bill, licences};

/// Packs a program that was built for a target into `directory`, and tells the archive.
///
/// # Errors
///
/// If something cannot be read or written, or a dependency's licence is unknown.
pub fn package(release: &Release, platform: &str, triple: &str, program: &Path, directory: &Path) -> Result<PathBuf> {
    let parts = Parts::of(release, triple)?;
    let read = |path: &Path| std::fs::read(path).with_context(|| path.display().to_string());
    let files = [
        (release.program(platform), 0o755, read(program)?),
        ("LICENSE".to_owned(), 0o644, read(&release.root.join("LICENSE"))?),
        ("THIRD-PARTY-LICENSES.txt".to_owned(), 0o644, licences::texts(&parts)?.into_bytes()),
    ];
    let archive = directory.join(release.file(&format!("{platform}.zip")));
    let mut writer = ZipWriter::new(File::create(&archive)?);
    for (name, permissions, content) in files {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(date(release.time)?)
            .unix_permissions(permissions);
        writer.start_file(name, options)?;
        writer.write_all(&content)?;
    }
    writer.finish()?;
    let bill = serde_json::to_string_pretty(&bill::of(release, &parts)?)? + "\n";
    std::fs::write(directory.join(release.file(&format!("{platform}.cdx.json"))), bill)?;
    Ok(archive)
}

/// The same time for every file, since archives without one differ from run to run.
fn date(time: OffsetDateTime) -> Result<DateTime> {
    let year = u16::try_from(time.year())?;
    let date =
        DateTime::from_date_and_time(year, time.month().into(), time.day(), time.hour(), time.minute(), time.second());
    date.map_err(|_| anyhow::anyhow!("{time} cannot be the time of a file in an archive"))
}
