//! What is checked in front of every operation. Refusals first: an emulator that accepts everything proves nothing.

use alicloud_iot_emulator::{AccessKeySecret, Options};
use serde_json::json;
use time::Duration;

use crate::support::sign::{self, Pairs, request, sign, sign_with, string_to_sign};
use crate::support::{Emulator, http, xml};

const LIST: [(&str, &str); 2] = [("CurrentPage", "1"), ("PageSize", "10")];

fn list() -> Pairs {
    request("ListOTAFirmware", &LIST)
}

/// The code under which a request is refused that differs from a good one by this change, made before it is signed.
fn refused(change: impl Fn(&mut Pairs)) -> (u16, String) {
    let mut pairs = list();
    change(&mut pairs);
    Emulator::reference().send("POST", pairs).gateway_code()
}

fn set(name: &'static str, value: &'static str) -> impl Fn(&mut Pairs) {
    move |pairs| {
        pairs.insert(name.to_owned(), value.to_owned());
    }
}

fn code(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn a_signed_request_is_accepted_by_get_and_post() {
    let emulator = Emulator::reference();
    for method in ["GET", "POST"] {
        emulator.send(method, list()).success();
    }
}

#[test]
fn the_signature_type_may_be_absent_or_empty_and_nothing_else() {
    let emulator = Emulator::reference();
    let mut pairs = list();
    pairs.insert("SignatureType".to_owned(), String::new());
    emulator.send("POST", pairs).success();
    assert_eq!(refused(set("SignatureType", "BEARERTOKEN")), code(400, "InvalidSignatureType"));
}

#[test]
fn parameters_may_be_in_the_query_or_in_a_form_body_or_in_both() {
    let emulator = Emulator::reference();
    for (in_query, in_body, media_type) in [
        (false, true, "application/x-www-form-urlencoded"),
        (true, true, "Application/X-WWW-Form-URLEncoded; charset=utf-8"),
        (true, false, "application/json"),
    ] {
        let mut pairs = list();
        pairs.insert("ProductKey".to_owned(), "上 海+*~".to_owned());
        sign("POST", &mut pairs);
        let form = sign::query(&pairs);
        let target = if in_query { format!("/?{form}") } else { "/".to_owned() };
        let body = if in_body { form.as_bytes() } else { b"{}" };
        let response = http::exchange(emulator.address, "POST", &target, media_type, body).unwrap();
        assert_eq!(response.status, 200, "{media_type}: {}", response.body);
    }
}

#[test]
fn query_and_form_body_are_signed_together() {
    let emulator = Emulator::reference();
    let mut pairs = list();
    sign("POST", &mut pairs);
    let (body, query): (Pairs, Pairs) = pairs.into_iter().partition(|(name, _)| LIST.iter().any(|(n, _)| n == name));
    let target = format!("/?{}", sign::query(&query));
    let form = sign::query(&body);
    let media_type = "application/x-www-form-urlencoded";
    let response = http::exchange(emulator.address, "POST", &target, media_type, form.as_bytes()).unwrap();
    assert_eq!(response.status, 200, "{}", response.body);
}

#[test]
fn every_common_parameter_but_the_region_is_mandatory() {
    let without = |name: &'static str| {
        refused(move |pairs: &mut Pairs| {
            pairs.remove(name);
        })
    };
    for name in
        ["Action", "Version", "AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp"]
    {
        assert_eq!(without(name), (400, format!("Missing{name}")));
    }
    let mut unsigned = list();
    assert_eq!(Emulator::reference().send_as_is("POST", &unsigned).gateway_code(), code(400, "MissingSignature"));
    unsigned.remove("RegionId");
    Emulator::reference().send("POST", unsigned).success();
}

#[test]
fn wrong_common_parameters_are_refused_with_their_codes() {
    for (name, value, status, expected) in [
        ("Action", "NoSuchAction", 404, "InvalidApi.NotFound"),
        ("Action", "listotafirmware", 404, "InvalidApi.NotFound"),
        ("Version", "2022-01-01", 404, "InvalidApi.NotFound"),
        ("AccessKeyId", "somebody-else", 404, "InvalidAccessKeyId.NotFound"),
        ("SecurityToken", "token", 400, "InvalidSecurityToken.MismatchWithAccessKey"),
        ("SignatureMethod", "HMAC-SHA256", 400, "InvalidSignatureMethod"),
        ("SignatureVersion", "2.0", 400, "InvalidSignatureVersion"),
        ("Timestamp", "2026-01-02T03:04:05.000Z", 400, "InvalidTimeStamp.Format"),
        ("Timestamp", "2019-01-02T03:04:05Z", 400, "InvalidTimeStamp.Expired"),
    ] {
        assert_eq!(refused(set(name, value)), code(status, expected), "{name}={value}");
    }
}

#[test]
fn a_timestamp_almost_fifteen_minutes_off_is_accepted_on_both_sides() {
    let emulator = Emulator::reference();
    for (moved, expected) in
        [(14, "ok"), (-14, "ok"), (16, "InvalidTimeStamp.Expired"), (-16, "InvalidTimeStamp.Expired")]
    {
        let timestamp = sign::timestamp(Duration::minutes(moved));
        let pairs = request("ListOTAFirmware", &[LIST[0], LIST[1], ("Timestamp", &timestamp)]);
        assert_eq!(emulator.send("POST", pairs).verdict(), expected, "{moved} minutes");
    }
}

#[test]
fn moving_the_simulated_clock_makes_no_request_stale() {
    let emulator = Emulator::reference();
    emulator.control("POST", "clock", &json!({ "advance_seconds": 86_400 }));
    emulator.send("POST", list()).success();
}

#[test]
fn another_secret_is_refused_with_the_string_to_sign() {
    let emulator = Emulator::reference();
    let mut pairs = list();
    let expected = string_to_sign("POST", &pairs);
    sign_with("another-secret", "POST", &mut pairs);
    let answer = emulator.send_as_is("POST", &pairs);
    assert_eq!(answer.gateway_code(), code(400, "SignatureDoesNotMatch"));
    let message = answer.json()["Message"].as_str().unwrap().to_owned();
    assert_eq!(message.split_once(':').unwrap().1, expected);
}

#[test]
fn the_method_and_every_parameter_are_signed() {
    let emulator = Emulator::reference();
    let mut pairs = list();
    sign("GET", &mut pairs);
    assert_eq!(emulator.send_as_is("POST", &pairs).gateway_code(), code(400, "SignatureDoesNotMatch"));
    let mut pairs = list();
    sign("POST", &mut pairs);
    pairs.insert("Added".to_owned(), "later".to_owned());
    assert_eq!(emulator.send_as_is("POST", &pairs).gateway_code(), code(400, "SignatureDoesNotMatch"));
}

#[test]
fn a_signature_that_is_none_is_incomplete() {
    for signature in ["x", "AAAA", "%%%"] {
        let mut pairs = list();
        pairs.insert("Signature".to_owned(), signature.to_owned());
        let answer = Emulator::reference().send_as_is("POST", &pairs);
        assert_eq!(answer.gateway_code(), code(400, "IncompleteSignature"));
    }
}

#[test]
fn a_nonce_works_once_even_across_a_reset() {
    let emulator = Emulator::reference();
    let mut pairs = list();
    sign("POST", &mut pairs);
    emulator.send_as_is("POST", &pairs).success();
    assert_eq!(emulator.send_as_is("POST", &pairs).gateway_code(), code(400, "SignatureNonceUsed"));
    emulator.control("POST", "reset", &json!({}));
    assert_eq!(emulator.send_as_is("POST", &pairs).gateway_code(), code(400, "SignatureNonceUsed"));
}

#[test]
fn an_unsigned_request_spends_no_nonce() {
    let emulator = Emulator::reference();
    let mut pairs = list();
    sign_with("another-secret", "POST", &mut pairs);
    emulator.send_as_is("POST", &pairs).gateway_code();
    sign("POST", &mut pairs);
    emulator.send_as_is("POST", &pairs).success();
}

#[test]
fn a_parameter_sent_twice_with_different_values_is_refused() {
    let emulator = Emulator::reference();
    let mut pairs = list();
    sign("POST", &mut pairs);
    let target = format!("/?{}&PageSize=11", sign::query(&pairs));
    let response = http::exchange(emulator.address, "POST", &target, "", &[]).unwrap();
    assert!(response.body.contains("<Code>InvalidParameter</Code>"), "{}", response.body);
}

#[test]
fn other_methods_are_refused() {
    let emulator = Emulator::reference();
    for method in ["PUT", "DELETE", "PATCH"] {
        assert_eq!(emulator.send(method, list()).gateway_code(), code(400, "UnsupportedHTTPMethod"));
    }
}

#[test]
fn the_format_is_xml_unless_json_is_asked_for_in_any_letter_case() {
    let emulator = Emulator::reference();
    for (format, media_type) in [
        (None, "text/xml;charset=utf-8"),
        (Some("XML"), "text/xml;charset=utf-8"),
        (Some("JSON"), "application/json;charset=utf-8"),
        (Some("json"), "application/json;charset=utf-8"),
    ] {
        let mut pairs = list();
        pairs.remove("Format");
        pairs.extend(format.map(|format| ("Format".to_owned(), format.to_owned())));
        let answer = emulator.send("POST", pairs).0;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(media_type)), "{format:?}");
    }
    let answer = emulator.send("POST", request("ListOTAFirmware", &[("Format", "YAML")])).0;
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("<Code>InvalidParameter.Format</Code>"), "{}", answer.body);
}

#[test]
fn a_gateway_error_has_the_same_members_in_both_formats() {
    let emulator = Emulator::reference();
    let json = emulator.call("NoSuch<&>Action", &[]);
    let xml = emulator.call("NoSuch<&>Action", &[("Format", "XML")]);
    let (root, mut xml) = xml::leaves_of_xml(&xml.0.body);
    let mut json = xml::leaves_of_json(&json.json());
    assert_eq!(root, "Error");
    for leaves in [&mut xml, &mut json] {
        leaves.retain(|(path, _)| path != "RequestId");
    }
    assert_eq!(xml, json);
    assert!(xml.contains(&("HostId".to_owned(), emulator.address.to_string())));
}

#[test]
fn answers_carry_a_date_and_their_request_id() {
    let emulator = Emulator::reference();
    // By the simulated clock, like the times in answers.
    let now = emulator.control("POST", "clock", &json!({ "advance_seconds": 400 * 86_400 }))["now"].clone();
    let answer = emulator.send("POST", list());
    let request_id = answer.success()["RequestId"].as_str().unwrap().to_owned();
    assert_eq!(answer.0.header("x-acs-request-id"), Some(request_id.as_str()));
    let (date, now) = (answer.0.header("date").unwrap(), now.as_str().unwrap());
    assert!(date.contains(&now[..4]) && date.ends_with(&format!(" {} GMT", &now[11..19])), "{date} {now}");
    assert_eq!(request_id, request_id.to_uppercase());
    assert_eq!(request_id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
}

#[test]
fn another_access_key_can_be_set() {
    let emulator = Emulator::start(Options {
        access_key_id: "mine".to_owned(),
        access_key_secret: AccessKeySecret::new("my-secret".to_owned()),
        ..Options::default()
    });
    let mut pairs = list();
    pairs.insert("AccessKeyId".to_owned(), "mine".to_owned());
    sign_with("my-secret", "POST", &mut pairs);
    emulator.send_as_is("POST", &pairs).success();
}

#[test]
fn a_temporary_key_is_good_with_its_token_only() {
    let emulator = Emulator::start(Options {
        security_token: Some(AccessKeySecret::new("a/token+=".to_owned())),
        ..Options::default()
    });
    emulator.send("POST", request("ListOTAFirmware", &[LIST[0], LIST[1], ("SecurityToken", "a/token+=")])).success();
    for (token, expected) in [("", "MissingSecurityToken"), ("a/token", "InvalidSecurityToken.MismatchWithAccessKey")] {
        let pairs = request("ListOTAFirmware", &[LIST[0], LIST[1], ("SecurityToken", token)]);
        assert_eq!(emulator.send("POST", pairs).gateway_code(), code(400, expected), "{token:?}");
    }
}

#[test]
fn calls_beyond_the_quota_are_throttled_with_a_time_to_wait() {
    // One call in 1000 seconds: the second one comes too fast however slow the test runs.
    let emulator = Emulator::start(Options { qps_scale: 0.0001, ..Options::default() });
    emulator.call("ListOTAFirmware", &LIST).success();
    let answer = emulator.call("ListOTAFirmware", &LIST);
    assert_eq!(answer.gateway_code(), code(400, "Throttling.User"));
    let wait: u64 = answer.0.header("x-acs-retry-after").unwrap().parse().unwrap();
    assert!((1..=1_000_000).contains(&wait), "{wait}");
    let other = emulator.call("QueryOTAFirmware", &[("FirmwareId", "none")]);
    assert_eq!(other.service_code(), "iot.ota.FirmwareNotFound");
}
