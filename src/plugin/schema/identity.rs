//! The schema of a resource's identity.

use tf_provider::schema::AttributeType;

use super::super::convert::Type;
use super::super::convert::schema::type_json;
use super::super::proto::tfplugin6 as wire;
use super::super::proto::tfplugin6::resource_identity_schema::IdentityAttribute as WireAttribute;

/// What names an object of a resource for good, and is enough to import it.
#[derive(Debug, Clone, Default)]
pub struct IdentitySchema {
    /// Counts the forms that the identity has had, beginning with 0.
    pub version: i64,
    /// Its attributes. Core takes primitives and lists of them.
    pub attributes: Vec<IdentityAttribute>,
}

/// An attribute of an identity.
#[derive(Debug, Clone)]
pub struct IdentityAttribute {
    /// Its name.
    pub name: &'static str,
    /// Its type: a primitive, or a list of a primitive.
    pub attr_type: AttributeType,
    /// Whether an import block has to give it. If it need not, the provider fills it in.
    pub required_for_import: bool,
    /// What it is, in Markdown.
    pub description: &'static str,
}

impl IdentitySchema {
    pub(crate) fn to_wire(&self) -> wire::ResourceIdentitySchema {
        let attribute = |from: &IdentityAttribute| WireAttribute {
            name: from.name.to_owned(),
            r#type: type_json(&(&from.attr_type).into()),
            required_for_import: from.required_for_import,
            optional_for_import: !from.required_for_import,
            description: from.description.to_owned(),
        };
        wire::ResourceIdentitySchema {
            version: self.version,
            identity_attributes: self.attributes.iter().map(attribute).collect(),
        }
    }

    /// The type of an identity.
    pub(crate) fn of(&self) -> Type {
        Type::Object(self.attributes.iter().map(|it| (it.name.to_owned(), (&it.attr_type).into())).collect())
    }
}
