//! What the tests have in common: one product with its packages, and configurations around a job.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use terraform_provider_alicloud_iot::iot::{Client, ClientOptions, Credentials, Endpoint, Operation};
use testkit::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, Emulator, Options, Terraform};

/// The address of the job in [`with_job`].
pub const JOB: &str = "alicloud_iot_ota_dynamic_job.this";

/// The least that a job needs.
pub const MINIMAL: &str = r#"
  firmware_id  = "fw-full"
  product_key  = "a1product"
  src_versions = ["1.0.0"]
"#;

/// An emulator with one product and packages in each state, and a Terraform that talks to it.
pub fn set_up(flags: &[&'static str]) -> Result<(Emulator, Terraform)> {
    let firmware = |id: &str, status: i64| {
        json!({
            "firmware_id": id, "product_key": "a1product", "firmware_name": format!("package {id}"),
            "dest_version": "2.0.0", "status": status
        })
    };
    let mut differential = firmware("fw-differential", 1);
    differential["type"] = 1.into();
    differential["src_version"] = "1.0.0".into();
    let fixtures = json!({
        "products": [{"product_key": "a1product"}, {"product_key": "a1other"}],
        "firmwares": [
            firmware("fw-full", 1), firmware("fw-second", 1), firmware("fw-unverified", 0),
            firmware("fw-in-verification", 2), firmware("fw-failed", 3),
            firmware("fw-needs-no-verification", -1), differential
        ]
    });
    let emulator = Emulator::start(&Options { fixtures, flags: flags.to_vec() })?;
    let terraform = Terraform::new(emulator.url())?;
    Ok((emulator, terraform))
}

/// A configuration with the provider block `provider` and one job of `attributes`.
pub fn with_job_and(provider: &str, attributes: &str) -> String {
    format!(
        r#"
terraform {{
  required_providers {{
    alicloud = {{ source = "terraform.local/iot/alicloud-iot" }}
  }}
}}
provider "alicloud" {{
  {provider}
}}
resource "alicloud_iot_ota_dynamic_job" "this" {{
{attributes}
}}
"#
    )
}

/// A configuration with one job of `attributes`.
pub fn with_job(attributes: &str) -> String {
    with_job_and("", attributes)
}

/// Makes calls of an operation fail until the faults are cleared, and the provider give up after a second.
pub fn break_down(emulator: &Emulator, terraform: &mut Terraform, action: &str, kind: &str) -> Result<()> {
    terraform.set("MAX_RETRY_TIMEOUT", "1");
    emulator.fault(&json!({"action": action, "kind": kind, "times": 10_000}))
}

/// Applies `configuration`, after which every plan has to be empty, with and without a refresh.
pub fn apply(terraform: &Terraform, configuration: &str) -> Result<()> {
    terraform.write("main.tf", configuration)?;
    terraform.apply(&[])?;
    is_settled(terraform)
}

/// Fails unless there is nothing to do, with and without a refresh.
pub fn is_settled(terraform: &Terraform) -> Result<()> {
    for refresh in ["-refresh=false", "-refresh=true"] {
        let plan = terraform.run(&["plan", "-input=false", "-no-color", "-detailed-exitcode", refresh])?;
        ensure!(plan.code == Some(0), "a plan with {refresh} is not empty\n{}\n{}", plan.stdout, plan.stderr);
    }
    Ok(())
}

/// The one diagnostic of a command that has to fail with it.
pub fn only_error(terraform: &Terraform, arguments: &[&str]) -> Result<Value> {
    let output = terraform.run(arguments)?;
    ensure!(output.code == Some(1), "it did not fail: {output:?}");
    let mut errors = output.diagnostics();
    errors.retain(|diagnostic| diagnostic["severity"] == "error");
    ensure!(errors.len() == 1, "{} errors: {errors:#?}", errors.len());
    Ok(errors.remove(0))
}

/// Fails unless the diagnostic has that summary and, unwrapped, all of those texts in its detail.
pub fn says(diagnostic: &Value, summary: &str, texts: &[&str]) -> Result<()> {
    ensure!(diagnostic["summary"] == summary, "{diagnostic:#}");
    let detail = diagnostic["detail"].as_str().unwrap_or_default();
    for text in texts {
        ensure!(detail.contains(text), "{text:?} is not in {detail}");
    }
    Ok(())
}

/// Calls the service directly, as someone beside Terraform would.
pub fn call<O: Operation>(emulator: &Emulator, operation: &O) -> Result<O::Answer> {
    let credentials = Credentials::new(ACCESS_KEY_ID.to_owned(), ACCESS_KEY_SECRET.to_owned().into(), None);
    let client = Client::new(ClientOptions::new(
        "cn-shanghai".to_owned(),
        Endpoint::parse(emulator.url())?,
        credentials,
        "acceptance".to_owned(),
    ))?;
    let runtime = tokio::runtime::Runtime::new()?;
    Ok(runtime.block_on(client.send(operation))?.data)
}

/// The id of the job in the state.
pub fn job_id(terraform: &Terraform) -> Result<String> {
    let attributes = terraform.attributes(JOB)?.unwrap_or_default();
    ensure!(attributes["job_id"].is_string(), "there is no job in the state: {attributes}");
    Ok(attributes["job_id"].as_str().unwrap_or_default().to_owned())
}
