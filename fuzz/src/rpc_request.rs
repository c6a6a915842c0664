//! The requests of the provider protocol: decoded, and handed to the service.
//!
//! The first byte names the RPC, and in its highest bit whether the provider is configured; the rest is the request.

use std::sync::Arc;

use prost::Message;
use terraform_provider_alicloud_iot::plugin::convert::from_msgpack::from_msgpack;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::provider_server::Provider;
use tokio_stream::StreamExt as _;
use tonic::{Code, Request, Response, Status};

use crate::service::{CONFIGURED, UNCONFIGURED, assert_no_bug_but, fresh, wait};
use crate::types::{Part, find};

/// The bit of the first byte that asks for a configured provider.
pub const IS_CONFIGURED: u8 = 0x80;

/// More than any answer takes: nothing waits for the network.
const LIMIT: std::time::Duration = std::time::Duration::from_secs(10);

/// What the provider calls a fault of its own, since Terraform sends nothing that could lead to it: it keeps private
/// data as it gets them, checks the number of blocks, and sends no plan that it did not get. Here all of that is sent.
const UNHEARD_OF: [&str; 5] = [
    "invalid type: unit value",
    "there is more than one block",
    "the private data in the state cannot be read",
    "an attribute was still unknown after the",
    "the identity of an object changed during its life",
];

/// # Panics
///
/// If the provider fails inside, does not answer, or answers with a value that does not fit its schema.
pub fn check(bytes: &[u8]) {
    let Some((first, request)) = bytes.split_first() else { return };
    let number = first & !IS_CONFIGURED;
    let service = match number {
        // These change what the provider holds. What a made-up configuration is good for must not be called: it may
        // name any endpoint.
        number::VALIDATE_PROVIDER_CONFIG | number::CONFIGURE_PROVIDER | number::STOP_PROVIDER => fresh(),
        _ if first & IS_CONFIGURED != 0 => CONFIGURED.clone(),
        _ => UNCONFIGURED.clone(),
    };
    wait(async {
        tokio::time::timeout(LIMIT, call(service, number, request)).await.expect("an answer");
    });
}

/// What an answer says that can be wrong.
trait Checked: Sized {
    fn assert(self, rpc: &str, type_name: Option<String>);
}

/// Refusing is fine in any words, but that the RPC is not there.
fn assert_answer<A: Checked>(rpc: &str, type_name: Option<String>, answer: Result<Response<A>, Status>) {
    match answer {
        Ok(answer) => answer.into_inner().assert(rpc, type_name),
        Err(status) => assert!(matches!(status.code(), Code::Unimplemented | Code::InvalidArgument), "{rpc}: {status}"),
    }
}

macro_rules! rpcs {
    ($($number:literal $constant:ident $method:ident [$($type_name:ident)?] { $($value:ident)* };)+) => {
        /// The numbers by which a first byte names an RPC. They are never given anew, so that inputs stay what they are.
        pub mod number {
            $(
                #[doc = concat!("`", stringify!($method), "`.")]
                pub const $constant: u8 = $number;
            )+
            /// `stop_provider`.
            pub const STOP_PROVIDER: u8 = 64;
            /// `call_function`.
            pub const CALL_FUNCTION: u8 = 65;
            /// `list_resource`.
            pub const LIST_RESOURCE: u8 = 66;
            /// `invoke_action`.
            pub const INVOKE_ACTION: u8 = 67;
        }

        async fn call(service: Arc<dyn Provider>, number: u8, bytes: &[u8]) {
            match number {
                $(
                    number::$constant => {
                        let Ok(request) = wire::$method::Request::decode(bytes) else { return };
                        let type_name: Option<String> = None $(.or(Some(request.$type_name.clone())))?;
                        assert_answer(stringify!($method), type_name, service.$method(Request::new(request)).await);
                    }
                )+
                other => call_other(service, other, bytes).await,
            }
        }

        $(
            impl Checked for wire::$method::Response {
                fn assert(self, rpc: &str, type_name: Option<String>) {
                    let _ = &type_name;
                    assert_no_bug_but(rpc, &self.diagnostics, &UNHEARD_OF);
                    $(assert_fits(rpc, type_name.as_deref(), self.$value.as_ref());)*
                }
            }
        )+
    };
}

rpcs! {
    1 GET_METADATA get_metadata [] {};
    2 GET_PROVIDER_SCHEMA get_provider_schema [] {};
    3 GET_RESOURCE_IDENTITY_SCHEMAS get_resource_identity_schemas [] {};
    4 VALIDATE_PROVIDER_CONFIG validate_provider_config [] {};
    5 CONFIGURE_PROVIDER configure_provider [] {};
    6 VALIDATE_RESOURCE_CONFIG validate_resource_config [] {};
    7 UPGRADE_RESOURCE_STATE upgrade_resource_state [type_name] { upgraded_state };
    8 READ_RESOURCE read_resource [type_name] { new_state };
    9 PLAN_RESOURCE_CHANGE plan_resource_change [type_name] { planned_state };
    10 APPLY_RESOURCE_CHANGE apply_resource_change [type_name] { new_state };
    11 IMPORT_RESOURCE_STATE import_resource_state [] {};
    12 MOVE_RESOURCE_STATE move_resource_state [target_type_name] { target_state };
    13 UPGRADE_RESOURCE_IDENTITY upgrade_resource_identity [] {};
    14 GENERATE_RESOURCE_CONFIG generate_resource_config [type_name] { config };
    15 VALIDATE_DATA_RESOURCE_CONFIG validate_data_resource_config [] {};
    16 READ_DATA_SOURCE read_data_source [] {};
    17 GET_FUNCTIONS get_functions [] {};
    18 VALIDATE_EPHEMERAL_RESOURCE_CONFIG validate_ephemeral_resource_config [] {};
    19 OPEN_EPHEMERAL_RESOURCE open_ephemeral_resource [] {};
    20 RENEW_EPHEMERAL_RESOURCE renew_ephemeral_resource [] {};
    21 CLOSE_EPHEMERAL_RESOURCE close_ephemeral_resource [] {};
    22 VALIDATE_LIST_RESOURCE_CONFIG validate_list_resource_config [] {};
    23 VALIDATE_ACTION_CONFIG validate_action_config [] {};
    24 PLAN_ACTION plan_action [] {};
}

/// The RPCs whose answers have another form.
async fn call_other(service: Arc<dyn Provider>, number: u8, bytes: &[u8]) {
    match number {
        number::STOP_PROVIDER => {
            let Ok(request) = wire::stop_provider::Request::decode(bytes) else { return };
            let answer = service.stop_provider(Request::new(request)).await.expect("core does not expect a refusal");
            assert_eq!(answer.into_inner().error, "");
        }
        number::CALL_FUNCTION => {
            let Ok(request) = wire::call_function::Request::decode(bytes) else { return };
            let answer = service.call_function(Request::new(request)).await;
            assert_answer("call_function", None, answer);
        }
        number::LIST_RESOURCE => {
            let Ok(request) = wire::list_resource::Request::decode(bytes) else { return };
            let Ok(answer) = service.list_resource(Request::new(request)).await else { return };
            let mut events = answer.into_inner();
            while let Some(Ok(event)) = events.next().await {
                assert_no_bug_but("list_resource", &event.diagnostic, &UNHEARD_OF);
            }
        }
        number::INVOKE_ACTION => {
            let Ok(request) = wire::invoke_action::Request::decode(bytes) else { return };
            let Ok(answer) = service.invoke_action(Request::new(request)).await else { return };
            let mut events = answer.into_inner();
            while let Some(Ok(event)) = events.next().await {
                if let Some(wire::invoke_action::event::Type::Completed(completed)) = event.r#type {
                    assert_no_bug_but("invoke_action", &completed.diagnostics, &UNHEARD_OF);
                }
            }
        }
        _ => {}
    }
}

impl Checked for wire::call_function::Response {
    fn assert(self, rpc: &str, _: Option<String>) {
        let text = self.error.map(|error| error.text).unwrap_or_default();
        assert!(!text.contains("Provider Bug"), "{rpc}: {text}");
    }
}

fn assert_fits(rpc: &str, type_name: Option<&str>, value: Option<&wire::DynamicValue>) {
    let declared = type_name.and_then(|name| find(Part::Resource, name));
    if let (Some(declared), Some(value)) = (declared, value) {
        let value = from_msgpack(&value.msgpack, &declared.of).unwrap_or_else(|error| panic!("{rpc}: {error}"));
        let may_be_unknown = rpc == "plan_resource_change" || rpc == "generate_resource_config";
        assert!(may_be_unknown || value.is_wholly_known(), "{rpc}: the state holds {value:?}");
    }
}
