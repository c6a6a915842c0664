//! Limits of requests, bytes that are no request, and the end of the server.

use std::io::{Read, Write};

use serde_json::{Value, json};

use crate::support::sign::{self, request, sign};
use crate::support::{Emulator, http};

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn a_body_has_at_most_one_mebibyte() {
    let emulator = Emulator::reference();
    for (path, length, expected) in
        [("/", 1_048_576, 400), ("/", 1_048_577, 413), ("/_emulator/faults", 1_048_577, 413)]
    {
        let body = vec![b'a'; length];
        let response = http::exchange(emulator.address, "POST", path, FORM, &body).unwrap();
        assert_eq!(response.status, expected, "{path} {length}");
    }
}

#[test]
fn other_paths_do_not_exist() {
    let response = http::exchange(Emulator::reference().address, "GET", "/other", "", &[]).unwrap();
    assert_eq!(response.status, 404);
}

#[test]
fn one_connection_carries_many_requests() {
    let emulator = Emulator::reference();
    let mut stream = http::connect(emulator.address);
    for _ in 0..3 {
        let mut pairs = request("QueryOTAFirmware", &[("FirmwareId", "verified")]);
        sign("GET", &mut pairs);
        let head = format!("GET /?{} HTTP/1.1\r\nHost: e\r\n\r\n", sign::query(&pairs));
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let response = loop {
            let mut bytes = [0; 4096];
            let read = stream.read(&mut bytes).unwrap();
            answer.extend_from_slice(&bytes[..read]);
            if let Some(response) = http::parse(&answer) {
                break response;
            }
        };
        assert_eq!(response.status, 200, "{}", response.body);
    }
}

#[test]
fn bytes_that_are_no_request_harm_nobody() {
    let emulator = Emulator::reference();
    for bytes in [
        b"\x16\x03\x01\x02\x00\x01\x00".as_slice(),
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: e\r\nContent-Length: 99\r\n\r\nshort",
        b"POST / HTTP/1.1\r\nHost: e\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"GET /?%FF=%FE&%&=&&=a&Tag.=1 HTTP/1.1\r\nHost: \xff\r\nConnection: close\r\n\r\n",
        b"",
    ] {
        let mut stream = http::connect(emulator.address);
        stream.write_all(bytes).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    }
    emulator.create_job("verified", &[]);
}

#[test]
fn numbered_parameters_that_make_no_sense_are_refused_without_harm() {
    let emulator = Emulator::reference();
    for name in ["SrcVersion.18446744073709551615", "Tag.1", "Tag.1.Key.x", "Tag..Key", "SrcVersion.-1", "Tag.0.Key"] {
        let parameters = [("FirmwareId", "verified"), ("ProductKey", "product"), (name, "1")];
        assert_ne!(emulator.call("CreateOTADynamicUpgradeJob", &parameters).verdict(), "ok", "{name}");
    }
}

#[test]
fn the_end_does_not_wait_for_idle_or_slow_connections() {
    let emulator = Emulator::reference();
    emulator.control("POST", "faults", &json!({ "action": "*", "kind": "slow", "millis": 600_000 }));
    let idle = http::connect(emulator.address);
    let mut slow = http::connect(emulator.address);
    let mut pairs = request("CreateOTADynamicUpgradeJob", &[("FirmwareId", "verified"), ("ProductKey", "product")]);
    sign("GET", &mut pairs);
    slow.write_all(format!("GET /?{} HTTP/1.1\r\nHost: e\r\n\r\n", sign::query(&pairs)).as_bytes()).unwrap();
    while emulator.control("GET", "state", &Value::Null)["jobs"] == json!([]) {
        std::thread::yield_now();
    }
    drop(emulator);
    let mut answer = Vec::new();
    let _ = slow.read_to_end(&mut answer);
    assert_eq!(answer, b"", "the emulator ended without waiting for the answer to be due");
    drop(idle);
}
