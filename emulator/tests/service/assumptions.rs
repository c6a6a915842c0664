//! What nobody has published comes in every form that the documents leave open.

use alicloud_iot_emulator::{Assumptions, Edition, Options};
use serde_json::{Value, json};

use crate::support::{Emulator, fixtures, options};

fn start(choices: &[&str]) -> Emulator {
    let mut assumptions = Assumptions::default();
    for choice in choices {
        assumptions.choose(choice).unwrap();
    }
    Emulator::start(Options { assumptions, ..options(Edition::Extended, &fixtures()) })
}

fn job(emulator: &Emulator) -> Value {
    let id = emulator.create_job("verified", &[("SrcVersion.1", "1.0")]);
    emulator.call("QueryOTAJob", &[("JobId", &id)]).success()["Data"].clone()
}

#[test]
fn absent_members_come_in_the_form_chosen() {
    for (choice, tags, group) in [
        ("absent-members=left-out", None, None),
        ("absent-members=null", Some(json!(null)), Some(json!(null))),
        ("absent-members=empty", Some(json!({ "OtaTagDTO": [] })), Some(json!(""))),
        ("absent-members=bare", Some(json!({})), Some(json!(""))),
    ] {
        let job = job(&start(&[choice]));
        assert_eq!((job.get("Tags"), job.get("GroupId")), (tags.as_ref(), group.as_ref()), "{choice}");
        // The documents say of these that they are there only if they were set.
        assert_eq!((job.get("RetryInterval"), job.get("TimeoutInMinutes")), (None, None), "{choice}");
    }
}

#[test]
fn an_unknown_job_is_an_error_or_a_success_without_data() {
    let query = |choices: &[&str]| start(choices).call("QueryOTAJob", &[("JobId", "none")]);
    assert_eq!(query(&[]).service_code(), "iot.ota.taskNotExist");
    assert_eq!(query(&["unknown-job=no-data"]).success().get("Data"), None);
}

#[test]
fn an_update_keeps_or_removes_what_it_is_not_told() {
    let timeout = |choices: &[&str]| {
        let emulator = start(choices);
        let id = emulator.create_job("verified", &[("SrcVersion.1", "1.0"), ("TimeoutInMinutes", "60")]);
        let update = [("JobId", id.as_str()), ("UpgradeType", "DYNAMIC"), ("TargetSelection", "ALL")];
        let verdict = emulator.call("UpdateOTAJob", &[&update[..], &[("MaximumPerMinute", "10")]].concat()).verdict();
        let data = emulator.call("QueryOTAJob", &[("JobId", &id)]).success()["Data"].clone();
        (verdict, data.get("TimeoutInMinutes").cloned())
    };
    assert_eq!(timeout(&[]), ("ok".to_owned(), Some(json!(60))));
    assert_eq!(timeout(&["update-timeout=removes"]), ("ok".to_owned(), None));
    let refused = ("iot.ota.EmptySrcVersionList".to_owned(), Some(json!(60)));
    assert_eq!(timeout(&["update-versions=refused"]), refused);
}

#[test]
fn the_end_of_a_policy_leaves_or_cancels_the_tasks() {
    for (choice, status) in [("cancel-strategy-tasks=go-on", "CONFIRM"), ("cancel-strategy-tasks=canceled", "CANCELED")]
    {
        let mut fixtures = fixtures();
        fixtures["fleets"] = json!([{ "product_key": "product", "count": 3, "version": "1.0" }]);
        let mut assumptions = Assumptions::default();
        assumptions.choose(choice).unwrap();
        let emulator = Emulator::start(Options { assumptions, ..options(Edition::Extended, &fixtures) });
        let id = emulator.create_job("verified", &[("SrcVersion.1", "1.0"), ("NeedConfirm", "true")]);
        emulator.call("CancelOTAStrategyByJob", &[("JobId", &id)]).success();
        assert_eq!(emulator.task_counts(&id), json!({ status: 3 }), "{choice}");
    }
}

#[test]
fn the_status_of_a_service_error_can_be_400() {
    let answer = start(&["service-error-status=400"]).call("QueryOTAJob", &[("JobId", "none")]);
    assert_eq!((answer.0.status, &answer.json()["Success"]), (400, &json!(false)));
}

#[test]
fn a_success_has_code_and_message_as_chosen() {
    for (choice, code, message) in [
        ("success-code=absent", None, None),
        ("success-code=empty", Some(json!("")), Some(json!(null))),
        ("success-code=filled", Some(json!("iot.system.SystemException")), Some(json!("A system exception occurred."))),
    ] {
        let answer = start(&[choice]).call("QueryOTAFirmware", &[("FirmwareId", "verified")]).success();
        assert_eq!((answer.get("Code"), answer.get("ErrorMessage")), (code.as_ref(), message.as_ref()), "{choice}");
    }
}

#[test]
fn the_envelope_can_begin_in_lower_case() {
    let emulator = start(&["envelope-case=lower"]);
    let good = emulator.call("QueryOTAFirmware", &[("FirmwareId", "verified")]).json();
    assert_eq!((&good["success"], good["requestId"].is_string()), (&json!(true), true));
    assert!(good["FirmwareInfo"]["FirmwareId"].is_string(), "{good}");
    let bad = emulator.call("QueryOTAFirmware", &[("FirmwareId", "none")]).json();
    assert_eq!((&bad["success"], &bad["code"]), (&json!(false), &json!("iot.ota.FirmwareNotFound")));
    let gateway = emulator.call("NoSuchAction", &[]).gateway_code();
    assert_eq!(gateway, (404, "InvalidApi.NotFound".to_owned()));
}

#[test]
fn a_change_keeps_or_clears_what_it_does_not_name() {
    for (choice, description, information) in
        [("modify-firmware=keeps", Some("old"), Some("custom")), ("modify-firmware=clears", None, None)]
    {
        let emulator = start(&[choice]);
        let package = [
            ("FirmwareName", "n"),
            ("DestVersion", "2"),
            ("ProductKey", "product"),
            ("FirmwareUrl", "https://files.test/a.bin"),
            ("FirmwareDesc", "old"),
            ("Udi", "custom"),
        ];
        let id = emulator.call("CreateOTAFirmware", &package).success()["Data"]["FirmwareId"].clone();
        let id = id.as_str().unwrap();
        let change = [("FirmwareId", id), ("ProductKey", "product"), ("FirmwareName", "other")];
        emulator.call("ModifyOTAFirmware", &change).success();
        let info = emulator.call("QueryOTAFirmware", &[("FirmwareId", id)]).success()["FirmwareInfo"].clone();
        assert_eq!(info["FirmwareName"], json!("other"));
        assert_eq!((info["FirmwareDesc"].as_str(), info["Udi"].as_str()), (description, information), "{choice}");
    }
}

#[test]
fn a_package_with_a_running_job_can_be_deleted_or_not() {
    for (choice, verdict) in
        [("delete-firmware-in-use=refused", "iot.ota.FirmwareInUse"), ("delete-firmware-in-use=allowed", "ok")]
    {
        let emulator = start(&[choice]);
        let job_id = emulator.create_job("verified", &[("SrcVersion.1", "1.0")]);
        let delete = || emulator.call("DeleteOTAFirmware", &[("FirmwareId", "verified")]).verdict();
        assert_eq!(delete(), verdict);
        emulator.call("QueryOTAJob", &[("JobId", &job_id)]).success();
        emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id)]).success();
        assert_eq!(delete(), if verdict == "ok" { "iot.ota.FirmwareNotFound" } else { "ok" });
    }
}

#[test]
fn values_are_spelled_as_in_either_edition() {
    for (choice, status, kind) in
        [("spelling=newer", "COMPLETED", "VERIFY_FIRMWARE"), ("spelling=older", "COMPLETE", "VERFIY_FIRMWARE")]
    {
        let emulator = start(&[choice]);
        let own = [("FirmwareId", "unverified"), ("ProductKey", "product"), ("TargetDeviceName.1", "device")];
        emulator.call("CreateOTAVerifyJob", &own).success();
        emulator.control("POST", "clock", &json!({ "advance_seconds": 5 }));
        let page = [("FirmwareId", "unverified"), ("CurrentPage", "1"), ("PageSize", "10")];
        let list = emulator.call("ListOTAJobByFirmware", &page).success();
        let listed = list["Data"]["SimpleOTAJobInfo"][0].clone();
        let id = listed["JobId"].as_str().unwrap();
        let queried = emulator.call("QueryOTAJob", &[("JobId", id)]).success()["Data"].clone();
        for job in [&listed, &queried] {
            assert_eq!((&job["JobStatus"], &job["JobType"]), (&json!(status), &json!(kind)), "{choice}");
        }
    }
}
