//! Actions, with progress as a stream.

use serde_json::{Value as Json, json};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use wire::invoke_action::event;

use super::{Sample, attribute, newest_core, said};
use crate::values::{UNKNOWN, value};

pub const APPEND: &str = "sample_append";

pub async fn invoked(sample: &mut Sample, action_type: &str, config: &Json) -> (Vec<String>, Vec<wire::Diagnostic>) {
    let request = wire::invoke_action::Request {
        action_type: action_type.to_owned(),
        config: value(config),
        ..Default::default()
    };
    let mut stream = sample.session.provider.invoke_action(request).await.unwrap().into_inner();
    let mut progress = Vec::new();
    let completed = loop {
        let event = stream.message().await.unwrap().expect("it is completed before the stream ends");
        match event.r#type.expect("core dereferences it") {
            event::Type::Progress(event) => progress.push(event.message),
            event::Type::Completed(event) => break event.diagnostics,
        }
    };
    assert!(stream.message().await.unwrap().is_none(), "nothing follows");
    (progress, completed)
}

#[tokio::test]
async fn an_action_reports_its_progress_and_then_its_end() {
    let mut sample = Sample::start().await;
    sample.store("one", "a");
    let config = json!({"name": "one", "line": "b", "times": 3});
    let (progress, completed) = invoked(&mut sample, APPEND, &config).await;
    assert_eq!((progress, completed), (vec!["1 of 3".to_owned(), "2 of 3".to_owned(), "3 of 3".to_owned()], vec![]));
    assert_eq!(sample.stored("one")["text"], "abbb");
}

#[tokio::test]
async fn whatever_goes_wrong_the_action_is_completed_with_an_error() {
    let mut sample = Sample::start().await;
    for (action_type, config, error) in [
        (APPEND, json!({"name": "none", "line": "b", "times": null}), "error: No Such Note"),
        (APPEND, json!({"name": "none"}), "error: Value Cannot Be Read"),
        (APPEND, json!({"name": "panic", "line": "hush-hush", "times": null}), "error: Provider Bug"),
        ("sample_nothing", json!({}), "error: No Such Type"),
    ] {
        let (progress, completed) = invoked(&mut sample, action_type, &config).await;
        assert_eq!((progress, said(&completed)), (vec![], vec![error.to_owned()]));
    }
}

#[tokio::test]
async fn validating_and_planning_look_and_change_nothing() {
    let mut sample = Sample::start().await;
    let config = value(&json!({"name": "none", "line": "", "times": null}));
    let request = wire::validate_action_config::Request { type_name: APPEND.to_owned(), config: config.clone() };
    let answer = sample.session.provider.validate_action_config(request).await.unwrap().into_inner();
    assert_eq!(said(&answer.diagnostics), ["error: Empty Line"]);
    assert_eq!(attribute(&answer.diagnostics[0]), Some("line"));
    let request = wire::plan_action::Request { action_type: APPEND.to_owned(), config, ..Default::default() };
    let answer = sample.session.provider.plan_action(request).await.unwrap().into_inner();
    assert_eq!((said(&answer.diagnostics), answer.deferred), (vec!["warning: No Such Note".to_owned()], None));
}

#[tokio::test]
async fn a_plan_of_an_action_is_deferred_for_the_one_reason_that_core_takes() {
    let mut sample = Sample::start().await;
    let mut client_capabilities = newest_core();
    client_capabilities.as_mut().unwrap().deferral_allowed = true;
    for (name, reason, expected) in [
        ("later", Some(wire::deferred::Reason::ProviderConfigUnknown), vec!["warning: No Such Note"]),
        (UNKNOWN, None, vec!["error: Provider Bug"]),
    ] {
        let request = wire::plan_action::Request {
            action_type: APPEND.to_owned(),
            config: value(&json!({"name": name, "line": "x", "times": null})),
            client_capabilities,
        };
        let answer = sample.session.provider.plan_action(request).await.unwrap().into_inner();
        assert_eq!(said(&answer.diagnostics), expected);
        assert_eq!(answer.deferred, reason.map(|reason| wire::Deferred { reason: reason.into() }));
    }
}
