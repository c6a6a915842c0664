//! CreateOTAStaticUpgradeJob: which devices it takes, and when.

use alicloud_iot_emulator::Edition;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::support::{Emulator, fixtures, options, rejoined, with_devices};

const DAY: f64 = 86_400.0;

fn fleet(edition: Edition) -> Emulator {
    let fleets =
        json!([{ "count": 50, "group_id": "g" }, { "count": 30, "version": "1.1" }, { "count": 9, "version": "2.0" }]);
    with_devices(edition, "fleets", fleets)
}

fn verdict(emulator: &Emulator, more: &[(&str, &str)]) -> String {
    let base = [("FirmwareId", "one"), ("ProductKey", "product"), ("TargetSelection", "ALL")];
    emulator.call("CreateOTAStaticUpgradeJob", &rejoined(&base, &[], more)).verdict()
}

fn query(emulator: &Emulator, job_id: &str) -> Value {
    emulator.call("QueryOTAJob", &[("JobId", job_id)]).success()["Data"].clone()
}

#[test]
fn every_selection_takes_its_devices_and_the_job_completes() {
    for (selection, devices) in [
        (vec![("TargetSelection", "ALL")], 80),
        (vec![("TargetSelection", "ALL"), ("SrcVersion.1", "1.1")], 30),
        (vec![("TargetSelection", "SPECIFIC"), ("TargetDeviceName.1", "f1-0000007")], 1),
        (vec![("TargetSelection", "GRAY"), ("GrayPercent", "50.00")], 40),
        (vec![("TargetSelection", "GRAY"), ("GrayPercent", "13"), ("SrcVersion.1", "1.1")], 3),
        (vec![("TargetSelection", "GRAY"), ("GrayPercent", "0.001")], 1),
        (vec![("TargetSelection", "GROUP"), ("GroupId", "g"), ("GroupType", "LINK_PLATFORM")], 50),
        (vec![("TargetSelection", "GROUP"), ("GroupId", "none"), ("GroupType", "LINK_PLATFORM")], 0),
    ] {
        let emulator = fleet(Edition::Extended);
        let job_id = emulator.create_static_job("one", &selection);
        emulator.advance(DAY);
        let counts = if devices == 0 { json!({}) } else { json!({ "SUCCEEDED": devices }) };
        assert_eq!(emulator.task_counts(&job_id), counts, "{selection:?}");
        let data = query(&emulator, &job_id);
        let expected = json!(["COMPLETED", "STATIC", "UPGRADE_FIRMWARE", selection[0].1]);
        assert_eq!(
            json!([data["JobStatus"], data["SelectionType"], data["JobType"], data["TargetSelection"]]),
            expected
        );
        assert!(data["UtcEndTime"].is_string() && data.get("DynamicMode").is_none(), "{data}");
        let is_gray = selection[0].1 == "GRAY";
        assert_eq!(data.get("GrayPercent").is_some(), is_gray, "{data}");
    }
}

#[test]
fn a_percentage_is_rounded_down_as_a_decimal() {
    let emulator = with_devices(Edition::Reference, "fleets", json!([{ "count": 10_000 }]));
    // As binary fractions, 0.57 of 100 times 10,000 lies below 57.
    let job_id = emulator.create_static_job("one", &[("TargetSelection", "GRAY"), ("GrayPercent", "0.57")]);
    let counts = emulator.task_counts(&job_id);
    let tasks: i64 = counts.as_object().unwrap().values().map(|count| count.as_i64().unwrap()).sum();
    assert_eq!(tasks, 57, "{counts}");
}

#[test]
fn several_static_jobs_of_a_package_run_side_by_side() {
    let emulator = fleet(Edition::Reference);
    emulator.create_job("one", &[]);
    let name = |number: u32| format!("f1-000000{number}");
    let (one, two) = (name(1), name(2));
    for device in [&one, &two] {
        let specific = [("TargetSelection", "SPECIFIC"), ("TargetDeviceName.1", device.as_str())];
        let job_id = emulator.create_static_job("one", &specific);
        assert_eq!(emulator.task_counts(&job_id), json!({ "FAILED": 1 }), "the devices are in the dynamic job");
        assert_eq!(emulator.job_state(&job_id)["job_status"], "COMPLETED");
    }
}

#[test]
fn parameters_have_their_ranges() {
    let emulator = fleet(Edition::Extended);
    let invalid = "iot.common.InvalidFormattedParameter";
    let null = "iot.check.NullParameter";
    let names: Vec<String> = (1..=201).map(|number| format!("TargetDeviceName.{number}")).collect();
    let names: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
    let specific = ("TargetSelection", "SPECIFIC");
    let gray = ("TargetSelection", "GRAY");
    let group = ("TargetSelection", "GROUP");
    for (more, expected) in [
        (vec![("FirmwareId", "")], "MissingFirmwareId"),
        (vec![("ProductKey", "")], "MissingProductKey"),
        (vec![("TargetSelection", "")], "MissingTargetSelection"),
        (vec![("TargetSelection", "SOME")], invalid),
        (vec![("FirmwareId", "unverified")], "iot.ota.FirmwareNotVerified"),
        (vec![specific], null),
        (vec![specific, ("TargetDeviceName.1", "nobody")], "iot.device.NotExistedDevice"),
        (vec![specific, ("TargetDeviceName.1", "f1-0000001"), ("SrcVersion.1", "1.0")], invalid),
        ([vec![specific], names].concat(), invalid),
        (vec![gray], null),
        (vec![gray, ("GrayPercent", "0")], invalid),
        (vec![gray, ("GrayPercent", "100.001")], invalid),
        (vec![gray, ("GrayPercent", "1.2345")], invalid),
        (vec![gray, ("GrayPercent", "1e1")], invalid),
        (vec![gray, ("GrayPercent", "NaN")], invalid),
        (vec![gray, ("GrayPercent", "100")], "ok"),
        (vec![group], null),
        (vec![group, ("GroupId", "g")], null),
        (vec![group, ("GroupId", "g"), ("GroupType", "LINK_PLATFORM_DYNAMIC")], invalid),
        (vec![("GroupId", "g"), ("GroupType", "LINK_PLATFORM")], invalid),
        (vec![("RetryInterval", "60"), ("RetryCount", "1"), ("TimeoutInMinutes", "60")], "iot.ota.InvalidTimeout"),
        (vec![("MaximumPerMinute", "9")], "iot.ota.InvalidMaximumPerMinute"),
        (vec![("OverwriteMode", "3")], invalid),
        (vec![("ScheduleTime", "soon")], "InvalidScheduleTime"),
        (vec![("ScheduleFinishTime", "1")], null),
    ] {
        assert_eq!(verdict(&emulator, &more), expected, "{more:?}");
    }
    let differential = Emulator::start(options(Edition::Reference, &fixtures()));
    assert_eq!(verdict(&differential, &[("FirmwareId", "difference"), ("SrcVersion.1", "1.1")]), invalid);
    assert_eq!(verdict(&differential, &[("FirmwareId", "difference"), ("SrcVersion.1", "1.0")]), "ok");
}

/// Milliseconds since 1970, so many minutes from now.
fn in_minutes(minutes: i64) -> String {
    let time = OffsetDateTime::now_utc() + Duration::minutes(minutes);
    (time.unix_timestamp_nanos() / 1_000_000).to_string()
}

#[test]
fn a_schedule_lies_ahead_but_not_too_far() {
    let emulator = fleet(Edition::Reference);
    for (start, finish, expected) in [
        (4, None, false),
        (6, None, true),
        (7 * 1440 - 1, None, true),
        (7 * 1440 + 1, None, false),
        (10, Some(10 + 59), false),
        (10, Some(10 + 61), true),
        (10, Some(10 + 30 * 1440 - 1), true),
        (10, Some(10 + 30 * 1440 + 1), false),
    ] {
        let start_text = in_minutes(start);
        let finish_text = finish.map(in_minutes).unwrap_or_default();
        let verdict = verdict(&emulator, &[("ScheduleTime", &start_text), ("ScheduleFinishTime", &finish_text)]);
        assert_eq!(verdict == "ok", expected, "{start} {finish:?}: {verdict}");
    }
}

#[test]
fn a_scheduled_job_waits_starts_and_closes() {
    let emulator = fleet(Edition::Reference);
    let (start, finish) = (in_minutes(10), in_minutes(80));
    let times = [("ScheduleTime", start.as_str()), ("ScheduleFinishTime", finish.as_str())];
    let job_id = emulator.create_static_job("one", &[&times[..], &[("MaximumPerMinute", "1")]].concat());
    let data = query(&emulator, &job_id);
    assert_eq!(data["JobStatus"], "PLANNED");
    assert!(data["UtcScheduleTime"].is_string() && data["UtcScheduleFinishTime"].is_string(), "{data}");
    assert_eq!((data.get("UtcStartTime"), emulator.task_counts(&job_id)), (None, json!({})));
    emulator.advance(11.0 * 60.0);
    assert_eq!(query(&emulator, &job_id)["JobStatus"], "IN_PROGRESS");
    assert!(emulator.task_counts(&job_id)["QUEUED"].as_u64().unwrap() > 70);
    emulator.advance(DAY);
    let data = query(&emulator, &job_id);
    let counts = emulator.task_counts(&job_id);
    assert_eq!(data["JobStatus"], "COMPLETED", "{counts}");
    let (succeeded, canceled) = (counts["SUCCEEDED"].as_u64().unwrap(), counts["CANCELED"].as_u64().unwrap());
    assert_eq!(succeeded + canceled, 80);
    assert!((65..75).contains(&succeeded), "one a minute until the end: {counts}");
}

#[test]
fn a_scheduled_job_is_cancelled_before_its_time_by_its_flag() {
    let emulator = fleet(Edition::Reference);
    let start = in_minutes(10);
    let job_id = emulator.create_static_job("one", &[("ScheduleTime", &start)]);
    for (flag, status) in [("CancelQueuedTask", "PLANNED"), ("CancelScheduledTask", "CANCELED")] {
        emulator.call("CancelOTATaskByJob", &[("JobId", &job_id), (flag, "true")]).success();
        assert_eq!(query(&emulator, &job_id)["JobStatus"], status);
    }
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&job_id), json!({}), "it never starts");
}

#[test]
fn cancelling_all_tasks_cancels_the_job() {
    let emulator = fleet(Edition::Reference);
    let job_id = emulator.create_static_job("one", &[]);
    emulator.call(
        "CancelOTATaskByJob",
        &[("JobId", &job_id), ("CancelQueuedTask", "true"), ("CancelNotifiedTask", "true")],
    );
    assert_eq!(query(&emulator, &job_id)["JobStatus"], "CANCELED");
    let strategy = emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id)]);
    assert_eq!(strategy.service_code(), "iot.ota.noDynamicJob");
}

#[test]
fn rate_and_tags_of_a_static_job_change_but_not_its_timeout() {
    let emulator = fleet(Edition::Reference);
    let job_id = emulator.create_static_job("one", &[("MaximumPerMinute", "10")]);
    let update =
        [("JobId", job_id.as_str()), ("UpgradeType", "STATIC"), ("TargetSelection", "ALL"), ("MaximumPerMinute", "99")];
    let verdict = |more: &[(&str, &str)]| emulator.call("UpdateOTAJob", &rejoined(&update, &[], more)).verdict();
    assert_eq!(verdict(&[("Tags.1.Key", "a"), ("Tags.1.Value", "b"), ("SrcVersionList.1", "9")]), "ok");
    assert_eq!(verdict(&[("UpgradeType", "DYNAMIC")]), "iot.ota.noDynamicJob");
    assert_eq!(verdict(&[("TargetSelection", "GRAY")]), "iot.ota.InvalidStrategyType");
    assert_eq!(verdict(&[("TimeoutInMinutes", "5")]), "iot.ota.InvalidTimeout");
    let data = query(&emulator, &job_id);
    assert_eq!((&data["MaximumPerMinute"], data.get("SrcVersions")), (&json!(99), None));
}
