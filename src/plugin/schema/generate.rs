//! The configuration that an object would have, for `GenerateResourceConfig`.

use std::collections::BTreeMap;

use super::super::convert::WireValue;
use super::super::proto::tfplugin6::schema::nested_block::NestingMode as BlockNesting;
use super::super::proto::tfplugin6::schema::object::NestingMode as ObjectNesting;
use super::super::proto::tfplugin6::schema::{Attribute, Block};
use super::objects::each_object;

/// The state with null for what nobody can configure, or should: computed, deprecated and write-only attributes.
pub(crate) fn configuration(mut state: WireValue, block: &Block) -> WireValue {
    configure_block(&mut state, block);
    state
}

fn configure_block(value: &mut WireValue, block: &Block) {
    let WireValue::Map(members) = value else { return };
    configure_attributes(members, &block.attributes);
    for nested in &block.block_types {
        let (Some(member), Some(inner)) = (members.get_mut(&nested.type_name), &nested.block) else { continue };
        let is_map = nested.nesting() == BlockNesting::Map;
        if inner.computed {
            // What the provider fills does not stand in a configuration.
            *member = match member {
                WireValue::List(_) => WireValue::List(Vec::new()),
                WireValue::Map(_) if is_map => WireValue::Map(BTreeMap::new()),
                _ => WireValue::Null,
            };
        } else {
            each_object(member, is_map, &mut |_, element| configure_block(element, inner));
        }
    }
}

fn configure_attributes(members: &mut BTreeMap<String, WireValue>, attributes: &[Attribute]) {
    for attribute in attributes {
        let Some(member) = members.get_mut(&attribute.name) else { continue };
        let is_configurable = attribute.required || attribute.optional;
        if !is_configurable || attribute.write_only || (attribute.deprecated && !attribute.required) {
            *member = WireValue::Null;
        } else if let Some(nested) = &attribute.nested_type {
            each_object(member, nested.nesting() == ObjectNesting::Map, &mut |_, element| {
                if let WireValue::Map(members) = element {
                    configure_attributes(members, &nested.attributes);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::proto::tfplugin6::schema::{NestedBlock, Object};
    use super::*;

    fn attribute(name: &str) -> Attribute {
        Attribute { name: name.to_owned(), ..Default::default() }
    }

    fn attributes() -> Vec<Attribute> {
        vec![
            Attribute { required: true, ..attribute("required") },
            Attribute { optional: true, computed: true, ..attribute("default") },
            Attribute { computed: true, ..attribute("computed") },
            Attribute { optional: true, deprecated: true, ..attribute("old") },
            // Without it there would be no configuration.
            Attribute { required: true, deprecated: true, ..attribute("needed") },
            Attribute { optional: true, write_only: true, ..attribute("secret") },
        ]
    }

    fn object(left: bool) -> WireValue {
        let value = |name: &str| match name {
            "computed" | "old" | "secret" if !left => WireValue::Null,
            _ => WireValue::Bool(true),
        };
        WireValue::Map(attributes().iter().map(|it| (it.name.clone(), value(&it.name))).collect())
    }

    #[test]
    fn keeps_what_can_be_configured_at_every_depth() {
        let nested = Object { attributes: attributes(), nesting: ObjectNesting::Map.into(), ..Default::default() };
        let inner = || Some(Block { attributes: attributes(), ..Default::default() });
        let listed = NestedBlock {
            type_name: "block".to_owned(),
            block: inner(),
            nesting: BlockNesting::List.into(),
            ..Default::default()
        };
        let mut filled = NestedBlock { type_name: "filled".to_owned(), ..listed.clone() };
        filled.block.as_mut().unwrap().computed = true;
        let block = Block {
            attributes: vec![Attribute { optional: true, nested_type: Some(nested), ..attribute("nested") }],
            block_types: vec![listed, filled],
            ..Default::default()
        };
        let state = |left, filled: Vec<WireValue>| {
            WireValue::Map(BTreeMap::from([
                ("nested".to_owned(), WireValue::Map(BTreeMap::from([("key".to_owned(), object(left))]))),
                ("block".to_owned(), WireValue::List(vec![object(left)])),
                ("filled".to_owned(), WireValue::List(filled)),
            ]))
        };
        assert_eq!(configuration(state(true, vec![object(true)]), &block), state(false, Vec::new()));
        assert_eq!(configuration(WireValue::Null, &block), WireValue::Null);
    }
}
