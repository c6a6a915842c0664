//! `docs/`, as registries show it: made of the provider's own schema, `examples/` and `templates/`, never by hand.
//!
//! Reading order: `offered` asks the provider what it has; `schema` puts a schema into Markdown; `page` fills the
//! templates; `rules` is what registries demand; `module` is the tables of the example module.

mod module;
pub(crate) mod offered;
mod page;
mod rules;
mod schema;

use std::collections::BTreeMap;
use std::path::Path;

use crate::root;

/// What repairs a page that is stale.
const REPAIR: &str = "run `make docs`, and commit what it writes";

/// Pages by their path in the repository.
type Pages = BTreeMap<String, String>;

#[test]
fn docs_are_what_schema_examples_and_templates_make() {
    let pages = page::all(&offered::all());
    rules::check(&pages);
    if std::env::var_os("UPDATE").is_some() {
        write(&pages);
    }
    let found = files("docs");
    for (path, expected) in &pages {
        let text = found.get(path).map_or("", String::as_str);
        assert!(text == expected, "{path} is stale: {}; {REPAIR}", first_difference(text, expected));
    }
    for path in found.keys() {
        assert!(pages.contains_key(path), "{path} is made of nothing any more; {REPAIR}");
    }
}

fn write(pages: &Pages) {
    for path in files("docs").into_keys().filter(|path| !pages.contains_key(path)) {
        std::fs::remove_file(root().join(path)).unwrap();
    }
    for (path, text) in pages {
        let path = root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// The first line that differs, as it is and as it should be.
fn first_difference(found: &str, expected: &str) -> String {
    let mut found = found.lines();
    for (number, expected) in (1..).zip(expected.lines()) {
        let found = found.next();
        if found != Some(expected) {
            return format!("line {number} is {:?} instead of {expected:?}", found.unwrap_or_default());
        }
    }
    format!("{:?} comes after its end", found.next().unwrap_or("a line end"))
}

/// The text files under a directory of the repository, by their path in it.
fn files(directory: &str) -> Pages {
    let mut files = Pages::new();
    let mut directories = vec![root().join(directory)];
    while let Some(directory) = directories.pop() {
        let Ok(entries) = std::fs::read_dir(&directory) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                directories.push(path);
            } else {
                let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                files.insert(in_repository(&path), text);
            }
        }
    }
    files
}

fn in_repository(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/")
}
