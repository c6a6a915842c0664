//! What a user reads when the service says no, or says nothing.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::configuration::{JOB, MINIMAL, apply, is_settled, only_error, says, set_up, with_job};

crate::trials!(
    wrong_secret_key,
    unknown_access_key,
    unverified_package,
    second_job_on_the_same_package,
    package_of_another_product,
    missing_package,
    differential_package_for_another_version,
    lost_answers_to_a_create_are_not_success,
    a_create_that_was_never_carried_out_is_not_in_the_state,
    a_cancel_without_an_answer_keeps_the_state,
);

const APPLY: &[&str] = &["apply", "-json", "-input=false", "-auto-approve"];

/// Where Terraform points in the configuration: the line's text.
fn pointed_at(diagnostic: &Value) -> &str {
    diagnostic["snippet"]["code"].as_str().unwrap_or_default().trim()
}

fn wrong_secret_key() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    terraform.set("ALICLOUD_SECRET_KEY", "not-the-secret");
    terraform.write("main.tf", &with_job(MINIMAL))?;
    let error = only_error(&terraform, APPLY)?;
    says(
        &error,
        "Dynamic Job Not Created",
        &["`secret_key`", "SignatureDoesNotMatch", "no device gets the package by it"],
    )?;
    ensure!(!error.to_string().contains("not-the-secret") && emulator.jobs()?.is_empty());
    ensure!(terraform.attributes(JOB)?.is_none());
    Ok(())
}

fn unknown_access_key() -> Result<()> {
    let (_emulator, mut terraform) = set_up(&[])?;
    terraform.set("ALICLOUD_ACCESS_KEY", "nobody");
    terraform.write("main.tf", &with_job(MINIMAL))?;
    says(&only_error(&terraform, APPLY)?, "Dynamic Job Not Created", &["`access_key`", "InvalidAccessKeyId.NotFound"])
}

fn unverified_package() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    terraform.write("main.tf", &with_job(&MINIMAL.replace("fw-full", "fw-unverified")))?;
    let error = only_error(&terraform, APPLY)?;
    says(&error, "Dynamic Job Not Created", &["has not been verified", "CreateOTAVerifyJob", "request id:"])?;
    ensure!(pointed_at(&error).starts_with("firmware_id"), "{error:#}");
    ensure!(emulator.jobs()?.is_empty());
    Ok(())
}

fn second_job_on_the_same_package() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    let second = "resource \"alicloud_iot_ota_dynamic_job\" \"second\" {";
    terraform.write("main.tf", &format!("{}\n{second}\n{MINIMAL}\n}}", with_job(MINIMAL)))?;
    let error = only_error(&terraform, APPLY)?;
    says(
        &error,
        "Dynamic Job Not Created",
        &["no device gets the package by it", "action: CreateOTADynamicUpgradeJob", "code: "],
    )?;
    ensure!(emulator.jobs()?.len() == 1 && terraform.attributes("alicloud_iot_ota_dynamic_job.second")?.is_none());
    Ok(())
}

fn package_of_another_product() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    terraform.write("main.tf", &with_job(&MINIMAL.replace("a1product", "a1other")))?;
    let error = only_error(&terraform, APPLY)?;
    says(&error, "Dynamic Job Not Created", &["belongs to another product"])?;
    ensure!(pointed_at(&error).starts_with("product_key"), "{error:#}");
    Ok(())
}

fn missing_package() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    terraform.write("main.tf", &with_job(&MINIMAL.replace("fw-full", "fw-none")))?;
    let error = only_error(&terraform, APPLY)?;
    says(&error, "Dynamic Job Not Created", &["no such update package"])?;
    ensure!(pointed_at(&error).starts_with("firmware_id"), "{error:#}");
    Ok(())
}

fn differential_package_for_another_version() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let attributes = MINIMAL.replace("fw-full", "fw-differential").replace("1.0.0", "1.0.9");
    terraform.write("main.tf", &with_job(&attributes))?;
    says(&only_error(&terraform, APPLY)?, "Dynamic Job Not Created", &["no device gets the package by it"])?;
    ensure!(emulator.jobs()?.is_empty());
    Ok(())
}

fn lost_answers_to_a_create_are_not_success() -> Result<()> {
    for kind in ["drop_after_commit", "malformed_body"] {
        let (emulator, terraform) = set_up(&[])?;
        emulator.fault(&json!({"action": "CreateOTADynamicUpgradeJob", "kind": kind, "times": 1}))?;
        terraform.write("main.tf", &with_job(MINIMAL))?;
        let error = only_error(&terraform, APPLY)?;
        says(&error, "Job May Be Running", &["its outcome is not known", "terraform import", "firmware: fw-full"])?;
        ensure!(emulator.calls("CreateOTADynamicUpgradeJob")? == 1, "a create is not sent twice");
        // What the message says works: the job can be found and imported.
        let jobs = emulator.jobs()?;
        ensure!(jobs.len() == 1, "{kind}: {jobs:#?}");
        let id = jobs[0]["job_id"].as_str().unwrap_or_default();
        terraform.run(&["import", "-input=false", JOB, id])?.success()?;
        is_settled(&terraform)?;
    }
    Ok(())
}

fn a_create_that_was_never_carried_out_is_not_in_the_state() -> Result<()> {
    for kind in ["drop_before", "status_500", "status_503", "throttle", "system_exception"] {
        let (emulator, terraform) = set_up(&[])?;
        emulator.fault(&json!({"action": "CreateOTADynamicUpgradeJob", "kind": kind, "times": 1}))?;
        terraform.write("main.tf", &with_job(MINIMAL))?;
        let error = only_error(&terraform, APPLY)?;
        let summary = if kind == "throttle" { "Dynamic Job Not Created" } else { "Job May Be Running" };
        says(&error, summary, &["action: CreateOTADynamicUpgradeJob"])?;
        ensure!(emulator.jobs()?.is_empty() && terraform.attributes(JOB)?.is_none(), "{kind}");
        apply(&terraform, &with_job(MINIMAL))?;
    }
    Ok(())
}

fn a_cancel_without_an_answer_keeps_the_state() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    emulator.fault(&json!({"action": "CancelOTAStrategyByJob", "kind": "drop_before", "times": 1}))?;
    let destroy = ["destroy", "-json", "-input=false", "-auto-approve"];
    let error = only_error(&terraform, &destroy)?;
    says(&error, "Dynamic Job Not Cancelled", &["further devices may receive", "stays in the state"])?;
    is_settled(&terraform)?;
    // Carried out without an answer: the job is looked up, found cancelled, and that is success.
    emulator.fault(&json!({"action": "CancelOTAStrategyByJob", "kind": "drop_after_commit", "times": 1}))?;
    terraform.run(&destroy)?.success()?;
    ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED" && terraform.attributes(JOB)?.is_none());
    Ok(())
}
