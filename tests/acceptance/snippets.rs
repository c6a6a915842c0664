//! Configurations that documents show: each is one that core and the provider take.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use testkit::Terraform;

crate::trials!(; every_snippet_is_valid since Some([1, 5]), Some([1, 6]));

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const JOB: &str = "alicloud_iot_ota_dynamic_job";

/// README.md, all pages of the registry, and the READMEs of examples.
fn documents() -> Result<Vec<PathBuf>> {
    let mut documents = vec![Path::new(ROOT).join("README.md")];
    let mut directories = ["docs", "examples"].map(|room| Path::new(ROOT).join(room)).to_vec();
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory)? {
            let path = entry?.path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                documents.push(path);
            }
        }
    }
    documents.sort();
    Ok(documents)
}

/// The configurations in a document. Files of tests are run as such, and are left out here.
fn snippets(document: &str) -> Vec<&str> {
    let blocks = document.split("```terraform\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    blocks.filter(|block| !block.contains("\nrun \"")).collect()
}

/// A snippet with what it leaves to the reader: the providers, as the document or the example has them, and the jobs that
/// it names.
fn completed(snippet: &str, first: &str) -> Result<String> {
    let mut whole = snippet.to_owned();
    if !snippet.contains("terraform {") {
        let example = std::fs::read_to_string(Path::new(ROOT).join("examples/provider/provider.tf"))?;
        whole = format!("{}\n{whole}", if first.contains("terraform {") { first } else { &example });
    }
    for rest in snippet.split(&format!("{JOB}.")).skip(1) {
        let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        let declaration = format!("resource \"{JOB}\" \"{name}\" {{");
        if !whole.contains(&declaration) {
            whole += &format!(
                "\n{declaration}\n  firmware_id = \"a\"\n  product_key = \"b\"\n  src_versions = [\"1\"]\n}}\n"
            );
        }
    }
    Ok(whole)
}

/// A Terraform with the module that snippets use. The official provider, which some of them have beside this one, is this
/// one in its place: nothing is asked of it.
fn set_up() -> Result<Terraform> {
    let terraform = Terraform::new("http://127.0.0.1:1")?;
    let directory = terraform.directory();
    let module = directory.join("modules/ota-dynamic-rollout");
    std::fs::create_dir_all(&module)?;
    for file in ["main.tf", "variables.tf", "outputs.tf", "versions.tf"] {
        std::fs::copy(Path::new(ROOT).join("examples/modules/ota-dynamic-rollout").join(file), module.join(file))?;
    }
    let provider = testkit::built("terraform-provider-alicloud-iot")?;
    let official = directory.join("official");
    std::fs::create_dir(&official)?;
    let in_its_place = official.join("terraform-provider-alicloud").with_extension(std::env::consts::EXE_EXTENSION);
    std::fs::copy(&provider, in_its_place)?;
    let own = provider.parent().context("the provider's directory")?;
    let overrides = [
        ("terraform.local/iot/alicloud-iot", own),
        ("registry.terraform.io/aliyun/alicloud", official.as_path()),
        ("registry.opentofu.org/aliyun/alicloud", official.as_path()),
    ];
    let overrides = overrides.map(|(source, place)| format!("    {source:?} = {:?}\n", place.display().to_string()));
    terraform.write(
        "cli.tfrc",
        &format!("provider_installation {{\n  dev_overrides {{\n{}  }}\n  direct {{}}\n}}\n", overrides.concat()),
    )?;
    Ok(terraform)
}

fn every_snippet_is_valid() -> Result<()> {
    let terraform = set_up()?;
    let knows_identities = terraform.version()?.number >= [1, 12];
    let mut count = 0;
    for path in documents()? {
        let document = std::fs::read_to_string(&path)?;
        let snippets = snippets(&document);
        let first = snippets.first().copied().unwrap_or_default();
        for snippet in &snippets {
            if snippet.contains("identity = {") && !knows_identities {
                continue;
            }
            let configuration = completed(snippet, first)?;
            terraform.write("main.tf", &configuration)?;
            terraform.run(&["get"])?.success().with_context(|| format!("{}\n{configuration}", path.display()))?;
            let output = terraform.run(&["validate", "-json"])?;
            let diagnostics = output.diagnostics();
            ensure!(
                output.code == Some(0) && diagnostics.is_empty(),
                "{}: {diagnostics:#?}\n{configuration}",
                path.display()
            );
            count += 1;
        }
    }
    ensure!(count > 10, "only {count} snippets were found");
    Ok(())
}
