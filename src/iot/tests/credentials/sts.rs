//! Roles that STS gives keys of, and whose keys are whose.

use tempfile::TempDir;

use super::{FakeServer, ROLE, Reply, assumed, cache, error, given, id, kitchen, oidc, role, sts_keys};
use crate::iot::credentials::{Environment, Kitchen, OidcToken, Recipe, RecipeError};
use crate::iot::operations::QueryOtaJob;
use crate::iot::tests::options;
use crate::iot::{Client, ClientOptions, Endpoint, Timeouts};

#[tokio::test]
async fn a_role_is_assumed_by_a_signed_request() {
    let sts = FakeServer::start([sts_keys("STS.first", 3600)]).await;
    let cache = cache(assumed(), &kitchen(&sts));
    assert_eq!(sts.received().len(), 0, "nothing is asked before keys are needed");
    let keys = cache.current().await.unwrap();
    assert_eq!((keys.access_key_id(), keys.security_token()), ("STS.first", Some("token of STS.first")));
    let body = &sts.received()[0].body;
    for parameter in [
        "AccessKeyId=given&",
        "Action=AssumeRole&",
        "Version=2015-04-01&",
        "Format=JSON&",
        "RoleSessionName=rollout&",
        "RoleArn=acs%3Aram%3A%3A100000000000%3Arole%2Fota&",
        "SignatureMethod=HMAC-SHA1&",
        "&Signature=",
    ] {
        assert!(body.contains(parameter), "{parameter} is not in {body}");
    }
    assert_eq!(cache.describe(), format!("role {ROLE} assumed with given keys"));
}

#[tokio::test]
async fn roles_are_assumed_one_after_another() {
    let sts = FakeServer::start([sts_keys("STS.first", 3600), sts_keys("STS.second", 3600)]).await;
    let twice = Recipe::AssumeRole { with: Box::new(assumed()), role: role() };
    assert_eq!(id(&cache(twice, &kitchen(&sts))).await, "STS.second");
    assert!(sts.received()[1].body.contains("AccessKeyId=STS.first&"));
    assert!(sts.received()[1].body.contains("SecurityToken=token%20of%20STS.first&"));
}

#[tokio::test]
async fn refusals_of_sts_keep_its_words() {
    for (reply, kind, code, may_pass) in [
        (
            Reply::json(
                403,
                r#"{"Code":"NoPermission","Message":"You are not hunter2: secret of given","RequestId":"id"}"#,
            ),
            "Refused",
            Some("NoPermission"),
            false,
        ),
        (
            Reply::json(404, r#"{"Code":"EntityNotExist.Role","Message":"m","RequestId":"id"}"#),
            "Refused",
            Some("EntityNotExist.Role"),
            false,
        ),
        (Reply::json(400, r#"{"Code":"Throttling.User","Message":"m"}"#), "Refused", Some("Throttling.User"), true),
        (Reply::json(500, r#"{"Code":"InternalError","Message":"m"}"#), "NotSent", Some("InternalError"), true),
        (Reply::json(200, "{}"), "NotSent", None, true),
        (Reply::json(200, r#"{"Credentials":{"AccessKeyId":"x"}}"#), "NotSent", None, true),
        (Reply::new(200, "text/html", "<html><br></html"), "NotSent", None, true),
        (Reply::with_head(302, "Location: http://127.0.0.1:1/", ""), "NotSent", None, true),
        (Reply::Reset, "NotSent", None, true),
    ] {
        let case = format!("{reply:?}");
        let sts = FakeServer::start([reply]).await;
        let cache = cache(assumed(), &kitchen(&sts));
        let error = cache.current().await.unwrap_err();
        assert!(error.is_about_credentials() && !error.to_string().contains("secret of given"), "{error}");
        assert_eq!(error.action(), "AssumeRole");
        let found = (format!("{:?}", error.kind()), error.code(), error.is_safe_to_repeat());
        assert_eq!(found, (kind.to_owned(), code, may_pass), "{case}: {error}");
    }
}

#[tokio::test]
async fn a_token_opens_a_role_without_a_signature() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("token");
    std::fs::write(&path, "first-token\n").unwrap();
    let sts = FakeServer::start([sts_keys("STS.first", 0), sts_keys("STS.second", 3600)]).await;
    let cache = cache(oidc(OidcToken::File(path.clone())), &kitchen(&sts));
    assert!(error(&cache).await.message().contains("expired already"));
    std::fs::write(&path, "second-token").unwrap();
    assert_eq!(id(&cache).await, "STS.second");
    let [first, second] = sts.received().try_into().unwrap();
    assert!(first.head.starts_with("POST /?Action=AssumeRoleWithOIDC&Format=JSON&Timestamp="), "{}", first.head);
    assert!(first.head.contains("&Version=2015-04-01 HTTP/1.1"), "{}", first.head);
    // The file's content as it is, its last line feed included.
    assert!(first.body.contains("OIDCToken=first-token%0A&") && second.body.contains("OIDCToken=second-token&"));
    assert!(first.body.contains("OIDCProviderArn=acs%3Aram%3A%3A100000000000%3Aoidc-provider%2Fidp&"));
    for absent in ["AccessKeyId", "Signature"] {
        assert!(!first.body.contains(absent) && !first.head.contains(absent));
    }
}

#[tokio::test]
async fn tokens_that_are_none() {
    let sts = FakeServer::start([]).await;
    let missing = OidcToken::File("/nowhere/token".into());
    for (token, expected) in [
        (missing, "the file of the OIDC token, /nowhere/token, does not exist"),
        (OidcToken::Text("abc".into()), "the OIDC token has 3 characters, and can have 4 to 20000"),
        (OidcToken::Text("hunter2".repeat(3000).into()), "the OIDC token has 21000 characters"),
    ] {
        let error = error(&cache(oidc(token), &kitchen(&sts))).await;
        assert!(error.message().starts_with(expected), "{error}");
        assert!(!error.is_safe_to_repeat());
    }
    let sts = FakeServer::start([Reply::json(
        403,
        r#"{"Code":"AuthenticationFail.OIDCToken.Invalid","Message":"hunter2-token is none"}"#,
    )])
    .await;
    let error = error(&cache(oidc(OidcToken::Text("hunter2-token".into())), &kitchen(&sts))).await;
    assert_eq!(error.message(), "(hidden) is none");
}

#[tokio::test]
async fn keys_of_another_account_are_not_used() {
    let identity = |account: &str| Reply::json(200, &format!(r#"{{"AccountId":"{account}","RequestId":"id"}}"#));
    let sts = FakeServer::start([identity("100000000000"), identity("200000000000")]).await;
    let guarded = Kitchen { account_id: Some("100000000000".to_owned()), ..kitchen(&sts) };
    let right = cache(given(), &guarded);
    assert_eq!((id(&right).await, id(&right).await), ("given".to_owned(), "given".to_owned()));
    assert_eq!(sts.received().len(), 1, "it is asked once, when the first request needs keys");
    assert!(sts.received()[0].body.contains("Action=GetCallerIdentity&"));
    let service = FakeServer::start([]).await;
    let wrong = ClientOptions { credentials: cache(given(), &guarded), ..options(&service.endpoint) };
    let client = Client::new(wrong).unwrap();
    for _ in 0..3 {
        let error = client.send(&QueryOtaJob::default()).await.unwrap_err();
        let expected = "given keys gave keys of account 200000000000, while only 100000000000 may be used";
        assert_eq!((error.message(), error.is_safe_to_repeat()), (expected, false));
    }
    assert_eq!((service.received().len(), sts.received().len()), (0, 2), "nothing is sent, and nobody is asked again");
}

#[tokio::test]
async fn an_account_that_cannot_be_asked_for_is_no_permission() {
    let sts = FakeServer::start([Reply::json(403, r#"{"Code":"NoPermission","Message":"no"}"#)]).await;
    let guarded = Kitchen { account_id: Some("100000000000".to_owned()), ..kitchen(&sts) };
    let error = error(&cache(given(), &guarded)).await;
    assert_eq!((error.action(), error.code()), ("GetCallerIdentity", Some("NoPermission")));
}

#[test]
fn which_sts_is_asked() {
    let endpoint = |sts: Option<&str>, sts_region: Option<&str>, variables: &[(&str, &str)]| {
        let value = |asked: &str| variables.iter().find(|(name, _)| *name == asked).map(|it| it.1.to_owned());
        let kitchen = Kitchen {
            region: "cn-shanghai".to_owned(),
            sts: sts.map(|text| Endpoint::parse(text).unwrap()),
            sts_region: sts_region.map(str::to_owned),
            metadata: None,
            account_id: None,
            environment: Environment::read(&value),
            user_agent: String::new(),
            timeouts: Timeouts::default(),
        };
        kitchen.sts_endpoint().map(|endpoint| endpoint.to_string())
    };
    let region = ("ALIBABA_CLOUD_STS_REGION", "us-west-1");
    let vpc = ("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true");
    for (sts, sts_region, variables, expected) in [
        (None, None, &[][..], "https://sts.cn-shanghai.aliyuncs.com"),
        (None, None, &[vpc], "https://sts-vpc.cn-shanghai.aliyuncs.com"),
        (None, None, &[region], "https://sts.us-west-1.aliyuncs.com"),
        (None, None, &[region, vpc], "https://sts-vpc.us-west-1.aliyuncs.com"),
        (None, Some("eu-central-1"), &[region], "https://sts.eu-central-1.aliyuncs.com"),
        (Some("https://sts.example.com"), Some("eu-central-1"), &[region, vpc], "https://sts.example.com"),
    ] {
        assert_eq!(endpoint(sts, sts_region, variables).unwrap(), expected);
    }
    assert!(matches!(endpoint(None, None, &[("ALIBABA_CLOUD_STS_REGION", "a.b")]), Err(RecipeError::StsRegion(_))));
}
