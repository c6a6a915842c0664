//! Objects as they are now.

use tf_provider::Diagnostics;

use super::super::convert::WireValue;
use super::{ProviderService, values, wire};

impl ProviderService {
    pub(super) async fn read(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::read_resource::Request,
    ) -> Option<wire::read_resource::Response> {
        let resource = self.resource(diagnostics, &request.type_name)?;
        let state = values::read(diagnostics, "state", request.current_state.as_ref(), &resource.of)?;
        let found = resource.part.read(diagnostics, &state, &request.private).await;
        // Beside an error core keeps the state that it has.
        if !diagnostics.errors.is_empty() {
            return None;
        }
        let (state, private) = found.unwrap_or((WireValue::Null, Vec::new()));
        let state = values::wholly_known(diagnostics, state);
        Some(wire::read_resource::Response {
            new_state: values::write(diagnostics, &state, &resource.of),
            private,
            ..Default::default()
        })
    }

    pub(super) async fn read_data_source(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::read_data_source::Request,
    ) -> Option<wire::read_data_source::Response> {
        diagnostics.errors.push(values::no_such_type("data source", &request.type_name));
        None
    }
}
