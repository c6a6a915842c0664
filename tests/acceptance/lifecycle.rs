//! From nothing to a running job, through changes, to a cancelled one.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::configuration::{JOB, MINIMAL, apply, break_down, is_settled, job_id, set_up, with_job, with_job_and};

crate::trials!(
    minimal_job_then_destroy,
    every_attribute,
    every_attribute_of_a_group_job,
    change_of_a_service_parameter_replaces,
    change_of_behaviour_changes_the_state_only,
    defaults_that_the_service_does_not_report,
    order_of_versions_and_empty_tags_are_no_difference,
    differential_package,
    package_without_verification,
    default_instance_is_taken_at_creation_and_kept,
    job_is_in_the_state_when_it_cannot_be_read_after_creation,
    values_known_only_during_apply,
);

fn minimal_job_then_destroy() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    terraform.write("main.tf", &with_job(MINIMAL))?;
    ensure!(terraform.planned_actions(&[])? == [format!("{JOB}: create")]);
    ensure!(emulator.jobs()?.is_empty(), "a plan creates nothing");
    apply(&terraform, &with_job(MINIMAL))?;

    let jobs = emulator.jobs()?;
    ensure!(jobs.len() == 1 && jobs[0]["job_status"] == "IN_PROGRESS", "{jobs:#?}");
    let sent = json!({"FirmwareId": "fw-full", "ProductKey": "a1product", "SrcVersion.1": "1.0.0"});
    let create = created_with(&emulator.requests()?);
    for (name, value) in sent.as_object().unwrap() {
        ensure!(create[name] == *value, "{name}: {create}");
    }
    let attributes = terraform.attributes(JOB)?.unwrap();
    ensure!(attributes["id"] == attributes["job_id"] && attributes["job_id"] == jobs[0]["job_id"], "{attributes:#}");
    ensure!(attributes["region"] == "cn-shanghai" && attributes["job_status"] == "IN_PROGRESS");
    ensure!(attributes["firmware_name"] == "package fw-full" && attributes["dest_version"] == "2.0.0");
    ensure!(attributes["maximum_per_minute"] == 1000, "the service's own default: {attributes:#}");
    ensure!(attributes["iot_instance_id"].is_null() && attributes["timeout_in_minutes"].is_null());

    terraform.destroy()?;
    ensure!(emulator.calls("CancelOTAStrategyByJob")? == 1);
    ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED");
    ensure!(terraform.attributes(JOB)?.is_none());
    Ok(())
}

/// The parameters of the only create request.
fn created_with(requests: &[Value]) -> Value {
    let mut creates = requests.iter().filter(|it| it["action"] == "CreateOTADynamicUpgradeJob");
    let create = creates.next().cloned().unwrap_or_default();
    assert!(creates.next().is_none(), "there is more than one create request");
    create["parameters"].clone()
}

fn every_attribute() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    apply(
        &terraform,
        &with_job(
            r#"
  firmware_id        = "fw-full"
  product_key        = "a1product"
  iot_instance_id    = "iot-instance"
  src_versions       = ["1.0.1", "1.0.0 beta"]
  tags               = { "site.cn" = "上海 *~+", note = "a/b=c&d" }
  retry_interval     = 0
  retry_count        = 2
  timeout_in_minutes = 60
  maximum_per_minute = 0
  overwrite_mode     = 2
  dynamic_mode       = 2
  need_push          = false
  need_confirm       = true
  download_protocol  = "MQTT"
  multi_module_mode  = false
  on_external_cancel = "error"
"#,
        ),
    )?;
    let sent = created_with(&emulator.requests()?);
    for (name, value) in [
        ("FirmwareId", "fw-full"),
        ("ProductKey", "a1product"),
        ("IotInstanceId", "iot-instance"),
        ("SrcVersion.1", "1.0.1"),
        ("SrcVersion.2", "1.0.0 beta"),
        ("Tag.1.Key", "note"),
        ("Tag.1.Value", "a/b=c&d"),
        ("Tag.2.Key", "site.cn"),
        ("Tag.2.Value", "上海 *~+"),
        ("RetryInterval", "0"),
        ("RetryCount", "2"),
        ("TimeoutInMinutes", "60"),
        ("MaximumPerMinute", "0"),
        ("OverwriteMode", "2"),
        ("DynamicMode", "2"),
        ("NeedPush", "false"),
        ("NeedConfirm", "true"),
        ("DownloadProtocol", "MQTT"),
        ("MultiModuleMode", "false"),
    ] {
        ensure!(sent[name] == value, "{name} is {}", sent[name]);
    }
    let attributes = terraform.attributes(JOB)?.unwrap();
    ensure!(attributes["id"] == format!("iot-instance/{}", job_id(&terraform)?));
    terraform.destroy()?;
    ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED");
    Ok(())
}

fn every_attribute_of_a_group_job() -> Result<()> {
    for flags in [&[][..], &["--edition", "extended"]] {
        let (emulator, terraform) = set_up(flags)?;
        apply(
            &terraform,
            &with_job(
                r#"
  firmware_id       = "fw-full"
  product_key       = "a1product"
  group_id          = "group-1"
  group_type        = "LINK_PLATFORM_DYNAMIC"
  multi_module_mode = true
"#,
            ),
        )?;
        let sent = created_with(&emulator.requests()?);
        ensure!(sent["GroupId"] == "group-1" && sent["GroupType"] == "LINK_PLATFORM_DYNAMIC", "{sent:#}");
        ensure!(sent.get("SrcVersion.1").is_none() && sent["MultiModuleMode"] == "true", "{sent:#}");
        terraform.destroy()?;
    }
    Ok(())
}

fn change_of_a_service_parameter_replaces() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    let before = job_id(&terraform)?;
    for change in ["retry_interval = 10\n retry_count = 1", "dynamic_mode = 2", "need_push = false"] {
        terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n{change}")))?;
        let actions = terraform.planned_actions(&[])?;
        ensure!(actions == [format!("{JOB}: delete then create")], "{change}: {actions:?}");
    }
    apply(&terraform, &with_job(&format!("{MINIMAL}\n dynamic_mode = 2")))?;
    let after = job_id(&terraform)?;
    ensure!(before != after);
    let status = |id: &str| -> Result<Value> {
        Ok(emulator
            .jobs()?
            .iter()
            .find(|job| job["job_id"] == id)
            .map(|job| job["job_status"].clone())
            .unwrap_or_default())
    };
    ensure!(status(&before)? == "CANCELED" && status(&after)? == "IN_PROGRESS");
    Ok(())
}

fn change_of_behaviour_changes_the_state_only() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    let before = job_id(&terraform)?;
    for change in [
        "on_external_cancel = \"keep\"",
        "on_destroy = \"cancel_all\"",
        "timeouts {\n create = \"1h30m\"\n delete = \"90s\"\n }",
        "timeouts {}",
        "",
    ] {
        let attributes = format!("{MINIMAL}\n{change}");
        terraform.write("main.tf", &with_job(&attributes))?;
        ensure!(terraform.planned_actions(&[])? == [format!("{JOB}: update")], "{change}");
        apply(&terraform, &with_job(&attributes))?;
    }
    ensure!(emulator.calls("UpdateOTAJob")? == 0, "the service is told nothing");
    let attributes = terraform.attributes(JOB)?.unwrap();
    ensure!(attributes["on_external_cancel"] == "recreate" && attributes["on_destroy"] == "cancel_strategy");
    ensure!(attributes["timeouts"].is_null(), "{attributes:#}");
    ensure!(job_id(&terraform)? == before && emulator.jobs()?.len() == 1);
    Ok(())
}

fn defaults_that_the_service_does_not_report() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    ensure!(terraform.attributes(JOB)?.unwrap()["need_confirm"].is_null(), "the reference edition has no such member");
    // Nothing was sent, so the job has the default: writing that is no change, anything else is one.
    apply(&terraform, &with_job(&format!("{MINIMAL}\n need_confirm = false")))?;
    ensure!(emulator.jobs()?.len() == 1);
    terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n need_confirm = true")))?;
    ensure!(terraform.planned_actions(&[])? == [format!("{JOB}: delete then create")]);
    Ok(())
}

fn order_of_versions_and_empty_tags_are_no_difference() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let attributes = |versions: &str, tags: &str| {
        with_job(&format!("firmware_id = \"fw-full\"\nproduct_key = \"a1product\"\nsrc_versions = {versions}\n{tags}"))
    };
    apply(&terraform, &attributes(r#"["a", "b", "c"]"#, ""))?;
    let before = job_id(&terraform)?;
    terraform.write("main.tf", &attributes(r#"["c", "a", "b"]"#, ""))?;
    is_settled(&terraform)?;
    apply(&terraform, &attributes(r#"["c", "a", "b"]"#, "tags = {}"))?;
    ensure!(terraform.attributes(JOB)?.unwrap()["tags"] == json!({}), "their spelling is kept");
    apply(&terraform, &attributes(r#"["c", "a", "b"]"#, ""))?;
    ensure!(job_id(&terraform)? == before && emulator.jobs()?.len() == 1);
    Ok(())
}

fn differential_package() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(&MINIMAL.replace("fw-full", "fw-differential")))
}

fn package_without_verification() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(&MINIMAL.replace("fw-full", "fw-needs-no-verification")))
}

fn default_instance_is_taken_at_creation_and_kept() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job_and("iot_instance_id = \"iot-one\"", MINIMAL))?;
    let attributes = terraform.attributes(JOB)?.unwrap();
    ensure!(attributes["iot_instance_id"] == "iot-one" && attributes["id"].as_str().unwrap().starts_with("iot-one/"));
    for provider in ["iot_instance_id = \"iot-two\"", ""] {
        terraform.write("main.tf", &with_job_and(provider, MINIMAL))?;
        is_settled(&terraform)?;
        // A replacement is a new job, and takes the default of its time: that is said.
        terraform.write("main.tf", &with_job_and(provider, &format!("{MINIMAL}\n dynamic_mode = 2")))?;
        let warnings = terraform.run(&["plan", "-json", "-input=false"])?.success()?.diagnostics();
        ensure!(warnings.iter().any(|it| it["summary"] == "Replacement Moves To Another Instance"), "{warnings:#?}");
        terraform.write("main.tf", &with_job_and(provider, MINIMAL))?;
    }
    terraform.destroy()?;
    ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED");
    Ok(())
}

fn job_is_in_the_state_when_it_cannot_be_read_after_creation() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    break_down(&emulator, &mut terraform, "QueryOTAJob", "status_500")?;
    terraform.write("main.tf", &with_job(MINIMAL))?;
    let applied = terraform.run(&["apply", "-json", "-auto-approve"])?.success()?;
    let warnings = applied.diagnostics();
    ensure!(warnings.len() == 1 && warnings[0]["summary"] == "Job Was Created But Not Read", "{warnings:#?}");
    let attributes = terraform.attributes(JOB)?.unwrap();
    ensure!(attributes["job_id"] == emulator.jobs()?[0]["job_id"] && attributes["maximum_per_minute"].is_null());
    emulator.clear_faults()?;
    // The next refresh fills in what is missing, and nothing is tainted or replaced.
    apply(&terraform, &with_job(MINIMAL))?;
    ensure!(terraform.attributes(JOB)?.unwrap()["maximum_per_minute"] == 1000 && emulator.jobs()?.len() == 1);
    Ok(())
}

fn values_known_only_during_apply() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let late = r#"
resource "terraform_data" "late" {
  input = "1.0.0"
}
"#;
    let job = with_job(
        r#"
  firmware_id        = "fw-full"
  product_key        = "a1product"
  src_versions       = [terraform_data.late.output]
  tags               = { version = terraform_data.late.output }
  timeout_in_minutes = length(terraform_data.late.output) * 10
"#,
    );
    apply(&terraform, &format!("{job}{late}"))?;
    let sent = created_with(&emulator.requests()?);
    ensure!(sent["SrcVersion.1"] == "1.0.0" && sent["Tag.1.Value"] == "1.0.0" && sent["TimeoutInMinutes"] == "50");
    Ok(())
}
