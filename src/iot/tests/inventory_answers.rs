//! Documented answers about packages, modules, devices and uploads, in both formats.

use secrecy::ExposeSecret as _;

use super::answers::{check, judged, some};
use crate::iot::operations::{
    CreateOtaFirmware, CreatedFirmware, DeviceDetail, Firmware, GenerateDeviceNameListUrl, GenerateOtaUploadUrl,
    ListOtaFirmware, ListOtaModuleByProduct, ListOtaModuleVersionsByDevice, ListOtaUnfinishedTaskByDevice,
    ModuleVersion, OtaModule, Page, QueryDeviceDetail, Task, UploadForm,
};
use crate::iot::{Operation, answer};

const REQUEST_ID: &str = "291438BA-6E10-4C4C-B761-243B9A0D324F";

#[test]
fn created_packages() {
    let created = CreatedFirmware {
        firmware_id: "s8SSHiKjpBfrM3BSN0z803****".to_owned(),
        utc_create: "2019-11-04T06:21:54.607Z".to_owned(),
    };
    check::<CreateOtaFirmware>("create-firmware", "29EC7245-0FA4-4BB6-B4F5-5F04818FDFB1", &created);
}

#[test]
fn pages_of_packages() {
    let full = Firmware {
        firmware_id: some("s8SSHiKjpBfrM3BSN0z803****"),
        firmware_name: some("Firmware2"),
        firmware_desc: some(""),
        product_key: some("a19mzPZ****"),
        module_name: some("default"),
        dest_version: some("2.0.0"),
        src_version: some(""),
        firmware_type: Some(0),
        status: Some(-1),
        sign_method: some("MD5"),
        firmware_sign: some("93230c3bde425a9d7984a594ac55ea1e"),
        firmware_size: Some(939_571),
        utc_create: some("2019-11-04T06:21:54.607Z"),
        ..Firmware::default()
    };
    let differential = Firmware {
        firmware_id: some("nx3xxVvFdwvn6dim50PY03****"),
        firmware_type: Some(1),
        src_version: some("1.0.0"),
        ..Firmware::default()
    };
    let page = Page {
        total: Some(2),
        page_size: Some(10),
        page_count: Some(1),
        current_page: Some(1),
        items: vec![full, differential],
    };
    check::<ListOtaFirmware>("list-firmwares", "9F41D14E-CB5F-4CCE-939C-057F39E688F5", &page);
}

#[test]
fn tasks_of_a_device() {
    let task = Task {
        task_id: some("y3tOmCDNgpR8F9jnVEzC01****"),
        job_id: some("XUbmsMHmkqv0PiAG****010001"),
        firmware_id: some("nx3xxVvFdwvn6dim50PY03****"),
        module_name: some("mcu"),
        product_key: some("a1Le6d0****"),
        product_name: some("bike"),
        device_name: some("deviceName1234"),
        iot_id: some("BXPV9Ks3bxwM9fD****000101"),
        src_version: some("V1.0.1"),
        dest_version: some("V1.0.3"),
        task_status: some("QUEUED"),
        utc_create: some("2019-05-10T02:18:53.000Z"),
        utc_modified: some("2019-05-10T02:18:53.000Z"),
        ..Task::default()
    };
    let request_id = "9F41D14E-CB5F-4CCE-939C-057F39E688F5";
    check::<ListOtaUnfinishedTaskByDevice>("list-unfinished-tasks", request_id, &vec![task]);
    let without_data = "30F1BB8D-EDBF-44FD-BBC0-BE97DEA73991";
    check::<ListOtaUnfinishedTaskByDevice>("query-job-no-data", without_data, &Vec::new());
}

fn barcode_scanner() -> OtaModule {
    OtaModule {
        module_name: some("barcodeScanner"),
        alias_name: some("条形码扫描器"),
        desc: some("a & b"),
        product_key: some("a1Le6d0****"),
        gmt_create: some("2020-10-13T09:46Z"),
        gmt_modified: some("2020-10-13T09:46Z"),
    }
}

#[test]
fn modules_without_a_wrapper() {
    let default = OtaModule {
        module_name: some("default"),
        alias_name: some(""),
        desc: some(""),
        product_key: some("a1Le6d0****"),
        gmt_create: some("Wed, 20-Feb-2019 02:16:09 GMT"),
        gmt_modified: some("Wed, 20-Feb-2019 02:16:09 GMT"),
    };
    check::<ListOtaModuleByProduct>("list-modules", REQUEST_ID, &vec![default, barcode_scanner()]);
    check::<ListOtaModuleByProduct>("list-one-module", REQUEST_ID, &vec![barcode_scanner()]);
}

#[test]
fn versions_of_modules() {
    let reported = ModuleVersion {
        iot_id: some("BXPV9Ks3bxwM9fD****000101"),
        product_key: some("a1Le6d0****"),
        device_name: some("deviceName1234"),
        module_name: some("default"),
        module_version: some("V1.0.1"),
    };
    let silent = ModuleVersion { module_name: some("mcu"), module_version: some(""), ..ModuleVersion::default() };
    let page = Page {
        total: Some(2),
        page_size: Some(10),
        page_count: Some(1),
        current_page: Some(1),
        items: vec![reported, silent],
    };
    check::<ListOtaModuleVersionsByDevice>("list-module-versions", REQUEST_ID, &page);
}

#[test]
fn devices_come_without_their_secrets() {
    let device = DeviceDetail {
        iot_id: some("BXPV9Ks3bxwM9fD****000101"),
        product_key: some("a1Le6d0****"),
        product_name: some("bike"),
        device_name: some("deviceName1234"),
        nickname: some(""),
        firmware_version: some("V1.0.1"),
        status: some("UNACTIVE"),
        node_type: Some(0),
        region: some("cn-shanghai"),
        utc_create: some("2018-08-06T02:47:50.000Z"),
        utc_active: some(""),
        utc_online: None,
    };
    check::<QueryDeviceDetail>("query-device", REQUEST_ID, &Some(device));
    check::<QueryDeviceDetail>("query-job-no-data", "30F1BB8D-EDBF-44FD-BBC0-BE97DEA73991", &None);
    for (path, judged) in judged("query-device") {
        let read = QueryDeviceDetail::parse(&judged.unwrap().answer).unwrap();
        assert!(!format!("{read:?}").contains("CPwUjMUg"), "{path}");
    }
}

/// A form as its fields; secrets have no equality of their own.
fn check_form<O: Operation<Answer = UploadForm>>(folder: &str, key: &str) {
    for (path, judged) in judged(folder) {
        let form = O::parse(&judged.unwrap().answer).unwrap();
        let host = "https://iotx-ota.oss-cn-shanghai.aliyuncs.com";
        let file_url = format!("{host}/{key}");
        let fields = [&form.key, &form.host, &form.access_key_id, &form.file_url];
        assert_eq!(fields, [key, host, "cS8uRRy54RsX****", &file_url], "{path}");
        let secrets = [&form.policy, &form.signature].map(|secret| secret.expose_secret());
        assert_eq!(secrets, ["eyJleHBpcmF0aW9uIjoiMjAxOSJ9", "v6lViO4FBvfquajQjg20K5hK****"], "{path}");
        assert_eq!(form.object_storage, some("OSS"), "{path}");
        assert_eq!(form.utc_create, some("2019-11-04T06:21:54.607Z"), "{path}");
        let shown = format!("{form:?} {form:#?}");
        assert!(secrets.iter().all(|secret| !shown.contains(secret)), "{path}: {shown}");
    }
}

#[test]
fn upload_forms_keep_their_secrets() {
    check_form::<GenerateOtaUploadUrl>("upload-form", "ota/2f9b1c0a/firmware.bin");
    check_form::<GenerateDeviceNameListUrl>("device-names-form", "ota/7c11/devices.csv");
}

/// What the caller cannot do without, and what it can.
#[test]
fn incomplete_answers_are_refused_by_the_name_of_what_is_missing() {
    let parsed = |text: &str| answer::parse(text.as_bytes()).unwrap();
    let refusal = |text: &str| CreateOtaFirmware::parse(&parsed(text)).unwrap_err().to_string();
    assert_eq!(refusal("{}"), "the answer has no Data");
    assert_eq!(refusal(r#"{"Data":{"FirmwareId":" ","UtcCreate":"x"}}"#), "the answer has no FirmwareId");
    let created = CreateOtaFirmware::parse(&parsed(r#"{"Data":{"FirmwareId":"f"}}"#)).unwrap();
    assert_eq!(created.utc_create, "");
    for name in ["Key", "Host", "Policy", "OSSAccessKeyId", "Signature", "FirmwareUrl"] {
        let (_, judged) = judged("upload-form").remove(0);
        let mut data = judged.unwrap().answer.object("Data").unwrap().unwrap().clone();
        if let answer::Node::Object(members) = &mut data {
            members.retain(|(member, _)| member != name);
        }
        let node = answer::Node::Object(vec![("Data".to_owned(), data)]);
        let refusal = GenerateOtaUploadUrl::parse(&node).unwrap_err().to_string();
        assert_eq!(refusal, format!("the answer has no {name}"));
    }
}
