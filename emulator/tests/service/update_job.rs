//! UpdateOTAJob: what a running job lets change, and what it refuses.

use serde_json::{Value, json};

use crate::support::{Emulator, rejoined};

const PLAIN: [(&str, &str); 3] = [("UpgradeType", "DYNAMIC"), ("TargetSelection", "ALL"), ("MaximumPerMinute", "10")];

fn update(emulator: &Emulator, job_id: &str, more: &[(&str, &str)]) -> String {
    let parameters = rejoined(&[("JobId", job_id)], &PLAIN, more);
    emulator.call("UpdateOTAJob", &parameters).verdict()
}

fn query(emulator: &Emulator, job_id: &str) -> Value {
    emulator.call("QueryOTAJob", &[("JobId", job_id)]).success()["Data"].clone()
}

#[test]
fn rate_tags_timeout_and_versions_change() {
    let emulator = Emulator::reference();
    let job_id = emulator.create_job("verified", &[("SrcVersion.1", "1.0"), ("Tag.1.Key", "a"), ("Tag.1.Value", "1")]);
    emulator.control("POST", "clock", &json!({ "advance_seconds": 60 }));
    let changes = [
        ("MaximumPerMinute", "10000"),
        ("Tags.1.Key", "b"),
        ("Tags.1.Value", "2"),
        ("TimeoutInMinutes", "1440"),
        ("SrcVersionList.1", "1.1"),
    ];
    assert_eq!(update(&emulator, &job_id, &changes), "ok");
    let data = query(&emulator, &job_id);
    assert_eq!(data["MaximumPerMinute"], 10000);
    assert_eq!(data["Tags"], json!({ "OtaTagDTO": [{ "Key": "b", "Value": "2" }] }));
    assert_eq!(data["TimeoutInMinutes"], 1440);
    assert_eq!(data["SrcVersions"], json!({ "SrcVersion": ["1.1"] }));
    assert_eq!(data["JobStatus"], "IN_PROGRESS");
    assert_ne!(data["UtcModified"], data["UtcCreate"]);
}

#[test]
fn a_call_without_tags_deletes_them_and_keeps_the_rest() {
    let emulator = Emulator::reference();
    let created = [("SrcVersion.1", "1.0"), ("Tag.1.Key", "a"), ("Tag.1.Value", "1"), ("TimeoutInMinutes", "60")];
    let job_id = emulator.create_job("verified", &created);
    assert_eq!(update(&emulator, &job_id, &[]), "ok");
    let data = query(&emulator, &job_id);
    assert_eq!(data.get("Tags"), None);
    assert_eq!((&data["TimeoutInMinutes"], &data["MaximumPerMinute"]), (&json!(60), &json!(10)));
    assert_eq!(data["SrcVersions"], json!({ "SrcVersion": ["1.0"] }));
}

#[test]
fn parameters_have_their_ranges_in_both_editions() {
    let longest = "v".repeat(1024);
    let too_long = "v".repeat(1025);
    let many: Vec<String> = (1..=31).map(|number| format!("SrcVersionList.{number}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), name.as_str())).collect();
    let invalid = "iot.common.InvalidFormattedParameter";
    for emulator in [Emulator::reference(), Emulator::extended()] {
        let job_id = emulator.create_job("verified", &[("SrcVersion.1", "1.0")]);
        for (changes, verdict) in [
            (vec![("JobId", "")], "MissingJobId"),
            (vec![("UpgradeType", "")], "MissingUpgradeType"),
            (vec![("UpgradeType", "dynamic")], "iot.ota.InvalidUpgradeType"),
            (vec![("TargetSelection", "")], "MissingTargetSelection"),
            (vec![("TargetSelection", "All")], "ok"),
            (vec![("TargetSelection", "SOME")], invalid),
            (vec![("MaximumPerMinute", "")], "MissingMaximumPerMinute"),
            (vec![("MaximumPerMinute", "9")], "iot.ota.InvalidMaximumPerMinute"),
            (vec![("MaximumPerMinute", "10000")], "ok"),
            (vec![("MaximumPerMinute", "10001")], "iot.ota.InvalidMaximumPerMinute"),
            (vec![("TimeoutInMinutes", "0")], "iot.ota.InvalidTimeout"),
            (vec![("TimeoutInMinutes", "1441")], "iot.ota.InvalidTimeout"),
            (vec![("Tags.1.Key", "a")], "iot.check.NullParameter"),
            (vec![("Tags.1.Key", "a_b"), ("Tags.1.Value", "1")], invalid),
            (vec![("Tags.1.Key", "a"), ("Tags.1.Value", &longest)], "ok"),
            (vec![("Tags.1.Key", "a"), ("Tags.1.Value", &too_long)], "iot.ota.JobTagIsTooLong"),
            (vec![("SrcVersionList.1", "1"), ("SrcVersionList.2", "1")], invalid),
            (many.get(..30).unwrap().to_vec(), "ok"),
            (many.clone(), invalid),
        ] {
            assert_eq!(update(&emulator, &job_id, &changes), verdict, "{changes:?}");
        }
    }
}

#[test]
fn kind_and_selection_have_to_be_the_job_s() {
    let emulator = Emulator::extended();
    let of_versions = emulator.create_job("verified", &[("SrcVersion.1", "1.0")]);
    let of_difference = emulator.create_job("difference", &[("SrcVersion.1", "1.0")]);
    let group = [("GroupId", "g"), ("GroupType", "LINK_PLATFORM_DYNAMIC")];
    let verify = [("FirmwareId", "unverified"), ("ProductKey", "product"), ("TargetDeviceName.1", "d")];
    let verification = emulator.call("CreateOTAVerifyJob", &verify).success()["Data"]["JobId"].clone();
    let verification = verification.as_str().unwrap();
    for (job_id, change, verdict) in [
        (of_versions.as_str(), ("UpgradeType", "STATIC"), "iot.ota.InvalidUpgradeType"),
        (&of_versions, ("TargetSelection", "GRAY"), "iot.ota.InvalidStrategyType"),
        (&of_versions, ("TargetSelection", "GROUP"), "iot.ota.InvalidStrategyType"),
        (&of_difference, ("SrcVersionList.1", "1.1"), "iot.common.InvalidFormattedParameter"),
        (&of_difference, ("SrcVersionList.1", "1.0"), "ok"),
        (verification, ("UpgradeType", "DYNAMIC"), "iot.ota.noDynamicJob"),
        (verification, ("UpgradeType", "STATIC"), "iot.ota.InvalidUpgradeType"),
        ("none", ("UpgradeType", "DYNAMIC"), "iot.ota.taskNotExist"),
    ] {
        assert_eq!(update(&emulator, job_id, &[change]), verdict, "{change:?}");
    }
    let emulator = Emulator::extended();
    let of_group = emulator.create_job("verified", &group);
    assert_eq!(update(&emulator, &of_group, &[("TargetSelection", "GROUP")]), "ok");
    assert_eq!(update(&emulator, &of_group, &[("SrcVersionList.1", "1.0")]), "iot.ota.InvalidSrcVersionList");
}

#[test]
fn the_timeout_stays_above_the_retry_interval_where_that_is_a_rule() {
    for (emulator, verdict) in [(Emulator::reference(), "ok"), (Emulator::extended(), "iot.ota.InvalidTimeout")] {
        let retry = [("SrcVersion.1", "1.0"), ("RetryInterval", "60"), ("RetryCount", "1")];
        let job_id = emulator.create_job("verified", &retry);
        assert_eq!(update(&emulator, &job_id, &[("TimeoutInMinutes", "60")]), verdict);
        assert_eq!(update(&emulator, &job_id, &[("TimeoutInMinutes", "61")]), "ok");
    }
}

#[test]
fn a_cancelled_job_and_one_of_another_instance_do_not_change() {
    let emulator = Emulator::reference();
    let job_id = emulator.create_job("verified", &[]);
    let other = [("IotInstanceId", "iot-1")];
    assert_eq!(update(&emulator, &job_id, &other), "iot.ota.InstanceIdMisMatch");
    emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id)]).success();
    assert_eq!(update(&emulator, &job_id, &[]), "iot.ota.JobHasCanceled");
}
