//! Objects that exist already, taken into the state.

use tf_provider::Diagnostics;

use super::super::call::Call;
use super::super::convert::WireValue;
use super::super::convert::diagnostics::provider_bug;
use super::{ProviderService, identity, values, wire};

impl ProviderService {
    pub(super) async fn import(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::import_resource_state::Request,
    ) -> Option<wire::import_resource_state::Response> {
        let resource = self.resource(diagnostics, &request.type_name)?;
        let call = Call::current();
        call.set_client(request.client_capabilities);
        let imported = match (&request.identity, &resource.identity) {
            (None, _) => resource.part.import(diagnostics, request.id).await,
            (Some(_), None) => {
                diagnostics.errors.push(identity::without_identity(&request.type_name));
                None
            }
            (Some(given), Some(identity)) => {
                let given = values::read_identity(diagnostics, resource, Some(given)).unwrap_or(WireValue::Null);
                if diagnostics.errors.is_empty() { identity.part.import(diagnostics, &given).await } else { None }
            }
        };
        let deferred = values::deferred(diagnostics, &call);
        if imported.is_none() && deferred.is_none() && diagnostics.errors.is_empty() {
            diagnostics.errors.push(provider_bug("nothing was imported, and no reason was given"));
        }
        let Some((state, private)) = imported else {
            return Some(wire::import_resource_state::Response { deferred, ..Default::default() });
        };
        let state = values::for_state(diagnostics, state, &resource.schema);
        let imported = wire::import_resource_state::ImportedResource {
            type_name: request.type_name,
            state: values::write(diagnostics, &state, &resource.schema.of),
            private,
            identity: identity::of_state(diagnostics, resource, &state, None),
        };
        Some(wire::import_resource_state::Response {
            imported_resources: vec![imported],
            deferred,
            ..Default::default()
        })
    }
}
