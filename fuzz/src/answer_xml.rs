//! Answers of the cloud in XML.

use terraform_provider_alicloud_iot::iot::{Node, parse_answer};

use crate::answers;

/// # Panics
///
/// If the tree, written as XML again, is read as another one, or any property of `answers` is broken.
pub fn check(body: &[u8]) {
    let tree = answers::read(body);
    let is_xml =
        || std::str::from_utf8(body).is_ok_and(|text| text.trim_start_matches('\u{feff}').trim().starts_with('<'));
    let Ok(tree) = tree else { return };
    if !is_xml() {
        return;
    }
    let mut xml = String::new();
    if render(&tree, "Answer", &mut xml) {
        let again = parse_answer(xml.as_bytes()).unwrap_or_else(|error| panic!("{error}: {xml:?}"));
        assert_eq!(again, tree, "{xml:?}");
    }
}

/// Writes a node as an element. False if that cannot be, since a name is none that XML has: the parser is not strict
/// about names.
fn render(node: &Node, name: &str, xml: &mut String) -> bool {
    let is_name = name.chars().all(|it| it.is_alphanumeric() || "_-.".contains(it))
        && name.starts_with(|it: char| it.is_alphabetic() || it == '_');
    if !is_name {
        return false;
    }
    xml.push_str(&format!("<{name}>"));
    let is_rendered = match node {
        Node::Text(text) => {
            text.chars().for_each(|it| match it {
                '<' => xml.push_str("&lt;"),
                '>' => xml.push_str("&gt;"),
                '&' => xml.push_str("&amp;"),
                // As it is, it would be read as the end of a line.
                '\r' => xml.push_str("&#13;"),
                other => xml.push(other),
            });
            true
        }
        Node::Object(members) => members.iter().all(|(name, node)| render(node, name, xml)),
        Node::Null | Node::List(_) => panic!("XML has no {node:?}"),
    };
    xml.push_str(&format!("</{name}>"));
    is_rendered
}
