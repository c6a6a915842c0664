//! What can be said of the block without the environment, which `terraform validate` may not have.

use tf_provider::Diagnostics;
use tf_provider::value::Value;

use super::model::{Endpoints, ProviderConfig};
use super::settings::Preflight;
use crate::iot::Endpoint;
use crate::provider::diagnostics::configuration as text;
use crate::provider::limits;

impl ProviderConfig {
    /// Unknown values are skipped one by one, and empty texts count as absent.
    pub(crate) fn validate(&self, diagnostics: &mut Diagnostics) {
        let errors = &mut diagnostics.errors;
        if let Some(region) = given(&self.region)
            && let Err(error) = Endpoint::for_region(region)
        {
            errors.push(text::invalid_region(None, region, &error));
        }
        if let Value::Value(Endpoints { iot }) = &self.endpoints
            && let Some(endpoint) = given(iot)
            && let Err(error) = Endpoint::parse(endpoint)
        {
            errors.push(text::invalid_endpoint(None, &error));
        }
        if matches!(&self.iot_instance_id, Value::Value(instance) if !limits::fits_resource_id(instance)) {
            errors.push(text::invalid_instance_id());
        }
        if let Some(name) = given(&self.preflight)
            && Preflight::named(name).is_none()
        {
            errors.push(text::invalid_preflight(None, name));
        }
    }
}

/// A text that is known and not empty.
fn given(value: &Value<String>) -> Option<&str> {
    match value {
        Value::Value(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}
