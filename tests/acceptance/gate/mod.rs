//! Gates: what opens them, what does not, and that a job is never touched unless the configuration says so.

pub mod rollouts;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use terraform_provider_alicloud_iot::iot::operations::CreateOtaDynamicUpgradeJob;
use testkit::{At, Emulator, Relay, Terraform, wait_for};

use crate::configuration::{JOB, MINIMAL, call, job_id, only_error, says, set_up, with_job};
use crate::validation::{check_resource, error, ok, warning};

crate::trials!(
    every_rule_of_the_configuration,
    ends_with_the_time_box_and_leaves_the_job_alone,
    stops_the_job_if_that_is_asked_for,
    a_job_that_was_cancelled_opens_no_gate,
    an_interrupt_ends_the_wait_and_nothing_else,
    an_interrupt_ends_a_look_that_is_not_answered,
    an_interrupt_does_not_leave_a_job_half_stopped,
    survives_faults_while_it_waits,
    a_service_that_never_answers_decides_nothing,
    a_job_that_does_not_exist,
    a_job_that_is_shown_late_is_waited_for,
    cannot_be_imported,
);

const GATE: &str = "alicloud_iot_ota_rollout_gate.this";
const LOOK: &str = "ListOTATaskByJob";
const CANCELS: [&str; 2] = ["CancelOTAStrategyByJob", "CancelOTATaskByJob"];

/// A gate that waits for the job of [`with_job`], of `attributes`.
fn gate(attributes: &str) -> String {
    format!(
        r#"
resource "alicloud_iot_ota_rollout_gate" "this" {{
  job_id = alicloud_iot_ota_dynamic_job.this.job_id
{attributes}
}}
"#
    )
}

fn job_and_gate(attributes: &str) -> String {
    let job = format!("{MINIMAL}\n on_external_cancel = \"keep\"");
    with_job(&job) + &gate(attributes)
}

/// Applies what has to end with one error of the gate, after which nothing of it is in the state, and the job is, untainted.
fn refused(terraform: &Terraform, configuration: &str) -> Result<Value> {
    terraform.write("main.tf", configuration)?;
    let error = only_error(terraform, &["apply", "-json", "-auto-approve"])?;
    ensure!(error["address"] == GATE, "{error:#}");
    ensure!(terraform.attributes(GATE)?.is_none() && job_id(terraform).is_ok());
    let plan = terraform.planned_actions(&[])?;
    ensure!(plan == [format!("{GATE}: create")], "the next apply waits again, and does nothing else: {plan:?}");
    Ok(error)
}

fn status_of_the_job(emulator: &Emulator) -> Result<Value> {
    let jobs = emulator.jobs()?;
    ensure!(jobs.len() == 1, "{jobs:#?}");
    Ok(jobs[0]["job_status"].clone())
}

fn calls(emulator: &Emulator, actions: &[&str]) -> Result<usize> {
    actions.iter().map(|action| emulator.calls(action)).sum()
}

fn every_rule_of_the_configuration() -> Result<()> {
    let fixed = "job_id = \"job\"";
    let least = "minimum_finished = 1\nmaximum_failed_percentage = 5\ntime_box = \"1h30m\"";
    let with = |attributes: &str| format!("{least}\n{attributes}");
    let mut cases = vec![
        ok(least),
        ok(with("minimum_success_percentage = 95")),
        ok(with("minimum_success_percentage = 99.125")),
        warning(
            with("minimum_success_percentage = 94.999"),
            "Minimum Success Has No Effect",
            "minimum_success_percentage",
        ),
        ok("minimum_finished = 1\nminimum_success_percentage = 0.001\ntime_box = \"168h\""),
        error("minimum_finished = 1\ntime_box = \"1h\"", "Gate Without Condition", "resource"),
        error(with("iot_instance_id = \"a/b\""), "Invalid IoT Instance ID", "iot_instance_id"),
        error(with("iot_instance_id = \"\""), "Invalid IoT Instance ID", "iot_instance_id"),
        ok(with("on_breach = \"fail\"")),
        ok(with("on_breach = \"cancel\"")),
        error(with("on_breach = \"stop\""), "Invalid On Breach", "on_breach"),
        ok(with("timeouts {\n create = \"2h\"\n}")),
        ok(with("timeouts {}")),
        error(with("timeouts {\n create = \"1h30m\"\n}"), "Invalid Create Timeout", "create"),
        error(with("timeouts {\n create = \"soon\"\n}"), "Invalid Create Timeout", "create"),
        error(with("timeouts {\n create = \"721h\"\n}"), "Invalid Create Timeout", "create"),
    ];
    let replaced = |attribute: &str, value: &str| {
        let lines = least.lines().filter(|line| !line.starts_with(attribute));
        lines.chain([format!("{attribute} = {value}").as_str()]).collect::<Vec<_>>().join("\n")
    };
    for value in ["0", "-1", "1.5", "18446744073709551616"] {
        cases.push(error(replaced("minimum_finished", value), "Invalid Minimum Finished", "minimum_finished"));
    }
    for (attribute, summary) in [
        ("minimum_finished_percentage", "Invalid Minimum Finished Percentage"),
        ("maximum_failed_percentage", "Invalid Maximum Failed Percentage"),
    ] {
        cases.extend(["0", "0.1", "33.333", "100"].map(|value| ok(replaced(attribute, value))));
        for value in ["-1", "100.1", "0.0001"] {
            cases.push(error(replaced(attribute, value), summary, attribute));
        }
    }
    for value in ["\"1s\"", "\"168h\"", "\"1.5h\""] {
        cases.push(ok(replaced("time_box", value)));
    }
    for value in ["\"\"", "\"30\"", "\"999ms\"", "\"168h1s\"", "\"1d\"", "60"] {
        cases.push(error(replaced("time_box", value), "Invalid Time Box", "time_box"));
    }
    cases.push(ok(with("poll_interval = \"1h\"")));
    for value in ["500ms", "61m", "often"] {
        cases.push(error(with(&format!("poll_interval = \"{value}\"")), "Invalid Poll Interval", "poll_interval"));
    }
    check_resource("", "alicloud_iot_ota_rollout_gate", fixed, cases)?;
    check_resource(
        "",
        "alicloud_iot_ota_rollout_gate",
        least,
        vec![
            error("job_id = \"\"", "Invalid Job ID", "job_id"),
            error("job_id = \"iot-instance/job\"", "Invalid Job ID", "job_id"),
        ],
    )
}

fn ends_with_the_time_box_and_leaves_the_job_alone() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let attributes = "minimum_finished = 5\nmaximum_failed_percentage = 10\ntime_box = \"1s\"\npoll_interval = \"10m\"";
    let error = refused(&terraform, &job_and_gate(attributes))?;
    let texts = ["time box ended", "no device has got an update", "was left as it is", "at least 5 needed", "FAILED 0"];
    says(&error, "Rollout Gate Breached", &texts)?;
    ensure!(status_of_the_job(&emulator)? == "IN_PROGRESS" && calls(&emulator, &CANCELS)? == 0);
    // A look asks for each of the seven statuses: at the start, and when the time box has ended.
    ensure!(emulator.calls(LOOK)? == 14, "{}", emulator.calls(LOOK)?);
    Ok(())
}

fn stops_the_job_if_that_is_asked_for() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let attributes = "minimum_finished = 5\nmaximum_failed_percentage = 10\ntime_box = \"1s\"\non_breach = \"cancel\"";
    let error = refused(&terraform, &job_and_gate(attributes))?;
    says(&error, "Rollout Gate Breached", &["time box ended", "The job was stopped", "on_external_cancel"])?;
    ensure!(status_of_the_job(&emulator)? == "CANCELED" && calls(&emulator, &CANCELS)? == 2);
    let requests = emulator.requests()?;
    let cancel = requests.iter().find(|request| request["action"] == CANCELS[1]).unwrap();
    let parameters = &cancel["parameters"];
    ensure!(parameters["CancelQueuedTask"] == "true" && parameters["CancelNotifiedTask"] == "true", "{cancel:#}");
    ensure!(parameters.get("CancelInProgressTask").is_none(), "a device that writes its firmware is left alone");
    // The gate stays shut, and there is nothing left to stop.
    let error = refused(&terraform, &job_and_gate(attributes))?;
    says(&error, "Job Of Gate Was Cancelled", &["whatever the numbers are"])?;
    ensure!(calls(&emulator, &CANCELS)? == 2);
    Ok(())
}

fn a_job_that_was_cancelled_opens_no_gate() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let attributes = "minimum_finished = 5\nmaximum_failed_percentage = 10\ntime_box = \"1h\"\npoll_interval = \"1s\"";
    terraform.write("main.tf", &job_and_gate(attributes))?;
    let running = terraform.start(&["apply", "-input=false", "-no-color", "-auto-approve"])?;
    wait_for("a look", || Ok((emulator.calls(LOOK)? >= 7).then_some(())))?;
    let job_id = emulator.jobs()?[0]["job_id"].as_str().unwrap_or_default().to_owned();
    let cancel =
        terraform_provider_alicloud_iot::iot::operations::CancelOtaStrategyByJob { job_id, iot_instance_id: None };
    crate::configuration::call(&emulator, &cancel)?;
    let output = running.wait()?;
    ensure!(output.code == Some(1) && output.stderr.contains("Job Of Gate Was Cancelled"), "{output:?}");
    ensure!(terraform.attributes(GATE)?.is_none() && calls(&emulator, &CANCELS)? == 1);
    Ok(())
}

fn an_interrupt_ends_the_wait_and_nothing_else() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let attributes = "minimum_finished = 5\nmaximum_failed_percentage = 10\ntime_box = \"168h\"\npoll_interval = \"1h\"\non_breach = \"cancel\"";
    terraform.write("main.tf", &job_and_gate(attributes))?;
    let running = terraform.start(&["apply", "-input=false", "-no-color", "-auto-approve"])?;
    wait_for("a look", || Ok((emulator.calls(LOOK)? >= 7).then_some(())))?;
    running.signal_group("INT")?;
    let output = running.wait()?;
    ensure!(output.code == Some(1) && output.stderr.contains("Rollout Gate Interrupted"), "{output:?}");
    ensure!(status_of_the_job(&emulator)? == "IN_PROGRESS" && calls(&emulator, &CANCELS)? == 0);
    ensure!(terraform.attributes(GATE)?.is_none() && terraform.attributes(JOB)?.is_some());
    ensure!(terraform.planned_actions(&[])? == [format!("{GATE}: create")]);
    Ok(())
}

fn an_interrupt_ends_a_look_that_is_not_answered() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    let relay = Relay::to(emulator.url())?;
    terraform.set("IOT_ENDPOINT", relay.url());
    relay.hold(LOOK, At::Answer, 0);
    let attributes = "minimum_finished = 5\nmaximum_failed_percentage = 10\ntime_box = \"1h\"";
    terraform.write("main.tf", &job_and_gate(attributes))?;
    let running = terraform.start(&["apply", "-input=false", "-no-color", "-auto-approve"])?;
    relay.wait_until_held(1)?;
    running.signal_group("INT")?;
    let output = running.wait()?;
    ensure!(output.code == Some(1) && output.stderr.contains("Rollout Gate Interrupted"), "{output:?}");
    ensure!(status_of_the_job(&emulator)? == "IN_PROGRESS" && terraform.attributes(JOB)?.is_some());
    Ok(())
}

/// What was begun is brought to its end.
fn an_interrupt_does_not_leave_a_job_half_stopped() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    let relay = Relay::to(emulator.url())?;
    terraform.set("IOT_ENDPOINT", relay.url());
    relay.hold(CANCELS[0], At::Answer, 0);
    let attributes = "minimum_finished = 5\nmaximum_failed_percentage = 10\ntime_box = \"1s\"\non_breach = \"cancel\"";
    terraform.write("main.tf", &job_and_gate(attributes))?;
    let running = terraform.start(&["apply", "-input=false", "-no-color", "-auto-approve"])?;
    relay.wait_until_held(1)?;
    running.signal_group("INT")?;
    running.wait_until_said("Interrupt received")?;
    relay.release();
    let output = running.wait()?;
    ensure!(output.code == Some(1) && output.stderr.contains("The job was stopped"), "{output:?}");
    let requests = emulator.requests()?;
    ensure!(requests.last().unwrap()["action"] == "QueryOTAJob", "the end is read back: {requests:#?}");
    ensure!(status_of_the_job(&emulator)? == "CANCELED" && calls(&emulator, &CANCELS)? == 2);
    ensure!(terraform.attributes(GATE)?.is_none() && terraform.attributes(JOB)?.is_some());
    Ok(())
}

fn survives_faults_while_it_waits() -> Result<()> {
    let (emulator, terraform) = set_up(&["--qps-scale", "0"])?;
    for kind in ["status_500", "drop_before", "malformed_body", "throttle", "drop_after_commit", "status_503"] {
        emulator.fault(&json!({"action": LOOK, "kind": kind, "times": 1, "after": 2}))?;
    }
    let attributes = "minimum_finished = 5\nmaximum_failed_percentage = 10\ntime_box = \"3s\"\npoll_interval = \"1s\"";
    let error = refused(&terraform, &job_and_gate(attributes))?;
    says(&error, "Rollout Gate Breached", &["time box ended"])
}

fn a_service_that_never_answers_decides_nothing() -> Result<()> {
    let (emulator, terraform) = set_up(&["--qps-scale", "0"])?;
    emulator.fault(&json!({"action": LOOK, "kind": "status_503", "times": 100_000}))?;
    let attributes = "minimum_finished = 5\nmaximum_failed_percentage = 10\ntime_box = \"1s\"\non_breach = \"cancel\"\ntimeouts {\n create = \"3s\"\n}";
    let error = refused(&terraform, &job_and_gate(attributes))?;
    says(&error, "Rollout Gate Not Decided", &["nobody knows", "whatever `on_breach` says", "http status: 503"])?;
    ensure!(status_of_the_job(&emulator)? == "IN_PROGRESS" && calls(&emulator, &CANCELS)? == 0);
    Ok(())
}

/// A gate of that ID, without a job's resource.
fn write_gate_of(terraform: &Terraform, job_id: &str, attributes: &str) -> Result<()> {
    terraform.write(
        "main.tf",
        &gate(attributes).replace("alicloud_iot_ota_dynamic_job.this.job_id", &format!("{job_id:?}")),
    )?;
    terraform.write("versions.tf", "terraform {\n  required_providers {\n    alicloud = { source = \"terraform.local/iot/alicloud-iot\" }\n  }\n}\n")
}

fn a_job_that_is_shown_late_is_waited_for() -> Result<()> {
    let (emulator, terraform) = set_up(&["--jobs-visible-after", "3"])?;
    let job = CreateOtaDynamicUpgradeJob {
        firmware_id: "fw-full".to_owned(),
        product_key: "a1product".to_owned(),
        ..CreateOtaDynamicUpgradeJob::default()
    };
    let id = call(&emulator, &job)?.job_id;
    let attributes = "minimum_finished = 5\nmaximum_failed_percentage = 10\ntime_box = \"6s\"\npoll_interval = \"1s\"";
    write_gate_of(&terraform, &id, attributes)?;
    let error = only_error(&terraform, &["apply", "-json", "-auto-approve"])?;
    says(&error, "Rollout Gate Breached", &["time box ended", &id])
}

fn a_job_that_does_not_exist() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    let attributes = "minimum_finished = 5\nmaximum_failed_percentage = 10\ntime_box = \"1s\"";
    write_gate_of(&terraform, "no-such-job", attributes)?;
    let error = only_error(&terraform, &["apply", "-json", "-auto-approve"])?;
    says(&error, "Job Of Gate Does Not Exist", &["Check `job_id`", "no-such-job"])
}

fn cannot_be_imported() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    let attributes = "minimum_finished = 5\nmaximum_failed_percentage = 10\ntime_box = \"1s\"";
    terraform.write("main.tf", &job_and_gate(attributes))?;
    let output = terraform.run(&["import", "-no-color", GATE, "job"])?;
    ensure!(output.code == Some(1) && output.stderr.contains("Gate Cannot Be Imported"), "{output:?}");
    Ok(())
}
