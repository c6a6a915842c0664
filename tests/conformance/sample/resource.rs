//! What a managed resource can do beyond tf-provider's trait.

use serde_json::json;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use super::{NOTE, Sample, attribute, create, identity, identity_of, newest_core, note, note_of, said};
use crate::values::{UNKNOWN, value};

#[tokio::test]
async fn a_write_only_value_arrives_in_the_configuration_and_stays_out_of_plan_and_state() {
    let mut sample = Sample::start().await;
    let config = json!({"name": "one", "text": "hello", "secret_wo": "hidden"});
    let planned = sample.plan(create(&config)).await;
    assert_eq!(planned.diagnostics, []);
    let expected = json!({"name": "one", "text": "hello", "length": UNKNOWN, "replaces": UNKNOWN});
    assert_eq!(note_of(planned.planned_state.as_ref()), expected);
    let request = wire::apply_resource_change::Request {
        planned_state: planned.planned_state,
        planned_private: planned.planned_private,
        config: note(&config),
        ..Default::default()
    };
    let applied = sample.apply(request).await;
    assert_eq!(applied.diagnostics, []);
    let state = json!({"name": "one", "text": "hello", "length": 5});
    assert_eq!(note_of(applied.new_state.as_ref()), state);
    assert_eq!(sample.stored("one")["secret"], "hidden");
    let request = wire::read_resource::Request { current_state: applied.new_state, ..Default::default() };
    let read = sample.read(request).await;
    assert_eq!(note_of(read.new_state.as_ref()), state);
    let request =
        wire::import_resource_state::Request { type_name: NOTE.to_owned(), id: "one".to_owned(), ..Default::default() };
    let imported = sample.session.provider.import_resource_state(request).await.unwrap().into_inner();
    assert_eq!(note_of(imported.imported_resources[0].state.as_ref()), state);
}

#[tokio::test]
async fn core_that_would_store_a_write_only_value_is_refused_one() {
    let mut sample = Sample::start().await;
    for (attributes, capabilities, expected) in [
        (json!({"name": "one", "secret_wo": "hidden"}), None, vec!["error: Write-Only Attribute Not Supported"]),
        (json!({"name": "one", "secret_wo": UNKNOWN}), None, vec!["error: Write-Only Attribute Not Supported"]),
        (json!({"name": "one"}), None, vec![]),
        (json!({"name": "one", "secret_wo": "hidden"}), newest_core(), vec![]),
    ] {
        let request = wire::validate_resource_config::Request {
            type_name: NOTE.to_owned(),
            config: note(&attributes),
            client_capabilities: capabilities,
        };
        let answer = sample.session.provider.validate_resource_config(request).await.unwrap().into_inner();
        assert_eq!(said(&answer.diagnostics), expected, "{attributes}");
        assert!(answer.diagnostics.iter().all(|it| attribute(it) == Some("secret_wo")));
    }
}

#[tokio::test]
async fn core_that_knows_no_computed_blocks_is_told_so() {
    let mut sample = Sample::start().await;
    let config = value(&json!({"title": null, "page": []}));
    for (client_capabilities, expected) in
        [(None, vec!["error: Computed Block Not Supported"]), (newest_core(), Vec::new())]
    {
        let request = wire::validate_resource_config::Request {
            type_name: "sample_journal".to_owned(),
            config: config.clone(),
            client_capabilities,
        };
        let answer = sample.session.provider.validate_resource_config(request).await.unwrap().into_inner();
        assert_eq!(said(&answer.diagnostics), expected);
        assert!(answer.diagnostics.iter().all(|it| attribute(it) == Some("page")));
    }
}

#[tokio::test]
async fn an_update_gets_all_that_core_sent() {
    let mut sample = Sample::start().await;
    sample.store("one", "old");
    let prior = note(&json!({"name": "one", "text": "old", "length": 3}));
    let config = json!({"name": "one", "text": "newer", "secret_wo": "hidden"});
    let private = br#"{"replaces":"zero"}"#.to_vec();
    let planned = sample
        .plan(wire::plan_resource_change::Request {
            prior_state: prior.clone(),
            prior_private: private.clone(),
            ..create(&config)
        })
        .await;
    assert_eq!((said(&planned.diagnostics), &planned.planned_private), (vec![], &private));
    let expected = json!({"name": "one", "text": "newer", "length": UNKNOWN});
    assert_eq!(note_of(planned.planned_state.as_ref()), expected);
    let request = wire::apply_resource_change::Request {
        prior_state: prior,
        planned_state: planned.planned_state,
        planned_private: planned.planned_private,
        config: note(&config),
        ..Default::default()
    };
    let updated = sample.apply(request).await;
    assert_eq!((said(&updated.diagnostics), updated.private), (vec![], private));
    assert_eq!(note_of(updated.new_state.as_ref()), json!({"name": "one", "text": "newer", "length": 5}));
    assert_eq!(sample.stored("one"), json!({"text": "newer", "secret": "hidden", "replaces": null}));
}

#[tokio::test]
async fn a_plan_looks_at_what_is_in_the_configuration_alone() {
    let mut sample = Sample::start().await;
    let creation = create(&json!({"name": "one", "secret_wo": "forbidden"}));
    let update = wire::plan_resource_change::Request { prior_state: note(&json!({"name": "one"})), ..creation.clone() };
    for request in [creation, update] {
        let planned = sample.plan(request).await;
        assert_eq!(said(&planned.diagnostics), ["error: Forbidden"]);
        assert_eq!((attribute(&planned.diagnostics[0]), planned.planned_state), (Some("secret_wo"), None));
    }
}

#[tokio::test]
async fn a_plan_is_deferred_only_where_core_allows_it() {
    let mut sample = Sample::start().await;
    let mut request = create(&json!({"name": "one", "text": UNKNOWN}));
    let planned = sample.plan(request.clone()).await;
    assert_eq!((planned.diagnostics.len(), planned.deferred), (0, None));
    request.client_capabilities.as_mut().unwrap().deferral_allowed = true;
    let planned = sample.plan(request).await;
    let reason = wire::deferred::Reason::ResourceConfigUnknown.into();
    assert_eq!((planned.diagnostics.len(), planned.deferred), (0, Some(wire::Deferred { reason })));
    // What the resource planned goes before what core proposes.
    let expected = json!({"name": "one", "text": UNKNOWN, "length": UNKNOWN, "replaces": UNKNOWN});
    assert_eq!(note_of(planned.planned_state.as_ref()), expected);
}

#[tokio::test]
async fn what_is_deferred_without_an_answer_keeps_what_was_there() {
    let mut sample = Sample::start().await;
    let client_capabilities =
        Some(wire::ClientCapabilities { deferral_allowed: true, ..newest_core().unwrap_or_default() });
    let deferred = Some(wire::Deferred { reason: wire::deferred::Reason::AbsentPrereq.into() });
    let state = json!({"name": "later", "text": "x", "length": 1});
    let private = br#"{"replaces":"one"}"#.to_vec();
    let answer = sample
        .read(wire::read_resource::Request {
            current_state: note(&state),
            private: private.clone(),
            current_identity: identity("later"),
            client_capabilities,
            ..Default::default()
        })
        .await;
    assert_eq!((said(&answer.diagnostics), answer.deferred), (vec![], deferred));
    assert_eq!((note_of(answer.new_state.as_ref()), &answer.private), (state, &private));
    assert_eq!(identity_of(answer.new_identity.as_ref()), "later");
    let config = json!({"name": "later", "text": "x"});
    let plan =
        wire::plan_resource_change::Request { client_capabilities, prior_private: private.clone(), ..create(&config) };
    let planned = sample.plan(plan.clone()).await;
    assert_eq!((said(&planned.diagnostics), planned.deferred), (vec![], deferred));
    assert_eq!((note_of(planned.planned_state.as_ref()), planned.planned_private), (config, private));
    // Core that does not allow it would take the rest of the answer for real.
    let planned = sample.plan(wire::plan_resource_change::Request { client_capabilities: newest_core(), ..plan }).await;
    assert_eq!((said(&planned.diagnostics), planned.deferred), (vec!["error: Too Much Is Unknown".to_owned()], None));
}

#[tokio::test]
async fn an_operation_that_answers_nothing_and_says_nothing_is_an_error() {
    let mut sample = Sample::start().await;
    let bug = ["error: Provider Bug"];
    let state = || note(&json!({"name": "nothing"}));
    let planned = sample.plan(create(&json!({"name": "nothing"}))).await;
    assert_eq!((said(&planned.diagnostics), planned.planned_state), (bug.map(str::to_owned).to_vec(), None));
    let gone = wire::plan_resource_change::Request { prior_state: state(), ..Default::default() };
    assert_eq!(said(&sample.plan(gone).await.diagnostics), bug);
    let create = wire::apply_resource_change::Request { planned_state: state(), config: state(), ..Default::default() };
    assert_eq!(said(&sample.apply(create).await.diagnostics), bug);
    let destroy = wire::apply_resource_change::Request { prior_state: state(), ..Default::default() };
    assert_eq!(said(&sample.apply(destroy).await.diagnostics), bug);
    let provider = &mut sample.session.provider;
    let (type_name, id) = (NOTE.to_owned(), "nothing".to_owned());
    let import = wire::import_resource_state::Request { type_name: type_name.clone(), id, ..Default::default() };
    assert_eq!(said(&provider.import_resource_state(import).await.unwrap().into_inner().diagnostics), bug);
    let config = value(&json!({"name": "nothing", "text": null}));
    let read = wire::read_data_source::Request { type_name, config, ..Default::default() };
    assert_eq!(said(&provider.read_data_source(read).await.unwrap().into_inner().diagnostics), bug);
}

#[tokio::test]
async fn a_panic_is_a_diagnostic_of_its_call_alone_and_says_nothing_of_values() {
    let mut sample = Sample::start().await;
    let planned = sample.plan(create(&json!({"name": "panic", "text": "hush-hush"}))).await;
    assert_eq!(said(&planned.diagnostics), ["error: Provider Bug"]);
    let detail = &planned.diagnostics[0].detail;
    assert!(detail.contains("call: PlanResourceChange") && detail.contains("end: panicked"), "{detail}");
    let planned = sample.plan(create(&json!({"name": "one"}))).await;
    assert_eq!(planned.diagnostics, []);
    let (_, stderr, status) = sample.session.shut_down().await;
    assert!(status.success());
    assert!(!stderr.contains("hush-hush"), "{stderr}");
}
