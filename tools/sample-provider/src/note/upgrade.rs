//! What older versions wrote, and what other resources wrote.

use serde::Deserialize;
use terraform_provider_alicloud_iot::plugin::convert::Number;
use terraform_provider_alicloud_iot::plugin::traits::MoveSource;
use tf_provider::Diagnostics;
use tf_provider::schema::AttributeConstraint::{Computed, Optional, Required};
use tf_provider::schema::AttributeType::{Any, Number as AsNumber, String as AsString};
use tf_provider::schema::Schema;
use tf_provider::value::Value;

use super::{NoteModel, Private};
use crate::schema::{diagnostic, schema};

#[derive(Deserialize)]
pub struct Version0 {
    name: Value<String>,
    body: Value<String>,
}

#[derive(Deserialize)]
pub struct Version1 {
    name: Value<String>,
    text: Value<String>,
    size: Value<Number>,
}

pub fn schema_0() -> Schema {
    schema(0, "A note, once.", &[("name", AsString, Required), ("body", AsString, Optional)])
}

pub fn schema_1() -> Schema {
    let attributes = [("name", AsString, Required), ("text", AsString, Optional), ("size", AsNumber, Computed)];
    schema(1, "A note, later.", &attributes)
}

pub fn from_0(_diagnostics: &mut Diagnostics, old: Version0) -> Option<NoteModel> {
    Some(NoteModel { name: old.name, text: old.body, ..NoteModel::default() })
}

pub fn from_1(_diagnostics: &mut Diagnostics, old: Version1) -> Option<NoteModel> {
    Some(NoteModel { name: old.name, text: old.text, length: old.size, ..NoteModel::default() })
}

/// Turns a built-in `terraform_data` whose input is a note's name into that note.
pub fn from_terraform_data(diagnostics: &mut Diagnostics, source: &MoveSource) -> Option<(NoteModel, Option<Private>)> {
    #[derive(Deserialize)]
    struct Data {
        input: Value<String>,
    }
    if source.type_name != "terraform_data" || source.schema_version != 0 {
        return None;
    }
    let data: Data = source.read(diagnostics, &schema(0, "Data.", &[("input", Any, Optional)]))?;
    if data.input.is_null() {
        diagnostics.errors.push(diagnostic("No Name", "Its input has to be the name of a note.", None));
    }
    let private = Private { replaces: Some("terraform_data".to_owned()), ..Private::default() };
    Some((NoteModel { name: data.input, ..NoteModel::default() }, Some(private)))
}

/// Turns a memo of another provider into the note that its identity names, with all that is kept beside it.
pub fn from_memo(_diagnostics: &mut Diagnostics, source: &MoveSource) -> Option<(NoteModel, Option<Private>)> {
    #[derive(Deserialize)]
    struct Identity {
        name: String,
    }
    if source.type_name != "memo"
        || source.provider_address != "terraform.local/test/memo"
        || source.identity_version != 1
    {
        return None;
    }
    let Identity { name } = serde_json::from_slice(&source.identity).ok()?;
    let private = serde_json::from_slice(&source.private).ok()?;
    Some((NoteModel { name: Value::Value(name), ..NoteModel::default() }, private))
}
