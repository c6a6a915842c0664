//! The tables of the example module: its inputs and outputs, as its files declare them.

use hcl::{Body, Expression};

use crate::documents::check_generated;
use crate::read;

const MODULE: &str = "examples/modules/ota-dynamic-rollout";

#[test]
fn the_modules_readme_has_its_inputs_and_outputs() {
    let readme = format!("{MODULE}/README.md");
    let mut inputs = "| name | description | type | default |\n|---|---|---|---|\n".to_owned();
    for (name, variable) in declared("variables.tf", "variable") {
        let of = one_line(&attribute(&variable, "type").unwrap_or_else(|| panic!("{name} has no type")));
        let default = attribute(&variable, "default");
        let default = default.map_or("required".to_owned(), |it| format!("`{}`", one_line(&it)));
        inputs += &format!("| `{name}` | {} | `{of}` | {default} |\n", description(&name, &variable));
    }
    let mut outputs = "| name | description |\n|---|---|\n".to_owned();
    for (name, output) in declared("outputs.tf", "output") {
        outputs += &format!("| `{name}` | {} |\n", description(&name, &output));
    }
    check_generated(&readme, "inputs", &inputs);
    check_generated(&readme, "outputs", &outputs);
}

/// The blocks of a kind, in the order of the file.
fn declared(file: &str, kind: &str) -> Vec<(String, Body)> {
    let path = format!("{MODULE}/{file}");
    let body: Body = hcl::from_str(&read(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let blocks = body.into_blocks().filter(|block| block.identifier() == kind);
    let blocks: Vec<_> = blocks.map(|block| (block.labels[0].as_str().to_owned(), block.body)).collect();
    assert!(!blocks.is_empty(), "{path} declares no {kind}");
    blocks
}

fn attribute(body: &Body, name: &str) -> Option<Expression> {
    body.attributes().find(|attribute| attribute.key() == name).map(|attribute| attribute.expr().clone())
}

fn description(name: &str, body: &Body) -> String {
    match attribute(body, "description") {
        Some(Expression::String(text)) if text.ends_with('.') => text,
        other => panic!("the description of {name} is no sentence: {other:?}"),
    }
}

/// An expression without its line breaks, as a cell of a table needs it.
fn one_line(expression: &Expression) -> String {
    let text = hcl::format::to_string(expression).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
