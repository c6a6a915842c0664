//! Documents say what the code does.

use std::path::Path;

use terraform_provider_alicloud_iot::provider::limits;
use terraform_provider_alicloud_iot::provider::ota_dynamic_job::OtaDynamicJobModel;
use terraform_provider_alicloud_iot::provider::ota_rollout_gate::OtaRolloutGateModel;

use crate::{read, root};

/// The part of a document between two marks, each on a line of its own.
fn part<'a>(document: &'a str, name: &str) -> &'a str {
    let (begin, end) = (format!("<!-- {name}: generated -->\n"), format!("<!-- end of {name} -->\n"));
    let (_, rest) = document.split_once(&begin).unwrap_or_else(|| panic!("there is no {begin:?}"));
    rest.split_once(&end).unwrap_or_else(|| panic!("there is no {end:?}")).0
}

#[test]
fn the_emulators_limits_are_those_of_the_validator() {
    let path = "emulator/README.md";
    let document = read(path);
    let found = part(&document, "limits");
    let expected = format!("\n{}\n", limits::table());
    if found == expected {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        let begin = "<!-- limits: generated -->\n";
        let updated = document.replacen(&format!("{begin}{found}"), &format!("{begin}{expected}"), 1);
        std::fs::write(root().join(path), updated).unwrap();
    } else {
        panic!("{path} is stale; run `make docs`. It should have:\n{expected}");
    }
}

#[test]
fn the_readme_names_every_attribute() {
    let readme = read("README.md");
    let job = serde_json::to_value(OtaDynamicJobModel::default()).unwrap();
    let gate = serde_json::to_value(OtaRolloutGateModel::default()).unwrap();
    let attributes: Vec<_> = [&job, &gate].into_iter().flat_map(|model| model.as_object().unwrap().keys()).collect();
    assert!(attributes.len() > 35);
    for attribute in attributes {
        let is_named = [format!("`{attribute}`"), format!("`{attribute} {{")].iter().any(|name| readme.contains(name));
        assert!(is_named, "README.md does not name `{attribute}`");
    }
}

/// What is written by hand, for those who read the repository.
const DOCUMENTS: &[&str] = &[
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "benches/README.md",
    "emulator/COVERAGE.md",
    "emulator/README.md",
];

/// Directories whose paths documents name.
const ROOMS: &[&str] =
    &["benches/", "docs/", "emulator/", "examples/", "fuzz/", "src/", "templates/", "tests/", "tools/"];

#[test]
fn links_lead_to_files_that_exist() {
    for document in DOCUMENTS {
        let text = read(document);
        let directory = Path::new(document).parent().unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let is_file = !target.is_empty() && !target.contains("://");
            assert!(!is_file || root().join(directory).join(target).exists(), "{document}: {target}");
        }
        // Paths in code marks too: those that begin with a directory of the repository.
        for path in text.split('`').filter(|it| ROOMS.iter().any(|start| it.starts_with(start))) {
            let path = path.trim_end_matches('/');
            let exists = root().join(path).exists() || root().join(directory).join(path).exists();
            assert!(exists || path.contains([' ', '*']), "{document}: {path}");
        }
    }
}

#[test]
fn make_verbs_in_documents_exist() {
    let makefile = read("Makefile");
    for document in DOCUMENTS {
        for rest in read(document).split("make ").skip(1) {
            let verb: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
            let is_command =
                rest.chars().nth(verb.len()).is_some_and(|next| next == '`' || next == '\n' || next == ' ');
            let is_sentence = ["it", "a", "the", "sure", "such", "and"].contains(&verb.as_str());
            assert!(is_sentence || !is_command || makefile.contains(&format!("\n{verb}: ")), "{document}: make {verb}");
        }
    }
}
