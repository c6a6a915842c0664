//! Runs that are interrupted: whatever the moment, the state names every job that runs, and the next apply goes on
//! from there.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use testkit::{Emulator, Options, Running, Terraform};

crate::trials!(
    before_the_first_job,
    while_a_job_is_being_created,
    by_a_termination_while_a_job_is_being_created,
    by_a_terminal_while_a_job_is_being_created,
    between_a_creation_and_the_look_at_it,
    by_a_terminal_between_a_creation_and_the_look_at_it,
    when_some_jobs_are_there,
    while_a_job_is_being_cancelled,
    by_a_terminal_during_a_refresh,
);

/// Jobs in the configuration.
const JOBS: usize = 6;

/// Longer than anything here takes; only a hang reaches it.
const LIMIT: Duration = Duration::from_secs(120);

const CREATE: &str = "CreateOTADynamicUpgradeJob";
const CANCEL: &str = "CancelOTAStrategyByJob";
const LOOK: &str = "QueryOTAJob";

const APPLY: &[&str] = &["apply", "-input=false", "-no-color", "-auto-approve", "-parallelism=2"];
/// (Core asks nobody to stop while `apply` refreshes before its plan; while `plan` does, it does.)
const PLAN: &[&str] = &["plan", "-input=false", "-no-color", "-parallelism=2"];
const DESTROY: &[&str] = &["destroy", "-input=false", "-no-color", "-auto-approve", "-parallelism=2"];

/// An interrupt of Terraform alone, as automation sends it.
const ALONE: (&str, bool) = ("INT", false);
/// An interrupt of Terraform and its providers, as Ctrl-C in a terminal is.
const TERMINAL: (&str, bool) = ("INT", true);
/// What ends jobs of automation.
const TERMINATION: (&str, bool) = ("TERM", false);

struct Scene {
    emulator: Emulator,
    terraform: Terraform,
}

impl Scene {
    fn new() -> Result<Self> {
        let firmware = |number: usize| {
            json!({
                "firmware_id": format!("fw-{number}"), "product_key": "a1product", "firmware_name": "package",
                "dest_version": "2.0.0", "status": 1
            })
        };
        let firmwares: Vec<_> = (0..JOBS).map(firmware).collect();
        let fixtures = json!({"products": [{"product_key": "a1product"}], "firmwares": firmwares});
        let emulator = Emulator::start(&Options { fixtures, flags: vec!["--qps-scale", "0"] })?;
        let terraform = Terraform::new(emulator.url())?;
        let resource = format!(
            r#"
terraform {{
  required_providers {{
    alicloud = {{ source = "terraform.local/iot/alicloud-iot" }}
  }}
}}
resource "alicloud_iot_ota_dynamic_job" "each" {{
  count        = {JOBS}
  firmware_id  = "fw-${{count.index}}"
  product_key  = "a1product"
  src_versions = ["1.0.0"]
}}
"#
        );
        terraform.write("main.tf", &resource)?;
        Ok(Self { emulator, terraform })
    }

    /// The operation is carried out at once, and its answer takes a while.
    fn slow(&self, action: &str, millis: u64) -> Result<()> {
        self.emulator.fault(&json!({"action": action, "kind": "slow", "millis": millis, "times": 1000}))
    }

    /// Runs a command, and interrupts it as soon as `moment` has come.
    fn interrupted(
        &self,
        arguments: &[&str],
        (signal, with_providers): (&str, bool),
        moment: impl Fn(&Self, &Running) -> Result<bool>,
    ) -> Result<()> {
        let mut running = self.terraform.start(arguments)?;
        let limit = Instant::now() + LIMIT;
        while !moment(self, &running)? {
            ensure!(!running.has_ended()?, "the moment did not come\n{}", running.printed()?);
            ensure!(Instant::now() < limit, "the moment did not come in time\n{}", running.printed()?);
            std::thread::sleep(Duration::from_millis(2));
        }
        running.signal(signal, with_providers)?;
        while !running.has_ended()? {
            ensure!(Instant::now() < limit, "it did not end\n{}", running.printed()?);
            std::thread::sleep(Duration::from_millis(2));
        }
        let printed = running.printed()?;
        ensure!(printed.contains("Interrupt received"), "the interrupt came too late\n{printed}");
        ensure!(!printed.contains("Plugin did not respond") && !printed.contains("Plugin error"), "{printed}");
        Ok(())
    }

    /// Fails unless the state names exactly the jobs that run; returns how many.
    fn state_is_true(&self) -> Result<usize> {
        let running = self.running()?;
        let named = self.named()?;
        ensure!(running == named, "{running:?} run, {named:?} are in the state");
        Ok(running.len())
    }

    fn running(&self) -> Result<BTreeSet<String>> {
        let jobs = self.emulator.jobs()?;
        let running = jobs.iter().filter(|job| job["job_status"] != "CANCELED");
        running.map(|job| Ok(job["job_id"].as_str().context("a job's id")?.to_owned())).collect()
    }

    fn named(&self) -> Result<BTreeSet<String>> {
        let file = self.terraform.directory().join("terraform.tfstate");
        let Ok(state) = std::fs::read(file) else { return Ok(BTreeSet::new()) };
        let state: Value = serde_json::from_slice(&state)?;
        let resources = state["resources"].as_array().cloned().unwrap_or_default();
        let instances = resources.iter().flat_map(|resource| resource["instances"].as_array().into_iter().flatten());
        let named = |instance: &Value| {
            ensure!(instance["status"].is_null(), "a job is tainted: {instance}");
            Ok(instance["attributes"]["job_id"].as_str().context("a job's id in the state")?.to_owned())
        };
        instances.map(named).collect()
    }

    /// The next apply goes on from there, and a destroy leaves nothing.
    fn goes_on(&self) -> Result<()> {
        self.emulator.clear_faults()?;
        let before = self.running()?;
        self.terraform.apply(&[])?;
        ensure!(self.state_is_true()? == JOBS);
        ensure!(self.running()?.is_superset(&before), "a job was made anew");
        ensure!(self.terraform.planned_actions(&[])?.is_empty());
        self.terraform.destroy()?;
        ensure!(self.state_is_true()? == 0);
        Ok(())
    }
}

fn jobs_at_least(count: usize) -> impl Fn(&Scene, &Running) -> Result<bool> {
    move |scene, _| Ok(scene.emulator.jobs()?.len() >= count)
}

fn called(action: &'static str) -> impl Fn(&Scene, &Running) -> Result<bool> {
    move |scene, _| Ok(scene.emulator.calls(action)? > 0)
}

fn before_the_first_job() -> Result<()> {
    let scene = Scene::new()?;
    scene.slow(CREATE, 300)?;
    scene.interrupted(APPLY, ALONE, |_, running| Ok(running.printed()?.contains("Creating...")))?;
    scene.state_is_true()?;
    scene.goes_on()
}

/// The job runs, and the answer that names it is still to come.
fn while_creating(how: (&str, bool)) -> Result<()> {
    let scene = Scene::new()?;
    scene.slow(CREATE, 1500)?;
    scene.interrupted(APPLY, how, jobs_at_least(1))?;
    let count = scene.state_is_true()?;
    ensure!((1..JOBS).contains(&count), "{count} jobs: what was under way, and no more");
    scene.goes_on()
}

fn while_a_job_is_being_created() -> Result<()> {
    while_creating(ALONE)
}

fn by_a_termination_while_a_job_is_being_created() -> Result<()> {
    while_creating(TERMINATION)
}

fn by_a_terminal_while_a_job_is_being_created() -> Result<()> {
    while_creating(TERMINAL)
}

/// The job's id is known, and what the service says of the job will not come in time.
fn before_the_look(how: (&str, bool)) -> Result<()> {
    let scene = Scene::new()?;
    scene.slow(LOOK, 60_000)?;
    scene.interrupted(APPLY, how, called(LOOK))?;
    let count = scene.state_is_true()?;
    ensure!((1..JOBS).contains(&count), "{count} jobs: what was under way, and no more");
    scene.goes_on()
}

fn between_a_creation_and_the_look_at_it() -> Result<()> {
    before_the_look(ALONE)
}

fn by_a_terminal_between_a_creation_and_the_look_at_it() -> Result<()> {
    before_the_look(TERMINAL)
}

fn when_some_jobs_are_there() -> Result<()> {
    let scene = Scene::new()?;
    scene.slow(CREATE, 300)?;
    scene.interrupted(APPLY, TERMINAL, jobs_at_least(3))?;
    let count = scene.state_is_true()?;
    ensure!((3..=JOBS).contains(&count), "{count} jobs");
    scene.goes_on()
}

fn while_a_job_is_being_cancelled() -> Result<()> {
    let scene = Scene::new()?;
    scene.terraform.apply(&[])?;
    scene.slow(CANCEL, 1500)?;
    scene.interrupted(DESTROY, TERMINAL, called(CANCEL))?;
    let count = scene.state_is_true()?;
    ensure!((1..JOBS).contains(&count), "{count} jobs are left: what was under way has ended");
    scene.goes_on()
}

fn by_a_terminal_during_a_refresh() -> Result<()> {
    let scene = Scene::new()?;
    scene.terraform.apply(&[])?;
    scene.slow(LOOK, 60_000)?;
    let looked = scene.emulator.calls(LOOK)?;
    scene.interrupted(PLAN, TERMINAL, |scene, _| Ok(scene.emulator.calls(LOOK)? > looked))?;
    if scene.state_is_true()? != JOBS {
        bail!("a look that was given up took a job out of the state");
    }
    scene.goes_on()
}
