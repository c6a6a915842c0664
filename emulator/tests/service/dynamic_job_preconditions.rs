//! What has to exist, and must not, before a dynamic job can be created.

use alicloud_iot_emulator::Edition;
use serde_json::json;

use crate::support::{Emulator, firmware_fixture, options};

fn create(emulator: &Emulator, parameters: &[(&str, &str)]) -> String {
    let mut all = vec![("SrcVersion.1", "1.0")];
    all.extend_from_slice(parameters);
    emulator.call("CreateOTADynamicUpgradeJob", &all).verdict()
}

#[test]
fn only_packages_that_are_verified_or_need_no_verification() {
    let statuses = [(-1, "ok"), (0, "no"), (1, "ok"), (2, "no"), (3, "no")];
    let firmwares: Vec<_> = statuses.iter().map(|(status, _)| firmware_fixture(&status.to_string(), *status)).collect();
    let emulator = Emulator::start(options(Edition::Reference, &json!({ "firmwares": firmwares })));
    for (status, expected) in statuses {
        let verdict = create(&emulator, &[("FirmwareId", &status.to_string()), ("ProductKey", "product")]);
        let expected = if expected == "ok" { "ok" } else { "iot.ota.FirmwareNotVerified" };
        assert_eq!(verdict, expected, "status {status}");
    }
}

#[test]
fn package_and_product_have_to_exist_and_belong_together() {
    let fixtures = json!({
        "products": [{ "product_key": "product" }, { "product_key": "other" }],
        "firmwares": [firmware_fixture("verified", 1)],
    });
    let emulator = Emulator::start(options(Edition::Reference, &fixtures));
    for (firmware_id, product_key, verdict) in [
        ("none", "product", "iot.ota.FirmwareNotFound"),
        ("verified", "none", "iot.prod.NotExistedProduct"),
        ("verified", "other", "iot.ota.FirmwareAndProductKeyMismatch"),
        ("verified", "product", "ok"),
    ] {
        assert_eq!(create(&emulator, &[("FirmwareId", firmware_id), ("ProductKey", product_key)]), verdict);
    }
}

#[test]
fn without_a_list_of_products_every_product_exists() {
    let verdict = create(&Emulator::reference(), &[("FirmwareId", "verified"), ("ProductKey", "any")]);
    assert_eq!(verdict, "iot.ota.FirmwareAndProductKeyMismatch");
}

#[test]
fn a_package_has_one_running_dynamic_job() {
    let emulator = Emulator::reference();
    let job_id = emulator.create_job("verified", &[]);
    let second = [("FirmwareId", "verified"), ("ProductKey", "product")];
    assert_eq!(create(&emulator, &second), "iot.ota.DynamicJobAlreadyExists");
    emulator.create_job("difference", &[]);
    emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id)]).success();
    assert_eq!(create(&emulator, &second), "ok");
}

#[test]
fn running_jobs_of_a_group_share_their_modes_in_the_extended_edition() {
    let firmwares: Vec<_> = ["1", "2", "3"].map(|id| firmware_fixture(id, 1)).into();
    let group = [("GroupId", "g"), ("GroupType", "LINK_PLATFORM_DYNAMIC")];
    for (edition, verdict) in [(Edition::Reference, "ok"), (Edition::Extended, "iot.common.InvalidFormattedParameter")]
    {
        let emulator = Emulator::start(options(edition, &json!({ "firmwares": firmwares })));
        let create = |firmware_id: &str, mode: &str| {
            let own = [("FirmwareId", firmware_id), ("ProductKey", "product"), ("OverwriteMode", mode)];
            emulator.call("CreateOTADynamicUpgradeJob", &[&own[..], &group[..]].concat()).verdict()
        };
        assert_eq!(create("1", "2"), "ok");
        assert_eq!(create("2", "1"), verdict);
        assert_eq!(create("3", "2"), "ok");
    }
}

#[test]
fn mqtt_needs_one_small_file_in_the_extended_edition() {
    let file = |size: &'static str| vec![("FirmwareUrl", "https://u.test/a"), ("FirmwareSize", size)];
    let two_files = vec![
        ("MultiFiles.1.Name", "a"),
        ("MultiFiles.1.Url", "https://u.test/a"),
        ("MultiFiles.2.Name", "b"),
        ("MultiFiles.2.Url", "https://u.test/b"),
    ];
    let refused = "iot.common.InvalidFormattedParameter";
    for (files, verdict) in [(file("16777216"), "ok"), (file("16777217"), refused), (two_files, refused)] {
        let emulator = Emulator::extended();
        let mut firmware = vec![("FirmwareName", "mqtt"), ("DestVersion", "2"), ("NeedToVerify", "false")];
        firmware.extend(files);
        let answer = emulator.call("CreateOTAFirmware", &firmware).success();
        let firmware_id = answer["Data"]["FirmwareId"].as_str().unwrap();
        let job = [("FirmwareId", firmware_id), ("ProductKey", "product"), ("DownloadProtocol", "MQTT")];
        assert_eq!(create(&emulator, &job), verdict, "{firmware:?}");
    }
}
