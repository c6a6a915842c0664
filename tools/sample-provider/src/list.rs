//! Notes that exist.

use async_trait::async_trait;
use serde::Deserialize;
use terraform_provider_alicloud_iot::plugin::traits::{Found, ListResource, Listed};
use tf_provider::Diagnostics;
use tf_provider::schema::{AttributeConstraint, AttributeType, Schema};
use tf_provider::value::Value;

use crate::note::{Identity, NoteModel};
use crate::schema::{diagnostic, schema};
use crate::store::{Store, Stored};

#[derive(Debug)]
pub struct Notes(pub Store);

#[derive(Debug, Deserialize)]
pub struct Config {
    prefix: Value<String>,
}

impl Notes {
    /// Looks on for ever and finds nothing. Two notes say that it has begun, and that it was dropped.
    async fn endless(&self, diagnostics: &mut Diagnostics) {
        struct Dropped<'a>(&'a Store);
        impl Drop for Dropped<'_> {
            fn drop(&mut self) {
                let _ = self.0.write(&mut Diagnostics::default(), "dropped", &Stored::default());
            }
        }
        let _dropped = Dropped(&self.0);
        self.0.write(diagnostics, "begun", &Stored::default());
        std::future::pending().await
    }
}

#[async_trait]
impl ListResource for Notes {
    type Config = Config;
    type Identity = Identity;
    type State = NoteModel;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<Schema> {
        Some(schema(0, "Notes.", &[("prefix", AttributeType::String, AttributeConstraint::Optional)]))
    }

    async fn validate(&self, diagnostics: &mut Diagnostics, config: Config) {
        if config.prefix == Value::Value(String::new()) {
            diagnostics.errors.push(diagnostic("Empty Prefix", "Leave it out instead.", Some("prefix")));
        }
    }

    async fn list(&self, diagnostics: &mut Diagnostics, config: Config, found: &mut Found<Self>) {
        let prefix = config.prefix.unwrap_or_default();
        #[allow(clippy::panic)]
        match prefix.as_str() {
            "endless" => return self.endless(diagnostics).await,
            "panic" => panic!("nobody is told why"),
            _ => {}
        }
        let Some(notes) = self.0.all(diagnostics) else { return };
        let wanted = usize::try_from(found.left()).unwrap_or(usize::MAX);
        for (name, note) in notes.into_iter().filter(|(name, _)| name.starts_with(&prefix)).take(wanted) {
            let name = Value::Value(name);
            let state = NoteModel { name: name.clone(), ..NoteModel::default() }.with_stored(&note);
            let object = Listed { display_name: note.text, identity: Identity { name }, state: Some(state) };
            if found.send(object).await.is_err() {
                return;
            }
        }
        // Nobody is left to warn once enough was found.
        let _ = found.warn(diagnostic("That Is All", "There are no more notes.", None)).await;
    }
}
