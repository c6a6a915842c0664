//! One running emulator: its options and everything that changes, behind one lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;

use crate::access_keys::AccessKeys;
use crate::clock::{Clock, millis, moment};
use crate::faults::Faults;
use crate::metadata::Metadata;
use crate::object_storage::{ObjectStorage, StoredObject};
use crate::options::Options;
use crate::quota::Quotas;
use crate::randomness::Randomness;
use crate::requests_log::RequestsLog;
use crate::signature::Nonces;
use crate::state_file::{Entry, Origin, Recovered, StateError, StateFile};
use crate::store::Store;

/// The emulator, shared by all connections.
#[derive(Debug)]
pub struct Emulator {
    pub(crate) options: Options,
    world: Mutex<World>,
}

/// Everything that changes. Every call is carried out as a whole under the lock, so that calls have an order.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) faults: Faults,
    pub(crate) quotas: Quotas,
    pub(crate) log: RequestsLog,
    pub(crate) randomness: Randomness,
    pub(crate) access_keys: AccessKeys,
    pub(crate) metadata: Metadata,
    pub(crate) object_storage: ObjectStorage,
    /// Outlives a reset: a request that was accepted before must not be accepted again.
    pub(crate) nonces: Nonces,
    pub(crate) keeper: Keeper,
}

/// What the world follows from, and where it is kept, if anywhere.
#[derive(Debug)]
pub(crate) struct Keeper {
    origin: Origin,
    file: Option<StateFile>,
}

impl Emulator {
    /// An emulator as the fixtures describe it, or as an earlier one has left it in the state file.
    ///
    /// # Errors
    /// If there is a state file and it cannot be used.
    pub fn start(mut options: Options) -> Result<Self, StateError> {
        let opened = options.state.as_deref().map(|path| StateFile::open(path, &options)).transpose()?;
        let (file, recovered) = opened.map_or((None, None), |(file, recovered)| (Some(file), recovered));
        let mut world = match recovered {
            None => World::new(&options, file),
            Some(recovered) => {
                options.fixtures = recovered.origin.fixtures.clone();
                options.random_seed = Some(recovered.origin.seed);
                World::resumed(&options, file, recovered)
            }
        };
        // What cannot be written now is said by the first call that wants to change something.
        let _ = world.save();
        Ok(Self { world: Mutex::new(world), options })
    }

    /// The world as it is at the simulated time.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.settle();
        world
    }

    /// Back to the fixtures, the start of the clock, full quotas, no faults, an empty log.
    pub(crate) fn reset(&self) -> Result<(), String> {
        let mut world = self.world();
        let nonces = std::mem::take(&mut world.nonces);
        let file = world.keeper.file.take();
        *world = World::new(&self.options, file);
        world.nonces = nonces;
        world.save()
    }

    /// Writes what a later emulator goes on with.
    pub(crate) fn close(&self) {
        // Nobody is left to tell; the journal has it all in any case.
        let _ = self.world().save();
    }
}

impl World {
    fn new(options: &Options, file: Option<StateFile>) -> Self {
        let seed = options.random_seed.unwrap_or_else(Randomness::any_seed);
        let clock = Clock::start(options.time_scale);
        let randomness = Randomness::new(seed);
        let origin = Origin {
            fixtures: options.fixtures.clone(),
            seed,
            edition: options.edition,
            assumptions: options.assumptions,
        };
        let store = Store::new(&options.fixtures, seed, clock.now());
        let object_storage = ObjectStorage::new(&mut randomness.of_call(seed));
        Self::with(options, Keeper { origin, file }, clock, randomness, store, object_storage)
    }

    fn resumed(options: &Options, file: Option<StateFile>, recovered: Recovered) -> Self {
        let Recovered { mut origin, time, store, object_storage } = recovered;
        (origin.edition, origin.assumptions) = (options.edition, options.assumptions);
        let clock = Clock::resume(moment(time), options.time_scale);
        // Another course of chance than from the start, or the ids of that time would come again.
        let randomness = Randomness::resumed(origin.seed, time);
        Self::with(options, Keeper { origin, file }, clock, randomness, store, object_storage)
    }

    fn with(
        options: &Options,
        keeper: Keeper,
        clock: Clock,
        randomness: Randomness,
        store: Store,
        object_storage: ObjectStorage,
    ) -> Self {
        Self {
            clock,
            store,
            faults: Faults::default(),
            quotas: Quotas::new(options.qps_scale),
            log: RequestsLog::default(),
            randomness,
            access_keys: AccessKeys::new(options),
            metadata: Metadata::default(),
            object_storage,
            nonces: Nonces::default(),
            keeper,
        }
    }

    /// Looks at the clock, and lets everything happen whose time has come.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.look();
        let events = self.store.settle(now);
        let Some(file) = &mut self.keeper.file else {
            return;
        };
        file.count_events(events);
        // What cannot be written is said by the next call that wants to change something.
        let _ = if file.wants_snapshot() { self.save() } else { file.reach(millis(now), self.clock.in_a_second()) };
    }

    /// Writes that something is going to be done. On an error it must not be done.
    pub(crate) fn record(&mut self, entry: impl FnOnce(OffsetDateTime) -> Entry) -> Result<(), String> {
        match &mut self.keeper.file {
            None => Ok(()),
            Some(file) => file.record(&entry(self.clock.now())),
        }
    }

    /// Stores an uploaded file.
    pub(crate) fn store_object(&mut self, key: String, object: StoredObject) -> Result<(), String> {
        self.record(|now| Entry::Upload { now, key: key.clone(), object: object.clone() })?;
        self.object_storage.add(key, object);
        Ok(())
    }

    fn save(&mut self) -> Result<(), String> {
        let Keeper { origin, file } = &mut self.keeper;
        match file {
            None => Ok(()),
            Some(file) => file.save(origin, &self.store, &self.object_storage, millis(self.clock.now())),
        }
    }
}
