//! The schema that core would load, held against what core refuses or panics on.

use serde_json::Value as Json;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use crate::client::Session;

#[tokio::test]
async fn every_schema_is_one_that_core_loads() {
    let mut session = Session::start().await;
    let schema =
        session.provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap().into_inner();
    assert!(schema.diagnostics.is_empty(), "{:?}", schema.diagnostics);
    assert!(schema.server_capabilities.unwrap().get_provider_schema_optional);
    check_schema("provider", &schema.provider.expect("core demands a provider schema"));
    assert!(schema.resource_schemas.contains_key("alicloud_iot_ota_dynamic_job"));
    for (type_name, schema) in &schema.resource_schemas {
        assert!(type_name.starts_with("alicloud_"), "{type_name}");
        check_schema(type_name, schema);
    }
}

#[tokio::test]
async fn metadata_names_what_the_schema_has() {
    let mut session = Session::start().await;
    let schema =
        session.provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap().into_inner();
    let metadata = session.provider.get_metadata(wire::get_metadata::Request {}).await.unwrap().into_inner();
    let named: Vec<_> = metadata.resources.iter().map(|resource| resource.type_name.as_str()).collect();
    let mut declared: Vec<_> = schema.resource_schemas.keys().map(String::as_str).collect();
    declared.sort_unstable();
    assert_eq!(named, declared);
    assert_eq!(metadata.server_capabilities, schema.server_capabilities);
}

fn check_schema(at: &str, schema: &wire::Schema) {
    assert!(schema.version >= 0, "{at}");
    check_block(at, schema.block.as_ref().expect("core dereferences it"));
}

fn check_block(at: &str, block: &wire::schema::Block) {
    check_description(at, "", &block.description);
    check_attributes(at, &block.attributes);
    for nested in &block.block_types {
        let at = format!("{at}.{}", nested.type_name);
        let is_name =
            |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_';
        assert!(nested.type_name.chars().all(is_name), "{at}");
        assert!(block.attributes.iter().all(|attribute| attribute.name != nested.type_name), "{at}");
        let (min, max) = (nested.min_items, nested.max_items);
        match nested.nesting() {
            wire::schema::nested_block::NestingMode::Single => assert!(min == max && (0..=1).contains(&min), "{at}"),
            wire::schema::nested_block::NestingMode::List | wire::schema::nested_block::NestingMode::Set => {
                assert!(min >= 0 && (max == 0 || min <= max), "{at}");
            }
            wire::schema::nested_block::NestingMode::Map | wire::schema::nested_block::NestingMode::Group => {
                assert_eq!((min, max), (0, 0), "{at}");
            }
            wire::schema::nested_block::NestingMode::Invalid => panic!("{at}"),
        }
        check_block(&at, nested.block.as_ref().expect("core dereferences it"));
    }
}

fn check_attributes(at: &str, attributes: &[wire::schema::Attribute]) {
    for attribute in attributes {
        let at = format!("{at}.{}", attribute.name);
        check_description(&at, &attribute.name, &attribute.description);
        assert!(attribute.required || attribute.optional || attribute.computed, "{at}");
        assert!(!(attribute.required && (attribute.optional || attribute.computed)), "{at}");
        assert_ne!(attribute.r#type.is_empty(), attribute.nested_type.is_none(), "{at}: one of the two, not both");
        match &attribute.nested_type {
            Some(nested) => check_attributes(&at, &nested.attributes),
            None => check_type(&at, &serde_json::from_slice(&attribute.r#type).expect("core panics on other bytes")),
        }
    }
}

fn check_type(at: &str, of: &Json) {
    match of {
        Json::String(name) => assert!(["string", "number", "bool", "dynamic"].contains(&name.as_str()), "{at}"),
        Json::Array(parts) => {
            assert!(["list", "set", "map"].contains(&parts[0].as_str().unwrap()), "{at}");
            check_type(at, &parts[1]);
        }
        _ => panic!("{at}: {of}"),
    }
}

/// A description is a sentence, and says more than the name.
fn check_description(at: &str, name: &str, description: &str) {
    assert!(description.ends_with('.') && description.len() > name.len() + 10, "{at}: {description:?}");
    assert!(!description.contains("  "), "{at}: {description:?}");
}
