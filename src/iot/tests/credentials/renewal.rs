//! Keys that end while requests are sent.

use std::time::Duration;

use tempfile::TempDir;
use tokio::task::JoinSet;

use super::{
    FakeServer, Reply, assumed, cache, id, keys, kitchen, metadata, oidc, plain_keys, program, signers, sts_keys, uri,
};
use crate::iot::credentials::{OidcToken, Recipe};
use crate::iot::operations::QueryOtaJob;
use crate::iot::tests::options;
use crate::iot::{Client, ClientOptions};

#[tokio::test]
async fn sixty_four_callers_ask_each_source_once() {
    let token = || Reply::new(200, "text/plain", "metadata-token");
    for source in ["role", "oidc", "ecs", "uri"] {
        let server = match source {
            "uri" => FakeServer::start([plain_keys("first", 1000), plain_keys("second", 1000)]).await,
            "ecs" => FakeServer::start([token(), plain_keys("first", 1000)]).await,
            _ => FakeServer::start([sts_keys("first", 1000), sts_keys("second", 1000)]).await,
        };
        let credentials = match source {
            "role" => cache(assumed(), &kitchen(&server)),
            "oidc" => cache(oidc(OidcToken::Text("token".into())), &kitchen(&server)),
            "ecs" => metadata(&server, Some("ota-role"), false),
            _ => cache(uri(&server), &kitchen(&server)),
        };
        let mut callers = JoinSet::new();
        for _ in 0..64 {
            let credentials = credentials.clone();
            callers.spawn(async move { id(&credentials).await });
        }
        assert_eq!(callers.join_all().await, vec!["first"; 64]);
        assert_eq!(server.received().len(), if source == "ecs" { 2 } else { 1 }, "{source}");
    }
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

#[tokio::test]
async fn keys_that_do_not_say_their_end_are_got_anew_to_assume_a_role_again() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("keys.json");
    let write = |id: &str| {
        let keys = serde_json::json!({"mode": "StsToken", "access_key_id": id, "access_key_secret": "secret of it", "sts_token": "token of it"});
        std::fs::write(&file, keys.to_string()).unwrap();
    };
    let expired = || Reply::json(400, r#"{"Code":"InvalidSecurityToken.Expired","Message":"m"}"#);
    let sts = FakeServer::start([sts_keys("STS.first", 0), expired(), sts_keys("STS.second", 3600), expired()]).await;
    let recipe =
        Recipe::AssumeRole { with: Box::new(program(&format!("cat '{}'", file.display()))), role: super::role() };
    write("old");
    let cache = cache(recipe, &kitchen(&sts));
    assert!(cache.current().await.unwrap_err().message().contains("expired already"));
    write("new");
    assert_eq!(id(&cache).await, "STS.second");
    assert_eq!(signers(&sts), ["old", "old", "new"]);
}
