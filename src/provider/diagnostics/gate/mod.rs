//! What is said of gates. Reading order: `configuration` (what can be wrong before a wait), `numbers` (what a message shows of
//! the devices), `ending` (how a wait can end but well).

mod configuration;
mod ending;
mod numbers;

pub(crate) use configuration::{
    no_condition, no_percentage, nothing_has_to_finish, nothing_to_import, other_region, slash_in_id,
    success_without_effect, timeout_within_time_box,
};
pub(crate) use ending::{breached, interrupted, no_such_job, undecided};
pub(crate) use numbers::{Failures, GateContext};
