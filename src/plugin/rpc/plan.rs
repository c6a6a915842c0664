//! What an apply would do.

use tf_provider::Diagnostics;

use super::super::convert::WireValue;
use super::super::convert::diagnostics::provider_bug;
use super::super::convert::path;
use super::super::traits::PlannedChange;
use super::{ProviderService, values, wire};

impl ProviderService {
    pub(super) async fn plan(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::plan_resource_change::Request,
    ) -> Option<wire::plan_resource_change::Response> {
        let resource = self.resource(diagnostics, &request.type_name)?;
        let (part, of) = (&resource.part, &resource.of);
        let private = &request.prior_private;
        let prior = values::read(diagnostics, "prior state", request.prior_state.as_ref(), of);
        let proposed = values::read(diagnostics, "proposed state", request.proposed_new_state.as_ref(), of);
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), of);
        let (prior, proposed, config) = (prior?, proposed?, config?);
        let planned = match (&prior, &proposed) {
            (prior, WireValue::Null) => {
                let private = part.plan_destroy(diagnostics, prior, private).await;
                private.map(|private| PlannedChange { state: WireValue::Null, private, requires_replace: Vec::new() })
            }
            (WireValue::Null, proposed) => part.plan_create(diagnostics, proposed, &config).await,
            (prior, proposed) => part.plan_update(diagnostics, prior, proposed, &config, private).await,
        };
        if planned.is_none() && diagnostics.errors.is_empty() {
            diagnostics.errors.push(provider_bug("there is no plan, and no reason was given"));
        }
        let planned = planned?;
        Some(wire::plan_resource_change::Response {
            planned_state: values::write(diagnostics, &planned.state, of),
            requires_replace: planned.requires_replace.into_iter().filter_map(path::to_wire).collect(),
            planned_private: planned.private,
            ..Default::default()
        })
    }
}
