//! Objects that exist, found for `terraform query`.

use prost::Message as _;
use tf_provider::Diagnostics;
use tokio::sync::mpsc;
use tonic::codegen::BoxStream;

use super::super::call::Call;
use super::super::convert::diagnostics::{provider_bug, to_wire};
use super::super::traits::{ListEvent, ListRequest};
use super::call::Subject;
use super::{OfferedResource, ProviderService, values, wire};

/// How many objects are sent to core that names no limit of its own. (It always does; its default is 100.)
const LIMIT: u64 = 100;

impl ProviderService {
    pub(super) async fn validate_list(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::validate_list_resource_config::Request,
    ) -> Option<wire::validate_list_resource_config::Response> {
        let list = values::named(diagnostics, "list resource", &self.definition.list_resources, &request.type_name)?;
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), &list.schema.of)?;
        list.part.validate(diagnostics, &config).await;
        None
    }

    pub(super) fn list(&self, request: wire::list_resource::Request) -> BoxStream<wire::list_resource::Event> {
        let service = self.clone();
        let name = request.type_name.clone();
        let subject =
            Subject { key: "tf_list_resource_type", name: &name, size: request.encoded_len(), ..Subject::default() };
        let work = |sender| async move {
            let mut diagnostics = Diagnostics::default();
            service.find_all(&mut diagnostics, request, sender).await;
            diagnostics
        };
        let last = |diagnostics: Vec<_>| if diagnostics.is_empty() { Vec::new() } else { vec![said(diagnostics)] };
        self.calls.stream("ListResource", subject, work, last)
    }

    /// Returns nothing of its own: without an error, the end of the stream is the success.
    async fn find_all(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::list_resource::Request,
        sender: mpsc::Sender<wire::list_resource::Event>,
    ) -> Option<()> {
        let list = values::named(diagnostics, "list resource", &self.definition.list_resources, &request.type_name)?;
        let resource = self.resource(diagnostics, &request.type_name)?;
        let config = values::read(diagnostics, "configuration", request.config.as_ref(), &list.schema.of)?;
        // One at a time, so that looking for more ends soon after core has enough.
        let (events, mut found) = mpsc::channel(1);
        let limit = u64::try_from(request.limit).ok().filter(|limit| *limit > 0).unwrap_or(LIMIT);
        let wanted = ListRequest { limit, wants_state: request.include_resource_object, events };
        let call = Call::current();
        let forward = async {
            while let Some(event) = found.recv().await {
                if !call.send(&sender, to_event(event, resource)).await {
                    break;
                }
            }
            // Closes the channel, by which the listing learns that nobody wants more.
            found.close();
        };
        let all = async { tokio::join!(list.part.list(diagnostics, &config, wanted), forward) };
        tokio::select! {
            _ = all => {}
            // Core has gone, or has enough. A listing that finds nothing would not notice, and page on.
            () = sender.closed() => {}
        }
        Some(())
    }
}

fn to_event(event: ListEvent, resource: &OfferedResource) -> wire::list_resource::Event {
    let mut diagnostics = Diagnostics::default();
    let mut sent = wire::list_resource::Event::default();
    match event {
        ListEvent::Object { identity, display_name, state } => {
            sent.identity = values::write_identity(&mut diagnostics, resource, &identity);
            sent.display_name = display_name;
            sent.resource_object = state.and_then(|state| {
                let state = values::for_state(&mut diagnostics, state, &resource.schema);
                values::write(&mut diagnostics, &state, &resource.schema.of)
            });
        }
        ListEvent::Warning(warning) => diagnostics.warnings.push(warning),
        ListEvent::Failed(error) => diagnostics.errors.push(provider_bug(error)),
    }
    sent.diagnostic = to_wire(diagnostics);
    sent
}

fn said(diagnostic: Vec<wire::Diagnostic>) -> wire::list_resource::Event {
    wire::list_resource::Event { diagnostic, ..Default::default() }
}
