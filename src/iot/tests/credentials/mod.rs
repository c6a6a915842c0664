//! Where keys come from.

mod cache;
mod chain;
mod metadata;
mod outside;
mod profiles;
mod renewal;
mod sts;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::fake_server::{FakeServer, Reply};
use crate::iot::credentials::{
    CredentialsUri, Environment, ExternalProgram, Kitchen, Metadata, OidcRole, OidcToken, Recipe, Role,
};
use crate::iot::{CredentialCache, Credentials, Endpoint, Error, Timeouts};

const ROLE: &str = "acs:ram::100000000000:role/ota";

fn role() -> Role {
    Role::new(ROLE, "rollout").unwrap()
}

/// A kitchen whose STS is a server of the test.
fn kitchen(sts: &FakeServer) -> Kitchen {
    Kitchen {
        region: "cn-shanghai".to_owned(),
        sts: Some(Endpoint::parse(&sts.endpoint).unwrap()),
        sts_region: None,
        metadata: None,
        account_id: None,
        environment: Environment::default(),
        user_agent: "example/1.0".to_owned(),
        timeouts: Timeouts::default(),
    }
}

/// Keys as the services write them, good for some seconds from now on.
fn keys(id: &str, seconds: i64) -> serde_json::Value {
    let end = OffsetDateTime::now_utc() + time::Duration::seconds(seconds);
    serde_json::json!({
        "AccessKeyId": id, "AccessKeySecret": format!("secret of {id}"), "SecurityToken": format!("token of {id}"),
        "Expiration": end.format(&Rfc3339).unwrap()
    })
}

/// What STS answers.
fn sts_keys(id: &str, seconds: i64) -> Reply {
    let answer = serde_json::json!({"RequestId": "id", "Credentials": keys(id, seconds)});
    Reply::json(200, &answer.to_string())
}

/// What the metadata service and a credentials URI answer.
fn plain_keys(id: &str, seconds: i64) -> Reply {
    let mut answer = keys(id, seconds);
    answer["Code"] = "Success".into();
    Reply::json(200, &answer.to_string())
}

/// Whose tokens the account trusts.
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

fn metadata(server: &FakeServer, role: Option<&str>, takes_no_token: bool) -> CredentialCache {
    let role = role.map(str::to_owned);
    CredentialCache::new(Metadata::new(server.endpoint.clone(), role, takes_no_token, "example/1.0".to_owned()))
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

fn lines(server: &FakeServer) -> Vec<String> {
    server.received().iter().map(|request| request.head.lines().next().unwrap().to_owned()).collect()
}

/// The id of the key that each request was signed with.
fn signers(server: &FakeServer) -> Vec<String> {
    let key = |body: String| body.split('&').find_map(|it| it.strip_prefix("AccessKeyId=")).unwrap().to_owned();
    server.received().into_iter().map(|request| key(request.body)).collect()
}
