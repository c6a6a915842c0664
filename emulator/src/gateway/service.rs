//! The operations of both services, and how each is carried out.

use time::{Duration, OffsetDateTime};

use super::reply;
use crate::access_keys::Caller;
use crate::answer::{Object, Refusal};
use crate::emulator::{Emulator, World};
use crate::operations::{self, Call, Methods};
use crate::parameters::Parameters;
use crate::state_file::Entry;
use crate::sts;

/// The parameter `Version` of the IoT service.
const IOT_VERSION: &str = "2018-01-20";

/// An operation of one of the services.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Iot(&'static operations::Operation),
    Sts(&'static sts::Operation),
}

/// A request, as an operation sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Incoming<'a> {
    pub(super) parameters: &'a Parameters,
    /// `None`: the operation wants no signature.
    pub(super) caller: Option<&'a Caller>,
    /// Header `Host`.
    pub(super) host: &'a str,
}

impl Operation {
    /// The operation of that version and name; letter case matters.
    pub(super) fn named(version: &str, action: &str) -> Option<Self> {
        match version {
            IOT_VERSION => operations::named(action).map(Self::Iot),
            sts::VERSION => sts::named(action).map(Self::Sts),
            _ => None,
        }
    }

    /// The parameter `Action`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Iot(operation) => operation.name,
            Self::Sts(operation) => operation.name,
        }
    }

    /// The HTTP methods that it takes.
    pub(super) fn methods(self) -> Methods {
        match self {
            Self::Iot(operation) => operation.methods,
            Self::Sts(_) => Methods::GetOrPost,
        }
    }

    /// Whether it takes requests without a signature.
    pub(super) fn is_anonymous(self) -> bool {
        matches!(self, Self::Sts(operation) if operation.is_anonymous)
    }

    /// Does it, or refuses. The answer lacks its `RequestId` only.
    pub(super) fn carry_out(
        self,
        emulator: &Emulator,
        world: &mut World,
        call: Incoming<'_>,
    ) -> Result<Object, Refusal> {
        let Incoming { parameters, caller, host } = call;
        match self {
            Self::Iot(operation) => {
                let seed = world.randomness.seed();
                if operation.changes() {
                    let entry =
                        |now| Entry::Call { now, seed, host: host.to_owned(), parameters: parameters.to_record() };
                    world.record(entry).map_err(|reason| reply::not_kept(&reason))?;
                }
                let World { clock, store, randomness, object_storage, .. } = world;
                let assumptions = &emulator.options.assumptions;
                let mut call = Call {
                    parameters,
                    host,
                    limits: emulator.options.edition.limits(),
                    assumptions,
                    now: clock.now(),
                    visible_age: Duration::seconds(emulator.options.jobs_visible_after.into()),
                    store,
                    object_storage,
                    randomness: &mut randomness.of_call(seed),
                };
                (operation.carry_out)(&mut call).map(|answer| reply::success(answer, assumptions))
            }
            Self::Sts(operation) => {
                let World { clock, randomness, access_keys, .. } = world;
                let now = clock.now();
                let roles = emulator.options.fixtures.roles.as_deref();
                let wall_clock = OffsetDateTime::now_utc();
                let keys = access_keys;
                let mut call = sts::Call { parameters, caller, roles, now, wall_clock, keys, randomness };
                (operation.carry_out)(&mut call).map_err(Refusal::from)
            }
        }
    }
}

/// The names of all operations of both services.
pub(crate) fn actions() -> impl Iterator<Item = &'static str> {
    let iot = operations::ALL.into_iter().map(Operation::Iot);
    iot.chain(sts::ALL.into_iter().map(Operation::Sts)).map(Operation::name)
}

/// Whether one of the services has an operation of that name.
pub(crate) fn offers(action: &str) -> bool {
    [IOT_VERSION, sts::VERSION].into_iter().any(|version| Operation::named(version, action).is_some())
}
