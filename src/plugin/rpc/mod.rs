//! tfplugin6: one file an RPC family, and the service that hands each call to its family.

mod apply;
mod call;
mod configure;
mod functions;
mod import;
mod plan;
mod read;
mod schema;
mod upgrade;
mod validate;
mod values;

use std::sync::Arc;

use tf_provider::Diagnostics;
use tonic::{Request, Response, Status};

use super::definition::{Definition, Described};
use super::proto::tfplugin6 as wire;
use super::proto::tfplugin6::provider_server::Provider;
use super::traits::ErasedResource;
use call::Answer;

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
    fn resource(&self, diagnostics: &mut Diagnostics, type_name: &str) -> Option<&Described<dyn ErasedResource>> {
        let resource = self.definition.resources.get(type_name);
        if resource.is_none() {
            diagnostics.errors.push(values::no_such_type("resource", type_name));
        }
        resource
    }
}

/// Implements the protocol's service. Each row names a method of the service, its RPC as logs show
/// it, the request's field that holds the type's name if it has one, and the method of
/// [`ProviderService`] that does the work.
///
/// RPCs without a row or a method answer UNIMPLEMENTED. Core asks for those only if the schema
/// declares what they are for.
macro_rules! serve {
    ($($method:ident $rpc:literal [$($type_name:ident)?] $work:ident;)+ => { $($other:tt)* }) => {
        #[tonic::async_trait]
        impl Provider for ProviderService {
            $(
                async fn $method(
                    &self,
                    request: Request<wire::$method::Request>,
                ) -> Result<Response<wire::$method::Response>, Status> {
                    let request = request.into_inner();
                    let type_name = String::new() $(+ &request.$type_name)?;
                    let service = self.clone();
                    let work = async move {
                        let mut diagnostics = Diagnostics::default();
                        (service.$work(&mut diagnostics, request).await, diagnostics)
                    };
                    self.calls.run($rpc, &type_name, work).await
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
    validate_provider_config "ValidateProviderConfig" [] validate_provider;
    configure_provider "ConfigureProvider" [] configure;
    validate_resource_config "ValidateResourceConfig" [type_name] validate_resource;
    upgrade_resource_state "UpgradeResourceState" [type_name] upgrade;
    read_resource "ReadResource" [type_name] read;
    plan_resource_change "PlanResourceChange" [type_name] plan;
    apply_resource_change "ApplyResourceChange" [type_name] apply;
    import_resource_state "ImportResourceState" [type_name] import;
    validate_data_resource_config "ValidateDataResourceConfig" [type_name] validate_data_source;
    read_data_source "ReadDataSource" [type_name] read_data_source;
    get_functions "GetFunctions" [] functions;

    => {
        async fn stop_provider(
            &self,
            _request: Request<wire::stop_provider::Request>,
        ) -> Result<Response<wire::stop_provider::Response>, Status> {
            // Calls in flight come to their end; core waits for them and records what they answer.
            tracing::info!("core asks to stop");
            Ok(Response::new(wire::stop_provider::Response::default()))
        }

        async fn call_function(
            &self,
            request: Request<wire::call_function::Request>,
        ) -> Result<Response<wire::call_function::Response>, Status> {
            Ok(Response::new(functions::no_such_function(&request.into_inner().name)))
        }
    }
}
