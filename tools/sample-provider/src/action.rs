//! `sample_append`: adds lines to a note.

use async_trait::async_trait;
use serde::Deserialize;
use terraform_provider_alicloud_iot::plugin::Call;
use terraform_provider_alicloud_iot::plugin::call::DeferredReason;
use terraform_provider_alicloud_iot::plugin::convert::Number;
use terraform_provider_alicloud_iot::plugin::traits::{Action, Progress};
use tf_provider::Diagnostics;
use tf_provider::schema::{AttributeConstraint, AttributeType, Schema};
use tf_provider::value::Value;

use crate::schema::{diagnostic, schema};
use crate::store::Store;

#[derive(Debug)]
pub struct Append(pub Store);

#[derive(Debug, Deserialize)]
pub struct Config {
    name: Value<String>,
    line: Value<String>,
    times: Value<Number>,
}

#[async_trait]
impl Action for Append {
    type Config = Config;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<Schema> {
        let attributes = [
            ("name", AttributeType::String, AttributeConstraint::Required),
            ("line", AttributeType::String, AttributeConstraint::Required),
            ("times", AttributeType::Number, AttributeConstraint::Optional),
        ];
        Some(schema(0, "Adds lines to a note.", &attributes))
    }

    async fn validate(&self, diagnostics: &mut Diagnostics, config: Config) {
        if config.line == Value::Value(String::new()) {
            diagnostics.errors.push(diagnostic("Empty Line", "There is nothing to add.", Some("line")));
        }
    }

    async fn plan(&self, diagnostics: &mut Diagnostics, config: Config) {
        let call = Call::current();
        if call.client().deferral_allowed {
            match &config.name {
                Value::Unknown => call.defer(DeferredReason::ResourceConfigUnknown),
                Value::Value(name) if name == "later" => call.defer(DeferredReason::ProviderConfigUnknown),
                _ => {}
            }
        }
        if let Value::Value(name) = config.name
            && self.0.read(diagnostics, &name) == Some(None)
        {
            diagnostics.warnings.push(diagnostic("No Such Note", "It will have to be there by then.", Some("name")));
        }
    }

    async fn invoke(&self, diagnostics: &mut Diagnostics, config: Config, progress: &Progress) {
        let (name, line) = (config.name.unwrap_or_default(), config.line.unwrap_or_default());
        #[allow(clippy::panic)]
        if name == "panic" {
            panic!("the line {line:?} is not shown");
        }
        let times = config.times.as_ref().as_option().and_then(Number::as_integer).unwrap_or(1);
        let Some(note) = self.0.read(diagnostics, &name) else { return };
        let Some(mut note) = note else {
            diagnostics.errors.push(diagnostic("No Such Note", format!("There is no note {name:?}."), Some("name")));
            return;
        };
        for time in 1..=times {
            if Call::current().stop().is_cancelled() {
                diagnostics.errors.push(diagnostic("Interrupted", "Some lines were added, some were not.", None));
                return;
            }
            note.text.push_str(&line);
            self.0.write(diagnostics, &name, &note);
            progress.report(format!("{time} of {times}")).await;
        }
    }
}
