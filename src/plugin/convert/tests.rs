//! Values through all conversions and back.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use super::deserialize::from_value;
use super::from_json::from_json;
use super::from_msgpack::from_msgpack;
use super::serialize::to_value;
use super::to_msgpack::to_msgpack;
use super::{Number, Type, WireValue};

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        any::<f64>().prop_filter_map("not a number", Number::from_float),
        "-?[1-9][0-9]{0,40}(\\.[0-9]{0,20}[1-9])".prop_filter_map("a decimal", |text| Number::from_decimal(&text)),
    ]
}

/// A type, and a value that fits it.
fn typed() -> impl Strategy<Value = (Type, WireValue)> {
    of_any_type().prop_flat_map(|of| (Just(of.clone()), value_of(of)))
}

fn of_any_type() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|element| Type::List(Box::new(element))),
            inner.clone().prop_map(|element| Type::Set(Box::new(element))),
            inner.clone().prop_map(|element| Type::Map(Box::new(element))),
            vec(inner.clone(), 0..3).prop_map(Type::Tuple),
            btree_map("[a-z_]{1,8}", inner, 0..3).prop_map(Type::Object),
        ]
    })
}

fn value_of(of: Type) -> BoxedStrategy<WireValue> {
    let known = match of.clone() {
        Type::Bool => any::<bool>().prop_map(WireValue::Bool).boxed(),
        Type::Number => number().prop_map(WireValue::Number).boxed(),
        Type::String => any::<String>().prop_map(WireValue::String).boxed(),
        Type::List(element) | Type::Set(element) => vec(value_of(*element), 0..4).prop_map(WireValue::List).boxed(),
        Type::Map(element) => btree_map(any::<String>(), value_of(*element), 0..4).prop_map(WireValue::Map).boxed(),
        Type::Tuple(elements) => {
            elements.into_iter().map(value_of).collect::<Vec<_>>().prop_map(WireValue::List).boxed()
        }
        Type::Object(attributes) => {
            let (names, types): (Vec<_>, Vec<_>) = attributes.into_iter().unzip();
            let values = types.into_iter().map(value_of).collect::<Vec<_>>();
            values.prop_map(move |values| WireValue::Map(names.iter().cloned().zip(values).collect())).boxed()
        }
        Type::Dynamic => Just(WireValue::Null).boxed(),
    };
    prop_oneof![8 => known, 1 => Just(WireValue::Null), 1 => Just(WireValue::Unknown)].boxed()
}

proptest! {
    #[test]
    fn messagepack_gives_back_what_it_was_given((of, value) in typed()) {
        let bytes = to_msgpack(&value, &of).unwrap();
        prop_assert_eq!(from_msgpack(&bytes, &of).unwrap(), value);
    }

    #[test]
    fn a_value_brings_its_type_where_the_schema_has_none((of, value) in typed()) {
        let dynamic = WireValue::Dynamic(Box::new((of, value)));
        let bytes = to_msgpack(&dynamic, &Type::Dynamic).unwrap();
        prop_assert_eq!(from_msgpack(&bytes, &Type::Dynamic).unwrap(), dynamic);
    }

    #[test]
    fn cut_anywhere_it_is_an_error_and_no_panic((of, value) in typed(), cut in any::<prop::sample::Index>()) {
        let bytes = to_msgpack(&value, &of).unwrap();
        let length = cut.index(bytes.len());
        // No bytes at all are null.
        prop_assert!(length == 0 || from_msgpack(&bytes[..length], &of).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic((of, _) in typed(), bytes in vec(any::<u8>(), 0..64)) {
        let _ = from_msgpack(&bytes, &of);
        let _ = from_msgpack(&bytes, &Type::Dynamic);
        let _ = from_json(&bytes, &of);
        let _ = from_json(&bytes, &Type::Dynamic);
    }

    #[test]
    fn types_give_back_what_they_were_given((of, _) in typed()) {
        let json = serde_json::to_string(&of).unwrap();
        prop_assert_eq!(serde_json::from_str::<Type>(&json).unwrap(), of);
    }
}

/// One attribute of each kind that a resource's state can have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct State {
    text: Value<String>,
    number: Value<Number>,
    truth: Value<bool>,
    list: Value<Vec<Value<String>>>,
    map: Value<BTreeMap<String, Value<Number>>>,
}

fn of_state() -> Type {
    let list = Type::List(Box::new(Type::String));
    let map = Type::Map(Box::new(Type::Number));
    let attributes =
        [("text", Type::String), ("number", Type::Number), ("truth", Type::Bool), ("list", list), ("map", map)];
    Type::Object(attributes.map(|(name, of)| (name.to_owned(), of)).into())
}

proptest! {
    #[test]
    fn structs_give_back_what_they_were_given(value in value_of(of_state())) {
        // The object itself is known whenever a resource sees it.
        prop_assume!(matches!(value, WireValue::Map(_)));
        let state: State = from_value(&value).unwrap();
        prop_assert_eq!(to_value(&state).unwrap(), value);
    }
}

#[test]
fn a_list_of_two_is_never_taken_for_unknown() {
    // tf-provider's own decoding does that with a number and a text, which the schema check refuses here.
    let bytes = [0x81, 0xa4, b'l', b'i', b's', b't', 0x92, 0x05, 0xa3, b'a', b'b', b'c'];
    assert!(from_msgpack(&bytes, &of_state()).is_err());
    let list = WireValue::List(vec![WireValue::String("0".to_owned()), WireValue::String(String::new())]);
    let typed: Value<Vec<Value<String>>> = from_value(&list).unwrap();
    assert!(typed.is_value());
}

#[test]
fn every_width_and_form_of_a_number_is_read() {
    for (bytes, expected) in [
        (&b"\x05"[..], "5"),
        (b"\xff", "-1"),
        (b"\xcc\xff", "255"),
        (b"\xcd\xff\xff", "65535"),
        (b"\xce\xff\xff\xff\xff", "4294967295"),
        (b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615"),
        (b"\xd0\x80", "-128"),
        (b"\xd1\x80\x00", "-32768"),
        (b"\xd2\x80\x00\x00\x00", "-2147483648"),
        (b"\xd3\x80\x00\x00\x00\x00\x00\x00\x00", "-9223372036854775808"),
        (b"\xca\x3f\x00\x00\x00", "0.5"),
        (b"\xcb\x3f\xe0\x00\x00\x00\x00\x00\x00", "0.5"),
        (b"\xcb\x40\x14\x00\x00\x00\x00\x00\x00", "5"),
        (b"\xa30.1", "0.1"),
    ] {
        let value = from_msgpack(bytes, &Type::Number).unwrap();
        let WireValue::Number(number) = value else { panic!("{value:?}") };
        assert_eq!(number.to_string(), expected);
    }
}

#[test]
fn every_extension_is_unknown() {
    for bytes in [
        &b"\xd4\x00\x00"[..],
        b"\xc7\x00\x00",
        b"\xc7\x03\x0c\x81\x01\xc2",
        b"\xc8\x00\x01\x0c\x80",
        b"\xc9\x00\x00\x00\x01\x0c\x80",
        b"\xd5\x0001",
        b"\xd6\x000123",
        b"\xd7\x0001234567",
        b"\xd8\x0c0123456789abcdef",
    ] {
        assert_eq!(from_msgpack(bytes, &of_state()).unwrap(), WireValue::Unknown, "{bytes:x?}");
    }
}

#[test]
fn a_message_cannot_make_more_of_itself_than_its_limit() {
    // Four million nulls and one are five bytes of header and a byte each.
    let mut bytes = vec![0xdd];
    bytes.extend(4_000_001_u32.to_be_bytes());
    bytes.resize(bytes.len() + 4_000_001, 0xc0);
    let error = from_msgpack(&bytes, &Type::List(Box::new(Type::Bool))).unwrap_err();
    assert!(error.to_string().contains("too many values"), "{error}");
}

#[test]
fn dynamic_values_do_not_nest_without_end() {
    // Each level is a dynamic value of type dynamic.
    let mut bytes = b"\x92\xc4\x09\"dynamic\"".repeat(100_000);
    bytes.push(0xc0);
    let error = from_msgpack(&bytes, &Type::Dynamic).unwrap_err();
    assert!(error.to_string().contains("nested too deep"), "{error}");
}

#[test]
fn json_has_the_same_limits() {
    let many = format!("[{}0]", "0,".repeat(4_000_000));
    let error = from_json(many.as_bytes(), &Type::List(Box::new(Type::Number))).unwrap_err();
    assert!(error.to_string().contains("too many values"), "{error}");
    let deep = format!("{}null{}", r#"{"type":"dynamic","value":"#.repeat(10_000), "}".repeat(10_000));
    let error = from_json(deep.as_bytes(), &Type::Dynamic).unwrap_err();
    assert!(error.to_string().contains("nested too deep"), "{error}");
}

#[test]
fn no_error_quotes_the_value() {
    let of = of_state();
    for json in [
        r#"{"map":"s3cret"}"#,
        r#"{"list":"s3cret"}"#,
        r#"{"number":"s3cret"}"#,
        r#"{"truth":"s3cret"}"#,
        r#""s3cret""#,
        "s3cret",
    ] {
        let error = from_json(json.as_bytes(), &of).unwrap_err().to_string();
        assert!(!error.contains("s3cret"), "{error}");
    }
}

#[test]
fn state_is_read_leniently() {
    let json = br#"{"text": 5, "number": "0.1", "truth": "true", "list": ["a", null], "surplus": {"x": [1]}}"#;
    let WireValue::Map(state) = from_json(json, &of_state()).unwrap() else { panic!("an object") };
    assert_eq!(state["text"], WireValue::String("5".to_owned()));
    assert_eq!(state["number"], WireValue::Number(Number::Decimal("0.1".into())));
    assert_eq!(state["truth"], WireValue::Bool(true));
    assert_eq!(state["list"], WireValue::List(vec![WireValue::String("a".to_owned()), WireValue::Null]));
    assert_eq!(state["map"], WireValue::Null);
    assert!(!state.contains_key("surplus"));
}

#[test]
fn an_error_says_where() {
    let json = br#"{"map": {"a": 1, "b": {}}}"#;
    assert_eq!(from_json(json, &of_state()).unwrap_err().path().to_string(), "map[\"b\"]");
    let json = br#"{"list": ["a", ["b"]]}"#;
    assert_eq!(from_json(json, &of_state()).unwrap_err().path().to_string(), "list[1]");
}

#[test]
fn large_numbers_of_the_state_keep_their_digits() {
    let digits = "123456789012345678901234567890.123456789";
    let value = from_json(digits.as_bytes(), &Type::Number).unwrap();
    assert_eq!(value, WireValue::Number(Number::Decimal(digits.into())));
}

#[test]
fn an_object_has_each_attribute_once_and_no_other() {
    let of = Type::Object([("a".to_owned(), Type::Bool)].into());
    assert!(from_msgpack(b"\x81\xa1a\xc3", &of).is_ok());
    let twice = from_msgpack(b"\x82\xa1a\xc3\xa1a\xc2", &of).unwrap_err();
    assert!(twice.to_string().contains("twice"), "{twice}");
    let surplus = from_msgpack(b"\x82\xa1a\xc3\xa1b\xc2", &of).unwrap_err();
    assert_eq!(surplus.path().to_string(), "b");
    let object =
        |names: &[&str]| WireValue::Map(names.iter().map(|name| ((*name).to_owned(), WireValue::Bool(true))).collect());
    assert!(to_msgpack(&object(&["a"]), &of).is_ok());
    assert_eq!(to_msgpack(&object(&["a", "b"]), &of).unwrap_err().path().to_string(), "b");
    assert_eq!(to_msgpack(&object(&[]), &of).unwrap_err().path().to_string(), "a");
}

#[test]
fn a_tuple_has_as_many_elements_as_its_type() {
    let of = Type::Tuple(vec![Type::Bool]);
    assert!(from_msgpack(b"\x91\xc3", &of).is_ok());
    for bytes in [&b"\x90"[..], b"\x92\xc3\xc3"] {
        let error = from_msgpack(bytes, &of).unwrap_err().to_string();
        assert!(error.contains("a tuple of 1"), "{error}");
    }
    for count in [0, 2] {
        assert!(to_msgpack(&WireValue::List(vec![WireValue::Bool(true); count]), &of).is_err(), "{count}");
    }
}

#[test]
fn the_type_of_a_dynamic_value_may_be_long() {
    for count in [1, 30, 9000] {
        let attributes = (0..count).map(|number| (format!("a{number}"), Type::Bool));
        let null = |name: &String| (name.clone(), WireValue::Null);
        let attributes: BTreeMap<_, _> = attributes.collect();
        let value = WireValue::Map(attributes.keys().map(null).collect());
        let dynamic = WireValue::Dynamic(Box::new((Type::Object(attributes), value)));
        let bytes = to_msgpack(&dynamic, &Type::Dynamic).unwrap();
        assert_eq!(from_msgpack(&bytes, &Type::Dynamic).unwrap(), dynamic, "{count}");
    }
    let error = from_msgpack(b"\x93\xc4\x06\"bool\"\xc3\xc3", &Type::Dynamic).unwrap_err().to_string();
    assert!(error.contains("3 parts"), "{error}");
}

#[test]
fn what_is_unknown_is_found_wherever_it_stands() {
    let around = |inner: WireValue| {
        let of = Type::Object([("a".to_owned(), Type::String)].into());
        let object = WireValue::Map([("a".to_owned(), inner)].into());
        WireValue::List(vec![WireValue::Null, WireValue::Dynamic(Box::new((of, object)))])
    };
    let unknown = around(WireValue::Unknown);
    assert!(!unknown.is_wholly_known());
    assert_eq!(unknown.with_unknown_as_null(), around(WireValue::Null));
    assert!(around(WireValue::Null).is_wholly_known());
}

#[test]
fn what_terraforms_types_cannot_say_is_an_error_that_says_where() {
    #[derive(Serialize)]
    enum Unsaid {
        Unsaid,
    }
    #[derive(Serialize)]
    struct Outer {
        inner: Vec<BTreeMap<String, Unsaid>>,
    }
    let inner = vec![BTreeMap::new(), [("key".to_owned(), Unsaid::Unsaid)].into()];
    let error = to_value(&Outer { inner }).unwrap_err();
    assert_eq!(error.path().to_string(), "inner[1][\"key\"]");
    assert!(error.message().contains("cannot say Unsaid"), "{error}");
}
