//! Every fault at every step, and every way to be killed there: what runs is in the state, or the next plan names it.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use testkit::{At, Emulator, Relay, Running, Terraform};

use crate::configuration::{JOB, MINIMAL, is_settled, set_up, with_job};

crate::trials!(some_faults_at_each_step, some_kills_during_a_create);
crate::long_trials!(every_fault_at_every_step, every_kill_at_every_step);

const CREATE: &str = "CreateOTADynamicUpgradeJob";
const QUERY: &str = "QueryOTAJob";
const LIST: &str = "ListOTAJobByFirmware";
const UPDATE: &str = "UpdateOTAJob";
const CANCEL: &str = "CancelOTAStrategyByJob";
const CANCEL_TASKS: &str = "CancelOTATaskByJob";
const LIST_TASKS: &str = "ListOTATaskByJob";
const FIRMWARE: &str = "QueryOTAFirmware";

const KINDS: &[&str] = &[
    "drop_before",
    "drop_after_commit",
    "status_500",
    "status_503",
    "throttle",
    "malformed_body",
    "slow",
    "system_exception",
];

/// What is done when it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The look at what would stand against a job, before it is created.
    Preflight,
    Create,
    Read,
    Update,
    Destroy,
}

impl Step {
    const ALL: [Self; 5] = [Self::Preflight, Self::Create, Self::Read, Self::Update, Self::Destroy];

    /// The calls of the step that something can happen to.
    fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Preflight => &[FIRMWARE, LIST],
            Self::Create => &[LIST, CREATE, QUERY],
            Self::Read => &[QUERY],
            Self::Update => &[UPDATE],
            Self::Destroy => &[CANCEL, CANCEL_TASKS, QUERY, LIST_TASKS],
        }
    }

    fn command(self) -> &'static [&'static str] {
        match self {
            Self::Preflight | Self::Create | Self::Update => &["apply", "-input=false", "-no-color", "-auto-approve"],
            Self::Read => &["apply", "-refresh-only", "-input=false", "-no-color", "-auto-approve"],
            Self::Destroy => &["destroy", "-refresh=false", "-input=false", "-no-color", "-auto-approve"],
        }
    }
}

/// One job, and a relay before the service.
struct Rollout {
    emulator: Emulator,
    relay: Relay,
    terraform: Terraform,
}

impl Rollout {
    /// Right before the step.
    fn before(step: Step) -> Result<Self> {
        let (emulator, mut terraform) = set_up(&["--qps-scale", "0"])?;
        let relay = Relay::to(emulator.url())?;
        terraform.set("IOT_ENDPOINT", relay.url());
        if step != Step::Preflight {
            // So that each step has one kind of call to be disturbed, no plan asks for anything of its own.
            terraform.set("ALICLOUD_IOT_PREFLIGHT", "off");
        }
        let all_calls = format!("{MINIMAL}\n on_destroy = \"cancel_all\"");
        terraform.write("main.tf", &with_job(&all_calls))?;
        if !matches!(step, Step::Preflight | Step::Create) {
            terraform.apply(&[])?;
        }
        if step == Step::Update {
            terraform.write("main.tf", &with_job(&format!("{all_calls}\n tags = {{ a = \"b\" }}")))?;
        }
        Ok(Self { emulator, relay, terraform })
    }

    fn running(&self) -> Result<BTreeSet<String>> {
        let jobs = self.emulator.jobs()?;
        let running = jobs.iter().filter(|job| job["job_status"] == "IN_PROGRESS");
        running.map(|job| Ok(job["job_id"].as_str().context("a job's id")?.to_owned())).collect()
    }

    fn in_state(&self) -> Result<BTreeSet<String>> {
        let file = self.terraform.directory().join("terraform.tfstate");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let state: Value = if text.is_empty() { Value::Null } else { serde_json::from_str(&text)? };
        let instances = state["resources"].as_array().into_iter().flatten().flat_map(|it| it["instances"].as_array());
        instances
            .flatten()
            .map(|instance| {
                ensure!(instance["status"].is_null(), "a tainted job would be restarted: {instance:#}");
                Ok(instance["attributes"]["job_id"].as_str().context("a job's id")?.to_owned())
            })
            .collect()
    }

    /// Whether state and service agree, where a job that has ended already may be in the state still.
    fn agrees(&self, what: &str) -> Result<()> {
        let (running, state) = (self.running()?, self.in_state()?);
        let has_ended = self.emulator.jobs()?.iter().any(|job| job["job_status"] == "CANCELED");
        ensure!(
            running == state || (has_ended && running.is_empty()),
            "{what}: {running:?} run, the state has {state:?}"
        );
        Ok(())
    }

    /// From here on everything goes well, and nothing is left behind.
    fn converges(&self, step: Step, what: &str) -> Result<()> {
        if step != Step::Destroy {
            self.terraform.apply(&[]).with_context(|| what.to_owned())?;
            is_settled(&self.terraform).with_context(|| what.to_owned())?;
            ensure!(self.running()?.len() == 1 && self.running()? == self.in_state()?, "{what}");
            ensure!(self.emulator.jobs()?.len() == 1, "{what}: none was made twice, none restarted");
        }
        self.terraform.run(&["destroy", "-refresh=false", "-input=false", "-auto-approve"])?.success()?;
        ensure!(self.running()?.is_empty() && self.in_state()?.is_empty(), "{what}");
        Ok(())
    }
}

fn survives_a_fault(step: Step, action: &str, kind: &str) -> Result<()> {
    let rollout = Rollout::before(step)?;
    let what = format!("{kind} of {action} in {step:?}");
    rollout.emulator.fault(&json!({"action": action, "kind": kind, "times": 1, "millis": 1500}))?;
    // Whether it gets over it is one thing; that nothing is lost is another.
    let output = rollout.terraform.run(step.command())?;
    println!("{what}: exit code {:?}", output.code);
    rollout.agrees(&what)?;
    rollout.converges(step, &what)
}

fn some_faults_at_each_step() -> Result<()> {
    survives_a_fault(Step::Create, CREATE, "malformed_body")?;
    survives_a_fault(Step::Create, LIST, "drop_before")?;
    survives_a_fault(Step::Read, QUERY, "system_exception")?;
    survives_a_fault(Step::Update, UPDATE, "drop_after_commit")?;
    survives_a_fault(Step::Destroy, CANCEL, "status_500")
}

/// The kinds in the table of the emulator's documentation.
fn documented_kinds() -> BTreeSet<&'static str> {
    let table = include_str!("../../emulator/README.md").lines().skip_while(|line| !line.starts_with("| kind |"));
    let first_cells = table.skip(2).map_while(|line| line.strip_prefix('|')?.split('|').next());
    first_cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

fn every_fault_at_every_step() -> Result<()> {
    ensure!(documented_kinds() == KINDS.iter().copied().collect(), "{:?}", documented_kinds());
    for step in Step::ALL {
        for action in step.actions() {
            for kind in KINDS {
                survives_a_fault(step, action, kind)?;
            }
        }
    }
    Ok(())
}

/// How the end comes.
#[derive(Debug, Clone, Copy)]
enum End {
    Terraform,
    Provider,
    SecondInterrupt,
    FirstInterrupt,
}

impl End {
    const ALL: [Self; 4] = [Self::Terraform, Self::Provider, Self::SecondInterrupt, Self::FirstInterrupt];

    fn come_to(self, running: &Running) -> Result<()> {
        match self {
            Self::Terraform => running.signal("KILL"),
            Self::Provider => running.signal_children("KILL"),
            Self::FirstInterrupt => interrupt(running),
            Self::SecondInterrupt => {
                interrupt(running)?;
                running.signal("INT")
            }
        }
    }
}

fn interrupt(running: &Running) -> Result<()> {
    running.signal("INT")?;
    running.wait_until_said("Interrupt received")
}

fn survives_an_end(step: Step, action: &'static str, at: At, end: End) -> Result<()> {
    let mut rollout = Rollout::before(step)?;
    let what = format!("{end:?} with {action} held up at its {at:?} in {step:?}");
    rollout.relay.hold(action, at, 0);
    let running = rollout.terraform.start(step.command())?;
    rollout.relay.wait_until_held(1)?;
    end.come_to(&running)?;
    // A first interrupt waits for the call. All others are over before it goes on: nothing may be begun then.
    if matches!(end, End::FirstInterrupt) {
        rollout.relay.release();
    }
    let output = running.wait()?;
    rollout.relay.release();
    println!("{what}: exit code {:?}", output.code);
    // What was on its way arrives after the end of the one who sent it.
    let arrived = || -> Result<bool> { Ok(rollout.relay.passed(action)) };
    testkit::wait_for("the call that was held up", || Ok(arrived()?.then_some(())))?;
    let (jobs, state) = (rollout.running()?, rollout.in_state()?);
    if let Some(orphan) = jobs.difference(&state).next() {
        // Nobody was there to take it down: the next plan names it, and how to take it over.
        ensure!(step == Step::Create && !matches!(end, End::FirstInterrupt), "{what}: {orphan} is lost");
        rollout.terraform.unset("ALICLOUD_IOT_PREFLIGHT");
        let plan = rollout.terraform.run(&["plan", "-json", "-input=false"])?;
        ensure!(plan.code == Some(1) && plan.stdout.contains(orphan), "{what}: {plan:?}");
        ensure!(plan.stdout.contains("import {"), "{what}: {plan:?}");
        rollout.terraform.run(&["import", "-input=false", JOB, orphan])?.success()?;
    }
    rollout.agrees(&what)?;
    rollout.converges(step, &what)
}

fn some_kills_during_a_create() -> Result<()> {
    // Nothing was sent yet, and nothing is when there is nobody any more who would take it down.
    survives_an_end(Step::Create, LIST, At::Answer, End::Terraform)?;
    survives_an_end(Step::Create, CREATE, At::Answer, End::Terraform)?;
    survives_an_end(Step::Create, CREATE, At::Answer, End::Provider)?;
    survives_an_end(Step::Create, CREATE, At::Answer, End::SecondInterrupt)
}

fn every_kill_at_every_step() -> Result<()> {
    for step in Step::ALL {
        for action in step.actions() {
            for at in [At::Request, At::Answer] {
                for end in End::ALL {
                    survives_an_end(step, action, at, end)?;
                }
            }
        }
    }
    Ok(())
}
