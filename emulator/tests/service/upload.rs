//! The way of a file: permission, upload as a form, package.

use std::io::{Read, Write};

use alicloud_iot_emulator::{Assumptions, Edition, Options};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::support::http::{self, Response};
use crate::support::{Emulator, fixtures, options, with_devices};

const BOUNDARY: &str = "--------a-boundary";
/// MD5 of `firmware`, made with `md5sum`.
const MD5: &str = "74b5b5e9570efc5c0553bb327cd41940";

fn permission(emulator: &Emulator, action: &str, parameters: &[(&str, &str)]) -> Value {
    emulator.call(action, parameters).success()["Data"].clone()
}

fn text<'a>(data: &'a Value, member: &str) -> &'a str {
    data[member].as_str().unwrap_or_else(|| panic!("{member} in {data}"))
}

fn fields(data: &Value) -> Vec<(&'static str, String)> {
    let owner = if data["OSSAccessKeyId"].is_string() { "OSSAccessKeyId" } else { "AccessKeyId" };
    vec![
        ("key", text(data, "Key").to_owned()),
        ("policy", text(data, "Policy").to_owned()),
        ("OSSAccessKeyId", text(data, owner).to_owned()),
        ("signature", text(data, "Signature").to_owned()),
        ("success_action_status", "200".to_owned()),
    ]
}

fn form(fields: &[(&str, String)], file: Option<&[u8]>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        write!(body, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").unwrap();
    }
    if let Some(file) = file {
        write!(body, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.bin\"\r\n\r\n")
            .unwrap();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n");
    }
    write!(body, "--{BOUNDARY}--\r\n").unwrap();
    body
}

fn post(emulator: &Emulator, body: &[u8]) -> Response {
    let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
    http::exchange(emulator.address, "POST", "/oss", &media_type, body).unwrap()
}

pub(crate) fn upload(emulator: &Emulator, data: &Value, file: &[u8]) -> Response {
    post(emulator, &form(&fields(data), Some(file)))
}

fn refused(response: &Response) -> (u16, String) {
    let code = response.body.split("<Code>").nth(1).and_then(|rest| rest.split("</Code>").next());
    (response.status, code.unwrap_or_else(|| panic!("{response:?}")).to_owned())
}

fn create(emulator: &Emulator, url: &str, more: &[(&str, &str)]) -> String {
    let own = [("FirmwareName", "uploaded"), ("DestVersion", "2.0"), ("ProductKey", "product"), ("FirmwareUrl", url)];
    emulator.call("CreateOTAFirmware", &[own.as_slice(), more].concat()).verdict()
}

fn advance(emulator: &Emulator, seconds: u32) {
    emulator.control("POST", "clock", &json!({ "advance_seconds": seconds }));
}

#[test]
fn a_form_that_never_gets_anywhere_is_not_kept_in_memory() {
    let emulator = Emulator::reference();
    let waste = vec![b'a'; 8 * 1024 * 1024];
    for begin in [format!("--{BOUNDARY}\r\nX-Long: "), "no boundary at all".to_owned()] {
        let mut stream = http::connect(emulator.address);
        let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let head = format!("POST /oss HTTP/1.1\r\nHost: e\r\nContent-Type: {media_type}\r\n");
        write!(stream, "{head}Content-Length: 1000000000\r\n\r\n{begin}").unwrap();
        stream.write_all(&waste).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(String::from_utf8_lossy(&answer).contains("<Code>MalformedPOSTRequest</Code>"), "{begin}");
    }
}

#[test]
fn a_package_has_size_and_md5_of_its_uploaded_file() {
    let emulator = Emulator::reference();
    let data = permission(&emulator, "GenerateOTAUploadURL", &[]);
    assert_eq!(text(&data, "FirmwareUrl"), format!("{}/{}", text(&data, "Host"), text(&data, "Key")));
    assert_eq!(text(&data, "Host"), format!("http://{}/oss", emulator.address));
    assert!(text(&data, "Key").starts_with("ota/") && text(&data, "Key").ends_with(".bin"));
    let answer = upload(&emulator, &data, b"firmware");
    assert_eq!((answer.status, answer.header("etag")), (200, Some(format!("\"{MD5}\"").as_str())));
    assert_eq!(create(&emulator, text(&data, "FirmwareUrl"), &[]), "ok");
    let page = [("CurrentPage", "1"), ("PageSize", "100")];
    let list = emulator.call("ListOTAFirmware", &page).success()["FirmwareInfo"]["SimpleFirmwareInfo"].clone();
    let package = list.as_array().unwrap().iter().find(|package| package["FirmwareName"] == json!("uploaded")).unwrap();
    assert_eq!((&package["FirmwareSize"], &package["FirmwareSign"]), (&json!(8), &json!(MD5)));
    assert_eq!(package["SignMethod"], json!("MD5"));
}

#[test]
fn what_the_call_says_of_the_file_wins() {
    let emulator = Emulator::reference();
    let data = permission(&emulator, "GenerateOTAUploadURL", &[("FileSuffix", "tar.gz")]);
    assert!(text(&data, "Key").ends_with(".tar.gz"));
    upload(&emulator, &data, b"firmware");
    let told = [("FirmwareSize", "9"), ("FirmwareSign", "0123")];
    assert_eq!(create(&emulator, text(&data, "FirmwareUrl"), &told), "ok");
    let page = [("CurrentPage", "1"), ("PageSize", "100"), ("DestVersion", "2.0")];
    let list = emulator.call("ListOTAFirmware", &page).success()["FirmwareInfo"]["SimpleFirmwareInfo"].to_string();
    assert!(list.contains(r#""FirmwareSign":"0123""#) && list.contains(r#""FirmwareSize":9"#), "{list}");
}

#[test]
fn suffixes_are_those_of_the_edition() {
    let invalid = "iot.common.InvalidFormattedParameter";
    for (suffix, reference, extended) in [("zip", "ok", "ok"), ("dav", invalid, "ok"), ("exe", invalid, invalid)] {
        let verdict = |emulator: Emulator| emulator.call("GenerateOTAUploadURL", &[("FileSuffix", suffix)]).verdict();
        assert_eq!(
            (verdict(Emulator::reference()), verdict(Emulator::extended())),
            (reference.into(), extended.into())
        );
    }
}

#[test]
fn a_permission_is_good_for_its_key_for_a_minute() {
    let emulator = Emulator::reference();
    let data = permission(&emulator, "GenerateOTAUploadURL", &[]);
    let other = permission(&emulator, "GenerateOTAUploadURL", &[]);
    let with = |name: &str, value: &str| {
        let fields = fields(&data).into_iter();
        let fields: Vec<_> =
            fields.map(|(known, old)| (known, if known == name { value.to_owned() } else { old })).collect();
        refused(&post(&emulator, &form(&fields, Some(b"firmware"))))
    };
    let code = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(with("key", text(&other, "Key")), code(403, "AccessDenied"));
    assert_eq!(with("policy", text(&other, "Policy")), code(403, "SignatureDoesNotMatch"));
    assert_eq!(with("policy", &STANDARD.encode("{}")), code(403, "SignatureDoesNotMatch"));
    assert_eq!(with("signature", text(&other, "Signature")), code(403, "SignatureDoesNotMatch"));
    assert_eq!(with("signature", "none"), code(403, "SignatureDoesNotMatch"));
    assert_eq!(with("signature", ""), code(403, "AccessDenied"));
    assert_eq!(with("OSSAccessKeyId", "other"), code(403, "InvalidAccessKeyId"));
    advance(&emulator, 59);
    assert_eq!(upload(&emulator, &data, b"firmware").status, 200);
    advance(&emulator, 1);
    let late = upload(&emulator, &data, b"firmware");
    assert_eq!(refused(&late), code(403, "AccessDenied"));
    assert!(late.body.contains("Policy expired"), "{}", late.body);
}

#[test]
fn a_form_that_is_none_is_refused() {
    let emulator = Emulator::reference();
    let data = permission(&emulator, "GenerateOTAUploadURL", &[]);
    let whole = form(&fields(&data), Some(b"firmware"));
    assert_eq!(refused(&post(&emulator, b"no form")), (400, "MalformedPOSTRequest".to_owned()));
    assert_eq!(refused(&post(&emulator, &whole[..whole.len() - 30])), (400, "MalformedPOSTRequest".to_owned()));
    assert_eq!(refused(&post(&emulator, &form(&fields(&data), None))), (400, "InvalidArgument".to_owned()));
    let long = form(&[("key", "x".repeat(17_000))], Some(b"firmware"));
    assert_eq!(refused(&post(&emulator, &long)), (400, "FieldItemTooLong".to_owned()));
    let many = form(&vec![("x", String::new()); 51], Some(b"firmware"));
    assert_eq!(refused(&post(&emulator, &many)), (400, "MalformedPOSTRequest".to_owned()));
    let answer = http::exchange(emulator.address, "POST", "/oss", "text/plain", b"").unwrap();
    assert_eq!(refused(&answer), (400, "MalformedPOSTRequest".to_owned()));
    assert_eq!(create(&emulator, text(&data, "FirmwareUrl"), &[]), "iot.common.InvalidFormattedParameter");
}

#[test]
fn a_list_of_devices_has_at_most_five_mebibytes() {
    let emulator = Emulator::reference();
    let data = permission(&emulator, "GenerateDeviceNameListURL", &[]);
    assert_eq!(text(&data, "FileUrl"), format!("{}/{}", text(&data, "Host"), text(&data, "Key")));
    assert_eq!(upload(&emulator, &data, &vec![b'd'; 5 * 1024 * 1024]).status, 200);
    let larger = upload(&emulator, &data, &vec![b'd'; 5 * 1024 * 1024 + 1]);
    assert_eq!(refused(&larger), (400, "EntityTooLarge".to_owned()));
}

#[test]
fn an_upload_that_nothing_was_made_of_is_removed_after_an_hour() {
    let emulator = Emulator::reference();
    let data = permission(&emulator, "GenerateOTAUploadURL", &[]);
    upload(&emulator, &data, b"firmware");
    advance(&emulator, 3599);
    assert_eq!(create(&emulator, text(&data, "FirmwareUrl"), &[]), "ok");
    advance(&emulator, 1);
    assert_eq!(create(&emulator, text(&data, "FirmwareUrl"), &[]), "iot.common.InvalidFormattedParameter");
}

#[test]
fn files_elsewhere_are_believed_unless_told_otherwise() {
    let elsewhere = "https://files.test/ota/a.bin";
    assert_eq!(create(&Emulator::reference(), elsewhere, &[]), "ok");
    let mut assumptions = Assumptions::default();
    assumptions.choose("firmware-file=uploaded").unwrap();
    let options = options(Edition::Reference, &fixtures());
    let emulator = Emulator::start(Options { assumptions, ..options });
    assert_eq!(create(&emulator, elsewhere, &[]), "iot.common.InvalidFormattedParameter");
    let data = permission(&emulator, "GenerateOTAUploadURL", &[]);
    upload(&emulator, &data, b"firmware");
    assert_eq!(create(&emulator, text(&data, "FirmwareUrl"), &[]), "ok");
}

#[test]
fn each_file_of_a_package_of_several_is_measured() {
    let emulator = Emulator::extended();
    let files =
        [permission(&emulator, "GenerateOTAUploadURL", &[]), permission(&emulator, "GenerateOTAUploadURL", &[])];
    for file in &files {
        upload(&emulator, file, b"firmware");
    }
    let (one, two) = (text(&files[0], "FirmwareUrl"), text(&files[1], "FirmwareUrl"));
    let parameters = [
        ("FirmwareName", "several"),
        ("DestVersion", "2.0"),
        ("MultiFiles.1.Name", "one"),
        ("MultiFiles.1.Url", one),
        ("MultiFiles.2.Name", "two"),
        ("MultiFiles.2.Url", two),
    ];
    let created = emulator.call("CreateOTAFirmware", &parameters).success();
    let id = text(&created["Data"], "FirmwareId").to_owned();
    let info =
        emulator.call("QueryOTAFirmware", &[("FirmwareId", &id)]).success()["FirmwareInfo"]["MultiFiles"].clone();
    for file in info.as_array().unwrap() {
        assert_eq!((&file["Size"], &file["FileMd5"]), (&json!(8), &json!(MD5)));
    }
}

#[test]
fn a_static_job_takes_the_devices_of_an_uploaded_list() {
    let emulator = with_devices(Edition::Reference, "fleets", json!([{ "count": 50 }]));
    let verdict = |url: &str, more: &[(&str, &str)]| {
        let own =
            [("FirmwareId", "one"), ("ProductKey", "product"), ("TargetSelection", "SPECIFIC"), ("DnListFileUrl", url)];
        emulator.call("CreateOTAStaticUpgradeJob", &[own.as_slice(), more].concat()).verdict()
    };
    let uploaded = |content: &str| {
        let data = permission(&emulator, "GenerateDeviceNameListURL", &[]);
        assert_eq!(upload(&emulator, &data, content.as_bytes()).status, 200);
        text(&data, "FileUrl").to_owned()
    };
    let good = uploaded("f1-0000007\r\nf1-0000008\n\n  f1-0000009  ");
    let job_id = emulator.create_static_job("one", &[("TargetSelection", "SPECIFIC"), ("DnListFileUrl", &good)]);
    emulator.advance(86_400.0);
    assert_eq!(emulator.task_counts(&job_id), json!({ "SUCCEEDED": 3 }));
    let good = uploaded("f1-0000010");
    let invalid = "iot.common.InvalidFormattedParameter";
    assert_eq!(verdict(&good, &[("TargetDeviceName.1", "f1-0000010")]), invalid);
    assert_eq!(verdict(&uploaded("f1-0000010\nf1-0000010"), &[]), invalid);
    assert_eq!(verdict(&uploaded("\n"), &[]), invalid);
    assert_eq!(verdict(&uploaded("nobody"), &[]), "iot.device.NotExistedDevice");
    assert_eq!(verdict("http://emulator.test/oss/device-names/none.csv", &[]), invalid);
    let names = |count: u32| (0..count).map(|number| format!("d{number}\n")).collect::<String>();
    assert_eq!(verdict(&uploaded(&names(10_001)), &[]), invalid);
    assert_eq!(verdict(&uploaded(&names(10_000)), &[]), "iot.device.NotExistedDevice");
}
