//! Calls in odd orders and with bytes that no Terraform would send. Each is answered with a
//! diagnostic or an RPC error, and the next call is served as if nothing had been.

use serde_json::json;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use tonic::codegen::http::uri::PathAndQuery;

use crate::client::{Session, sample};
use crate::values::value;

const JOB: &str = "alicloud_iot_ota_dynamic_job";

fn msgpack(bytes: &[u8]) -> Option<wire::DynamicValue> {
    Some(wire::DynamicValue { msgpack: bytes.to_vec(), json: Vec::new() })
}

fn only_error(diagnostics: &[wire::Diagnostic]) -> &wire::Diagnostic {
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_eq!(diagnostics[0].severity(), wire::diagnostic::Severity::Error);
    &diagnostics[0]
}

async fn is_alive(session: &mut Session) {
    session.provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap();
}

/// Calls every RPC that is about something by its name, and returns what each says.
async fn each_rpc_about(session: &mut Session, name: &str) -> Vec<(&'static str, Vec<wire::Diagnostic>)> {
    let provider = &mut session.provider;
    macro_rules! call {
        ($rpc:ident { $field:ident $(, $other:ident: $value:expr)* }) => {{
            let request = wire::$rpc::Request { $field: name.to_owned(), $($other: $value,)* ..Default::default() };
            (stringify!($rpc), provider.$rpc(request).await.unwrap().into_inner().diagnostics)
        }};
    }
    let raw_state = || Some(wire::RawState { json: b"{}".to_vec(), ..Default::default() });
    let mut said = vec![
        call!(validate_resource_config { type_name }),
        call!(upgrade_resource_state { type_name, raw_state: raw_state() }),
        call!(upgrade_resource_identity { type_name, raw_identity: raw_state() }),
        call!(read_resource { type_name }),
        call!(plan_resource_change { type_name }),
        call!(apply_resource_change { type_name }),
        call!(import_resource_state { type_name, id: "job".to_owned() }),
        call!(move_resource_state { target_type_name, source_state: raw_state() }),
        call!(generate_resource_config { type_name }),
        call!(validate_data_resource_config { type_name }),
        call!(read_data_source { type_name }),
        call!(validate_ephemeral_resource_config { type_name }),
        call!(open_ephemeral_resource { type_name }),
        call!(renew_ephemeral_resource { type_name }),
        call!(close_ephemeral_resource { type_name }),
        call!(validate_list_resource_config { type_name }),
        call!(validate_action_config { type_name }),
        call!(plan_action { action_type }),
    ];
    let request = wire::list_resource::Request { type_name: name.to_owned(), ..Default::default() };
    let mut events = provider.list_resource(request).await.unwrap().into_inner();
    said.push(("list_resource", events.message().await.unwrap().unwrap().diagnostic));
    let request = wire::invoke_action::Request { action_type: name.to_owned(), ..Default::default() };
    let mut events = provider.invoke_action(request).await.unwrap().into_inner();
    let Some(wire::invoke_action::event::Type::Completed(completed)) = events.message().await.unwrap().unwrap().r#type
    else {
        panic!("an action that does not exist makes no progress");
    };
    said.push(("invoke_action", completed.diagnostics));
    said
}

#[tokio::test]
async fn an_unknown_type_is_an_error_that_names_it() {
    for mut session in [Session::start().await, Session::start_of(&sample()).await] {
        for (rpc, diagnostics) in each_rpc_about(&mut session, "alicloud_iot_nothing").await {
            let error = only_error(&diagnostics);
            assert_eq!(error.summary, "No Such Type", "{rpc}");
            assert!(error.detail.contains("alicloud_iot_nothing"), "{rpc}: {}", error.detail);
        }
        let request = wire::call_function::Request { name: "f".to_owned(), arguments: Vec::new() };
        let answer = session.provider.call_function(request).await.unwrap().into_inner();
        assert!(answer.error.unwrap().text.contains("\"f\""));
        is_alive(&mut session).await;
    }
}

#[tokio::test]
async fn a_part_of_an_identity_is_not_read_as_two() {
    let mut session = Session::start().await;
    session.configure().await;
    for (job, instance) in [
        ("inst/job", json!(null)),
        ("job", json!("in/st")),
        ("", json!(null)),
        ("a b", json!("inst")),
        ("job", json!("")),
    ] {
        let identity_data = value(&json!({"job_id": job, "iot_instance_id": instance, "region": null}));
        let request = wire::import_resource_state::Request {
            type_name: JOB.to_owned(),
            identity: Some(wire::ResourceIdentityData { identity_data }),
            ..Default::default()
        };
        let answer = session.provider.import_resource_state(request).await.unwrap().into_inner();
        assert_eq!(only_error(&answer.diagnostics).summary, "Invalid Import Identity", "{job} {instance}");
        assert_eq!(answer.imported_resources, []);
    }
}

/// A configuration of the job with every attribute null, as core encodes it.
fn job_config(session_schema: &wire::get_provider_schema::Response, values: &[(&str, &[u8])]) -> Vec<u8> {
    let block = session_schema.resource_schemas[JOB].block.as_ref().unwrap();
    // Its blocks stand there once at most, and are null as well.
    let blocks = block.block_types.iter().map(|nested| &nested.type_name);
    let names: Vec<_> = block.attributes.iter().map(|attribute| &attribute.name).chain(blocks).collect();
    let mut bytes = vec![0xde];
    bytes.extend(u16::try_from(names.len()).unwrap().to_be_bytes());
    for name in names {
        rmp::encode::write_str(&mut bytes, name).unwrap();
        let value = values.iter().find(|(set, _)| set == name).map_or(&[0xc0][..], |(_, value)| value);
        bytes.extend(value);
    }
    bytes
}

#[tokio::test]
async fn whatever_needs_the_service_says_before_configure_that_it_is_too_early() {
    let mut session = Session::start().await;
    let schema =
        session.provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap().into_inner();
    let object = || msgpack(&job_config(&schema, &[]));
    let type_name = || JOB.to_owned();
    let read = wire::read_resource::Request { type_name: type_name(), current_state: object(), ..Default::default() };
    let plan = wire::plan_resource_change::Request {
        type_name: type_name(),
        proposed_new_state: object(),
        config: object(),
        ..Default::default()
    };
    let apply = wire::apply_resource_change::Request {
        type_name: type_name(),
        planned_state: object(),
        config: object(),
        ..Default::default()
    };
    let destroy =
        wire::apply_resource_change::Request { type_name: type_name(), prior_state: object(), ..Default::default() };
    let import =
        wire::import_resource_state::Request { type_name: type_name(), id: "job".to_owned(), ..Default::default() };
    let identity_data = {
        let mut bytes = vec![0x83];
        for (name, value) in [("job_id", &b"\xa3job"[..]), ("iot_instance_id", &[0xc0]), ("region", &[0xc0])] {
            rmp::encode::write_str(&mut bytes, name).unwrap();
            bytes.extend(value);
        }
        msgpack(&bytes)
    };
    let by_identity = wire::import_resource_state::Request {
        type_name: type_name(),
        identity: Some(wire::ResourceIdentityData { identity_data }),
        ..Default::default()
    };
    let provider = &mut session.provider;
    for diagnostics in [
        provider.import_resource_state(by_identity).await.unwrap().into_inner().diagnostics,
        provider.read_resource(read).await.unwrap().into_inner().diagnostics,
        provider.plan_resource_change(plan).await.unwrap().into_inner().diagnostics,
        provider.apply_resource_change(apply).await.unwrap().into_inner().diagnostics,
        provider.apply_resource_change(destroy).await.unwrap().into_inner().diagnostics,
        provider.import_resource_state(import).await.unwrap().into_inner().diagnostics,
    ] {
        assert_eq!(only_error(&diagnostics).summary, "Provider Not Configured");
    }
    // These need nothing but the schema.
    let validate =
        wire::validate_resource_config::Request { type_name: type_name(), config: object(), ..Default::default() };
    let answer = provider.validate_resource_config(validate).await.unwrap().into_inner();
    assert!(answer.diagnostics.iter().all(|it| it.severity() == wire::diagnostic::Severity::Warning));
    let raw_state = Some(wire::RawState { json: b"{}".to_vec(), ..Default::default() });
    let upgrade = wire::upgrade_resource_state::Request { type_name: type_name(), version: 0, raw_state };
    assert!(provider.upgrade_resource_state(upgrade).await.unwrap().into_inner().diagnostics.is_empty());
    let request = wire::get_resource_identity_schemas::Request {};
    let identities = provider.get_resource_identity_schemas(request).await.unwrap().into_inner();
    assert!(identities.diagnostics.is_empty() && identities.identity_schemas.contains_key(JOB));
    let request = wire::generate_resource_config::Request { type_name: type_name(), state: object() };
    assert!(provider.generate_resource_config(request).await.unwrap().into_inner().diagnostics.is_empty());
}

#[tokio::test]
async fn bytes_that_are_no_configuration_are_a_diagnostic_with_the_path() {
    let mut session = Session::start().await;
    let schema =
        session.provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap().into_inner();
    let with = |attribute: &str, value: &[u8]| job_config(&schema, &[(attribute, value)]);
    let mut surplus = with("tags", &[0xc0]);
    surplus[2] += 1;
    surplus.extend(*b"\xa1x\xc0");
    let mut nested = vec![0x91; 1 << 20];
    nested.push(0xc0);
    let cases: Vec<(&str, Vec<u8>, Option<&str>)> = vec![
        ("not an object", vec![0x01], None),
        ("cut short", vec![0xde, 0x00, 0x19, 0xa4], None),
        ("a length that lies", vec![0xdf, 0xff, 0xff, 0xff, 0xff], None),
        ("an attribute too few", vec![0x80], Some("dest_version")),
        ("an attribute too many", surplus, Some("x")),
        ("a text for a list", with("src_versions", b"\xa1x"), Some("src_versions")),
        ("a list that lies", with("src_versions", b"\xdd\xff\xff\xff\xff"), Some("src_versions")),
        ("a number for a text", with("firmware_id", &[0x05]), Some("firmware_id")),
        ("a text that is no number", with("retry_count", b"\xa3abc"), Some("retry_count")),
        ("not UTF-8", with("firmware_id", b"\xa2\xff\xfe"), Some("firmware_id")),
        ("a million lists in each other", nested.clone(), None),
        ("the same inside an attribute", with("src_versions", &nested), Some("src_versions")),
        ("bytes after the value", [job_config(&schema, &[]), vec![0xc0]].concat(), None),
    ];
    for (what, bytes, attribute) in cases {
        let request = wire::validate_resource_config::Request {
            type_name: JOB.to_owned(),
            config: msgpack(&bytes),
            ..Default::default()
        };
        let answer = session.provider.validate_resource_config(request).await.unwrap().into_inner();
        let error = only_error(&answer.diagnostics);
        assert_eq!(error.summary, "Value Cannot Be Read", "{what}");
        let first = error.attribute.as_ref().and_then(|path| path.steps[0].selector.clone());
        let expected = attribute.map(|name| wire::attribute_path::step::Selector::AttributeName(name.to_owned()));
        assert_eq!(first, expected, "{what}: {}", error.detail);
    }
    is_alive(&mut session).await;
}

#[tokio::test]
async fn state_that_is_no_state_is_a_diagnostic() {
    let mut session = Session::start().await;
    let deep = [b"[".repeat(1 << 20), b"]".repeat(1 << 20)].concat();
    for (what, version, json) in [
        ("not JSON", 0, b"{".to_vec()),
        ("not an object", 0, b"[1]".to_vec()),
        ("a wrong type inside", 0, br#"{"src_versions":{"a":1}}"#.to_vec()),
        ("a million lists in each other", 0, [br#"{"src_versions":"#.to_vec(), deep, b"}".to_vec()].concat()),
        ("a version of the future", 7, b"{}".to_vec()),
    ] {
        let raw_state = Some(wire::RawState { json, ..Default::default() });
        let request = wire::upgrade_resource_state::Request { type_name: JOB.to_owned(), version, raw_state };
        let answer = session.provider.upgrade_resource_state(request).await.unwrap().into_inner();
        only_error(&answer.diagnostics);
        assert!(answer.upgraded_state.is_none(), "{what}");
    }
    is_alive(&mut session).await;
}

#[tokio::test]
async fn requests_that_are_no_messages_fail_alone() {
    /// Passes bytes through as they are.
    #[derive(Clone, Default)]
    struct Raw;
    impl tonic::codec::Codec for Raw {
        type Encode = Vec<u8>;
        type Decode = Vec<u8>;
        type Encoder = Self;
        type Decoder = Self;
        fn encoder(&mut self) -> Self {
            Self
        }
        fn decoder(&mut self) -> Self {
            Self
        }
    }
    impl tonic::codec::Encoder for Raw {
        type Item = Vec<u8>;
        type Error = tonic::Status;
        fn encode(&mut self, item: Vec<u8>, out: &mut tonic::codec::EncodeBuf<'_>) -> Result<(), tonic::Status> {
            bytes::BufMut::put_slice(out, &item);
            Ok(())
        }
    }
    impl tonic::codec::Decoder for Raw {
        type Item = Vec<u8>;
        type Error = tonic::Status;
        fn decode(&mut self, buffer: &mut tonic::codec::DecodeBuf<'_>) -> Result<Option<Vec<u8>>, tonic::Status> {
            let length = bytes::Buf::remaining(buffer);
            Ok(Some(bytes::Buf::copy_to_bytes(buffer, length).to_vec()))
        }
    }
    let mut session = Session::start().await;
    let mut client = tonic::client::Grpc::new(session.channel.clone());
    for garbage in [vec![0xff; 64], vec![0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], b"\x0a\x02\xff\xfe".to_vec()] {
        for path in ["ValidateResourceConfig", "PlanResourceChange", "ApplyResourceChange", "ConfigureProvider"] {
            client.ready().await.unwrap();
            let path = PathAndQuery::try_from(format!("/tfplugin6.Provider/{path}")).unwrap();
            let error = client.unary(tonic::Request::new(garbage.clone()), path, Raw).await.unwrap_err();
            assert_ne!(error.code(), tonic::Code::Unimplemented, "the path exists");
        }
    }
    is_alive(&mut session).await;
}

#[tokio::test]
async fn messages_of_tens_of_mebibytes_pass() {
    let mut session = Session::start().await;
    let schema =
        session.provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap().into_inner();
    let mut text = vec![0xdb];
    text.extend(u32::to_be_bytes(64 << 20));
    text.resize(text.len() + (64 << 20), b'x');
    let config = job_config(&schema, &[("firmware_id", &text)]);
    let request = wire::validate_resource_config::Request {
        type_name: JOB.to_owned(),
        config: msgpack(&config),
        ..Default::default()
    };
    session.provider.validate_resource_config(request).await.unwrap();
}

#[tokio::test]
async fn a_value_may_come_as_json() {
    let mut session = Session::start().await;
    let schemas =
        session.provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap().into_inner();
    let block = schemas.resource_schemas[JOB].block.as_ref().unwrap();
    let names = block.attributes.iter().map(|it| &it.name).chain(block.block_types.iter().map(|it| &it.type_name));
    let mut job: serde_json::Map<_, _> = names.map(|name| (name.clone(), json!(null))).collect();
    job["firmware_id"] = json!("firmware");
    job["product_key"] = json!("product");
    job["retry_interval"] = json!(7);
    job["retry_count"] = json!(1);
    job["src_versions"] = json!(["V1.0.0"]);
    for (what, json, path) in [
        ("an object", json!(job).to_string(), Some("retry_interval")),
        ("half an object", "{\"firmware_id\":".to_owned(), None),
        ("nesting without end", "[".repeat(100_000), None),
        ("nothing", String::new(), None),
    ] {
        let config = Some(wire::DynamicValue { msgpack: Vec::new(), json: json.into_bytes() });
        let request =
            wire::validate_resource_config::Request { type_name: JOB.to_owned(), config, ..Default::default() };
        let answer = session.provider.validate_resource_config(request).await.unwrap().into_inner();
        let error = only_error(&answer.diagnostics);
        let step = error.attribute.as_ref().and_then(|path| path.steps.first()).and_then(|step| step.selector.as_ref());
        let name = step.map(|step| match step {
            wire::attribute_path::step::Selector::AttributeName(name) => name.as_str(),
            other => panic!("{what}: {other:?}"),
        });
        assert_eq!(name, path, "{what}: {}: {}", error.summary, error.detail);
        is_alive(&mut session).await;
    }
}
