//! The role of an ECS instance.

use super::{FakeServer, Reply, error, id, lines, metadata, plain_keys};

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
        (
            vec![Reply::new(200, "text/plain", "two\nlines")],
            "the metadata service answered with something that is no name and no token",
        ),
        (vec![token(), Reply::new(404, "text/plain", "x")], "the metadata service names no role of this instance"),
        (
            vec![token(), Reply::new(200, "text/plain", "../../evil")],
            "the metadata service answered with something that is no name of a role",
        ),
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
