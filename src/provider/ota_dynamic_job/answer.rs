//! How the service's description of a job becomes state.
//!
//! What it does not report keeps its prior value: some members are documented as left out, others are
//! missing in older editions, and taking silence for a change would plan to restart a rollout.

use std::collections::{BTreeMap, HashSet};

use tf_provider::value::Value;

use super::model::OtaDynamicJobModel;
use crate::iot::operations::{Job, Tag};
use crate::plugin::convert::Number;
use crate::provider::limits;

/// The state with everything that the service reports about the job.
pub(super) fn refreshed(prior: OtaDynamicJobModel, job: &Job) -> OtaDynamicJobModel {
    let mut state = prior;
    report(&mut state.firmware_id, job.firmware_id.clone());
    report(&mut state.product_key, job.product_key.clone());
    if let Some(versions) = &job.src_versions {
        state.src_versions = in_prior_order(&state.src_versions, versions);
    }
    if let Some(tags) = &job.tags {
        state.tags = in_prior_spelling(&state.tags, tags);
    }
    refresh_retry(&mut state, job);
    refresh_group(&mut state, job);
    // A member out of its range is the service's way to say that there is none.
    number(&mut state.timeout_in_minutes, job.timeout_in_minutes, |minutes| {
        limits::TIMEOUT_IN_MINUTES.contains(&minutes)
    });
    number(&mut state.maximum_per_minute, job.maximum_per_minute, |rate| rate >= 0);
    number(&mut state.overwrite_mode, job.overwrite_mode, |mode| limits::OVERWRITE_MODES.contains(&mode));
    number(&mut state.dynamic_mode, job.dynamic_mode, |mode| limits::DYNAMIC_MODES.contains(&mode));
    report(&mut state.need_push, job.need_push);
    report(&mut state.need_confirm, job.need_confirm);
    report(&mut state.multi_module_mode, job.multi_module_mode);
    report(&mut state.download_protocol, job.download_protocol.clone().filter(|protocol| !protocol.is_empty()));
    report(&mut state.job_status, job.job_status.clone());
    report(&mut state.utc_create, job.utc_create.clone());
    report(&mut state.firmware_name, job.name.clone());
    report(&mut state.dest_version, job.dest_version.clone());
    state
}

/// The planned state with what the plan left to the service. What was planned stays as it was: core
/// holds the provider to it, and the next refresh shows what the service made of it.
pub(super) fn completed(planned: OtaDynamicJobModel, reported: Option<&Job>) -> OtaDynamicJobModel {
    let mut state = planned;
    let reported = reported.map(|job| refreshed(OtaDynamicJobModel::default(), job)).unwrap_or_default();
    learn(&mut state.maximum_per_minute, reported.maximum_per_minute);
    learn(&mut state.overwrite_mode, reported.overwrite_mode);
    learn(&mut state.dynamic_mode, reported.dynamic_mode);
    learn(&mut state.need_push, reported.need_push);
    learn(&mut state.need_confirm, reported.need_confirm);
    learn(&mut state.download_protocol, reported.download_protocol);
    learn(&mut state.multi_module_mode, reported.multi_module_mode);
    learn(&mut state.utc_create, reported.utc_create);
    learn(&mut state.job_status, reported.job_status);
    learn(&mut state.firmware_name, reported.firmware_name);
    learn(&mut state.dest_version, reported.dest_version);
    state
}

fn report<T>(state: &mut Value<T>, reported: Option<T>) {
    if let Some(reported) = reported {
        *state = Value::Value(reported);
    }
}

fn learn<T>(planned: &mut Value<T>, reported: Value<T>) {
    if planned.is_unknown() {
        *planned = reported;
    }
}

fn number(state: &mut Value<Number>, reported: Option<i64>, is_meant: impl Fn(i64) -> bool) {
    report(state, reported.filter(|number| is_meant(*number)).map(Number::from));
}

/// An interval of 0 is meaningful, but only beside a count.
fn refresh_retry(state: &mut OtaDynamicJobModel, job: &Job) {
    let count = job.retry_count.filter(|count| *count > 0);
    if let (Some(count), Some(interval)) = (count, job.retry_interval) {
        state.retry_count = Value::Value(count.into());
        state.retry_interval = Value::Value(interval.into());
    }
}

/// A reported group implies its type, which no answer holds; an empty one is reported for jobs that have none.
fn refresh_group(state: &mut OtaDynamicJobModel, job: &Job) {
    match job.group_id.as_deref() {
        None => {}
        Some("") => {
            state.group_id = Value::Null;
            state.group_type = Value::Null;
        }
        Some(group) => {
            state.group_id = Value::Value(group.to_owned());
            if state.group_type.is_null() {
                state.group_type = Value::Value(limits::DYNAMIC_GROUP.to_owned());
            }
        }
    }
}

/// The reported versions: those that are in the state first and in its order, then the others.
fn in_prior_order(prior: &Value<Vec<Value<String>>>, reported: &[String]) -> Value<Vec<Value<String>>> {
    if reported.is_empty() {
        return Value::Null;
    }
    let known = || prior.as_ref().as_option().into_iter().flatten().filter_map(|version| version.as_ref().as_option());
    // Neither the state nor the service is held to the number of versions that one job may have.
    let (is_known, is_reported): (HashSet<_>, HashSet<_>) = (known().collect(), reported.iter().collect());
    let kept = known().filter(|version| is_reported.contains(version));
    let added = reported.iter().filter(|version| !is_known.contains(version));
    Value::Value(kept.chain(added).cloned().map(Value::Value).collect())
}

/// The reported tags; none at all are spelled as they were, as null or as an empty map.
fn in_prior_spelling(
    prior: &Value<BTreeMap<String, Value<String>>>,
    reported: &[Tag],
) -> Value<BTreeMap<String, Value<String>>> {
    let tags: BTreeMap<_, _> = reported.iter().map(|tag| (tag.key.clone(), Value::Value(tag.value.clone()))).collect();
    match prior {
        Value::Null if tags.is_empty() => Value::Null,
        _ => Value::Value(tags),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list<'a>(versions: impl Iterator<Item = &'a String>) -> Value<Vec<Value<String>>> {
        Value::Value(versions.cloned().map(Value::Value).collect())
    }

    #[test]
    fn versions_keep_their_order_and_new_ones_come_last() {
        let texts = ["b", "gone", "a", "new"].map(str::to_owned);
        let [b, gone, a, new] = &texts;
        let prior = list([b, gone, a].into_iter());
        assert_eq!(in_prior_order(&prior, &[a, new, b].map(Clone::clone)), list([b, a, new].into_iter()));
        assert_eq!(in_prior_order(&Value::Null, std::slice::from_ref(new)), list([new].into_iter()));
        assert_eq!(in_prior_order(&prior, &[]), Value::Null);
    }

    /// As many as an answer has room for. Each compared with each, they would take a quarter of an hour.
    #[test]
    fn versions_are_not_compared_each_with_each() {
        let reported: Vec<String> = (0..400_000).map(|number| number.to_string()).collect();
        let prior = list(reported.iter().rev());
        assert!(in_prior_order(&prior, &reported) == prior);
    }
}
