//! Small files, read to a limit.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a file could not be read. The text follows the file's name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FileProblem {
    /// It is not there.
    #[error("does not exist")]
    Missing,
    /// The system says why.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// It is something else than what is sought.
    #[error("is larger than {0} bytes")]
    TooLarge(usize),
    /// Likewise.
    #[error("is not text in UTF-8")]
    NoText,
}

/// The text in a file of at most `longest` bytes.
pub(super) fn read_now(path: &Path, longest: usize) -> Result<String, FileProblem> {
    let refused = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => FileProblem::Missing,
        _ => FileProblem::Unreadable(error.to_string()),
    };
    let file = File::open(path).map_err(refused)?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(longest).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() > longest {
        return Err(FileProblem::TooLarge(longest));
    }
    String::from_utf8(bytes).map_err(|_| FileProblem::NoText)
}

/// The same beside other work, however long the file's system takes.
pub(super) async fn read(path: PathBuf, longest: usize) -> Result<String, FileProblem> {
    let reading = tokio::task::spawn_blocking(move || read_now(&path, longest));
    // Without the error's text, which has what the thread panicked with.
    reading.await.unwrap_or_else(|_| Err(FileProblem::Unreadable("its reader ended early".to_owned())))
}
