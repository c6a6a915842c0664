//! `sample_note` to read: the text of a note.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use terraform_provider_alicloud_iot::plugin::call::DeferredReason;
use terraform_provider_alicloud_iot::plugin::{Call, SchemaExtension};
use tf_provider::schema::{AttributeConstraint, AttributeType, Schema};
use tf_provider::value::Value;
use tf_provider::{DataSource, Diagnostics};

use crate::schema::{diagnostic, schema};
use crate::store::Store;

#[derive(Debug)]
pub struct NoteSource(pub Store);

#[derive(Debug, Serialize, Deserialize)]
pub struct NoteData {
    name: Value<String>,
    text: Value<String>,
}

pub fn extension() -> SchemaExtension {
    SchemaExtension::default().deprecated("text", "Read the file.")
}

#[async_trait]
impl DataSource for NoteSource {
    type State<'a> = NoteData;
    type ProviderMetaState<'a> = Value<()>;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<Schema> {
        let attributes = [
            ("name", AttributeType::String, AttributeConstraint::Required),
            ("text", AttributeType::String, AttributeConstraint::Computed),
        ];
        Some(schema(0, "A note to read.", &attributes))
    }

    async fn validate<'a>(&self, diagnostics: &mut Diagnostics, config: NoteData) -> Option<()> {
        if config.name.contains(&"forbidden") {
            diagnostics.errors.push(diagnostic("Forbidden", "No note is called so.", Some("name")));
        }
        Some(())
    }

    async fn read<'a>(&self, diagnostics: &mut Diagnostics, config: NoteData, _: Value<()>) -> Option<NoteData> {
        let name = config.name.clone().unwrap_or_default();
        match name.as_str() {
            "later" => {
                Call::current().defer(DeferredReason::AbsentPrerequisite);
                return None;
            }
            "nothing" => return None,
            "vague" => return Some(NoteData { text: Value::Unknown, ..config }),
            _ => {}
        }
        let Some(note) = self.0.read(diagnostics, &name)? else {
            diagnostics.errors.push(diagnostic("No Such Note", format!("There is no note {name:?}."), Some("name")));
            return None;
        };
        Some(NoteData { text: Value::Value(note.text), ..config })
    }
}
