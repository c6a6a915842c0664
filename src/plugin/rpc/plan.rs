//! What an apply would do.

use tf_provider::Diagnostics;

use super::super::call::Call;
use super::super::convert::WireValue;
use super::super::convert::diagnostics::provider_bug;
use super::super::convert::path;
use super::super::traits::PlannedChange;
use super::{ProviderService, identity, values, wire};

impl ProviderService {
    pub(super) async fn plan(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::plan_resource_change::Request,
    ) -> Option<wire::plan_resource_change::Response> {
        let resource = self.resource(diagnostics, &request.type_name)?;
        let (part, schema, of) = (&resource.part, &resource.schema, &resource.schema.of);
        let private = &request.prior_private;
        let prior = values::read(diagnostics, "prior state", request.prior_state.as_ref(), of);
        let proposed = values::read(diagnostics, "proposed state", request.proposed_new_state.as_ref(), of);
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), of);
        let (prior, proposed, config) = (prior?, schema.without_write_only(proposed?), config?);
        let call = Call::current();
        call.set_client(request.client_capabilities);
        call.set_planned_private(request.planned_private);
        let is_update = prior != WireValue::Null && proposed != WireValue::Null;
        let planned = match (&prior, &proposed) {
            (prior, WireValue::Null) => {
                let private = part.plan_destroy(diagnostics, prior, private).await;
                private.map(|private| PlannedChange { state: WireValue::Null, private, requires_replace: Vec::new() })
            }
            (WireValue::Null, proposed) => {
                // What a first plan left, which found that the object has to be replaced.
                call.set_planned_private(request.prior_private.clone());
                part.plan_create(diagnostics, proposed, &config).await
            }
            (prior, proposed) => part.plan_update(diagnostics, prior, proposed, &config, private).await,
        };
        let deferred = values::deferred(diagnostics, &call);
        if planned.is_none() && deferred.is_none() && diagnostics.errors.is_empty() {
            diagnostics.errors.push(provider_bug("there is no plan, and no reason was given"));
        }
        // What is to be planned later is not planned to go: what core proposes is the forecast then.
        let forecast = deferred.map(|_| PlannedChange {
            state: proposed.clone(),
            private: request.prior_private,
            requires_replace: Vec::new(),
        });
        let PlannedChange { state, private, requires_replace } = planned.or(forecast)?;
        let state = schema.without_write_only(state);
        let before = request.prior_identity;
        let planned_identity = if is_update && requires_replace.is_empty() && state.is_wholly_known() {
            identity::of_state(diagnostics, resource, &state, before.as_ref())
        } else {
            // The identity of an object that is still to come is not known; one that goes keeps its own.
            before.filter(|_| prior != WireValue::Null)
        };
        Some(wire::plan_resource_change::Response {
            planned_state: values::write(diagnostics, &state, of),
            requires_replace: requires_replace.into_iter().filter_map(path::to_wire).collect(),
            planned_private: private,
            planned_identity,
            deferred,
            ..Default::default()
        })
    }
}
