//! What devices do when a job runs.

use alicloud_iot_emulator::Edition;
use serde_json::{Value, json};

use crate::support::{Emulator, with_devices};

const DAY: f64 = 86_400.0;

fn fleet(members: Value) -> Emulator {
    with_devices(Edition::Reference, "fleets", json!([members]))
}

fn device(members: Value) -> Emulator {
    let mut members = members;
    members["device_name"] = json!("d");
    with_devices(Edition::Reference, "devices", json!([members]))
}

fn version_of(emulator: &Emulator, name: &str) -> String {
    let answer = emulator.call("QueryDeviceDetail", &[("ProductKey", "product"), ("DeviceName", name)]).success();
    answer["Data"]["FirmwareVersion"].as_str().unwrap().to_owned()
}

#[test]
fn the_share_of_failing_devices_fails_for_its_reason_and_the_others_succeed() {
    let reasons = json!([{ "reason": "disk full" }, { "reason": "bad checksum", "weight": 3 }]);
    let emulator = fleet(json!({ "count": 100, "failing": 0.1, "failure_reasons": reasons }));
    let job_id = emulator.create_job("one", &[]);
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&job_id), json!({ "SUCCEEDED": 90, "FAILED": 10 }));
    for (name, task) in emulator.tasks(&job_id) {
        let failed = task["TaskStatus"] == "FAILED";
        let reason = task["TaskDesc"].as_str().unwrap();
        assert_eq!(["disk full", "bad checksum"].contains(&reason), failed, "{task}");
        let progress: f64 = task["Progress"].as_str().unwrap().parse().unwrap();
        assert_eq!(progress < 100.0, failed, "{task}");
        assert_eq!(version_of(&emulator, &name), if failed { "1.0" } else { "2.0" });
    }
}

#[test]
fn a_task_goes_from_queued_to_succeeded_and_its_progress_grows() {
    let emulator = fleet(json!({ "count": 1, "download_seconds": { "median": 100, "p95": 100 } }));
    let job_id = emulator.create_job("one", &[]);
    let mut seen = Vec::new();
    let mut progress = vec![0.0];
    for _ in 0..120 {
        let task = emulator.only_task(&job_id);
        let status = task["TaskStatus"].as_str().unwrap().to_owned();
        if seen.last() != Some(&status) {
            seen.push(status);
        }
        progress.push(task["Progress"].as_str().unwrap().parse::<f64>().unwrap());
        emulator.advance(1.0);
    }
    assert_eq!(seen, ["NOTIFIED", "IN_PROGRESS", "SUCCEEDED"]);
    assert!(progress.is_sorted() && progress.iter().any(|done| (40.0..60.0).contains(done)), "{progress:?}");
    assert_eq!(emulator.job_state(&job_id)["job_status"], "IN_PROGRESS", "a dynamic job goes on");
}

#[test]
fn offline_devices_wait_until_they_come_back() {
    let emulator = fleet(json!({ "count": 10, "offline": 0.4 }));
    let job_id = emulator.create_job("one", &[]);
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&job_id), json!({ "SUCCEEDED": 6, "QUEUED": 4 }));
    let hour = json!({ "median": 3600, "p95": 3600 });
    let emulator = fleet(json!({ "count": 10, "offline": 0.4, "offline_seconds": hour }));
    let job_id = emulator.create_job("one", &[]);
    emulator.advance(3_590.0);
    assert_eq!(emulator.task_counts(&job_id), json!({ "SUCCEEDED": 6, "QUEUED": 4 }));
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&job_id), json!({ "SUCCEEDED": 10 }));
}

#[test]
fn no_more_devices_than_the_rate_are_notified_a_minute() {
    let emulator = fleet(json!({ "count": 50, "download_seconds": { "median": 1_000_000, "p95": 1_000_000 } }));
    let job_id = emulator.create_job("one", &[("MaximumPerMinute", "10")]);
    for waiting in [40, 30, 20, 10] {
        emulator.advance(59.999);
        assert_eq!(emulator.task_counts(&job_id)["QUEUED"], waiting);
        emulator.advance(0.001);
    }
}

#[test]
fn a_changed_rate_counts_from_then_on() {
    let emulator = fleet(json!({ "count": 50, "download_seconds": { "median": 1_000_000, "p95": 1_000_000 } }));
    let job_id = emulator.create_job("one", &[("MaximumPerMinute", "0")]);
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&job_id), json!({ "QUEUED": 50 }));
    let update = [("JobId", job_id.as_str()), ("UpgradeType", "DYNAMIC"), ("TargetSelection", "ALL")];
    emulator.call("UpdateOTAJob", &[&update[..], &[("MaximumPerMinute", "20")]].concat()).success();
    emulator.advance(59.0);
    assert_eq!(emulator.task_counts(&job_id)["QUEUED"], 30);
}

#[test]
fn only_devices_with_a_source_version_and_without_the_target_get_tasks() {
    let versions = json!([{ "count": 3 }, { "count": 5, "version": "1.1" }, { "count": 7, "version": "2.0" }]);
    let emulator = with_devices(Edition::Reference, "fleets", versions);
    let job_id = emulator.create_job("one", &[("SrcVersion.1", "1.0"), ("SrcVersion.2", "2.0")]);
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&job_id), json!({ "SUCCEEDED": 3 }));
    let all = emulator.create_job("two", &[]);
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&all), json!({ "SUCCEEDED": 15 }));
}

#[test]
fn a_device_in_another_job_fails_the_second_or_is_taken_over() {
    let never = json!({ "median": 1_000_000, "p95": 1_000_000 });
    for (mode, wait, first, second) in [
        ("1", 0.0, "NOTIFIED", "FAILED"),
        ("2", 0.0, "CANCELED", "NOTIFIED"),
        ("1", 60.0, "IN_PROGRESS", "FAILED"),
        ("2", 60.0, "IN_PROGRESS", "FAILED"),
    ] {
        let emulator = fleet(json!({ "count": 1, "download_seconds": never }));
        let one = emulator.create_job("one", &[]);
        emulator.advance(wait);
        let two = emulator.create_job("two", &[("OverwriteMode", mode)]);
        emulator.advance(0.0);
        let status = |job_id: &str| emulator.only_task(job_id)["TaskStatus"].clone();
        assert_eq!((status(&one), status(&two)), (json!(first), json!(second)), "mode {mode} after {wait} s");
        let ended = if first == "CANCELED" { &one } else { &two };
        assert_ne!(emulator.only_task(ended)["TaskDesc"], "");
    }
}

#[test]
fn a_device_that_reports_while_its_task_waits_gets_no_second_one() {
    let reports = json!([{ "version": "1.5", "after_seconds": 600 }]);
    for mode in ["1", "2"] {
        let emulator = fleet(json!({ "count": 1, "offline": 1, "reports": reports }));
        let job_id = emulator.create_job("one", &[("OverwriteMode", mode)]);
        emulator.advance(700.0);
        assert_eq!(emulator.task_counts(&job_id), json!({ "QUEUED": 1 }), "mode {mode}");
    }
}

#[test]
fn a_device_that_joins_or_reports_later_follows_the_newest_policy() {
    let reports = json!([{ "version": "1.5", "share": 0.5, "after_seconds": 600 }]);
    for (mode, from_the_start) in [("1", 10), ("2", 0)] {
        let emulator = fleet(json!({ "count": 10, "failing": 1, "reports": reports }));
        let one = emulator.create_job("one", &[("DynamicMode", mode), ("SrcVersion.1", "1.0")]);
        emulator.advance(599.0);
        let counts = if from_the_start == 0 { json!({}) } else { json!({ "FAILED": from_the_start }) };
        assert_eq!(emulator.task_counts(&one), counts);
        let older = emulator.create_job("two", &[("DynamicMode", "2"), ("SrcVersion.1", "1.5")]);
        let newer = emulator.create_job("unneeded", &[("DynamicMode", "2"), ("SrcVersion.1", "1.5")]);
        emulator.advance(DAY);
        assert_eq!(emulator.task_counts(&one), counts);
        assert_eq!(emulator.task_counts(&older), json!({}));
        assert_eq!(emulator.task_counts(&newer), json!({ "FAILED": 5 }));
    }
}

#[test]
fn an_older_policy_does_not_take_back_what_a_newer_one_has_brought() {
    let emulator = fleet(json!({ "count": 4 }));
    let old = emulator.create_job("one", &[]);
    emulator.advance(DAY);
    let new = emulator.create_job("two", &[]);
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&old), json!({ "SUCCEEDED": 4 }));
    assert_eq!(emulator.task_counts(&new), json!({ "SUCCEEDED": 4 }));
    assert_eq!(version_of(&emulator, "f1-0000001"), "3.0");
    emulator.call("CancelOTAStrategyByJob", &[("JobId", &new)]).success();
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&old), json!({ "SUCCEEDED": 4 }), "nothing was reported since");
}

#[test]
fn devices_that_join_get_their_task_when_they_do() {
    let emulator = fleet(json!({ "count": 100, "join_over_seconds": 1000 }));
    let job_id = emulator.create_job("one", &[]);
    assert_eq!(emulator.task_counts(&job_id), json!({}));
    emulator.advance(500.0);
    let joined: u64 =
        emulator.task_counts(&job_id).as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert!((30..70).contains(&joined), "{joined}");
    emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id)]).success();
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&job_id), json!({ "SUCCEEDED": joined }), "those with a task go on");
}

#[test]
fn an_update_can_lead_into_the_next() {
    let emulator = fleet(json!({ "count": 4 }));
    let two = emulator.create_job("two", &[("SrcVersion.1", "2.0")]);
    let one = emulator.create_job("one", &[("SrcVersion.1", "1.0")]);
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&one), json!({ "SUCCEEDED": 4 }));
    assert_eq!(emulator.task_counts(&two), json!({ "SUCCEEDED": 4 }));
    assert_eq!(version_of(&emulator, "f1-0000001"), "3.0");
}

#[test]
fn a_failed_try_is_repeated_after_its_interval_as_often_as_the_policy_says() {
    let retry = [("RetryInterval", "10"), ("RetryCount", "2")];
    for (failing_tries, status) in [(1, "SUCCEEDED"), (2, "SUCCEEDED"), (3, "FAILED")] {
        let emulator = fleet(json!({ "count": 1, "failing": 1, "failing_tries": failing_tries }));
        let job_id = emulator.create_job("one", &retry);
        // The first try is over, the second has to wait.
        emulator.advance(500.0);
        let task = emulator.only_task(&job_id);
        assert_eq!(task["TaskStatus"], "QUEUED");
        assert!(task["TaskDesc"].as_str().unwrap().starts_with("Try 1 failed"), "{task}");
        emulator.advance(DAY);
        assert_eq!(emulator.only_task(&job_id)["TaskStatus"], status, "{failing_tries}");
    }
    let emulator = fleet(json!({ "count": 1, "failing": 1, "failing_tries": 1 }));
    let job_id = emulator.create_job("one", &[]);
    emulator.advance(DAY);
    assert_eq!(emulator.only_task(&job_id)["TaskStatus"], "FAILED", "no retry without a policy");
}

#[test]
fn a_timeout_counts_from_the_first_progress_and_is_never_retried() {
    let emulator = fleet(json!({ "count": 1, "stuck": 1 }));
    let retry = [("RetryInterval", "0"), ("RetryCount", "5"), ("TimeoutInMinutes", "1")];
    let job_id = emulator.create_job("one", &retry);
    emulator.advance(0.0);
    while emulator.only_task(&job_id)["TaskStatus"] != "IN_PROGRESS" {
        emulator.advance(0.5);
    }
    emulator.advance(59.0);
    assert_eq!(emulator.only_task(&job_id)["TaskStatus"], "IN_PROGRESS");
    emulator.advance(2.0);
    let task = emulator.only_task(&job_id);
    assert_eq!(task["TaskStatus"], "FAILED");
    assert!(task["TaskDesc"].as_str().unwrap().contains("1 minutes"), "{task}");
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&job_id), json!({ "FAILED": 1 }));
    let emulator = fleet(json!({ "count": 1, "stuck": 1 }));
    let job_id = emulator.create_job("one", &[]);
    emulator.advance(100.0 * DAY);
    assert_eq!(emulator.only_task(&job_id)["TaskStatus"], "IN_PROGRESS", "no timeout, no end");
}

#[test]
fn a_new_timeout_counts_for_tasks_to_come() {
    let emulator =
        with_devices(Edition::Extended, "fleets", json!([{ "count": 2, "stuck": 1, "join_over_seconds": 9 }]));
    let job_id = emulator.create_job("one", &[("SrcVersion.1", "1.0"), ("TimeoutInMinutes", "60")]);
    while emulator.task_counts(&job_id) == json!({}) {
        emulator.advance(0.1);
    }
    let update = [("JobId", job_id.as_str()), ("UpgradeType", "DYNAMIC"), ("TargetSelection", "ALL")];
    let update = [&update[..], &[("MaximumPerMinute", "10"), ("TimeoutInMinutes", "5")]].concat();
    emulator.call("UpdateOTAJob", &update).success();
    emulator.advance(10.0);
    let mut timeouts: Vec<_> = emulator.tasks(&job_id).into_values().map(|task| task["Timeout"].clone()).collect();
    timeouts.sort_by_key(ToString::to_string);
    assert_eq!(timeouts, [json!("5"), json!("60")]);
}

#[test]
fn tasks_wait_for_confirmation_if_the_job_says_so() {
    let emulator = fleet(json!({ "count": 3 }));
    let job_id = emulator.create_job("one", &[("NeedConfirm", "true")]);
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&job_id), json!({ "CONFIRM": 3 }));
    let tasks = emulator.tasks(&job_id);
    let id = |name: &str| tasks[name]["TaskId"].as_str().unwrap();
    let confirm = |ids: &[&str]| {
        let names: Vec<String> = (1..=ids.len()).map(|number| format!("TaskId.{number}")).collect();
        let parameters: Vec<_> = names.iter().map(String::as_str).zip(ids.iter().copied()).collect();
        emulator.call("ConfirmOTATask", &parameters).verdict()
    };
    assert_eq!(confirm(&[]), "MissingTaskId");
    assert_eq!(confirm(&[id("f1-0000001"), "none"]), "iot.ota.InvalidTaskId");
    assert_eq!(confirm(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]), "iot.ota.TooManyOtaTask");
    assert_eq!(emulator.task_counts(&job_id), json!({ "CONFIRM": 3 }), "all or nothing");
    assert_eq!(confirm(&[id("f1-0000001"), id("f1-0000003")]), "ok");
    assert_eq!(confirm(&[id("f1-0000001")]), "iot.ota.InvalidTaskExist");
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&job_id), json!({ "CONFIRM": 1, "SUCCEEDED": 2 }));
}

#[test]
fn without_push_a_device_gets_the_task_when_it_asks() {
    let emulator = fleet(json!({ "count": 100, "ask_seconds": 10_000 }));
    let job_id = emulator.create_job("one", &[("NeedPush", "false"), ("MaximumPerMinute", "0")]);
    emulator.advance(5_000.0);
    let waiting = emulator.task_counts(&job_id)["QUEUED"].as_u64().unwrap();
    assert!((30..70).contains(&waiting), "{waiting}");
    emulator.advance(DAY);
    assert_eq!(emulator.task_counts(&job_id), json!({ "SUCCEEDED": 100 }));
}

#[test]
fn modules_have_versions_of_their_own() {
    let products = json!({ "count": 2, "modules": { "mcu": "7" } });
    let mut emulator = fleet(products);
    let firmware = [
        ("FirmwareName", "mcu"),
        ("DestVersion", "8"),
        ("FirmwareUrl", "https://u.test/a"),
        ("ProductKey", "product"),
        ("ModuleName", "mcu"),
        ("NeedToVerify", "false"),
    ];
    let create = |emulator: &mut Emulator| {
        let answer = emulator.call("CreateOTAFirmware", &firmware).success();
        answer["Data"]["FirmwareId"].as_str().unwrap().to_owned()
    };
    let firmware_id = create(&mut emulator);
    let several = [("MultiModuleMode", "true")];
    let whole = emulator.create_job("one", &several);
    let mcu = emulator.create_job(&firmware_id, &several);
    emulator.advance(DAY);
    for job_id in [&whole, &mcu] {
        assert_eq!(emulator.task_counts(job_id), json!({ "SUCCEEDED": 2 }));
    }
    let device = [("ProductKey", "product"), ("DeviceName", "f1-0000002"), ("CurrentPage", "1"), ("PageSize", "9")];
    let answer = emulator.call("ListOTAModuleVersionsByDevice", &device).success();
    let versions = answer["Data"]["SimpleOTAModuleInfo"].as_array().unwrap().iter();
    let mut versions: Vec<_> = versions.map(|module| json!([module["ModuleName"], module["ModuleVersion"]])).collect();
    versions.sort_by_key(ToString::to_string);
    assert_eq!(versions, [json!(["default", "2.0"]), json!(["mcu", "8"])]);
}

#[test]
fn a_verification_updates_its_devices_and_fails_with_them() {
    for (members, status, job_status) in [
        (json!({}), 1, "COMPLETED"),
        (json!({ "failing": true }), 3, "COMPLETED"),
        (json!({ "online": false }), 2, "IN_PROGRESS"),
    ] {
        let emulator = device(members);
        let verify = [("FirmwareId", "unverified"), ("ProductKey", "product"), ("TargetDeviceName.1", "d")];
        let answer = emulator.call("CreateOTAVerifyJob", &verify).success();
        let job_id = answer["Data"]["JobId"].as_str().unwrap();
        emulator.advance(5.0);
        let firmware = emulator.call("QueryOTAFirmware", &[("FirmwareId", "unverified")]).success();
        assert_eq!(firmware["FirmwareInfo"]["Status"], status);
        assert_eq!(emulator.job_state(job_id)["job_status"], job_status);
        assert_eq!(version_of(&emulator, "d"), if status == 1 { "2.0" } else { "1.0" });
    }
}

#[test]
fn a_seed_repeats_a_rollout_and_the_steps_of_time_do_not_matter() {
    let run = |steps: u32| {
        let emulator = fleet(json!({
            "count": 60, "offline": 0.2, "offline_seconds": { "median": 60, "p95": 600 }, "failing": 0.3,
            "failing_tries": 1, "stuck": 0.1, "join_over_seconds": 60, "reports": [{ "version": "2.0", "share": 0.2,
            "after_seconds": 10, "over_seconds": 100 }],
        }));
        let settings = [("RetryInterval", "0"), ("RetryCount", "1"), ("TimeoutInMinutes", "5")];
        let one = emulator.create_job("one", &settings);
        let two = emulator.create_job("two", &[("SrcVersion.1", "2.0"), ("MaximumPerMinute", "10")]);
        for _ in 0..steps {
            emulator.advance(900.0 / f64::from(steps));
        }
        let tasks = [one, two].map(|job_id| {
            let tasks = emulator.tasks(&job_id).into_values();
            tasks.map(|task| json!([task["DeviceName"], task["TaskStatus"], task["TaskDesc"]])).collect::<Vec<_>>()
        });
        let versions = emulator.control("GET", "state", &Value::Null)["versions"].clone();
        (tasks, versions)
    };
    let at_once = run(1);
    assert_eq!(at_once, run(1));
    assert_eq!(at_once, run(100));
}
