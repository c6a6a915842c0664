//! What the provider offers.

use tf_provider::Diagnostics;

use super::super::convert::schema::to_wire;
use super::{ProviderService, wire};

impl ProviderService {
    pub(super) async fn metadata(
        &self,
        diagnostics: &mut Diagnostics,
        _request: wire::get_metadata::Request,
    ) -> Option<wire::get_metadata::Response> {
        diagnostics.clone_from(&self.definition.schema_diagnostics);
        let resource = |type_name: &&str| wire::get_metadata::ResourceMetadata { type_name: (*type_name).to_owned() };
        Some(wire::get_metadata::Response {
            server_capabilities: Some(capabilities()),
            resources: self.definition.resources.keys().map(resource).collect(),
            ..Default::default()
        })
    }

    pub(super) async fn schema(
        &self,
        diagnostics: &mut Diagnostics,
        _request: wire::get_provider_schema::Request,
    ) -> Option<wire::get_provider_schema::Response> {
        diagnostics.clone_from(&self.definition.schema_diagnostics);
        let resources = self.definition.resources.iter();
        Some(wire::get_provider_schema::Response {
            provider: Some(to_wire(&self.definition.provider.schema)),
            resource_schemas: resources
                .map(|(type_name, resource)| ((*type_name).to_owned(), to_wire(&resource.schema)))
                .collect(),
            server_capabilities: Some(capabilities()),
            ..Default::default()
        })
    }

    /// No resource has an identity, which is an answer: any other one fails the provider in core.
    pub(super) async fn identity_schemas(
        &self,
        _diagnostics: &mut Diagnostics,
        _request: wire::get_resource_identity_schemas::Request,
    ) -> Option<wire::get_resource_identity_schemas::Response> {
        Some(wire::get_resource_identity_schemas::Response::default())
    }
}

fn capabilities() -> wire::ServerCapabilities {
    wire::ServerCapabilities {
        // A destroy that cannot work is refused while it is planned.
        plan_destroy: true,
        // Nothing here waits for the schema to be asked for, so core may use the one it has.
        get_provider_schema_optional: true,
        move_resource_state: false,
        generate_resource_config: false,
    }
}
