//! State as it was written, brought to the form of today's schema.

use tf_provider::Diagnostics;

use super::super::convert::WireValue;
use super::super::convert::diagnostics::unreadable;
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
        let own = resource.schema.schema.version;
        // The form that Terraform wrote before 0.12 is older than this protocol.
        let older = resource.upgrades.get(&request.version).filter(|_| raw.flatmap.is_empty());
        let state = if request.version == own && raw.flatmap.is_empty() {
            from_json(&raw.json, &resource.schema.of)
                .map_err(|error| diagnostics.errors.push(unreadable("state", &error)))
                .ok()
        } else {
            older.and_then(|older| older.upgrade(diagnostics, &raw.json))
        };
        if state.is_none() && diagnostics.errors.is_empty() {
            diagnostics.errors.push(values::other_version("state", &request.type_name, request.version, own));
        }
        let state = values::for_state(diagnostics, state?, &resource.schema);
        if state == WireValue::Null {
            diagnostics.errors.push(values::empty("state", &request.type_name));
            return None;
        }
        if let Some(observe) = &resource.observer {
            observe(&state);
        }
        Some(wire::upgrade_resource_state::Response {
            upgraded_state: values::write(diagnostics, &state, &resource.schema.of),
            ..Default::default()
        })
    }
}
