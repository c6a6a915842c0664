//! COVERAGE.md has every operation and every choice that the code has, and no other.

use std::collections::BTreeMap;

use crate::assumptions::Assumptions;
use crate::operations::{self, Methods};
use crate::sts;

/// The cells of the rows between two marks, by the first cell.
fn table(name: &str) -> BTreeMap<String, Vec<String>> {
    let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/COVERAGE.md")).unwrap();
    let (_, rest) = document.split_once(&format!("<!-- {name} -->")).unwrap();
    let (part, _) = rest.split_once(&format!("<!-- end of {name} -->")).unwrap();
    let rows = part.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect());
    cells.map(|row: Vec<String>| (row[0].trim_matches('`').to_owned(), row)).collect()
}

fn methods(methods: Methods) -> &'static str {
    match methods {
        Methods::GetOrPost => "GET, POST",
        Methods::GetOnly => "GET",
        Methods::PostOnly => "POST",
    }
}

/// The rows with what the code says in their first cells.
fn assert_rows(name: &str, expected: impl Iterator<Item = Vec<String>>) {
    let expected: BTreeMap<String, Vec<String>> =
        expected.map(|row| (row[0].clone(), [vec![format!("`{}`", row[0])], row[1..].to_vec()].concat())).collect();
    let mut found = table(name);
    for (name, row) in &mut found {
        assert!(row.iter().all(|cell| !cell.is_empty()), "{name} has an empty cell");
        row.truncate(expected.get(name).map_or(usize::MAX, Vec::len));
    }
    assert_eq!(found, expected, "COVERAGE.md, {name}");
}

#[test]
fn operations_are_covered_with_their_methods_and_quotas() {
    let row = |operation: &&operations::Operation| {
        vec![operation.name.to_owned(), methods(operation.methods).to_owned(), operation.calls_per_second.to_string()]
    };
    assert_rows("operations", operations::ALL.iter().map(row));
}

#[test]
fn operations_of_sts_are_covered_with_their_need_of_a_signature() {
    let row = |operation: &&sts::Operation| {
        let signature = if operation.is_anonymous { "none" } else { "needed" };
        vec![operation.name.to_owned(), methods(Methods::GetOrPost).to_owned(), signature.to_owned()]
    };
    assert_rows("sts", sts::ALL.iter().map(row));
}

#[test]
fn choices_are_covered() {
    let row = |(point, choices): (&str, Vec<String>)| {
        let choices: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
        vec![point.to_owned(), choices.join(", ")]
    };
    assert_rows("choices", Assumptions::points().into_iter().map(row));
}

#[test]
fn the_readme_names_every_operation_and_flag() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let iot = operations::ALL.iter().map(|operation| operation.name);
    for name in iot.chain(sts::ALL.iter().map(|operation| operation.name)) {
        assert!(readme.contains(&format!("`{name}`")), "README.md does not name {name}");
    }
    let flags = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/main.rs")).unwrap();
    let fields = flags.split("#[arg(long").skip(1).filter_map(|rest| rest.lines().nth(1)?.trim().split(':').next());
    for field in fields {
        let flag = format!("`--{}", field.replace('_', "-"));
        assert!(readme.contains(&flag), "README.md does not name {flag}`");
    }
}
