//! CreateOTAFirmware, QueryOTAFirmware, ListOTAFirmware, CreateOTAVerifyJob.

use alicloud_iot_emulator::Edition;
use serde_json::{Value, json};

use crate::support::{Emulator, fixtures, options};

const PLAIN: [(&str, &str); 3] =
    [("FirmwareName", "name"), ("DestVersion", "2.0"), ("FirmwareUrl", "https://u.test/ota/a.bin")];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = PLAIN.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.copied().chain(more.iter().copied()).collect()
}

fn create(emulator: &Emulator, parameters: &[(&str, &str)]) -> String {
    let answer = emulator.call("CreateOTAFirmware", parameters).success();
    answer["Data"]["FirmwareId"].as_str().unwrap().to_owned()
}

fn query(emulator: &Emulator, firmware_id: &str) -> Value {
    emulator.call("QueryOTAFirmware", &[("FirmwareId", firmware_id)]).success()["FirmwareInfo"].clone()
}

fn verify(emulator: &Emulator, firmware_id: &str, more: &[(&str, &str)]) -> String {
    let mut parameters = vec![("FirmwareId", firmware_id), ("ProductKey", "product")];
    parameters.extend_from_slice(more);
    emulator.call("CreateOTAVerifyJob", &parameters).verdict()
}

fn advance(emulator: &Emulator, seconds: f64) {
    emulator.control("POST", "clock", &json!({ "advance_seconds": seconds }));
}

#[test]
fn a_created_package_is_reported() {
    let emulator = Emulator::extended();
    let parameters = with(&[
        ("ProductKey", "product"),
        ("FirmwareSign", "93230c3bde425a9d7984a594ac55ea1e"),
        ("SignMethod", "MD5"),
        ("FirmwareSize", "900"),
        ("FirmwareDesc", "all & everything"),
        ("Type", "1"),
        ("SrcVersion", "1.0"),
        ("ModuleName", "barcode"),
        ("Udi", "{}"),
    ]);
    let info = query(&emulator, &create(&emulator, &parameters));
    for (member, value) in [
        ("FirmwareName", json!("name")),
        ("DestVersion", json!("2.0")),
        ("SrcVersion", json!("1.0")),
        ("Type", json!(1)),
        ("Status", json!(0)),
        ("VerifyProgress", json!(0)),
        ("ProductKey", json!("product")),
        ("FirmwareSign", json!("93230c3bde425a9d7984a594ac55ea1e")),
        ("SignMethod", json!("MD5")),
        ("FirmwareSize", json!(900)),
        ("FirmwareDesc", json!("all & everything")),
        ("ModuleName", json!("barcode")),
        ("Udi", json!("{}")),
    ] {
        assert_eq!(info[member], value, "{member}");
    }
    let other = query(&emulator, info["FirmwareId"].as_str().unwrap());
    assert!(info["FirmwareUrl"].as_str().unwrap().starts_with("https://u.test/ota/a.bin?Expires="));
    assert_ne!(info["FirmwareUrl"], other["FirmwareUrl"], "a signed address is another one at every read");
}

#[test]
fn several_files_are_a_plain_list_in_the_extended_edition() {
    let files = [
        ("FirmwareName", "several"),
        ("DestVersion", "2.0"),
        ("MultiFiles.1.Name", "a"),
        ("MultiFiles.1.Url", "https://u.test/a"),
        ("MultiFiles.1.Size", "3"),
        ("MultiFiles.2.Name", "b"),
        ("MultiFiles.2.Url", "https://u.test/b"),
    ];
    let emulator = Emulator::extended();
    let info = query(&emulator, &create(&emulator, &files));
    assert_eq!(info["MultiFiles"][0]["Size"], json!(3));
    assert_eq!(info["MultiFiles"][1]["Name"], json!("b"));
    assert_eq!(info.get("FirmwareUrl"), None);
    let answer = Emulator::reference().call("CreateOTAFirmware", &files);
    assert_eq!(answer.gateway_code(), (400, "MissingFirmwareUrl".to_owned()));
}

#[test]
fn packages_have_limits() {
    let (name, form) = ("iot.firmware.IncorrectFormattedFirmwareName", "iot.common.InvalidFormattedParameter");
    let (long_name, too_long_name) = ("n".repeat(40), "n".repeat(41));
    let (long_version, too_long_version) = ("1".repeat(64), "1".repeat(65));
    let (long_text, too_long_text) = ("上".repeat(100), "上".repeat(101));
    for (more, verdict) in [
        (vec![("FirmwareName", "")], "MissingFirmwareName"),
        (vec![("DestVersion", "")], "MissingDestVersion"),
        (vec![("FirmwareUrl", "")], "MissingFirmwareUrl"),
        (vec![("FirmwareName", &long_name)], "ok"),
        (vec![("FirmwareName", &too_long_name)], name),
        (vec![("FirmwareName", "包 1")], name),
        (vec![("FirmwareName", "-a")], name),
        (vec![("FirmwareName", "包-(1)_テスト")], "ok"),
        (vec![("DestVersion", &long_version)], "ok"),
        (vec![("DestVersion", &too_long_version)], form),
        (vec![("DestVersion", "2 0")], form),
        (vec![("FirmwareDesc", &long_text)], "ok"),
        (vec![("FirmwareDesc", &too_long_text)], "iot.firmware.FirmwareDescExceedLimit"),
        (vec![("Type", "2")], form),
        (vec![("Type", "1")], "iot.check.NullParameter"),
        (vec![("Type", "1"), ("SrcVersion", "2.0")], form),
        (vec![("Type", "1"), ("SrcVersion", "1.0")], "ok"),
        (vec![("SignMethod", "SHA256")], form),
        (vec![("FirmwareSize", "big")], "InvalidFirmwareSize"),
    ] {
        let answer = Emulator::reference().call("CreateOTAFirmware", &with(&more));
        assert_eq!(answer.verdict(), verdict, "{more:?}");
    }
}

#[test]
fn names_are_unique_in_the_extended_edition() {
    for (emulator, verdict) in
        [(Emulator::reference(), "ok"), (Emulator::extended(), "iot.firmware.AlreadyExistedFirmwareName")]
    {
        create(&emulator, &PLAIN);
        assert_eq!(emulator.call("CreateOTAFirmware", &PLAIN).verdict(), verdict);
    }
}

#[test]
fn a_package_without_need_to_verify_can_be_rolled_out_at_once() {
    let emulator = Emulator::reference();
    let firmware_id = create(&emulator, &with(&[("NeedToVerify", "false")]));
    assert_eq!(query(&emulator, &firmware_id)["Status"], json!(-1));
    emulator.create_job(&firmware_id, &[]);
}

#[test]
fn packages_are_listed_with_filters() {
    let emulator = Emulator::reference();
    create(&emulator, &with(&[("ProductKey", "other"), ("DestVersion", "3.0")]));
    for (filter, total) in [
        (vec![], 4),
        (vec![("ProductKey", "product")], 3),
        (vec![("ProductKey", "other")], 1),
        (vec![("ProductKey", "none")], 0),
        (vec![("DestVersion", "2.0")], 3),
        (vec![("ProductKey", "product"), ("DestVersion", "3.0")], 0),
    ] {
        let page = [vec![("CurrentPage", "1"), ("PageSize", "100")], filter.clone()].concat();
        let answer = emulator.call("ListOTAFirmware", &page).success();
        assert_eq!(answer["Total"], json!(total), "{filter:?}");
        let listed = answer["FirmwareInfo"]["SimpleFirmwareInfo"].as_array().unwrap();
        assert_eq!(listed.len(), total);
    }
}

#[test]
fn a_package_is_seen_from_the_instance_that_made_it() {
    let emulator = Emulator::reference();
    let firmware_id = create(&emulator, &with(&[("IotInstanceId", "iot-1")]));
    for (instance, verdict) in
        [("iot-1", "ok"), ("iot-2", "iot.ota.InstanceIdMisMatch"), ("", "iot.ota.InstanceIdMisMatch")]
    {
        let parameters = [("FirmwareId", firmware_id.as_str()), ("IotInstanceId", instance)];
        assert_eq!(emulator.call("QueryOTAFirmware", &parameters).verdict(), verdict);
    }
    assert_eq!(query(&emulator, "verified")["Status"], json!(1), "packages of the fixtures are in every instance");
}

#[test]
fn a_verification_succeeds_after_five_simulated_seconds() {
    let emulator = Emulator::reference();
    let answer = emulator.call(
        "CreateOTAVerifyJob",
        &[("FirmwareId", "unverified"), ("ProductKey", "product"), ("TargetDeviceName.1", "device")],
    );
    let job_id = answer.success()["Data"]["JobId"].as_str().unwrap().to_owned();
    let job = || emulator.call("QueryOTAJob", &[("JobId", &job_id)]).success()["Data"].clone();
    let state = || {
        let info = query(&emulator, "unverified");
        (info["Status"].clone(), info["VerifyProgress"].clone(), job()["JobStatus"].clone())
    };
    assert_eq!(job()["JobType"], json!("VERIFY_FIRMWARE"));
    assert_eq!(state(), (json!(2), json!(0), json!("IN_PROGRESS")));
    advance(&emulator, 4.9);
    assert_eq!(state(), (json!(2), json!(0), json!("IN_PROGRESS")));
    advance(&emulator, 0.1);
    assert_eq!(state(), (json!(1), json!(100), json!("COMPLETED")));
    emulator.create_job("unverified", &[]);
}

#[test]
fn only_unverified_packages_are_verified() {
    let emulator = Emulator::reference();
    let device = ("TargetDeviceName.1", "device");
    assert_eq!(verify(&emulator, "verified", &[device]), "iot.ota.FirmwareAlreadyVerified");
    assert_eq!(verify(&emulator, "unverified", &[device]), "ok");
    assert_eq!(verify(&emulator, "unverified", &[device]), "iot.ota.FirmwareAlreadyVerified");
    assert_eq!(verify(&emulator, "none", &[device]), "iot.ota.FirmwareNotFound");
}

#[test]
fn a_verification_names_one_to_ten_different_devices() {
    let names: Vec<String> = (1..=11).map(|number| format!("TargetDeviceName.{number}")).collect();
    let devices: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
    let form = "iot.common.InvalidFormattedParameter";
    let twice = [("TargetDeviceName.1", "d"), ("TargetDeviceName.2", "d")];
    assert_eq!(verify(&Emulator::reference(), "unverified", &[]), "MissingTargetDeviceName");
    assert_eq!(verify(&Emulator::reference(), "unverified", &devices[..10]), "ok");
    assert_eq!(verify(&Emulator::reference(), "unverified", &devices), form);
    assert_eq!(verify(&Emulator::reference(), "unverified", &twice), form);
    let timeout = [devices[0], ("TimeoutInMinutes", "1441")];
    assert_eq!(verify(&Emulator::reference(), "unverified", &timeout), "iot.ota.InvalidTimeout");
}

#[test]
fn where_devices_are_listed_no_others_exist() {
    let mut fixtures = fixtures();
    fixtures["devices"] = json!([{ "product_key": "product", "device_name": "known", "version": "1.0" }]);
    let emulator = Emulator::start(options(Edition::Reference, &fixtures));
    let unknown = verify(&emulator, "unverified", &[("TargetDeviceName.1", "unknown")]);
    assert_eq!(unknown, "iot.device.NotExistedDevice");
    assert_eq!(verify(&emulator, "unverified", &[("TargetDeviceName.1", "known")]), "ok");
}

#[test]
fn a_changed_package_is_checked_like_a_new_one() {
    let emulator = Emulator::extended();
    create(&emulator, &with(&[("FirmwareName", "taken")]));
    let own = create(&emulator, &with(&[("FirmwareName", "own"), ("ProductKey", "product")]));
    let (long, longer) = ("d".repeat(101), "u".repeat(4097));
    for (product_key, more, verdict) in [
        ("product", ("FirmwareName", "own"), "ok"),
        ("product", ("FirmwareName", "other"), "ok"),
        ("product", ("FirmwareName", "taken"), "iot.firmware.AlreadyExistedFirmwareName"),
        ("product", ("FirmwareName", "-a"), "iot.firmware.IncorrectFormattedFirmwareName"),
        ("product", ("FirmwareDesc", long.as_str()), "iot.firmware.FirmwareDescExceedLimit"),
        ("product", ("FirmwareUdi", &longer), "iot.firmware.FirmwareUdiExceedLimit"),
        ("other", ("FirmwareName", "x"), "iot.ota.FirmwareAndProductKeyMismatch"),
        ("", ("FirmwareName", "x"), "MissingProductKey"),
        ("product", ("IotInstanceId", "iot-1"), "iot.ota.InstanceIdMisMatch"),
    ] {
        let parameters = [("FirmwareId", own.as_str()), ("ProductKey", product_key), more];
        assert_eq!(emulator.call("ModifyOTAFirmware", &parameters).verdict(), verdict, "{more:?}");
    }
    let none = [("FirmwareId", "none"), ("ProductKey", "product")];
    assert_eq!(emulator.call("ModifyOTAFirmware", &none).verdict(), "iot.ota.FirmwareNotFound");
    assert_eq!(query(&emulator, &own)["FirmwareName"], json!("other"));
}

#[test]
fn a_deleted_package_is_gone() {
    let emulator = Emulator::reference();
    let id = create(&emulator, &PLAIN);
    let delete = || emulator.call("DeleteOTAFirmware", &[("FirmwareId", &id)]).verdict();
    assert_eq!(delete(), "ok");
    assert_eq!(delete(), "iot.ota.FirmwareNotFound");
}

#[test]
fn a_job_whose_package_was_deleted_still_says_what_it_brought() {
    let emulator = Emulator::reference();
    let job_id = emulator.create_job("verified", &[]);
    emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id)]).success();
    emulator.call("DeleteOTAFirmware", &[("FirmwareId", "verified")]).success();
    let data = emulator.call("QueryOTAJob", &[("JobId", &job_id)]).success()["Data"].clone();
    assert_eq!(data["DestVersion"], "2.0", "as in the tasks of the job");
}
