//! Documents say what the code does.

use std::path::Path;

use terraform_provider_alicloud_iot::provider::limits;
use terraform_provider_alicloud_iot::provider::ota_dynamic_job::OtaDynamicJobModel;
use terraform_provider_alicloud_iot::provider::ota_rollout_gate::OtaRolloutGateModel;

use crate::{read, root};

/// Fails unless the part of a document between two marks, each on a line of its own, is `expected`; writes it if that is
/// asked for.
pub fn check_generated(path: &str, name: &str, expected: &str) {
    let document = read(path);
    let (begin, end) = (format!("<!-- {name}: generated -->\n"), format!("<!-- end of {name} -->\n"));
    let (before, rest) = document.split_once(&begin).unwrap_or_else(|| panic!("{path} has no {begin:?}"));
    let (found, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{path} has no {end:?}"));
    let expected = format!("\n{expected}\n");
    if found == expected {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(root().join(path), [before, &begin, &expected, &end, after].concat()).unwrap();
    } else {
        panic!("{path} is stale; run `make docs`. It should have:\n{expected}");
    }
}

#[test]
fn the_emulators_limits_are_those_of_the_validator() {
    check_generated("emulator/README.md", "limits", &limits::table());
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

/// The client knows more operations than the provider calls.
#[test]
fn the_permissions_guide_names_every_operation_that_is_called() {
    let (guide, policy) = (read("templates/guides/permissions.md"), read("examples/permissions/policy.json"));
    let sources =
        |directory| crate::rust_files(directory).into_iter().map(|file| std::fs::read_to_string(file).unwrap());
    let provider: String = sources("src/provider").collect();
    let mut operations = 0;
    for text in sources("src/iot/operations") {
        let between = |before: &str, after| text.split_once(before)?.1.split(after).next();
        let Some(request) = between("impl Operation for ", ' ').filter(|request| provider.contains(request)) else {
            continue;
        };
        let action = between("const ACTION: &'static str = \"", '"').expect(request);
        assert!(guide.contains(&format!("| {action} |")), "the guide does not name {action}");
        assert!(policy.contains(&format!("\"iot:{action}\"")), "the policy does not name {action}");
        operations += 1;
    }
    assert_eq!(policy.matches("\"iot:").count(), operations, "the policy names what is never called");
}
