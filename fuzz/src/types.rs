//! The types to decode with: those of every schema of the provider, and one that has every kind of value.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use terraform_provider_alicloud_iot::plugin::convert::{Type, WireValue};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::schema::nested_block::NestingMode as BlockNesting;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::schema::object::NestingMode as ObjectNesting;

use crate::service;

/// What the provider offers under a name, or the provider itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The provider block.
    Provider,
    /// A managed resource.
    Resource,
    /// A data source.
    DataSource,
    /// An ephemeral resource.
    Ephemeral,
    /// A list resource's configuration.
    List,
    /// An action.
    Action,
}

/// A type that the schema declares.
#[derive(Debug, Clone)]
pub struct Declared {
    /// Whose type it is.
    pub part: Part,
    /// Its name in configurations; empty for the provider.
    pub name: String,
    /// The version of its state.
    pub version: i64,
    /// The type itself.
    pub of: Type,
    schema: wire::schema::Block,
}

impl Declared {
    /// Whether Terraform could send such a value, which it checks against the schema first: an object whose blocks are
    /// neither null nor too many.
    pub(crate) fn allows(&self, value: &WireValue) -> bool {
        allows(&self.schema, value)
    }
}

fn allows(block: &wire::schema::Block, value: &WireValue) -> bool {
    let WireValue::Map(members) = value else { return false };
    block.block_types.iter().all(|nested| {
        let each = |value: &WireValue| nested.block.as_ref().is_none_or(|block| allows(block, value));
        match members.get(&nested.type_name) {
            Some(WireValue::Unknown) => true,
            Some(WireValue::List(elements)) => {
                let most = usize::try_from(nested.max_items).unwrap_or_default();
                (most == 0 || elements.len() <= most) && elements.iter().all(each)
            }
            Some(WireValue::Map(elements)) if nested.nesting() == BlockNesting::Map => elements.values().all(each),
            Some(object) => {
                let may_be_null = nested.nesting() == BlockNesting::Single && nested.min_items == 0;
                each(object) || (may_be_null && *object == WireValue::Null)
            }
            None => false,
        }
    })
}

/// All types that the schema declares, as Terraform gets to know them.
pub static DECLARED: LazyLock<Vec<Declared>> = LazyLock::new(|| {
    let schemas = service::schemas();
    let named = |part, schemas: std::collections::HashMap<String, wire::Schema>| {
        schemas.into_iter().map(move |(name, schema)| declared(part, name, &schema))
    };
    let actions =
        schemas.action_schemas.into_iter().filter_map(|(name, action)| Some((name, action.schema?))).collect();
    let mut all: Vec<_> = schemas.provider.iter().map(|it| declared(Part::Provider, String::new(), it)).collect();
    all.extend(named(Part::Resource, schemas.resource_schemas));
    all.extend(named(Part::DataSource, schemas.data_source_schemas));
    all.extend(named(Part::Ephemeral, schemas.ephemeral_resource_schemas));
    all.extend(named(Part::List, schemas.list_resource_schemas));
    all.extend(named(Part::Action, actions));
    all.sort_by(|a, b| (a.part, &a.name).cmp(&(b.part, &b.name)));
    assert!(all.len() >= 2, "the provider and its resources have schemas");
    all
});

/// The type of that part and name.
pub fn find(part: Part, name: &str) -> Option<&'static Declared> {
    DECLARED.iter().find(|it| it.part == part && it.name == name)
}

/// A type with a member of every kind, most of which no schema has yet.
pub static EVERY_KIND: LazyLock<Type> = LazyLock::new(|| {
    let boxed = |of| Box::new(of);
    let inner = object([("a", Type::Bool), ("b", Type::Number)]);
    object([
        ("text", Type::String),
        ("number", Type::Number),
        ("truth", Type::Bool),
        ("any", Type::Dynamic),
        ("list", Type::List(boxed(Type::String))),
        ("set", Type::Set(boxed(Type::Number))),
        ("map", Type::Map(boxed(Type::List(boxed(Type::Dynamic))))),
        ("object", inner.clone()),
        ("tuple", Type::Tuple(vec![Type::String, Type::Bool, inner.clone()])),
        ("objects", Type::List(boxed(inner))),
    ])
});

fn object<const N: usize>(attributes: [(&str, Type); N]) -> Type {
    Type::Object(attributes.map(|(name, of)| (name.to_owned(), of)).into())
}

fn declared(part: Part, name: String, schema: &wire::Schema) -> Declared {
    let schema_block = schema.block.clone().unwrap_or_default();
    Declared { part, name, version: schema.version, of: block(&schema_block), schema: schema_block }
}

fn block(from: &wire::schema::Block) -> Type {
    let mut members: BTreeMap<_, _> = from.attributes.iter().map(|it| (it.name.clone(), attribute(it))).collect();
    for nested in &from.block_types {
        let inner = nested.block.as_ref().map_or_else(|| object([]), block);
        let of = match nested.nesting() {
            BlockNesting::Single | BlockNesting::Group => inner,
            BlockNesting::List => Type::List(Box::new(inner)),
            BlockNesting::Set => Type::Set(Box::new(inner)),
            BlockNesting::Map => Type::Map(Box::new(inner)),
            BlockNesting::Invalid => panic!("{} has no nesting", nested.type_name),
        };
        members.insert(nested.type_name.clone(), of);
    }
    Type::Object(members)
}

fn attribute(from: &wire::schema::Attribute) -> Type {
    let Some(nested) = &from.nested_type else {
        return serde_json::from_slice(&from.r#type).expect("an attribute has a type");
    };
    let inner = Type::Object(nested.attributes.iter().map(|it| (it.name.clone(), attribute(it))).collect());
    match nested.nesting() {
        ObjectNesting::Single => inner,
        ObjectNesting::List => Type::List(Box::new(inner)),
        ObjectNesting::Set => Type::Set(Box::new(inner)),
        ObjectNesting::Map => Type::Map(Box::new(inner)),
        ObjectNesting::Invalid => panic!("{} has no nesting", from.name),
    }
}

/// An object of a type, null but for the members given.
///
/// # Panics
///
/// If the type is not that of an object.
pub fn filled(of: &Type, members: impl IntoIterator<Item = (&'static str, WireValue)>) -> WireValue {
    let Type::Object(attributes) = of else { panic!("{of:?} is no object") };
    let mut values: BTreeMap<_, _> = attributes.keys().map(|name| (name.clone(), WireValue::Null)).collect();
    values.extend(members.into_iter().map(|(name, value)| (name.to_owned(), value)));
    WireValue::Map(values)
}

/// How many values there are in a value, itself included.
pub(crate) fn count(value: &WireValue) -> usize {
    1 + match value {
        WireValue::List(elements) => elements.iter().map(count).sum(),
        WireValue::Map(elements) => elements.values().map(count).sum(),
        WireValue::Dynamic(typed) => count(&typed.1),
        _ => 0,
    }
}
