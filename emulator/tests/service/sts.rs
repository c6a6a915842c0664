//! STS: temporary keys, and that they are good for what they say and as long as they say.

use alicloud_iot_emulator::Edition;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::acs3::{self, Request};
use crate::support::sign::{self, Pairs, sign_with};
use crate::support::{Answer, Emulator, fixtures, http, options};

const ROLE: &str = "acs:ram::1234567890123456:role/ota";
const LIST: [(&str, &str); 2] = [("CurrentPage", "1"), ("PageSize", "10")];

fn parameters<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let own = [("Version", "2015-04-01"), ("RoleArn", ROLE), ("RoleSessionName", "tf")];
    own.into_iter()
        .filter(|(name, _)| more.iter().all(|(other, _)| other != name))
        .chain(more.iter().copied())
        .collect()
}

fn assume(emulator: &Emulator, more: &[(&str, &str)]) -> Answer {
    emulator.call("AssumeRole", &parameters(more))
}

fn refused(emulator: &Emulator, more: &[(&str, &str)]) -> (u16, String) {
    assume(emulator, more).gateway_code()
}

fn credentials(answer: &Answer) -> Value {
    assert_eq!(answer.0.status, 200, "{}", answer.0.body);
    answer.json()["Credentials"].clone()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("{member} in {value}"))
}

/// A call of the IoT side, signed with a temporary key in the older way.
fn list_with(emulator: &Emulator, key: &Value, token: Option<&str>) -> Answer {
    let mut pairs: Pairs = sign::request("ListOTAFirmware", &LIST);
    pairs.insert("AccessKeyId".to_owned(), text(key, "AccessKeyId").to_owned());
    pairs.extend(token.map(|token| ("SecurityToken".to_owned(), token.to_owned())));
    sign_with(text(key, "AccessKeySecret"), "POST", &mut pairs);
    emulator.send_as_is("POST", &pairs)
}

fn list_with_acs3(emulator: &Emulator, key: &Value) -> Answer {
    let secret = text(key, "AccessKeySecret").to_owned();
    let request = Request { secret, ..acs3::request("ListOTAFirmware", &LIST) };
    let request = request.with_header("x-acs-security-token", text(key, "SecurityToken"));
    let id = text(key, "AccessKeyId");
    request.with_header("x-acs-accesskey-id", id).signed_by(id).send(emulator.address)
}

fn token(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(&json!({ "alg": "RS256" })), part(claims))
}

fn good_claims() -> Value {
    json!({ "iss": "https://issuer.test", "sub": "repo:one", "aud": "sts", "exp": 4_102_444_800_i64, "iat": 1_700_000_000 })
}

/// As the official library sends it: some parameters in the query, the rest in a form, nothing signed.
fn assume_with_oidc(emulator: &Emulator, token: &str) -> Answer {
    let query = "Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON&Timestamp=2026-01-02T03%3A04%3A05Z";
    let form: Pairs = [
        ("RoleArn", ROLE),
        ("OIDCProviderArn", "acs:ram::1234567890123456:oidc-provider/ci"),
        ("OIDCToken", token),
        ("RoleSessionName", "tf"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    let form = sign::query(&form);
    let media_type = "application/x-www-form-urlencoded";
    let answer = http::exchange(emulator.address, "POST", &format!("/?{query}"), media_type, form.as_bytes());
    Answer(answer.unwrap())
}

#[test]
fn a_temporary_key_signs_calls_in_both_ways_until_it_ends() {
    let emulator = Emulator::reference();
    let answer = assume(&emulator, &[("DurationSeconds", "900")]);
    let key = credentials(&answer);
    assert!(text(&key, "AccessKeyId").starts_with("STS."));
    assert!(answer.json().get("Success").is_none() && answer.json()["RequestId"].is_string());
    let token = text(&key, "SecurityToken");
    list_with(&emulator, &key, Some(token)).success();
    list_with_acs3(&emulator, &key).success();
    emulator.control("POST", "clock", &json!({ "advance_seconds": 890 }));
    list_with(&emulator, &key, Some(token)).success();
    emulator.control("POST", "clock", &json!({ "advance_seconds": 10 }));
    let over = (400, "InvalidSecurityToken.Expired".to_owned());
    assert_eq!(list_with(&emulator, &key, Some(token)).gateway_code(), over);
    assert_eq!(list_with_acs3(&emulator, &key).gateway_code(), over);
    list_with_acs3(&emulator, &credentials(&assume(&emulator, &[]))).success();
}

#[test]
fn a_temporary_key_is_good_with_its_own_token_only() {
    let emulator = Emulator::reference();
    let (one, two) = (credentials(&assume(&emulator, &[])), credentials(&assume(&emulator, &[])));
    for (token, expected) in [
        (None, "MissingSecurityToken"),
        (Some(text(&two, "SecurityToken")), "InvalidSecurityToken.MismatchWithAccessKey"),
        (Some("nonsense"), "InvalidSecurityToken.MismatchWithAccessKey"),
    ] {
        assert_eq!(list_with(&emulator, &one, token).gateway_code(), (400, expected.to_owned()));
    }
    let other_secret = json!({ "AccessKeyId": one["AccessKeyId"], "AccessKeySecret": two["AccessKeySecret"] });
    let answer = list_with(&emulator, &other_secret, Some(text(&one, "SecurityToken")));
    assert_eq!(answer.gateway_code(), (400, "SignatureDoesNotMatch".to_owned()));
    emulator.control("POST", "reset", &json!({}));
    let answer = list_with(&emulator, &one, Some(text(&one, "SecurityToken")));
    assert_eq!(answer.gateway_code(), (404, "InvalidAccessKeyId.NotFound".to_owned()));
}

#[test]
fn parameters_out_of_their_range_are_refused() {
    let emulator = Emulator::reference();
    let invalid = |member: &str| (400, format!("InvalidParameter.{member}"));
    let long = "x".repeat(65);
    for (name, value, expected) in [
        ("RoleArn", "role", invalid("RoleArn")),
        ("RoleArn", "acs:ram::1:user/ota", invalid("RoleArn")),
        ("RoleArn", "", (400, "MissingRoleArn".to_owned())),
        ("RoleSessionName", "", (400, "MissingRoleSessionName".to_owned())),
        ("RoleSessionName", "x", invalid("RoleSessionName")),
        ("RoleSessionName", &long, invalid("RoleSessionName")),
        ("RoleSessionName", "a b", invalid("RoleSessionName")),
        ("DurationSeconds", "899", invalid("DurationSeconds")),
        ("DurationSeconds", "43201", invalid("DurationSeconds")),
        ("DurationSeconds", "soon", invalid("DurationSeconds")),
        ("ExternalId", "x", invalid("ExternalId")),
        ("Policy", "{", invalid("PolicyGrammar")),
        ("Policy", &"x".repeat(2049), invalid("PolicySize")),
        ("SignatureMethod", "HMAC-SHA256", (400, "InvalidSignatureMethod".to_owned())),
    ] {
        assert_eq!(refused(&emulator, &[(name, value)]), expected, "{name}={value}");
    }
    credentials(&assume(&emulator, &[("DurationSeconds", "43200"), ("Policy", "{}"), ("ExternalId", "12")]));
}

#[test]
fn listed_roles_are_the_only_ones() {
    let mut fixtures = fixtures();
    fixtures["roles"] = json!([
        { "role_arn": ROLE, "max_session_duration": 7200, "external_id": "known" },
        { "role_arn": "acs:ram::1:role/closed", "assumable": false },
    ]);
    let emulator = Emulator::start(options(Edition::Reference, &fixtures));
    let no_permission = (403, "NoPermission".to_owned());
    assert_eq!(refused(&emulator, &[("RoleArn", "acs:ram::1:role/none")]), (404, "EntityNotExist.Role".to_owned()));
    assert_eq!(refused(&emulator, &[("RoleArn", "acs:ram::1:role/closed")]), no_permission);
    assert_eq!(refused(&emulator, &[]), no_permission);
    let known = ("ExternalId", "known");
    let too_long = refused(&emulator, &[known, ("DurationSeconds", "7201")]);
    assert_eq!(too_long, (400, "InvalidParameter.DurationSeconds".to_owned()));
    credentials(&assume(&emulator, &[known, ("DurationSeconds", "7200")]));
}

#[test]
fn an_oidc_token_takes_the_place_of_a_signature() {
    let emulator = Emulator::reference();
    let answer = assume_with_oidc(&emulator, &token(&good_claims()));
    let key = credentials(&answer);
    list_with(&emulator, &key, Some(text(&key, "SecurityToken"))).success();
    let told = &answer.json()["OIDCTokenInfo"];
    assert_eq!((text(told, "Subject"), text(told, "Issuer")), ("repo:one", "https://issuer.test"));
    let logged = emulator.control("GET", "requests", &Value::Null);
    assert_eq!(logged[0]["action"], json!("AssumeRoleWithOIDC"));
    assert!(!logged.to_string().contains("c2lnbmF0dXJl"), "the token is in the log: {logged}");
}

#[test]
fn tokens_that_are_over_or_none_are_refused() {
    let emulator = Emulator::reference();
    let mut over = good_claims();
    over["exp"] = json!(1_700_000_001);
    let mut nobody = good_claims();
    nobody["sub"] = json!(null);
    for (token, status, code) in [
        (token(&over), 403, "AuthenticationFail.OIDCToken.Expired"),
        (token(&nobody), 403, "AuthenticationFail.OIDCToken.Invalid"),
        ("a.b.c".to_owned(), 403, "AuthenticationFail.OIDCToken.Invalid"),
        ("abc".to_owned(), 400, "InvalidParameter.OIDCToken"),
        (String::new(), 400, "MissingOIDCToken"),
    ] {
        assert_eq!(assume_with_oidc(&emulator, &token).gateway_code(), (status, code.to_owned()), "{token}");
    }
}

#[test]
fn everybody_can_ask_who_they_are() {
    let emulator = Emulator::reference();
    let user = emulator.call("GetCallerIdentity", &[("Version", "2015-04-01")]).json();
    assert_eq!(user["IdentityType"], json!("RAMUser"));
    let key = credentials(&assume(&emulator, &[]));
    let id = text(&key, "AccessKeyId");
    let request =
        Request { secret: text(&key, "AccessKeySecret").to_owned(), ..acs3::request("GetCallerIdentity", &[]) };
    let request = request.with_header("x-acs-version", "2015-04-01");
    let request = request.with_header("x-acs-security-token", text(&key, "SecurityToken"));
    let role = request.signed_by(id).send(emulator.address).json();
    assert_eq!(role["IdentityType"], json!("AssumedRoleUser"));
    assert_eq!(role["AccountId"], json!("1234567890123456"));
    assert!(text(&role, "Arn").ends_with(":assumed-role/ota/tf"), "{role}");
    let unsigned = sign::request("GetCallerIdentity", &[("Version", "2015-04-01")]);
    assert_eq!(emulator.send_as_is("POST", &unsigned).gateway_code(), (400, "MissingSignature".to_owned()));
}

#[test]
fn faults_hit_sts_too() {
    let emulator = Emulator::reference();
    emulator.control("POST", "faults", &json!({ "action": "AssumeRole", "kind": "status_500" }));
    assert_eq!(refused(&emulator, &[]), (500, "InternalError".to_owned()));
    credentials(&assume(&emulator, &[]));
}
