//! A provider that was started by hand with `-debug`, and is used by one command after the other.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use testkit::{ACCESS_KEY_ID, ACCESS_KEY_SECRET};

use crate::configuration::{MINIMAL, is_settled, set_up, with_job};

crate::trials!(one_debugged_process_serves_every_command);

/// The provider, waiting to be attached to.
struct Debugged {
    process: Child,
    /// The value that its line gives the variable.
    reattach: String,
}

impl Debugged {
    fn start(endpoint: &str) -> Result<Self> {
        let mut process = Command::new(env!("CARGO_BIN_EXE_terraform-provider-alicloud-iot"))
            .arg("-debug")
            // It has its own environment; that of the commands does not reach it.
            .env("ALICLOUD_ACCESS_KEY", ACCESS_KEY_ID)
            .env("ALICLOUD_SECRET_KEY", ACCESS_KEY_SECRET)
            .env("IOT_ENDPOINT", endpoint)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = BufReader::new(process.stdout.take().context("its output")?);
        let mut reattach = None;
        for line in stdout.lines() {
            if let Some(value) = line?.trim().strip_prefix("TF_REATTACH_PROVIDERS=") {
                // The line is for a shell, and nothing in it needs more than this of one.
                reattach = Some(value.trim_matches('\'').to_owned());
                break;
            }
        }
        Ok(Self { process, reattach: reattach.context("the line to attach with")? })
    }
}

impl Drop for Debugged {
    fn drop(&mut self) {
        // A failed test must not leave it behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn one_debugged_process_serves_every_command() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    let mut debugged = Debugged::start(emulator.url())?;
    terraform.set("TF_REATTACH_PROVIDERS", &debugged.reattach);
    // Without it the provider is nowhere to be found.
    terraform.write("nothing.tfrc", "")?;
    terraform.set("TF_CLI_CONFIG_FILE", terraform.directory().join("nothing.tfrc"));
    terraform.write("main.tf", &with_job(MINIMAL))?;
    terraform.run(&["init", "-input=false"])?.success()?;
    terraform.run(&["validate"])?.success()?;
    terraform.apply(&[])?;
    is_settled(&terraform)?;
    let jobs = emulator.jobs()?;
    ensure!(jobs.len() == 1 && jobs[0]["job_status"] == "IN_PROGRESS", "{jobs:?}");
    terraform.destroy()?;
    ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED");
    ensure!(debugged.process.try_wait()?.is_none(), "it outlives the commands");
    Command::new("kill").args(["-INT", &debugged.process.id().to_string()]).status()?;
    ensure!(debugged.process.wait()?.success(), "an interrupt is its orderly end");
    let output = terraform.run(&["plan", "-input=false"])?;
    ensure!(output.code == Some(1), "nothing else has served these commands: {output:?}");
    Ok(())
}
