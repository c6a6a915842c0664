//! The examples that people copy.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use terraform_provider_alicloud_iot::iot::operations::CreateOtaDynamicUpgradeJob;
use testkit::{Emulator, Options, Terraform};

use crate::configuration::{call, is_settled};

crate::trials!(
    are_formatted, quickstart_applies_and_destroys, every_type_has_an_example_that_plans, job_imports_as_by_command;
    a_module_is_tested_with_mocks since Some([1, 7]), Some([1, 8]);
    a_module_is_tested_with_a_fleet_of_which_a_tenth_fails since Some([1, 7]), Some([1, 8]);
    job_imports_as_by_id since Some([1, 5]), Some([1, 6]);
    job_imports_as_by_identity since Some([1, 12]), Some([1, 12])
);

fn examples() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples"))
}

fn are_formatted() -> Result<()> {
    let terraform = Terraform::new("http://127.0.0.1:1")?;
    let directory = examples().to_string_lossy();
    let output = terraform.run(&["fmt", "-check", "-diff", "-recursive", &directory])?;
    ensure!(output.code == Some(0), "run `terraform fmt -recursive examples`\n{}", output.stdout);
    Ok(())
}

fn quickstart_applies_and_destroys() -> Result<()> {
    let quickstart = examples().join("quickstart");
    let fixtures = serde_json::from_str(&std::fs::read_to_string(quickstart.join("fixtures.json"))?)?;
    let emulator = Emulator::start(&Options { fixtures, flags: Vec::new() })?;
    let terraform = Terraform::new(emulator.url())?;
    terraform.copy(&quickstart)?;
    terraform.apply(&[])?;
    is_settled(&terraform)?;
    let outputs = terraform.run(&["output", "-raw", "job_status"])?.success()?;
    ensure!(outputs.stdout == "IN_PROGRESS", "{outputs:?}");
    terraform.destroy()?;
    ensure!(emulator.jobs()?.iter().all(|job| job["job_status"] == "CANCELED"));
    Ok(())
}

/// An emulator with what the examples of the documents name, and a Terraform with the example's provider block.
fn set_up() -> Result<(Emulator, Terraform)> {
    let fixtures = serde_json::from_str(&std::fs::read_to_string(examples().join("fixtures.json"))?)?;
    let emulator = Emulator::start(&Options { fixtures, flags: Vec::new() })?;
    let terraform = Terraform::new(emulator.url())?;
    terraform.copy(&examples().join("provider"))?;
    Ok((emulator, terraform))
}

fn every_type_has_an_example_that_plans() -> Result<()> {
    let (_emulator, terraform) = set_up()?;
    for (folder, file, section) in
        [("resources", "resource.tf", "resource"), ("data-sources", "data-source.tf", "data")]
    {
        let Ok(types) = std::fs::read_dir(examples().join(folder)) else { continue };
        for directory in types {
            let path = directory?.path().join(file);
            let example = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            terraform.write("main.tf", &example)?;
            let plan = terraform.plan(&[]).with_context(|| path.display().to_string())?;
            let declared = example.lines().filter(|line| line.starts_with(&format!("{section} \""))).count();
            let resources = plan["configuration"]["root_module"]["resources"].as_array().map_or(0, Vec::len);
            ensure!(declared > 0 && resources >= declared, "{}: {resources} of {declared}", path.display());
        }
    }
    Ok(())
}

fn of_job(file: &str) -> PathBuf {
    examples().join("resources/alicloud_iot_ota_dynamic_job").join(file)
}

/// A job that exists, in the place of the one that an example imports.
fn set_up_import(file: &str) -> Result<(Emulator, Terraform, String)> {
    let (emulator, terraform) = set_up()?;
    let job = CreateOtaDynamicUpgradeJob {
        firmware_id: "nx3xxVvFdwvn6dim50PY030100".to_owned(),
        product_key: "a1Le6d0TEST".to_owned(),
        src_versions: vec!["1.0.0".to_owned()],
        ..CreateOtaDynamicUpgradeJob::default()
    };
    let job_id = call(&emulator, &job)?.job_id;
    let example = std::fs::read_to_string(of_job(file))?;
    let documented = "wahVIzGkCMuAUE2gDERM020100";
    ensure!(example.contains(documented), "{example}");
    let resource = std::fs::read_to_string(of_job("resource.tf"))?;
    let (minimal, _) = resource.split_once("\n}\n").context("the minimal job")?;
    terraform.write("main.tf", &format!("{minimal}\n}}\n"))?;
    Ok((emulator, terraform, example.replace(documented, &job_id)))
}

fn job_imports_as_by_command() -> Result<()> {
    let (_emulator, terraform, example) = set_up_import("import.sh")?;
    let command = example.lines().find(|line| !line.starts_with('#')).context("the command")?;
    let arguments: Vec<_> = command.split(' ').skip(1).collect();
    terraform.run(&arguments)?.success()?;
    is_settled(&terraform)
}

fn job_imports_as_by_id() -> Result<()> {
    imports_in_apply("import-by-string-id.tf")
}

fn job_imports_as_by_identity() -> Result<()> {
    imports_in_apply("import-by-identity.tf")
}

fn imports_in_apply(file: &str) -> Result<()> {
    let (_emulator, terraform, example) = set_up_import(file)?;
    terraform.write("import.tf", &example)?;
    let output = terraform.apply(&[])?;
    ensure!(output.stdout.contains("1 imported, 0 added, 0 changed, 0 destroyed"), "{output:?}");
    is_settled(&terraform)
}

/// The module with its tests, in which Terraform works.
fn set_up_module(endpoint: &str) -> Result<Terraform> {
    let terraform = Terraform::new(endpoint)?;
    let module = examples().join("testing");
    terraform.copy(&module)?;
    for folder in ["mocks", "tests"] {
        std::fs::create_dir(terraform.directory().join(folder))?;
        for file in std::fs::read_dir(module.join(folder))? {
            let file = file?;
            std::fs::copy(file.path(), terraform.directory().join(folder).join(file.file_name()))?;
        }
    }
    Ok(terraform)
}

fn a_module_is_tested_with_mocks() -> Result<()> {
    // Nothing listens there: a test that asked any service would fail.
    let terraform = set_up_module("http://127.0.0.1:1")?;
    let is_opentofu = terraform.version()?.is_opentofu;
    let file = if is_opentofu { "tests/mocked.tofutest.hcl" } else { "tests/mocked.tftest.hcl" };
    let output = terraform.run(&["test", &format!("-filter={file}")])?.success()?;
    ensure!(output.stdout.contains("1 passed, 0 failed"), "{}", output.stdout);
    Ok(())
}

fn a_module_is_tested_with_a_fleet_of_which_a_tenth_fails() -> Result<()> {
    let fixtures = serde_json::from_str(&std::fs::read_to_string(examples().join("testing/fixtures.json"))?)?;
    let flags = vec!["--time-scale", "600", "--random-seed", "1"];
    let emulator = Emulator::start(&Options { fixtures, flags })?;
    let terraform = set_up_module(emulator.url())?;
    let output = terraform.run(&["test", "-filter=tests/rollout.tftest.hcl"])?.success()?;
    ensure!(output.stdout.contains("1 passed, 0 failed"), "{}", output.stdout);
    ensure!(emulator.jobs()?.iter().all(|job| job["job_status"] == "CANCELED"), "the test left a rollout running");
    Ok(())
}
