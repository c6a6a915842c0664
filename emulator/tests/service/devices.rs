//! Looking at devices, and at tasks by device.

use alicloud_iot_emulator::Edition;
use serde_json::{Value, json};

use std::collections::BTreeSet;

use crate::support::{Emulator, rejoined, with_devices};

fn fleet() -> Emulator {
    let fleets = json!([{ "count": 40, "offline": 0.25, "modules": { "mcu": "7" } }, { "count": 5, "version": "1.1" }]);
    with_devices(Edition::Extended, "fleets", fleets)
}

const DEVICE: [(&str, &str); 2] = [("ProductKey", "product"), ("DeviceName", "f1-0000001")];

#[test]
fn a_device_is_found_by_name_and_by_id() {
    let emulator = fleet();
    let by_name = emulator.call("QueryDeviceDetail", &DEVICE).success()["Data"].clone();
    let id = by_name["IotId"].as_str().unwrap();
    let by_id = emulator.call("QueryDeviceDetail", &[("IotId", id), ("DeviceName", "ignored")]).success();
    assert_eq!(by_id["Data"], by_name);
    assert_eq!((&by_name["FirmwareVersion"], &by_name["NodeType"]), (&json!("1.0"), &json!(0)));
    let gmt = by_name["GmtCreate"].as_str().unwrap();
    assert!(gmt.len() == 19 && !gmt.contains('T'), "{gmt}");
    assert_eq!(by_name.get("DeviceSecret"), None);
    for (parameters, verdict) in [
        (vec![("IotId", "nobody")], "iot.device.NotExistedDevice"),
        (vec![("ProductKey", "product"), ("DeviceName", "f1-0000041")], "iot.device.NotExistedDevice"),
        (vec![("ProductKey", "other"), ("DeviceName", "f1-0000001")], "iot.device.NotExistedDevice"),
        (vec![("ProductKey", "product")], "iot.check.NullParameter"),
        (vec![], "iot.check.NullParameter"),
    ] {
        assert_eq!(emulator.call("QueryDeviceDetail", &parameters).verdict(), verdict, "{parameters:?}");
        let page = [parameters, vec![("CurrentPage", "1"), ("PageSize", "200")]].concat();
        assert_eq!(emulator.call("ListOTAModuleVersionsByDevice", &page).verdict(), verdict);
    }
    let too_large = [&DEVICE[..], &[("CurrentPage", "1"), ("PageSize", "201")]].concat();
    let answer = emulator.call("ListOTAModuleVersionsByDevice", &too_large);
    assert_eq!(answer.service_code(), "iot.common.InvalidPageParams");
}

#[test]
fn devices_are_counted_and_listed_by_statement() {
    let emulator = fleet();
    let ask = |sql: &str| emulator.call("QueryDeviceBySQL", &[("SQL", sql)]);
    let count = |condition: &str| {
        let sql = format!("SELECT count(*) FROM device WHERE product_key = \"product\"{condition}");
        let answer = ask(&sql).success();
        assert_eq!(answer.get("Data"), None);
        answer["TotalCount"].as_u64().unwrap()
    };
    assert_eq!(count(""), 45);
    assert_eq!(count(" AND status = \"OFFLINE\""), 10);
    assert_eq!(count(" AND ota_module.name = \"default\" AND ota_module.version = \"1.1\""), 5);
    assert_eq!(count(" AND ota_module.name = \"mcu\" AND ota_module.version = \"1.0\""), 0, "one and the same module");
    assert_eq!(count(" AND name != 'f1-0000001'"), 44);
    let page = |limit: &str| {
        let sql = format!("SELECT * FROM device WHERE product_key = \"product\" limit {limit}");
        let devices = ask(&sql).success()["Data"].as_array().unwrap().clone();
        devices.iter().map(|device| device["DeviceName"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = [page("20"), page("20,20"), page("40,20")].concat();
    assert_eq!(all.len(), 45);
    assert_eq!(BTreeSet::from_iter(&all).len(), 45);
    assert!(!all.is_sorted());
    let modules = ask("select * from device where product_key = \"product\" and name = \"f1-0000001\"").success();
    let modules = &modules["Data"][0]["OTAModules"];
    assert_eq!(modules[0], json!({ "ModuleName": "default", "FirmwareVersion": "1.0" }));
    assert_eq!(ask("select * from device").service_code(), "iot.common.InvalidFormattedParameter");
    assert_eq!(ask(&"x".repeat(401)).service_code(), "iot.common.InvalidFormattedParameter");
    assert_eq!(emulator.call("QueryDeviceBySQL", &[]).verdict(), "MissingSQL");
}

#[test]
fn devices_come_in_the_order_asked_for() {
    let emulator = with_devices(Edition::Reference, "fleets", json!([{ "count": 30, "join_over_seconds": 100 }]));
    emulator.advance(200.0);
    let list = |order: &str| {
        let sql = format!("select * from device where product_key = \"product\" order by active_time {order} limit 30");
        let devices = emulator.call("QueryDeviceBySQL", &[("SQL", &sql)]).success()["Data"].as_array().unwrap().clone();
        devices.iter().map(|device| device["ActiveTime"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (ascending, mut descending) = (list("asc"), list("desc"));
    assert!(ascending.is_sorted() && ascending.first() < ascending.last(), "{ascending:?}");
    descending.reverse();
    assert_eq!(descending, ascending);
}

#[test]
fn the_jobs_of_a_device_are_those_that_gave_it_a_task() {
    let emulator = fleet();
    let one = emulator.create_job("one", &[("SrcVersion.1", "1.0")]);
    let other = emulator.create_static_job("one", &[("SrcVersion.1", "1.1")]);
    let list = |more: &[(&str, &str)]| {
        let base = [("FirmwareId", "one"), ("CurrentPage", "1"), ("PageSize", "100")];
        emulator.call("ListOTAJobByDevice", &rejoined(&base, &DEVICE, more))
    };
    let answer = list(&[]).success();
    assert_eq!((&answer["Total"], &answer["Data"]["SimpleOTAJobInfo"][0]["JobId"]), (&json!(1), &json!(one)));
    let answer = list(&[("DeviceName", "f2-0000003")]).success();
    assert_eq!(answer["Data"]["SimpleOTAJobInfo"][0]["JobId"], other);
    for (more, verdict) in [
        (vec![("FirmwareId", "two")], "ok"),
        (vec![("IotInstanceId", "iot-1")], "ok"),
        (vec![("FirmwareId", "none")], "iot.ota.FirmwareNotFound"),
        (vec![("DeviceName", "nobody")], "iot.device.NotExistedDevice"),
        (vec![("DeviceName", "")], "MissingDeviceName"),
        (vec![("PageSize", "101")], "iot.common.InvalidPageParams"),
        (vec![("PageSize", "")], "MissingPageSize"),
    ] {
        let answer = list(&more);
        assert_eq!(answer.verdict(), verdict, "{more:?}");
        assert!(verdict != "ok" || answer.json()["Total"] == 0, "{more:?}");
    }
}

#[test]
fn the_unfinished_tasks_of_a_device_are_listed_by_state_and_module() {
    let emulator = fleet();
    let job_id = emulator.create_job("one", &[("SrcVersion.1", "1.0"), ("NeedConfirm", "true")]);
    let list = |more: &[(&str, &str)]| emulator.call("ListOTAUnfinishedTaskByDevice", &rejoined(&DEVICE, &[], more));
    let answer = list(&[]).success();
    let task = &answer["Data"]["SimpleOTATaskInfo"][0];
    assert_eq!(
        (&task["JobId"], &task["ModuleName"], &task["TaskStatus"]),
        (&json!(job_id), &json!("default"), &json!("CONFIRM"))
    );
    assert_eq!(task["IotId"], emulator.call("QueryDeviceDetail", &DEVICE).success()["Data"]["IotId"]);
    let invalid = "iot.common.InvalidFormattedParameter";
    for (more, count, verdict) in [
        (vec![("TaskStatus", "CONFIRM")], 1, "ok"),
        (vec![("TaskStatus", "QUEUED")], 0, "ok"),
        (vec![("TaskStatusList.1", "QUEUED"), ("TaskStatusList.2", "CONFIRM")], 1, "ok"),
        (vec![("TaskStatus", "SUCCEEDED")], 0, "iot.firmware.InvalidTaskStatus"),
        (vec![("TaskStatus", "QUEUED"), ("TaskStatusList.1", "QUEUED")], 0, invalid),
        (vec![("ModuleName", "mcu")], 0, "ok"),
        (vec![("ModuleName", "default")], 1, "ok"),
        (vec![("IotInstanceId", "iot-1")], 0, "ok"),
        (vec![("DeviceName", "")], 0, "iot.ota.EmptyDeviceInfoParams"),
    ] {
        let answer = list(&more);
        assert_eq!(answer.verdict(), verdict, "{more:?}");
        if verdict == "ok" {
            let listed = answer.json()["Data"]["SimpleOTATaskInfo"].as_array().map_or(0, Vec::len);
            assert_eq!(listed, count, "{more:?}");
        }
    }
    emulator.call("CancelOTATaskByJob", &[("JobId", &job_id), ("CancelQueuedTask", "true")]).success();
    assert_eq!(list(&[]).success()["Data"]["SimpleOTATaskInfo"], json!([]));
}

#[test]
fn pages_of_tasks_fit_together_in_an_order_that_means_nothing() {
    let emulator = with_devices(Edition::Extended, "fleets", json!([{ "count": 250 }]));
    let job_id = emulator.create_job("one", &[("SrcVersion.1", "1.0"), ("MaximumPerMinute", "100")]);
    emulator.advance(30.0);
    let list = |more: &[(&str, &str)]| {
        emulator.call("ListOTATaskByJob", &rejoined(&[("JobId", &job_id)], &[("PageSize", "100")], more)).success()
    };
    let names = |answer: &Value| {
        let tasks = answer["Data"]["SimpleOTATaskInfo"].as_array().unwrap().iter();
        tasks.map(|task| task["DeviceName"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut listed = Vec::new();
    for (number, on_page) in [("1", 100), ("2", 100), ("3", 50), ("4", 0)] {
        let answer = list(&[("CurrentPage", number)]);
        assert_eq!((&answer["Total"], &answer["PageCount"]), (&json!(250), &json!(3)));
        assert_eq!(names(&answer).len(), on_page);
        listed.extend(names(&answer));
    }
    assert!(!listed.is_sorted());
    assert_eq!(BTreeSet::from_iter(listed).len(), 250);
    let counts = emulator.task_counts(&job_id);
    let queued = list(&[("TaskStatus", "QUEUED"), ("PageSize", "1")]);
    assert_eq!(queued["Total"], counts["QUEUED"]);
    assert_eq!(queued["Data"]["SimpleOTATaskInfo"][0]["TaskStatus"], "QUEUED");
    let named = list(&[("DeviceNames.1", "f1-0000003"), ("DeviceNames.2", "nobody"), ("CurrentPage", "99")]);
    assert_eq!((names(&named), &named["Total"]), (vec!["f1-0000003".to_owned()], &json!(1)));
}
