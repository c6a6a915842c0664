//! Answers that no service sends: too deep, too many parts, broken in every way.

use proptest::prelude::*;

use crate::iot::answer::parse;

fn nested_json(depth: usize) -> String {
    format!("{}1{}", "{\"a\":".repeat(depth - 1), "}".repeat(depth - 1))
}

fn nested_xml(depth: usize) -> String {
    format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth))
}

#[test]
fn depth_has_a_limit() {
    assert!(parse(nested_json(64).as_bytes()).is_ok());
    assert!(parse(nested_xml(64).as_bytes()).is_ok());
    for deep in [nested_json(65), nested_xml(65), "[".repeat(1_000_000), nested_xml(1_000_000)] {
        let wrapped = if deep.starts_with('[') { format!("{{\"a\":{deep}") } else { deep };
        let error = parse(wrapped.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("nested more than 64 deep"), "{error}");
    }
}

#[test]
fn the_number_of_parts_has_a_limit() {
    let json = format!("{{\"a\":[{}1]}}", "1,".repeat(500_000));
    let xml = format!("<r>{}</r>", "<a/>".repeat(500_000));
    for body in [json, xml] {
        let error = parse(body.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("too many parts"), "{error}");
    }
}

#[test]
fn broken_documents_are_refused_with_a_reason() {
    for (body, reason) in [
        (&b""[..], "empty"),
        (b" \r\n", "empty"),
        (b"\xff{}", "UTF-8"),
        (b"[1]", "neither"),
        (b"\"text\"", "neither"),
        (b"{\"a\":1", "not valid JSON"),
        (b"{} {}", "not valid JSON"),
        (b"{\"a\":1e999}", "not valid JSON"),
        (b"<a>", "breaks off"),
        (b"<a><b></a>", "not valid XML"),
        (b"<a></a><b/>", "two roots"),
        (b"<a/>text", "outside"),
        (b"<!-- nothing -->", "breaks off"),
        (b"<a>&unknown;</a>", "entity"),
        (b"<a>&#xD800;</a>", "entity"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type"),
    ] {
        let error = parse(body).expect_err(&String::from_utf8_lossy(body)).to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn reasons_never_repeat_the_body() {
    for body in ["{\"a\":secret}", "{\"secret\"", "<secret></other>", "<a b='secret></a>"] {
        let error = parse(body.as_bytes()).map(|_| ()).expect_err(body).to_string();
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn a_byte_order_mark_and_blanks_do_no_harm() {
    assert!(parse("\u{feff}\n {\"a\":1}\n".as_bytes()).is_ok());
    assert!(parse("\u{feff}\n<?xml version=\"1.0\"?>\n<a>1</a>\n".as_bytes()).is_ok());
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_text_that_looks_like_an_answer_makes_it_panic(text in r#"[{<]([]{}<>/&;:,"a1!\[?# -]|null|true|CDATA){0,60}"#) {
        let _ = parse(text.as_bytes());
    }

    #[test]
    fn a_text_survives_both_formats(text in "[^\u{0}-\u{1f}\u{7f}-\u{9f}\u{fffe}\u{ffff}]{0,40}") {
        let json = serde_json::json!({"Text": text}).to_string();
        let escaped = quick_xml::escape::escape(text.as_str());
        let xml = format!("<Root><Text>{escaped}</Text></Root>");
        let expected = Ok(Some(text.clone()));
        prop_assert_eq!(parse(json.as_bytes()).unwrap().text("Text"), expected.clone());
        prop_assert_eq!(parse(xml.as_bytes()).unwrap().text("Text"), expected);
    }
}
