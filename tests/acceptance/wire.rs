//! What the wire offers to providers, as a real core sees it: the sample provider of this workspace.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use testkit::Terraform;

crate::trials!(;
    state_of_an_older_schema_is_upgraded since Some([1, 0]), Some([1, 6]);
    functions_take_part_in_expressions since Some([1, 8]), Some([1, 7]);
    an_object_of_another_resource_moves_in since Some([1, 8]), Some([1, 10]);
    secrets_leave_no_trace since Some([1, 11]), Some([1, 11]);
    an_identity_imports since Some([1, 12]), Some([1, 12]);
    objects_are_listed since Some([1, 14]), None;
    an_action_is_invoked since Some([1, 14]), None
);

/// The endpoint of a service that the sample provider does not talk to.
const NOWHERE: &str = "http://127.0.0.1:1";

fn set_up() -> Result<(Terraform, tempfile::TempDir)> {
    Ok((Terraform::new(NOWHERE)?, tempfile::tempdir()?))
}

fn configuration(notes: &tempfile::TempDir, rest: &str) -> String {
    let directory = Value::from(notes.path().to_str().unwrap_or_default());
    format!(
        "terraform {{\n  required_providers {{\n    sample = {{ source = \"terraform.local/test/sample\" }}\n  }}\n}}\n\
         provider \"sample\" {{\n  directory = {directory}\n}}\n{rest}"
    )
}

fn stored(notes: &tempfile::TempDir, name: &str) -> Result<Value> {
    let file = notes.path().join(format!("{name}.json"));
    serde_json::from_slice(&std::fs::read(&file).with_context(|| format!("reading {}", file.display()))?)
        .context("reading a note")
}

fn secrets_leave_no_trace() -> Result<()> {
    let (terraform, notes) = set_up()?;
    let config = r#"
ephemeral "sample_lease" "key" {
  name = "key"
}
resource "sample_note" "one" {
  name           = "one"
  text           = "hello"
  secret_wo      = ephemeral.sample_lease.key.token
  secret_version = "1"
}
"#;
    terraform.write("main.tf", &configuration(&notes, config))?;
    let plan = terraform.plan(&[])?.to_string();
    terraform.apply(&[])?;
    ensure!(stored(&notes, "one")?["secret"] == "token-of-key", "the secret has arrived");
    ensure!(!notes.path().join("key.json").exists(), "the lease is closed");
    let state = std::fs::read_to_string(terraform.directory().join("terraform.tfstate"))?;
    for (what, text) in [("plan", plan), ("state", state)] {
        ensure!(text.contains("hello") && !text.contains("token-of-key"), "the {what} holds the secret");
    }
    ensure!(terraform.planned_actions(&[])?.is_empty());
    terraform.destroy()?;
    ensure!(!notes.path().join("one.json").exists());
    Ok(())
}

fn functions_take_part_in_expressions() -> Result<()> {
    let (terraform, notes) = set_up()?;
    let with = |words: &str| {
        let output = format!("output \"joined\" {{\n  value = provider::sample::join_words(\"-\", {words})\n}}\n");
        configuration(&notes, &output)
    };
    terraform.write("main.tf", &with("\"a\", \"b\""))?;
    terraform.apply(&[])?;
    let output = terraform.run(&["output", "-raw", "joined"])?.success()?;
    ensure!(output.stdout == "a-b", "{output:?}");
    terraform.write("main.tf", &with("\"a\", \"\""))?;
    let output = terraform.run(&["plan", "-input=false", "-no-color"])?;
    ensure!(output.code == Some(1) && output.stderr.contains("A word is empty"), "{output:?}");
    Ok(())
}

fn state_of_an_older_schema_is_upgraded() -> Result<()> {
    let (terraform, notes) = set_up()?;
    let resource = "resource \"sample_note\" \"one\" {\n  name = \"one\"\n  text = \"hello\"\n}\n";
    terraform.write("main.tf", &configuration(&notes, resource))?;
    terraform.apply(&[])?;
    // As the first version of the provider would have left it.
    let file = terraform.directory().join("terraform.tfstate");
    let mut state: Value = serde_json::from_slice(&std::fs::read(&file)?)?;
    let instance = state.pointer_mut("/resources/0/instances/0").context("an instance")?;
    instance["schema_version"] = 0.into();
    instance["attributes"] = serde_json::json!({"name": "one", "body": "hello", "forgotten": true});
    std::fs::write(&file, state.to_string())?;
    ensure!(terraform.planned_actions(&[])?.is_empty());
    Ok(())
}

fn an_object_of_another_resource_moves_in() -> Result<()> {
    let (terraform, notes) = set_up()?;
    std::fs::write(notes.path().join("one.json"), r#"{"text":"hello","secret":null,"replaces":null}"#)?;
    terraform
        .write("main.tf", &configuration(&notes, "resource \"terraform_data\" \"old\" {\n  input = \"one\"\n}\n"))?;
    terraform.apply(&[])?;
    let moved = "moved {\n  from = terraform_data.old\n  to   = sample_note.new\n}\n\
                 resource \"sample_note\" \"new\" {\n  name = \"one\"\n  text = \"hello\"\n}\n";
    terraform.write("main.tf", &configuration(&notes, moved))?;
    ensure!(terraform.planned_actions(&[])?.is_empty());
    terraform.apply(&[])?;
    ensure!(terraform.attributes("sample_note.new")?.is_some_and(|note| note["length"] == 5));
    Ok(())
}

fn an_identity_imports() -> Result<()> {
    let (terraform, notes) = set_up()?;
    std::fs::write(notes.path().join("one.json"), r#"{"text":"hello","secret":null,"replaces":null}"#)?;
    let import = "import {\n  to       = sample_note.one\n  identity = { name = \"one\" }\n}\n\
                  resource \"sample_note\" \"one\" {\n  name = \"one\"\n  text = \"hello\"\n}\n";
    terraform.write("main.tf", &configuration(&notes, import))?;
    let output = terraform.apply(&[])?;
    ensure!(output.stdout.contains("1 imported, 0 added, 0 changed"), "{output:?}");
    ensure!(terraform.planned_actions(&[])?.is_empty());
    Ok(())
}

fn objects_are_listed() -> Result<()> {
    let (terraform, notes) = set_up()?;
    for name in ["a-1", "a-2", "b-1"] {
        let note = format!(r#"{{"text":"text of {name}","secret":null,"replaces":null}}"#);
        std::fs::write(notes.path().join(format!("{name}.json")), note)?;
    }
    terraform.write("main.tf", &configuration(&notes, ""))?;
    let query = "list \"sample_note\" \"all\" {\n  provider = sample\n  config {\n    prefix = \"a\"\n  }\n}\n";
    terraform.write("all.tfquery.hcl", query)?;
    let output = terraform.run(&["query", "-no-color", "-generate-config-out=found.tf"])?.success()?;
    ensure!(output.stdout.contains("text of a-1") && !output.stdout.contains("text of b-1"), "{output:?}");
    let generated = std::fs::read_to_string(terraform.directory().join("found.tf"))?;
    ensure!(generated.contains("text of a-2") && !generated.contains("length"), "{generated}");
    std::fs::remove_file(terraform.directory().join("all.tfquery.hcl"))?;
    let output = terraform.apply(&[])?;
    ensure!(output.stdout.contains("2 imported, 0 added, 0 changed"), "{output:?}");
    Ok(())
}

fn an_action_is_invoked() -> Result<()> {
    let (terraform, notes) = set_up()?;
    let resource = r#"
resource "sample_note" "one" {
  name = "one"
  lifecycle {
    ignore_changes = [text]
    action_trigger {
      events  = [after_create]
      actions = [action.sample_append.twice]
    }
  }
}
action "sample_append" "twice" {
  config {
    name  = "one"
    line  = "x"
    times = 2
  }
}
"#;
    terraform.write("main.tf", &configuration(&notes, resource))?;
    let output = terraform.apply(&[])?;
    ensure!(output.stdout.contains("1 of 2") && output.stdout.contains("2 of 2"), "{output:?}");
    ensure!(stored(&notes, "one")?["text"] == "xx");
    Ok(())
}
