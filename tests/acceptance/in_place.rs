//! Changes that reach a job while it runs, and those that only look like it.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use terraform_provider_alicloud_iot::iot::operations::{Tag, UpdateOtaJob};
use testkit::{Emulator, Relay, Terraform};

use crate::configuration::{JOB, MINIMAL, apply, call, is_settled, job_id, only_error, says, set_up, with_job};

crate::trials!(
    each_change_reaches_the_running_job,
    everything_that_the_call_would_clear_is_sent_again,
    undocumented_changes_replace_and_say_why,
    a_region_without_the_operation,
    a_failed_change_leaves_what_the_service_reports,
    a_lost_answer_to_a_change,
    a_throttled_change_goes_through,
);

const UPDATE: &str = "UpdateOTAJob";
const APPLY: &[&str] = &["apply", "-json", "-input=false", "-auto-approve"];

const FULL: &str = r#"
  firmware_id        = "fw-full"
  product_key        = "a1product"
  src_versions       = ["1.0.0", "1.0.1"]
  tags               = { wave = "1", site = "a" }
  timeout_in_minutes = 60
  maximum_per_minute = 100
"#;

fn applied(attributes: &str) -> Result<(Emulator, Terraform)> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(attributes))?;
    Ok((emulator, terraform))
}

fn a_throttled_change_goes_through() -> Result<()> {
    let (emulator, terraform) = applied(FULL)?;
    emulator.fault(&json!({"action": UPDATE, "kind": "throttle", "times": 3}))?;
    apply(&terraform, &with_job(&FULL.replace("maximum_per_minute = 100", "maximum_per_minute = 10")))?;
    ensure!(emulator.calls(UPDATE)? == 4, "three refusals and the change");
    ensure!(last_update(&emulator)?["MaximumPerMinute"] == "10" && emulator.jobs()?.len() == 1);
    Ok(())
}

/// The parameters of the last update, without those about the job.
fn last_update(emulator: &Emulator) -> Result<Value> {
    let requests = emulator.requests()?;
    let update = requests.iter().rev().find(|request| request["action"] == UPDATE);
    Ok(update.map(|update| update["parameters"].clone()).unwrap_or_default())
}

fn each_change_reaches_the_running_job() -> Result<()> {
    let (emulator, terraform) = applied(FULL)?;
    let before = job_id(&terraform)?;
    for (from, to) in [
        ("maximum_per_minute = 100", "maximum_per_minute = 10"),
        ("timeout_in_minutes = 60", "timeout_in_minutes = 30"),
        ("[\"1.0.0\", \"1.0.1\"]", "[\"1.0.2\", \"1.0.0\"]"),
        ("{ wave = \"1\", site = \"a\" }", "{ wave = \"2\" }"),
        ("{ wave = \"1\", site = \"a\" }", "{}"),
    ] {
        let attributes = FULL.replace(from, to);
        ensure!(attributes != FULL);
        terraform.write("main.tf", &with_job(&attributes))?;
        let actions = terraform.planned_actions(&[])?;
        ensure!(actions == [format!("{JOB}: update")], "{to}: {actions:?}");
        apply(&terraform, &with_job(&attributes))?;
        apply(&terraform, &with_job(FULL))?;
    }
    ensure!(job_id(&terraform)? == before && emulator.jobs()?.len() == 1, "it is one job all along");
    ensure!(emulator.calls(UPDATE)? == 10);
    // A first timeout and first tags are no reason for a new job either; and the plan says what a timeout cannot do.
    let (emulator, terraform) = applied(MINIMAL)?;
    terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n timeout_in_minutes = 5\n tags = {{ a = \"b\" }}")))?;
    let applied = terraform.run(APPLY)?.success()?;
    says(&applied.diagnostics()[0], "Timeout Holds For Later Devices Only", &["selected after the change"])?;
    is_settled(&terraform)?;
    ensure!(emulator.jobs()?.len() == 1 && terraform.attributes(JOB)?.unwrap()["timeout_in_minutes"] == 5);
    Ok(())
}

fn everything_that_the_call_would_clear_is_sent_again() -> Result<()> {
    let (emulator, terraform) = applied(FULL)?;
    apply(&terraform, &with_job(&FULL.replace("wave = \"1\"", "wave = \"2\"")))?;
    let sent = last_update(&emulator)?;
    let expected = json!({
        "JobId": job_id(&terraform)?, "UpgradeType": "DYNAMIC", "TargetSelection": "ALL", "MaximumPerMinute": "100",
        "Tags.1.Key": "site", "Tags.1.Value": "a", "Tags.2.Key": "wave", "Tags.2.Value": "2", "TimeoutInMinutes": "60",
        "SrcVersionList.1": "1.0.0", "SrcVersionList.2": "1.0.1"
    });
    for (name, value) in expected.as_object().unwrap() {
        ensure!(sent[name] == *value, "{name}: {sent:#}");
    }
    Ok(())
}

fn undocumented_changes_replace_and_say_why() -> Result<()> {
    let replaces = |attributes: &str, change: &dyn Fn(&str) -> String, reason: &str| -> Result<()> {
        let (emulator, terraform) = applied(attributes)?;
        terraform.write("main.tf", &with_job(&change(attributes)))?;
        ensure!(terraform.planned_actions(&[])? == [format!("{JOB}: delete then create")], "{reason}");
        let mut warnings = terraform.run(&["plan", "-json", "-input=false"])?.success()?.diagnostics();
        warnings.retain(|warning| warning["summary"] == "Change Restarts The Rollout");
        ensure!(warnings.len() == 1, "{warnings:#?}");
        says(&warnings[0], "Change Restarts The Rollout", &[reason])?;
        apply(&terraform, &with_job(&change(attributes)))?;
        ensure!(emulator.jobs()?.len() == 2 && emulator.calls(UPDATE)? == 0);
        Ok(())
    };
    let without = |line: &'static str| move |attributes: &str| attributes.replace(line, "");
    let tags = |attributes: &str| attributes.replace("wave = \"1\"", "wave = \"2\"");
    replaces(FULL, &without("timeout_in_minutes = 60"), "cannot take a timeout away")?;
    replaces(FULL, &without("src_versions       = [\"1.0.0\", \"1.0.1\"]"), "neither adds a first list")?;
    replaces(FULL, &|it| it.replace("= 100", "= 9"), "takes none below 10")?;
    replaces(&FULL.replace("= 100", "= 9"), &tags, "takes none below 10")?;
    let group = FULL.replace(
        "src_versions       = [\"1.0.0\", \"1.0.1\"]",
        "group_id = \"g\"\n group_type = \"LINK_PLATFORM_DYNAMIC\"",
    );
    replaces(&group, &tags, "device group")
}

fn a_region_without_the_operation() -> Result<()> {
    let (emulator, mut terraform) = applied(FULL)?;
    let relay = Relay::to(emulator.url())?;
    terraform.set("IOT_ENDPOINT", relay.url());
    relay.refuse(UPDATE, "InvalidApi.NotFound");
    terraform.write("main.tf", &with_job(&FULL.replace("= 100", "= 200")))?;
    let error = only_error(&terraform, APPLY)?;
    says(&error, "Update Is Not Offered Here", &["-replace=ADDRESS", "goes on as it is", "InvalidApi.NotFound"])?;
    terraform.write("main.tf", &with_job(FULL))?;
    is_settled(&terraform)?;
    // What the message says works.
    terraform.write("main.tf", &with_job(&FULL.replace("= 100", "= 200")))?;
    terraform.apply(&[&format!("-replace={JOB}")])?;
    is_settled(&terraform)?;
    ensure!(emulator.jobs()?.len() == 2);
    Ok(())
}

fn a_failed_change_leaves_what_the_service_reports() -> Result<()> {
    let (emulator, mut terraform) = applied(FULL)?;
    let relay = Relay::to(emulator.url())?;
    terraform.set("IOT_ENDPOINT", relay.url());
    relay.refuse(UPDATE, "iot.ota.InvalidTimeout");
    terraform.write("main.tf", &with_job(&FULL.replace("= 100", "= 200").replace("= 60", "= 30")))?;
    let error = only_error(&terraform, APPLY)?;
    says(&error, "Dynamic Job Not Updated", &["the state holds what the service reports", "iot.ota.InvalidTimeout"])?;
    let attributes = terraform.attributes(JOB)?.unwrap();
    ensure!(attributes["maximum_per_minute"] == 100 && attributes["timeout_in_minutes"] == 60, "{attributes:#}");
    // Somebody changes the job between plan and apply.
    terraform.plan(&[])?;
    let outside = UpdateOtaJob {
        job_id: job_id(&terraform)?,
        upgrade_type: "DYNAMIC".to_owned(),
        target_selection: "ALL".to_owned(),
        maximum_per_minute: 300,
        timeout_in_minutes: Some(60),
        tags: [("wave", "1"), ("site", "a")]
            .map(|(key, value)| Tag { key: key.to_owned(), value: value.to_owned() })
            .into(),
        src_versions: vec!["1.0.0".to_owned(), "1.0.1".to_owned()],
        ..UpdateOtaJob::default()
    };
    call(&emulator, &outside)?;
    only_error(&terraform, &["apply", "-json", "-input=false", "saved.tfplan"])?;
    let attributes = terraform.attributes(JOB)?.unwrap();
    ensure!(attributes["maximum_per_minute"] == 300, "{attributes:#}");
    terraform.set("IOT_ENDPOINT", emulator.url());
    apply(&terraform, &with_job(FULL))
}

fn a_lost_answer_to_a_change() -> Result<()> {
    // Sent again, or, as that is in vain, found to have been carried out.
    for (kind, times) in [("drop_after_commit", 1), ("malformed_body", 1), ("malformed_body", 10_000)] {
        let (emulator, mut terraform) = applied(FULL)?;
        terraform.set("MAX_RETRY_TIMEOUT", "1");
        emulator.fault(&json!({"action": UPDATE, "kind": kind, "times": times}))?;
        let attributes = with_job(&FULL.replace("= 100", "= 200"));
        terraform.write("main.tf", &attributes)?;
        terraform.apply(&[])?;
        is_settled(&terraform)?;
        ensure!(emulator.jobs()?.len() == 1, "{kind}");
    }
    Ok(())
}
