//! Ephemeral resources: opened, renewed, closed.

use serde_json::json;
use terraform_provider_alicloud_iot::plugin::convert::Type;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use super::{Sample, said};
use crate::values::{json_of, value};

#[tokio::test]
async fn a_lease_is_opened_renewed_and_closed() {
    let sample = Sample::start().await;
    let type_name = || "sample_lease".to_owned();
    let config = value(&json!({"name": "key", "token": null}));
    let provider = &mut sample.session.provider.clone();
    let request = wire::validate_ephemeral_resource_config::Request { type_name: type_name(), config: config.clone() };
    let answer = provider.validate_ephemeral_resource_config(request).await.unwrap().into_inner();
    assert_eq!(answer.diagnostics, []);

    let request = wire::open_ephemeral_resource::Request { type_name: type_name(), config, client_capabilities: None };
    let opened = provider.open_ephemeral_resource(request).await.unwrap().into_inner();
    let of = Type::Object(["name", "token"].map(|name| (name.to_owned(), Type::String)).into());
    assert_eq!(json_of(opened.result.as_ref(), &of), json!({"name": "key", "token": "token-of-key"}));
    assert!(opened.renew_at.is_some_and(|at| at.seconds > 0));
    assert_eq!(sample.stored("key")["text"], "held");

    let request = wire::renew_ephemeral_resource::Request { type_name: type_name(), private: opened.private.clone() };
    let renewed = provider.renew_ephemeral_resource(request).await.unwrap().into_inner();
    assert_eq!((renewed.diagnostics.len(), renewed.renew_at), (0, None));
    assert_eq!(sample.stored("key")["text"], "renewed 1");
    let request = wire::renew_ephemeral_resource::Request { type_name: type_name(), private: renewed.private };
    provider.renew_ephemeral_resource(request).await.unwrap();
    assert_eq!(sample.stored("key")["text"], "renewed 2", "each renewal has what the last one answered");

    // Core closes with what opening answered, whatever was renewed.
    let request = wire::close_ephemeral_resource::Request { type_name: type_name(), private: opened.private };
    let closed = provider.close_ephemeral_resource(request).await.unwrap().into_inner();
    assert_eq!(closed.diagnostics, []);
    assert!(!sample.file("key").exists());

    let request =
        wire::renew_ephemeral_resource::Request { type_name: type_name(), private: Some(b"not JSON".to_vec()) };
    let answer = provider.renew_ephemeral_resource(request).await.unwrap().into_inner();
    assert_eq!(said(&answer.diagnostics), ["error: Provider Bug"]);
}

#[tokio::test]
async fn a_lease_that_core_could_not_close_is_closed_at_once() {
    let mut sample = Sample::start().await;
    let config = value(&json!({"name": "unwritable", "token": null}));
    let request = wire::open_ephemeral_resource::Request {
        type_name: "sample_lease".to_owned(),
        config,
        client_capabilities: None,
    };
    let answer = sample.session.provider.open_ephemeral_resource(request).await.unwrap().into_inner();
    assert_eq!((said(&answer.diagnostics), answer.result), (vec!["error: Provider Bug".to_owned()], None));
    assert!(!sample.file("unwritable").exists());
}
