//! Creates whose answer does not come: the job is found, or certainly not there, or the message says what is known.

use anyhow::{Result, ensure};
use serde_json::json;
use terraform_provider_alicloud_iot::iot::operations::CreateOtaDynamicUpgradeJob;
use testkit::{At, Emulator, Relay, Terraform, wait_for};

use crate::configuration::{JOB, MINIMAL, apply, call, is_settled, job_id, only_error, says, set_up, with_job};

crate::trials!(
    a_job_whose_answer_was_lost_is_found,
    a_create_that_was_not_carried_out_is_made_again,
    a_job_of_somebody_else_is_not_taken,
    without_a_look_nobody_knows,
    whoever_may_not_list_is_told_what_to_do,
    an_interrupt_while_it_is_looked_for,
    a_job_that_is_shown_late_is_found,
    a_job_that_is_not_shown_in_time_is_not_decidable,
    a_job_whose_description_comes_late,
    a_job_that_was_never_shown_is_not_gone,
    an_equal_job_of_another_time_is_not_taken,
    an_equal_job_of_another_resource_is_not_taken,
    what_ran_before_does_not_count,
    a_job_that_was_never_shown_can_be_destroyed,
);

const CREATE: &str = "CreateOTADynamicUpgradeJob";
const LIST: &str = "ListOTAJobByFirmware";
const APPLY: &[&str] = &["apply", "-json", "-input=false", "-auto-approve"];

/// With every parameter that a comparison could stumble over.
const FULL: &str = r#"
  firmware_id        = "fw-full"
  product_key        = "a1product"
  src_versions       = ["1.0.1", "1.0.0"]
  tags               = { wave = "1", "site.cn" = "上海 *~+" }
  retry_interval     = 0
  retry_count        = 2
  timeout_in_minutes = 60
  maximum_per_minute = 0
  overwrite_mode     = 2
  dynamic_mode       = 2
  need_push          = false
  need_confirm       = true
  download_protocol  = "MQTT"
"#;

fn one_job_is_in_the_state(emulator: &Emulator, terraform: &Terraform) -> Result<()> {
    let jobs = emulator.jobs()?;
    ensure!(jobs.len() == 1 && jobs[0]["job_id"] == job_id(terraform)?, "{jobs:#?}");
    is_settled(terraform)?;
    terraform.destroy()?;
    ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED");
    Ok(())
}

fn a_job_whose_answer_was_lost_is_found() -> Result<()> {
    for kind in ["drop_after_commit", "malformed_body"] {
        for (attributes, flags) in
            [(MINIMAL, &[][..]), (FULL, &[]), (&FULL.replace("= 0\n", "= 10\n"), &["--edition", "extended"])]
        {
            let (emulator, terraform) = set_up(flags)?;
            // Times are compared by the service's own clock, wherever that is.
            emulator.advance(86_400)?;
            emulator.fault(&json!({"action": CREATE, "kind": kind, "times": 1}))?;
            terraform.write("main.tf", &with_job(attributes))?;
            terraform.apply(&[])?;
            ensure!(emulator.calls(CREATE)? == 1, "a create that was carried out is not sent again");
            one_job_is_in_the_state(&emulator, &terraform)?;
        }
    }
    Ok(())
}

fn a_create_that_was_not_carried_out_is_made_again() -> Result<()> {
    for kind in ["drop_before", "status_500", "status_503", "system_exception"] {
        let (emulator, terraform) = set_up(&[])?;
        emulator.fault(&json!({"action": CREATE, "kind": kind, "times": 1}))?;
        terraform.write("main.tf", &with_job(MINIMAL))?;
        terraform.apply(&[])?;
        ensure!(emulator.calls(CREATE)? == 2, "{kind}");
        one_job_is_in_the_state(&emulator, &terraform)?;
    }
    Ok(())
}

fn a_job_of_somebody_else_is_not_taken() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    let relay = Relay::to(emulator.url())?;
    terraform.set("IOT_ENDPOINT", relay.url());
    terraform.write("main.tf", &with_job(MINIMAL))?;
    relay.hold(CREATE, At::Request, 0);
    let running = terraform.start(APPLY)?;
    relay.wait_until_held(1)?;
    let foreign = CreateOtaDynamicUpgradeJob {
        firmware_id: "fw-full".to_owned(),
        product_key: "a1product".to_owned(),
        src_versions: vec!["1.0.0".to_owned()],
        timeout_in_minutes: Some(5),
        ..CreateOtaDynamicUpgradeJob::default()
    };
    let id = call(&emulator, &foreign)?.job_id;
    emulator.fault(&json!({"action": CREATE, "kind": "drop_before", "times": 1}))?;
    relay.release();
    let output = running.wait()?;
    let errors: Vec<_> = output.diagnostics().into_iter().filter(|it| it["severity"] == "error").collect();
    ensure!(errors.len() == 1, "{output:?}");
    says(
        &errors[0],
        "Job May Be Running",
        &[&format!("job {id}, created "), "its `timeout_in_minutes` is another", "terraform import ADDRESS JOB_ID"],
    )?;
    ensure!(terraform.attributes(JOB)?.is_none() && emulator.calls(CREATE)? == 2, "it is not asked for again");
    Ok(())
}

fn without_a_look_nobody_knows() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    terraform.set("ALICLOUD_IOT_PREFLIGHT", "off");
    emulator.fault(&json!({"action": CREATE, "kind": "drop_after_commit", "times": 1}))?;
    emulator.fault(&json!({"action": LIST, "kind": "drop_before", "after": 1, "times": 1000}))?;
    terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n timeouts {{\n create = \"4s\"\n }}")))?;
    let error = only_error(&terraform, APPLY)?;
    says(
        &error,
        "Job May Be Running",
        &["its outcome is not known", "could not be read to find out", "terraform import", "firmware: fw-full"],
    )?;
    // What the message says works: the job can be found and imported.
    let jobs = emulator.jobs()?;
    ensure!(jobs.len() == 1 && emulator.calls(CREATE)? == 1, "{jobs:#?}");
    terraform.run(&["import", "-input=false", JOB, jobs[0]["job_id"].as_str().unwrap()])?.success()?;
    terraform.write("main.tf", &with_job(MINIMAL))?;
    is_settled(&terraform)
}

fn whoever_may_not_list_is_told_what_to_do() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    let relay = Relay::to(emulator.url())?;
    relay.refuse(LIST, "Forbidden.RAM");
    terraform.set("IOT_ENDPOINT", relay.url());
    apply(&terraform, &with_job(MINIMAL))?;
    terraform.destroy()?;
    emulator.fault(&json!({"action": CREATE, "kind": "drop_after_commit", "times": 1}))?;
    let error = only_error(&terraform, APPLY)?;
    says(&error, "Job May Be Running", &["look at the package's jobs in the console", "terraform import"])
}

fn an_interrupt_while_it_is_looked_for() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    let relay = Relay::to(emulator.url())?;
    terraform.set("IOT_ENDPOINT", relay.url());
    terraform.set("ALICLOUD_IOT_PREFLIGHT", "off");
    emulator.fault(&json!({"action": CREATE, "kind": "drop_after_commit", "times": 1}))?;
    terraform.write("main.tf", &with_job(MINIMAL))?;
    // The first list is the one before the create.
    relay.hold(LIST, At::Request, 1);
    let running = terraform.start(&["apply", "-input=false", "-no-color", "-auto-approve"])?;
    relay.wait_until_held(1)?;
    ensure!(emulator.jobs()?.len() == 1);
    running.signal("INT")?;
    running.wait_until_said("Interrupt received")?;
    relay.release();
    let output = running.wait()?;
    ensure!(output.code == Some(1), "{output:?}");
    one_job_is_in_the_state(&emulator, &terraform)
}

/// Later than the provider takes an empty list for certain: the call is repeated, and what refuses it is the job. Then an
/// empty list proves nothing any more.
fn a_job_that_is_shown_late_is_found() -> Result<()> {
    for (flag, calls) in [("2", 1), ("16", 2)] {
        let (emulator, terraform) = set_up(&["--jobs-visible-after", flag])?;
        emulator.fault(&json!({"action": CREATE, "kind": "drop_after_commit", "times": 1}))?;
        terraform.write("main.tf", &with_job(MINIMAL))?;
        terraform.apply(&[])?;
        ensure!(emulator.calls(CREATE)? == calls, "shown after {flag} s: {}", emulator.calls(CREATE)?);
        one_job_is_in_the_state(&emulator, &terraform)?;
    }
    Ok(())
}

fn a_job_that_is_not_shown_in_time_is_not_decidable() -> Result<()> {
    // The list is empty for too short a time to prove anything, and it is, after which the job itself stands against another.
    for (timeout, calls) in [("3s", 1), ("10s", 2)] {
        let (emulator, terraform) = set_up(&["--jobs-visible-after", "3600"])?;
        emulator.fault(&json!({"action": CREATE, "kind": "drop_after_commit", "times": 1}))?;
        terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n timeouts {{\n create = \"{timeout}\"\n }}")))?;
        let error = only_error(&terraform, APPLY)?;
        says(
            &error,
            "Job May Be Running",
            &["shows no new one so far, which may still change", "terraform import ADDRESS JOB_ID"],
        )?;
        ensure!(emulator.calls(CREATE)? == calls && emulator.jobs()?.len() == 1, "{:#?}", emulator.jobs()?);
        // Once it is shown, a plan names it.
        emulator.advance(3600)?;
        let job = emulator.jobs()?[0]["job_id"].as_str().unwrap_or_default().to_owned();
        let error = only_error(&terraform, &["plan", "-json", "-input=false"])?;
        says(&error, "Update Package Has A Running Job", &[&job, "import {"])?;
    }
    Ok(())
}

fn a_job_whose_description_comes_late() -> Result<()> {
    for flags in [&["--jobs-visible-after", "3"][..], &["--jobs-visible-after", "3", "--assume", "unknown-job=no-data"]]
    {
        let (emulator, terraform) = set_up(flags)?;
        terraform.write("main.tf", &with_job(MINIMAL))?;
        let output = terraform.run(APPLY)?.success()?;
        ensure!(output.diagnostics().is_empty(), "{output:?}");
        let attributes = terraform.attributes(JOB)?.unwrap();
        ensure!(
            attributes["job_status"] == "IN_PROGRESS" && attributes["maximum_per_minute"] == 1000,
            "{attributes:#}"
        );
        one_job_is_in_the_state(&emulator, &terraform)?;
    }
    Ok(())
}

fn a_job_that_was_never_shown_is_not_gone() -> Result<()> {
    let (emulator, terraform) = set_up(&["--jobs-visible-after", "3600"])?;
    terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n timeouts {{\n create = \"2s\"\n }}")))?;
    let warnings = terraform.run(APPLY)?.success()?.diagnostics();
    ensure!(warnings.len() == 1, "{warnings:#?}");
    says(&warnings[0], "Job Was Created But Not Read", &["does not show it yet", "-refresh-only"])?;
    let id = job_id(&terraform)?;
    for command in [&["plan", "-json", "-input=false"][..], APPLY, &["destroy", "-json", "-auto-approve"]] {
        let error = only_error(&terraform, command)?;
        says(&error, "Dynamic Job Is Not Shown Yet", &["the state was kept", &format!("job: {id}")])?;
        ensure!(job_id(&terraform)? == id && emulator.calls(CREATE)? == 1);
    }
    emulator.advance(3600)?;
    terraform.apply(&["-refresh-only"])?;
    ensure!(terraform.attributes(JOB)?.unwrap()["job_status"] == "IN_PROGRESS");
    one_job_is_in_the_state(&emulator, &terraform)
}

/// Made before the call was sent and shown after it, or made when the call can no longer have been carried out.
fn an_equal_job_of_another_time_is_not_taken() -> Result<()> {
    let equal = CreateOtaDynamicUpgradeJob {
        firmware_id: "fw-full".to_owned(),
        product_key: "a1product".to_owned(),
        src_versions: vec!["1.0.0".to_owned()],
        ..CreateOtaDynamicUpgradeJob::default()
    };
    for is_older in [true, false] {
        let (emulator, terraform) = set_up(&["--jobs-visible-after", "1000"])?;
        if is_older {
            call(&emulator, &equal)?;
            emulator.advance(10)?;
        }
        emulator.fault(&json!({"action": CREATE, "kind": "drop_before", "times": 1}))?;
        terraform.write("main.tf", &with_job(MINIMAL))?;
        let before = emulator.calls(CREATE)?;
        let running = terraform.start(APPLY)?;
        wait_for("the call", || Ok((emulator.calls(CREATE)? > before).then_some(())))?;
        if !is_older {
            emulator.advance(1000)?;
            call(&emulator, &equal)?;
        }
        emulator.advance(1000)?;
        let output = running.wait()?;
        let errors: Vec<_> = output.diagnostics().into_iter().filter(|it| it["severity"] == "error").collect();
        ensure!(errors.len() == 1, "{output:?}");
        says(&errors[0], "Job May Be Running", &["it was not created while the call was under way"])?;
        ensure!(terraform.attributes(JOB)?.is_none() && emulator.jobs()?.len() == 1);
    }
    Ok(())
}

/// Two of one package, of which the first has its job, shown after the second one's call was lost. The time stands still,
/// so that clocks tell nothing.
fn an_equal_job_of_another_resource_is_not_taken() -> Result<()> {
    let (emulator, mut terraform) = set_up(&["--time-scale", "0", "--jobs-visible-after", "3"])?;
    terraform.set("ALICLOUD_IOT_PREFLIGHT", "off");
    emulator.fault(&json!({"action": CREATE, "kind": "drop_before", "after": 1, "times": 1}))?;
    let second = format!("resource \"alicloud_iot_ota_dynamic_job\" \"second\" {{\n{MINIMAL}\n}}\n");
    terraform.write("main.tf", &(with_job(MINIMAL) + &second))?;
    let running = terraform.start(APPLY)?;
    wait_for("both calls", || Ok((emulator.calls(CREATE)? >= 2).then_some(())))?;
    emulator.advance(3)?;
    let output = running.wait()?;
    let errors: Vec<_> = output.diagnostics().into_iter().filter(|it| it["severity"] == "error").collect();
    ensure!(errors.len() == 1, "{output:?}");
    says(&errors[0], "Job May Be Running", &["another resource has it"])?;
    let state = terraform.run(&["state", "list"])?.success()?.stdout;
    ensure!(state.lines().count() == 1 && emulator.jobs()?.len() == 1, "{state}");
    Ok(())
}

/// Jobs that were there before the call are not what it came to.
fn what_ran_before_does_not_count() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    terraform.write("main.tf", &with_job(MINIMAL))?;
    terraform.apply(&[])?;
    terraform.destroy()?;
    emulator.fault(&json!({"action": CREATE, "kind": "drop_before", "times": 1}))?;
    terraform.apply(&[])?;
    ensure!(emulator.calls(CREATE)? == 3 && emulator.jobs()?.len() == 2);
    is_settled(&terraform)
}

/// Without the refresh that would say that it is not shown.
fn a_job_that_was_never_shown_can_be_destroyed() -> Result<()> {
    for flags in
        [&["--jobs-visible-after", "3600"][..], &["--jobs-visible-after", "3600", "--assume", "unknown-job=no-data"]]
    {
        let (emulator, terraform) = set_up(flags)?;
        let timeouts = "timeouts {\n create = \"1s\"\n delete = \"5s\"\n }";
        terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n {timeouts}")))?;
        terraform.apply(&[])?;
        terraform.run(&["destroy", "-refresh=false", "-input=false", "-auto-approve"])?.success()?;
        ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED" && terraform.attributes(JOB)?.is_none());
    }
    Ok(())
}
