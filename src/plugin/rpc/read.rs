//! Objects as they are now.

use tf_provider::Diagnostics;

use super::super::call::Call;
use super::super::convert::WireValue;
use super::{ProviderService, identity, values, wire};

impl ProviderService {
    pub(super) async fn read(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::read_resource::Request,
    ) -> Option<wire::read_resource::Response> {
        let resource = self.resource(diagnostics, &request.type_name)?;
        let state = values::read(diagnostics, "state", request.current_state.as_ref(), &resource.schema.of)?;
        let call = Call::current();
        call.set_client(request.client_capabilities);
        let found = resource.part.read(diagnostics, &state, &request.private).await;
        let deferred = values::deferred(diagnostics, &call);
        // Beside an error core keeps the state that it has.
        if !diagnostics.errors.is_empty() {
            return None;
        }
        let (state, private) = match found {
            Some(found) => found,
            // What is to be read later is not gone.
            None if deferred.is_some() => (state, request.private),
            None => (WireValue::Null, Vec::new()),
        };
        let state = values::for_state(diagnostics, state, &resource.schema);
        let before = request.current_identity.as_ref();
        Some(wire::read_resource::Response {
            new_state: values::write(diagnostics, &state, &resource.schema.of),
            private,
            new_identity: identity::of_state(diagnostics, resource, &state, before),
            deferred,
            ..Default::default()
        })
    }
}
