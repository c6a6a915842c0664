//! The control endpoints beside faults.

use alicloud_iot_emulator::Edition;
use serde_json::{Value, json};

use crate::support::{Emulator, firmware_fixture, http, options, sign, with_devices};

#[test]
fn pages_of_other_sites_cannot_call_the_services() {
    let emulator = Emulator::reference();
    let address = emulator.address.to_string();
    for (method, name, value, status) in [
        ("GET", "sec-fetch-site", "cross-site", 403),
        ("GET", "sec-fetch-site", "same-site", 403),
        ("POST", "origin", "http://other.example", 403),
        ("POST", "origin", &format!("http://{address}"), 200),
        ("GET", "sec-fetch-site", "none", 200),
        ("GET", "sec-fetch-site", "same-origin", 200),
    ] {
        // The key is known to everyone, and a browser sends such a request without asking.
        let mut pairs = sign::request("QueryOTAFirmware", &[("FirmwareId", "verified")]);
        sign::sign(method, &mut pairs);
        let headers = [("host".to_owned(), address.clone()), (name.to_owned(), value.to_owned())];
        let target = format!("/?{}", sign::query(&pairs));
        let response = http::exchange_with(emulator.address, method, &target, &headers, b"").unwrap();
        assert_eq!(response.status, status, "{name}: {value}");
    }
}

#[test]
fn the_state_shows_the_fixtures_and_what_has_come_since() {
    let fixtures = json!({
        "products": [{ "product_key": "product" }],
        "firmwares": [{ "firmware_id": "f", "product_key": "product", "firmware_name": "n", "dest_version": "2.0" }],
        "devices": [{ "product_key": "product", "device_name": "d", "version": "1.0", "online": false }],
        "fleets": [{ "product_key": "product", "count": 1000, "version": "1.0", "offline": 0.1, "failing": 0.05 }],
    });
    let emulator = Emulator::start(options(Edition::Reference, &fixtures));
    let job_id = emulator.create_job("f", &[("SrcVersion.1", "1.0"), ("IotInstanceId", "iot-1")]);
    emulator.advance(1.0);
    let mut state = emulator.control("GET", "state", &Value::Null);
    let job = state["jobs"][0].take();
    for list in ["products", "devices", "fleets"] {
        assert_eq!(state[list], fixtures[list]);
    }
    let firmware = json!({ "firmware_id": "f", "product_key": "product", "firmware_name": "n", "dest_version": "2.0",
        "type": 0, "src_version": null, "module_name": "default", "status": 1 });
    assert_eq!(state["firmwares"], json!([firmware]));
    let expected = json!({
        "job_id": job_id, "firmware_id": "f", "product_key": "product", "job_status": "IN_PROGRESS",
        "selection_type": "DYNAMIC", "utc_create": job["utc_create"], "task_counts": { "QUEUED": 984, "NOTIFIED": 17 },
        "parameters": { "FirmwareId": "f", "ProductKey": "product", "SrcVersion.1": "1.0", "IotInstanceId": "iot-1" },
    });
    assert_eq!(job, expected);
}

#[test]
fn the_state_counts_versions_and_lists_no_more_devices_than_asked_for() {
    let device = |name: &str| json!({ "product_key": "p", "device_name": name, "version": "1.0" });
    let fleet = |version: &str, count: u64| json!({ "product_key": "p", "count": count, "version": version });
    let fixtures = json!({ "devices": [device("a"), device("b")], "fleets": [fleet("1.0", 100_000), fleet("2.0", 7)] });
    let emulator = Emulator::start(options(Edition::Reference, &fixtures));
    let state = emulator.control("GET", "state?devices=1", &Value::Null);
    let shown = json!({ "product_key": "p", "device_name": "a", "version": "1.0", "online": true });
    assert_eq!(state["devices"], json!([shown]));
    let expected = [("1.0", 100_002), ("2.0", 7)];
    let expected = expected.map(|(version, count)| json!({ "product_key": "p", "version": version, "devices": count }));
    assert_eq!(state["versions"], json!(expected));
    assert!(state.to_string().len() < 1_000);
    for query in ["state?devices=many", "state?device=1", "history", "history?job_id=none"] {
        let (status, answer) = emulator.control_answer("GET", query, "");
        assert!(matches!(status, 400 | 404) && answer["error"].is_string(), "{query}: {answer}");
    }
}

#[test]
fn the_history_of_a_job_leads_from_its_start_to_now() {
    let fleet = json!([{ "count": 100 }]);
    let emulator = with_devices(Edition::Reference, "fleets", fleet);
    let job_id = emulator.create_job("one", &[]);
    emulator.advance(86_400.0);
    let history = emulator.control("GET", &format!("history?job_id={job_id}"), &Value::Null);
    let points = history["points"].as_array().unwrap();
    assert!((3..=250).contains(&points.len()), "{}", points.len());
    assert!(points.is_sorted_by_key(|point| point["time"].as_str().unwrap().to_owned()));
    assert_eq!(points[0]["task_counts"], json!({}));
    assert_eq!(points.last().unwrap()["task_counts"], json!({ "SUCCEEDED": 100 }));
    for point in &points[1..] {
        let counts = point["task_counts"].as_object().unwrap().values();
        assert_eq!(counts.map(|count| count.as_u64().unwrap()).sum::<u64>(), 100, "{point}");
    }
}

#[test]
fn requests_are_logged_without_secrets_oldest_first() {
    let emulator = Emulator::reference();
    emulator.call("QueryOTAFirmware", &[("FirmwareId", "verified")]).success();
    emulator.call("QueryOTAFirmware", &[("FirmwareId", "none")]);
    emulator.call("NoSuchAction", &[("SecurityToken", "a-token")]);
    let log = emulator.control("GET", "requests", &Value::Null);
    let outcome = |index: usize| {
        let entry = &log[index];
        json!([entry["action"], entry["http_status"], entry["success"], entry["code"]])
    };
    assert_eq!(outcome(0), json!(["QueryOTAFirmware", 200, true, null]));
    assert_eq!(outcome(1), json!(["QueryOTAFirmware", 200, false, "iot.ota.FirmwareNotFound"]));
    assert_eq!(outcome(2), json!(["NoSuchAction", 404, false, "InvalidApi.NotFound"]));
    assert_eq!(log[0]["parameters"]["FirmwareId"], "verified");
    for secret in ["\"Signature\"", "AccessKeyId", "emulator-key", "SecurityToken", "a-token"] {
        assert!(!log.to_string().contains(secret), "{secret}");
    }
}

#[test]
fn the_clock_can_be_put_forward_only() {
    let emulator = Emulator::reference();
    let now = |seconds: f64| emulator.control("POST", "clock", &json!({ "advance_seconds": seconds }))["now"].clone();
    let before = now(0.0);
    let after = now(3600.0);
    let hour = |time: &Value| time.as_str().unwrap()[11..13].parse::<u32>().unwrap();
    assert_eq!((hour(&before) + 1) % 24, hour(&after));
    for body in [r#"{"advance_seconds":-1}"#, r#"{"advance_seconds":1e300}"#, r#"{"advance":1}"#, "{}", "now"] {
        let (status, answer) = emulator.control_answer("POST", "clock", body);
        assert_eq!(status, 400, "{body}");
        assert!(answer["error"].is_string(), "{answer}");
    }
    assert_eq!(now(0.0), after);
}

#[test]
fn simulated_time_runs_with_its_scale() {
    let mut options = options(Edition::Reference, &json!({ "firmwares": [firmware_fixture("f", 0)] }));
    options.time_scale = 1_000_000.0;
    let emulator = Emulator::start(options);
    let verify = [("FirmwareId", "f"), ("ProductKey", "product"), ("TargetDeviceName.1", "d")];
    emulator.call("CreateOTAVerifyJob", &verify).success();
    let status =
        || emulator.call("QueryOTAFirmware", &[("FirmwareId", "f")]).success()["FirmwareInfo"]["Status"].clone();
    while status() != json!(1) {
        std::thread::yield_now();
    }
}

#[test]
fn a_reset_goes_back_to_the_fixtures() {
    let emulator = Emulator::reference();
    let before = emulator.control("GET", "state", &Value::Null);
    emulator.create_job("verified", &[]);
    let verify = [("FirmwareId", "unverified"), ("ProductKey", "product"), ("TargetDeviceName.1", "d")];
    emulator.call("CreateOTAVerifyJob", &verify).success();
    emulator.control("POST", "faults", &json!({ "action": "*", "kind": "slow" }));
    emulator.control("POST", "reset", &Value::Null);
    assert_eq!(emulator.control("GET", "state", &Value::Null), before);
    assert_eq!(emulator.control("GET", "faults", &Value::Null), json!([]));
    assert_eq!(emulator.control("GET", "requests", &Value::Null), json!([]));
    emulator.create_job("verified", &[]);
}

#[test]
fn a_seed_repeats_a_run() {
    let run = || {
        let emulator = Emulator::reference();
        (emulator.create_job("verified", &[]), emulator.create_job("difference", &[]))
    };
    assert_eq!(run(), run());
}

#[test]
fn unknown_endpoints_and_methods_are_refused_in_json() {
    let emulator = Emulator::reference();
    for (method, name, status) in [
        ("GET", "nothing", 404),
        ("POST", "state", 405),
        ("GET", "reset", 405),
        ("GET", "clock", 405),
        ("PUT", "faults", 405),
        ("DELETE", "requests", 405),
    ] {
        let (found, answer) = emulator.control_answer(method, name, "");
        assert_eq!(found, status, "{method} {name}");
        assert!(answer["error"].is_string());
    }
}
