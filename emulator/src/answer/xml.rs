//! The tree as XML 1.0.

use std::borrow::Cow;

use quick_xml::escape::escape;

use super::{Object, Value};

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// The whole answer as an XML text with `root` as document element.
pub(super) fn document(root: &str, answer: &Object) -> String {
    let mut text = String::from(DECLARATION);
    write_object(&mut text, root, answer);
    text
}

fn write_object(text: &mut String, name: &str, object: &Object) {
    open(text, name);
    for (member, value) in object.members() {
        write_value(text, member, value);
    }
    close(text, name);
}

fn write_value(text: &mut String, name: &str, value: &Value) {
    match value {
        Value::Text(content) => write_leaf(text, name, &escape(representable(content))),
        Value::Integer(number) => write_leaf(text, name, &number.to_string()),
        Value::Boolean(boolean) => write_leaf(text, name, &boolean.to_string()),
        Value::List(values) => values.iter().for_each(|value| write_value(text, name, value)),
        Value::Object(object) => write_object(text, name, object),
        Value::Null | Value::AbsentText | Value::AbsentList(_) => write_leaf(text, name, ""),
    }
}

fn write_leaf(text: &mut String, name: &str, escaped: &str) {
    open(text, name);
    text.push_str(escaped);
    close(text, name);
}

fn open(text: &mut String, name: &str) {
    text.push('<');
    text.push_str(name);
    text.push('>');
}

fn close(text: &mut String, name: &str) {
    text.push_str("</");
    text.push_str(name);
    text.push('>');
}

/// XML 1.0 has no way to write most control characters, not even escaped: they become U+FFFD.
/// A carriage return would be read back as a line feed, so it goes the same way.
fn representable(content: &str) -> Cow<'_, str> {
    if content.chars().all(is_representable) {
        return Cow::Borrowed(content);
    }
    let replaced = content
        .chars()
        .map(|character| if is_representable(character) { character } else { char::REPLACEMENT_CHARACTER });
    Cow::Owned(replaced.collect())
}

fn is_representable(character: char) -> bool {
    matches!(character, '\t' | '\n' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body_of(answer: &Object) -> String {
        document("R", answer).replace(DECLARATION, "")
    }

    #[test]
    fn lists_repeat_their_element_and_texts_are_escaped() {
        let answer = Object::new()
            .with("Name", "a<b>&'\"")
            .with_wrapped_list("SrcVersions", "SrcVersion", ["1", "2"])
            .with("Empty", "")
            .with("Success", true);
        assert_eq!(
            body_of(&answer),
            "<R><Name>a&lt;b&gt;&amp;&apos;&quot;</Name>\
             <SrcVersions><SrcVersion>1</SrcVersion><SrcVersion>2</SrcVersion></SrcVersions>\
             <Empty></Empty><Success>true</Success></R>"
        );
    }

    #[test]
    fn characters_that_xml_cannot_carry_are_replaced() {
        let answer = Object::new().with("Name", "a\u{0}b\u{1f}c\r\u{FFFF}\t\n上😀");
        assert_eq!(body_of(&answer), "<R><Name>a\u{FFFD}b\u{FFFD}c\u{FFFD}\u{FFFD}\t\n上😀</Name></R>");
    }
}
