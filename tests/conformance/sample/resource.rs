//! What a managed resource can do beyond tf-provider's trait.

use serde_json::{Value as Json, json};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use super::{NOTE, Sample, attribute, identity, identity_of, newest_core, note, note_of, said};
use crate::values::{UNKNOWN, value};

fn create(attributes: &Json) -> wire::plan_resource_change::Request {
    wire::plan_resource_change::Request {
        proposed_new_state: note(attributes),
        config: note(attributes),
        client_capabilities: newest_core(),
        ..Default::default()
    }
}

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
    }
}

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
async fn state_of_every_older_version_is_upgraded_straight_to_todays() {
    let mut sample = Sample::start().await;
    for (version, state, expected) in [
        (0, json!({"name": "one", "body": "x", "forgotten": [1]}), Ok(json!({"name": "one", "text": "x"}))),
        (1, json!({"name": "one", "text": "x", "size": "1"}), Ok(json!({"name": "one", "text": "x", "length": 1}))),
        (1, json!({"name": "one"}), Ok(json!({"name": "one"}))),
        (2, json!({"name": "one", "length": 3, "gone": true}), Ok(json!({"name": "one", "length": 3}))),
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
async fn a_plan_is_deferred_only_where_core_allows_it() {
    let mut sample = Sample::start().await;
    let mut request = create(&json!({"name": "one", "text": UNKNOWN}));
    let planned = sample.plan(request.clone()).await;
    assert_eq!((planned.diagnostics.len(), planned.deferred), (0, None));
    request.client_capabilities.as_mut().unwrap().deferral_allowed = true;
    let planned = sample.plan(request).await;
    let reason = wire::deferred::Reason::ResourceConfigUnknown.into();
    assert_eq!((planned.diagnostics.len(), planned.deferred), (0, Some(wire::Deferred { reason })));
    assert_eq!(note_of(planned.planned_state.as_ref())["name"], "one");
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
async fn a_planned_destroy_keeps_the_private_data() {
    let mut sample = Sample::start().await;
    let private = br#"{"replaces":"one"}"#.to_vec();
    let request = wire::plan_resource_change::Request {
        prior_state: note(&json!({"name": "two"})),
        prior_private: private.clone(),
        ..Default::default()
    };
    let planned = sample.plan(request).await;
    assert_eq!((note_of(planned.planned_state.as_ref()), planned.planned_private), (Json::Null, private));
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

#[tokio::test]
async fn a_panic_is_a_diagnostic_of_its_call_alone_and_says_nothing_of_values() {
    let mut sample = Sample::start().await;
    let planned = sample.plan(create(&json!({"name": "panic", "text": "hush-hush"}))).await;
    assert_eq!(said(&planned.diagnostics), ["error: Provider Bug"]);
    assert!(planned.diagnostics[0].detail.contains("PlanResourceChange"));
    let planned = sample.plan(create(&json!({"name": "one"}))).await;
    assert_eq!(planned.diagnostics, []);
    let (_, stderr, status) = sample.session.shut_down().await;
    assert!(status.success());
    assert!(!stderr.contains("hush-hush"), "{stderr}");
}
