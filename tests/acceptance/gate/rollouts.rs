//! Gates in front of devices that update, or fail to. The simulated time stands still unless a trial puts it forward.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use testkit::{Emulator, Options, Terraform, wait_for};

use super::{CANCELS, GATE, LOOK, calls, gate, job_and_gate, refused, status_of_the_job};
use crate::configuration::{JOB, apply, is_settled, job_id, only_error, says, with_job_and};

crate::trials!(
    passes_at_once_and_stays_passed,
    passes_while_it_waits,
    what_decides_makes_a_new_gate_and_nothing_else_does,
    another_region_is_refused,
    too_many_failures_leave_the_job_alone,
    too_many_failures_stop_the_job,
    a_stop_that_is_throttled_goes_through,
    failures_that_are_certain_are_not_waited_for,
    too_few_successes_are_waited_for,
    devices_that_are_away_keep_it_shut,
);

/// More than any update of a device that is online takes.
pub const LONG: u32 = 3600;

/// An emulator with one fleet on the version that the job updates.
pub fn set_up(fleet: &Value) -> Result<(Emulator, Terraform)> {
    let mut devices = json!({"product_key": "a1product", "version": "1.0.0", "name_prefix": "thermostat-"});
    devices.as_object_mut().unwrap().extend(fleet.as_object().unwrap().clone());
    let fixtures = json!({
        "firmwares": [{
            "firmware_id": "fw-full", "product_key": "a1product", "firmware_name": "package", "dest_version": "2.0.0"
        }],
        "fleets": [devices]
    });
    let flags = vec!["--time-scale", "0", "--random-seed", "7"];
    let emulator = Emulator::start(&Options { fixtures, flags })?;
    let terraform = Terraform::new(emulator.url())?;
    Ok((emulator, terraform))
}

/// The same, with a job that has run for a while, and a gate in the configuration.
pub fn set_up_rollout(fleet: &Value) -> Result<(Emulator, Terraform)> {
    let (emulator, terraform) = set_up(fleet)?;
    terraform
        .write("main.tf", &job_and_gate("minimum_finished = 1\nmaximum_failed_percentage = 0\ntime_box = \"1h\""))?;
    terraform.apply(&["-target", JOB])?;
    emulator.advance(LONG)?;
    Ok((emulator, terraform))
}

/// The configuration of the job alone.
pub fn without_gate() -> String {
    job_and_gate("").split("resource \"alicloud_iot_ota_rollout_gate\"").next().unwrap_or_default().to_owned()
}

fn passes_at_once_and_stays_passed() -> Result<()> {
    let (emulator, terraform) = set_up_rollout(&json!({"count": 20, "failing": 0.1}))?;
    let attributes = "minimum_finished = 20\nmaximum_failed_percentage = 10\ntime_box = \"1h\"";
    apply(&terraform, &job_and_gate(attributes))?;
    let passed = terraform.attributes(GATE)?.unwrap();
    let counts = json!({
        "CONFIRM": 0, "QUEUED": 0, "NOTIFIED": 0, "IN_PROGRESS": 0, "CANCELED": 0, "SUCCEEDED": 18, "FAILED": 2
    });
    ensure!(passed["task_counts"] == counts && passed["verdict"] == "passed", "{passed:#}");
    ensure!(passed["id"] == job_id(&terraform)? && passed["region"] == "cn-shanghai", "{passed:#}");
    ensure!(passed["on_breach"] == "fail" && passed["poll_interval"] == "30s", "{passed:#}");
    ensure!(passed["passed_at"].as_str().is_some_and(|at| at.len() == 20 && at.ends_with('Z')), "{passed:#}");

    // Nobody looks again, whatever becomes of the job; and the end of the gate is not the end of the job.
    let looks = emulator.calls(LOOK)?;
    emulator.advance(LONG)?;
    is_settled(&terraform)?;
    apply(&terraform, &without_gate())?;
    ensure!(terraform.attributes(GATE)?.is_none() && emulator.calls(LOOK)? == looks);
    ensure!(status_of_the_job(&emulator)? == "IN_PROGRESS" && calls(&emulator, &CANCELS)? == 0);
    Ok(())
}

fn passes_while_it_waits() -> Result<()> {
    let (emulator, terraform) = set_up(&json!({"count": 20}))?;
    let attributes = "minimum_finished = 20\nminimum_finished_percentage = 100\nminimum_success_percentage = 100\ntime_box = \"1h\"\npoll_interval = \"1s\"";
    terraform.write("main.tf", &job_and_gate(attributes))?;
    let running = terraform.start(&["apply", "-input=false", "-no-color", "-auto-approve"])?;
    wait_for("two looks", || Ok((emulator.calls(LOOK)? >= 14).then_some(())))?;
    ensure!(terraform.attributes(GATE)?.is_none());
    emulator.advance(LONG)?;
    let output = running.wait()?.success()?;
    ensure!(output.stdout.contains("2 added, 0 changed, 0 destroyed"), "{output:?}");
    ensure!(terraform.attributes(GATE)?.unwrap()["task_counts"]["SUCCEEDED"] == 20);
    is_settled(&terraform)
}

fn what_decides_makes_a_new_gate_and_nothing_else_does() -> Result<()> {
    let (emulator, terraform) = set_up_rollout(&json!({"count": 20}))?;
    let attributes = "minimum_finished = 20\nmaximum_failed_percentage = 10\ntime_box = \"1h\"";
    apply(&terraform, &job_and_gate(attributes))?;
    let before = terraform.attributes(GATE)?.unwrap();
    // The same time in other words is no change.
    terraform.write("main.tf", &job_and_gate(&attributes.replace("1h", "60m")))?;
    is_settled(&terraform)?;
    let looks = emulator.calls(LOOK)?;
    for change in ["poll_interval = \"1m\"", "on_breach = \"cancel\"", "timeouts {\n create = \"2h\"\n}"] {
        terraform.write("main.tf", &job_and_gate(&format!("{attributes}\n{change}")))?;
        ensure!(terraform.planned_actions(&[])? == [format!("{GATE}: update")], "{change}");
        apply(&terraform, &job_and_gate(&format!("{attributes}\n{change}")))?;
        apply(&terraform, &job_and_gate(attributes))?;
        let after = terraform.attributes(GATE)?.unwrap();
        ensure!(after == before, "{change}: {after:#}");
    }
    ensure!(emulator.calls(LOOK)? == looks);
    for changed in [
        attributes.replace("20", "19"),
        attributes.replace("10", "9.5"),
        attributes.replace("1h", "2h"),
        format!("{attributes}\nminimum_success_percentage = 95"),
        format!("{attributes}\nminimum_finished_percentage = 50"),
    ] {
        terraform.write("main.tf", &job_and_gate(&changed))?;
        ensure!(terraform.planned_actions(&[])? == [format!("{GATE}: delete then create")], "{changed}");
    }
    apply(&terraform, &job_and_gate(&attributes.replace("20", "19")))?;
    ensure!(emulator.calls(LOOK)? == looks + 7 && emulator.jobs()?.len() == 1);
    // A new job is another rollout.
    terraform.write("main.tf", &job_and_gate(attributes).replace("[\"1.0.0\"]", "[\"1.0.0\"]\n dynamic_mode = 2"))?;
    let plan = terraform.planned_actions(&[])?;
    ensure!(plan == [format!("{JOB}: delete then create"), format!("{GATE}: delete then create")], "{plan:?}");
    Ok(())
}

fn another_region_is_refused() -> Result<()> {
    let (emulator, terraform) = set_up_rollout(&json!({"count": 20}))?;
    let attributes = "minimum_finished = 20\nmaximum_failed_percentage = 10\ntime_box = \"1h\"";
    apply(&terraform, &job_and_gate(attributes))?;
    // The gate alone, for a job that is named by its ID.
    let job_id = format!("{:?}", job_id(&terraform)?);
    let gate = gate(attributes).replace("alicloud_iot_ota_dynamic_job.this.job_id", &job_id);
    let provider = with_job_and("region = \"ap-southeast-1\"", "");
    let provider = provider.split("resource").next().unwrap_or_default();
    terraform.run(&["state", "rm", JOB])?.success()?;
    terraform.write("main.tf", &format!("{provider}{gate}"))?;
    for refresh in ["-refresh=true", "-refresh=false"] {
        let error = only_error(&terraform, &["plan", "-json", refresh])?;
        says(&error, "Gate Is For A Job In Another Region", &["ap-southeast-1", "cn-shanghai", "terraform state rm"])?;
    }
    ensure!(terraform.attributes(GATE)?.is_some() && status_of_the_job(&emulator)? == "IN_PROGRESS");
    Ok(())
}

fn too_many_failures_leave_the_job_alone() -> Result<()> {
    let fleet =
        json!({"count": 20, "failing": 0.25, "failure_reasons": [{"reason": "disk\u{1b}[31m full", "weight": 1}]});
    let (emulator, terraform) = set_up_rollout(&fleet)?;
    let attributes = "minimum_finished = 20\nminimum_success_percentage = 90\ntime_box = \"1h\"";
    let error = refused(&terraform, &job_and_gate(attributes))?;
    let texts = [
        "5 of 20 finished updates failed, which is more than the 10 %",
        "was left as it is",
        "finished: 20, at least 20 needed",
        "succeeded: 15 (75.00 %), at least 90 % needed",
        "failed: 5 (25.00 %), at most 10 % allowed",
        "failed devices, 5 of 5:\n    thermostat-00000",
        ": disk [31m full\n",
    ];
    says(&error, "Rollout Gate Breached", &texts)?;
    ensure!(status_of_the_job(&emulator)? == "IN_PROGRESS" && calls(&emulator, &CANCELS)? == 0);
    // Whoever accepts the failures says so, and goes on with the same job.
    let before = job_id(&terraform)?;
    apply(&terraform, &job_and_gate(&attributes.replace("90", "75")))?;
    ensure!(job_id(&terraform)? == before && terraform.attributes(GATE)?.unwrap()["task_counts"]["FAILED"] == 5);
    Ok(())
}

fn too_many_failures_stop_the_job() -> Result<()> {
    stopped_by_a_gate(0)
}

fn a_stop_that_is_throttled_goes_through() -> Result<()> {
    stopped_by_a_gate(2)
}

/// A gate stops a job, by calls of which so many of each kind are throttled.
fn stopped_by_a_gate(throttled: usize) -> Result<()> {
    // Half of the devices are away: their updates have not begun.
    let (emulator, terraform) = set_up_rollout(&json!({"count": 40, "failing": 1, "offline": 0.5}))?;
    let attributes = "minimum_finished = 10\nmaximum_failed_percentage = 5\ntime_box = \"1h\"\non_breach = \"cancel\"";
    for action in CANCELS.iter().filter(|_| throttled > 0) {
        emulator.fault(&json!({"action": action, "kind": "throttle", "times": throttled}))?;
    }
    let error = refused(&terraform, &job_and_gate(attributes))?;
    ensure!(calls(&emulator, &CANCELS)? == 2 * (throttled + 1));
    let texts = ["20 of 20 finished updates failed", "The job was stopped", "failed devices, 10 of 20:"];
    says(&error, "Rollout Gate Breached", &texts)?;
    let job = &emulator.jobs()?[0];
    ensure!(job["job_status"] == "CANCELED", "{job:#}");
    let counts = &job["task_counts"];
    ensure!(counts["CANCELED"] == 20 && counts["FAILED"] == 20, "what had not begun is cancelled: {counts}");
    Ok(())
}

fn failures_that_are_certain_are_not_waited_for() -> Result<()> {
    let (_emulator, terraform) = set_up_rollout(&json!({"count": 20, "failing": 0.5, "offline": 0.5}))?;
    let attributes = "minimum_finished = 20\nmaximum_failed_percentage = 5\ntime_box = \"168h\"";
    let error = refused(&terraform, &job_and_gate(attributes))?;
    says(&error, "Rollout Gate Breached", &["updates failed already", "5 % of the 20", "however the others end"])
}

fn too_few_successes_are_waited_for() -> Result<()> {
    let (_emulator, terraform) = set_up_rollout(&json!({"count": 20, "failing": 0.1}))?;
    let attributes =
        "minimum_finished = 10\nminimum_success_percentage = 95\nmaximum_failed_percentage = 20\ntime_box = \"1s\"";
    let error = refused(&terraform, &job_and_gate(attributes))?;
    says(&error, "Rollout Gate Breached", &["time box ended", "too few of the finished updates have succeeded"])
}

fn devices_that_are_away_keep_it_shut() -> Result<()> {
    let (_emulator, terraform) = set_up_rollout(&json!({"count": 20, "offline": 0.25}))?;
    let attributes = "minimum_finished = 10\nminimum_success_percentage = 95\ntime_box = \"1s\"";
    let share = |percent: u32| job_and_gate(&format!("{attributes}\nminimum_finished_percentage = {percent}"));
    let error = refused(&terraform, &share(76))?;
    let texts = ["too few devices have finished.", "finished of all: 15 of 20 (75.00 %), at least 76 % needed"];
    says(&error, "Rollout Gate Breached", &texts)?;
    apply(&terraform, &share(75))
}
