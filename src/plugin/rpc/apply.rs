//! What was planned, done.

use tf_provider::Diagnostics;

use super::super::call::Call;
use super::super::convert::WireValue;
use super::super::convert::diagnostics::provider_bug;
use super::{ProviderService, identity, values, wire};

impl ProviderService {
    /// Does what was planned. Core keeps the state that is answered, beside errors too; an answer
    /// without one beside an error keeps the prior state and its private data, and says without an error that a destroyed
    /// object is gone.
    pub(super) async fn apply(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::apply_resource_change::Request,
    ) -> Option<wire::apply_resource_change::Response> {
        let resource = self.resource(diagnostics, &request.type_name)?;
        let (part, of) = (&resource.part, &resource.schema.of);
        let private = &request.planned_private;
        let prior = values::read(diagnostics, "prior state", request.prior_state.as_ref(), of);
        let planned = values::read(diagnostics, "planned state", request.planned_state.as_ref(), of);
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), of);
        let (prior, planned, config) = (prior?, planned?, config?);
        let is_new = prior == WireValue::Null;
        let stored = match (&prior, &planned) {
            (prior, WireValue::Null) => {
                part.destroy(diagnostics, prior, private).await;
                let kept = Call::current().kept_private().filter(|_| !diagnostics.errors.is_empty());
                Some((prior.clone(), kept?))
            }
            (WireValue::Null, planned) => part.create(diagnostics, planned, &config, private).await,
            (prior, planned) => part.update(diagnostics, prior, planned, &config, private).await,
        };
        if stored.is_none() && diagnostics.errors.is_empty() {
            diagnostics.errors.push(provider_bug("nothing came of the change, and no reason was given"));
        }
        let (state, private) = stored?;
        let state = values::for_state_after_apply(diagnostics, state, &resource.schema);
        // A new object has no identity to keep; an error would taint it.
        let before = request.planned_identity.as_ref().filter(|_| !is_new);
        Some(wire::apply_resource_change::Response {
            new_state: values::write(diagnostics, &state, of),
            private,
            new_identity: identity::of_state(diagnostics, resource, &state, before),
            ..Default::default()
        })
    }
}
