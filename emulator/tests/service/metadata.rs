//! The ECS metadata service and the credentials URI.

use alicloud_iot_emulator::Options;
use serde_json::{Value, json};

use crate::support::http::{self, Response};
use crate::support::sign::{self, sign_with};
use crate::support::{Emulator, fixtures, options};

const CREDENTIALS: &str = "/latest/meta-data/ram/security-credentials/";

fn start(metadata_hardened: bool) -> Emulator {
    let options = options(alicloud_iot_emulator::Edition::Reference, &fixtures());
    Emulator::start(Options { metadata_hardened, metadata_role: "ota-role".to_owned(), ..options })
}

fn send(emulator: &Emulator, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
    let host = ("host".to_owned(), "100.100.100.200".to_owned());
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let headers: Vec<_> = std::iter::once(host).chain(headers).collect();
    http::exchange_with(emulator.address, method, path, &headers, &[]).unwrap()
}

fn token(emulator: &Emulator, seconds: &str) -> Response {
    send(emulator, "PUT", "/latest/api/token", &[("X-aliyun-ecs-metadata-token-ttl-seconds", seconds)])
}

fn key(response: &Response) -> Value {
    assert_eq!(response.status, 200, "{}", response.body);
    serde_json::from_str(&response.body).unwrap()
}

/// The verdict of a call that is signed with the key.
fn verdict(emulator: &Emulator, key: &Value) -> String {
    let text = |member: &str| key[member].as_str().unwrap().to_owned();
    let mut pairs = sign::request("ListOTAFirmware", &[("CurrentPage", "1"), ("PageSize", "10")]);
    pairs.insert("AccessKeyId".to_owned(), text("AccessKeyId"));
    pairs.insert("SecurityToken".to_owned(), text("SecurityToken"));
    sign_with(&text("AccessKeySecret"), "POST", &mut pairs);
    emulator.send_as_is("POST", &pairs).verdict()
}

#[test]
fn the_role_and_its_key_are_told_with_and_without_a_token() {
    let emulator = start(false);
    let token = token(&emulator, "21600").body;
    for headers in [vec![], vec![("x-aliyun-ecs-metadata-token", token.as_str())]] {
        assert_eq!(send(&emulator, "GET", CREDENTIALS, &headers).body, "ota-role");
        let key = key(&send(&emulator, "GET", &format!("{CREDENTIALS}ota-role"), &headers));
        assert_eq!(key["Code"], json!("Success"));
        assert_eq!(verdict(&emulator, &key), "ok");
    }
    assert_eq!(send(&emulator, "GET", &format!("{CREDENTIALS}other"), &[]).status, 404);
    assert_eq!(send(&emulator, "GET", "/latest/meta-data/region-id", &[]).status, 404);
}

#[test]
fn the_hardened_mode_wants_a_token_that_is_still_good() {
    let emulator = start(true);
    let path = format!("{CREDENTIALS}ota-role");
    assert_eq!(send(&emulator, "GET", CREDENTIALS, &[]).status, 403);
    assert_eq!(send(&emulator, "GET", &path, &[]).status, 403);
    assert_eq!(send(&emulator, "GET", &path, &[("x-aliyun-ecs-metadata-token", "made-up")]).status, 403);
    let token = token(&emulator, "60").body;
    let headers = [("x-aliyun-ecs-metadata-token", token.as_str())];
    assert_eq!(send(&emulator, "GET", &path, &headers).status, 200);
    emulator.control("POST", "clock", &json!({ "advance_seconds": 60 }));
    assert_eq!(send(&emulator, "GET", &path, &headers).status, 403);
}

#[test]
fn a_token_lasts_one_second_to_six_hours() {
    let emulator = start(true);
    for (seconds, status) in [("1", 200), ("21600", 200), ("0", 400), ("21601", 400), ("x", 400), ("", 400)] {
        assert_eq!(token(&emulator, seconds).status, status, "{seconds}");
    }
    assert_eq!(send(&emulator, "PUT", "/latest/api/token", &[]).status, 400);
    assert_eq!(send(&emulator, "GET", "/latest/api/token", &[]).status, 405);
}

#[test]
fn the_key_stays_until_it_is_about_to_end() {
    let emulator = start(false);
    let path = format!("{CREDENTIALS}ota-role");
    let first = key(&send(&emulator, "GET", &path, &[]));
    emulator.control("POST", "clock", &json!({ "advance_seconds": 5 * 3600 + 44 * 60 }));
    assert_eq!(key(&send(&emulator, "GET", &path, &[])), first);
    emulator.control("POST", "clock", &json!({ "advance_seconds": 120 }));
    let second = key(&send(&emulator, "GET", &path, &[]));
    assert_ne!(second, first);
    assert_eq!((verdict(&emulator, &first), verdict(&emulator, &second)), ("ok".to_owned(), "ok".to_owned()));
    emulator.control("POST", "clock", &json!({ "advance_seconds": 15 * 60 }));
    assert_eq!(verdict(&emulator, &first), "InvalidSecurityToken.Expired");
}

#[test]
fn a_credentials_uri_answers_a_key() {
    let emulator = start(true);
    let key = emulator.control("GET", "credentials", &Value::Null);
    assert_eq!(key["Code"], json!("Success"));
    assert_eq!(verdict(&emulator, &key), "ok");
}
