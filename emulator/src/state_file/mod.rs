//! The state file (`--state`): what lets an emulator go on where an earlier one was, however that one ended.
//!
//! What exists is a function of the fixtures, the seed, and the calls that changed something with their times. So the
//! file has a snapshot, and a journal of the calls since; each call is written before it is carried out. Reading order:
//! `entry` (what is written), `database` (how), `recovery` (how it becomes a world again).

mod database;
mod entry;
mod recovery;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub(crate) use entry::Entry;
pub(crate) use recovery::Recovered;

use crate::assumptions::Assumptions;
use crate::clock::Millis;
use crate::fixtures::Fixtures;
use crate::limits::Edition;
use crate::object_storage::{ObjectStorage, StoredObjects};
use crate::options::Options;
use crate::store::Store;
use database::Database;

/// Entries after which a snapshot is taken.
const MOST_ENTRIES: usize = 2_000;
/// Bytes of entries after which a snapshot is taken: the next start reads them all.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Events after which a snapshot is taken: as many as are repeated in about a second.
const MOST_EVENTS: usize = 1_000_000;

/// Why a state file cannot be used.
#[derive(Debug, Error)]
pub enum StateError {
    /// SQLite refuses.
    #[error("state file {}: {source}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// Another process has it open.
    #[error("state file {} is in use by another emulator", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// It was not written by this version of the emulator, or is damaged.
    #[error("state file {}: {reason}; move it away to begin anew", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// It was begun with something else.
    #[error(
        "state file {} was begun with {what}; leave the flag out to go on with what was, or move the file away to \
         begin anew", path.display()
    )]
    Other {
        /// The file.
        path: PathBuf,
        /// What differs.
        what: &'static str,
    },
}

/// The settings that a world follows from.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Origin {
    pub(crate) fixtures: Fixtures,
    pub(crate) seed: u64,
    /// Those of the process that wrote the journal: by them its calls have to be carried out again.
    pub(crate) edition: Edition,
    pub(crate) assumptions: Assumptions,
}

/// What a snapshot has.
#[derive(Serialize)]
struct Snapshot<'a> {
    store: &'a Store,
    objects: &'a StoredObjects,
}

/// An open state file.
#[derive(Debug)]
pub(crate) struct StateFile {
    database: Database,
    /// Simulated time that is on disk; the clock may not show a later one.
    time: Millis,
    entries: usize,
    bytes: usize,
    events: usize,
    /// What could not be written. From then on nothing is: a later entry would make no sense without it.
    failure: Option<String>,
}

impl StateFile {
    /// Opens or creates the file, and gives what an earlier emulator left in it.
    pub(crate) fn open(path: &Path, options: &Options) -> Result<(Self, Option<Recovered>), StateError> {
        let database = Database::open(path)?;
        let recovered = recovery::recover(path, &database, options)?;
        let time = recovered.as_ref().map_or(Millis::MIN, |recovered| recovered.time);
        Ok((Self { database, time, entries: 0, bytes: 0, events: 0, failure: None }, recovered))
    }

    /// Writes what is going to be done. On an error it must not be done.
    pub(crate) fn record(&mut self, entry: &Entry) -> Result<(), String> {
        self.entries += 1;
        self.bytes += self.write(|database| database.append(entry))?;
        Ok(())
    }

    /// Makes sure that a later emulator begins no earlier than this one has shown. `ahead` is written in advance, so
    /// that not every look at the clock has to be.
    pub(crate) fn reach(&mut self, now: Millis, ahead: Millis) -> Result<(), String> {
        if now <= self.time {
            return Ok(());
        }
        self.time = now.saturating_add(ahead);
        let time = self.time;
        self.write(|database| database.set_time(time))
    }

    /// Counts events; they would have to be repeated.
    pub(crate) fn count_events(&mut self, events: usize) {
        self.events += events;
    }

    /// Whether it would take much time or memory to repeat what has been done since the last snapshot.
    pub(crate) fn wants_snapshot(&self) -> bool {
        self.entries >= MOST_ENTRIES || self.bytes >= MOST_BYTES || self.events >= MOST_EVENTS
    }

    /// Writes all there is in place of all there was.
    pub(crate) fn save(
        &mut self,
        origin: &Origin,
        store: &Store,
        object_storage: &ObjectStorage,
        now: Millis,
    ) -> Result<(), String> {
        (self.time, self.entries, self.bytes, self.events) = (now, 0, 0, 0);
        let snapshot = postcard::to_stdvec(&Snapshot { store, objects: object_storage.objects() })
            .map_err(|error| error.to_string());
        let origin = serde_json::to_string(origin).map_err(|error| error.to_string());
        match (origin, snapshot) {
            (Ok(origin), Ok(snapshot)) => self.write(|database| database.replace(&origin, &snapshot, now)),
            (Err(reason), _) | (_, Err(reason)) => self.fail(reason),
        }
    }

    fn write<T>(&mut self, write: impl FnOnce(&mut Database) -> rusqlite::Result<T>) -> Result<T, String> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        match write(&mut self.database) {
            Ok(written) => Ok(written),
            Err(error) => self.fail(error.to_string()),
        }
    }

    fn fail<T>(&mut self, reason: String) -> Result<T, String> {
        let failure = format!("the state file cannot be written: {reason}");
        self.failure = Some(failure.clone());
        Err(failure)
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;

    #[test]
    fn a_snapshot_is_taken_before_the_journal_is_too_large_to_be_read_again() {
        let path = std::env::temp_dir().join(format!("alicloud-iot-emulator-journal-{}", std::process::id()));
        let (mut file, _) = StateFile::open(&path, &Options::default()).unwrap();
        let parameters = [("Unknown".to_owned(), "a".repeat(1024 * 1024))].into();
        let call = Entry::Call { now: OffsetDateTime::UNIX_EPOCH, seed: 1, host: String::new(), parameters };
        let mut calls = 0;
        while !file.wants_snapshot() && calls < 100 {
            file.record(&call).unwrap();
            calls += 1;
        }
        drop(file);
        std::fs::remove_file(path).unwrap();
        assert_eq!(calls, 64, "each is a little more than 1 MiB");
    }
}
