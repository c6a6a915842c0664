//! Secrets stay out of everything that can be printed.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::panic::AssertUnwindSafe;
use std::path::Path;

use super::fake_server::{FakeServer, Reply};
use super::{ACCESS_KEY_ID, SECRET, TOKEN, client, credentials, options};
use crate::iot::credentials::{
    Chain, CredentialsUri, Environment, ExternalProgram, Kitchen, OidcRole, OidcToken, Place, Profile, Recipe, Role,
};
use crate::iot::operations::{GenerateDeviceNameListUrl, QueryOtaJob};
use crate::iot::{Parameters, Timeouts, encode, parse_answer, read_answer};

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

/// Neither form shows a secret, nor what a panic says that quotes the value.
fn assert_debug_clean(what: &str, value: &impl Debug) {
    assert_clean(what, &format!("{value:?}"));
    assert_clean(what, &format!("{value:#?}"));
    let failed = Err::<(), _>;
    let panic = std::panic::catch_unwind(AssertUnwindSafe(|| failed(value).unwrap())).unwrap_err();
    let said = panic.downcast_ref::<String>().unwrap();
    assert!(said.contains(&format!("{value:?}")), "it quotes the value: {said}");
    assert_clean(what, said);
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

/// Everything public under `credentials` that can hold a secret.
#[test]
fn debug_forms_of_sources_hold_no_secret() {
    let role = || {
        let role = Role::new("acs:ram::100000000000:role/ota", "rollout").unwrap();
        let policy = serde_json::json!({"Statement": SECRET}).to_string();
        role.with_external_id(SECRET).unwrap().narrowed_by(policy).unwrap()
    };
    let provider = "acs:ram::100000000000:oidc-provider/idp";
    let oidc = OidcRole::new(role(), provider, OidcToken::Text(TOKEN.into())).unwrap();
    let uri = format!("http://localhost/{}?token={}", encode::percent_encode(SECRET), encode::percent_encode(TOKEN));
    let keys = Recipe::Keys(credentials());
    let kitchen = Kitchen {
        region: "cn-shanghai".to_owned(),
        sts: None,
        sts_region: None,
        metadata: None,
        account_id: Some("100000000000".to_owned()),
        environment: Environment::default(),
        user_agent: String::new(),
        timeouts: Timeouts::default(),
    };
    assert_debug_clean("kitchen", &kitchen);
    assert_debug_clean("role", &role());
    assert_debug_clean("token", &OidcToken::Text(TOKEN.into()));
    let mut chain = Chain::default();
    for (place, recipe) in [
        (Place::Given, keys.clone()),
        (Place::Profile, Recipe::AssumeRole { with: Box::new(keys), role: role() }),
        (Place::Oidc, Recipe::Oidc(oidc)),
        (Place::Uri, Recipe::Uri(CredentialsUri::parse(&uri).unwrap())),
        (Place::Environment, Recipe::Program(ExternalProgram::parse(&format!("get {SECRET} {TOKEN}")).unwrap())),
    ] {
        assert_debug_clean("recipe", &recipe);
        let cache = recipe.clone().prepare(&kitchen).unwrap();
        assert_debug_clean("cache", &cache);
        assert_clean("description", &cache.describe());
        let profile = Profile { recipe: recipe.clone(), sts: None, sts_region: None };
        assert_debug_clean("profile", &profile);
        chain.offer(place, recipe);
    }
    assert_debug_clean("chain", &chain);
    assert_debug_clean("choice", &chain.choose());
}

/// What can be made of an answer with keys in it, or permissions.
#[test]
fn debug_forms_of_answers_hold_no_secret() {
    let everything = forbidden().join(" ");
    let keys = serde_json::json!({"Credentials": {"AccessKeyId": ACCESS_KEY_ID, "AccessKeySecret": SECRET}});
    assert_debug_clean("json", &parse_answer(keys.to_string().as_bytes()).unwrap());
    let xml = format!("<Answer><Key>{SECRET}</Key><Key>{TOKEN}</Key></Answer>");
    assert_debug_clean("xml", &parse_answer(xml.as_bytes()).unwrap());
    let form = serde_json::json!({"Success": true, "RequestId": everything, "Data": {
        "Key": "k", "Host": "h", "FileUrl": "u", "AccessKeyId": "owner", "Policy": SECRET, "Signature": TOKEN
    }});
    let form = read_answer::<GenerateDeviceNameListUrl>(200, form.to_string().into_bytes(), &credentials()).unwrap();
    assert_debug_clean("form", &form);
    let unreadable = parse_answer(everything.as_bytes()).unwrap_err();
    assert_debug_clean("unreadable", &unreadable);
    assert_clean("unreadable", &unreadable.to_string());
}

/// Types that tests of this file, and those of profiles, look at.
const LOOKED_AT: &[&str] = &[
    "Answer",
    "Chain",
    "Choice",
    "Client",
    "ClientOptions",
    "CredentialCache",
    "Credentials",
    "CredentialsUri",
    "Error",
    "ExternalProgram",
    "Kitchen",
    "Node",
    "OidcRole",
    "OidcToken",
    "Parameters",
    "Profile",
    "ProfileError",
    "ProfileProblem",
    "Recipe",
    "Role",
    "Unreadable",
    "UploadForm",
];

/// Types that have no place for a secret: kinds, numbers, names of variables, and addresses without user and query.
const WITHOUT_SECRETS: &[&str] = &[
    "CommandError",
    "Endpoint",
    "EndpointError",
    "Environment",
    "FailureKind",
    "FileProblem",
    "Method",
    "Place",
    "Quotas",
    "RecipeError",
    "RetryPolicy",
    "RoleError",
    "Timeouts",
    "UriError",
];

/// Has no debug form at all.
const WITHOUT_DEBUG: &[&str] = &["ProfileFile"];

/// A new public type is looked at, or it is said why not. Operations and their answers, but for forms of an upload, are
/// what devices, packages and jobs are made of.
#[test]
fn every_public_type_is_looked_at() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/iot");
    let found = public_types(&root);
    let known = [LOOKED_AT, WITHOUT_SECRETS, WITHOUT_DEBUG].concat().into_iter().map(str::to_owned);
    assert_eq!(found, known.collect());
}

fn public_types(directory: &Path) -> BTreeSet<String> {
    let mut types = BTreeSet::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            types.extend(public_types(&path));
        } else if path.is_file() && (!directory.ends_with("operations") || path.ends_with("upload_form.rs")) {
            let source = std::fs::read_to_string(&path).unwrap();
            let lines = source
                .lines()
                .filter_map(|line| ["pub struct ", "pub enum "].iter().find_map(|it| line.strip_prefix(it)));
            types.extend(lines.map(|rest| rest.split(|it: char| !it.is_alphanumeric()).next().unwrap().to_owned()));
        }
    }
    types
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
