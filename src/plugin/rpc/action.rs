//! Actions.

use prost::Message as _;
use tf_provider::Diagnostics;
use tokio::sync::mpsc;
use tonic::codegen::BoxStream;

use super::super::call::{Call, DeferredReason};
use super::super::convert::diagnostics::provider_bug;
use super::super::traits::Progress;
use super::call::Subject;
use super::{ProviderService, values, wire};
use wire::invoke_action::{Event, event};

impl ProviderService {
    pub(super) async fn validate_action(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::validate_action_config::Request,
    ) -> Option<wire::validate_action_config::Response> {
        let action = values::named(diagnostics, "action", &self.definition.actions, &request.type_name)?;
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), &action.schema.of)?;
        action.part.validate(diagnostics, &config).await;
        None
    }

    pub(super) async fn plan_action(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::plan_action::Request,
    ) -> Option<wire::plan_action::Response> {
        let action = values::named(diagnostics, "action", &self.definition.actions, &request.action_type)?;
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), &action.schema.of)?;
        let call = Call::current();
        call.set_client(request.client_capabilities);
        action.part.plan(diagnostics, &config).await;
        // Core takes no other reason here: an action can be planned with a configuration that is not known.
        if call.deferred().is_some_and(|reason| reason != DeferredReason::ProviderConfigUnknown) {
            diagnostics.errors.push(provider_bug("an action waits for more than the provider's configuration"));
            return None;
        }
        Some(wire::plan_action::Response { deferred: values::deferred(diagnostics, &call), ..Default::default() })
    }

    pub(super) fn invoke_action(&self, request: wire::invoke_action::Request) -> BoxStream<Event> {
        let service = self.clone();
        let name = request.action_type.clone();
        let subject = Subject { key: "tf_action_type", name: &name, size: request.encoded_len(), ..Subject::default() };
        let work = |sender| async move {
            let mut diagnostics = Diagnostics::default();
            service.invoke(&mut diagnostics, request, sender).await;
            diagnostics
        };
        // Always sent: core takes a stream without it for a success.
        let last = |diagnostics| vec![Event { r#type: Some(event::Type::Completed(event::Completed { diagnostics })) }];
        self.calls.stream("InvokeAction", subject, work, last)
    }

    async fn invoke(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::invoke_action::Request,
        sender: mpsc::Sender<Event>,
    ) -> Option<()> {
        let action = values::named(diagnostics, "action", &self.definition.actions, &request.action_type)?;
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), &action.schema.of)?;
        Call::current().set_client(request.client_capabilities);
        action.part.invoke(diagnostics, &config, &Progress::new(sender)).await;
        Some(())
    }
}
