//! Every feature of the wire, on the sample provider of this workspace.

mod action;
mod data_source;
mod end;
mod ephemeral;
mod function;
mod identity;
mod list;
mod private;
mod provider;
mod resource;
mod schema;
mod state;

use std::path::PathBuf;

use serde_json::{Value as Json, json};
use terraform_provider_alicloud_iot::plugin::convert::Type;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use crate::client::{LIMIT, Session, sample};
use crate::values::{json_of, value};

pub const NOTE: &str = "sample_note";

/// A configured sample provider.
pub struct Sample {
    pub session: Session,
    pub directory: tempfile::TempDir,
}

impl Sample {
    pub async fn start() -> Self {
        let mut sample = Self { session: Session::start_of(&sample()).await, directory: tempfile::tempdir().unwrap() };
        sample.configure().await;
        sample
    }

    pub async fn configure(&mut self) {
        let config = value(&json!({"directory": self.directory.path().to_str().unwrap()}));
        let request = wire::configure_provider::Request { config, ..Default::default() };
        let answer = self.session.provider.configure_provider(request).await.unwrap().into_inner();
        assert_eq!(answer.diagnostics, []);
    }

    /// The file of a note.
    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(format!("{name}.json"))
    }

    /// Puts a note there, as if somebody else had.
    pub fn store(&self, name: &str, text: &str) {
        std::fs::write(self.file(name), json!({"text": text, "secret": null, "replaces": null}).to_string()).unwrap();
    }

    /// What the file of a note holds.
    pub fn stored(&self, name: &str) -> Json {
        serde_json::from_slice(&std::fs::read(self.file(name)).unwrap()).unwrap()
    }

    /// Waits until a note is there.
    pub async fn appears(&self, name: &str) {
        let there = async {
            while !self.file(name).exists() {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(LIMIT, there).await.unwrap_or_else(|_| panic!("{name} is not written"));
    }

    /// The plan and what was planned, for a change between two of the note's states.
    pub async fn plan(&mut self, request: wire::plan_resource_change::Request) -> wire::plan_resource_change::Response {
        let request = wire::plan_resource_change::Request { type_name: NOTE.to_owned(), ..request };
        self.session.provider.plan_resource_change(request).await.unwrap().into_inner()
    }

    pub async fn apply(
        &mut self,
        request: wire::apply_resource_change::Request,
    ) -> wire::apply_resource_change::Response {
        let request = wire::apply_resource_change::Request { type_name: NOTE.to_owned(), ..request };
        self.session.provider.apply_resource_change(request).await.unwrap().into_inner()
    }

    pub async fn read(&mut self, request: wire::read_resource::Request) -> wire::read_resource::Response {
        let request = wire::read_resource::Request { type_name: NOTE.to_owned(), ..request };
        self.session.provider.read_resource(request).await.unwrap().into_inner()
    }
}

/// A note's attributes; those not given are null.
pub fn note(attributes: &Json) -> Option<wire::DynamicValue> {
    let mut note = json!({
        "name": null, "text": null, "title": null, "secret_wo": null, "secret_version": null, "length": null,
        "replaces": null,
    });
    let given = attributes.as_object().unwrap().clone();
    assert!(given.keys().all(|name| note.as_object().unwrap().contains_key(name)), "{attributes}");
    note.as_object_mut().unwrap().extend(given);
    value(&note)
}

/// The attributes of a note that are not null; unknown ones are [`UNKNOWN`].
pub fn note_of(value: Option<&wire::DynamicValue>) -> Json {
    let text = |name: &str| (name.to_owned(), Type::String);
    let attributes = ["name", "text", "title", "secret_wo", "secret_version", "replaces"].map(text);
    let of = Type::Object(attributes.into_iter().chain([("length".to_owned(), Type::Number)]).collect());
    json_of(value, &of)
}

/// A plan to create a note.
pub fn create(attributes: &Json) -> wire::plan_resource_change::Request {
    wire::plan_resource_change::Request {
        proposed_new_state: note(attributes),
        config: note(attributes),
        client_capabilities: newest_core(),
        ..Default::default()
    }
}

/// The identity of a note.
pub fn identity(name: &str) -> Option<wire::ResourceIdentityData> {
    Some(wire::ResourceIdentityData { identity_data: value(&json!({"name": name})) })
}

/// The name in a note's identity.
pub fn identity_of(identity: Option<&wire::ResourceIdentityData>) -> Json {
    let of = Type::Object([("name".to_owned(), Type::String)].into());
    identity.map_or(Json::Null, |identity| json_of(identity.identity_data.as_ref(), &of)["name"].clone())
}

/// What core from Terraform 1.16 on says of itself.
pub fn newest_core() -> Option<wire::ClientCapabilities> {
    Some(wire::ClientCapabilities {
        deferral_allowed: false,
        write_only_attributes_allowed: true,
        store_planned_private: true,
        computed_blocks_allowed: true,
    })
}

/// Summaries with their severities, such as `error: Forbidden`.
pub fn said(diagnostics: &[wire::Diagnostic]) -> Vec<String> {
    let severity = |it: &wire::Diagnostic| if it.severity() as i32 == 1 { "error" } else { "warning" };
    diagnostics.iter().map(|it| format!("{}: {}", severity(it), it.summary)).collect()
}

/// The first step of a diagnostic's path.
pub fn attribute(diagnostic: &wire::Diagnostic) -> Option<&str> {
    match diagnostic.attribute.as_ref()?.steps.first()?.selector.as_ref()? {
        wire::attribute_path::step::Selector::AttributeName(name) => Some(name),
        _ => None,
    }
}
