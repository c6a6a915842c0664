//! The main job, end to end: a real Terraform creates, changes and cancels a firmware rollout against
//! the emulator, and each step is checked.
#![allow(clippy::print_stdout, reason = "printing is what a demo does")]

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use testkit::{ACCESS_KEY_ID, Emulator, Options, Terraform};

const QUICKSTART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/quickstart");
const JOB: &str = "alicloud_iot_ota_dynamic_job.thermostat";

fn main() -> Result<()> {
    let fixtures = std::fs::read_to_string(Path::new(QUICKSTART).join("fixtures.json"))?;
    let emulator = Emulator::start(&Options { fixtures: serde_json::from_str(&fixtures)?, flags: Vec::new() })?;
    let terraform = Terraform::new(emulator.url())?;
    terraform.copy(Path::new(QUICKSTART))?;
    let version = terraform.run(&["version"])?.success()?.stdout;
    println!("A firmware rollout as code, with {}.\n", version.lines().next().unwrap_or("Terraform"));
    println!("  The service   an emulator of Alibaba Cloud IoT Platform at {}", emulator.url());
    println!("  The account   key {ACCESS_KEY_ID}; every request is signed with HMAC-SHA1, and checked");
    println!("  The code      examples/quickstart/main.tf: thermostats on 1.0.0 and 1.0.1 get firmware 2.0.0");

    let mut demo = Demo { emulator, terraform, seen: 0, step: 0 };
    demo.plan()?;
    let first = demo.create()?;
    demo.plan_again()?;
    let second = demo.change(&first)?;
    demo.destroy(&second)?;
    println!("\nAll of it happened as it should. Where to go on: README.md, and examples/quickstart for your own try.");
    Ok(())
}

struct Demo {
    emulator: Emulator,
    terraform: Terraform,
    /// Requests that were shown already.
    seen: usize,
    step: usize,
}

impl Demo {
    fn plan(&mut self) -> Result<()> {
        self.says("terraform plan", "what would happen");
        let actions = self.terraform.planned_actions(&[])?;
        ensure!(actions == [format!("{JOB}: create")], "the plan is {actions:?}");
        println!("  1 to create: {JOB}");
        self.shows_requests()?;
        ensure!(self.emulator.jobs()?.is_empty(), "a plan must create nothing");
        Ok(())
    }

    fn create(&mut self) -> Result<String> {
        self.says("terraform apply", "the rollout starts");
        self.terraform.apply(&[])?;
        self.shows_requests()?;
        let job = self.only_job("IN_PROGRESS")?;
        ensure!(self.in_state()? == job, "the state has another job than the service");
        println!("  job {job} is in the state, and runs: devices that report 1.0.0 or 1.0.1 get the package");
        Ok(job)
    }

    fn plan_again(&mut self) -> Result<()> {
        self.says("terraform plan", "nothing changed, so nothing is to do");
        let plan = self.terraform.run(&["plan", "-input=false", "-no-color", "-detailed-exitcode"])?;
        ensure!(plan.code == Some(0), "the second plan is not empty:\n{}", plan.stdout);
        self.shows_requests()?;
        println!("  No changes.");
        Ok(())
    }

    fn change(&mut self, before: &str) -> Result<String> {
        self.says("terraform apply -var wave=everyone", "another tag: the running job is changed");
        let actions = self.terraform.planned_actions(&["-var", "wave=everyone"])?;
        ensure!(actions == [format!("{JOB}: update")], "the plan is {actions:?}");
        self.terraform.apply(&["-var", "wave=everyone"])?;
        self.shows_requests()?;
        let after = self.only_job("IN_PROGRESS")?;
        ensure!(after == before, "the job was replaced");
        let jobs = self.emulator.jobs()?;
        ensure!(jobs.len() == 1, "there is another job: {jobs:?}");
        println!("  {after} runs on, and devices that are selected from now on get the new tag");
        Ok(after)
    }

    fn destroy(&mut self, job: &str) -> Result<()> {
        self.says("terraform destroy", "the policy ends; no further device is selected");
        self.terraform.destroy()?;
        self.shows_requests()?;
        let running: Vec<_> = self.emulator.jobs()?.into_iter().filter(|job| job["job_status"] != "CANCELED").collect();
        ensure!(running.is_empty(), "something still runs: {running:?}");
        println!("  {job} is cancelled, and the state is empty");
        Ok(())
    }

    fn says(&mut self, command: &str, what: &str) {
        self.step += 1;
        println!("\n{}. {what}\n  $ {command}", self.step);
    }

    /// What the service was asked since the last time.
    fn shows_requests(&mut self) -> Result<()> {
        let requests = self.emulator.requests()?;
        for request in requests.iter().skip(self.seen) {
            let action = request["action"].as_str().unwrap_or_default();
            let outcome = if request["success"] == true { "ok" } else { "refused" };
            println!("  -> {action} {}: {outcome}", interesting(&request["parameters"]));
        }
        self.seen = requests.len();
        Ok(())
    }

    fn only_job(&self, status: &str) -> Result<String> {
        let jobs: Vec<_> = self.emulator.jobs()?.into_iter().filter(|job| job["job_status"] == status).collect();
        let [job] = jobs.as_slice() else { anyhow::bail!("expected one job that is {status}: {jobs:?}") };
        Ok(job["job_id"].as_str().context("the job's ID")?.to_owned())
    }

    fn in_state(&self) -> Result<String> {
        let attributes = self.terraform.attributes(JOB)?.context("the job is not in the state")?;
        let id = attributes.get("job_id").and_then(Value::as_str);
        Ok(id.context("the job's ID in the state")?.to_owned())
    }
}

/// The parameters that a newcomer recognises.
fn interesting(parameters: &Value) -> String {
    let own = ["FirmwareId", "JobId", "SrcVersion.", "Tag.", "MaximumPerMinute"];
    let parameters = parameters.as_object().into_iter().flatten();
    let shown = parameters.filter(|(name, _)| own.iter().any(|prefix| name.starts_with(prefix)));
    shown.map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default())).collect::<Vec<_>>().join(" ")
}
