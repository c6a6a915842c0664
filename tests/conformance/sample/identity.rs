//! Identities of objects, and importing by them.

use serde_json::{Value as Json, json};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use super::{NOTE, Sample, create, identity, identity_of, note, note_of, said};
use crate::values::value;

#[tokio::test]
async fn the_identity_goes_along_and_never_changes() {
    let mut sample = Sample::start().await;
    sample.store("one", "hello");
    let state = json!({"name": "one", "text": "hello", "length": 5});
    let read = |current_identity| wire::read_resource::Request {
        current_state: note(&state),
        current_identity,
        ..Default::default()
    };
    let answer = sample.read(read(None)).await;
    assert_eq!(identity_of(answer.new_identity.as_ref()), "one");
    let answer = sample.read(read(identity("one"))).await;
    assert_eq!((identity_of(answer.new_identity.as_ref()), said(&answer.diagnostics)), (json!("one"), vec![]));
    let answer = sample.read(read(identity("other"))).await;
    assert_eq!(said(&answer.diagnostics), ["error: Provider Bug"]);
    let none = wire::ResourceIdentityData { identity_data: value(&Json::Null) };
    let answer = sample.read(read(Some(none))).await;
    assert_eq!((identity_of(answer.new_identity.as_ref()), said(&answer.diagnostics)), (json!("one"), vec![]));

    // A plan to change keeps it, a plan to replace hands the old one on, and one to create has none yet.
    let change = |attributes: &Json| wire::plan_resource_change::Request {
        prior_state: note(&state),
        proposed_new_state: note(attributes),
        config: note(attributes),
        prior_identity: identity("one"),
        ..Default::default()
    };
    let planned = sample.plan(change(&json!({"name": "one", "text": "hello", "length": 5}))).await;
    assert_eq!(identity_of(planned.planned_identity.as_ref()), "one");
    let planned = sample.plan(change(&json!({"name": "two", "text": "hello", "length": 5}))).await;
    assert_eq!(identity_of(planned.planned_identity.as_ref()), "one");
    assert_eq!(planned.requires_replace.len(), 1);
    // As core does for a replacement, with what the first plan answered.
    let again =
        wire::plan_resource_change::Request { prior_identity: identity("one"), ..create(&json!({"name": "two"})) };
    assert_eq!(sample.plan(again).await.planned_identity, None);
    let planned = sample.plan(create(&json!({"name": "two"}))).await;
    assert_eq!(planned.planned_identity, None);
    let applied = sample
        .apply(wire::apply_resource_change::Request {
            planned_state: planned.planned_state,
            // Whatever core has of an earlier object: an error would taint the new one.
            planned_identity: identity("one"),
            config: note(&json!({"name": "two"})),
            ..Default::default()
        })
        .await;
    assert_eq!((said(&applied.diagnostics), identity_of(applied.new_identity.as_ref())), (vec![], json!("two")));

    // What is gone has none.
    std::fs::remove_file(sample.file("one")).unwrap();
    let answer = sample.read(read(identity("one"))).await;
    assert_eq!((note_of(answer.new_state.as_ref()), answer.new_identity), (Json::Null, None));
    assert_eq!(answer.diagnostics, []);
}

#[tokio::test]
async fn import_takes_an_id_or_an_identity() {
    let sample = Sample::start().await;
    sample.store("one", "hello");
    let import = |id: &str, identity| {
        let request = wire::import_resource_state::Request {
            type_name: NOTE.to_owned(),
            id: id.to_owned(),
            identity,
            ..Default::default()
        };
        let mut provider = sample.session.provider.clone();
        async move { provider.import_resource_state(request).await.unwrap().into_inner() }
    };
    for (id, given) in [("one", None), ("", identity("one"))] {
        let answer = import(id, given).await;
        let [imported] = answer.imported_resources.as_slice() else { panic!("{answer:?}") };
        assert_eq!((imported.type_name.as_str(), imported.private.as_slice()), (NOTE, &b""[..]));
        assert_eq!(note_of(imported.state.as_ref())["text"], "hello");
        assert_eq!(identity_of(imported.identity.as_ref()), "one");
    }
    let replacing = json!({"text": "hello", "secret": null, "replaces": "one"});
    std::fs::write(sample.file("two"), replacing.to_string()).unwrap();
    let answer = import("two", None).await;
    assert_eq!(answer.imported_resources[0].private, br#"{"replaces":"one"}"#);
    let answer = import("", identity("none")).await;
    assert_eq!(
        (said(&answer.diagnostics), answer.imported_resources),
        (vec!["error: No Such Note".to_owned()], vec![])
    );
    let odd = Some(wire::ResourceIdentityData { identity_data: value(&json!({"other": 1})) });
    let answer = import("", odd).await;
    assert_eq!(said(&answer.diagnostics), ["error: Value Cannot Be Read"]);
}

#[tokio::test]
async fn an_identity_of_an_older_version_is_upgraded() {
    let mut sample = Sample::start().await;
    for (version, json, expected) in [
        (0, br#"{"id":"one"}"#.to_vec(), Ok("one")),
        (1, br#"{"name":"one"}"#.to_vec(), Ok("one")),
        (0, br#"{"name":"one"}"#.to_vec(), Err("error: State Version Not Supported")),
        (0, Vec::new(), Err("error: State Version Not Supported")),
        (7, br#"{"id":"one"}"#.to_vec(), Err("error: State Version Not Supported")),
    ] {
        let raw_identity = Some(wire::RawState { json, ..Default::default() });
        let request = wire::upgrade_resource_identity::Request { type_name: NOTE.to_owned(), version, raw_identity };
        let answer = sample.session.provider.upgrade_resource_identity(request).await.unwrap().into_inner();
        match expected {
            Ok(name) => assert_eq!(identity_of(answer.upgraded_identity.as_ref()), name),
            Err(error) => assert_eq!(said(&answer.diagnostics), [error]),
        }
    }
}

#[tokio::test]
async fn an_import_is_deferred_only_where_core_allows_it() {
    let mut sample = Sample::start().await;
    let allowed = wire::ClientCapabilities { deferral_allowed: true, ..Default::default() };
    let reason = wire::deferred::Reason::AbsentPrereq.into();
    for (client_capabilities, deferred, expected) in [
        (Some(allowed), Some(wire::Deferred { reason }), vec![]),
        (None, None, vec!["error: Too Much Is Unknown".to_owned()]),
    ] {
        let request = wire::import_resource_state::Request {
            type_name: NOTE.to_owned(),
            id: "later".to_owned(),
            client_capabilities,
            ..Default::default()
        };
        let answer = sample.session.provider.import_resource_state(request).await.unwrap().into_inner();
        assert_eq!((said(&answer.diagnostics), answer.deferred), (expected, deferred));
        assert_eq!(answer.imported_resources, []);
    }
}
