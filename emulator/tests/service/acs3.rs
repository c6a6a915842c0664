//! Requests signed with ACS3-HMAC-SHA256: what is accepted, and every refusal.

use serde_json::json;
use time::Duration;

use crate::support::acs3::{Request, request};
use crate::support::{Emulator, sign};

const LIST: [(&str, &str); 3] = [("CurrentPage", "1"), ("PageSize", "10"), ("ProductKey", "上 海+*~!'()/:")];

fn list() -> Request {
    request("ListOTAFirmware", &LIST)
}

fn send(request: &Request) -> (u16, String) {
    request.send(Emulator::reference().address).gateway_code()
}

fn code(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn a_signed_request_is_answered_in_json_by_get_and_post() {
    let emulator = Emulator::reference();
    for method in ["GET", "POST"] {
        let answer = Request { method, ..list() }.signed().send(emulator.address);
        answer.success();
        assert_eq!(answer.0.header("content-type"), Some("application/json;charset=utf-8"));
    }
    let logged = emulator.control("GET", "requests", &json!(null));
    assert_eq!(logged[0]["action"], json!("ListOTAFirmware"));
    assert_eq!(logged[0]["parameters"]["PageSize"], json!("10"));
    assert!(!logged.to_string().contains("emulator-key-id"), "{logged}");
}

#[test]
fn xml_is_there_for_those_who_ask() {
    let parameters = [LIST.as_slice(), &[("Format", "XML")]].concat();
    let answer = request("ListOTAFirmware", &parameters).signed().send(Emulator::reference().address).0;
    assert!(answer.body.contains("<Success>true</Success>"), "{}", answer.body);
}

#[test]
fn a_form_body_is_covered_by_its_hash_alone() {
    let emulator = Emulator::reference();
    let request = request("ListOTAFirmware", &LIST[..1]).with_form("PageSize=10&ProductKey=a+b").signed();
    request.send(emulator.address).success();
    let changed = Request { body: b"PageSize=11&ProductKey=a+b".to_vec(), ..request };
    assert_eq!(send(&changed), code(400, "SignatureDoesNotMatch"));
}

#[test]
fn the_minimum_of_signed_headers_is_enough() {
    let names: Vec<String> = list().headers.into_keys().filter(|n| n == "host" || n.starts_with("x-acs-")).collect();
    list().signed_over("emulator-key-id", &names).send(Emulator::reference().address).success();
    for left_out in &names {
        let fewer: Vec<_> = names.iter().filter(|name| *name != left_out).cloned().collect();
        let refused = send(&list().signed_over("emulator-key-id", &fewer));
        assert_eq!(refused, code(400, "IncompleteSignature"), "{left_out}");
    }
    let more = [names.as_slice(), &["x-acs-zzz".to_owned()]].concat();
    assert_eq!(send(&list().signed_over("emulator-key-id", &more)), code(400, "IncompleteSignature"));
    // A long header that is named many times would be signed as gigabytes.
    for again in ["host", "Host"] {
        let twice = [names.as_slice(), &[again.to_owned()]].concat();
        assert_eq!(send(&list().signed_over("emulator-key-id", &twice)), code(400, "IncompleteSignature"));
    }
}

#[test]
fn every_signed_part_matters() {
    let signed = list().signed();
    let mut other_query = signed.clone();
    other_query.pairs.insert("PageSize".to_owned(), "11".to_owned());
    for changed in [
        Request { method: "GET", ..signed.clone() },
        Request { body: b"x".to_vec(), ..signed.clone() },
        other_query,
        signed.clone().with_header("host", "other.test"),
        signed.clone().with_header("x-acs-action", "QueryOTAFirmware"),
        signed.clone().with_header("user-agent", "other"),
        signed.with_header("x-acs-signature-nonce", "other"),
        Request { secret: "other".to_owned(), ..list() }.signed(),
        // The key of RPC 1.0.
        Request { secret: "emulator-key-secret&".to_owned(), ..list() }.signed(),
    ] {
        assert_eq!(send(&changed), code(400, "SignatureDoesNotMatch"));
    }
}

#[test]
fn a_refusal_tells_what_the_service_would_have_signed() {
    let request = Request { secret: "other".to_owned(), ..list() }.signed();
    let answer = request.send(Emulator::reference().address).json();
    let message = answer["Message"].as_str().unwrap();
    for part in ["server StringToSign is [ACS3-HMAC-SHA256\n", "server CanonicalRequest is [POST\n/\nCurrentPage=1&"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn wrong_and_absent_headers_are_refused_with_their_codes() {
    let old = sign::timestamp(Duration::minutes(-16));
    let ahead = sign::timestamp(Duration::minutes(16));
    for (request, status, expected) in [
        (list().with_header("x-acs-date", &old), 400, "InvalidTimeStamp.Expired"),
        (list().with_header("x-acs-date", &ahead), 400, "InvalidTimeStamp.Expired"),
        (list().with_header("x-acs-date", "2026-01-02T03:04:05.000Z"), 400, "InvalidTimeStamp.Format"),
        (list().without_header("x-acs-date"), 400, "MissingTimestamp"),
        (list().without_header("x-acs-signature-nonce"), 400, "MissingSignatureNonce"),
        (list().without_header("x-acs-content-sha256"), 400, "IncompleteSignature"),
        (list().without_header("x-acs-action"), 400, "MissingAction"),
        (list().without_header("x-acs-version"), 400, "MissingVersion"),
        (list().with_header("x-acs-action", "NoSuchAction"), 404, "InvalidApi.NotFound"),
        (list().with_header("x-acs-version", "2022-01-01"), 404, "InvalidApi.NotFound"),
        (list().with_header("x-acs-security-token", "token"), 400, "InvalidSecurityToken.MismatchWithAccessKey"),
        (list().with_header("x-acs-accesskey-id", "somebody-else"), 400, "IncompleteSignature"),
    ] {
        let headers = format!("{:?}", request.headers);
        assert_eq!(send(&request.signed()), code(status, expected), "{headers}");
    }
    assert_eq!(send(&list().signed_by("somebody-else")), code(404, "InvalidAccessKeyId.NotFound"));
}

#[test]
fn an_authorization_that_is_none_is_incomplete() {
    let good = list().signed().headers["authorization"].clone();
    let other = |from: &str, to: &str| list().with_header("authorization", &good.replace(from, to));
    for (request, expected) in [
        (list(), "IncompleteSignature"),
        (other("Credential=", "Key="), "IncompleteSignature"),
        (other("SignedHeaders=", "Headers="), "IncompleteSignature"),
        (other("Signature=", "Signature=x"), "IncompleteSignature"),
        (list().with_header("authorization", "ACS3-HMAC-SHA256"), "IncompleteSignature"),
        (other("HMAC-SHA256", "RSA-SHA256"), "InvalidSignatureMethod"),
        (other("HMAC-SHA256", "HMAC-SM3"), "InvalidSignatureMethod"),
    ] {
        assert_eq!(send(&request), code(400, expected), "{:?}", request.headers.get("authorization"));
    }
}

#[test]
fn spaces_and_order_in_the_authorization_do_not_matter() {
    let request = list().signed();
    let text = request.headers["authorization"].strip_prefix("ACS3-HMAC-SHA256 ").unwrap().to_owned();
    let parts: Vec<&str> = text.split(',').rev().collect();
    let reordered = format!("ACS3-HMAC-SHA256 {}", parts.join(", "));
    request.with_header("authorization", &reordered).send(Emulator::reference().address).success();
}

#[test]
fn a_nonce_works_once_for_both_kinds_of_signature() {
    let emulator = Emulator::reference();
    let request = list().signed();
    request.send(emulator.address).success();
    assert_eq!(request.send(emulator.address).gateway_code(), code(400, "SignatureNonceUsed"));
    let nonce = request.headers["x-acs-signature-nonce"].as_str();
    let older = sign::request("ListOTAFirmware", &[LIST[0], LIST[1], ("SignatureNonce", nonce)]);
    assert_eq!(emulator.send("POST", older).gateway_code(), code(400, "SignatureNonceUsed"));
}
