//! What the service is asked for, from what was planned; and whether a job is the one that was asked for.

use std::collections::{BTreeMap, BTreeSet};

use tf_provider::value::Value;

use super::model::{OtaDynamicJobModel, known, whole};
use super::reference::DYNAMIC;
use crate::iot::operations::{CreateOtaDynamicUpgradeJob, Job, Tag, UpdateOtaJob};
use crate::provider::limits;

/// How a dynamic job selects devices, in the words of UpdateOTAJob: what QueryOTAJob reports for all of them.
const ALL: &str = "ALL";

/// The request that creates what was planned. What is null or unknown is left to the service.
pub(super) fn create(planned: &OtaDynamicJobModel) -> CreateOtaDynamicUpgradeJob {
    CreateOtaDynamicUpgradeJob {
        firmware_id: text_of(&planned.firmware_id).unwrap_or_default(),
        product_key: text_of(&planned.product_key).unwrap_or_default(),
        iot_instance_id: text_of(&planned.iot_instance_id),
        src_versions: versions(planned),
        tags: tags(planned),
        retry_interval: whole(&planned.retry_interval),
        retry_count: whole(&planned.retry_count),
        timeout_in_minutes: whole(&planned.timeout_in_minutes),
        maximum_per_minute: whole(&planned.maximum_per_minute),
        overwrite_mode: whole(&planned.overwrite_mode),
        dynamic_mode: whole(&planned.dynamic_mode),
        need_push: planned.need_push.as_option(),
        need_confirm: planned.need_confirm.as_option(),
        group_id: text_of(&planned.group_id),
        group_type: text_of(&planned.group_type),
        download_protocol: text_of(&planned.download_protocol),
        multi_module_mode: planned.multi_module_mode.as_option(),
    }
}

/// The request that changes a running job to what was planned. It holds everything that the call would clear.
pub(super) fn update(job_id: &str, planned: &OtaDynamicJobModel) -> UpdateOtaJob {
    UpdateOtaJob {
        job_id: job_id.to_owned(),
        iot_instance_id: text_of(&planned.iot_instance_id),
        upgrade_type: DYNAMIC.to_owned(),
        target_selection: ALL.to_owned(),
        // The plan has seen to it that there is one.
        maximum_per_minute: whole(&planned.maximum_per_minute).unwrap_or(limits::LEAST_UPDATED_RATE),
        tags: tags(planned),
        timeout_in_minutes: whole(&planned.timeout_in_minutes),
        src_versions: versions(planned),
    }
}

/// Whether the job has everything that the request sets, as far as the service reports it.
pub(super) fn has_taken(job: &Job, request: &UpdateOtaJob) -> bool {
    same_set(job.src_versions.as_deref(), &request.src_versions)
        && same_tags(job.tags.as_deref(), &request.tags)
        && set(job.timeout_in_minutes) == request.timeout_in_minutes
        && job.maximum_per_minute == Some(request.maximum_per_minute)
}

/// The first parameter in which a job is another than the one that was asked for; none if it equals the request in
/// everything that the service reports. What was not asked for has to have the service's default, where that is known.
pub(super) fn difference(job: &Job, request: &CreateOtaDynamicUpgradeJob) -> Option<&'static str> {
    let text = |reported: &Option<String>, sent: &str| reported.as_deref().is_none_or(|reported| reported == sent);
    let number = |reported: Option<i64>, sent: Option<i64>| reported.is_none_or(|reported| Some(reported) == sent);
    let truth =
        |reported: Option<bool>, sent: Option<bool>, default| reported.is_none_or(|it| it == sent.unwrap_or(default));
    let retry = job.retry_interval.filter(|_| set(job.retry_count).is_some());
    let protocol = request.download_protocol.as_deref().unwrap_or(limits::DEFAULT_DOWNLOAD_PROTOCOL);
    let reported_protocol = job.download_protocol.clone().filter(|protocol| !protocol.is_empty());
    let overwrite_mode = request.overwrite_mode.or(Some(limits::DEFAULT_OVERWRITE_MODE));
    let dynamic_mode = request.dynamic_mode.or(Some(limits::DEFAULT_DYNAMIC_MODE));
    let rate = job.maximum_per_minute.filter(|_| request.maximum_per_minute.is_some());
    [
        ("selection_type", job.selection_type.as_deref().is_none_or(|selection| selection == DYNAMIC)),
        ("firmware_id", text(&job.firmware_id, &request.firmware_id)),
        ("product_key", text(&job.product_key, &request.product_key)),
        ("src_versions", same_set(job.src_versions.as_deref(), &request.src_versions)),
        ("tags", same_tags(job.tags.as_deref(), &request.tags)),
        ("retry_interval", number(retry, request.retry_interval)),
        ("retry_count", request.retry_interval.is_none() || number(set(job.retry_count), request.retry_count)),
        ("timeout_in_minutes", number(set(job.timeout_in_minutes), request.timeout_in_minutes)),
        ("maximum_per_minute", number(rate, request.maximum_per_minute)),
        ("overwrite_mode", number(job.overwrite_mode, overwrite_mode)),
        ("dynamic_mode", number(job.dynamic_mode, dynamic_mode)),
        ("need_push", truth(job.need_push, request.need_push, limits::DEFAULT_NEED_PUSH)),
        ("need_confirm", truth(job.need_confirm, request.need_confirm, limits::DEFAULT_NEED_CONFIRM)),
        (
            "multi_module_mode",
            truth(job.multi_module_mode, request.multi_module_mode, limits::DEFAULT_MULTI_MODULE_MODE),
        ),
        ("download_protocol", text(&reported_protocol, protocol)),
        ("group_id", text(&job.group_id, request.group_id.as_deref().unwrap_or_default())),
    ]
    .into_iter()
    .find_map(|(attribute, is_equal)| (!is_equal).then_some(attribute))
}

/// What is set: where there is nothing, some editions report a zero.
fn set(reported: Option<i64>) -> Option<i64> {
    reported.filter(|number| *number > 0)
}

fn same_set(reported: Option<&[String]>, sent: &[String]) -> bool {
    let set = |versions: &[String]| versions.iter().cloned().collect::<BTreeSet<_>>();
    reported.is_none_or(|reported| set(reported) == set(sent))
}

fn same_tags(reported: Option<&[Tag]>, sent: &[Tag]) -> bool {
    let set = |tags: &[Tag]| tags.iter().cloned().collect::<BTreeSet<_>>();
    reported.is_none_or(|reported| set(reported) == set(sent))
}

fn versions(planned: &OtaDynamicJobModel) -> Vec<String> {
    let versions = planned.src_versions.as_ref().as_option().map(Vec::as_slice).unwrap_or_default();
    versions.iter().filter_map(text_of).collect()
}

fn tags(planned: &OtaDynamicJobModel) -> Vec<Tag> {
    let tags = planned.tags.as_ref().as_option().into_iter().flat_map(BTreeMap::iter);
    tags.filter_map(|(key, value)| Some(Tag { key: key.clone(), value: text_of(value)? })).collect()
}

fn text_of(value: &Value<String>) -> Option<String> {
    known(value).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_for() -> CreateOtaDynamicUpgradeJob {
        CreateOtaDynamicUpgradeJob {
            firmware_id: "fw".to_owned(),
            product_key: "pk".to_owned(),
            src_versions: vec!["a".to_owned(), "b".to_owned()],
            tags: vec![Tag { key: "k".to_owned(), value: "v".to_owned() }],
            retry_interval: Some(0),
            retry_count: Some(2),
            ..CreateOtaDynamicUpgradeJob::default()
        }
    }

    /// What the service reports of it, in an order of its own.
    fn reported() -> Job {
        Job {
            firmware_id: Some("fw".to_owned()),
            product_key: Some("pk".to_owned()),
            selection_type: Some(DYNAMIC.to_owned()),
            src_versions: Some(vec!["b".to_owned(), "a".to_owned()]),
            tags: Some(vec![Tag { key: "k".to_owned(), value: "v".to_owned() }]),
            retry_interval: Some(0),
            retry_count: Some(2),
            maximum_per_minute: Some(1000),
            overwrite_mode: Some(1),
            dynamic_mode: Some(1),
            need_push: Some(true),
            ..Job::default()
        }
    }

    #[test]
    fn silence_and_defaults_are_no_difference() {
        assert_eq!(difference(&reported(), &asked_for()), None);
        assert_eq!(difference(&Job::default(), &asked_for()), None);
        let zeros = Job {
            timeout_in_minutes: Some(0),
            group_id: Some(String::new()),
            download_protocol: Some(String::new()),
            ..reported()
        };
        assert_eq!(difference(&zeros, &asked_for()), None, "some editions report what is not set");
    }

    #[test]
    fn any_other_value_is_a_difference() {
        let other = || Some("other".to_owned());
        for (attribute, job) in [
            ("selection_type", Job { selection_type: Some("STATIC".to_owned()), ..reported() }),
            ("firmware_id", Job { firmware_id: other(), ..reported() }),
            ("product_key", Job { product_key: other(), ..reported() }),
            ("src_versions", Job { src_versions: Some(vec!["a".to_owned()]), ..reported() }),
            ("tags", Job { tags: Some(Vec::new()), ..reported() }),
            ("retry_interval", Job { retry_interval: Some(10), ..reported() }),
            ("retry_count", Job { retry_count: Some(1), ..reported() }),
            ("timeout_in_minutes", Job { timeout_in_minutes: Some(5), ..reported() }),
            ("overwrite_mode", Job { overwrite_mode: Some(2), ..reported() }),
            ("dynamic_mode", Job { dynamic_mode: Some(2), ..reported() }),
            ("need_push", Job { need_push: Some(false), ..reported() }),
            ("need_confirm", Job { need_confirm: Some(true), ..reported() }),
            ("multi_module_mode", Job { multi_module_mode: Some(true), ..reported() }),
            ("download_protocol", Job { download_protocol: Some("MQTT".to_owned()), ..reported() }),
            ("group_id", Job { group_id: other(), ..reported() }),
        ] {
            assert_eq!(difference(&job, &asked_for()), Some(attribute));
        }
        let rate = CreateOtaDynamicUpgradeJob { maximum_per_minute: Some(10), ..asked_for() };
        assert_eq!(difference(&reported(), &rate), Some("maximum_per_minute"));
    }

    #[test]
    fn a_change_is_taken_if_nothing_that_was_sent_is_missing() {
        let request = UpdateOtaJob {
            src_versions: vec!["a".to_owned(), "b".to_owned()],
            tags: vec![Tag { key: "k".to_owned(), value: "v".to_owned() }],
            timeout_in_minutes: Some(60),
            maximum_per_minute: 100,
            ..UpdateOtaJob::default()
        };
        let changed = || Job { timeout_in_minutes: Some(60), maximum_per_minute: Some(100), ..reported() };
        assert!(has_taken(&changed(), &request));
        let zero = Job { timeout_in_minutes: Some(0), ..changed() };
        let without_timeout = UpdateOtaJob { timeout_in_minutes: None, ..request.clone() };
        assert!(has_taken(&zero, &without_timeout), "some editions report what is not set");
        assert!(!has_taken(&zero, &request) && !has_taken(&changed(), &without_timeout));
        for (missing, job) in [
            ("src_versions", Job { src_versions: Some(vec!["a".to_owned()]), ..changed() }),
            ("tags", Job { tags: Some(Vec::new()), ..changed() }),
            ("timeout_in_minutes", Job { timeout_in_minutes: Some(61), ..changed() }),
            ("timeout_in_minutes", Job { timeout_in_minutes: None, ..changed() }),
            ("maximum_per_minute", Job { maximum_per_minute: Some(101), ..changed() }),
            ("maximum_per_minute", Job { maximum_per_minute: None, ..changed() }),
        ] {
            assert!(!has_taken(&job, &request), "{missing}");
        }
    }
}
