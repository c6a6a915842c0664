//! The operations, one file each. An operation reads its parameters, checks them, changes the store and describes its
//! answer; signature, quota and rendering are not its business.
//!
//! To add one: write its file with an `OPERATION`, and list it in [`ALL`].

mod cancel_ota_strategy_by_job;
mod cancel_ota_task_by_device;
mod cancel_ota_task_by_job;
mod confirm_ota_task;
mod create_ota_dynamic_upgrade_job;
mod create_ota_firmware;
mod create_ota_static_upgrade_job;
mod create_ota_verify_job;
mod delete_ota_firmware;
mod generate_ota_upload_url;
mod job_parameters;
mod list_ota_firmware;
mod list_ota_job_by_device;
mod list_ota_job_by_firmware;
mod list_ota_module_versions_by_device;
mod list_ota_task_by_job;
mod list_ota_unfinished_task_by_device;
mod lookup;
mod modify_ota_firmware;
mod modules;
mod paging;
mod policy_parameters;
mod query_device_by_sql;
mod query_device_detail;
mod query_ota_firmware;
mod query_ota_job;
mod reupgrade_ota_task;
mod rollout_rules;
mod task_members;
mod update_ota_job;

use std::collections::BTreeSet;

use axum::http::Method;
use time::{Duration, OffsetDateTime};

use crate::answer::{Object, Refusal};
use crate::assumptions::Assumptions;
use crate::limits::Limits;
use crate::object_storage::ObjectStorage;
use crate::parameters::Parameters;
use crate::randomness::Randomness;
use crate::store::Store;

/// An operation of the service.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The parameter `Action`.
    pub(crate) name: &'static str,
    /// Documented quota of the account.
    pub(crate) calls_per_second: u32,
    /// HTTP methods it takes.
    pub(crate) methods: Methods,
    /// Does it, or refuses; `RequestId` and `Success` are added to the answer by the gateway.
    pub(crate) carry_out: fn(&mut Call<'_>) -> Result<Object, Refusal>,
}

impl Operation {
    /// Whether it can change something: the names of those that do not begin with `Query` or `List`.
    pub(crate) fn changes(&self) -> bool {
        !["Query", "List"].iter().any(|verb| self.name.starts_with(verb))
    }
}

/// The HTTP methods that an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Methods {
    /// GET and POST, as most operations.
    GetOrPost,
    /// GET alone.
    GetOnly,
    /// POST alone.
    PostOnly,
}

impl Methods {
    /// Whether a request with that method is carried out.
    pub(crate) fn include(self, method: &Method) -> bool {
        match self {
            Self::GetOrPost => matches!(*method, Method::GET | Method::POST),
            Self::GetOnly => *method == Method::GET,
            Self::PostOnly => *method == Method::POST,
        }
    }

    /// The methods in words.
    pub(crate) fn names(self) -> &'static str {
        match self {
            Self::GetOrPost => "GET or POST",
            Self::GetOnly => "GET",
            Self::PostOnly => "POST",
        }
    }
}

/// What an operation works with.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) parameters: &'a Parameters,
    /// The address that the caller used, as `HOST:PORT`.
    pub(crate) host: &'a str,
    pub(crate) limits: &'static Limits,
    pub(crate) assumptions: &'a Assumptions,
    /// The simulated time.
    pub(crate) now: OffsetDateTime,
    /// Jobs that are younger than this are not shown yet.
    pub(crate) visible_age: Duration,
    pub(crate) store: &'a mut Store,
    pub(crate) object_storage: &'a ObjectStorage,
    pub(crate) randomness: &'a mut Randomness,
}

/// Every operation of this emulator.
pub(crate) const ALL: [&Operation; 28] = [
    &create_ota_dynamic_upgrade_job::OPERATION,
    &cancel_ota_strategy_by_job::OPERATION,
    &update_ota_job::OPERATION,
    &cancel_ota_task_by_job::OPERATION,
    &list_ota_task_by_job::OPERATION,
    &query_ota_job::OPERATION,
    &list_ota_job_by_firmware::OPERATION,
    &list_ota_job_by_device::OPERATION,
    &list_ota_unfinished_task_by_device::OPERATION,
    &cancel_ota_task_by_device::OPERATION,
    &reupgrade_ota_task::OPERATION,
    &confirm_ota_task::OPERATION,
    &create_ota_static_upgrade_job::OPERATION,
    &list_ota_module_versions_by_device::OPERATION,
    &query_device_detail::OPERATION,
    &query_device_by_sql::OPERATION,
    &create_ota_firmware::OPERATION,
    &query_ota_firmware::OPERATION,
    &list_ota_firmware::OPERATION,
    &create_ota_verify_job::OPERATION,
    &generate_ota_upload_url::OPERATION,
    &generate_ota_upload_url::DEVICE_NAMES,
    &modify_ota_firmware::OPERATION,
    &delete_ota_firmware::OPERATION,
    &modules::CREATE,
    &modules::UPDATE,
    &modules::DELETE,
    &modules::LIST,
];

/// The operation of that name; letter case matters.
pub(crate) fn named(name: &str) -> Option<&'static Operation> {
    ALL.into_iter().find(|operation| operation.name == name)
}

fn has_duplicates(texts: &[String]) -> bool {
    let distinct: BTreeSet<&String> = texts.iter().collect();
    distinct.len() != texts.len()
}
