//! Each source against a server, a file or a program of the test.

use std::time::Duration;

use tempfile::TempDir;

use super::{FakeServer, ROLE, Reply, keys, kitchen, plain_keys, role, sts_keys};
use crate::iot::credentials::{
    CredentialsUri, Environment, ExternalProgram, Kitchen, Metadata, OidcRole, OidcToken, Recipe, RecipeError,
};
use crate::iot::operations::QueryOtaJob;
use crate::iot::tests::options;
use crate::iot::{Client, ClientOptions, CredentialCache, Credentials, Error};

const PROVIDER: &str = "acs:ram::100000000000:oidc-provider/idp";

fn given() -> Recipe {
    Recipe::Keys(Credentials::new("given".to_owned(), "secret of given".into(), None))
}

fn assumed() -> Recipe {
    Recipe::AssumeRole { with: Box::new(given()), role: role() }
}

fn program(command_line: &str) -> Recipe {
    Recipe::Program(ExternalProgram::parse(command_line).unwrap())
}

fn uri(server: &FakeServer) -> Recipe {
    Recipe::Uri(CredentialsUri::parse(&format!("{}/keys?token=hunter2", server.endpoint)).unwrap())
}

fn oidc(token: OidcToken) -> Recipe {
    Recipe::Oidc(OidcRole::new(role(), PROVIDER, token).unwrap())
}

fn cache(recipe: Recipe, kitchen: &Kitchen) -> CredentialCache {
    recipe.prepare(kitchen).unwrap()
}

async fn id(cache: &CredentialCache) -> String {
    cache.current().await.unwrap().access_key_id().to_owned()
}

async fn error(cache: &CredentialCache) -> Error {
    let error = cache.current().await.unwrap_err();
    for shown in [error.to_string(), format!("{error:?}"), format!("{cache:?}"), cache.describe()] {
        for secret in ["secret of", "token of", "hunter2"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    error
}

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

fn metadata(server: &FakeServer, role: Option<&str>, takes_no_token: bool) -> CredentialCache {
    let role = role.map(str::to_owned);
    CredentialCache::new(Metadata::new(server.endpoint.clone(), role, takes_no_token, "example/1.0".to_owned()))
}

fn lines(server: &FakeServer) -> Vec<String> {
    server.received().iter().map(|request| request.head.lines().next().unwrap().to_owned()).collect()
}

const TOKEN_LINE: &str = "PUT /latest/api/token HTTP/1.1";
const ROLES_LINE: &str = "GET /latest/meta-data/ram/security-credentials/ HTTP/1.1";
const KEYS_LINE: &str = "GET /latest/meta-data/ram/security-credentials/ota-role HTTP/1.1";

#[tokio::test]
async fn an_ecs_role_is_asked_for_in_the_hardened_mode() {
    let token = || Reply::new(200, "text/plain", "metadata-token");
    let server =
        FakeServer::start([token(), Reply::new(200, "text/plain", "ota-role"), plain_keys("STS.ecs", 3600)]).await;
    assert_eq!(id(&metadata(&server, None, false)).await, "STS.ecs");
    assert_eq!(lines(&server), [TOKEN_LINE, ROLES_LINE, KEYS_LINE]);
    let heads: Vec<_> = server.received().into_iter().map(|request| request.head).collect();
    assert!(heads[0].to_lowercase().contains("x-aliyun-ecs-metadata-token-ttl-seconds: 21600"), "{}", heads[0]);
    for head in &heads[1..] {
        assert!(head.to_lowercase().contains("x-aliyun-ecs-metadata-token: metadata-token"), "{head}");
    }
    let server = FakeServer::start([token(), plain_keys("STS.ecs", 3600)]).await;
    assert_eq!(id(&metadata(&server, Some("ota-role"), false)).await, "STS.ecs");
    assert_eq!(lines(&server), [TOKEN_LINE, KEYS_LINE]);
}

#[tokio::test]
async fn a_metadata_service_without_tokens_is_asked_without_one_unless_that_is_forbidden() {
    let replies = || [Reply::new(404, "text/plain", "none"), plain_keys("STS.ecs", 3600)];
    let server = FakeServer::start(replies()).await;
    assert_eq!(id(&metadata(&server, Some("ota-role"), true)).await, "STS.ecs");
    assert!(!server.received()[1].head.to_lowercase().contains("x-aliyun-ecs-metadata-token"));
    let server = FakeServer::start(replies()).await;
    let error = error(&metadata(&server, Some("ota-role"), false)).await;
    assert_eq!(error.message(), "the metadata service gives no token [HTTP status 404]");
    assert_eq!(lines(&server), [TOKEN_LINE]);
}

#[tokio::test]
async fn metadata_that_is_of_no_use() {
    let token = || Reply::new(200, "text/plain", "metadata-token");
    let failed = r#"{"Code":"Failed"}"#;
    for (replies, expected) in [
        (vec![Reply::Reset], "the metadata service of ECS did not answer"),
        (vec![Reply::new(200, "text/plain", "two\nlines")], "the metadata service answered nonsense"),
        (vec![token(), Reply::new(404, "text/plain", "x")], "the metadata service names no role of this instance"),
        (vec![token(), Reply::new(200, "text/plain", "../../evil")], "the name of the ECS role is none"),
        (
            vec![token(), Reply::new(200, "text/plain", "ota-role"), Reply::new(404, "text/plain", "hunter2")],
            "the metadata service has no keys of role ota-role [HTTP status 404]",
        ),
        (
            vec![token(), Reply::new(200, "text/plain", "ota-role"), Reply::json(200, failed)],
            "the metadata service has no keys of role ota-role now",
        ),
        (
            vec![token(), Reply::new(200, "text/plain", "ota-role"), Reply::json(200, r#"{"Code":"Success"}"#)],
            "the metadata service answered, but the answer has no SecurityToken",
        ),
    ] {
        let server = FakeServer::start(replies).await;
        let error = error(&metadata(&server, None, true)).await;
        assert!(error.message().starts_with(expected), "{error}");
    }
}

#[tokio::test]
async fn keys_from_a_uri() {
    let sts = FakeServer::start([]).await;
    let server = FakeServer::start([plain_keys("STS.uri", 3600)]).await;
    let keys_of_uri = cache(uri(&server), &kitchen(&sts));
    assert_eq!(id(&keys_of_uri).await, "STS.uri");
    assert_eq!(lines(&server), ["GET /keys?token=hunter2 HTTP/1.1"]);
    for (reply, expected) in [
        (Reply::json(404, "hunter2"), "it answered with HTTP status 404"),
        (Reply::json(200, r#"{"Code":"hunter2"}"#), "it answered with another `Code` than `Success`"),
        (Reply::json(200, &keys("x", 60).to_string()), "it answered with another `Code` than `Success`"),
        (
            Reply::json(200, r#"{"Code":"Success","AccessKeyId":"x"}"#),
            "it answered, but the answer has no SecurityToken",
        ),
        (Reply::json(200, "hunter2"), "it answered, but it is neither a JSON object nor an XML document"),
        (Reply::with_head(302, "Location: http://example.com/", ""), "it answered with HTTP status 302"),
    ] {
        let server = FakeServer::start([reply]).await;
        let error = error(&cache(uri(&server), &kitchen(&sts))).await;
        assert_eq!(error.message(), format!("credentials URI on {}: {expected}", server.endpoint));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn keys_that_a_program_prints() {
    let sts = FakeServer::start([]).await;
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("the keys.json");
    let command = format!("cat '{}'", file.display());
    for (printed, expected) in [
        (r#"{"mode":"AK","access_key_id":"ak","access_key_secret":"hunter2"}"#, Ok(("ak", None))),
        (
            r#"{"mode":"StsToken","access_key_id":"ak","access_key_secret":"hunter2","sts_token":"hunter2"}"#,
            Ok(("ak", Some("hunter2"))),
        ),
        (
            r#"{"mode":"StsToken","access_key_id":"ak","access_key_secret":"hunter2"}"#,
            Err("the answer has no sts_token"),
        ),
        (r#"{"mode":"hunter2"}"#, Err("its output has a `mode` other than `AK` and `StsToken`")),
        (
            r#"{"mode":"AK","access_key_id":"ak","access_key_secret":"s","expiration":"hunter2"}"#,
            Err("is not a moment such as"),
        ),
        ("hunter2", Err("its output cannot be used: it is neither a JSON object nor an XML document")),
        ("", Err("its output cannot be used: it is empty")),
    ] {
        std::fs::write(&file, printed).unwrap();
        let cache = cache(program(&command), &kitchen(&sts));
        match expected {
            Ok((id, token)) => {
                let keys = cache.current().await.unwrap();
                assert_eq!((keys.access_key_id(), keys.security_token()), (id, token));
            }
            Err(expected) => {
                let error = error(&cache).await;
                assert!(error.message().contains(expected), "{error}");
                assert!(!error.is_safe_to_repeat());
            }
        }
    }
    for (command, expected) in [
        ("false hunter2", "program false: it ended with exit status: 1"),
        ("/nowhere/program", "program /nowhere/program: it cannot be started: No such file or directory"),
        ("yes hunter2", "program yes: it prints more than 65536 bytes"),
    ] {
        let error = error(&cache(program(command), &kitchen(&sts))).await;
        assert!(error.message().starts_with(expected), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_program_that_does_not_end_is_ended() {
    let source = ExternalProgram::parse("sleep 1000").unwrap();
    let error = error(&CredentialCache::new(source)).await;
    assert_eq!(error.message(), "program sleep: it did not end within 60 s");
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

/// The id of the key that each request was signed with.
fn signers(server: &FakeServer) -> Vec<String> {
    let key = |body: String| body.split('&').find_map(|it| it.strip_prefix("AccessKeyId=")).unwrap().to_owned();
    server.received().into_iter().map(|request| key(request.body)).collect()
}

#[tokio::test]
async fn keys_that_end_in_the_middle_of_a_run_are_renewed_from_each_source() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("keys.json");
    let of_program = |id: &str, seconds| {
        let keys = keys(id, seconds);
        serde_json::json!({
            "mode": "StsToken", "access_key_id": id, "access_key_secret": "s", "sts_token": "t",
            "expiration": keys["Expiration"]
        })
    };
    let job = || Reply::json(200, r#"{"Success":true,"RequestId":"id","Data":{"JobId":"job"}}"#);
    let token = || Reply::new(200, "text/plain", "metadata-token");
    for source in ["role", "oidc", "ecs", "uri", "program"] {
        let service = FakeServer::start([job(), job()]).await;
        let server = match source {
            "uri" => FakeServer::start([plain_keys("first", 1), plain_keys("second", 3600)]).await,
            "ecs" => FakeServer::start([token(), plain_keys("first", 1), token(), plain_keys("second", 3600)]).await,
            _ => FakeServer::start([sts_keys("first", 1), sts_keys("second", 3600)]).await,
        };
        std::fs::write(&file, of_program("first", 1).to_string()).unwrap();
        let credentials = match source {
            "role" => cache(assumed(), &kitchen(&server)),
            "oidc" => cache(oidc(OidcToken::Text("token".into())), &kitchen(&server)),
            "ecs" => metadata(&server, Some("ota-role"), false),
            "uri" => cache(uri(&server), &kitchen(&server)),
            _ => cache(program(&format!("cat '{}'", file.display())), &kitchen(&server)),
        };
        let client = ClientOptions { credentials: credentials.clone(), ..options(&service.endpoint) };
        let client = Client::new(client).unwrap();
        client.send(&QueryOtaJob::default()).await.unwrap();
        let end = credentials.current().await.unwrap().expires_at().unwrap();
        std::fs::write(&file, of_program("second", 3600).to_string()).unwrap();
        while time::OffsetDateTime::now_utc() < end {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        client.send(&QueryOtaJob::default()).await.unwrap();
        assert_eq!(signers(&service), ["first", "second"], "{source}");
    }
}

#[test]
fn what_the_environment_forbids() {
    let set = |name: &'static str, value: &'static str| {
        Environment::read(&move |asked| (asked == name).then(|| value.to_owned()))
    };
    let kitchen = |environment| Kitchen {
        region: "cn-shanghai".to_owned(),
        sts: None,
        sts_region: None,
        account_id: None,
        environment,
        user_agent: String::new(),
        timeouts: crate::iot::Timeouts::default(),
    };
    let uri = Recipe::Uri(CredentialsUri::parse("https://example.com/").unwrap());
    for (recipe, variable, value, what) in [
        (Recipe::EcsRole(None), "ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true", "keys of ECS roles"),
        (program("get-keys"), "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", "1", "external programs"),
        (uri, "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", "TRUE", "credentials URIs"),
    ] {
        let within = Recipe::AssumeRole { with: Box::new(recipe.clone()), role: role() };
        for recipe in [recipe, within] {
            let found = recipe.clone().prepare(&kitchen(set(variable, value))).unwrap_err();
            assert_eq!(found, RecipeError::Forbidden { variable, what });
            recipe.prepare(&kitchen(set(variable, "false"))).unwrap();
        }
    }
    let found = Recipe::EcsRole(Some("../x".to_owned())).prepare(&kitchen(Environment::default())).unwrap_err();
    assert_eq!(found, RecipeError::EcsRoleName);
}

#[test]
fn which_sts_is_asked() {
    let endpoint = |sts: Option<&str>, sts_region: Option<&str>, variables: &[(&str, &str)]| {
        let value = |asked: &str| variables.iter().find(|(name, _)| *name == asked).map(|it| it.1.to_owned());
        let kitchen = Kitchen {
            region: "cn-shanghai".to_owned(),
            sts: sts.map(|text| crate::iot::Endpoint::parse(text).unwrap()),
            sts_region: sts_region.map(str::to_owned),
            account_id: None,
            environment: Environment::read(&value),
            user_agent: String::new(),
            timeouts: crate::iot::Timeouts::default(),
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
