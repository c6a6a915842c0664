//! A schema in Markdown, in the form that users of registries are used to.

use std::fmt::Write as _;

use serde_json::Value as Json;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::resource_identity_schema::IdentityAttribute;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::schema::nested_block::NestingMode as BlockNesting;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::schema::object::NestingMode as ObjectNesting;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::schema::{Attribute, Block, NestedBlock};

/// The block that gets a section of its own, as users expect it.
const TIMEOUTS: &str = "timeouts";

/// The groups in which arguments and attributes are listed.
#[derive(Clone, Copy, PartialEq)]
enum Group {
    Required,
    Optional,
    ReadOnly,
}

impl Group {
    const ALL: [(Self, &str); 3] =
        [(Self::Required, "Required"), (Self::Optional, "Optional"), (Self::ReadOnly, "Read-Only")];

    fn of_attribute(attribute: &Attribute) -> Self {
        match (attribute.required, attribute.optional) {
            (true, _) => Self::Required,
            (_, true) => Self::Optional,
            _ => Self::ReadOnly,
        }
    }

    fn of_block(nested: &NestedBlock) -> Self {
        let is_computed = nested.block.as_ref().is_some_and(|block| block.computed);
        match (is_computed, nested.min_items) {
            (true, _) => Self::ReadOnly,
            (_, 0) => Self::Optional,
            _ => Self::Required,
        }
    }
}

/// What is inside something, documented below it.
enum Inside<'a> {
    Block(&'a Block),
    Attributes(&'a [Attribute]),
}

/// The schema of a whole page, without the timeouts.
pub(super) fn whole(block: &Block) -> String {
    let mut text = String::new();
    members(&mut text, "", &Inside::Block(block), "\n### ", "\n");
    text
}

/// The timeouts as a list; none if they cannot be set.
pub(super) fn timeouts(block: &Block) -> Option<String> {
    let timeouts = block.block_types.iter().find(|nested| nested.type_name == TIMEOUTS)?;
    let attributes = &timeouts.block.as_ref()?.attributes;
    Some(attributes.iter().map(|it| line(&it.name, &format!("({})", of(it)), &it.description)).collect())
}

/// What an identity consists of.
pub(super) fn identity(attributes: &[IdentityAttribute]) -> String {
    let mut text = String::new();
    for (title, required) in [("Required", true), ("Optional", false)] {
        let group: Vec<_> = attributes.iter().filter(|it| it.required_for_import == required).collect();
        if !group.is_empty() {
            let _ = write!(text, "\n#### {title}\n\n");
            for it in group {
                text += &line(&it.name, &format!("({})", type_name(&it.r#type)), &it.description);
            }
        }
    }
    text
}

/// Lists the members in their groups, then what is inside them.
fn members(text: &mut String, at: &str, inside: &Inside<'_>, before: &str, after: &str) {
    let (attributes, blocks) = match inside {
        Inside::Block(block) => (block.attributes.as_slice(), block.block_types.as_slice()),
        Inside::Attributes(attributes) => (*attributes, [].as_slice()),
    };
    let mut deeper = Vec::new();
    for (group, title) in Group::ALL {
        let mut lines = Vec::new();
        for attribute in attributes.iter().filter(|it| Group::of_attribute(it) == group) {
            lines.push((&attribute.name, attribute_line(at, attribute)));
            if let Some(nested) = &attribute.nested_type {
                deeper.push(("nestedatt", &attribute.name, Inside::Attributes(&nested.attributes)));
            }
        }
        for nested in blocks.iter().filter(|it| Group::of_block(it) == group) {
            lines.push((&nested.type_name, block_line(at, nested, title)));
            if let Some(block) = nested.block.as_ref().filter(|_| !is_timeouts(at, nested)) {
                deeper.push(("nestedblock", &nested.type_name, Inside::Block(block)));
            }
        }
        lines.sort_unstable_by_key(|(name, _)| *name);
        if !lines.is_empty() {
            let _ = writeln!(text, "{before}{title}{after}");
            lines.iter().for_each(|(_, line)| *text += line);
        }
    }
    for (kind, name, inside) in deeper {
        let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        let anchor = anchor(kind, &path);
        let _ = write!(text, "\n<a id=\"{anchor}\"></a>\n### Nested Schema for `{path}`\n");
        members(text, &path, &inside, "\n", ":\n");
    }
}

fn is_timeouts(at: &str, nested: &NestedBlock) -> bool {
    at.is_empty() && nested.type_name == TIMEOUTS
}

fn attribute_line(at: &str, attribute: &Attribute) -> String {
    let mut kinds = vec![of(attribute)];
    for (flag, word) in [
        (attribute.sensitive, "Sensitive"),
        (attribute.deprecated, "Deprecated"),
        (
            attribute.write_only,
            "[Write-only](https://developer.hashicorp.com/terraform/language/resources/ephemeral#write-only-arguments)",
        ),
    ] {
        if flag {
            kinds.push(word.to_owned());
        }
    }
    let below = if attribute.nested_type.is_some() { below(at, "nestedatt", &attribute.name) } else { String::new() };
    line(&attribute.name, &format!("({})", kinds.join(", ")), &(attribute.description.clone() + &below))
}

fn block_line(at: &str, nested: &NestedBlock, group: &str) -> String {
    let several = match nested.nesting() {
        BlockNesting::List if nested.max_items != 1 => "Block List",
        BlockNesting::Set => "Block Set",
        BlockNesting::Map => "Block Map",
        _ => "Block",
    };
    let mut kinds = vec![several.to_owned(), group.to_owned()];
    for (bound, word) in [(nested.min_items, "Min"), (nested.max_items, "Max")] {
        if bound > 0 && several != "Block" {
            kinds.push(format!("{word}: {bound}"));
        }
    }
    let description = nested.block.as_ref().map(|block| block.description.clone()).unwrap_or_default();
    let below = if is_timeouts(at, nested) {
        " (see [Timeouts](#timeouts))".to_owned()
    } else {
        below(at, "nestedblock", &nested.type_name)
    };
    line(&nested.type_name, &format!("({})", kinds.join(", ")), &(description + &below))
}

fn below(at: &str, kind: &str, name: &str) -> String {
    let path = if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    format!(" (see [below for nested schema](#{}))", anchor(kind, &path))
}

fn anchor(kind: &str, path: &str) -> String {
    format!("{kind}--{}", path.replace('.', "--"))
}

fn line(name: &str, kind: &str, description: &str) -> String {
    format!("- `{name}` {kind} {description}\n")
}

/// The type of an attribute in words.
fn of(attribute: &Attribute) -> String {
    match attribute.nested_type.as_ref().map(|nested| nested.nesting()) {
        None => type_name(&attribute.r#type),
        Some(ObjectNesting::List) => "Attributes List".to_owned(),
        Some(ObjectNesting::Set) => "Attributes Set".to_owned(),
        Some(ObjectNesting::Map) => "Attributes Map".to_owned(),
        Some(ObjectNesting::Single | ObjectNesting::Invalid) => "Attributes".to_owned(),
    }
}

fn type_name(json: &[u8]) -> String {
    in_words(&serde_json::from_slice(json).unwrap())
}

fn in_words(of: &Json) -> String {
    match of {
        Json::String(primitive) if primitive == "bool" => "Boolean".to_owned(),
        Json::String(primitive) => {
            let (first, rest) = primitive.split_at(1);
            first.to_uppercase() + rest
        }
        Json::Array(parts) if parts[0] == "object" => "Object".to_owned(),
        Json::Array(parts) => format!("{} of {}", in_words(&parts[0]), in_words(&parts[1])),
        other => panic!("{other} is no type"),
    }
}
