//! Configuration of resources and data sources, before anything is planned.

use tf_provider::Diagnostics;

use super::{ProviderService, values, wire};

impl ProviderService {
    pub(super) async fn validate_resource(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::validate_resource_config::Request,
    ) -> Option<wire::validate_resource_config::Response> {
        let resource = self.resource(diagnostics, &request.type_name)?;
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), &resource.of)?;
        resource.part.validate(diagnostics, &config).await;
        None
    }

    pub(super) async fn validate_data_source(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::validate_data_resource_config::Request,
    ) -> Option<wire::validate_data_resource_config::Response> {
        diagnostics.errors.push(values::no_such_type("data source", &request.type_name));
        None
    }
}
