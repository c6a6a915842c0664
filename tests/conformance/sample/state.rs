//! What becomes of a state: that of older versions, of other resources, and as a configuration.

use serde_json::{Value as Json, json};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use super::{NOTE, Sample, identity_of, note, note_of, said};

#[tokio::test]
async fn state_of_every_older_version_is_upgraded_straight_to_todays() {
    let mut sample = Sample::start().await;
    for (version, state, expected) in [
        (0, json!({"name": "one", "body": "x", "forgotten": [1]}), Ok(json!({"name": "one", "text": "x"}))),
        (1, json!({"name": "one", "text": "x", "size": "1"}), Ok(json!({"name": "one", "text": "x", "length": 1}))),
        (1, json!({"name": "one"}), Ok(json!({"name": "one"}))),
        (2, json!({"name": "one", "length": 3, "gone": true}), Ok(json!({"name": "one", "length": 3}))),
        // An older version of the provider had not marked it yet.
        (2, json!({"name": "one", "secret_wo": "hidden"}), Ok(json!({"name": "one"}))),
        (1, json!({"name": ["one"]}), Err("error: Value Cannot Be Read")),
        (3, json!({"name": "one"}), Err("error: State Version Not Supported")),
    ] {
        let raw_state = Some(wire::RawState { json: state.to_string().into_bytes(), ..Default::default() });
        let request = wire::upgrade_resource_state::Request { type_name: NOTE.to_owned(), version, raw_state };
        let answer = sample.session.provider.upgrade_resource_state(request).await.unwrap().into_inner();
        match expected {
            Ok(expected) => assert_eq!(note_of(answer.upgraded_state.as_ref()), expected, "{state}"),
            Err(error) => assert_eq!(said(&answer.diagnostics), [error], "{state}"),
        }
    }
    for version in [2, 1] {
        let flatmap = [("name".to_owned(), "one".to_owned())].into();
        let raw_state = Some(wire::RawState { json: br#"{"name":"one"}"#.to_vec(), flatmap });
        let request = wire::upgrade_resource_state::Request { type_name: NOTE.to_owned(), version, raw_state };
        let answer = sample.session.provider.upgrade_resource_state(request).await.unwrap().into_inner();
        assert_eq!(said(&answer.diagnostics), ["error: State Version Not Supported"]);
    }
}

#[tokio::test]
async fn objects_of_other_resources_move_in_if_somebody_knows_them() {
    let sample = Sample::start().await;
    let take = |type_name: &str, version, state: Json| {
        let request = wire::move_resource_state::Request {
            source_provider_address: "terraform.io/builtin/terraform".to_owned(),
            source_type_name: type_name.to_owned(),
            source_schema_version: version,
            source_state: Some(wire::RawState { json: state.to_string().into_bytes(), ..Default::default() }),
            target_type_name: NOTE.to_owned(),
            ..Default::default()
        };
        let mut provider = sample.session.provider.clone();
        async move { provider.move_resource_state(request).await.unwrap().into_inner() }
    };
    let data = |name: Json| json!({"id": "x", "input": name, "output": null});
    let answer = take("terraform_data", 0, data(json!({"type": "string", "value": "one"}))).await;
    assert_eq!(note_of(answer.target_state.as_ref()), json!({"name": "one"}));
    assert_eq!(identity_of(answer.target_identity.as_ref()), "one");
    assert_eq!(answer.target_private, br#"{"replaces":"terraform_data"}"#);
    for (type_name, version, state, error) in [
        ("terraform_data", 0, data(Json::Null), "error: No Name"),
        ("terraform_data", 9, data(Json::Null), "error: Move Is Not Supported"),
        ("null_resource", 0, json!({}), "error: Move Is Not Supported"),
        ("terraform_data", 0, json!([]), "error: Value Cannot Be Read"),
    ] {
        let answer = take(type_name, version, state).await;
        assert_eq!((said(&answer.diagnostics), answer.target_state), (vec![error.to_owned()], None), "{type_name}");
    }
}

#[tokio::test]
async fn whoever_takes_an_object_over_gets_all_that_is_kept_of_it() {
    let mut sample = Sample::start().await;
    let whole = wire::move_resource_state::Request {
        source_provider_address: "terraform.local/test/memo".to_owned(),
        source_type_name: "memo".to_owned(),
        source_state: Some(wire::RawState { json: b"{}".to_vec(), ..Default::default() }),
        source_private: br#"{"replaces":"a memo"}"#.to_vec(),
        source_identity: Some(wire::RawState { json: br#"{"name":"one"}"#.to_vec(), ..Default::default() }),
        source_identity_schema_version: 1,
        target_type_name: NOTE.to_owned(),
        ..Default::default()
    };
    let answer = sample.session.provider.move_resource_state(whole.clone()).await.unwrap().into_inner();
    assert_eq!((said(&answer.diagnostics), note_of(answer.target_state.as_ref())), (vec![], json!({"name": "one"})));
    assert_eq!(answer.target_private, whole.source_private);
    let other = wire::move_resource_state::Request { source_identity_schema_version: 0, ..whole };
    let answer = sample.session.provider.move_resource_state(other).await.unwrap().into_inner();
    assert_eq!(said(&answer.diagnostics), ["error: Move Is Not Supported"]);
}

#[tokio::test]
async fn nothing_unknown_reaches_the_state() {
    let mut sample = Sample::start().await;
    let attributes = json!({"name": "vague", "text": "x"});
    let request = wire::apply_resource_change::Request {
        planned_state: note(&attributes),
        config: note(&attributes),
        ..Default::default()
    };
    let created = sample.apply(request).await;
    // An error would taint the object.
    assert_eq!(said(&created.diagnostics), ["warning: Provider Bug"]);
    assert_eq!(note_of(created.new_state.as_ref()), attributes);
    let request = wire::read_resource::Request { current_state: created.new_state, ..Default::default() };
    assert_eq!(said(&sample.read(request).await.diagnostics), ["error: Provider Bug"]);
}

#[tokio::test]
async fn a_state_with_nothing_in_it_is_not_an_object_that_is_gone() {
    let mut sample = Sample::start().await;
    for json in [b"".to_vec(), b"null".to_vec()] {
        for version in [2, 1] {
            let raw_state = Some(wire::RawState { json: json.clone(), ..Default::default() });
            let request = wire::upgrade_resource_state::Request { type_name: NOTE.to_owned(), version, raw_state };
            let answer = sample.session.provider.upgrade_resource_state(request).await.unwrap().into_inner();
            assert_eq!((answer.diagnostics.len(), answer.upgraded_state), (1, None), "{:?}", answer.diagnostics);
        }
        let raw_identity = Some(wire::RawState { json, ..Default::default() });
        let request = wire::upgrade_resource_identity::Request { type_name: NOTE.to_owned(), version: 1, raw_identity };
        let answer = sample.session.provider.upgrade_resource_identity(request).await.unwrap().into_inner();
        assert_eq!(
            (said(&answer.diagnostics), answer.upgraded_identity),
            (vec!["error: State Is Empty".to_owned()], None)
        );
    }
}

#[tokio::test]
async fn the_configuration_of_an_object_is_what_can_be_configured() {
    let mut sample = Sample::start().await;
    let state = json!({"name": "one", "title": "old", "text": "x", "length": 1, "replaces": "none"});
    let request = wire::generate_resource_config::Request { type_name: NOTE.to_owned(), state: note(&state) };
    let answer = sample.session.provider.generate_resource_config(request).await.unwrap().into_inner();
    assert_eq!(note_of(answer.config.as_ref()), json!({"name": "one", "text": "x"}));
}
