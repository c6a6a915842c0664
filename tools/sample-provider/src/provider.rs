//! The provider block.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tf_provider::schema::{AttributeConstraint, AttributeType, Schema};
use tf_provider::value::Value;
use tf_provider::{Diagnostics, Provider};

use crate::schema::{diagnostic, schema};
use crate::store::Store;

pub struct Sample(pub Store);

#[derive(Serialize, Deserialize)]
pub struct Config {
    directory: Value<String>,
}

#[async_trait]
impl Provider for Sample {
    type Config<'a> = Config;
    type MetaState<'a> = Value<()>;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<Schema> {
        let attributes = [("directory", AttributeType::String, AttributeConstraint::Required)];
        Some(schema(0, "Keeps notes in a directory.", &attributes))
    }

    async fn validate<'a>(&self, diagnostics: &mut Diagnostics, config: Config) -> Option<()> {
        if config.directory.contains(&"") {
            diagnostics.errors.push(diagnostic("No Directory", "An empty path is none.", Some("directory")));
        }
        Some(())
    }

    async fn configure<'a>(&self, diagnostics: &mut Diagnostics, version: String, config: Config) -> Option<()> {
        if version.starts_with("0.") {
            diagnostics.errors.push(diagnostic("Too Old", format!("Version {version} knows no notes."), None));
        }
        self.0.configure(config.directory.as_option().map(Into::into));
        Some(())
    }
}
