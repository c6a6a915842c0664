//! The module that teams share, its own tests, and two teams that use it.

use std::path::Path;

use anyhow::{Result, ensure};
use testkit::{Emulator, Options, Output, Terraform};

crate::trials!(
    one_product_with_one_package,
    several_products_at_different_stages;
    module_refuses_and_fills_in_as_its_tests_say since Some([1, 7]), Some([1, 8]);
    module_rolls_out_as_its_tests_say since Some([1, 6]), Some([1, 6])
);

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
const MODULE: &str = "-chdir=modules/ota-dynamic-rollout";

/// An emulator with the fixtures of an example, and a Terraform in a copy of all examples, in which the provider is
/// installed: modules need an `init`, which a development override would fail.
fn set_up(fixtures: &str) -> Result<(Emulator, Terraform)> {
    let fixtures = serde_json::from_str(&std::fs::read_to_string(format!("{EXAMPLES}/{fixtures}"))?)?;
    let emulator = Emulator::start(&Options { fixtures, flags: Vec::new() })?;
    let terraform = Terraform::new(emulator.url())?;
    copy(EXAMPLES.as_ref(), terraform.directory())?;
    terraform.install_provider()?;
    Ok((emulator, terraform))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            std::fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

fn run(terraform: &Terraform, place: &str, arguments: &[&str]) -> Result<Output> {
    terraform.run(&[&[place], arguments, &["-no-color"]].concat())?.success()
}

/// All that a test suite ran has to have passed, and something has to have run.
fn passes(output: &Output) -> Result<()> {
    let summary = output.stdout.lines().last().unwrap_or_default();
    ensure!(summary.starts_with("Success!") && !summary.contains(" 0 passed"), "{}", output.stdout);
    Ok(())
}

fn module_refuses_and_fills_in_as_its_tests_say() -> Result<()> {
    let (emulator, mut terraform) = set_up("teams/fixtures.json")?;
    for variable in ["ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "IOT_ENDPOINT"] {
        terraform.unset(variable);
    }
    run(&terraform, MODULE, &["init"])?;
    passes(&run(&terraform, MODULE, &["test"])?)?;
    ensure!(emulator.requests()?.is_empty(), "a mock asks nobody");
    Ok(())
}

fn module_rolls_out_as_its_tests_say() -> Result<()> {
    let (emulator, terraform) = set_up("modules/ota-dynamic-rollout/tests/emulator/fixtures.json")?;
    let tests = "-test-directory=tests/emulator";
    run(&terraform, MODULE, &["init", tests])?;
    passes(&run(&terraform, MODULE, &["test", tests])?)?;
    let jobs = emulator.jobs()?;
    ensure!(jobs.len() == 1, "the rollout is widened, and not started again: {jobs:#?}");
    ensure!(jobs.iter().all(|job| job["job_status"] == "CANCELED"), "{jobs:#?}");
    Ok(())
}

/// Creates what a team has, which is settled then, and destroys it; tells the first versions of the jobs that ran.
fn of_team(place: &str) -> Result<Vec<String>> {
    let (emulator, terraform) = set_up("teams/fixtures.json")?;
    run(&terraform, place, &["init"])?;
    run(&terraform, place, &["apply", "-input=false", "-auto-approve"])?;
    run(&terraform, place, &["plan", "-input=false", "-detailed-exitcode"])?;
    let jobs = emulator.jobs()?;
    ensure!(jobs.iter().all(|job| job["job_status"] == "IN_PROGRESS"), "{jobs:#?}");
    run(&terraform, place, &["destroy", "-input=false", "-auto-approve"])?;
    ensure!(emulator.jobs()?.iter().all(|job| job["job_status"] == "CANCELED"));
    let versions = |job: &serde_json::Value| {
        let parameters = job["parameters"].as_object().cloned().unwrap_or_default();
        // In the order of their names, as the emulator keeps them.
        let versions = parameters.iter().filter(|(name, _)| name.starts_with("SrcVersion."));
        versions.filter_map(|(_, version)| version.as_str()).collect::<Vec<_>>().join(" ")
    };
    let mut all: Vec<_> = jobs.iter().map(versions).collect();
    all.sort();
    Ok(all)
}

fn one_product_with_one_package() -> Result<()> {
    let versions = of_team("-chdir=teams/thermostat")?;
    ensure!(versions == ["2.0.0-rc1"], "{versions:?}");
    Ok(())
}

fn several_products_at_different_stages() -> Result<()> {
    let versions = of_team("-chdir=teams/appliances")?;
    ensure!(versions == ["3.0-beta", "5.1-beta 5.0-n 4.9-n"], "{versions:?}");
    Ok(())
}
