//! The examples that people copy.

use std::path::Path;

use anyhow::{Result, ensure};
use testkit::{Emulator, Options, Terraform};

use crate::configuration::is_settled;

crate::trials!(are_formatted, quickstart_applies_and_destroys);

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
