//! Reading a job, and what its end means.

use tf_provider::Diagnostics;

use super::answer;
use super::choice::OnExternalCancel;
use super::model::{OtaDynamicJobModel, known};
use super::reference::{JobReference, client, contradicts, guard_region};
use super::work::Work;
use crate::provider::config::Settings;
use crate::provider::diagnostics::job as text;
use crate::provider::ending::CANCELED;
use crate::provider::patience::Patience;

/// The job as it is now. None without an error: it is gone, by the service's own word. `is_ending` tells that a destroy has
/// begun with it, which has still something to do.
pub(super) async fn read(
    settings: &Settings,
    diagnostics: &mut Diagnostics,
    state: OtaDynamicJobModel,
    is_ending: bool,
) -> Option<OtaDynamicJobModel> {
    guard_region(settings, diagnostics, &state)?;
    let client = &Patience::of(Work::Read.timeout(&state)).bounds(client(settings, diagnostics)?);
    let reference = JobReference::of(&state);
    let Some(job) = reference.find(client, diagnostics).await? else {
        diagnostics.warnings.push(text::gone(&reference.described()));
        return None;
    };
    if contradicts(&state, &job) {
        diagnostics.errors.push(text::contradiction(&reference.described()));
        return None;
    }
    let state = answer::refreshed(state, &job);
    if known(&state.job_status) != Some(CANCELED) {
        return Some(state);
    }
    if is_ending {
        diagnostics.warnings.push(text::destroy_not_finished(&reference.described()));
        return Some(state);
    }
    match state.on_external_cancel() {
        OnExternalCancel::Recreate => {
            diagnostics.warnings.push(text::cancelled_leaves_state(&reference.described()));
            None
        }
        OnExternalCancel::Keep => {
            diagnostics.warnings.push(text::cancelled_stays(&reference.described()));
            Some(state)
        }
        OnExternalCancel::Error => {
            diagnostics.errors.push(text::cancelled_stops(&reference.described()));
            Some(state)
        }
    }
}
