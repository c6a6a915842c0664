//! The tables of the state file. Three of them: `origin`, `snapshot` and `journal`, and a version of the form.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::{Entry, StateError};
use crate::clock::Millis;
use crate::hexadecimal::hexadecimal;

/// Changes whenever a snapshot or an entry has another form.
const FORM: i64 = 1;
/// A snapshot is cut into rows of so many bytes.
const PART: usize = 16 * 1024 * 1024;
/// How long to wait for another process to close the file.
const PATIENCE: Duration = Duration::from_secs(2);

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS origin (settings TEXT NOT NULL, time INTEGER NOT NULL, digest TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS snapshot (part INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS journal (number INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT;
";

/// An open file, for this process alone.
#[derive(Debug)]
pub(super) struct Database {
    connection: Connection,
}

/// What a file holds.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) origin: String,
    pub(super) time: Millis,
    /// Of the snapshot.
    pub(super) digest: String,
    pub(super) snapshot: Vec<u8>,
    /// Oldest first.
    pub(super) entries: Vec<Vec<u8>>,
}

impl Database {
    /// Opens or creates the file.
    pub(super) fn open(path: &Path) -> Result<Self, StateError> {
        let explained = |source: rusqlite::Error| match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StateError::InUse { path: path.to_owned() },
            Some(ErrorCode::NotADatabase) => unreadable(path, "it is no state file"),
            _ => StateError::Database { path: path.to_owned(), source },
        };
        let connection = Connection::open(path).map_err(explained)?;
        let form = prepare(&connection).map_err(explained)?;
        if form != FORM {
            return Err(unreadable(path, &format!("its form is {form}, this emulator's is {FORM}")));
        }
        Ok(Self { connection })
    }

    /// What the file holds; `None` for a new one.
    pub(super) fn read(&self) -> rusqlite::Result<Option<Content>> {
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let Some((origin, time, digest)) =
            self.connection.query_row("SELECT settings, time, digest FROM origin", [], row).optional()?
        else {
            return Ok(None);
        };
        let parts = self.blobs("SELECT data FROM snapshot ORDER BY part")?;
        let entries = self.blobs("SELECT entry FROM journal ORDER BY number")?;
        Ok(Some(Content { origin, time, digest, snapshot: parts.concat(), entries }))
    }

    fn blobs(&self, query: &str) -> rusqlite::Result<Vec<Vec<u8>>> {
        let mut statement = self.connection.prepare(query)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        rows.collect()
    }

    /// Adds an entry to the journal. Gives its size in bytes.
    pub(super) fn append(&mut self, entry: &Entry) -> rusqlite::Result<usize> {
        let entry =
            postcard::to_stdvec(entry).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        let mut statement = self.connection.prepare_cached("INSERT INTO journal (entry) VALUES (?1)")?;
        statement.execute([&entry])?;
        Ok(entry.len())
    }

    /// Puts the simulated time forward.
    pub(super) fn set_time(&mut self, time: Millis) -> rusqlite::Result<()> {
        self.connection.prepare_cached("UPDATE origin SET time = ?1")?.execute([time]).map(drop)
    }

    /// Writes a snapshot in place of all that was.
    pub(super) fn replace(&mut self, origin: &str, snapshot: &[u8], time: Millis) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        transaction.execute_batch("DELETE FROM origin; DELETE FROM snapshot; DELETE FROM journal;")?;
        let values = params![origin, time, digest_of(snapshot)];
        transaction.execute("INSERT INTO origin (settings, time, digest) VALUES (?1, ?2, ?3)", values)?;
        for part in snapshot.chunks(PART) {
            transaction.execute("INSERT INTO snapshot (data) VALUES (?1)", [part])?;
        }
        transaction.commit()
    }
}

/// Gives the form of the file.
fn prepare(connection: &Connection) -> rusqlite::Result<i64> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    // A commit is in the operating system's hands at once, so the end of this process loses nothing. Only when the
    // machine itself fails can the last moments be lost, and never more than them.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let form: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let is_new: bool = connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?;
    if is_new {
        // At once: a kill in between would leave a file of no form.
        connection.execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {FORM}; COMMIT;"))?;
        return Ok(FORM);
    }
    Ok(form)
}

/// SHA-256 of a snapshot: what the disk has made of it is not to be believed unseen.
pub(super) fn digest_of(snapshot: &[u8]) -> String {
    hexadecimal(&Sha256::digest(snapshot))
}

pub(super) fn unreadable(path: &Path, reason: &str) -> StateError {
    StateError::Unreadable { path: PathBuf::from(path), reason: reason.to_owned() }
}
