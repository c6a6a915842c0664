//! Creating a gate: waiting, and what comes of it.

use std::time::Duration;

use tf_provider::value::Value;
use tf_provider::{Diagnostic, Diagnostics};
use time::OffsetDateTime;
use time::macros::format_description;

use super::cancel;
use super::conditions::{Breach, Conditions};
use super::model::{BEYOND_TIME_BOX, DEFAULT_POLL_INTERVAL, OnBreach, OtaRolloutGateModel, PASSED};
use super::wait::{End, Pace, Wait};
use crate::iot::Client;
use crate::plugin::convert::diagnostics::provider_bug;
use crate::provider::config::Settings;
use crate::provider::diagnostics::gate::{self as text, Failures, GateContext};
use crate::provider::duration;
use crate::provider::ota_dynamic_job::ImportId;
use crate::provider::patience::Patience;
use crate::provider::progress::{JobProgress, LookedAt};

/// How many failed devices a breach names.
const NAMED_FAILURES: i64 = 10;

/// What the calls that cancel get at least, however late the verdict came.
const SHORTEST_CANCEL: Duration = Duration::from_secs(30);

/// Waits. Whatever is no pass is an error without an object, so that the next apply waits again.
pub(super) async fn create(
    settings: &Settings,
    diagnostics: &mut Diagnostics,
    planned: OtaRolloutGateModel,
) -> Option<OtaRolloutGateModel> {
    let client = settings.client().map_err(|error| diagnostics.errors.push(error)).ok()?;
    let Some((conditions, pace)) = Conditions::of(&planned).zip(pace(&planned)) else {
        diagnostics.errors.push(provider_bug("a gate was planned that validation should have refused"));
        return None;
    };
    let job = LookedAt {
        job_id: planned.job_id.as_ref().as_option().cloned().unwrap_or_default(),
        iot_instance_id: planned.iot_instance_id.as_ref().as_option().cloned(),
    };
    let mut wait = Wait::new(client, &job, conditions, pace);
    let end = wait.until_decided().await;
    let gate = GateContext { region: client.region(), job: &job, conditions: &conditions, waited: wait.elapsed() };
    let error = match end {
        End::Passed(seen) => {
            tracing::info!(job_id = job.job_id, tasks = seen.counts.to_line(), "the gate has passed");
            return Some(passed(planned, client, &job, &seen));
        }
        End::Breached(breach, seen) => {
            let patience = Patience::of(pace.limit.saturating_sub(gate.waited).max(SHORTEST_CANCEL));
            breached(client, &gate, breach, &seen, &planned, &patience).await
        }
        End::Interrupted(seen) => text::interrupted(&gate, seen.as_ref()),
        End::Undecided(error) => text::undecided(&gate, &error),
        End::NoSuchJob => text::no_such_job(&gate),
    };
    diagnostics.errors.push(error);
    None
}

/// None for what validation refuses.
fn pace(planned: &OtaRolloutGateModel) -> Option<Pace> {
    let known = |text: &Value<String>| text.as_ref().as_option().and_then(|text| duration::parse(text));
    let time_box = known(&planned.time_box)?;
    Some(Pace {
        time_box,
        poll_interval: known(&planned.poll_interval).or_else(|| duration::parse(DEFAULT_POLL_INTERVAL))?,
        limit: known(&planned.create_timeout()).unwrap_or(time_box.saturating_add(BEYOND_TIME_BOX)),
    })
}

fn passed(planned: OtaRolloutGateModel, client: &Client, job: &LookedAt, seen: &JobProgress) -> OtaRolloutGateModel {
    let second = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    let id = ImportId { iot_instance_id: job.iot_instance_id.clone(), job_id: job.job_id.clone() };
    OtaRolloutGateModel {
        iot_instance_id: job.iot_instance_id.clone().into(),
        id: Value::Value(id.to_string()),
        region: Value::Value(client.region().to_owned()),
        verdict: Value::Value(PASSED.to_owned()),
        passed_at: OffsetDateTime::now_utc().format(&second).map_or(Value::Null, Value::Value),
        task_counts: seen.counts.to_value(),
        ..planned
    }
}

/// Names some failures, and stops the job if that is asked for and there is something to stop.
async fn breached(
    client: &Client,
    gate: &GateContext<'_>,
    breach: Breach,
    seen: &JobProgress,
    planned: &OtaRolloutGateModel,
    patience: &Patience,
) -> Diagnostic {
    let cancels = planned.on_breach.as_ref().as_option().is_some_and(|choice| choice == OnBreach::Cancel.name());
    let goes_on = matches!(breach, Breach::TooManyFailed | Breach::TimeIsUp);
    // First of all: every second more devices may get the package.
    let stopped = if cancels && goes_on { Some(cancel::stop(client, gate.job, seen, patience).await) } else { None };
    let failures = if seen.counts.failed == 0 {
        Failures::None
    } else {
        gate.job.failures(client, NAMED_FAILURES).await.map_or_else(Failures::NotRead, Failures::Some)
    };
    text::breached(gate, breach, seen, stopped.as_ref(), &failures)
}
