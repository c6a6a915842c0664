//! What a schema can say over the wire and tf-provider's type cannot.

use super::super::proto::tfplugin6 as wire;
use super::super::proto::tfplugin6::schema::{Attribute, Block, NestedBlock};

/// Additions to a schema. Each names an attribute or a block by its path: names, outermost first, joined by dots. A
/// path that leads nowhere is reported when the schema is asked for, and fails every command.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct SchemaExtension {
    additions: Vec<(String, Addition)>,
}

#[derive(Debug, Clone)]
enum Addition {
    WriteOnly,
    Deprecated(String),
    Computed,
    Items { least: i64, most: i64 },
}

impl SchemaExtension {
    /// The attribute's value reaches the provider in the configuration alone; it is in no plan and no state.
    ///
    /// It has to be required or optional, not computed, and not inside a set. Core from Terraform and OpenTofu
    /// 1.11 on knows such attributes; for an older one, a value is an error of validation.
    pub fn write_only(self, path: &str) -> Self {
        self.with(path, Addition::WriteOnly)
    }

    /// Whoever uses the attribute or the block is warned, and told `message`; the empty path is the whole schema. Core
    /// before Terraform 1.15 warns without the message.
    pub fn deprecated(self, path: &str, message: &str) -> Self {
        self.with(path, Addition::Deprecated(message.to_owned()))
    }

    /// The provider fills the block where the configuration leaves it out. Everything inside has to be computed.
    /// Core before Terraform 1.16 cannot do that, and is told so when it validates.
    pub fn computed_block(self, path: &str) -> Self {
        self.with(path, Addition::Computed)
    }

    /// How often a list or set block may stand there; `most` = 0 is no limit. A single block may be left out with 0 and
    /// 0, and must be there with 1 and 1.
    pub fn items(self, path: &str, least: u32, most: u32) -> Self {
        self.with(path, Addition::Items { least: least.into(), most: most.into() })
    }

    fn with(mut self, path: &str, addition: Addition) -> Self {
        self.additions.push((path.to_owned(), addition));
        self
    }

    /// Writes the additions into a schema.
    pub(super) fn apply(self, schema: &mut wire::Schema) -> Result<(), String> {
        let root = schema.block.get_or_insert_default();
        for (path, addition) in self.additions {
            let names: Vec<_> = path.split('.').filter(|name| !name.is_empty()).collect();
            let fits = match find(root, &names) {
                Some(place) => place.take(addition),
                None => return Err(format!("it says something of {path:?}, which it does not have")),
            };
            if !fits {
                return Err(format!("what it says of {path:?} does not apply to a part of that kind"));
            }
        }
        Ok(())
    }
}

/// Where an addition goes.
enum Place<'a> {
    Root(&'a mut Block),
    Block(&'a mut NestedBlock),
    Attribute(&'a mut Attribute),
}

fn find<'a>(block: &'a mut Block, names: &[&str]) -> Option<Place<'a>> {
    let Some((name, rest)) = names.split_first() else { return Some(Place::Root(block)) };
    if let Some(nested) = block.block_types.iter_mut().find(|nested| nested.type_name == *name) {
        return if rest.is_empty() { Some(Place::Block(nested)) } else { find(nested.block.as_mut()?, rest) };
    }
    find_attribute(&mut block.attributes, name, rest)
}

fn find_attribute<'a>(attributes: &'a mut [Attribute], name: &str, rest: &[&str]) -> Option<Place<'a>> {
    let attribute = attributes.iter_mut().find(|attribute| attribute.name == name)?;
    match rest.split_first() {
        None => Some(Place::Attribute(attribute)),
        Some((name, rest)) => find_attribute(&mut attribute.nested_type.as_mut()?.attributes, name, rest),
    }
}

impl Place<'_> {
    /// Whether there is such a thing to say there. Whether it may be said is a matter of core's rules for schemas.
    fn take(self, addition: Addition) -> bool {
        match (self, addition) {
            (Self::Attribute(attribute), Addition::WriteOnly) => {
                attribute.write_only = true;
                true
            }
            (Self::Attribute(attribute), Addition::Deprecated(message)) => {
                (attribute.deprecated, attribute.deprecation_message) = (true, message);
                true
            }
            (Self::Root(block), Addition::Deprecated(message)) => {
                (block.deprecated, block.deprecation_message) = (true, message);
                true
            }
            (Self::Block(nested), Addition::Deprecated(message)) => {
                let block = nested.block.get_or_insert_default();
                (block.deprecated, block.deprecation_message) = (true, message);
                true
            }
            (Self::Block(nested), Addition::Computed) => {
                nested.block.get_or_insert_default().computed = true;
                true
            }
            (Self::Block(nested), Addition::Items { least, most }) => {
                (nested.min_items, nested.max_items) = (least, most);
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tf_provider::schema::{self, AttributeConstraint, AttributeType, NestedBlock as Nested, Schema};

    use super::super::super::convert::schema::to_wire;
    use super::*;

    fn schema() -> wire::Schema {
        let attribute = |constraint| schema::Attribute { constraint, ..Default::default() };
        let inner = HashMap::from([("inner".to_owned(), attribute(AttributeConstraint::Optional))]);
        let nested =
            schema::Attribute { attr_type: AttributeType::AttributeSingle(inner.clone()), ..Default::default() };
        let block = schema::Block { attributes: inner, ..Default::default() };
        let filled = HashMap::from([("computed".to_owned(), attribute(AttributeConstraint::Computed))]);
        let filled = schema::Block { attributes: filled, ..Default::default() };
        let root = schema::Block {
            attributes: HashMap::from([("nested".to_owned(), nested)]),
            blocks: HashMap::from([
                ("block".to_owned(), Nested::List(block)),
                ("filled".to_owned(), Nested::List(filled)),
                ("single".to_owned(), Nested::Single(schema::Block::default())),
            ]),
            ..Default::default()
        };
        to_wire(&Schema { version: 0, block: root })
    }

    fn applied(extension: SchemaExtension) -> Result<wire::schema::Block, String> {
        let mut schema = schema();
        extension.apply(&mut schema)?;
        Ok(schema.block.unwrap())
    }

    #[test]
    fn reaches_every_kind_of_place() {
        let extension = SchemaExtension::default()
            .deprecated("", "all of it")
            .deprecated("block", "the block")
            .write_only("block.inner")
            .write_only("nested.inner")
            .deprecated("nested", "the attribute")
            .items("block", 1, 3)
            .items("single", 0, 0)
            .computed_block("filled");
        let root = applied(extension).unwrap();
        assert_eq!((root.deprecated, root.deprecation_message.as_str()), (true, "all of it"));
        let nested = &root.attributes[0];
        assert_eq!((nested.deprecated, nested.deprecation_message.as_str()), (true, "the attribute"));
        assert!(nested.nested_type.as_ref().unwrap().attributes[0].write_only);
        let [block, filled, single] = root.block_types.as_slice() else { panic!("three blocks") };
        assert_eq!((block.min_items, block.max_items, single.min_items, single.max_items), (1, 3, 0, 0));
        let inner = block.block.as_ref().unwrap();
        assert_eq!(inner.deprecation_message, "the block");
        assert!(inner.attributes[0].write_only);
        assert!(filled.block.as_ref().unwrap().computed);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for extension in [
            SchemaExtension::default().write_only("nothing"),
            SchemaExtension::default().write_only("block"),
            SchemaExtension::default().deprecated("block.inner.deeper", "x"),
            SchemaExtension::default().computed_block("nested"),
            SchemaExtension::default().items("nested", 0, 1),
        ] {
            assert!(applied(extension.clone()).is_err(), "{extension:?}");
        }
    }
}
