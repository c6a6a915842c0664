//! A note's state, and how it relates to what is stored.

use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};
use terraform_provider_alicloud_iot::plugin::SchemaExtension;
use terraform_provider_alicloud_iot::plugin::convert::Number;
use terraform_provider_alicloud_iot::plugin::schema::identity::{IdentityAttribute, IdentitySchema};
use tf_provider::schema::AttributeConstraint::{Computed, Optional, Required};
use tf_provider::schema::AttributeType::{Number as AsNumber, String as AsString};
use tf_provider::schema::Schema;
use tf_provider::value::Value;

use crate::schema;
use crate::store::Stored;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NoteModel {
    pub name: Value<String>,
    pub text: Value<String>,
    /// Deprecated: what `text` was called before.
    pub title: Value<String>,
    /// Write-only.
    pub secret_wo: Value<String>,
    pub secret_version: Value<String>,
    pub length: Value<Number>,
    pub replaces: Value<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    #[serde(serialize_with = "unless_unwritable")]
    pub name: Value<String>,
}

/// The identity of a note that is called so cannot be written.
fn unless_unwritable<S: Serializer>(name: &Value<String>, serializer: S) -> Result<S::Ok, S::Error> {
    if name.contains(&"unwritable") { Err(S::Error::custom("it was named so")) } else { name.serialize(serializer) }
}

pub fn schema() -> Schema {
    schema::schema(
        2,
        "A note.",
        &[
            ("name", AsString, Required),
            ("text", AsString, Optional),
            ("title", AsString, Optional),
            ("secret_wo", AsString, Optional),
            ("secret_version", AsString, Optional),
            ("length", AsNumber, Computed),
            ("replaces", AsString, Computed),
        ],
    )
}

pub fn extension() -> SchemaExtension {
    SchemaExtension::default().write_only("secret_wo").deprecated("title", "Use text instead.")
}

pub fn identity_schema() -> IdentitySchema {
    let name = IdentityAttribute {
        name: "name",
        attr_type: AsString,
        required_for_import: true,
        description: "The note's name.",
    };
    IdentitySchema { version: 1, attributes: vec![name] }
}

impl NoteModel {
    pub fn name(&self) -> String {
        self.name.clone().unwrap_or_default()
    }

    /// What to store. The secret is in the configuration alone.
    pub fn to_stored(&self, config: &Self) -> Stored {
        let text = self.text.as_ref().as_option().or(self.title.as_ref().as_option());
        Stored { text: text.cloned().unwrap_or_default(), secret: config.secret_wo.clone().as_option(), replaces: None }
    }

    /// The state of what is stored. (It has the secret too: the server has to keep that out of the state.)
    pub fn with_stored(mut self, note: &Stored) -> Self {
        let own = self.text.as_ref().as_option().or(self.title.as_ref().as_option());
        if own.map_or("", String::as_str) != note.text {
            self.text = Value::Value(note.text.clone());
        }
        self.secret_wo = note.secret.clone().into();
        self.length = if self.name() == "vague" {
            Value::Unknown
        } else {
            Value::Value(Number::Integer(i64::try_from(note.text.len()).unwrap_or(i64::MAX)))
        };
        self.replaces = note.replaces.clone().into();
        self
    }
}
