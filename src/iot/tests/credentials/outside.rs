//! Keys from a URI and from a program, and what the environment forbids.

use tempfile::TempDir;

use super::{FakeServer, Reply, cache, error, id, keys, kitchen, lines, plain_keys, program, role, uri};
use crate::iot::credentials::{CredentialsUri, Environment, ExternalProgram, Kitchen, Recipe, RecipeError};
use crate::iot::{CredentialCache, Timeouts};

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

#[test]
fn what_the_environment_forbids() {
    let set = |name: &'static str, value: &'static str| {
        Environment::read(&move |asked| (asked == name).then(|| value.to_owned()))
    };
    let kitchen = |environment| Kitchen {
        region: "cn-shanghai".to_owned(),
        sts: None,
        sts_region: None,
        metadata: None,
        account_id: None,
        environment,
        user_agent: String::new(),
        timeouts: Timeouts::default(),
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
