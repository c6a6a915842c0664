//! Terraform's types, as a schema states them and as the wire spells them.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value as Json;
use tf_provider::schema::{Attribute, AttributeType, Block, NestedBlock, Type as FunctionType};

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `dynamic`: the type stands beside each value.
    Dynamic,
    /// Ordered elements of one type.
    List(Box<Type>),
    /// Unordered, unique elements of one type.
    Set(Box<Type>),
    /// Elements of one type under text keys.
    Map(Box<Type>),
    /// Attributes, each with a type of its own.
    Object(BTreeMap<String, Type>),
    /// Elements, each with a type of its own.
    Tuple(Vec<Type>),
}

impl Type {
    /// How a message calls it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Number => "number",
            Self::String => "string",
            Self::Dynamic => "dynamic",
            Self::List(_) => "list",
            Self::Set(_) => "set",
            Self::Map(_) => "map",
            Self::Object(_) => "object",
            Self::Tuple(_) => "tuple",
        }
    }
}

impl From<&Block> for Type {
    /// The type of the object that a block describes.
    fn from(block: &Block) -> Self {
        let attributes = block.attributes.iter().map(|(name, attribute)| (name.clone(), (&attribute.attr_type).into()));
        let blocks = block.blocks.iter().map(|(name, block)| (name.clone(), nested(block)));
        Self::Object(attributes.chain(blocks).collect())
    }
}

fn nested(block: &NestedBlock) -> Type {
    match block {
        NestedBlock::Single(block) | NestedBlock::Group(block) => block.into(),
        NestedBlock::List(block) | NestedBlock::Optional(block) => Type::List(Box::new(block.into())),
        NestedBlock::Set(block) => Type::Set(Box::new(block.into())),
        NestedBlock::Map(block) => Type::Map(Box::new(block.into())),
    }
}

impl From<&AttributeType> for Type {
    fn from(attribute: &AttributeType) -> Self {
        let boxed = |element: &AttributeType| Box::new(element.into());
        match attribute {
            AttributeType::String => Self::String,
            AttributeType::Number => Self::Number,
            AttributeType::Bool => Self::Bool,
            AttributeType::Any => Self::Dynamic,
            AttributeType::List(element) => Self::List(boxed(element)),
            AttributeType::Set(element) => Self::Set(boxed(element)),
            AttributeType::Map(element) => Self::Map(boxed(element)),
            AttributeType::Object(attributes) => {
                Self::Object(attributes.iter().map(|(name, of)| (name.clone(), of.into())).collect())
            }
            AttributeType::Tuple(elements) => Self::Tuple(elements.iter().map(Self::from).collect()),
            AttributeType::AttributeSingle(attributes) => object(attributes),
            AttributeType::AttributeList(attributes) => Self::List(Box::new(object(attributes))),
            AttributeType::AttributeSet(attributes) => Self::Set(Box::new(object(attributes))),
            AttributeType::AttributeMap(attributes) => Self::Map(Box::new(object(attributes))),
        }
    }
}

impl From<&FunctionType> for Type {
    fn from(of: &FunctionType) -> Self {
        let boxed = |element: &FunctionType| Box::new(element.into());
        match of {
            FunctionType::String => Self::String,
            FunctionType::Number => Self::Number,
            FunctionType::Bool => Self::Bool,
            FunctionType::Any => Self::Dynamic,
            FunctionType::List(element) => Self::List(boxed(element)),
            FunctionType::Set(element) => Self::Set(boxed(element)),
            FunctionType::Map(element) => Self::Map(boxed(element)),
            FunctionType::Object(attributes) => {
                Self::Object(attributes.iter().map(|(name, of)| (name.clone(), of.into())).collect())
            }
            FunctionType::Tuple(elements) => Self::Tuple(elements.iter().map(Self::from).collect()),
        }
    }
}

fn object(attributes: &HashMap<String, Attribute>) -> Type {
    Type::Object(attributes.iter().map(|(name, attribute)| (name.clone(), (&attribute.attr_type).into())).collect())
}

impl Serialize for Type {
    /// The JSON form: `"string"`, `["list","string"]`, `["object",{..}]`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool | Self::Number | Self::String | Self::Dynamic => serializer.serialize_str(self.name()),
            Self::List(element) | Self::Set(element) | Self::Map(element) => {
                (self.name(), element).serialize(serializer)
            }
            Self::Object(attributes) => (self.name(), attributes).serialize(serializer),
            Self::Tuple(elements) => (self.name(), elements).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_json(&Json::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

fn from_json(json: &Json) -> Result<Type, String> {
    let unknown = || format!("{json} is not a type");
    match json {
        Json::String(name) => match name.as_str() {
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            "dynamic" => Ok(Type::Dynamic),
            _ => Err(unknown()),
        },
        Json::Array(parts) => match parts.as_slice() {
            [Json::String(name), of] => composed(name, of),
            // The third part names optional attributes, which matter in configuration only.
            [Json::String(name), of @ Json::Object(_), Json::Array(_)] if name == "object" => composed(name, of),
            _ => Err(unknown()),
        },
        _ => Err(unknown()),
    }
}

fn composed(name: &str, of: &Json) -> Result<Type, String> {
    match (name, of) {
        ("list", element) => from_json(element).map(|element| Type::List(Box::new(element))),
        ("set", element) => from_json(element).map(|element| Type::Set(Box::new(element))),
        ("map", element) => from_json(element).map(|element| Type::Map(Box::new(element))),
        ("tuple", Json::Array(elements)) => elements.iter().map(from_json).collect::<Result<_, _>>().map(Type::Tuple),
        ("object", Json::Object(attributes)) => attributes
            .iter()
            .map(|(name, of)| Ok((name.clone(), from_json(of)?)))
            .collect::<Result<_, _>>()
            .map(Type::Object),
        _ => Err(format!("{name:?} is not a kind of type")),
    }
}
