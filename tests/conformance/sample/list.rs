//! Listing, as a stream.

use serde_json::{Value as Json, json};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use super::{NOTE, Sample, identity_of, note_of, said};
use crate::values::value;

async fn listed(sample: &mut Sample, request: wire::list_resource::Request) -> Vec<wire::list_resource::Event> {
    let request = wire::list_resource::Request { type_name: NOTE.to_owned(), ..request };
    let mut stream = sample.session.provider.list_resource(request).await.unwrap().into_inner();
    let mut events = Vec::new();
    while let Some(event) = stream.message().await.unwrap() {
        events.push(event);
    }
    events
}

fn names(events: &[wire::list_resource::Event]) -> Vec<Json> {
    let objects = events.iter().filter(|event| event.identity.is_some());
    objects.map(|event| identity_of(event.identity.as_ref())).collect()
}

#[tokio::test]
async fn notes_are_streamed_up_to_the_limit() {
    let mut sample = Sample::start().await;
    for name in ["a-1", "a-2", "a-3", "b-1"] {
        sample.store(name, &format!("text of {name}"));
    }
    let request = |prefix: Json, limit| wire::list_resource::Request {
        config: value(&json!({"prefix": prefix})),
        limit,
        ..Default::default()
    };
    let events = listed(&mut sample, request(Json::Null, 100)).await;
    assert_eq!(names(&events), ["a-1", "a-2", "a-3", "b-1"]);
    assert_eq!(events[0].display_name, "text of a-1");
    assert!(events.iter().all(|event| event.resource_object.is_none()), "nobody asked for the objects");
    assert_eq!(said(&events.last().unwrap().diagnostic), ["warning: That Is All"]);

    let events = listed(&mut sample, request(json!("a"), 2)).await;
    assert_eq!(names(&events), ["a-1", "a-2"]);
    assert_eq!(events.len(), 2, "a listing that has enough ends");

    // The secret that is stored beside it is in no state, and in no list.
    std::fs::write(
        sample.file("b-1"),
        json!({"text": "text of b-1", "secret": "hidden", "replaces": null}).to_string(),
    )
    .unwrap();
    let whole = wire::list_resource::Request { include_resource_object: true, ..request(json!("b"), 0) };
    let events = listed(&mut sample, whole).await;
    assert_eq!(
        note_of(events[0].resource_object.as_ref()),
        json!({"name": "b-1", "text": "text of b-1", "length": 11})
    );
}

#[tokio::test]
async fn more_than_the_stream_buffers_arrives_whole_and_a_host_that_leaves_is_no_loss() {
    let mut sample = Sample::start().await;
    for number in 0..500 {
        sample.store(&format!("n-{number:03}"), "x");
    }
    let request = wire::list_resource::Request {
        config: value(&json!({"prefix": null})),
        include_resource_object: true,
        limit: 1000,
        ..Default::default()
    };
    assert_eq!(names(&listed(&mut sample, request.clone()).await).len(), 500);
    let without_limit = wire::list_resource::Request { limit: 0, ..request.clone() };
    assert_eq!(names(&listed(&mut sample, without_limit).await).len(), 100, "core's default");
    // Core cancels the stream once it has enough.
    let request = wire::list_resource::Request { type_name: NOTE.to_owned(), ..request };
    let mut stream = sample.session.provider.list_resource(request).await.unwrap().into_inner();
    stream.message().await.unwrap().unwrap();
    drop(stream);
    // Nothing of the listing is left to hold the end up.
    let (_, _, status) = sample.session.shut_down().await;
    assert!(status.success());
}

#[tokio::test]
async fn a_listing_that_finds_nothing_ends_when_core_goes() {
    let mut sample = Sample::start().await;
    let config = value(&json!({"prefix": "endless"}));
    let request = wire::list_resource::Request { type_name: NOTE.to_owned(), config, ..Default::default() };
    let stream = sample.session.provider.list_resource(request).await.unwrap().into_inner();
    sample.appears("begun").await;
    drop(stream);
    sample.appears("dropped").await;
}

#[tokio::test]
async fn an_error_is_the_last_event() {
    let mut sample = Sample::start().await;
    let request = wire::list_resource::Request { config: value(&json!({"prefix": [1]})), ..Default::default() };
    let events = listed(&mut sample, request).await;
    assert_eq!(events.len(), 1);
    assert_eq!(said(&events[0].diagnostic), ["error: Value Cannot Be Read"]);
    let request = wire::list_resource::Request { type_name: "sample_nothing".to_owned(), ..Default::default() };
    let mut stream = sample.session.provider.list_resource(request).await.unwrap().into_inner();
    let event = stream.message().await.unwrap().unwrap();
    assert_eq!(said(&event.diagnostic), ["error: No Such Type"]);
    assert!(stream.message().await.unwrap().is_none());

    let request = wire::list_resource::Request { config: value(&json!({"prefix": "panic"})), ..Default::default() };
    let events = listed(&mut sample, request).await;
    assert_eq!(events.len(), 1);
    assert_eq!(said(&events[0].diagnostic), ["error: Provider Bug"]);

    // An object that cannot be told is not left out without a word.
    sample.store("unwritable", "x");
    let request =
        wire::list_resource::Request { config: value(&json!({"prefix": "unwritable"})), ..Default::default() };
    let events = listed(&mut sample, request).await;
    assert_eq!((said(&events[0].diagnostic), &events[0].identity), (vec!["error: Provider Bug".to_owned()], &None));

    let config = value(&json!({"prefix": ""}));
    let request =
        wire::validate_list_resource_config::Request { type_name: NOTE.to_owned(), config, ..Default::default() };
    let answer = sample.session.provider.validate_list_resource_config(request).await.unwrap().into_inner();
    assert_eq!(said(&answer.diagnostics), ["error: Empty Prefix"]);
}
