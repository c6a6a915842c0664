//! Creates whose answer does not come: the job is found, or certainly not there, or the message says what is known.

use anyhow::{Result, ensure};
use serde_json::json;
use terraform_provider_alicloud_iot::iot::operations::CreateOtaDynamicUpgradeJob;
use testkit::{At, Emulator, Relay, Terraform};

use crate::configuration::{JOB, MINIMAL, apply, call, is_settled, job_id, only_error, says, set_up, with_job};

crate::trials!(
    a_job_whose_answer_was_lost_is_found,
    a_create_that_was_not_carried_out_is_made_again,
    a_job_of_somebody_else_is_not_taken,
    without_a_look_nobody_knows,
    whoever_may_not_list_is_told_what_to_do,
    an_interrupt_while_it_is_looked_for,
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
