//! The provider block: checked, then taken into use.

use tf_provider::Diagnostics;

use super::super::call::Call;
use super::{ProviderService, values, wire};

impl ProviderService {
    pub(super) async fn validate_provider(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::validate_provider_config::Request,
    ) -> Option<wire::validate_provider_config::Response> {
        let provider = &self.definition.provider;
        let config = values::read(diagnostics, "provider configuration", request.config.as_ref(), &provider.schema.of)?;
        provider.part.validate(diagnostics, &config).await;
        None
    }

    pub(super) async fn configure(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::configure_provider::Request,
    ) -> Option<wire::configure_provider::Response> {
        self.calls.begin();
        let provider = &self.definition.provider;
        let config = values::read(diagnostics, "provider configuration", request.config.as_ref(), &provider.schema.of)?;
        Call::current().set_client(request.client_capabilities);
        provider.part.configure(diagnostics, request.terraform_version, &config).await;
        None
    }
}
