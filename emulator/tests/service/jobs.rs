//! QueryOTAJob, ListOTAJobByFirmware, CancelOTAStrategyByJob: what became of a job.

use std::collections::BTreeSet;

use alicloud_iot_emulator::{Edition, Options};
use serde_json::{Value, json};

use crate::support::{self, Emulator, options, xml};

const EVERYTHING: [(&str, &str); 20] = [
    ("IotInstanceId", "iot-1"),
    ("SrcVersion.1", "V1.0.1"),
    ("SrcVersion.2", "V1.0.2 <beta>"),
    ("Tag.1.Key", "site.cn"),
    ("Tag.1.Value", "上海 站点*1~α+β"),
    ("Tag.2.Key", "note"),
    ("Tag.2.Value", "a/b=c&d%e:f,(g)!'h'\"<>"),
    ("RetryInterval", "0"),
    ("RetryCount", "5"),
    ("TimeoutInMinutes", "60"),
    ("MaximumPerMinute", "500"),
    ("OverwriteMode", "2"),
    ("DynamicMode", "2"),
    ("NeedPush", "false"),
    ("NeedConfirm", "true"),
    ("DownloadProtocol", "MQTT"),
    ("MultiModuleMode", "false"),
    ("FirmwareId", "verified"),
    ("ProductKey", "product"),
    ("Unknown", "ignored"),
];

fn query(emulator: &Emulator, job_id: &str, more: &[(&str, &str)]) -> Value {
    let mut parameters = vec![("JobId", job_id)];
    parameters.extend_from_slice(more);
    emulator.call("QueryOTAJob", &parameters).success()["Data"].clone()
}

fn members(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

fn sorted(values: &Value) -> Vec<String> {
    let mut texts: Vec<String> = values.as_array().unwrap().iter().map(Value::to_string).collect();
    texts.sort();
    texts
}

fn create_with_everything(emulator: &Emulator) -> String {
    let answer = emulator.call("CreateOTADynamicUpgradeJob", &EVERYTHING).success();
    answer["Data"]["JobId"].as_str().unwrap().to_owned()
}

#[test]
fn a_created_job_is_told_by_id_and_time() {
    let emulator = Emulator::reference();
    let answer = emulator.call("CreateOTADynamicUpgradeJob", &EVERYTHING).success();
    let job_id = answer["Data"]["JobId"].as_str().unwrap();
    assert!(job_id.len() == 26 && job_id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{job_id}");
    let time = answer["Data"]["UtcCreate"].as_str().unwrap();
    assert!(time.len() == 24 && time.ends_with('Z'), "{time}");
}

#[test]
fn a_job_is_reported_in_full() {
    let emulator = Emulator::reference();
    let data = query(&emulator, &create_with_everything(&emulator), &[("IotInstanceId", "iot-1")]);
    for (member, value) in [
        ("JobStatus", json!("IN_PROGRESS")),
        ("JobType", json!("UPGRADE_FIRMWARE")),
        ("SelectionType", json!("DYNAMIC")),
        ("TargetSelection", json!("ALL")),
        ("ProductKey", json!("product")),
        ("FirmwareId", json!("verified")),
        ("Name", json!("verified")),
        ("DestVersion", json!("2.0")),
        ("DynamicMode", json!(2)),
        ("OverwriteMode", json!(2)),
        ("RetryInterval", json!(0)),
        ("RetryCount", json!(5)),
        ("TimeoutInMinutes", json!(60)),
        ("MaximumPerMinute", json!(500)),
    ] {
        assert_eq!(data[member], value, "{member}");
    }
    let versions = sorted(&data["SrcVersions"]["SrcVersion"]);
    assert_eq!(versions, [r#""V1.0.1""#, r#""V1.0.2 <beta>""#]);
    let tags = sorted(&data["Tags"]["OtaTagDTO"]);
    assert_eq!(tags[1], json!({ "Key": "site.cn", "Value": "上海 站点*1~α+β" }).to_string());
    assert_eq!(tags.len(), 2);
}

#[test]
fn what_was_not_set_is_left_out() {
    let emulator = Emulator::reference();
    let data = query(&emulator, &emulator.create_job("verified", &[]), &[]);
    let expected = [
        "JobId",
        "JobStatus",
        "JobType",
        "SelectionType",
        "TargetSelection",
        "FirmwareId",
        "ProductKey",
        "Name",
        "DestVersion",
        "UtcCreate",
        "UtcModified",
        "UtcStartTime",
        "MaximumPerMinute",
        "OverwriteMode",
        "DynamicMode",
    ];
    assert_eq!(members(&data), BTreeSet::from(expected));
}

#[test]
fn defaults_and_newer_members_follow_the_edition() {
    let emulator = Emulator::reference();
    let data = query(&emulator, &emulator.create_job("verified", &[]), &[]);
    assert_eq!((&data["MaximumPerMinute"], &data["OverwriteMode"]), (&json!(1000), &json!(1)));
    let emulator = Emulator::extended();
    let job_id = emulator.create_job("verified", &[("GroupId", "g"), ("GroupType", "LINK_PLATFORM_DYNAMIC")]);
    let data = query(&emulator, &job_id, &[]);
    for (member, value) in [
        ("MaximumPerMinute", json!(10000)),
        ("OverwriteMode", json!(1)),
        ("DynamicMode", json!(1)),
        ("NeedPush", json!(true)),
        ("NeedConfirm", json!(false)),
        ("DownloadProtocol", json!("HTTPS")),
        ("MultiModuleMode", json!(false)),
        ("GroupId", json!("g")),
    ] {
        assert_eq!(data[member], value, "{member}");
    }
    assert_eq!(data.get("GroupType"), None);
}

#[test]
fn json_and_xml_say_the_same() {
    let emulator = Emulator::extended();
    let job_id = create_with_everything(&emulator);
    let unverified = [("FirmwareId", "unverified"), ("ProductKey", "product"), ("TargetDeviceName.1", "d")];
    emulator.call("CreateOTAVerifyJob", &unverified).success();
    let page = [("CurrentPage", "1"), ("PageSize", "10")];
    let instance = ("IotInstanceId", "iot-1");
    for (action, parameters) in [
        ("QueryOTAJob", vec![("JobId", job_id.as_str()), instance]),
        ("ListOTAJobByFirmware", vec![("FirmwareId", "verified"), page[0], page[1], instance]),
        ("ListOTAFirmware", page.to_vec()),
        ("QueryOTAFirmware", vec![("FirmwareId", "difference")]),
        ("QueryOTAJob", vec![("JobId", "none")]),
    ] {
        let json = emulator.call(action, &parameters).json();
        let in_xml: Vec<_> = parameters.iter().copied().chain([("Format", "XML")]).collect();
        let (root, mut xml) = xml::leaves_of_xml(&emulator.call(action, &in_xml).0.body);
        let mut json = xml::leaves_of_json(&json);
        assert_eq!(root, format!("{action}Response"));
        for leaves in [&mut xml, &mut json] {
            leaves.retain(|(path, _)| path != "RequestId");
        }
        assert_eq!(xml, json, "{action}");
    }
}

#[test]
fn changing_operations_answer_in_xml_too() {
    let emulator = Emulator::reference();
    let xml = ("Format", "XML");
    let firmware = [("FirmwareName", "n"), ("DestVersion", "2"), ("FirmwareUrl", "https://u.test/a"), xml];
    let verify = [("FirmwareId", "unverified"), ("ProductKey", "product"), ("TargetDeviceName.1", "d"), xml];
    let create = [("FirmwareId", "verified"), ("ProductKey", "product"), xml];
    let mut job_id = String::new();
    for (action, parameters, paths) in [
        ("CreateOTAFirmware", firmware.as_slice(), "Data/FirmwareId Data/UtcCreate RequestId Success"),
        ("CreateOTAVerifyJob", verify.as_slice(), "Data/JobId Data/UtcCreate RequestId Success"),
        ("CreateOTADynamicUpgradeJob", create.as_slice(), "Data/JobId Data/UtcCreate RequestId Success"),
    ] {
        let (root, leaves) = xml::leaves_of_xml(&emulator.call(action, parameters).0.body);
        assert_eq!(root, format!("{action}Response"));
        let found: Vec<_> = leaves.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(found.join(" "), paths);
        job_id.clone_from(&leaves[0].1);
    }
    let cancel = emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id), xml]);
    let (_, leaves) = xml::leaves_of_xml(&cancel.0.body);
    assert_eq!(leaves.len(), 2, "{leaves:?}");
    assert_eq!(leaves[1], ("Success".to_owned(), "true".to_owned()));
}

#[test]
fn a_cancelled_job_stays_cancelled() {
    let emulator = Emulator::reference();
    let job_id = emulator.create_job("verified", &[]);
    emulator.control("POST", "clock", &json!({ "advance_seconds": 60 }));
    let cancel = || emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id)]);
    let answer = cancel().success();
    assert_eq!(members(&answer), BTreeSet::from(["RequestId", "Success"]));
    let data = query(&emulator, &job_id, &[]);
    assert_eq!(data["JobStatus"], "CANCELED");
    assert_ne!(data["UtcModified"], data["UtcCreate"]);
    assert_eq!(data["UtcEndTime"], data["UtcModified"]);
    assert_eq!(cancel().service_code(), "iot.ota.JobHasCanceled");
}

#[test]
fn unknown_and_missing_jobs_are_refused() {
    let emulator = Emulator::reference();
    for action in ["QueryOTAJob", "CancelOTAStrategyByJob"] {
        assert_eq!(emulator.call(action, &[("JobId", "none")]).service_code(), "iot.ota.taskNotExist");
        assert_eq!(emulator.call(action, &[]).gateway_code(), (400, "MissingJobId".to_owned()));
    }
}

#[test]
fn a_verification_cannot_be_cancelled_as_a_strategy() {
    let emulator = Emulator::reference();
    let verify = [("FirmwareId", "unverified"), ("ProductKey", "product"), ("TargetDeviceName.1", "d")];
    let answer = emulator.call("CreateOTAVerifyJob", &verify).success();
    let job_id = answer["Data"]["JobId"].as_str().unwrap();
    let cancel = emulator.call("CancelOTAStrategyByJob", &[("JobId", job_id)]);
    assert_eq!(cancel.service_code(), "iot.ota.noDynamicJob");
}

#[test]
fn a_job_is_seen_from_its_own_instance_only() {
    let emulator = Emulator::reference();
    let job_id = emulator.create_job("verified", &[("IotInstanceId", "iot-1")]);
    for (instance, verdict) in
        [("", "iot.ota.InstanceIdMisMatch"), ("iot-2", "iot.ota.InstanceIdMisMatch"), ("iot-1", "ok")]
    {
        for action in ["QueryOTAJob", "CancelOTAStrategyByJob"] {
            let answer = emulator.call(action, &[("JobId", &job_id), ("IotInstanceId", instance)]);
            assert_eq!(answer.verdict(), verdict, "{action} from {instance:?}");
        }
        let page = [("FirmwareId", "verified"), ("CurrentPage", "1"), ("PageSize", "10"), ("IotInstanceId", instance)];
        let listed = emulator.call("ListOTAJobByFirmware", &page).success();
        assert_eq!(listed["Total"], json!(i64::from(verdict == "ok")));
    }
}

#[test]
fn pages_fit_together_in_an_order_that_is_not_that_of_time() {
    let emulator = Emulator::reference();
    let mut created = Vec::new();
    for _ in 0..25 {
        let job_id = emulator.create_job("verified", &[]);
        emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id)]).success();
        created.push(job_id);
    }
    let mut listed = Vec::new();
    for (number, on_page) in [("1", 10), ("2", 10), ("3", 5), ("4", 0)] {
        let page = [("FirmwareId", "verified"), ("CurrentPage", number), ("PageSize", "10")];
        let answer = emulator.call("ListOTAJobByFirmware", &page).success();
        assert_eq!((&answer["Total"], &answer["PageCount"]), (&json!(25), &json!(3)));
        assert_eq!((&answer["CurrentPage"].to_string(), &answer["PageSize"]), (&number.to_owned(), &json!(10)));
        let jobs = answer["Data"]["SimpleOTAJobInfo"].as_array().unwrap().clone();
        assert_eq!(jobs.len(), on_page);
        listed.extend(jobs.iter().map(|job| job["JobId"].as_str().unwrap().to_owned()));
    }
    assert_ne!(listed, created);
    assert_eq!(BTreeSet::from_iter(listed), BTreeSet::from_iter(created));
}

#[test]
fn pages_have_bounds() {
    let emulator = Emulator::reference();
    for (action, largest, too_large) in [("ListOTAJobByFirmware", "200", "201"), ("ListOTAFirmware", "100", "101")] {
        for (number, size, verdict) in [
            ("1", "1", "ok"),
            ("1", largest, "ok"),
            ("9223372036854775807", largest, "ok"),
            ("1", too_large, "iot.common.InvalidPageParams"),
            ("1", "0", "iot.common.InvalidPageParams"),
            ("0", "1", "iot.common.InvalidPageParams"),
            ("", "1", "MissingCurrentPage"),
            ("1", "", "MissingPageSize"),
            ("one", "1", "InvalidCurrentPage"),
        ] {
            let page = [("FirmwareId", "verified"), ("CurrentPage", number), ("PageSize", size)];
            assert_eq!(emulator.call(action, &page).verdict(), verdict, "{action} {number} {size}");
        }
    }
    let none = [("FirmwareId", "none"), ("CurrentPage", "1"), ("PageSize", "1")];
    assert_eq!(emulator.call("ListOTAJobByFirmware", &none).service_code(), "iot.ota.FirmwareNotFound");
}

#[test]
fn a_list_shows_no_settings_but_the_tags() {
    let emulator = Emulator::reference();
    create_with_everything(&emulator);
    let page = [("FirmwareId", "verified"), ("CurrentPage", "1"), ("PageSize", "1"), ("IotInstanceId", "iot-1")];
    let answer = emulator.call("ListOTAJobByFirmware", &page).success();
    let job = &answer["Data"]["SimpleOTAJobInfo"][0];
    let expected = [
        "JobId",
        "FirmwareId",
        "ProductKey",
        "JobStatus",
        "JobType",
        "SelectionType",
        "TargetSelection",
        "Tags",
        "UtcCreate",
        "UtcModified",
        "UtcStartTime",
    ];
    assert_eq!(members(job), BTreeSet::from(expected));
    assert_eq!(job["Tags"]["OtaTagDTO"].as_array().unwrap().len(), 2);
}

#[test]
fn lists_inside_a_job_come_in_any_order() {
    let emulator = Emulator::reference();
    let names: Vec<String> = (1..=10).map(|number| format!("SrcVersion.{number}")).collect();
    let versions: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
    let job_id = emulator.create_job("verified", &versions);
    let orders: BTreeSet<String> = (0..5).map(|_| query(&emulator, &job_id, &[])["SrcVersions"].to_string()).collect();
    assert!(orders.len() > 1, "{orders:?}");
}

#[test]
fn a_new_job_can_be_shown_late_and_is_known_at_once() {
    let emulator =
        Emulator::start(Options { jobs_visible_after: 20, ..options(Edition::Reference, &support::fixtures()) });
    let job_id = emulator.create_job("verified", &[("SrcVersion.1", "1.0")]);
    let list = || {
        emulator
            .call("ListOTAJobByFirmware", &[("FirmwareId", "verified"), ("CurrentPage", "1"), ("PageSize", "10")])
            .success()["Total"]
            .clone()
    };
    emulator.advance(19.0);
    assert_eq!(emulator.call("QueryOTAJob", &[("JobId", &job_id)]).service_code(), "iot.ota.taskNotExist");
    assert_eq!(list(), 0);
    let second = [("FirmwareId", "verified"), ("ProductKey", "product"), ("SrcVersion.1", "1.0")];
    assert_eq!(
        emulator.call("CreateOTADynamicUpgradeJob", &second).service_code(),
        "iot.ota.DynamicJobAlreadyExists",
        "what it changes, the service knows"
    );
    emulator.advance(1.0);
    assert_eq!((&query(&emulator, &job_id, &[])["JobStatus"], list()), (&json!("IN_PROGRESS"), json!(1)));
    emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id)]).success();
    assert_eq!(query(&emulator, &job_id, &[])["JobStatus"], "CANCELED");
}
