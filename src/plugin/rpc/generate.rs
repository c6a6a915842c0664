//! The configuration that an object in the state would have.

use tf_provider::Diagnostics;

use super::super::schema::generate;
use super::{ProviderService, values, wire};

impl ProviderService {
    pub(super) async fn generate(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::generate_resource_config::Request,
    ) -> Option<wire::generate_resource_config::Response> {
        let schema = &self.resource(diagnostics, &request.type_name)?.schema;
        let state = values::read(diagnostics, "state", request.state.as_ref(), &schema.of)?;
        let config = generate::configuration(state, schema.block());
        Some(wire::generate_resource_config::Response {
            config: values::write(diagnostics, &config, &schema.of),
            ..Default::default()
        })
    }
}
