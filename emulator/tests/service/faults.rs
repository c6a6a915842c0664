//! Injected faults: what the client sees, and whether the operation was carried out.

use std::io::Read;

use serde_json::{Value, json};

use crate::support::sign::{self, request, sign};
use crate::support::{Answer, Emulator, http};

const CREATE: [(&str, &str); 2] = [("FirmwareId", "verified"), ("ProductKey", "product")];

fn inject(emulator: &Emulator, kind: &str) {
    emulator.control("POST", "faults", &json!({ "action": "CreateOTADynamicUpgradeJob", "kind": kind, "millis": 50 }));
}

fn create(emulator: &Emulator) -> Answer {
    emulator.call("CreateOTADynamicUpgradeJob", &CREATE)
}

fn jobs(emulator: &Emulator) -> usize {
    emulator.control("GET", "state", &Value::Null)["jobs"].as_array().unwrap().len()
}

fn last_request(emulator: &Emulator) -> Value {
    emulator.control("GET", "requests", &Value::Null).as_array().unwrap().last().unwrap().clone()
}

#[test]
fn a_dropped_connection_ends_without_a_byte() {
    for (kind, jobs_made) in [("drop_before", 0), ("drop_after_commit", 1)] {
        let emulator = Emulator::reference();
        inject(&emulator, kind);
        let mut pairs = request("CreateOTADynamicUpgradeJob", &CREATE);
        sign("POST", &mut pairs);
        let target = format!("/?{}", sign::query(&pairs));
        let mut stream = http::connect(emulator.address);
        let head = format!("POST {target} HTTP/1.1\r\nHost: e\r\nContent-Length: 0\r\n\r\n");
        std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // The end comes as an end of file or as a reset.
        let _ = stream.read_to_end(&mut answer);
        assert_eq!(answer, b"", "{kind}");
        assert_eq!(jobs(&emulator), jobs_made, "{kind}");
        let logged = last_request(&emulator);
        assert_eq!((&logged["http_status"], &logged["success"]), (&Value::Null, &json!(jobs_made == 1)));
        assert_eq!(emulator.control("GET", "faults", &Value::Null), json!([]));
    }
}

#[test]
fn gateway_faults_answer_with_their_status_and_do_nothing() {
    for (kind, status, code) in [
        ("status_500", 500, "InternalError"),
        ("status_503", 503, "ServiceUnavailable"),
        ("throttle", 400, "Throttling.User"),
    ] {
        let emulator = Emulator::reference();
        inject(&emulator, kind);
        let answer = create(&emulator);
        assert_eq!(answer.gateway_code(), (status, code.to_owned()));
        let wait = answer.0.header("x-acs-retry-after");
        assert_eq!(wait, (kind == "throttle").then_some("50"));
        assert_eq!(jobs(&emulator), 0, "{kind}");
        create(&emulator).success();
    }
}

#[test]
fn a_system_exception_is_a_service_error_and_does_nothing() {
    let emulator = Emulator::reference();
    inject(&emulator, "system_exception");
    assert_eq!(create(&emulator).service_code(), "iot.system.SystemException");
    assert_eq!(jobs(&emulator), 0);
}

#[test]
fn a_malformed_body_hides_an_operation_that_was_carried_out() {
    let emulator = Emulator::reference();
    inject(&emulator, "malformed_body");
    let answer = create(&emulator).0;
    assert_eq!(answer.status, 200);
    assert!(serde_json::from_str::<Value>(&answer.body).is_err(), "{}", answer.body);
    assert_eq!(jobs(&emulator), 1);
}

#[test]
fn a_slow_answer_belongs_to_an_operation_that_was_carried_out_at_once() {
    let emulator = Emulator::reference();
    let fault = json!({ "action": "*", "kind": "slow", "millis": 600_000 });
    emulator.control("POST", "faults", &fault);
    let mut pairs = request("CreateOTADynamicUpgradeJob", &CREATE);
    sign("POST", &mut pairs);
    let head = format!("POST /?{} HTTP/1.1\r\nHost: e\r\nContent-Length: 0\r\n\r\n", sign::query(&pairs));
    let mut stream = http::connect(emulator.address);
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    while jobs(&emulator) == 0 {
        std::thread::yield_now();
    }
    stream.set_nonblocking(true).unwrap();
    let error = stream.read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock, "the answer is held back");
    inject(&emulator, "slow");
    let second = create(&emulator);
    assert_eq!(second.service_code(), "iot.ota.DynamicJobAlreadyExists", "it comes in the end");
}

#[test]
fn faults_count_wait_and_choose_their_operation() {
    let emulator = Emulator::reference();
    let fault =
        json!({ "action": "QueryOTAFirmware", "kind": "status_503", "times": 2, "after": 1, "probability": 1.0 });
    emulator.control("POST", "faults", &fault);
    let query = || emulator.call("QueryOTAFirmware", &[("FirmwareId", "verified")]).verdict();
    create(&emulator).success();
    assert_eq!(query(), "ok");
    assert_eq!(query(), "ServiceUnavailable");
    let left = emulator.control("GET", "faults", &Value::Null);
    let expected = json!([{ "action": "QueryOTAFirmware", "kind": "status_503", "times": 1, "after": 0,
        "probability": 1.0, "millis": 1000 }]);
    assert_eq!(left, expected);
    assert_eq!(query(), "ServiceUnavailable");
    assert_eq!(query(), "ok");
}

#[test]
fn a_fault_with_chance_zero_never_hits_and_can_be_cleared() {
    let emulator = Emulator::reference();
    let fault = json!({ "action": "*", "kind": "status_500", "times": 5, "probability": 0.0 });
    emulator.control("POST", "faults", &fault);
    for _ in 0..10 {
        emulator.call("QueryOTAFirmware", &[("FirmwareId", "verified")]).success();
    }
    assert_eq!(emulator.control("DELETE", "faults", &Value::Null), json!([]));
}

#[test]
fn a_refused_request_uses_up_no_fault() {
    let emulator = Emulator::reference();
    inject(&emulator, "status_500");
    let mut pairs = request("CreateOTADynamicUpgradeJob", &CREATE);
    sign::sign_with("another-secret", "POST", &mut pairs);
    assert_eq!(emulator.send_as_is("POST", &pairs).verdict(), "SignatureDoesNotMatch");
    assert_eq!(create(&emulator).verdict(), "InternalError");
}

#[test]
fn unknown_kinds_and_members_are_refused() {
    let emulator = Emulator::reference();
    for (fault, reason) in [
        (r#"{"action":"*","kind":"explode"}"#, "kind"),
        (r#"{"action":"*","kind":"slow","color":"red"}"#, "color"),
        (r#"{"action":"NoSuchAction","kind":"slow"}"#, "action"),
        (r#"{"action":"*","kind":"slow","times":-1}"#, "times"),
        (r#"{"action":"*","kind":"slow","probability":2}"#, "probability"),
        (r#"{"kind":"slow"}"#, "action"),
        ("", "EOF"),
        ("[]", "invalid"),
    ] {
        let (status, answer) = emulator.control_answer("POST", "faults", fault);
        assert_eq!(status, 400, "{fault}");
        assert!(answer["error"].as_str().unwrap().contains(reason), "{fault}: {answer}");
    }
    assert_eq!(emulator.control("GET", "faults", &Value::Null), json!([]));
}
