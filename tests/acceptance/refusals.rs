//! What a user reads when the service says no, or says nothing.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use testkit::{Emulator, Terraform};

use crate::configuration::{JOB, MINIMAL, apply, break_down, is_settled, only_error, says, set_up, with_job};

crate::trials!(
    wrong_secret_key,
    unknown_access_key,
    unverified_package,
    second_job_on_the_same_package,
    package_of_another_product,
    missing_package,
    differential_package_for_another_version,
    a_cancel_without_an_answer_keeps_the_state,
    what_passes_is_waited_for,
);

const APPLY: &[&str] = &["apply", "-json", "-input=false", "-auto-approve"];

/// The same as [`set_up`], with plans that do not ask the service, so that its own refusals are seen.
fn without_preflight() -> Result<(Emulator, Terraform)> {
    let (emulator, mut terraform) = set_up(&[])?;
    terraform.set("ALICLOUD_IOT_PREFLIGHT", "off");
    Ok((emulator, terraform))
}

/// Where Terraform points in the configuration: the line's text.
fn pointed_at(diagnostic: &Value) -> &str {
    diagnostic["snippet"]["code"].as_str().unwrap_or_default().trim()
}

fn wrong_secret_key() -> Result<()> {
    let (emulator, mut terraform) = without_preflight()?;
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
    let (_emulator, mut terraform) = without_preflight()?;
    terraform.set("ALICLOUD_ACCESS_KEY", "nobody");
    terraform.write("main.tf", &with_job(MINIMAL))?;
    says(&only_error(&terraform, APPLY)?, "Dynamic Job Not Created", &["`access_key`", "InvalidAccessKeyId.NotFound"])
}

fn unverified_package() -> Result<()> {
    let (emulator, terraform) = without_preflight()?;
    terraform.write("main.tf", &with_job(&MINIMAL.replace("fw-full", "fw-unverified")))?;
    let error = only_error(&terraform, APPLY)?;
    says(&error, "Dynamic Job Not Created", &["has not been verified", "CreateOTAVerifyJob", "request id:"])?;
    ensure!(pointed_at(&error).starts_with("firmware_id"), "{error:#}");
    ensure!(emulator.jobs()?.is_empty());
    Ok(())
}

fn second_job_on_the_same_package() -> Result<()> {
    let (emulator, terraform) = without_preflight()?;
    apply(&terraform, &with_job(MINIMAL))?;
    let second = "resource \"alicloud_iot_ota_dynamic_job\" \"second\" {";
    terraform.write("main.tf", &format!("{}\n{second}\n{MINIMAL}\n}}", with_job(MINIMAL)))?;
    let error = only_error(&terraform, APPLY)?;
    says(
        &error,
        "Dynamic Job Not Created",
        &["one running dynamic job", "create_before_destroy", "action: CreateOTADynamicUpgradeJob", "code: "],
    )?;
    ensure!(emulator.jobs()?.len() == 1 && terraform.attributes("alicloud_iot_ota_dynamic_job.second")?.is_none());
    Ok(())
}

fn package_of_another_product() -> Result<()> {
    let (_emulator, terraform) = without_preflight()?;
    terraform.write("main.tf", &with_job(&MINIMAL.replace("a1product", "a1other")))?;
    let error = only_error(&terraform, APPLY)?;
    says(&error, "Dynamic Job Not Created", &["belongs to another product"])?;
    ensure!(pointed_at(&error).starts_with("product_key"), "{error:#}");
    Ok(())
}

fn missing_package() -> Result<()> {
    let (_emulator, terraform) = without_preflight()?;
    terraform.write("main.tf", &with_job(&MINIMAL.replace("fw-full", "fw-none")))?;
    let error = only_error(&terraform, APPLY)?;
    says(&error, "Dynamic Job Not Created", &["no such update package"])?;
    ensure!(pointed_at(&error).starts_with("firmware_id"), "{error:#}");
    Ok(())
}

fn differential_package_for_another_version() -> Result<()> {
    let (emulator, terraform) = without_preflight()?;
    let attributes = MINIMAL.replace("fw-full", "fw-differential").replace("1.0.0", "1.0.9");
    terraform.write("main.tf", &with_job(&attributes))?;
    says(&only_error(&terraform, APPLY)?, "Dynamic Job Not Created", &["no device gets the package by it"])?;
    ensure!(emulator.jobs()?.is_empty());
    Ok(())
}

fn a_cancel_without_an_answer_keeps_the_state() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    break_down(&emulator, &mut terraform, "CancelOTAStrategyByJob", "drop_before")?;
    let destroy = ["destroy", "-json", "-input=false", "-auto-approve"];
    let error = only_error(&terraform, &destroy)?;
    says(&error, "Dynamic Job Not Cancelled", &["further devices may receive", "stays in the state"])?;
    emulator.clear_faults()?;
    is_settled(&terraform)?;
    // Carried out without an answer: the job is looked up, found cancelled, and that is success.
    emulator.fault(&json!({"action": "CancelOTAStrategyByJob", "kind": "drop_after_commit", "times": 1}))?;
    terraform.run(&destroy)?.success()?;
    ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED" && terraform.attributes(JOB)?.is_none());
    Ok(())
}

fn what_passes_is_waited_for() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let fault = |action: &str, kind: &str| emulator.fault(&json!({"action": action, "kind": kind, "times": 2}));
    fault("CreateOTADynamicUpgradeJob", "throttle")?;
    for kind in ["throttle", "status_503", "system_exception", "drop_before", "malformed_body"] {
        fault("QueryOTAJob", kind)?;
    }
    fault("CancelOTAStrategyByJob", "status_500")?;
    apply(&terraform, &with_job(MINIMAL))?;
    terraform.destroy()?;
    ensure!(emulator.jobs()?.len() == 1 && emulator.jobs()?[0]["job_status"] == "CANCELED");
    ensure!(emulator.calls("CreateOTADynamicUpgradeJob")? == 3 && emulator.calls("CancelOTAStrategyByJob")? == 3);
    Ok(())
}
