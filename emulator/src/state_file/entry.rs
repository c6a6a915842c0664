//! What changes the world: written down, and done again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::Origin;
use crate::object_storage::{ObjectStorage, StoredObject};
use crate::operations::{self, Call};
use crate::parameters::Parameters;
use crate::randomness::Randomness;
use crate::store::Store;

/// Something that changes the world.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum Entry {
    /// A call that is going to be carried out, or refused: either happens again.
    Call {
        /// The simulated time.
        now: OffsetDateTime,
        /// Of the chance in the call.
        seed: u64,
        host: String,
        /// Without what identifies the caller.
        parameters: BTreeMap<String, String>,
    },
    /// A file that has been uploaded.
    Upload { now: OffsetDateTime, key: String, object: StoredObject },
}

impl Entry {
    /// Does it again.
    pub(super) fn repeat(
        self,
        origin: &Origin,
        randomness: &Randomness,
        store: &mut Store,
        object_storage: &mut ObjectStorage,
    ) {
        match self {
            Self::Upload { now, key, object } => {
                store.settle(now);
                object_storage.add(key, object);
            }
            Self::Call { now, seed, host, parameters } => {
                store.settle(now);
                let parameters = Parameters::recorded(parameters);
                let Some(operation) = parameters.get("Action").and_then(operations::named) else {
                    return; // Only operations that exist are written down.
                };
                let mut call = Call {
                    parameters: &parameters,
                    host: &host,
                    limits: origin.edition.limits(),
                    assumptions: &origin.assumptions,
                    now,
                    visible_age: Duration::ZERO, // Only operations that change something are written down.
                    store,
                    object_storage,
                    randomness: &mut randomness.of_call(seed),
                };
                // What was refused is refused again and changes nothing; the answer went out long ago.
                let _ = (operation.carry_out)(&mut call);
            }
        }
    }
}
