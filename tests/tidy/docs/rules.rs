//! What registries demand of documents, and what users do.

use std::path::Path;

use super::Pages;
use super::offered::{self, KINDS};

/// Beyond this a registry shows nothing.
const MOST_BYTES: usize = 500_000;
/// What front matter may have.
const FRONT_MATTER: [&str; 3] = ["page_title", "subcategory", "description"];

/// Fails unless a registry takes the pages. That each type has a page and each page a type follows from how they are
/// made.
pub(super) fn check(pages: &Pages) {
    for (path, text) in pages {
        let folder = path.strip_prefix("docs/").and_then(|rest| rest.split_once('/')).map(|(folder, _)| folder);
        let is_known = |folder: &str| folder == "guides" || KINDS.iter().any(|kind| kind.folder == folder);
        assert!(path == "docs/index.md" || folder.is_some_and(is_known), "no registry knows the folder of {path}");
        assert!(text.len() < MOST_BYTES, "{path} has {} bytes", text.len());
        front_matter(path, text);
        links(pages, path, text);
    }
}

/// Registries show pages under other addresses, but keep links between them.
fn links(pages: &Pages, path: &str, text: &str) {
    let directory = Path::new(path).parent().unwrap();
    for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let (file, _) = target.split_once('#').unwrap_or((target, ""));
        let is_page = !file.is_empty() && !file.contains("://");
        let place = match file.strip_prefix("../") {
            Some(rest) => directory.parent().unwrap().join(rest),
            None => directory.join(file),
        };
        let place = place.to_str().unwrap().replace('\\', "/");
        assert!(!is_page || pages.contains_key(&place), "{path} links to {target}, which is no page");
    }
}

fn front_matter(path: &str, text: &str) {
    let front = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    let (front, body) = front.unwrap_or_else(|| panic!("{path} does not begin with front matter"));
    let keys: Vec<_> =
        front.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(':').next()).collect();
    assert_eq!(keys, FRONT_MATTER, "the front matter of {path}");
    // What is between code fences is no heading.
    let prose = body.split("\n```").step_by(2).flat_map(str::lines);
    assert_eq!(prose.filter(|line| line.starts_with("# ")).count(), 1, "titles of {path}");
}

#[test]
fn descriptions_are_sentences() {
    let offered = offered::all();
    let mut all = described("provider", &offered.provider);
    for part in &offered.parts {
        all.extend(described(&part.type_name, &part.block));
        all.extend(part.identity.iter().map(|it| (format!("{} {}", part.type_name, it.name), it.description.clone())));
    }
    for (name, description) in all {
        let is_sentence = description.ends_with('.') && description.starts_with(|first: char| !first.is_lowercase());
        assert!(is_sentence, "the description of {name} is no sentence: {description:?}");
        let own = name.rsplit([' ', '.']).next().unwrap_or_default();
        assert!(description.len() > own.len() + 4, "the description of {name} says no more than its name");
        assert!(!description.contains("  "), "the description of {name} has a gap: {description:?}");
    }
}

type SchemaBlock = terraform_provider_alicloud_iot::plugin::proto::tfplugin6::schema::Block;
type SchemaAttribute = terraform_provider_alicloud_iot::plugin::proto::tfplugin6::schema::Attribute;

/// All descriptions of a block, with the names of what they are of.
fn described(name: &str, block: &SchemaBlock) -> Vec<(String, String)> {
    let mut all = vec![(name.to_owned(), block.description.clone())];
    attributes(&mut all, name, &block.attributes);
    for nested in &block.block_types {
        all.extend(described(&format!("{name}.{}", nested.type_name), nested.block.as_ref().unwrap()));
    }
    all
}

fn attributes(all: &mut Vec<(String, String)>, name: &str, of: &[SchemaAttribute]) {
    for attribute in of {
        let name = format!("{name}.{}", attribute.name);
        all.push((name.clone(), attribute.description.clone()));
        if let Some(nested) = &attribute.nested_type {
            attributes(all, &name, &nested.attributes);
        }
    }
}
