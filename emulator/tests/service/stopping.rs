//! Cancelling tasks, and running them again.

use alicloud_iot_emulator::Edition;
use serde_json::{Value, json};

use crate::support::{Emulator, firmware_fixture, options, rejoined, with_devices};

/// Two devices wait for confirmation, and of four others that are pushed one a minute three are queued, notified, in
/// progress, when the job is looked at.
fn busy() -> (Emulator, String, String) {
    let never = json!({ "median": 1_000_000, "p95": 1_000_000 });
    let devices = json!([{ "count": 12, "download_seconds": never }, { "count": 2, "version": "1.5" }]);
    let emulator = with_devices(Edition::Reference, "fleets", devices);
    let job_id = emulator.create_job("one", &[("SrcVersion.1", "1.0"), ("MaximumPerMinute", "10")]);
    let confirm = [("SrcVersion.1", "1.5"), ("NeedConfirm", "true")];
    let unconfirmed = emulator.create_job("two", &confirm);
    // The first devices begin within ten seconds, another one is notified every six.
    emulator.advance(36.0);
    (emulator, job_id, unconfirmed)
}

fn cancel(emulator: &Emulator, job_id: &str, flags: &[(&str, &str)]) -> Value {
    let parameters = rejoined(&[("JobId", job_id)], &[], flags);
    emulator.call("CancelOTATaskByJob", &parameters).success();
    emulator.task_counts(job_id)
}

#[test]
fn each_flag_cancels_the_tasks_of_its_state() {
    let (emulator, job_id, _) = busy();
    let before = emulator.task_counts(&job_id);
    let count = |counts: &Value, status: &str| counts[status].as_u64().unwrap_or(0);
    for status in ["QUEUED", "NOTIFIED", "IN_PROGRESS"] {
        assert!(count(&before, status) > 0, "{before}");
    }
    assert_eq!(cancel(&emulator, &job_id, &[("CancelUnconfirmedTask", "true")]), before);
    assert_eq!(cancel(&emulator, &job_id, &[("CancelScheduledTask", "true")]), before);
    assert_eq!(cancel(&emulator, &job_id, &[("CancelQueuedTask", "false")]), before);
    let mut canceled = 0;
    for (flag, status) in
        [("CancelQueuedTask", "QUEUED"), ("CancelNotifiedTask", "NOTIFIED"), ("CancelInProgressTask", "IN_PROGRESS")]
    {
        canceled += count(&before, status);
        let after = cancel(&emulator, &job_id, &[(flag, "true")]);
        assert_eq!((count(&after, status), count(&after, "CANCELED")), (0, canceled), "{after}");
    }
    emulator.advance(86_400.0);
    assert_eq!(emulator.task_counts(&job_id), json!({ "CANCELED": 12 }), "nothing of it goes on");
    assert_eq!(emulator.job_state(&job_id)["job_status"], "IN_PROGRESS", "the policy does");
    assert!(emulator.tasks(&job_id).values().all(|task| task["TaskDesc"].as_str().unwrap().contains("ByJob")));
}

#[test]
fn tasks_waiting_for_confirmation_go_with_the_queued_ones_unless_they_are_named() {
    for (flags, counts) in [
        (vec![("CancelQueuedTask", "true")], json!({ "CANCELED": 2 })),
        (vec![("CancelQueuedTask", "true"), ("CancelUnconfirmedTask", "false")], json!({ "CONFIRM": 2 })),
        (vec![("CancelUnconfirmedTask", "true")], json!({ "CANCELED": 2 })),
        (vec![("CancelNotifiedTask", "true")], json!({ "CONFIRM": 2 })),
    ] {
        let (emulator, _, unconfirmed) = busy();
        assert_eq!(cancel(&emulator, &unconfirmed, &flags), counts, "{flags:?}");
    }
}

#[test]
fn cancelling_the_strategy_leaves_the_tasks() {
    let (emulator, job_id, _) = busy();
    let before = emulator.task_counts(&job_id);
    emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id)]).success();
    assert_eq!(emulator.task_counts(&job_id), before);
    emulator.advance(60.0);
    assert!(emulator.task_counts(&job_id)["QUEUED"].as_u64() < before["QUEUED"].as_u64(), "they go on");
}

#[test]
fn the_tasks_of_devices_are_cancelled_for_a_package_or_one_of_its_jobs() {
    let (emulator, job_id, unconfirmed) = busy();
    let base = [("FirmwareId", "one"), ("ProductKey", "product"), ("DeviceName.1", "f1-0000001")];
    let verdict = |more: &[(&str, &str)]| emulator.call("CancelOTATaskByDevice", &rejoined(&base, &[], more)).verdict();
    let many: Vec<String> = (1..=201).map(|number| format!("DeviceName.{number}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), name.as_str())).collect();
    let invalid = "iot.common.InvalidFormattedParameter";
    for (more, expected) in [
        (vec![("FirmwareId", "")], "MissingFirmwareId"),
        (vec![("ProductKey", "")], "MissingProductKey"),
        (vec![("ProductKey", "other")], "iot.ota.FirmwareAndProductKeyMismatch"),
        (vec![("DeviceName.2", "f1-0000001")], invalid),
        (vec![("DeviceName.2", "nobody")], "iot.device.NotExistedDevice"),
        (vec![("JobId", "none")], "iot.ota.taskNotExist"),
        (many, invalid),
        (vec![("JobId", unconfirmed.as_str())], "ok"),
        (vec![("FirmwareId", "two")], "ok"),
    ] {
        assert_eq!(verdict(&more), expected, "{more:?}");
    }
    let no_device = [("FirmwareId", "one"), ("ProductKey", "product")];
    assert_eq!(emulator.call("CancelOTATaskByDevice", &no_device).verdict(), "MissingDeviceName");
    assert_eq!(emulator.task_counts(&job_id).get("CANCELED"), None, "another job, another package: nothing happened");
    assert_eq!(verdict(&[("DeviceName.2", "f1-0000012"), ("JobId", &job_id)]), "ok");
    let tasks = emulator.tasks(&job_id);
    let canceled: Vec<_> = tasks.iter().filter(|(_, task)| task["TaskStatus"] == "CANCELED").collect();
    assert_eq!(canceled.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["f1-0000001", "f1-0000012"]);
    let unconfirmed_device = rejoined(&base, &[], &[("FirmwareId", "two"), ("DeviceName.1", "f2-0000001")]);
    emulator.call("CancelOTATaskByDevice", &unconfirmed_device).success();
    assert_eq!(emulator.task_counts(&unconfirmed), json!({ "CONFIRM": 2 }), "the reference does not cancel those");
}

#[test]
fn failed_and_cancelled_tasks_run_again() {
    let emulator = with_devices(
        Edition::Reference,
        "fleets",
        json!([{ "count": 3, "failing": 1, "failing_tries": 1 }, { "count": 1, "name_prefix": "good" }]),
    );
    let job_id = emulator.create_job("one", &[("SrcVersion.1", "1.0")]);
    let other = emulator.create_job("two", &[("SrcVersion.1", "2.0")]);
    cancel(&emulator, &job_id, &[("CancelQueuedTask", "true"), ("CancelNotifiedTask", "true")]);
    emulator.advance(600.0);
    let tasks = emulator.tasks(&job_id);
    let id = |name: &str| tasks[name]["TaskId"].as_str().unwrap();
    let again = |job_id: &str, ids: &[&str]| {
        let names: Vec<String> = (1..=ids.len()).map(|number| format!("TaskId.{number}")).collect();
        let mut parameters: Vec<_> = names.iter().map(String::as_str).zip(ids.iter().copied()).collect();
        parameters.push(("JobId", job_id));
        emulator.call("ReupgradeOTATask", &parameters).verdict()
    };
    let (one, two) = (id("f1-0000001"), id("good0000001"));
    assert_eq!(again(&job_id, &[]), "MissingTaskId");
    assert_eq!(again("", &[one]), "MissingJobId");
    assert_eq!(again("none", &[one]), "iot.ota.InvalidJobId");
    assert_eq!(again(&other, &[one]), "iot.ota.UnmatchedJob");
    assert_eq!(again(&job_id, &[one, "none"]), "iot.ota.InvalidTaskId");
    assert_eq!(again(&job_id, &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]), "iot.ota.TooManyOtaTask");
    assert_eq!(again(&job_id, &[one, two]), "ok");
    assert_eq!(again(&job_id, &[one]), "iot.ota.FailedTaskNotFound");
    assert_eq!(again(&job_id, &[one, id("f1-0000002")]), "iot.ota.InvalidTaskExist");
    emulator.advance(3_600.0);
    assert_eq!(emulator.task_counts(&job_id), json!({ "SUCCEEDED": 1, "CANCELED": 2, "FAILED": 1 }));
    assert_eq!(again(&job_id, &[one]), "ok");
    emulator.advance(3_600.0);
    assert_eq!(emulator.task_counts(&job_id), json!({ "SUCCEEDED": 2, "CANCELED": 2 }), "one failure was enough");
    emulator.create_job("unneeded", &[("NeedConfirm", "true"), ("SrcVersion.1", "1.0")]);
    assert_eq!(again(&job_id, &[id("f1-0000002")]), "iot.ota.DeviceNotReUpgraded", "pending in another job");
    emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id)]).success();
    assert_eq!(again(&job_id, &[one]), "iot.ota.JobCanceled");
}

#[test]
fn two_tasks_of_a_device_do_not_run_again_together() {
    let reports = json!([{ "version": "1.5", "after_seconds": 600 }]);
    let emulator =
        with_devices(Edition::Reference, "fleets", json!([{ "count": 1, "failing": 1, "reports": reports }]));
    let job_id = emulator.create_job("one", &[]);
    emulator.advance(7_200.0);
    assert_eq!(emulator.task_counts(&job_id), json!({ "FAILED": 2 }), "one for each version");
    let page = [("JobId", job_id.as_str()), ("CurrentPage", "1"), ("PageSize", "10")];
    let tasks = emulator.call("ListOTATaskByJob", &page).success()["Data"]["SimpleOTATaskInfo"].clone();
    let id = |index: usize| tasks[index]["TaskId"].as_str().unwrap();
    let again = |more: &[(&str, &str)]| {
        let parameters = rejoined(&[("JobId", &job_id), ("TaskId.1", id(0))], &[], more);
        emulator.call("ReupgradeOTATask", &parameters).verdict()
    };
    assert_eq!(again(&[("TaskId.2", id(1))]), "iot.ota.DeviceNotReUpgraded");
    assert_eq!(again(&[]), "ok");
    assert_eq!(again(&[("TaskId.1", id(1))]), "iot.ota.DeviceNotReUpgraded");
}

#[test]
fn with_several_modules_a_task_runs_again_beside_one_of_another_module() {
    let fixtures = json!({
        "firmwares": [firmware_fixture("one", 1), { "firmware_id": "mcu", "product_key": "product", "firmware_name": "m",
            "dest_version": "8", "module_name": "mcu" }],
        "devices": [{ "product_key": "product", "device_name": "d", "version": "1.0", "modules": { "mcu": "7" } }],
    });
    let emulator = Emulator::start(options(Edition::Reference, &fixtures));
    let waiting = [("MultiModuleMode", "true"), ("NeedConfirm", "true")];
    let [one, _mcu] = ["one", "mcu"].map(|firmware_id| emulator.create_job(firmware_id, &waiting));
    assert_eq!(emulator.task_counts(&one), json!({ "CONFIRM": 1 }));
    cancel(&emulator, &one, &[("CancelUnconfirmedTask", "true")]);
    let task = emulator.only_task(&one)["TaskId"].as_str().unwrap().to_owned();
    emulator.call("ReupgradeOTATask", &[("JobId", &one), ("TaskId.1", &task)]).success();
}

#[test]
fn some_operations_take_post_alone() {
    let emulator = Emulator::reference();
    for action in ["ReupgradeOTATask", "ConfirmOTATask"] {
        let parameters = [("JobId", "j"), ("TaskId.1", "t")];
        let refused = emulator.send("GET", crate::support::sign::request(action, &parameters));
        assert_eq!(refused.gateway_code(), (400, "UnsupportedHTTPMethod".to_owned()));
        assert_ne!(emulator.call(action, &parameters).verdict(), "UnsupportedHTTPMethod");
    }
}
