//! Secrets stay out of everything that can be printed.

use std::fmt::Debug;

use super::fake_server::{FakeServer, Reply};
use super::{ACCESS_KEY_ID, SECRET, TOKEN, client, credentials, options};
use crate::iot::operations::QueryOtaJob;
use crate::iot::{Parameters, encode};

/// Every spelling of every secret.
fn forbidden() -> Vec<String> {
    let mut spellings = Vec::new();
    for secret in [ACCESS_KEY_ID, SECRET, TOKEN] {
        let once = encode::percent_encode(secret);
        spellings.push(encode::percent_encode(&once));
        spellings.push(once);
        spellings.push(secret.to_owned());
    }
    spellings
}

fn assert_clean(what: &str, shown: &str) {
    for secret in forbidden() {
        assert!(!shown.contains(&secret), "{what} shows {secret}: {shown}");
    }
}

fn assert_debug_clean(what: &str, value: &impl Debug) {
    assert_clean(what, &format!("{value:?}"));
    assert_clean(what, &format!("{value:#?}"));
}

#[test]
fn debug_forms_hold_no_secret() {
    assert_debug_clean("credentials", &credentials());
    assert_debug_clean("options", &options("https://iot.cn-shanghai.aliyuncs.com"));
    assert_debug_clean("client", &client("https://iot.cn-shanghai.aliyuncs.com"));
    let mut parameters = Parameters::default();
    parameters.text("SecurityToken", TOKEN);
    assert_debug_clean("parameters", &parameters);
}

#[test]
fn a_debug_form_shows_which_key_it_is() {
    assert!(format!("{:?}", credentials()).contains("LTAI***01"));
}

/// A service that repeats all it knows, in every member.
#[tokio::test]
async fn errors_hold_no_secret_even_if_the_service_repeats_them() {
    let everything = forbidden().join(" ");
    for code in ["InvalidAccessKeyId.NotFound", "InvalidSecurityToken.Malformed", "SignatureDoesNotMatch", &everything]
    {
        let body = serde_json::json!({"Code": code, "Message": everything, "RequestId": everything});
        let server = FakeServer::start([Reply::json(404, &body.to_string())]).await;
        let error = client(&server.endpoint).send(&QueryOtaJob::default()).await.unwrap_err();
        assert_debug_clean(code, &error);
        assert_clean(code, &error.to_string());
        assert_clean(code, error.message());
    }
}

#[tokio::test]
async fn a_service_that_names_the_key_keeps_its_words() {
    let body = format!(r#"{{"Code":"InvalidAccessKeyId.NotFound","Message":"Key {ACCESS_KEY_ID} is not found."}}"#);
    let server = FakeServer::start([Reply::json(404, &body)]).await;
    let error = client(&server.endpoint).send(&QueryOtaJob::default()).await.unwrap_err();
    assert_eq!(error.message(), "Key LTAI***01 is not found.");
}

#[tokio::test]
async fn transport_errors_and_request_ids_hold_no_secret() {
    let body = format!(r#"{{"Success":true,"RequestId":"{TOKEN}","Data":{{"JobId":"job"}}}}"#);
    let server = FakeServer::start([Reply::json(200, &body), Reply::Reset, Reply::Bytes(Vec::new())]).await;
    let client = client(&server.endpoint);
    assert_clean("request id", &client.send(&QueryOtaJob::default()).await.unwrap().request_id);
    for _ in 0..2 {
        let error = client.send(&QueryOtaJob::default()).await.unwrap_err();
        assert_debug_clean("transport error", &error);
        assert_clean("transport error", &error.to_string());
    }
}
