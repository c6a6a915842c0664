//! One running emulator: its options and everything that changes, behind one lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::access_keys::AccessKeys;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::metadata::Metadata;
use crate::object_storage::ObjectStorage;
use crate::options::Options;
use crate::quota::Quotas;
use crate::randomness::Randomness;
use crate::requests_log::RequestsLog;
use crate::signature::Nonces;
use crate::store::Store;

/// The emulator, shared by all connections.
#[derive(Debug)]
pub(crate) struct Emulator {
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
}

impl Emulator {
    /// An emulator at its start.
    pub(crate) fn new(options: Options) -> Self {
        let world = Mutex::new(World::new(&options));
        Self { options, world }
    }

    /// The world as it is at the simulated time.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.settle();
        world
    }

    /// Back to the fixtures, the start of the clock, full quotas, no faults, an empty log.
    pub(crate) fn reset(&self) {
        let mut world = self.world();
        let nonces = std::mem::take(&mut world.nonces);
        *world = World::new(&self.options);
        world.nonces = nonces;
    }
}

impl World {
    fn new(options: &Options) -> Self {
        let clock = Clock::start(options.time_scale);
        let mut randomness = Randomness::new(options.random_seed);
        Self {
            store: Store::new(&options.fixtures, randomness.seed(), clock.now()),
            clock,
            faults: Faults::default(),
            quotas: Quotas::new(options.qps_scale),
            log: RequestsLog::default(),
            object_storage: ObjectStorage::new(&mut randomness),
            randomness,
            access_keys: AccessKeys::new(options),
            metadata: Metadata::default(),
            nonces: Nonces::default(),
        }
    }

    /// Lets everything happen whose time has come.
    pub(crate) fn settle(&mut self) {
        self.store.settle(self.clock.now());
    }
}
