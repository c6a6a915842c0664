//! Configuration of managed resources, before anything is planned.

use tf_provider::{AttributePath, AttributePathStep, Diagnostics};

use super::super::call::Call;
use super::super::convert::diagnostics::diagnostic;
use super::{ProviderService, values, wire};

impl ProviderService {
    pub(super) async fn validate_resource(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::validate_resource_config::Request,
    ) -> Option<wire::validate_resource_config::Response> {
        let resource = self.resource(diagnostics, &request.type_name)?;
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), &resource.schema.of)?;
        let block = resource.schema.block();
        let call = Call::current();
        call.set_client(request.client_capabilities);
        if !call.client().write_only_attributes_allowed {
            diagnostics.errors.extend(resource.schema.refuse_write_only(&config));
        }
        if !call.client().computed_blocks_allowed {
            let computed =
                block.block_types.iter().filter(|nested| nested.block.as_ref().is_some_and(|it| it.computed));
            diagnostics.errors.extend(computed.map(|nested| {
                diagnostic(
                    "Computed Block Not Supported",
                    "The provider fills this block by itself, which this version of Terraform does not allow. Use \
                     Terraform 1.16 or later.",
                    AttributePath { steps: vec![AttributePathStep::Attribute(nested.type_name.clone().into())] },
                )
            }));
        }
        resource.part.validate(diagnostics, &config).await;
        None
    }
}
