//! The variables by which acceptance tests of Terraform providers are asked for what they leave behind, and the demo.

use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

crate::trials!(nothing_stays_behind_that_is_not_asked_for, logs_and_directories_are_kept, demo_ends_well);

/// A trial that runs a few commands, with a provider.
const TRIAL: &str = "examples::quickstart_applies_and_destroys";

/// Runs a program with a temporary directory of its own, and without what the caller asks for.
fn run(program: PathBuf, arguments: &[&str], variables: &[(&str, &str)]) -> Result<(Output, TempDir)> {
    let temporary = TempDir::new()?;
    let mut command = Command::new(program);
    for name in ["TF_ACC_TERRAFORM_PATHS", "TF_ACC_PERSIST_WORKING_DIR", "TF_ACC_LOG_PATH", "TF_LOG"] {
        command.env_remove(name);
    }
    command.args(arguments).envs(variables.iter().copied());
    let output = command.env("TMPDIR", temporary.path()).current_dir(temporary.path()).output()?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    ensure!(output.status.success(), "{}\n{}", said(&output.stdout), said(&output.stderr));
    Ok((output, temporary))
}

fn names(directory: &TempDir) -> Result<Vec<String>> {
    let names = std::fs::read_dir(directory)?.map(|it| Ok(it?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<_> = names.collect::<Result<_>>()?;
    names.sort();
    Ok(names)
}

fn nothing_stays_behind_that_is_not_asked_for() -> Result<()> {
    let (_, temporary) = run(std::env::current_exe()?, &["--exact", TRIAL], &[])?;
    let names = names(&temporary)?;
    ensure!(names.is_empty(), "{names:?}");
    Ok(())
}

fn logs_and_directories_are_kept() -> Result<()> {
    let asked = [("TF_ACC_PERSIST_WORKING_DIR", "1"), ("TF_ACC_LOG_PATH", "all.log")];
    let (_, temporary) = run(std::env::current_exe()?, &["--exact", TRIAL], &asked)?;
    let log = std::fs::read_to_string(temporary.path().join("all.log"))?;
    ensure!(log.contains("[TRACE]") && log.contains("CreateOTADynamicUpgradeJob"), "{} bytes of log", log.len());
    let names = names(&temporary)?;
    let kept = names.iter().find(|name| name.starts_with("tf-acc-examples-quickstart_applies_and_destroys-"));
    let kept = temporary.path().join(kept.with_context(|| format!("{names:?}"))?);
    ensure!(kept.join("main.tf").is_file() && kept.join("terraform.tfstate").is_file());

    let (_, temporary) = run(std::env::current_exe()?, &["--exact", TRIAL], &[asked[1], ("TF_LOG", "INFO")])?;
    let log = std::fs::read_to_string(temporary.path().join("all.log"))?;
    ensure!(log.contains("[INFO]") && !log.contains("[TRACE]"), "{} bytes of log", log.len());
    Ok(())
}

fn demo_ends_well() -> Result<()> {
    let (output, temporary) = run(testkit::built("demo")?, &[], &[])?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(said.contains("5. ") && said.contains("All of it happened as it should."), "{said}");
    let names = names(&temporary)?;
    ensure!(names.is_empty(), "{names:?}");
    Ok(())
}
