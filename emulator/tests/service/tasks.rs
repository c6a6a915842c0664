//! The device tasks of a job: listing and cancelling them.

use serde_json::json;

use crate::support::{Emulator, rejoined};

#[test]
fn a_job_without_devices_has_no_tasks() {
    let emulator = Emulator::reference();
    let job_id = emulator.create_job("verified", &[]);
    let page = [("JobId", job_id.as_str()), ("CurrentPage", "1"), ("PageSize", "100")];
    let answer = emulator.call("ListOTATaskByJob", &page).success();
    assert_eq!(answer["Data"], json!({ "SimpleOTATaskInfo": [] }));
    for (member, value) in [("Total", 0), ("PageSize", 100), ("PageCount", 0), ("CurrentPage", 1)] {
        assert_eq!(answer[member], value, "{member}");
    }
}

#[test]
fn a_list_of_tasks_has_bounds() {
    let names: Vec<String> = (1..=51).map(|number| format!("DeviceNames.{number}")).collect();
    let names: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "d")).collect();
    let invalid_page = "iot.common.InvalidPageParams";
    let invalid = "iot.common.InvalidFormattedParameter";
    for (emulator, without_page) in [(Emulator::reference(), "MissingCurrentPage"), (Emulator::extended(), "ok")] {
        let job_id = emulator.create_job("verified", &[("SrcVersion.1", "1.0")]);
        let base = [("JobId", job_id.as_str()), ("CurrentPage", "1"), ("PageSize", "10")];
        for (changes, verdict) in [
            (vec![("JobId", "")], "MissingJobId"),
            (vec![("JobId", "none")], "iot.ota.taskNotExist"),
            (vec![("IotInstanceId", "iot-1")], "iot.ota.InstanceIdMisMatch"),
            (vec![("CurrentPage", ""), ("PageSize", "")], without_page),
            (vec![("CurrentPage", "0")], invalid_page),
            (vec![("PageSize", "0")], invalid_page),
            (vec![("PageSize", "101")], invalid_page),
            (vec![("CurrentPage", "1000"), ("PageSize", "100")], "ok"),
            (vec![("CurrentPage", "1001"), ("PageSize", "100")], invalid_page),
            (vec![("CurrentPage", "9223372036854775807")], invalid_page),
            (vec![("TaskStatus", "CONFIRM")], "ok"),
            (vec![("TaskStatus", "SUCCESS")], invalid),
            (vec![("DeviceNames.1", "")], invalid),
            ([vec![("CurrentPage", "0")], names.get(..50).unwrap().to_vec()].concat(), "ok"),
            (names.clone(), invalid),
        ] {
            let parameters = rejoined(&base, &[], &changes);
            assert_eq!(emulator.call("ListOTATaskByJob", &parameters).verdict(), verdict, "{changes:?}");
        }
    }
}

#[test]
fn cancelling_tasks_takes_a_flag_and_leaves_the_policy() {
    let emulator = Emulator::reference();
    let job_id = emulator.create_job("verified", &[]);
    let verdict = |changes: &[(&str, &str)]| {
        emulator.call("CancelOTATaskByJob", &rejoined(&[("JobId", &job_id)], &[], changes)).verdict()
    };
    assert_eq!(verdict(&[]), "iot.check.NullParameter");
    assert_eq!(verdict(&[("CancelQueuedTask", "maybe")]), "InvalidCancelQueuedTask");
    assert_eq!(verdict(&[("CancelQueuedTask", "true"), ("JobId", "none")]), "iot.ota.taskNotExist");
    for flag in [
        "CancelScheduledTask",
        "CancelQueuedTask",
        "CancelNotifiedTask",
        "CancelInProgressTask",
        "CancelUnconfirmedTask",
    ] {
        assert_eq!(verdict(&[(flag, "true")]), "ok", "{flag}");
        assert_eq!(verdict(&[(flag, "false")]), "ok", "{flag}");
    }
    let data = emulator.call("QueryOTAJob", &[("JobId", &job_id)]).success()["Data"].clone();
    assert_eq!(data["JobStatus"], "IN_PROGRESS");
}
