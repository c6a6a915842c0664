//! Temporary keys that end while Terraform runs.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use testkit::{At, Emulator, Relay, Terraform, wait_for};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::configuration::{MINIMAL, set_up, with_job_and};
use crate::secrets::{all_files, are_nowhere, issued};

crate::trials!(
    keys_of_an_ecs_role_that_end_within_an_apply_are_renewed,
    keys_of_an_ecs_role_that_the_service_calls_over_are_renewed,
);

const CREATE: &str = "CreateOTADynamicUpgradeJob";

/// Another job, which is begun when the first one is there.
const NEXT_JOB: &str = r#"
resource "alicloud_iot_ota_dynamic_job" "next" {
  firmware_id  = "fw-second"
  product_key  = "a1product"
  src_versions = ["1.0.0"]
  depends_on   = [alicloud_iot_ota_dynamic_job.this]
}
"#;

fn keys_of_an_ecs_role_that_end_within_an_apply_are_renewed() -> Result<()> {
    let flags = ["--metadata-hardened", "--metadata-role", "ota", "--metadata-key-seconds", "3"];
    let refused = apply_across_the_end(&flags, |_, relay| {
        let last = relay.answers().iter().rev().find_map(|answer| expiration(answer)).context("no keys were given")?;
        wait_for("the end of the keys", || Ok((OffsetDateTime::now_utc() > last).then_some(())))
    })?;
    ensure!(refused.is_empty(), "keys were renewed only after they had been refused: {refused:?}");
    Ok(())
}

/// The clock of the cloud is not that of this machine.
fn keys_of_an_ecs_role_that_the_service_calls_over_are_renewed() -> Result<()> {
    let flags = ["--metadata-hardened", "--metadata-role", "ota"];
    let refused = apply_across_the_end(&flags, |emulator, _| emulator.advance(6 * 60 * 60))?;
    ensure!(refused == ["InvalidSecurityToken.Expired"], "{refused:?}");
    Ok(())
}

/// Applies two jobs with the keys of an ECS role, which are over, by `end`, when the first one is there. Gives the codes
/// with which the service has refused calls.
fn apply_across_the_end(
    flags: &[&'static str],
    end: impl FnOnce(&Emulator, &Relay) -> Result<()>,
) -> Result<Vec<String>> {
    let (emulator, _) = set_up(flags)?;
    let relay = Relay::to(emulator.url())?;
    let mut terraform = Terraform::new(relay.url())?;
    terraform.unset("ALICLOUD_ACCESS_KEY");
    terraform.unset("ALICLOUD_SECRET_KEY");
    terraform.set("ALICLOUD_IOT_METADATA_ENDPOINT", relay.url());
    // Everything is on this machine.
    terraform.set("ALICLOUD_IOT_REFUSE_LIVE", "true");
    terraform.set("TF_LOG", "TRACE");
    terraform.set("TF_LOG_PATH", terraform.directory().join("trace.log"));
    terraform.write("main.tf", &(with_job_and("ecs_role_name = \"ota\"", MINIMAL) + NEXT_JOB))?;
    relay.hold(CREATE, At::Answer, 0);
    let apply = terraform.start(&["apply", "-input=false", "-no-color", "-auto-approve"])?;
    relay.wait_until_held(1)?;
    end(&emulator, &relay)?;
    relay.release();
    let output = apply.wait()?.success()?;

    let bodies = relay.bodies();
    let creates = bodies.iter().filter(|body| body.contains(&format!("Action={CREATE}&")));
    let signers: BTreeSet<_> =
        creates.filter_map(|body| body.split('&').find_map(|pair| pair.strip_prefix("AccessKeyId="))).collect();
    ensure!(signers.len() == 2, "the jobs were created with {} keys", signers.len());
    ensure!(emulator.jobs()?.len() == 2);

    let secrets = issued(&relay.answers());
    ensure!(signers.iter().all(|id| secrets.contains(*id)) && secrets.len() >= 8, "keys and tokens have been seen");
    let printed = [("apply".to_owned(), output.stdout + &output.stderr)];
    are_nowhere(&secrets, printed.iter().chain(&all_files(terraform.directory())?))?;
    Ok(emulator.requests()?.iter().filter_map(|request| Some(request["code"].as_str()?.to_owned())).collect())
}

fn expiration(answer: &str) -> Option<OffsetDateTime> {
    let answer: Value = serde_json::from_str(answer).ok()?;
    OffsetDateTime::parse(answer.get("Expiration")?.as_str()?, &Rfc3339).ok()
}
