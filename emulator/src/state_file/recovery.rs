//! A world from a state file.

use std::path::Path;

use serde::Deserialize;

use super::database::{Database, digest_of, unreadable};
use super::{Entry, Origin, StateError};
use crate::clock::{Millis, moment};
use crate::fixtures::Fixtures;
use crate::object_storage::{ObjectStorage, StoredObjects};
use crate::options::Options;
use crate::randomness::Randomness;
use crate::store::Store;

/// What an earlier emulator left.
#[derive(Debug)]
pub(crate) struct Recovered {
    pub(crate) origin: Origin,
    /// The simulated time that it had reached.
    pub(crate) time: Millis,
    pub(crate) store: Store,
    pub(crate) object_storage: ObjectStorage,
}

#[derive(Deserialize)]
struct Snapshot {
    store: Store,
    objects: StoredObjects,
}

/// Reads the file, and does again what its journal says. `None`: the file is new.
pub(super) fn recover(path: &Path, database: &Database, options: &Options) -> Result<Option<Recovered>, StateError> {
    let content = database.read().map_err(|source| StateError::Database { path: path.to_owned(), source })?;
    let Some(content) = content else {
        return Ok(None);
    };
    let damaged = |what: &str| unreadable(path, &format!("its {what} is damaged"));
    let origin: Origin = serde_json::from_str(&content.origin).map_err(|_| damaged("origin"))?;
    check_options(path, &origin, options)?;
    if content.digest != digest_of(&content.snapshot) {
        return Err(damaged("snapshot"));
    }
    let Snapshot { mut store, objects } = postcard::from_bytes(&content.snapshot).map_err(|_| damaged("snapshot"))?;
    store.fixtures = origin.fixtures.clone();
    let randomness = Randomness::new(origin.seed);
    let mut object_storage = ObjectStorage::with(objects, &mut randomness.of_call(origin.seed));
    for entry in &content.entries {
        let entry: Entry = postcard::from_bytes(entry).map_err(|_| damaged("journal"))?;
        entry.repeat(&origin, &randomness, &mut store, &mut object_storage);
    }
    store.settle(moment(content.time));
    Ok(Some(Recovered { origin, time: content.time, store, object_storage }))
}

/// Flags that would make another world have to be left out, or say what they said.
fn check_options(path: &Path, origin: &Origin, options: &Options) -> Result<(), StateError> {
    let other = |what| Err(StateError::Other { path: path.to_owned(), what });
    if options.fixtures != Fixtures::default() && options.fixtures != origin.fixtures {
        return other("other fixtures");
    }
    if options.random_seed.is_some_and(|seed| seed != origin.seed) {
        return other("another random seed");
    }
    Ok(())
}
