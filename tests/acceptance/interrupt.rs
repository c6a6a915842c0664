//! Interrupts at moments that are exact: a relay holds the call in question up until the interrupt is there.
//!
//! Whatever the moment, the state names every job that the service runs, so that the next apply goes on where this one
//! was stopped, and a destroy leaves nothing behind.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use testkit::{At, Emulator, Options, Relay, Running, Terraform};

crate::trials!(
    before_the_first_create_arrives,
    before_the_first_create_arrives_by_ctrl_c,
    while_creates_are_in_flight,
    while_creates_are_in_flight_by_ctrl_c,
    while_creates_are_in_flight_by_sigterm,
    between_a_create_and_its_look,
    between_a_create_and_its_look_that_is_never_answered,
    after_some_of_the_jobs_by_ctrl_c,
    after_some_of_the_jobs_by_sigterm,
    during_a_refresh_by_ctrl_c,
    during_a_destroy,
    during_a_destroy_by_ctrl_c,
    before_a_cancel_arrives_by_sigterm,
    while_creates_are_throttled,
    while_cancels_are_throttled,
    creates_that_are_answered_late,
);
crate::long_trials!(creates_that_are_answered_half_a_minute_late);

const CREATE: &str = "CreateOTADynamicUpgradeJob";
const CANCEL: &str = "CancelOTAStrategyByJob";
const QUERY: &str = "QueryOTAJob";

/// More than core works on at once, so that an interrupt always leaves something undone.
const JOBS: usize = 5;
const AT_ONCE: usize = 2;

/// What the providers log.
const LOG: &str = "providers.log";

/// How the interrupt comes.
#[derive(Clone, Copy)]
enum Way {
    /// SIGINT to Terraform alone, as from another program. Providers get the RPC only.
    Interrupt,
    /// SIGINT to the whole process group, as from a terminal. Providers get both.
    CtrlC,
    /// SIGTERM to Terraform alone, as from a service manager that knows one process.
    Terminate,
}

impl Way {
    fn act_on(self, running: &Running) -> Result<()> {
        match self {
            Self::Interrupt => running.signal("INT"),
            Self::CtrlC => running.signal_group("INT"),
            Self::Terminate => running.signal("TERM"),
        }
    }
}

/// Several jobs, each of a package of its own, and a relay between them and the service.
struct Fleet {
    emulator: Emulator,
    relay: Relay,
    terraform: Terraform,
}

impl Fleet {
    fn new() -> Result<Self> {
        let firmwares: Vec<_> = (0..JOBS)
            .map(|number| {
                json!({
                    "firmware_id": format!("fw-{number}"), "product_key": "a1product",
                    "firmware_name": format!("package {number}"), "dest_version": "2.0.0"
                })
            })
            .collect();
        let fixtures = json!({"firmwares": firmwares});
        let emulator = Emulator::start(&Options { fixtures, flags: vec!["--qps-scale", "0"] })?;
        let relay = Relay::to(emulator.url())?;
        let mut terraform = Terraform::new(relay.url())?;
        // In a file, so that it does not stand between what core says.
        let log = terraform.directory().join(LOG);
        terraform.set("TF_LOG_PROVIDER", "INFO");
        terraform.set("TF_LOG_PATH", log);
        let configuration = format!(
            r#"
terraform {{
  required_providers {{
    alicloud = {{ source = "terraform.local/iot/alicloud-iot" }}
  }}
}}
resource "alicloud_iot_ota_dynamic_job" "this" {{
  count        = {JOBS}
  firmware_id  = "fw-${{count.index}}"
  product_key  = "a1product"
  src_versions = ["1.0.0"]
}}
"#
        );
        terraform.write("main.tf", &configuration)?;
        Ok(Self { emulator, relay, terraform })
    }

    /// The same with all jobs running.
    fn applied() -> Result<Self> {
        let fleet = Self::new()?;
        fleet.terraform.apply(&[])?;
        Ok(fleet)
    }

    fn start(&self, command: &str) -> Result<Running> {
        let at_once = format!("-parallelism={AT_ONCE}");
        self.terraform.start(&[command, "-input=false", "-no-color", "-auto-approve", &at_once])
    }

    /// The jobs that the service runs.
    fn held_by_the_service(&self) -> Result<BTreeSet<String>> {
        let jobs = self.emulator.jobs()?;
        let running = jobs.iter().filter(|job| job["job_status"] != "CANCELED");
        running.map(|job| Ok(job["job_id"].as_str().context("a job's id")?.to_owned())).collect()
    }

    /// The jobs that the state file names.
    fn named_by_the_state(&self) -> Result<BTreeSet<String>> {
        let file = self.terraform.directory().join("terraform.tfstate");
        let text = if file.exists() { std::fs::read_to_string(file)? } else { String::new() };
        // Core makes the file long before it writes into it.
        if text.is_empty() {
            return Ok(BTreeSet::new());
        }
        let state: Value = serde_json::from_str(&text)?;
        let resources = state["resources"].as_array().into_iter().flatten();
        let instances = resources.flat_map(|resource| resource["instances"].as_array().into_iter().flatten());
        instances
            .map(|instance| {
                // A tainted job would be cancelled and restarted by the next apply.
                ensure!(instance["status"].is_null(), "{instance:#}");
                Ok(instance["attributes"]["job_id"].as_str().context("a job's id")?.to_owned())
            })
            .collect()
    }

    /// Interrupts a command whose calls are held up, and waits until the provider has been asked to stop.
    fn interrupt(&self, running: &Running, way: Way) -> Result<()> {
        let before = self.stops()?;
        self.interrupt_core(running, way)?;
        testkit::wait_for("the stop", || Ok((self.stops()? > before).then_some(())))
    }

    /// The same where core asks no provider: while it refreshes before the plan of an apply.
    fn interrupt_core(&self, running: &Running, way: Way) -> Result<()> {
        ensure!(!running.said().contains("Interrupt received"), "{}", running.said());
        way.act_on(running)?;
        running.wait_until_said("Interrupt received")
    }

    /// How often the provider was asked to stop.
    fn stops(&self) -> Result<usize> {
        let log = std::fs::read(self.terraform.directory().join(LOG))?;
        Ok(String::from_utf8_lossy(&log).matches("core asks to stop").count())
    }

    /// Waits for the end of the interrupted command; after it, state and service have to agree on `jobs` jobs.
    /// What the command has said.
    fn ends(&self, running: Running, jobs: usize) -> Result<String> {
        let output = running.wait()?;
        ensure!(output.code == Some(1), "an interrupted command has failed: {output:?}");
        ensure!(output.stderr.contains("execution halted"), "core has not stopped by the interrupt: {output:?}");
        let service = self.held_by_the_service()?;
        let state = self.named_by_the_state()?;
        ensure!(state == service, "the state names {state:?}, the service runs {service:?}\n{output:?}");
        ensure!(service.len() == jobs, "{jobs} jobs were to run: {service:?}\n{output:?}");
        // Core breaks lines and frames them.
        Ok(output.stderr.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// From here on everything goes as if there had been no interrupt.
    fn converges(&self) -> Result<()> {
        self.relay.release();
        let kept = self.named_by_the_state()?;
        self.terraform.apply(&[])?;
        let all = self.named_by_the_state()?;
        ensure!(all.len() == JOBS && all.is_superset(&kept), "{kept:?} became {all:?}");
        ensure!(self.held_by_the_service()? == all);
        let plan = self.terraform.planned_actions(&[])?;
        ensure!(plan.is_empty(), "{plan:?}");
        self.terraform.destroy()?;
        ensure!(self.held_by_the_service()?.is_empty() && self.named_by_the_state()?.is_empty());
        Ok(())
    }
}

fn before_the_first_create(way: Way) -> Result<()> {
    let fleet = Fleet::new()?;
    fleet.relay.hold(CREATE, At::Request, 0);
    let running = fleet.start("apply")?;
    fleet.relay.wait_until_held(AT_ONCE)?;
    ensure!(fleet.emulator.calls(CREATE)? == 0, "the service knows of nothing yet");
    fleet.interrupt(&running, way)?;
    // What was sent cannot be taken back: it becomes a job, and nothing after it does.
    fleet.relay.release();
    fleet.ends(running, AT_ONCE)?;
    fleet.converges()
}

fn before_the_first_create_arrives() -> Result<()> {
    before_the_first_create(Way::Interrupt)
}

fn before_the_first_create_arrives_by_ctrl_c() -> Result<()> {
    before_the_first_create(Way::CtrlC)
}

fn creates_in_flight(way: Way) -> Result<()> {
    let fleet = Fleet::new()?;
    fleet.relay.hold(CREATE, At::Answer, 0);
    let running = fleet.start("apply")?;
    fleet.relay.wait_until_held(AT_ONCE)?;
    ensure!(fleet.held_by_the_service()?.len() == AT_ONCE && fleet.named_by_the_state()?.is_empty());
    fleet.interrupt(&running, way)?;
    fleet.relay.release();
    fleet.ends(running, AT_ONCE)?;
    fleet.converges()
}

fn while_creates_are_in_flight() -> Result<()> {
    creates_in_flight(Way::Interrupt)
}

fn while_creates_are_in_flight_by_ctrl_c() -> Result<()> {
    creates_in_flight(Way::CtrlC)
}

fn while_creates_are_in_flight_by_sigterm() -> Result<()> {
    creates_in_flight(Way::Terminate)
}

/// The service takes its time with an answer, so that it comes long after the interrupt.
fn creates_answered_late(way: Way, millis: u32) -> Result<()> {
    let fleet = Fleet::new()?;
    fleet.emulator.fault(&json!({"action": CREATE, "kind": "slow", "times": AT_ONCE, "millis": millis}))?;
    let running = fleet.start("apply")?;
    let sent = || fleet.relay.bodies().iter().filter(|body| body.contains(CREATE)).count();
    testkit::wait_for("creates", || Ok((sent() >= AT_ONCE).then_some(())))?;
    fleet.interrupt(&running, way)?;
    fleet.ends(running, AT_ONCE)?;
    fleet.converges()
}

/// Later than a look would be waited for.
fn creates_that_are_answered_late() -> Result<()> {
    creates_answered_late(Way::CtrlC, 4_000)
}

/// Later than any patience that a stop could have with a change, short of the client's own limit.
fn creates_that_are_answered_half_a_minute_late() -> Result<()> {
    creates_answered_late(Way::CtrlC, 30_000)?;
    creates_answered_late(Way::Terminate, 50_000)
}

fn between_a_create_and_its_look() -> Result<()> {
    let fleet = Fleet::new()?;
    fleet.relay.hold(QUERY, At::Request, 0);
    let running = fleet.start("apply")?;
    fleet.relay.wait_until_held(AT_ONCE)?;
    fleet.interrupt(&running, Way::Interrupt)?;
    fleet.relay.release();
    fleet.ends(running, AT_ONCE)?;
    fleet.converges()
}

fn between_a_create_and_its_look_that_is_never_answered() -> Result<()> {
    let fleet = Fleet::new()?;
    fleet.relay.hold(QUERY, At::Answer, 0);
    let running = fleet.start("apply")?;
    fleet.relay.wait_until_held(AT_ONCE)?;
    fleet.interrupt(&running, Way::CtrlC)?;
    // Nothing is released: the look is given up, the jobs are kept.
    fleet.ends(running, AT_ONCE)?;
    fleet.converges()
}

fn after_some_jobs(way: Way) -> Result<()> {
    let fleet = Fleet::new()?;
    let done = 2;
    fleet.relay.hold(CREATE, At::Answer, done);
    let running = fleet.start("apply")?;
    fleet.relay.wait_until_held(AT_ONCE)?;
    fleet.interrupt(&running, way)?;
    fleet.relay.release();
    fleet.ends(running, done + AT_ONCE)?;
    fleet.converges()
}

fn after_some_of_the_jobs_by_ctrl_c() -> Result<()> {
    after_some_jobs(Way::CtrlC)
}

fn after_some_of_the_jobs_by_sigterm() -> Result<()> {
    after_some_jobs(Way::Terminate)
}

fn during_a_refresh_by_ctrl_c() -> Result<()> {
    let fleet = Fleet::applied()?;
    fleet.relay.hold(QUERY, At::Request, 1);
    let running = fleet.start("apply")?;
    fleet.relay.wait_until_held(1)?;
    fleet.interrupt_core(&running, Way::CtrlC)?;
    fleet.relay.release();
    let output = running.wait()?;
    ensure!(output.code == Some(1), "{output:?}");
    ensure!(fleet.named_by_the_state()?.len() == JOBS && fleet.held_by_the_service()? == fleet.named_by_the_state()?);
    fleet.converges()
}

fn destroy(way: Way, at: At) -> Result<()> {
    let fleet = Fleet::applied()?;
    let done = 1;
    fleet.relay.hold(CANCEL, at, done);
    let running = fleet.start("destroy")?;
    fleet.relay.wait_until_held(AT_ONCE)?;
    fleet.interrupt(&running, way)?;
    fleet.relay.release();
    fleet.ends(running, JOBS - done - AT_ONCE)?;
    fleet.converges()
}

fn during_a_destroy() -> Result<()> {
    destroy(Way::Interrupt, At::Answer)
}

fn during_a_destroy_by_ctrl_c() -> Result<()> {
    destroy(Way::CtrlC, At::Answer)
}

/// Calls that are refused again and again, for which the provider would wait for minutes.
fn while_throttled(fleet: &Fleet, command: &str, action: &str, jobs: usize) -> Result<()> {
    fleet.emulator.fault(&json!({"action": action, "kind": "throttle", "times": 1_000_000}))?;
    let before = fleet.emulator.calls(action)?;
    let running = fleet.start(command)?;
    testkit::wait_for("refusals", || Ok((fleet.emulator.calls(action)? >= before + 2 * AT_ONCE).then_some(())))?;
    fleet.interrupt(&running, Way::CtrlC)?;
    let said = fleet.ends(running, jobs)?;
    ensure!(said.contains("The run was interrupted, so it was not tried again."), "{said}");
    fleet.emulator.clear_faults()?;
    fleet.converges()
}

fn while_creates_are_throttled() -> Result<()> {
    while_throttled(&Fleet::new()?, "apply", CREATE, 0)
}

fn while_cancels_are_throttled() -> Result<()> {
    while_throttled(&Fleet::applied()?, "destroy", CANCEL, JOBS)
}

fn before_a_cancel_arrives_by_sigterm() -> Result<()> {
    destroy(Way::Terminate, At::Request)
}
