//! The private data beside an object, on their way through the calls.

use serde_json::{Value as Json, json};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use super::{Sample, create, note, note_of, said};

#[tokio::test]
async fn the_private_data_of_a_plan_reaches_the_plan_that_follows_it() {
    let mut sample = Sample::start().await;
    let prior = json!({"name": "one", "text": "x", "length": 1});
    let config = json!({"name": "two", "text": "x"});
    let first = sample
        .plan(wire::plan_resource_change::Request {
            prior_state: note(&prior),
            proposed_new_state: note(&json!({"name": "two", "text": "x", "length": 1})),
            config: note(&config),
            ..Default::default()
        })
        .await;
    assert_eq!(first.planned_private, br#"{"replaces":"one"}"#);
    // Core plans a replacement again, as a creation, with what the first plan left.
    let again = wire::plan_resource_change::Request { prior_private: first.planned_private.clone(), ..create(&config) };
    let second = sample.plan(again).await;
    assert_eq!(second.planned_private, br#"{"replaces":"one"}"#);
    // From 1.16 on it plans once more during apply, with the data of the plan that was approved.
    let again = wire::plan_resource_change::Request { planned_private: second.planned_private, ..create(&config) };
    let last = sample.plan(again).await;
    assert_eq!(last.planned_private, br#"{"replaces":"one"}"#);
    let applied = sample
        .apply(wire::apply_resource_change::Request {
            planned_state: last.planned_state,
            planned_private: last.planned_private,
            config: note(&config),
            ..Default::default()
        })
        .await;
    assert_eq!(note_of(applied.new_state.as_ref())["replaces"], "one");
}

#[tokio::test]
async fn reading_keeps_the_private_data_and_an_error_says_nothing_of_the_object() {
    let mut sample = Sample::start().await;
    sample.store("one", "hello");
    let private = br#"{"replaces":"zero"}"#.to_vec();
    let request = wire::read_resource::Request {
        current_state: note(&json!({"name": "one", "text": "hello", "length": 5})),
        private: private.clone(),
        ..Default::default()
    };
    let answer = sample.read(request.clone()).await;
    assert_eq!((said(&answer.diagnostics), answer.private), (vec![], private));
    std::fs::write(sample.file("one"), "no note").unwrap();
    let answer = sample.read(request).await;
    // A state of null would be one that is gone.
    assert_eq!((said(&answer.diagnostics), answer.new_state), (vec!["error: The Store Failed".to_owned()], None));
}

#[tokio::test]
async fn what_cannot_be_destroyed_stays_with_the_private_data_that_destroying_left() {
    let mut sample = Sample::start().await;
    let state = json!({"name": "one", "text": "hello", "length": 5});
    let destroy = |private: &[u8]| wire::apply_resource_change::Request {
        prior_state: note(&state),
        planned_private: private.to_vec(),
        ..Default::default()
    };
    // A directory is not removed as a file is.
    std::fs::create_dir(sample.file("one")).unwrap();
    let answer = sample.apply(destroy(br#"{"replaces":"zero"}"#)).await;
    assert_eq!(said(&answer.diagnostics), ["error: The Store Failed"]);
    assert_eq!(
        (note_of(answer.new_state.as_ref()), answer.private),
        (state.clone(), br#"{"replaces":"zero, once"}"#.to_vec())
    );
    std::fs::remove_dir(sample.file("one")).unwrap();
    let answer = sample.apply(destroy(br#"{"replaces":"zero"}"#)).await;
    assert_eq!((said(&answer.diagnostics), note_of(answer.new_state.as_ref())), (vec![], Json::Null));
    assert_eq!(answer.private, b"", "nothing is kept of what is gone");
}

#[tokio::test]
async fn a_planned_destroy_keeps_the_private_data() {
    let mut sample = Sample::start().await;
    let private = br#"{"replaces":"one"}"#.to_vec();
    let request = wire::plan_resource_change::Request {
        prior_state: note(&json!({"name": "two"})),
        prior_private: private.clone(),
        ..Default::default()
    };
    let planned = sample.plan(request.clone()).await;
    assert_eq!((note_of(planned.planned_state.as_ref()), planned.planned_private), (Json::Null, private.clone()));
    // In the form that this version gives them, whichever wrote them.
    let older = br#"{"replaces": "one", "forgotten": true}"#.to_vec();
    let planned = sample.plan(wire::plan_resource_change::Request { prior_private: older, ..request }).await;
    assert_eq!((said(&planned.diagnostics), planned.planned_private), (vec![], private));
}

#[tokio::test]
async fn private_data_that_cannot_be_written_costs_no_object() {
    let mut sample = Sample::start().await;
    let attributes = json!({"name": "one", "text": "unwritable"});
    let private = br#"{"replaces":null}"#.to_vec();
    let request = wire::apply_resource_change::Request {
        planned_state: note(&attributes),
        config: note(&attributes),
        planned_private: private.clone(),
        ..Default::default()
    };
    // An error beside a new object would taint it.
    let created = sample.apply(request.clone()).await;
    assert_eq!(said(&created.diagnostics), ["warning: Provider Bug"]);
    let state = json!({"name": "one", "text": "unwritable", "length": 10});
    assert_eq!((note_of(created.new_state.as_ref()), &created.private), (state.clone(), &private));
    let updated =
        sample.apply(wire::apply_resource_change::Request { prior_state: created.new_state, ..request }).await;
    assert_eq!(said(&updated.diagnostics), ["error: Provider Bug"]);
    assert_eq!((note_of(updated.new_state.as_ref()), updated.private), (state, private));
}
