//! Data sources.

use serde_json::{Value as Json, json};
use terraform_provider_alicloud_iot::plugin::convert::Type;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use super::{NOTE, Sample, attribute, said};
use crate::values::{json_of, value};

fn config(name: &str) -> Option<wire::DynamicValue> {
    value(&json!({"name": name, "text": null}))
}

#[tokio::test]
async fn a_data_source_is_checked_and_read_or_put_off() {
    let mut sample = Sample::start().await;
    sample.store("one", "hello");
    let provider = &mut sample.session.provider;
    let request =
        wire::validate_data_resource_config::Request { type_name: NOTE.to_owned(), config: config("forbidden") };
    let answer = provider.validate_data_resource_config(request).await.unwrap().into_inner();
    assert_eq!(said(&answer.diagnostics), ["error: Forbidden"]);
    assert_eq!(attribute(&answer.diagnostics[0]), Some("name"));

    let of = Type::Object(["name", "text"].map(|name| (name.to_owned(), Type::String)).into());
    let allowed = Some(wire::ClientCapabilities { deferral_allowed: true, ..Default::default() });
    let reason = wire::deferred::Reason::AbsentPrereq.into();
    for (name, client_capabilities, state, deferred, expected) in [
        ("one", None, json!({"name": "one", "text": "hello"}), None, vec![]),
        ("later", allowed, Json::Null, Some(wire::Deferred { reason }), vec![]),
        ("later", None, Json::Null, None, vec!["error: Too Much Is Unknown"]),
        // Core would take what is unknown for something that comes with the apply.
        ("vague", allowed, json!({"name": "vague"}), None, vec!["error: Provider Bug"]),
        ("none", None, Json::Null, None, vec!["error: No Such Note"]),
    ] {
        let request = wire::read_data_source::Request {
            type_name: NOTE.to_owned(),
            config: config(name),
            client_capabilities,
            ..Default::default()
        };
        let answer = provider.read_data_source(request).await.unwrap().into_inner();
        assert_eq!((json_of(answer.state.as_ref(), &of), answer.deferred), (state, deferred), "{name}");
        assert_eq!(said(&answer.diagnostics), expected, "{name}");
    }
}
