//! Documented answers in both formats, each as the typed answer that it stands for.

use std::fmt::Debug;
use std::path::Path;

use super::credentials;
use crate::iot::FailureKind;
use crate::iot::operations::{
    CancelOtaStrategyByJob, CancelOtaTaskByDevice, CancelOtaTaskByJob, ConfirmOtaTask, CreateOtaDynamicUpgradeJob,
    CreateOtaModule, CreateOtaStaticUpgradeJob, CreateOtaVerifyJob, CreatedJob, DeleteOtaFirmware, DeleteOtaModule,
    Firmware, FirmwareFile, Job, JobSummary, ListOtaJobByDevice, ListOtaJobByFirmware, ListOtaTaskByJob,
    ModifyOtaFirmware, Page, QueryOtaFirmware, QueryOtaJob, ReupgradeOtaTask, Tag, Task, UpdateOtaJob, UpdateOtaModule,
};
use crate::iot::redact::Secrets;
use crate::iot::transport::RawAnswer;
use crate::iot::verdict::{Sent, Success, Verdict, judge};
use crate::iot::{Node, Operation, answer};

/// The files of a folder under `tests/vectors/answers`, with what is made of each.
pub(super) fn judged(folder: &str) -> Vec<(String, Result<Success, Verdict>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/answers").join(folder);
    let credentials = credentials();
    let sent = Sent { secrets: Secrets { credentials: &credentials, signature: "" }, string_to_sign: "" };
    let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let judge_file = |path: std::path::PathBuf| {
        let body = std::fs::read(&path).unwrap();
        let raw = RawAnswer { status: 200, body, ..RawAnswer::default() };
        (path.display().to_string(), judge(&raw, sent))
    };
    let judged: Vec<_> = files.map(judge_file).collect();
    for format in ["answer.json", "answer.xml"] {
        assert!(judged.iter().any(|(path, _)| path.ends_with(format)), "{folder} has no {format}");
    }
    judged
}

/// All files of a folder are the same answer.
pub(super) fn check<O: Operation<Answer: Debug + PartialEq>>(folder: &str, request_id: &str, expected: &O::Answer) {
    for (path, judged) in judged(folder) {
        let success = judged.unwrap_or_else(|verdict| panic!("{path}: {verdict:?}"));
        assert_eq!(success.request_id, request_id, "{path}");
        assert_eq!(O::parse(&success.answer).as_ref(), Ok(expected), "{path}");
    }
}

pub(super) fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.to_owned(), value: value.to_owned() }
}

#[test]
fn created_jobs() {
    let created = CreatedJob {
        job_id: "wahVIzGkCMuAUE2gDERM02****".to_owned(),
        utc_create: "2019-11-04T06:22:19.566Z".to_owned(),
    };
    let request_id = "29EC7245-0FA4-4BB6-B4F5-5F04818FDFB1";
    check::<CreateOtaDynamicUpgradeJob>("create-job", request_id, &created);
    check::<CreateOtaStaticUpgradeJob>("create-job", request_id, &created);
    check::<CreateOtaVerifyJob>("create-job", request_id, &created);
}

#[test]
fn cancelled_jobs() {
    check::<CancelOtaStrategyByJob>("cancel", "A01829CE-75A1-4920-B775-921146A1AB79", &());
}

#[test]
fn answers_without_data() {
    check::<UpdateOtaJob>("update-job", "A7A97DC4-5E77-4A3A-A9AC-1D3C9C5F1C0B", &());
    let request_id = "CB66C7A5-7B16-4A0A-8A6B-6F5A1F3D6E21";
    check::<CancelOtaTaskByJob>("cancel-tasks", request_id, &());
    check::<CancelOtaTaskByDevice>("cancel-tasks", request_id, &());
    check::<ReupgradeOtaTask>("cancel-tasks", request_id, &());
    check::<ConfirmOtaTask>("confirm-tasks", "B6A0C1C2-3E2C-4F6A-9D0E-5A7E1C7C0B11", &());
    check::<ModifyOtaFirmware>("cancel-tasks", request_id, &());
    check::<DeleteOtaFirmware>("cancel-tasks", request_id, &());
    check::<CreateOtaModule>("cancel-tasks", request_id, &());
    check::<UpdateOtaModule>("cancel-tasks", request_id, &());
    check::<DeleteOtaModule>("cancel-tasks", request_id, &());
}

#[test]
fn jobs() {
    let job = Job {
        job_id: some("HvKuBpuk3rdk6E92CP****0200"),
        name: some("firmware2"),
        job_status: some("COMPLETED"),
        job_type: some("VERIFY_FIRMWARE"),
        selection_type: some("DYNAMIC"),
        target_selection: some("ALL"),
        product_key: some("a19mzPZ****"),
        firmware_id: some("UfuxnwygsuSkVE0VCN****0100"),
        dest_version: some("1.0.1"),
        src_versions: Some(vec!["1.0.0".to_owned(), "1.0.2".to_owned()]),
        tags: Some(vec![tag("site", "上海 <&> 1"), tag("k2", "")]),
        dynamic_mode: Some(2),
        overwrite_mode: Some(1),
        retry_interval: Some(60),
        retry_count: Some(1),
        timeout_in_minutes: Some(5),
        maximum_per_minute: Some(1000),
        need_push: Some(true),
        need_confirm: Some(false),
        utc_create: some("2019-12-28T02:43:10.000Z"),
        ..Job::default()
    };
    check::<QueryOtaJob>("query-job", "30F1BB8D-EDBF-44FD-BBC0-BE97DEA73991", &Some(job));
}

#[test]
fn empty_members_are_told_from_absent_ones() {
    let job = Job {
        job_id: some("HvKuBpuk3rdk6E92CP****0200"),
        group_id: some(""),
        src_versions: Some(Vec::new()),
        tags: Some(Vec::new()),
        ..Job::default()
    };
    check::<QueryOtaJob>("query-job-empty-members", "30F1BB8D-EDBF-44FD-BBC0-BE97DEA73991", &Some(job));
}

#[test]
fn a_success_without_a_job_is_none() {
    check::<QueryOtaJob>("query-job-no-data", "30F1BB8D-EDBF-44FD-BBC0-BE97DEA73991", &None);
}

#[test]
fn pages_of_jobs() {
    let finished = JobSummary {
        job_id: some("wahVIzGkCMuAUE2gDERM02****"),
        job_status: some("COMPLETED"),
        selection_type: some("STATIC"),
        tags: Some(vec![tag("k", "v")]),
        ..JobSummary::default()
    };
    let running = JobSummary {
        job_id: some("XUbmsMHmkqv0PiAG****010001"),
        job_status: some("IN_PROGRESS"),
        selection_type: some("DYNAMIC"),
        utc_end_time: some(""),
        ..JobSummary::default()
    };
    let page = Page {
        total: Some(2),
        page_size: Some(10),
        page_count: Some(1),
        current_page: Some(1),
        items: vec![finished, running],
    };
    check::<ListOtaJobByFirmware>("list-jobs", "9F41D14E-CB5F-4CCE-939C-057F39E688F5", &page);
    check::<ListOtaJobByDevice>("list-jobs", "9F41D14E-CB5F-4CCE-939C-057F39E688F5", &page);
    let page = Page { total: Some(0), page_count: Some(0), items: Vec::new(), ..page };
    check::<ListOtaJobByFirmware>("list-jobs-empty", "9F41D14E-CB5F-4CCE-939C-057F39E688F5", &page);
}

#[test]
fn pages_of_tasks() {
    let running = Task {
        task_id: some("y3tOmCDNgpR8F9jnVEzC01****"),
        job_id: some("XUbmsMHmkqv0PiAG****010001"),
        firmware_id: some("nx3xxVvFdwvn6dim50PY03****"),
        product_key: some("a1Le6d0****"),
        product_name: some("bike"),
        device_name: some("deviceName1234"),
        iot_id: some("BXPV9Ks3bxwM9fD****000101"),
        src_version: some("V1.0.1"),
        dest_version: some("V1.0.3"),
        task_status: some("IN_PROGRESS"),
        task_desc: some(""),
        progress: some("93.50"),
        timeout: some("1440"),
        utc_create: some("2019-05-10T02:18:53.000Z"),
        utc_modified: some("2019-05-10T02:18:53.000Z"),
        ..Task::default()
    };
    let waiting = Task {
        task_id: some("y3tOmCDNgpR8F9jnVEzC02****"),
        task_status: some("CONFIRM"),
        progress: some("0.00"),
        timeout: some(""),
        ..Task::default()
    };
    let page = Page {
        total: Some(2),
        page_size: Some(100),
        page_count: Some(1),
        current_page: Some(1),
        items: vec![running, waiting],
    };
    check::<ListOtaTaskByJob>("list-tasks", "9F41D14E-CB5F-4CCE-939C-057F39E688F5", &page);
}

#[test]
fn packages_come_without_their_addresses() {
    let file = FirmwareFile { name: some("a.bin"), size: Some(1), sign_value: some("4d81"), file_md5: some("93230c") };
    let firmware = Firmware {
        firmware_id: some("s8SSHiKjpBfrM3BSN0z803****"),
        firmware_name: some("Firmware2"),
        product_key: some("a19mzPZ****"),
        module_name: some("default"),
        dest_version: some("2.0.0"),
        src_version: some(""),
        firmware_type: Some(0),
        status: Some(1),
        verify_progress: Some(100),
        sign_method: some("MD5"),
        firmware_size: Some(939_571),
        multi_files: Some(vec![file]),
        ..Firmware::default()
    };
    assert!(!format!("{firmware:?}").contains("http"));
    check::<QueryOtaFirmware>("query-firmware", "9F41D14E-CB5F-4CCE-939C-057F39E688F5", &Some(firmware));
}

#[test]
fn error_envelopes() {
    for (folder, code, message, request_id) in [
        (
            "gateway-error",
            "MissingFirmwareId",
            "FirmwareId is mandatory for this action.",
            "8906582E-6722-409A-A6C4-0E7863B733A5",
        ),
        (
            "service-error",
            "iot.ota.FirmwareNotVerified",
            "The firmware is not verified.",
            "E55E50B7-40EE-4B6B-8BBE-D3ED55CCF565",
        ),
    ] {
        for (path, judged) in judged(folder) {
            let expected = Verdict {
                kind: FailureKind::Refused,
                message: message.to_owned(),
                code: some(code),
                request_id: some(request_id),
            };
            assert_eq!(judged.err(), Some(expected), "{path}");
        }
    }
}

fn parsed(text: &str) -> Node {
    answer::parse(text.as_bytes()).unwrap()
}

#[test]
fn lists_come_in_many_shapes() {
    let versions = |versions: &[&str]| Ok(Some(versions.iter().map(|version| (*version).to_owned()).collect()));
    for (text, expected) in [
        (r#"{}"#, Ok(None)),
        (r#"{"L":null}"#, Ok(None)),
        (r#"{"L":{}}"#, versions(&[])),
        (r#"{"L":[]}"#, versions(&[])),
        (r#"{"L":""}"#, versions(&[])),
        (r#"{"L":{"E":[]}}"#, versions(&[])),
        (r#"{"L":{"E":null}}"#, versions(&[])),
        (r#"{"L":{"E":["1","2"]}}"#, versions(&["1", "2"])),
        (r#"{"L":{"E":"1"}}"#, versions(&["1"])),
        (r#"{"L":["1",null,2,true]}"#, versions(&["1", "2", "true"])),
        (r#"{"L":"1"}"#, versions(&["1"])),
        (r#"<R/>"#, Ok(None)),
        (r#"<R><L/></R>"#, versions(&[])),
        ("<R><L>\n</L></R>", versions(&[])),
        (r#"<R><L><E/></L></R>"#, versions(&[])),
        (r#"<R><L><E>1</E><E>2</E></L></R>"#, versions(&["1", "2"])),
        (r#"<R><L>1</L><L>2</L></R>"#, versions(&["1", "2"])),
    ] {
        assert_eq!(parsed(text).texts("L", "E"), expected, "{text}");
    }
    for text in [r#"{"L":[[]]}"#, r#"{"L":{"F":1}}"#, r#"{"L":[{"E":1}]}"#] {
        assert!(parsed(text).texts("L", "E").is_err(), "{text}");
    }
}

#[test]
fn numbers_and_booleans_come_as_text_too() {
    for (text, expected) in [
        (r#"{"V":7}"#, Ok(Some(7))),
        (r#"{"V":-7}"#, Ok(Some(-7))),
        (r#"{"V":7.0}"#, Ok(Some(7))),
        (r#"{"V":" 7 "}"#, Ok(Some(7))),
        (r#"{"v":7}"#, Ok(Some(7))),
        (r#"{"V":""}"#, Ok(None)),
        (r#"{"V":null}"#, Ok(None)),
        ("<R><V>7</V></R>", Ok(Some(7))),
        ("<R><V/></R>", Ok(None)),
    ] {
        assert_eq!(parsed(text).integer("V"), expected, "{text}");
    }
    for text in [r#"{"V":7.5}"#, r#"{"V":"x"}"#, r#"{"V":[7]}"#, r#"{"V":9223372036854775808}"#] {
        assert!(parsed(text).integer("V").is_err(), "{text}");
    }
    for (text, expected) in [
        (r#"{"V":true}"#, Ok(Some(true))),
        (r#"{"V":"False"}"#, Ok(Some(false))),
        (r#"{"V":""}"#, Ok(None)),
        ("<R><V> true </V></R>", Ok(Some(true))),
    ] {
        assert_eq!(parsed(text).boolean("V"), expected, "{text}");
    }
    assert!(parsed(r#"{"V":1}"#).boolean("V").is_err());
}
