//! Schemas to the wire.

use std::collections::HashMap;

use tf_provider::schema::{
    Attribute, AttributeConstraint, AttributeType, Block, Description, FunctionSchema, NestedBlock, Parameter, Schema,
    StringKind,
};

use super::super::proto::tfplugin6 as wire;
use super::super::proto::tfplugin6::schema::nested_block::NestingMode as BlockNesting;
use super::super::proto::tfplugin6::schema::object::NestingMode as ObjectNesting;
use super::types::Type;

/// The wire form of a schema, its parts in the order of their names.
pub fn to_wire(schema: &Schema) -> wire::Schema {
    wire::Schema { version: schema.version, block: Some(block(&schema.block)) }
}

fn block(from: &Block) -> wire::schema::Block {
    let (description, description_kind) = description(&from.description);
    wire::schema::Block {
        version: from.version,
        attributes: attributes(&from.attributes),
        block_types: sorted(&from.blocks).map(|(name, block)| nested_block(name, block)).collect(),
        description,
        description_kind,
        deprecated: from.deprecated,
        ..Default::default()
    }
}

fn nested_block(name: &str, from: &NestedBlock) -> wire::schema::NestedBlock {
    // Of the limits, core wants min = max for SINGLE and none for MAP and GROUP; 0 is "no limit".
    let (nesting, inner, min_items, max_items) = match from {
        NestedBlock::Single(inner) => (BlockNesting::Single, inner, 1, 1),
        NestedBlock::Optional(inner) => (BlockNesting::List, inner, 0, 1),
        NestedBlock::List(inner) => (BlockNesting::List, inner, 0, 0),
        NestedBlock::Set(inner) => (BlockNesting::Set, inner, 0, 0),
        NestedBlock::Map(inner) => (BlockNesting::Map, inner, 0, 0),
        NestedBlock::Group(inner) => (BlockNesting::Group, inner, 0, 0),
    };
    wire::schema::NestedBlock {
        type_name: name.to_owned(),
        block: Some(block(inner)),
        nesting: nesting.into(),
        min_items,
        max_items,
    }
}

fn attributes(from: &HashMap<String, Attribute>) -> Vec<wire::schema::Attribute> {
    sorted(from).map(|(name, of)| attribute(name, of)).collect()
}

fn attribute(name: &str, from: &Attribute) -> wire::schema::Attribute {
    use AttributeConstraint::{Computed, Optional, OptionalComputed, Required};
    let (description, description_kind) = description(&from.description);
    let nested_type = nested_type(&from.attr_type);
    // Core refuses a schema in which an attribute has both forms.
    let r#type = if nested_type.is_some() { Vec::new() } else { type_json(&(&from.attr_type).into()) };
    wire::schema::Attribute {
        name: name.to_owned(),
        r#type,
        nested_type,
        description,
        description_kind,
        required: from.constraint == Required,
        optional: matches!(from.constraint, Optional | OptionalComputed),
        computed: matches!(from.constraint, Computed | OptionalComputed),
        sensitive: from.sensitive,
        deprecated: from.deprecated,
        ..Default::default()
    }
}

fn nested_type(from: &AttributeType) -> Option<wire::schema::Object> {
    let (nesting, inner) = match from {
        AttributeType::AttributeSingle(inner) => (ObjectNesting::Single, inner),
        AttributeType::AttributeList(inner) => (ObjectNesting::List, inner),
        AttributeType::AttributeSet(inner) => (ObjectNesting::Set, inner),
        AttributeType::AttributeMap(inner) => (ObjectNesting::Map, inner),
        _ => return None,
    };
    Some(wire::schema::Object { attributes: attributes(inner), nesting: nesting.into(), ..Default::default() })
}

/// The wire form of a function's schema.
pub fn function_to_wire(schema: &FunctionSchema) -> wire::Function {
    let (description, description_kind) = description(&schema.description);
    let returned = wire::function::Return { r#type: type_json(&(&schema.return_type).into()) };
    wire::Function {
        parameters: schema.parameters.iter().map(parameter).collect(),
        variadic_parameter: schema.variadic.as_ref().map(parameter),
        r#return: Some(returned),
        summary: schema.summary.clone(),
        description,
        description_kind,
        deprecation_message: schema.deprecated.clone().unwrap_or_default(),
    }
}

fn parameter(from: &Parameter) -> wire::function::Parameter {
    let (description, description_kind) = description(&from.description);
    wire::function::Parameter {
        name: from.name.clone(),
        r#type: type_json(&(&from.param_type).into()),
        allow_null_value: from.allow_null,
        allow_unknown_values: from.allow_unknown,
        description,
        description_kind,
    }
}

/// The JSON that names a type on the wire. Core panics on anything else in its place.
pub fn type_json(of: &Type) -> Vec<u8> {
    // A tree of texts cannot fail to become JSON; `"dynamic"` would fit any value.
    serde_json::to_vec(of).unwrap_or_else(|_| br#""dynamic""#.to_vec())
}

fn description(from: &Description) -> (String, i32) {
    let kind = match from.kind {
        StringKind::Plain => wire::StringKind::Plain,
        StringKind::Markdown => wire::StringKind::Markdown,
    };
    (from.content.clone(), kind.into())
}

fn sorted<T>(from: &HashMap<String, T>) -> impl Iterator<Item = (&String, &T)> {
    let mut parts: Vec<_> = from.iter().collect();
    parts.sort_unstable_by_key(|(name, _)| *name);
    parts.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_said_of_a_schema_is_sent() {
        let attribute = Attribute {
            attr_type: AttributeType::List(Box::new(AttributeType::String)),
            description: Description::markdown("An *attribute*."),
            constraint: AttributeConstraint::OptionalComputed,
            sensitive: true,
            deprecated: true,
        };
        let inner = || Block { version: 7, deprecated: true, ..Block::default() };
        let blocks = [
            ("a", NestedBlock::Single(inner()), BlockNesting::Single, 1, 1),
            ("b", NestedBlock::Optional(inner()), BlockNesting::List, 0, 1),
            ("c", NestedBlock::List(inner()), BlockNesting::List, 0, 0),
            ("d", NestedBlock::Set(inner()), BlockNesting::Set, 0, 0),
            ("e", NestedBlock::Map(inner()), BlockNesting::Map, 0, 0),
            ("f", NestedBlock::Group(inner()), BlockNesting::Group, 0, 0),
        ];
        let from = Block {
            version: 3,
            attributes: [("attribute".to_owned(), attribute)].into(),
            blocks: blocks.iter().map(|(name, block, ..)| ((*name).to_owned(), block.clone())).collect(),
            description: Description::plain("A block."),
            deprecated: false,
        };
        let sent = to_wire(&Schema { version: 3, block: from });
        let attribute = wire::schema::Attribute {
            name: "attribute".to_owned(),
            r#type: br#"["list","string"]"#.to_vec(),
            description: "An *attribute*.".to_owned(),
            description_kind: wire::StringKind::Markdown.into(),
            optional: true,
            computed: true,
            sensitive: true,
            deprecated: true,
            ..Default::default()
        };
        let nested = |(name, _, nesting, min_items, max_items): (&str, NestedBlock, BlockNesting, i64, i64)| {
            wire::schema::NestedBlock {
                type_name: name.to_owned(),
                block: Some(block(&inner())),
                nesting: nesting.into(),
                min_items,
                max_items,
            }
        };
        let expected = wire::schema::Block {
            version: 3,
            attributes: vec![attribute],
            block_types: blocks.into_iter().map(nested).collect(),
            description: "A block.".to_owned(),
            description_kind: wire::StringKind::Plain.into(),
            ..Default::default()
        };
        assert_eq!(sent, wire::Schema { version: 3, block: Some(expected) });
        assert!(
            sent.block
                .unwrap()
                .block_types
                .iter()
                .all(|nested| { nested.block.as_ref().is_some_and(|block| block.deprecated && block.version == 7) })
        );
    }
}
