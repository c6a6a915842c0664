//! Data sources.

use tf_provider::Diagnostics;

use super::super::call::Call;
use super::super::convert::diagnostics::provider_bug;
use super::{ProviderService, values, wire};

impl ProviderService {
    pub(super) async fn validate_data_source(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::validate_data_resource_config::Request,
    ) -> Option<wire::validate_data_resource_config::Response> {
        let source = values::named(diagnostics, "data source", &self.definition.data_sources, &request.type_name)?;
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), &source.schema.of)?;
        source.part.validate(diagnostics, &config).await;
        None
    }

    pub(super) async fn read_data_source(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::read_data_source::Request,
    ) -> Option<wire::read_data_source::Response> {
        let source = values::named(diagnostics, "data source", &self.definition.data_sources, &request.type_name)?;
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), &source.schema.of)?;
        let call = Call::current();
        call.set_client(request.client_capabilities);
        let found = source.part.read(diagnostics, &config).await;
        let deferred = values::deferred(diagnostics, &call);
        if found.is_none() && deferred.is_none() && diagnostics.errors.is_empty() {
            diagnostics.errors.push(provider_bug("nothing was read, and no reason was given"));
        }
        let state = found.and_then(|state| {
            let state = values::wholly_known(diagnostics, state);
            values::write(diagnostics, &state, &source.schema.of)
        });
        Some(wire::read_data_source::Response { state, deferred, ..Default::default() })
    }
}
