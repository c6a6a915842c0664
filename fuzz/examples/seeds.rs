//! Writes inputs to begin with, one folder a target: values of every type of the schema, requests of every RPC, and the
//! documented answers. `cargo run --package fuzz --example seeds -- DIRECTORY`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, clippy::exit)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fuzz::rpc_request::{IS_CONFIGURED, number};
use fuzz::service::{configuration, dynamic};
use fuzz::types::{DECLARED, Declared, EVERY_KIND, Part};
use prost::Message;
use terraform_provider_alicloud_iot::plugin::convert::schema::type_json;
use terraform_provider_alicloud_iot::plugin::convert::to_msgpack::to_msgpack;
use terraform_provider_alicloud_iot::plugin::convert::{Number, Type, WireValue};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

/// The seeds of one target, numbered.
struct Seeds {
    directory: PathBuf,
    written: usize,
}

impl Seeds {
    fn new(root: &Path, target: &str) -> Self {
        let directory = root.join(target);
        fs::create_dir_all(&directory).unwrap();
        Self { directory, written: 0 }
    }

    fn add(&mut self, bytes: &[u8]) {
        fs::write(self.directory.join(format!("seed-{:04}", self.written)), bytes).unwrap();
        self.written += 1;
    }
}

fn main() {
    let Some(root) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("Name the directory to write to.");
        std::process::exit(2);
    };
    states(&root);
    requests(&root);
    answers(&root);
}

/// How many different values there are of each type.
const FLAVOURS: usize = 6;

/// One of the values of a type. `name` is that of the attribute, since some take few words only.
fn sample(of: &Type, name: &str, flavour: usize) -> WireValue {
    if flavour == 1 && !matches!(of, Type::Object(_)) {
        return WireValue::Unknown;
    }
    let elements = |of: &Type| (0..flavour % 4).map(|index| sample(of, name, 2 + (flavour + index) % 4)).collect();
    match of {
        Type::Bool => WireValue::Bool(flavour.is_multiple_of(2)),
        Type::Number => WireValue::Number(number_of(name, flavour)),
        Type::String => WireValue::String(text_of(name, flavour)),
        Type::Dynamic => {
            let inner = [Type::String, Type::List(Box::new(Type::Bool)), EVERY_KIND.clone()];
            let of = inner.into_iter().nth(flavour % 3).unwrap_or(Type::Dynamic);
            // The type with every kind in it would go on without end.
            let value = if matches!(of, Type::Object(_)) { WireValue::Null } else { sample(&of, name, flavour) };
            WireValue::Dynamic(Box::new((of, value)))
        }
        Type::List(of) | Type::Set(of) => WireValue::List(elements(of)),
        Type::Map(of) => {
            let elements: Vec<_> = elements(of);
            WireValue::Map((0..).map(|index| format!("key{index}")).zip(elements).collect())
        }
        Type::Object(types) => {
            WireValue::Map(types.iter().map(|(name, of)| (name.clone(), sample(of, name, flavour))).collect())
        }
        Type::Tuple(types) => WireValue::List(types.iter().map(|of| sample(of, name, flavour)).collect()),
    }
}

fn text_of(name: &str, flavour: usize) -> String {
    let text = match (name, flavour) {
        ("region", _) => "cn-shanghai",
        ("on_destroy", 2) => "cancel_pending",
        ("on_destroy", _) => "keep",
        ("on_external_cancel", 2) => "recreate",
        ("on_external_cancel", 3) => "error",
        ("on_external_cancel", _) => "keep",
        ("group_type", _) => "LINK_PLATFORM_DYNAMIC",
        ("download_protocol", 2) => "HTTPS",
        ("download_protocol", _) => "MQTT",
        ("id", _) => "iot-060a02ne/job0200",
        ("create" | "read" | "update" | "delete", _) => "5m",
        (_, 2) => "job0200",
        (_, 3) => "1.0.0",
        (_, 4) => "上海 <&> \"1\"",
        _ => "",
    };
    text.to_owned()
}

fn number_of(name: &str, flavour: usize) -> Number {
    match (name, flavour) {
        ("retry_interval", 2) => Number::Integer(10),
        ("retry_count", 2) => Number::Integer(5),
        ("timeout_in_minutes", 2) => Number::Integer(1440),
        ("maximum_per_minute", 2) => Number::Integer(1000),
        (_, 2) => Number::Integer(1),
        (_, 3) => Number::Float(0.5),
        (_, 4) => Number::from_decimal("123456789012345678901234567890.1").unwrap(),
        _ => Number::Integer(i64::MIN),
    }
}

/// An object of a type in which everything is null.
fn empty(of: &Type) -> WireValue {
    let Type::Object(types) = of else { panic!("{of:?} is no object") };
    WireValue::Map(types.keys().map(|name| (name.clone(), WireValue::Null)).collect())
}

fn samples(of: &Type) -> Vec<WireValue> {
    (1..FLAVOURS).map(|flavour| sample(of, "", flavour)).chain([empty(of)]).collect()
}

fn states(root: &Path) {
    let mut msgpack = Seeds::new(root, "msgpack_state");
    let mut json = Seeds::new(root, "json_state");
    for of in DECLARED.iter().map(|declared| &declared.of).chain([&*EVERY_KIND]) {
        for value in samples(of) {
            msgpack.add(&to_msgpack(&value, of).unwrap());
            json.add(text(&value).as_bytes());
        }
    }
    // Each level is a dynamic value of type dynamic: as deep as may be, and one deeper.
    for depth in [126, 127, 128] {
        let mut bytes = b"\x92\xc4\x09\"dynamic\"".repeat(depth);
        bytes.push(0xc0);
        msgpack.add(&bytes);
        let deep = format!("{}null{}", r#"{"type":"dynamic","value":"#.repeat(depth), "}".repeat(depth));
        json.add(deep.as_bytes());
        json.add(
            format!(r#"{{"any":{{"type":{}"bool"{},"value":null}}}}"#, r#"["list","#.repeat(depth), "]".repeat(depth))
                .as_bytes(),
        );
    }
    for bytes in [&b""[..], b"\xc0", b"\xd4\x00\x00", b"\xc7\x02\x0c\x81\x01", b"\xdd\xff\xff\xff\xff"] {
        msgpack.add(bytes);
    }
    for text in ["", "null", "{}", "[]", r#"{"tags":{"a":1,"b":true},"retry_count":"5","surplus":[1e400]}"#] {
        json.add(text.as_bytes());
    }
}

/// A value as state files have it.
fn text(value: &WireValue) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    match value {
        WireValue::Null | WireValue::Unknown => "null".to_owned(),
        WireValue::Bool(value) => value.to_string(),
        WireValue::Number(value) => value.to_string(),
        WireValue::String(value) => quoted(value),
        WireValue::List(elements) => format!("[{}]", elements.iter().map(text).collect::<Vec<_>>().join(",")),
        WireValue::Map(elements) => {
            let members = elements.iter().map(|(name, value)| format!("{}:{}", quoted(name), text(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        WireValue::Dynamic(typed) => {
            format!(r#"{{"type":{},"value":{}}}"#, String::from_utf8(type_json(&typed.0)).unwrap(), text(&typed.1))
        }
    }
}

fn requests(root: &Path) {
    let mut seeds = Seeds::new(root, "rpc_request");
    let mut add = |number: u8, request: Vec<u8>| {
        for first in [number, number | IS_CONFIGURED] {
            seeds.add(&[&[first][..], &request].concat());
        }
    };
    for number in (1..=24).chain(64..=67) {
        add(number, Vec::new());
    }
    for declared in DECLARED.iter() {
        match declared.part {
            Part::Provider => provider_requests(&mut add, declared),
            Part::Resource => resource_requests(&mut add, declared),
            part => {
                for value in samples(&declared.of) {
                    other_request(&mut add, part, declared, &value);
                }
            }
        }
    }
}

fn provider_requests(add: &mut impl FnMut(u8, Vec<u8>), declared: &Declared) {
    for value in samples(&declared.of).into_iter().chain([configuration()]) {
        let config = Some(dynamic(&value, &declared.of));
        let validate = wire::validate_provider_config::Request { config: config.clone() };
        add(number::VALIDATE_PROVIDER_CONFIG, validate.encode_to_vec());
        let configure =
            wire::configure_provider::Request { terraform_version: "1.14.0".to_owned(), config, ..Default::default() };
        add(number::CONFIGURE_PROVIDER, configure.encode_to_vec());
    }
}

fn resource_requests(add: &mut impl FnMut(u8, Vec<u8>), declared: &Declared) {
    let Declared { name, version, of, .. } = declared;
    let type_name = || name.clone();
    let null = || Some(dynamic(&WireValue::Null, of));
    let private = || br#"{"imported":true}"#.to_vec();
    let mut previous = empty(of);
    for value in samples(of) {
        let prior_state = Some(dynamic(&previous.with_unknown_as_null(), of));
        let given = || Some(dynamic(&value, of));
        let known = Some(dynamic(&value.clone().with_unknown_as_null(), of));
        let json = text(&value).into_bytes();
        let validate =
            wire::validate_resource_config::Request { type_name: type_name(), config: given(), ..Default::default() };
        add(number::VALIDATE_RESOURCE_CONFIG, validate.encode_to_vec());
        let validate = wire::validate_resource_config::Request {
            type_name: type_name(),
            config: Some(wire::DynamicValue { json: json.clone(), msgpack: Vec::new() }),
            ..Default::default()
        };
        add(number::VALIDATE_RESOURCE_CONFIG, validate.encode_to_vec());
        let raw_state = Some(wire::RawState { json, flatmap: BTreeMap::new().into_iter().collect() });
        let upgrade = wire::upgrade_resource_state::Request { type_name: type_name(), version: *version, raw_state };
        add(number::UPGRADE_RESOURCE_STATE, upgrade.encode_to_vec());
        let read = wire::read_resource::Request {
            type_name: type_name(),
            current_state: known.clone(),
            private: private(),
            ..Default::default()
        };
        add(number::READ_RESOURCE, read.encode_to_vec());
        for (prior, proposed) in [(null(), given()), (prior_state.clone(), given()), (known.clone(), null())] {
            let plan = wire::plan_resource_change::Request {
                type_name: type_name(),
                prior_state: prior.clone(),
                proposed_new_state: proposed.clone(),
                config: proposed.clone(),
                prior_private: private(),
                ..Default::default()
            };
            add(number::PLAN_RESOURCE_CHANGE, plan.encode_to_vec());
            let apply = wire::apply_resource_change::Request {
                type_name: type_name(),
                prior_state: prior,
                planned_state: proposed.clone(),
                config: proposed,
                planned_private: Vec::new(),
                ..Default::default()
            };
            add(number::APPLY_RESOURCE_CHANGE, apply.encode_to_vec());
        }
        let generate = wire::generate_resource_config::Request { type_name: type_name(), state: known };
        add(number::GENERATE_RESOURCE_CONFIG, generate.encode_to_vec());
        previous = value;
    }
    for id in ["job0200", "iot-060a02ne/job0200", "a/b/c"] {
        let import =
            wire::import_resource_state::Request { type_name: type_name(), id: id.to_owned(), ..Default::default() };
        add(number::IMPORT_RESOURCE_STATE, import.encode_to_vec());
    }
    let identity = wire::upgrade_resource_identity::Request {
        type_name: type_name(),
        version: 0,
        raw_identity: Some(wire::RawState { json: br#"{"job_id":"job0200"}"#.to_vec(), ..Default::default() }),
    };
    add(number::UPGRADE_RESOURCE_IDENTITY, identity.encode_to_vec());
    let moved = wire::move_resource_state::Request {
        source_type_name: type_name(),
        target_type_name: type_name(),
        source_state: Some(wire::RawState { json: b"{}".to_vec(), ..Default::default() }),
        ..Default::default()
    };
    add(number::MOVE_RESOURCE_STATE, moved.encode_to_vec());
}

#[allow(clippy::needless_update, reason = "some of the requests have more fields")]
fn other_request(add: &mut impl FnMut(u8, Vec<u8>), part: Part, declared: &Declared, value: &WireValue) {
    let type_name = || declared.name.clone();
    let config = || Some(dynamic(value, &declared.of));
    macro_rules! request {
        ($number:ident $rpc:ident { $($field:ident: $value:expr),* }) => {
            add(number::$number, wire::$rpc::Request { $($field: $value,)* ..Default::default() }.encode_to_vec())
        };
    }
    match part {
        Part::Provider | Part::Resource => {}
        Part::DataSource => {
            request!(VALIDATE_DATA_RESOURCE_CONFIG validate_data_resource_config { type_name: type_name(), config: config() });
            request!(READ_DATA_SOURCE read_data_source { type_name: type_name(), config: config() });
        }
        Part::Ephemeral => {
            request!(VALIDATE_EPHEMERAL_RESOURCE_CONFIG validate_ephemeral_resource_config {
                type_name: type_name(), config: config()
            });
            request!(OPEN_EPHEMERAL_RESOURCE open_ephemeral_resource { type_name: type_name(), config: config() });
        }
        Part::List => {
            request!(VALIDATE_LIST_RESOURCE_CONFIG validate_list_resource_config { type_name: type_name(), config: config() });
            request!(LIST_RESOURCE list_resource { type_name: type_name(), config: config(), limit: 10 });
        }
        Part::Action => {
            request!(VALIDATE_ACTION_CONFIG validate_action_config { type_name: type_name(), config: config() });
            request!(PLAN_ACTION plan_action { action_type: type_name(), config: config() });
            request!(INVOKE_ACTION invoke_action { action_type: type_name(), config: config() });
        }
    }
}

fn answers(root: &Path) {
    let mut json = Seeds::new(root, "answer_json");
    let mut xml = Seeds::new(root, "answer_xml");
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/answers");
    let mut files = Vec::new();
    for meaning in fs::read_dir(vectors).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        files.extend(fs::read_dir(meaning).unwrap().map(|entry| entry.unwrap().path()));
    }
    files.sort();
    for file in files {
        let seeds = if file.extension().is_some_and(|it| it == "xml") { &mut xml } else { &mut json };
        seeds.add(&fs::read(file).unwrap());
    }
    // The secrets are those of the targets' own credentials.
    for (code, message) in [
        ("SignatureDoesNotMatch", "server string to sign is:POST&%2F&FuzzSecret%252F1"),
        ("InvalidAccessKeyId.NotFound", "FuzzKeyId FuzzSecret/1 FuzzToken/2 FuzzSecret%2F1 LTAI5tSomebodyElsesKey01"),
        ("Throttling.User", "FuzzFuzzToken/2Token/2"),
        ("iot.system.SystemException", "two\\nlines"),
        ("200", ""),
    ] {
        json.add(format!(r#"{{"Code":"{code}","Message":"{message}","RequestId":"FuzzToken/2"}}"#).as_bytes());
        xml.add(
            format!("<Error><Code>{code}</Code><Message>{message}</Message><RequestId>x</RequestId></Error>")
                .replace('&', "&amp;")
                .as_bytes(),
        );
    }
    json.add(format!("{}{}", r#"{"a":"#.repeat(64), "}".repeat(64)).as_bytes());
    json.add(br#"{"Success":1e3,"Data":[null,[],{}],"a":-0.5e-7,"b":18446744073709551616}"#);
    xml.add(format!("{}{}", "<a>".repeat(65), "</a>".repeat(65)).as_bytes());
    xml.add(b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>");
    for text in [
        "",
        " ",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a>&unknown;</a>",
        "<?xml version='1.1'?><a>\u{85}</a>",
        "<a>\r\n\r</a>",
    ] {
        xml.add(text.as_bytes());
    }
    xml.add(b"<a:b xmlns:a=\"u\" c='d'>&#13;&#x41;\r\n<!-- e --><![CDATA[<f>]]></a:b>");
}
