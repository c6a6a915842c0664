//! Ephemeral resources.

use tf_provider::Diagnostics;

use super::super::call::Call;
use super::super::convert::diagnostics::provider_bug;
use super::super::traits::Kept;
use super::{ProviderService, values, wire};

impl ProviderService {
    pub(super) async fn validate_ephemeral(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::validate_ephemeral_resource_config::Request,
    ) -> Option<wire::validate_ephemeral_resource_config::Response> {
        let offered = &self.definition.ephemeral_resources;
        let ephemeral = values::named(diagnostics, "ephemeral resource", offered, &request.type_name)?;
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), &ephemeral.schema.of)?;
        ephemeral.part.validate(diagnostics, &config).await;
        None
    }

    pub(super) async fn open_ephemeral(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::open_ephemeral_resource::Request,
    ) -> Option<wire::open_ephemeral_resource::Response> {
        let offered = &self.definition.ephemeral_resources;
        let ephemeral = values::named(diagnostics, "ephemeral resource", offered, &request.type_name)?;
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), &ephemeral.schema.of)?;
        let call = Call::current();
        call.set_client(request.client_capabilities);
        let opened = ephemeral.part.open(diagnostics, &config).await;
        let deferred = values::deferred(diagnostics, &call);
        if opened.is_none() && deferred.is_none() && diagnostics.errors.is_empty() {
            diagnostics.errors.push(provider_bug("nothing was opened, and no reason was given"));
        }
        let Some((result, Kept { private, renew_at })) = opened else {
            return Some(wire::open_ephemeral_resource::Response { deferred, ..Default::default() });
        };
        Some(wire::open_ephemeral_resource::Response {
            result: values::write(diagnostics, &result, &ephemeral.schema.of),
            private: Some(private),
            renew_at: renew_at.map(Into::into),
            deferred,
            ..Default::default()
        })
    }

    pub(super) async fn renew_ephemeral(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::renew_ephemeral_resource::Request,
    ) -> Option<wire::renew_ephemeral_resource::Response> {
        let offered = &self.definition.ephemeral_resources;
        let ephemeral = values::named(diagnostics, "ephemeral resource", offered, &request.type_name)?;
        let renewed = ephemeral.part.renew(diagnostics, request.private.as_deref().unwrap_or_default()).await;
        if renewed.is_none() && diagnostics.errors.is_empty() {
            diagnostics.errors.push(provider_bug("nothing was renewed, and no reason was given"));
        }
        let Kept { private, renew_at } = renewed?;
        Some(wire::renew_ephemeral_resource::Response {
            private: Some(private),
            renew_at: renew_at.map(Into::into),
            ..Default::default()
        })
    }

    pub(super) async fn close_ephemeral(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::close_ephemeral_resource::Request,
    ) -> Option<wire::close_ephemeral_resource::Response> {
        let offered = &self.definition.ephemeral_resources;
        let ephemeral = values::named(diagnostics, "ephemeral resource", offered, &request.type_name)?;
        ephemeral.part.close(diagnostics, request.private.as_deref().unwrap_or_default()).await;
        None
    }
}
