//! Write-only attributes: they reach the provider in the configuration, and nothing else may hold them.

use std::collections::BTreeMap;

use tf_provider::{AttributePath, AttributePathStep, Diagnostic};

use super::super::convert::WireValue;
use super::super::convert::diagnostics::diagnostic;
use super::super::proto::tfplugin6::schema::nested_block::NestingMode as BlockNesting;
use super::super::proto::tfplugin6::schema::object::NestingMode as ObjectNesting;
use super::super::proto::tfplugin6::schema::{Attribute, Block};
use super::objects::each_object;

/// The value with null in the place of every write-only attribute.
///
/// Core demands that of plans and states, and puts the configured values into what it proposes.
pub(super) fn nulled(mut value: WireValue, block: &Block) -> WireValue {
    each(&mut value, block, &mut Vec::new(), &mut |_, value| *value = WireValue::Null);
    value
}

/// An error for every write-only attribute that has a value, for core that would store it.
pub(super) fn refused(config: &WireValue, block: &Block) -> Vec<Diagnostic> {
    let mut refused = Vec::new();
    each(&mut config.clone(), block, &mut Vec::new(), &mut |path, value| {
        if *value != WireValue::Null {
            refused.push(diagnostic(
                "Write-Only Attribute Not Supported",
                "This version of Terraform would store the value of a write-only attribute in its state. Leave the \
                 attribute out, or use Terraform or OpenTofu 1.11 or later.",
                AttributePath { steps: path.to_vec() },
            ));
        }
    });
    refused
}

/// Whether there is any, at whatever depth.
pub(super) fn is_in_block(block: &Block) -> bool {
    is_in_attributes(&block.attributes)
        || block.block_types.iter().filter_map(|nested| nested.block.as_ref()).any(is_in_block)
}

fn is_in_attributes(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.write_only
            || attribute.nested_type.as_ref().is_some_and(|nested| is_in_attributes(&nested.attributes))
    })
}

type Visit<'a> = dyn FnMut(&[AttributePathStep], &mut WireValue) + 'a;

fn each(value: &mut WireValue, block: &Block, path: &mut Vec<AttributePathStep>, visit: &mut Visit<'_>) {
    let WireValue::Map(members) = value else { return };
    each_attribute(members, &block.attributes, path, visit);
    for nested in &block.block_types {
        if let (Some(member), Some(block)) = (members.get_mut(&nested.type_name), &nested.block) {
            let is_map = nested.nesting() == BlockNesting::Map;
            path.push(AttributePathStep::Attribute(nested.type_name.clone().into()));
            each_element(member, is_map, path, &mut |element, path| each(element, block, path, visit));
            path.pop();
        }
    }
}

fn each_attribute(
    members: &mut BTreeMap<String, WireValue>,
    attributes: &[Attribute],
    path: &mut Vec<AttributePathStep>,
    visit: &mut Visit<'_>,
) {
    for attribute in attributes {
        let Some(member) = members.get_mut(&attribute.name) else { continue };
        path.push(AttributePathStep::Attribute(attribute.name.clone().into()));
        if attribute.write_only {
            visit(path, member);
        } else if let Some(nested) = &attribute.nested_type {
            let is_map = nested.nesting() == ObjectNesting::Map;
            each_element(member, is_map, path, &mut |element, path| {
                if let WireValue::Map(members) = element {
                    each_attribute(members, &nested.attributes, path, visit);
                }
            });
        }
        path.pop();
    }
}

/// The same for each object in a nested value, with the path leading to it.
fn each_element(
    value: &mut WireValue,
    is_map: bool,
    path: &mut Vec<AttributePathStep>,
    visit: &mut dyn FnMut(&mut WireValue, &mut Vec<AttributePathStep>),
) {
    each_object(value, is_map, &mut |step, element| {
        let outside = path.len();
        path.extend(step);
        visit(element, path);
        path.truncate(outside);
    });
}

#[cfg(test)]
mod tests {
    use super::super::super::proto::tfplugin6::schema::{NestedBlock, Object};
    use super::*;

    fn secret() -> Attribute {
        Attribute { name: "secret".to_owned(), write_only: true, ..Default::default() }
    }

    /// A secret at the root, in every kind of nested attribute and in every kind of block.
    fn block() -> Block {
        let nested = |(name, nesting): (&str, ObjectNesting)| Attribute {
            name: name.to_owned(),
            nested_type: Some(Object { attributes: vec![secret()], nesting: nesting.into(), ..Default::default() }),
            ..Default::default()
        };
        let block = |(name, nesting): (&str, BlockNesting)| NestedBlock {
            type_name: name.to_owned(),
            block: Some(Block { attributes: vec![secret()], ..Default::default() }),
            nesting: nesting.into(),
            ..Default::default()
        };
        let attributes =
            [("a_one", ObjectNesting::Single), ("a_list", ObjectNesting::List), ("a_map", ObjectNesting::Map)];
        let blocks = [("b_one", BlockNesting::Single), ("b_list", BlockNesting::List), ("b_map", BlockNesting::Map)];
        Block {
            attributes: attributes.into_iter().map(nested).chain([secret()]).collect(),
            block_types: blocks.into_iter().map(block).collect(),
            ..Default::default()
        }
    }

    fn map(members: &[(&str, WireValue)]) -> WireValue {
        WireValue::Map(members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }

    fn config(secret: &WireValue) -> WireValue {
        let one = || map(&[("secret", secret.clone())]);
        let list = || WireValue::List(vec![one(), one()]);
        // A key that is an attribute's name as well must not pass for one.
        let keyed = || map(&[("secret", one())]);
        map(&[
            ("secret", secret.clone()),
            ("a_one", one()),
            ("a_list", list()),
            ("a_map", keyed()),
            ("b_one", one()),
            ("b_list", list()),
            ("b_map", keyed()),
        ])
    }

    #[test]
    fn every_write_only_attribute_is_found_wherever_it_stands() {
        let value = WireValue::String("hidden".to_owned());
        assert_eq!(nulled(config(&value), &block()), config(&WireValue::Null));
        let paths: Vec<_> = refused(&config(&value), &block()).iter().map(|it| it.attribute.to_string()).collect();
        let places = ["a_one", "a_list[0]", "a_list[1]", "a_map[\"secret\"]", "b_one", "b_list[0]", "b_list[1]"];
        let mut expected: Vec<_> = places.iter().map(|place| format!("{place}.secret")).collect();
        expected.insert(4, "secret".to_owned());
        expected.push("b_map[\"secret\"].secret".to_owned());
        assert_eq!(paths, expected);
        assert!(refused(&config(&WireValue::Null), &block()).is_empty());
        assert!(refused(&WireValue::Null, &block()).is_empty());
    }

    #[test]
    fn one_in_any_place_is_noticed() {
        let Block { attributes, block_types, .. } = block();
        let alone = attributes.into_iter().map(|attribute| Block { attributes: vec![attribute], ..Block::default() });
        let nested = block_types.into_iter().map(|nested| Block { block_types: vec![nested], ..Block::default() });
        for block in alone.chain(nested) {
            assert!(is_in_block(&block), "{block:?}");
        }
        assert!(!is_in_block(&Block::default()));
    }

    #[test]
    fn other_schemas_leave_values_alone() {
        let value = config(&WireValue::Bool(true));
        assert_eq!(nulled(value.clone(), &Block::default()), value);
    }
}
