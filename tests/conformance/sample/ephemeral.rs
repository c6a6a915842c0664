//! Ephemeral resources: opened, renewed, closed.

use serde_json::json;
use terraform_provider_alicloud_iot::plugin::convert::Type;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use super::{Sample, attribute, said};
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
    assert_eq!(renewed.diagnostics, []);
    assert!(renewed.renew_at.is_some_and(|at| at.seconds > 0));
    assert_eq!(sample.stored("key")["text"], "renewed 1");
    let request = wire::renew_ephemeral_resource::Request { type_name: type_name(), private: renewed.private };
    let renewed = provider.renew_ephemeral_resource(request).await.unwrap().into_inner();
    assert_eq!(sample.stored("key")["text"], "renewed 2", "each renewal has what the last one answered");
    assert_eq!(renewed.renew_at, None, "it is not asked for any more");

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

#[tokio::test]
async fn a_lease_is_checked_put_off_or_refused_with_a_reason() {
    let sample = Sample::start().await;
    let provider = &mut sample.session.provider.clone();
    let (type_name, config) = (|| "sample_lease".to_owned(), |name: &str| value(&json!({"name": name, "token": null})));
    let request =
        wire::validate_ephemeral_resource_config::Request { type_name: type_name(), config: config("forbidden") };
    let answer = provider.validate_ephemeral_resource_config(request).await.unwrap().into_inner();
    assert_eq!(said(&answer.diagnostics), ["error: Forbidden"]);
    assert_eq!(attribute(&answer.diagnostics[0]), Some("name"));

    let allowed = Some(wire::ClientCapabilities { deferral_allowed: true, ..Default::default() });
    let reason = wire::deferred::Reason::AbsentPrereq.into();
    for (name, client_capabilities, deferred, expected) in [
        ("later", allowed, Some(wire::Deferred { reason }), vec![]),
        ("later", None, None, vec!["error: Too Much Is Unknown"]),
        ("nothing", allowed, None, vec!["error: Provider Bug"]),
    ] {
        let request = wire::open_ephemeral_resource::Request {
            type_name: type_name(),
            config: config(name),
            client_capabilities,
        };
        let answer = provider.open_ephemeral_resource(request).await.unwrap().into_inner();
        assert_eq!((answer.deferred, answer.result), (deferred, None), "{name}");
        assert_eq!(said(&answer.diagnostics), expected, "{name}");
    }
    let private = Some(br#"{"name":"nothing","renewals":0}"#.to_vec());
    let request = wire::renew_ephemeral_resource::Request { type_name: type_name(), private };
    let answer = provider.renew_ephemeral_resource(request).await.unwrap().into_inner();
    assert_eq!(said(&answer.diagnostics), ["error: Provider Bug"]);
}
