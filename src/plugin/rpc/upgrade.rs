//! State as it was written, brought to the form of today's schema.

use tf_provider::{AttributePath, Diagnostics};

use super::super::convert::diagnostics::{diagnostic, unreadable};
use super::super::convert::from_json::from_json;
use super::{ProviderService, values, wire};

impl ProviderService {
    /// Called whenever a state is read, for each object, also when there is nothing to upgrade.
    pub(super) async fn upgrade(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::upgrade_resource_state::Request,
    ) -> Option<wire::upgrade_resource_state::Response> {
        let resource = self.resource(diagnostics, &request.type_name)?;
        let raw = request.raw_state.unwrap_or_default();
        if request.version != resource.schema.version || !raw.flatmap.is_empty() {
            diagnostics.errors.push(diagnostic(
                "State Version Not Supported",
                format!(
                    "The state holds {} in schema version {}; this version of the provider reads version {}. Use the \
                     provider version that wrote the state.",
                    request.type_name, request.version, resource.schema.version
                ),
                AttributePath::root(),
            ));
            return None;
        }
        let state = from_json(&raw.json, &resource.of)
            .map_err(|error| diagnostics.errors.push(unreadable("state", &error)))
            .ok()?;
        Some(wire::upgrade_resource_state::Response {
            upgraded_state: values::write(diagnostics, &state, &resource.of),
            ..Default::default()
        })
    }
}
