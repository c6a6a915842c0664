//! Who may know whom. Rust checks that between packages, not between the modules of one.

use crate::rust_files;

/// Fails for each line of `directory` that has one of `forbidden` in it, in whichever case.
fn never_says(directory: &str, forbidden: &[&str]) {
    let mut offences = Vec::new();
    for file in rust_files(directory) {
        let text = std::fs::read_to_string(&file).unwrap();
        for (number, line) in (1..).zip(text.lines()) {
            // An example in a comment names the package that it is compiled against.
            let lower = line.to_lowercase().replace("use terraform_provider_alicloud_iot::", "use crate::");
            if let Some(word) = forbidden.iter().find(|word| lower.contains(*word)) {
                offences.push(format!("{}:{number}: {word:?} in {}", file.display(), line.trim()));
            }
        }
    }
    assert!(offences.is_empty(), "{directory} must not know these:\n{}", offences.join("\n"));
}

#[test]
fn the_wire_knows_nothing_of_the_cloud() {
    never_says("src/plugin", &["alicloud", "alibaba", "aliyun", "iot::", "reqwest", "hmac", "crate::provider"]);
}

#[test]
fn the_cloud_client_knows_nothing_of_the_wire() {
    never_says(
        "src/iot",
        &["terraform", "opentofu", "tonic", "prost::", "tf_provider", "crate::plugin", "crate::provider", "std::env::"],
    );
}

#[test]
fn the_provider_does_no_input_and_output_of_its_own() {
    let own = ["reqwest", "tonic", "std::net", "std::fs", "std::process"];
    // Waiting, and doing two things at a time, are neither; tasks of its own would outlive the call that they serve.
    let runtime = ["tokio::net", "tokio::fs", "tokio::io", "tokio::process", "tokio::spawn", "tokio::task", "tokio::{"];
    never_says("src/provider", &[own.as_slice(), runtime.as_slice()].concat());
}

#[test]
fn the_emulator_shares_no_code_with_the_provider() {
    never_says("emulator/src", &["terraform_provider_alicloud_iot", "tf_provider"]);
    let manifest = crate::read("emulator/Cargo.toml");
    assert!(!manifest.contains("terraform-provider") && !manifest.contains("path ="), "{manifest}");
}
