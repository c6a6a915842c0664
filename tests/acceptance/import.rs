//! Jobs that exist already, taken into the state.

use anyhow::{Result, ensure};
use terraform_provider_alicloud_iot::iot::operations::{CancelOtaStrategyByJob, CreateOtaDynamicUpgradeJob, Tag};
use testkit::Emulator;

use crate::configuration::{JOB, apply, call, is_settled, only_error, says, set_up, with_job, with_job_and};

crate::trials!(
    import_then_empty_plan,
    import_from_an_instance,
    writing_what_the_service_does_not_report_changes_the_state_only,
    imports_that_are_refused,
    configuration_that_is_generated_plans_empty;
    import_by_identity since Some([1, 12]), Some([1, 12]);
    configuration_that_is_generated_by_identity_plans_empty since Some([1, 12]), Some([1, 12])
);

/// A job as somebody makes it in the console.
fn foreign(iot_instance_id: Option<&str>) -> CreateOtaDynamicUpgradeJob {
    CreateOtaDynamicUpgradeJob {
        firmware_id: "fw-full".to_owned(),
        product_key: "a1product".to_owned(),
        iot_instance_id: iot_instance_id.map(str::to_owned),
        src_versions: vec!["1.0.0".to_owned(), "1.0.1".to_owned()],
        tags: vec![Tag { key: "made.by".to_owned(), value: "hand".to_owned() }],
        retry_interval: Some(60),
        retry_count: Some(1),
        timeout_in_minutes: Some(1440),
        ..CreateOtaDynamicUpgradeJob::default()
    }
}

const FOREIGN: &str = r#"
  firmware_id        = "fw-full"
  product_key        = "a1product"
  src_versions       = ["1.0.0", "1.0.1"]
  tags               = { "made.by" = "hand" }
  retry_interval     = 60
  retry_count        = 1
  timeout_in_minutes = 1440
"#;

fn create(emulator: &Emulator, iot_instance_id: Option<&str>) -> Result<String> {
    Ok(call(emulator, &foreign(iot_instance_id))?.job_id)
}

fn import_then_empty_plan() -> Result<()> {
    for flags in [&[][..], &["--edition", "extended"]] {
        let (emulator, terraform) = set_up(flags)?;
        let id = create(&emulator, None)?;
        terraform.write("main.tf", &with_job(FOREIGN))?;
        terraform.run(&["import", "-input=false", JOB, &id])?.success()?;
        is_settled(&terraform)?;
        let attributes = terraform.attributes(JOB)?.unwrap();
        ensure!(attributes["id"] == id && attributes["on_external_cancel"] == "recreate", "{attributes:#}");
        terraform.destroy()?;
        ensure!(emulator.jobs()?.len() == 1 && emulator.jobs()?[0]["job_status"] == "CANCELED");
    }
    Ok(())
}

fn import_by_identity() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let id = create(&emulator, None)?;
    let with = |region: &str| {
        let identity = format!("identity = {{\n    job_id = \"{id}\"\n    region = \"{region}\"\n  }}");
        with_job(FOREIGN) + &format!("import {{\n  to = {JOB}\n  {identity}\n}}\n")
    };
    terraform.write("main.tf", &with("us-east-1"))?;
    let error = only_error(&terraform, &["plan", "-input=false", "-json"])?;
    says(&error, "Job Is In Another Region", &["us-east-1", "cn-shanghai"])?;
    terraform.write("main.tf", &with("cn-shanghai"))?;
    let output = terraform.apply(&[])?;
    ensure!(output.stdout.contains("1 imported, 0 added, 0 changed"), "{output:?}");
    is_settled(&terraform)?;
    terraform.destroy()?;
    ensure!(emulator.jobs()?.len() == 1 && emulator.jobs()?[0]["job_status"] == "CANCELED");
    Ok(())
}

fn import_from_an_instance() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let job = create(&emulator, Some("iot-one"))?;
    let provider = "iot_instance_id = \"iot-one\"";
    // The instance from the id, from the provider block, and from both.
    for (provider, id) in
        [("", format!("iot-one/{job}")), (provider, job.clone()), (provider, format!("iot-one/{job}"))]
    {
        let configuration = with_job_and(provider, FOREIGN);
        terraform.write("main.tf", &format!("{configuration}\nimport {{\n to = {JOB}\n id = \"{id}\"\n}}\n"))?;
        terraform.apply(&[])?;
        is_settled(&terraform)?;
        let attributes = terraform.attributes(JOB)?.unwrap();
        ensure!(attributes["id"] == format!("iot-one/{job}") && attributes["iot_instance_id"] == "iot-one");
        terraform.write("main.tf", &configuration)?;
        terraform.run(&["state", "rm", JOB])?.success()?;
    }
    ensure!(emulator.jobs()?.len() == 1);
    Ok(())
}

fn writing_what_the_service_does_not_report_changes_the_state_only() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let id = create(&emulator, None)?;
    terraform.write("main.tf", &with_job(FOREIGN))?;
    terraform.run(&["import", "-input=false", JOB, &id])?.success()?;
    // The reference edition's answer has no such members.
    ensure!(terraform.attributes(JOB)?.unwrap()["need_push"].is_null());
    let written = format!("{FOREIGN}\n need_push = false\n need_confirm = false\n download_protocol = \"HTTPS\"");
    terraform.write("main.tf", &with_job(&written))?;
    ensure!(terraform.planned_actions(&[])? == [format!("{JOB}: update")]);
    let warnings = terraform.run(&["plan", "-json", "-input=false"])?.success()?.diagnostics();
    ensure!(warnings.len() == 3, "{warnings:#?}");
    says(&warnings[0], "Value Is Only Recorded", &["which was imported", "the job stays as it is"])?;
    apply(&terraform, &with_job(&written))?;
    let attributes = terraform.attributes(JOB)?.unwrap();
    ensure!(attributes["need_push"] == false && attributes["job_id"] == id && emulator.jobs()?.len() == 1);
    Ok(())
}

fn imports_that_are_refused() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let id = create(&emulator, None)?;
    call(&emulator, &CancelOtaStrategyByJob { job_id: id.clone(), iot_instance_id: None })?;
    let refusals = [
        (id.as_str(), "Cancelled Job Not Imported", "no call brings it back"),
        ("unknown", "Dynamic Job Not Imported", "so nothing was imported"),
        ("a/b/c", "Invalid Import ID", "IOT_INSTANCE_ID/JOB_ID"),
    ];
    for (id, summary, text) in refusals {
        let configuration = with_job(FOREIGN);
        terraform.write("main.tf", &format!("{configuration}\nimport {{\n to = {JOB}\n id = \"{id}\"\n}}\n"))?;
        let error = only_error(&terraform, &["plan", "-json", "-input=false"])?;
        says(&error, summary, &[text])?;
    }
    Ok(())
}

fn configuration_that_is_generated_plans_empty() -> Result<()> {
    generated_configuration_plans_empty(|instance, job| {
        let instance = instance.map(|instance| format!("{instance}/")).unwrap_or_default();
        format!("id = \"{instance}{job}\"")
    })
}

fn configuration_that_is_generated_by_identity_plans_empty() -> Result<()> {
    generated_configuration_plans_empty(|instance, job| {
        let instance = instance.map(|instance| format!(", iot_instance_id = \"{instance}\"")).unwrap_or_default();
        format!("identity = {{ region = \"cn-shanghai\", job_id = \"{job}\"{instance} }}")
    })
}

/// What names the provider in an import block.
const PROVIDER: &str = "  provider = alicloud\n";

/// Jobs with everything and with nothing that can be left out, by version and by group, named by `name`.
fn generated_configuration_plans_empty(name: fn(Option<&str>, &str) -> String) -> Result<()> {
    for (flags, provider) in
        [(&[][..], ""), (&["--edition", "extended"], "provider \"alicloud\" {\n  extended_limits = true\n}\n")]
    {
        let (emulator, terraform) = set_up(flags)?;
        let plain = CreateOtaDynamicUpgradeJob {
            firmware_id: "fw-second".to_owned(),
            product_key: "a1product".to_owned(),
            src_versions: vec!["1.0.0".to_owned()],
            ..CreateOtaDynamicUpgradeJob::default()
        };
        let mut jobs = vec![foreign(None), foreign(Some("iot-one")), plain.clone()];
        if !provider.is_empty() {
            jobs.push(CreateOtaDynamicUpgradeJob {
                firmware_id: "fw-needs-no-verification".to_owned(),
                src_versions: Vec::new(),
                group_id: Some("group".to_owned()),
                group_type: Some("LINK_PLATFORM_DYNAMIC".to_owned()),
                ..plain
            });
        }
        let before = with_job("");
        let before = before.split("provider \"alicloud\"").next().unwrap_or_default().to_owned() + provider;
        let mut blocks = String::new();
        for (number, job) in jobs.iter().enumerate() {
            let id = call(&emulator, job)?.job_id;
            let named = name(job.iot_instance_id.as_deref(), &id);
            blocks += &format!("import {{\n  to = alicloud_iot_ota_dynamic_job.job{number}\n  {named}\n{PROVIDER}}}\n");
        }
        // As the guide says: the import block names the provider until the resource is there, and a name that core has
        // guessed for it goes.
        terraform.write("main.tf", &format!("{before}{blocks}"))?;
        terraform.run(&["plan", "-input=false", "-no-color", "-generate-config-out=generated.tf"])?.success()?;
        let generated = std::fs::read_to_string(terraform.directory().join("generated.tf"))?;
        let is_guess = |line: &&str| line.trim_start().starts_with("provider ");
        let generated = generated.lines().filter(|line| !is_guess(line)).collect::<Vec<_>>().join("\n");
        terraform.write("generated.tf", &generated)?;
        terraform.write("main.tf", &format!("{before}{}", blocks.replace(PROVIDER, "")))?;
        let output = terraform.apply(&[])?;
        let summary = format!("{} imported, 0 added, 0 changed, 0 destroyed", jobs.len());
        ensure!(output.stdout.contains(&summary), "{output:?}\n{generated}");
        is_settled(&terraform)?;
        ensure!(emulator.jobs()?.len() == jobs.len() && emulator.calls("UpdateOTAJob")? == 0);
        terraform.destroy()?;
        ensure!(emulator.jobs()?.iter().all(|job| job["job_status"] == "CANCELED"));
    }
    Ok(())
}
