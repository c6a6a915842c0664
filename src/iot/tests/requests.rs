//! What goes over the wire.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use time::macros::{datetime, format_description};
use time::{OffsetDateTime, PrimitiveDateTime};

use super::fake_server::{FakeServer, Received, Reply};
use super::{ACCESS_KEY_ID, SECRET, TOKEN, client};
use crate::iot::operations::{
    CancelOtaStrategyByJob, CancelOtaTaskByJob, CreateOtaDynamicUpgradeJob, ListOtaJobByFirmware,
    ListOtaModuleByProduct, ListOtaTaskByJob, QueryOtaFirmware, QueryOtaJob, Tag, UpdateOtaJob,
};
use crate::iot::sign::{signature, string_to_sign};
use crate::iot::{Operation, Parameters, encode};

const SUCCESS: &str = r#"{"RequestId":"id","Success":true,"Data":{"JobId":"job"}}"#;

/// The form as pairs; no name comes twice.
fn form(request: &Received) -> BTreeMap<String, String> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let mut form = BTreeMap::new();
    for pair in request.body.split('&') {
        let (name, value) = pair.split_once('=').unwrap();
        assert_eq!(form.insert(decoded(name), decoded(value)), None, "{name} comes twice");
    }
    form
}

fn every_attribute() -> CreateOtaDynamicUpgradeJob {
    CreateOtaDynamicUpgradeJob {
        firmware_id: "firmware".to_owned(),
        product_key: "product".to_owned(),
        iot_instance_id: Some("iot-cn-1".to_owned()),
        src_versions: (1..=10).map(|number| format!("1.0.{number} beta")).collect(),
        tags: vec![Tag { key: "site.cn".to_owned(), value: "上海 *~+&=%/".to_owned() }, Tag::default()],
        retry_interval: Some(0),
        retry_count: Some(1),
        timeout_in_minutes: Some(1440),
        maximum_per_minute: Some(1000),
        overwrite_mode: Some(2),
        dynamic_mode: Some(1),
        need_push: Some(true),
        need_confirm: Some(false),
        multi_module_mode: Some(false),
        group_id: Some(String::new()),
        group_type: Some("LINK_PLATFORM_DYNAMIC".to_owned()),
        download_protocol: Some("HTTPS".to_owned()),
    }
}

#[tokio::test]
async fn the_received_request_verifies() {
    let server = FakeServer::start([Reply::json(200, SUCCESS)]).await;
    client(&server.endpoint).send(&every_attribute()).await.unwrap();
    let requests = server.received();
    let [request] = requests.as_slice() else { panic!("one request, not {}", requests.len()) };
    let mut form = form(request);
    let sent = form.remove("Signature").unwrap();
    let mut parameters = Parameters::default();
    for (name, value) in &form {
        parameters.text(name, value);
    }
    assert_eq!(signature(SECRET, &string_to_sign("POST", &encode::canonical_query(&parameters))), sent);
}

#[tokio::test]
async fn common_parameters_and_head_are_as_documented() {
    let server = FakeServer::start([Reply::json(200, SUCCESS)]).await;
    let before = OffsetDateTime::now_utc();
    client(&server.endpoint).send(&CancelOtaStrategyByJob::default()).await.unwrap();
    let after = OffsetDateTime::now_utc();
    let request = server.received().remove(0);
    let head = request.head.to_ascii_lowercase();
    assert!(head.starts_with("post / http/1.1\r\n"), "nothing may stand in the URL: {head}");
    assert!(head.contains("\r\ncontent-type: application/x-www-form-urlencoded"), "{head}");
    assert!(head.contains("\r\nuser-agent: example/1.0"), "{head}");
    assert!(!head.contains("accept-encoding"), "{head}");
    let mut form = form(&request);
    assert!(form.remove("Signature").is_some());
    uuid::Uuid::parse_str(&form.remove("SignatureNonce").unwrap()).unwrap();
    let written = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    let time = PrimitiveDateTime::parse(&form.remove("Timestamp").unwrap(), written).unwrap().assume_utc();
    assert!(time >= before.replace_nanosecond(0).unwrap() && time <= after, "{before} {time} {after}");
    let expected = [
        ("AccessKeyId", ACCESS_KEY_ID),
        ("Action", "CancelOTAStrategyByJob"),
        ("Format", "JSON"),
        ("JobId", ""),
        ("RegionId", "cn-shanghai"),
        ("SecurityToken", TOKEN),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("Version", "2018-01-20"),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[tokio::test]
async fn each_sending_has_a_nonce_of_its_own() {
    let server = FakeServer::start([Reply::json(200, SUCCESS), Reply::json(200, SUCCESS)]).await;
    let client = client(&server.endpoint);
    for _ in 0..2 {
        client.send(&CancelOtaStrategyByJob::default()).await.unwrap();
    }
    let nonces: Vec<_> = server.received().iter().map(|request| form(request).remove("SignatureNonce")).collect();
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn the_answer_carries_request_id_and_server_time() {
    let head = "Content-Type: application/json\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT";
    let server = FakeServer::start([Reply::with_head(200, head, SUCCESS)]).await;
    let answer = client(&server.endpoint).send(&CancelOtaStrategyByJob::default()).await.unwrap();
    assert_eq!((answer.request_id.as_str(), answer.server_time), ("id", Some(datetime!(2026-01-02 3:04:05 UTC))));
}

pub(super) fn written<O: Operation>(operation: &O) -> Vec<(String, String)> {
    let mut parameters = Parameters::default();
    operation.parameters(&mut parameters);
    parameters.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

pub(super) fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

#[test]
fn every_attribute_of_a_job_is_sent_under_its_name() {
    let expected = pairs([
        ("DownloadProtocol", "HTTPS"),
        ("DynamicMode", "1"),
        ("FirmwareId", "firmware"),
        ("GroupId", ""),
        ("GroupType", "LINK_PLATFORM_DYNAMIC"),
        ("IotInstanceId", "iot-cn-1"),
        ("MaximumPerMinute", "1000"),
        ("MultiModuleMode", "false"),
        ("NeedConfirm", "false"),
        ("NeedPush", "true"),
        ("OverwriteMode", "2"),
        ("ProductKey", "product"),
        ("RetryCount", "1"),
        ("RetryInterval", "0"),
        ("SrcVersion.1", "1.0.1 beta"),
        ("SrcVersion.10", "1.0.10 beta"),
        ("SrcVersion.2", "1.0.2 beta"),
        ("SrcVersion.3", "1.0.3 beta"),
        ("SrcVersion.4", "1.0.4 beta"),
        ("SrcVersion.5", "1.0.5 beta"),
        ("SrcVersion.6", "1.0.6 beta"),
        ("SrcVersion.7", "1.0.7 beta"),
        ("SrcVersion.8", "1.0.8 beta"),
        ("SrcVersion.9", "1.0.9 beta"),
        ("Tag.1.Key", "site.cn"),
        ("Tag.1.Value", "上海 *~+&=%/"),
        ("Tag.2.Key", ""),
        ("Tag.2.Value", ""),
        ("TimeoutInMinutes", "1440"),
    ]);
    assert_eq!(written(&every_attribute()), expected);
}

#[test]
fn what_is_absent_is_not_sent() {
    let nothing = CreateOtaDynamicUpgradeJob::default();
    assert_eq!(written(&nothing), pairs([("FirmwareId", ""), ("ProductKey", "")]));
    assert_eq!(written(&CancelOtaStrategyByJob::default()), pairs([("JobId", "")]));
    assert_eq!(written(&QueryOtaJob::default()), pairs([("JobId", "")]));
    assert_eq!(written(&QueryOtaFirmware::default()), pairs([("FirmwareId", "")]));
}

#[test]
fn the_other_operations_send_their_attributes() {
    let instance = Some("iot-cn-1".to_owned());
    let by_job = pairs([("IotInstanceId", "iot-cn-1"), ("JobId", "job")]);
    let by_firmware = pairs([("FirmwareId", "firmware"), ("IotInstanceId", "iot-cn-1")]);
    let job_id = "job".to_owned();
    let firmware_id = "firmware".to_owned();
    let cancel = CancelOtaStrategyByJob { job_id: job_id.clone(), iot_instance_id: instance.clone() };
    assert_eq!(written(&cancel), by_job);
    assert_eq!(written(&QueryOtaJob { job_id, iot_instance_id: instance.clone() }), by_job);
    let query = QueryOtaFirmware { firmware_id: firmware_id.clone(), iot_instance_id: instance };
    assert_eq!(written(&query), by_firmware);
    let list = ListOtaJobByFirmware { firmware_id, iot_instance_id: None, current_page: 3, page_size: 200 };
    let expected = pairs([("CurrentPage", "3"), ("FirmwareId", "firmware"), ("PageSize", "200")]);
    assert_eq!(written(&list), expected);
}

#[test]
fn every_attribute_of_a_changed_job_is_sent_under_its_name() {
    let update = UpdateOtaJob {
        job_id: "job".to_owned(),
        iot_instance_id: Some("iot-cn-1".to_owned()),
        upgrade_type: "DYNAMIC".to_owned(),
        target_selection: "ALL".to_owned(),
        maximum_per_minute: 10,
        tags: vec![Tag { key: "site".to_owned(), value: "上海".to_owned() }, Tag::default()],
        timeout_in_minutes: Some(60),
        src_versions: vec!["1.0.0".to_owned(), "1.0.1".to_owned()],
    };
    let expected = pairs([
        ("IotInstanceId", "iot-cn-1"),
        ("JobId", "job"),
        ("MaximumPerMinute", "10"),
        ("SrcVersionList.1", "1.0.0"),
        ("SrcVersionList.2", "1.0.1"),
        ("Tags.1.Key", "site"),
        ("Tags.1.Value", "上海"),
        ("Tags.2.Key", ""),
        ("Tags.2.Value", ""),
        ("TargetSelection", "ALL"),
        ("TimeoutInMinutes", "60"),
        ("UpgradeType", "DYNAMIC"),
    ]);
    assert_eq!(written(&update), expected);
    let nothing = pairs([("JobId", ""), ("MaximumPerMinute", "0"), ("TargetSelection", ""), ("UpgradeType", "")]);
    assert_eq!(written(&UpdateOtaJob::default()), nothing);
}

#[test]
fn every_attribute_about_tasks_is_sent_under_its_name() {
    let cancel = CancelOtaTaskByJob {
        job_id: "job".to_owned(),
        iot_instance_id: Some("iot-cn-1".to_owned()),
        cancel_scheduled_task: Some(false),
        cancel_queued_task: Some(true),
        cancel_notified_task: Some(true),
        cancel_in_progress_task: Some(false),
        cancel_unconfirmed_task: Some(true),
    };
    let expected = pairs([
        ("CancelInProgressTask", "false"),
        ("CancelNotifiedTask", "true"),
        ("CancelQueuedTask", "true"),
        ("CancelScheduledTask", "false"),
        ("CancelUnconfirmedTask", "true"),
        ("IotInstanceId", "iot-cn-1"),
        ("JobId", "job"),
    ]);
    assert_eq!(written(&cancel), expected);
    let list = ListOtaTaskByJob {
        job_id: "job".to_owned(),
        iot_instance_id: Some("iot-cn-1".to_owned()),
        task_status: Some("FAILED".to_owned()),
        current_page: Some(2),
        page_size: Some(100),
        device_names: vec!["a".to_owned(), "b".to_owned()],
    };
    let expected = pairs([
        ("CurrentPage", "2"),
        ("DeviceNames.1", "a"),
        ("DeviceNames.2", "b"),
        ("IotInstanceId", "iot-cn-1"),
        ("JobId", "job"),
        ("PageSize", "100"),
        ("TaskStatus", "FAILED"),
    ]);
    assert_eq!(written(&list), expected);
    assert_eq!(written(&CancelOtaTaskByJob::default()), pairs([("JobId", "")]));
    assert_eq!(written(&ListOtaTaskByJob::default()), pairs([("JobId", "")]));
}

#[tokio::test]
async fn a_get_carries_everything_in_the_url_as_it_was_signed() {
    let server = FakeServer::start([Reply::json(200, SUCCESS)]).await;
    let list = ListOtaModuleByProduct { product_key: "a b*~+&=%/上".to_owned(), iot_instance_id: None };
    client(&server.endpoint).send(&list).await.unwrap();
    let request = server.received().remove(0);
    assert_eq!(request.body, "");
    let query = request.head.strip_prefix("GET /?").and_then(|rest| rest.split_once(' ')).unwrap().0;
    let (signed, signature_sent) = query.rsplit_once("&Signature=").unwrap();
    let expected = encode::percent_encode(&signature(SECRET, &string_to_sign("GET", signed)));
    assert_eq!(signature_sent, expected);
    assert!(signed.contains("&ProductKey=a%20b%2A~%2B%26%3D%25%2F%E4%B8%8A&"), "{signed}");
}
