//! tfplugin6: one file an RPC family, and the service that hands each call to its family.

mod action;
mod apply;
mod call;
mod configure;
mod data_source;
mod ephemeral;
mod function;
mod generate;
mod identity;
mod import;
mod list;
mod moved;
mod plan;
mod read;
mod schema;
mod upgrade;
mod validate;
mod values;

use std::sync::Arc;

use prost::Message as _;
use tf_provider::Diagnostics;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::definition::Definition;
use super::proto::tfplugin6 as wire;
use super::proto::tfplugin6::provider_server::Provider;
use super::resource::OfferedResource;
use call::{Answer, Subject};

pub(crate) use call::Calls;

/// The provider protocol alone, without process, socket and TLS, for those that call it in process.
pub fn service(definition: Definition) -> impl Provider + Clone {
    ProviderService::new(Arc::new(definition), Calls::default())
}

/// The provider protocol, served from a definition.
#[derive(Clone)]
pub(crate) struct ProviderService {
    definition: Arc<Definition>,
    calls: Calls,
}

impl ProviderService {
    pub(crate) fn new(definition: Arc<Definition>, calls: Calls) -> Self {
        Self { definition, calls }
    }

    /// The resource of that name, or an error that there is none.
    fn resource(&self, diagnostics: &mut Diagnostics, type_name: &str) -> Option<&OfferedResource> {
        values::named(diagnostics, "resource", &self.definition.resources, type_name)
    }
}

/// Implements the protocol's service. Each row names a method of the service, its RPC as logs show
/// it, the key and the request's field of what it is about, the method of [`ProviderService`] that
/// does the work, and whether that reads files.
///
/// RPCs without a row or a method answer UNIMPLEMENTED: those of state stores, which core asks for only if the schema
/// declares one.
macro_rules! serve {
    ($($method:ident $rpc:literal [$($key:literal $name:ident)?] $work:ident $(reads $files:ident)?;)+ => { $($other:tt)* }) => {
        #[tonic::async_trait]
        impl Provider for ProviderService {
            $(
                async fn $method(
                    &self,
                    request: Request<wire::$method::Request>,
                ) -> Result<Response<wire::$method::Response>, Status> {
                    let request = request.into_inner();
                    let name = String::new() $(+ &request.$name)?;
                    let subject = Subject {
                        key: concat!($($key)?),
                        name: &name,
                        size: request.encoded_len(),
                        reads_files: !stringify!($($files)?).is_empty(),
                    };
                    let service = self.clone();
                    let work = async move {
                        let mut diagnostics = Diagnostics::default();
                        (service.$work(&mut diagnostics, request).await, diagnostics)
                    };
                    Ok(Response::new(self.calls.run($rpc, subject, work).await))
                }
            )+
            $($other)*
        }

        $(
            impl Answer for wire::$method::Response {
                fn with_diagnostics(mut self, diagnostics: Vec<wire::Diagnostic>) -> Self {
                    self.diagnostics = diagnostics;
                    self
                }
            }
        )+
    };
}

serve! {
    get_metadata "GetMetadata" [] metadata;
    get_provider_schema "GetProviderSchema" [] schema;
    get_resource_identity_schemas "GetResourceIdentitySchemas" [] identity_schemas;
    get_functions "GetFunctions" [] functions;
    validate_provider_config "ValidateProviderConfig" [] validate_provider;
    configure_provider "ConfigureProvider" [] configure reads files;
    validate_resource_config "ValidateResourceConfig" ["tf_resource_type" type_name] validate_resource;
    upgrade_resource_state "UpgradeResourceState" ["tf_resource_type" type_name] upgrade;
    upgrade_resource_identity "UpgradeResourceIdentity" ["tf_resource_type" type_name] upgrade_identity;
    read_resource "ReadResource" ["tf_resource_type" type_name] read;
    plan_resource_change "PlanResourceChange" ["tf_resource_type" type_name] plan;
    apply_resource_change "ApplyResourceChange" ["tf_resource_type" type_name] apply;
    import_resource_state "ImportResourceState" ["tf_resource_type" type_name] import;
    move_resource_state "MoveResourceState" ["tf_resource_type" target_type_name] move_state;
    generate_resource_config "GenerateResourceConfig" ["tf_resource_type" type_name] generate;
    validate_data_resource_config "ValidateDataResourceConfig" ["tf_data_source_type" type_name] validate_data_source;
    read_data_source "ReadDataSource" ["tf_data_source_type" type_name] read_data_source;
    validate_ephemeral_resource_config "ValidateEphemeralResourceConfig"
        ["tf_ephemeral_resource_type" type_name] validate_ephemeral;
    open_ephemeral_resource "OpenEphemeralResource" ["tf_ephemeral_resource_type" type_name] open_ephemeral;
    renew_ephemeral_resource "RenewEphemeralResource" ["tf_ephemeral_resource_type" type_name] renew_ephemeral;
    close_ephemeral_resource "CloseEphemeralResource" ["tf_ephemeral_resource_type" type_name] close_ephemeral;
    validate_list_resource_config "ValidateListResourceConfig" ["tf_list_resource_type" type_name] validate_list;
    validate_action_config "ValidateActionConfig" ["tf_action_type" type_name] validate_action;
    plan_action "PlanAction" ["tf_action_type" action_type] plan_action;

    => {
        async fn stop_provider(
            &self,
            _request: Request<wire::stop_provider::Request>,
        ) -> Result<Response<wire::stop_provider::Response>, Status> {
            // Answered at once: core asks one provider after the other. It waits for the calls in flight, and
            // records what they answer.
            tracing::info!("core asks to stop");
            self.calls.stop();
            Ok(Response::new(wire::stop_provider::Response::default()))
        }

        async fn call_function(
            &self,
            request: Request<wire::call_function::Request>,
        ) -> Result<Response<wire::call_function::Response>, Status> {
            Ok(Response::new(self.call_of_function(request.into_inner()).await))
        }

        async fn list_resource(
            &self,
            request: Request<wire::list_resource::Request>,
        ) -> Result<Response<BoxStream<wire::list_resource::Event>>, Status> {
            Ok(Response::new(self.list(request.into_inner())))
        }

        async fn invoke_action(
            &self,
            request: Request<wire::invoke_action::Request>,
        ) -> Result<Response<BoxStream<wire::invoke_action::Event>>, Status> {
            Ok(Response::new(self.invoke_action(request.into_inner())))
        }
    }
}
