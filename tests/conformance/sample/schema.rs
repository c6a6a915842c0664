//! What the provider says of itself.

use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use super::{NOTE, Sample};

#[tokio::test]
async fn schema_and_metadata_name_everything_that_is_offered() {
    let mut sample = Sample::start().await;
    let provider = &mut sample.session.provider;
    let schema = provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap().into_inner();
    let metadata = provider.get_metadata(wire::get_metadata::Request {}).await.unwrap().into_inner();
    assert_eq!((schema.diagnostics.len(), metadata.diagnostics.len()), (0, 0));
    macro_rules! same_names {
        ($($schemas:ident = $entries:ident.$name:ident, $count:literal;)+) => {$(
            let mut declared: Vec<_> = schema.$schemas.keys().cloned().collect();
            declared.sort_unstable();
            assert_eq!(metadata.$entries.iter().map(|it| it.$name.clone()).collect::<Vec<_>>(), declared);
            assert_eq!(declared.len(), $count, stringify!($schemas));
        )+};
    }
    same_names! {
        resource_schemas = resources.type_name, 2;
        data_source_schemas = data_sources.type_name, 1;
        ephemeral_resource_schemas = ephemeral_resources.type_name, 1;
        list_resource_schemas = list_resources.type_name, 1;
        action_schemas = actions.type_name, 1;
        functions = functions.name, 2;
    }
    let capabilities = schema.server_capabilities.unwrap();
    assert_eq!(metadata.server_capabilities, Some(capabilities));
    assert!(capabilities.move_resource_state && capabilities.generate_resource_config && capabilities.plan_destroy);

    let functions = provider.get_functions(wire::get_functions::Request {}).await.unwrap().into_inner();
    assert_eq!(functions.functions, schema.functions);
    let function = &functions.functions["join_words"];
    assert_eq!(function.parameters[0].r#type, b"\"string\"");
    let words = function.variadic_parameter.as_ref().unwrap();
    assert_eq!((words.name.as_str(), function.summary.as_str()), ("words", "Joins words."));
    // Whether core calls it with null and with what is not known yet, which the function has to expect then.
    assert!(function.parameters[0].allow_null_value && !words.allow_null_value);
    assert!(!function.parameters[0].allow_unknown_values && !words.allow_unknown_values);
    assert_eq!(function.r#return.as_ref().unwrap().r#type, b"\"string\"");
    assert!(schema.action_schemas["sample_append"].schema.as_ref().unwrap().block.is_some(), "core dereferences it");
}

#[tokio::test]
async fn what_tf_providers_schema_cannot_say_is_on_the_wire() {
    let mut sample = Sample::start().await;
    let provider = &mut sample.session.provider;
    let schema = provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap().into_inner();
    let note = schema.resource_schemas[NOTE].block.clone().unwrap();
    let attribute = |name: &str| note.attributes.iter().find(|it| it.name == name).unwrap();
    assert!(attribute("secret_wo").write_only && !attribute("text").write_only);
    assert_eq!(
        (attribute("title").deprecated, attribute("title").deprecation_message.as_str()),
        (true, "Use text instead.")
    );
    let journal = schema.resource_schemas["sample_journal"].block.clone().unwrap();
    assert_eq!((journal.deprecated, journal.deprecation_message.as_str()), (true, "Write notes."));
    let page = &journal.block_types[0];
    assert_eq!((page.min_items, page.max_items, page.block.as_ref().unwrap().computed), (0, 9, true));
    let source = schema.data_source_schemas[NOTE].block.clone().unwrap();
    assert!(source.attributes.iter().any(|it| it.name == "text" && it.deprecation_message == "Read the file."));
}

#[tokio::test]
async fn identity_schemas_are_those_of_resources_that_have_one() {
    let mut sample = Sample::start().await;
    let request = wire::get_resource_identity_schemas::Request {};
    let answer = sample.session.provider.get_resource_identity_schemas(request).await.unwrap().into_inner();
    assert_eq!(answer.diagnostics, []);
    assert_eq!(answer.identity_schemas.keys().collect::<Vec<_>>(), [NOTE]);
    let schema = &answer.identity_schemas[NOTE];
    let name = &schema.identity_attributes[0];
    assert_eq!((schema.version, name.name.as_str(), name.r#type.as_slice()), (1, "name", &b"\"string\""[..]));
    assert!(name.required_for_import && !name.optional_for_import, "core demands exactly one");
}

#[tokio::test]
async fn state_stores_are_not_implemented() {
    let mut sample = Sample::start().await;
    let error = sample.session.provider.get_states(wire::get_states::Request::default()).await.unwrap_err();
    assert_eq!(error.code(), tonic::Code::Unimplemented);
    let error = sample.session.provider.lock_state(wire::lock_state::Request::default()).await.unwrap_err();
    assert_eq!(error.code(), tonic::Code::Unimplemented);
}
