//! Objects of other resources, turned into objects of ours by a `moved` block.

use tf_provider::{AttributePath, Diagnostics};

use super::super::convert::diagnostics::diagnostic;
use super::super::traits::MoveSource;
use super::{ProviderService, identity, values, wire};

impl ProviderService {
    pub(super) async fn move_state(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::move_resource_state::Request,
    ) -> Option<wire::move_resource_state::Response> {
        let resource = self.resource(diagnostics, &request.target_type_name)?;
        let source = MoveSource {
            provider_address: request.source_provider_address,
            type_name: request.source_type_name,
            schema_version: request.source_schema_version,
            private: request.source_private,
            state: request.source_state.unwrap_or_default().json,
            identity: request.source_identity.unwrap_or_default().json,
            identity_version: request.source_identity_schema_version,
        };
        for way in &resource.moves {
            let taken = way.take(diagnostics, &source);
            if !diagnostics.errors.is_empty() {
                return None;
            }
            if let Some((state, private)) = taken {
                let state = values::for_state(diagnostics, state, &resource.schema);
                return Some(wire::move_resource_state::Response {
                    target_state: values::write(diagnostics, &state, &resource.schema.of),
                    target_private: private,
                    target_identity: identity::of_state(diagnostics, resource, &state, None),
                    ..Default::default()
                });
            }
        }
        diagnostics.errors.push(diagnostic(
            "Move Is Not Supported",
            format!(
                "{} cannot take over objects of {} (schema version {}, provider {}). Remove the `moved` block; import \
                 the real object instead, if it is of this kind.",
                request.target_type_name, source.type_name, source.schema_version, source.provider_address
            ),
            AttributePath::root(),
        ));
        None
    }
}
