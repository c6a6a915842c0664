//! What a plan foresees by asking the service.

use anyhow::{Result, ensure};
use serde_json::Value;
use terraform_provider_alicloud_iot::iot::operations::{CreateOtaDynamicUpgradeJob, Tag};
use testkit::{Relay, Terraform};

use crate::configuration::{
    JOB, MINIMAL, apply, call, is_settled, job_id, only_error, says, set_up, with_job, with_job_and,
};

crate::trials!(
    each_finding_is_an_error_at_its_line,
    findings_can_be_warnings_or_nothing,
    an_orphan_is_named_with_its_import_block,
    its_own_job_stands_against_nothing,
    what_is_not_known_yet_is_not_asked_for,
    a_destroy_is_told_the_way_past,
    a_missing_permission_is_said_once,
    two_resources_for_one_package,
    create_before_destroy_is_explained,
    changed_versions_are_looked_at,
);

const PLAN: &[&str] = &["plan", "-json", "-input=false"];
const APPLY: &[&str] = &["apply", "-json", "-input=false", "-auto-approve"];

/// Where Terraform points in the configuration: the line's text.
fn pointed_at(diagnostic: &Value) -> &str {
    diagnostic["snippet"]["code"].as_str().unwrap_or_default().trim()
}

/// Configurations with the summary of what stands against them, the line pointed at, and what the text says.
fn troubles() -> Vec<(String, &'static str, &'static str, &'static str)> {
    let firmware = |id: &str| MINIMAL.replace("fw-full", id);
    vec![
        (firmware("fw-none"), "Update Package Not Found", "firmware_id", "knows no update package"),
        (firmware("fw-unverified"), "Update Package Is Not Verified", "firmware_id", "CreateOTAVerifyJob"),
        (firmware("fw-in-verification"), "Update Package Is Being Verified", "firmware_id", "Wait for the end"),
        (firmware("fw-failed"), "Update Package Failed Verification", "firmware_id", "verification job's tasks"),
        (
            MINIMAL.replace("a1product", "a1other"),
            "Update Package Belongs To Another Product",
            "product_key",
            "belongs to the product \"a1product\"",
        ),
        (
            firmware("fw-differential").replace("1.0.0", "1.0.9"),
            "Differential Package Is For Another Version",
            "src_versions",
            "updates version \"1.0.0\" only",
        ),
        (MINIMAL.replace("1.0.0", "2.0.0"), "Destination Version Is Selected", "src_versions", "would match again"),
    ]
}

fn each_finding_is_an_error_at_its_line() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    for (attributes, summary, line, text) in troubles() {
        terraform.write("main.tf", &with_job(&attributes))?;
        let error = only_error(&terraform, PLAN)?;
        says(&error, summary, &[text, "Nothing was changed", "ALICLOUD_IOT_PREFLIGHT=off"])?;
        ensure!(pointed_at(&error).starts_with(line), "{error:#}");
    }
    ensure!(emulator.jobs()?.is_empty());
    Ok(())
}

fn findings_can_be_warnings_or_nothing() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    for (attributes, summary, ..) in troubles() {
        terraform.write("main.tf", &with_job_and("preflight = \"warn\"", &attributes))?;
        let warnings = terraform.run(PLAN)?.success()?.diagnostics();
        ensure!(warnings.len() == 1 && warnings[0]["severity"] == "warning", "{warnings:#?}");
        says(&warnings[0], summary, &[])?;
    }
    let before = emulator.requests()?.len();
    terraform.set("ALICLOUD_IOT_PREFLIGHT", "off");
    for (attributes, ..) in troubles() {
        terraform.write("main.tf", &with_job(&attributes))?;
        ensure!(terraform.run(PLAN)?.success()?.diagnostics().is_empty());
    }
    ensure!(emulator.requests()?.len() == before, "the service was asked nothing");
    Ok(())
}

fn an_orphan_is_named_with_its_import_block() -> Result<()> {
    for instance in [None, Some("iot-one")] {
        let (emulator, terraform) = set_up(&[])?;
        let orphan = CreateOtaDynamicUpgradeJob {
            firmware_id: "fw-full".to_owned(),
            product_key: "a1product".to_owned(),
            iot_instance_id: instance.map(str::to_owned),
            src_versions: vec!["1.0.0".to_owned()],
            tags: vec![Tag { key: "wave".to_owned(), value: "1".to_owned() }],
            timeout_in_minutes: Some(30),
            ..CreateOtaDynamicUpgradeJob::default()
        };
        let created = call(&emulator, &orphan)?;
        let attributes = format!("{MINIMAL}\n tags = {{ wave = \"1\" }}\n timeout_in_minutes = 30");
        let provider = instance.map_or_else(String::new, |instance| format!("iot_instance_id = \"{instance}\""));
        let configuration = with_job_and(&provider, &attributes);
        terraform.write("main.tf", &configuration)?;
        let error = only_error(&terraform, PLAN)?;
        says(
            &error,
            "Update Package Has A Running Job",
            &[
                &format!("job: {}", created.job_id),
                &format!("created: {}", created.utc_create),
                "src_versions: [\"1.0.0\"]",
                "tags: { wave = \"1\" }",
                "timeout_in_minutes: 30",
            ],
        )?;
        // The block that the message shows works as it is, but for the name.
        let detail = error["detail"].as_str().unwrap();
        let block = &detail[detail.find("import {").unwrap()..];
        let block = &block[..=block.find("\n  }").unwrap() + 3];
        terraform.write("import.tf", &block.replace("NAME", "this"))?;
        terraform.apply(&[])?;
        is_settled(&terraform)?;
        ensure!(emulator.jobs()?.len() == 1);
    }
    Ok(())
}

fn its_own_job_stands_against_nothing() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    let replace = format!("-replace={JOB}");
    for refresh in ["-refresh=true", "-refresh=false"] {
        terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n dynamic_mode = 2")))?;
        ensure!(terraform.planned_actions(&[refresh])? == [format!("{JOB}: delete then create")]);
        terraform.write("main.tf", &with_job(MINIMAL))?;
        ensure!(terraform.planned_actions(&[refresh, &replace])? == [format!("{JOB}: delete then create")]);
        terraform.run(&["taint", JOB])?.success()?;
        ensure!(terraform.planned_actions(&[refresh])? == [format!("{JOB}: delete then create")]);
        terraform.apply(&[refresh])?;
        is_settled(&terraform)?;
    }
    ensure!(emulator.jobs()?.len() == 3);
    Ok(())
}

fn what_is_not_known_yet_is_not_asked_for() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let late = "resource \"terraform_data\" \"late\" {\n  input = \"fw-unverified\"\n}\n";
    let attributes = MINIMAL.replace("\"fw-full\"", "terraform_data.late.output");
    terraform.write("main.tf", &format!("{}{late}", with_job(&attributes)))?;
    ensure!(terraform.run(PLAN)?.success()?.diagnostics().is_empty() && emulator.requests()?.is_empty());
    // Core plans again once it is known, so that it is found before the job is asked for.
    says(&only_error(&terraform, APPLY)?, "Update Package Is Not Verified", &[])?;
    ensure!(emulator.calls("CreateOTADynamicUpgradeJob")? == 0);
    Ok(())
}

fn a_destroy_is_told_the_way_past() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    let second = MINIMAL.replace("fw-full", "fw-second");
    let second = format!("resource \"alicloud_iot_ota_dynamic_job\" \"second\" {{\n{second}\n}}");
    apply(&terraform, &format!("{}\n{second}", with_job(MINIMAL)))?;
    let trouble = with_job(&MINIMAL.replace("fw-full", "fw-unverified"));
    terraform.write("main.tf", &format!("{trouble}\n{second}"))?;
    terraform.run(&["state", "rm", JOB])?.success()?;
    let destroy = ["destroy", "-json", "-input=false", "-auto-approve"];
    // Core plans normally first, and what is not in the state is to be created then.
    says(&only_error(&terraform, &destroy)?, "Update Package Is Not Verified", &["as a destroy may need to"])?;
    terraform.set("ALICLOUD_IOT_PREFLIGHT", "off");
    terraform.run(&destroy)?.success()?;
    ensure!(emulator.jobs()?.iter().filter(|job| job["job_status"] == "CANCELED").count() == 1);
    Ok(())
}

fn a_missing_permission_is_said_once() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    let relay = Relay::to(emulator.url())?;
    relay.refuse("QueryOTAFirmware", "NoPermission");
    terraform.set("IOT_ENDPOINT", relay.url());
    let each = MINIMAL.replace("\"fw-full\"", "each.value");
    terraform.write("main.tf", &with_job(&format!("for_each = toset([\"fw-full\", \"fw-second\"])\n{each}")))?;
    let warnings = terraform.run(PLAN)?.success()?.diagnostics();
    ensure!(warnings.len() == 1, "{warnings:#?}");
    says(&warnings[0], "Preflight Is Not Permitted", &["QueryOTAFirmware", "Grant the permission"])
}

fn with_second(attributes: &str) -> String {
    format!("{}\nresource \"alicloud_iot_ota_dynamic_job\" \"second\" {{\n{attributes}\n}}\n", with_job(MINIMAL))
}

fn errors(terraform: &Terraform, arguments: &[&str]) -> Result<Vec<Value>> {
    let output = terraform.run(arguments)?;
    ensure!(output.code == Some(1), "it did not fail: {output:?}");
    Ok(output.diagnostics().into_iter().filter(|it| it["severity"] == "error").collect())
}

fn two_resources_for_one_package() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    terraform.write("main.tf", &with_second(MINIMAL))?;
    let found = errors(&terraform, PLAN)?;
    ensure!(found.len() == 1, "{found:#?}");
    says(&found[0], "Two Jobs For One Update Package", &["one running dynamic job a package"])?;
    ensure!(emulator.jobs()?.is_empty());
    // One of them has its job. Which of the two core plans first is its own affair, and either finds it in time or not.
    apply(&terraform, &with_job(MINIMAL))?;
    terraform.write("main.tf", &with_second(MINIMAL))?;
    let found = errors(&terraform, APPLY)?;
    ensure!(found.len() == 1 && found[0]["address"] == "alicloud_iot_ota_dynamic_job.second", "{found:#?}");
    let id = job_id(&terraform)?;
    let in_time = "Update Package Has A Running Job";
    let messages = [
        // The neighbour was planned before.
        (in_time, format!("Another resource of this configuration has job {id}")),
        // Nothing of it had come by so far.
        (in_time, format!("`terraform state list -id={id}` names it")),
        // Its state had, which could have been that of this one, so that the service had to refuse.
        (
            "Dynamic Job Not Created",
            format!("Job {id} of this update package runs already, and the service lets one package have one running"),
        ),
    ];
    let detail = found[0]["detail"].as_str().unwrap();
    let is_said = |(summary, text): &(&str, String)| found[0]["summary"] == *summary && detail.contains(text);
    ensure!(messages.iter().filter(|message| is_said(message)).count() == 1, "{found:#?}");
    ensure!(detail.contains("se another package"), "what to do: {detail}");
    ensure!(emulator.jobs()?.len() == 1);
    terraform.write("main.tf", &with_job(MINIMAL))?;
    is_settled(&terraform)
}

fn create_before_destroy_is_explained() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let first = "lifecycle {\n create_before_destroy = true\n }";
    apply(&terraform, &with_job(&format!("{MINIMAL}\n{first}")))?;
    terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n dynamic_mode = 2\n{first}")))?;
    let error = only_error(&terraform, APPLY)?;
    ensure!(error["detail"].as_str().unwrap().contains("`create_before_destroy` keeps"), "{error:#}");
    ensure!(emulator.jobs()?.len() == 1, "nothing is lost, and nothing runs twice");
    let without = with_job(&format!("{MINIMAL}\n dynamic_mode = 2"));
    terraform.write("main.tf", &without)?;
    if terraform.version()?.is_opentofu {
        // It has put the object aside, and would create before it destroys that.
        let (without_resource, _) = without.split_once("resource ").unwrap();
        terraform.write("main.tf", without_resource)?;
        terraform.apply(&[])?;
    }
    apply(&terraform, &without)?;
    let running = emulator.jobs()?.iter().filter(|job| job["job_status"] == "IN_PROGRESS").count();
    ensure!(running == 1, "{:#?}", emulator.jobs()?);
    Ok(())
}

fn changed_versions_are_looked_at() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let attributes = |versions: &str| with_job(&MINIMAL.replace("[\"1.0.0\"]", versions));
    apply(&terraform, &with_job(MINIMAL))?;
    terraform.write("main.tf", &attributes("[\"1.0.0\", \"2.0.0\"]"))?;
    let error = only_error(&terraform, PLAN)?;
    says(&error, "Destination Version Is Selected", &["`src_versions[1]`"])?;
    let looks = emulator.calls("QueryOTAFirmware")?;
    terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n tags = {{ a = \"b\" }}")))?;
    terraform.run(PLAN)?.success()?;
    ensure!(emulator.calls("QueryOTAFirmware")? == looks, "nothing else needs a look");
    Ok(())
}
