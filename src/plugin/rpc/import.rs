//! Objects that exist already, taken into the state.

use tf_provider::{AttributePath, Diagnostics};

use super::super::convert::diagnostics::{diagnostic, provider_bug};
use super::{ProviderService, values, wire};

impl ProviderService {
    pub(super) async fn import(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::import_resource_state::Request,
    ) -> Option<wire::import_resource_state::Response> {
        let resource = self.resource(diagnostics, &request.type_name)?;
        if request.identity.is_some() {
            diagnostics.errors.push(diagnostic(
                "Import By Identity Is Not Supported",
                format!(
                    "{} can be imported by `id` only. Replace `identity` by `id` in the import block.",
                    request.type_name
                ),
                AttributePath::root(),
            ));
            return None;
        }
        let imported = resource.part.import(diagnostics, request.id).await;
        if imported.is_none() && diagnostics.errors.is_empty() {
            diagnostics.errors.push(provider_bug("nothing was imported, and no reason was given"));
        }
        let (state, private) = imported?;
        let state = values::wholly_known(diagnostics, state);
        let imported = wire::import_resource_state::ImportedResource {
            type_name: request.type_name,
            state: values::write(diagnostics, &state, &resource.of),
            private,
            ..Default::default()
        };
        Some(wire::import_resource_state::Response { imported_resources: vec![imported], ..Default::default() })
    }
}
