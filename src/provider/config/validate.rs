//! What can be said of the block without the environment, which `terraform validate` may not have.

use tf_provider::Diagnostics;
use tf_provider::value::Value;

use super::argument::Reader;
use super::model::ProviderConfig;
use super::settings::Preflight;
use crate::iot::Endpoint;
use crate::provider::diagnostics::configuration as text;
use crate::provider::limits;

impl ProviderConfig {
    /// Unknown values are skipped one by one, and empty texts count as absent.
    pub(crate) fn validate(&self, diagnostics: &mut Diagnostics) {
        let mut reader = Reader::of_block();
        self.network(&mut reader);
        self.credentials(&mut reader);
        if let Some(region) = reader.text("region", &self.region, &[])
            && let Err(error) = Endpoint::for_region(&region.value)
        {
            reader.errors.push(text::invalid_region(None, &region.value, &error));
        }
        if let Some(name) = reader.text("preflight", &self.preflight, &[])
            && Preflight::named(&name.value).is_none()
        {
            reader.errors.push(text::invalid_preflight(None, &name.value));
        }
        if matches!(&self.iot_instance_id, Value::Value(instance) if !limits::fits_resource_id(instance)) {
            reader.errors.push(text::invalid_instance_id());
        }
        diagnostics.errors.extend(reader.errors);
    }
}
