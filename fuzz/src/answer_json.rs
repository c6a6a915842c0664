//! Answers of the cloud in JSON.

use serde_json::Value as Json;
use terraform_provider_alicloud_iot::iot::{Node, parse_answer};

use crate::answers;

/// # Panics
///
/// If the tree is not what the JSON says, or any property of `answers` is broken.
pub fn check(body: &[u8]) {
    let tree = answers::read(body);
    let trimmed = std::str::from_utf8(body).map(|text| text.trim_start_matches('\u{feff}').trim()).unwrap_or_default();
    if !trimmed.starts_with('{') {
        return;
    }
    let json = serde_json::from_str::<Json>(trimmed);
    match (tree, json) {
        (Ok(tree), Ok(json)) => {
            assert!(says(&tree, &json), "{json} became {tree:?}");
            let again = parse_answer(rendered(&tree).as_bytes()).expect("a rendered tree can be read");
            assert_eq!(again, tree);
        }
        (Ok(tree), Err(error)) => panic!("{tree:?} was read from what is no JSON: {error}"),
        (Err(error), Ok(_)) => {
            let error = error.to_string();
            // JSON all the same, but more than an answer may be. serde_json's own limit of depth is 128.
            assert!(error.contains("nested more than") || error.contains("too many parts"), "{error}: {trimmed}");
        }
        (Err(_), Err(_)) => {}
    }
}

/// Whether a tree says what JSON says. Of repeated members the tree keeps all, the other the last.
fn says(tree: &Node, json: &Json) -> bool {
    match (tree, json) {
        (Node::Null, Json::Null) => true,
        (Node::Text(text), Json::String(own)) => text == own,
        (Node::Text(text), Json::Bool(own)) => *text == own.to_string(),
        (Node::Text(text), Json::Number(own)) => text.parse().ok() == own.as_f64(),
        (Node::List(items), Json::Array(own)) => {
            items.len() == own.len() && items.iter().zip(own).all(|(item, own)| says(item, own))
        }
        (Node::Object(members), Json::Object(own)) => {
            let last = |name: &String| members.iter().rev().find(|(it, _)| it == name).map(|(_, node)| node);
            members.iter().all(|(name, _)| own.contains_key(name))
                && own.iter().all(|(name, own)| last(name).is_some_and(|node| says(node, own)))
        }
        _ => false,
    }
}

fn rendered(tree: &Node) -> String {
    let text = |text: &String| Json::from(text.as_str()).to_string();
    match tree {
        Node::Null => "null".to_owned(),
        Node::Text(own) => text(own),
        Node::List(items) => format!("[{}]", items.iter().map(rendered).collect::<Vec<_>>().join(",")),
        Node::Object(members) => {
            let member = |(name, node)| format!("{}:{}", text(name), rendered(node));
            format!("{{{}}}", members.iter().map(|(name, node)| member((name, node))).collect::<Vec<_>>().join(","))
        }
    }
}
