//! Many jobs against the documented quotas: everything goes through, with no call too many.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use terraform_provider_alicloud_iot::iot::Operation;
use terraform_provider_alicloud_iot::iot::operations::{
    CreateOtaDynamicUpgradeJob, ListOtaJobByFirmware, QueryOtaFirmware, QueryOtaJob,
};
use testkit::{Emulator, Options, Terraform};

crate::trials!(a_dozen_jobs, three_runs_that_share_an_account);
crate::long_trials!(
    two_hundred_jobs,
    two_hundred_jobs_with_64_at_once,
    twenty_runs_that_share_an_account,
    sixty_four_gates_at_once
);

/// Core's own, if nobody says.
const DEFAULT_PARALLELISM: usize = 10;

/// Calls by action.
type Calls = BTreeMap<String, usize>;

/// An emulator with packages `fw-0`, `fw-1` and so on, that counts calls as the service does.
fn emulator(packages: usize) -> Result<Emulator> {
    let firmware = |number: usize| {
        json!({
            "firmware_id": format!("fw-{number}"), "product_key": "a1product",
            "firmware_name": format!("package {number}"), "dest_version": "2.0.0"
        })
    };
    let firmwares: Vec<_> = (0..packages).map(firmware).collect();
    Emulator::start(&Options { fixtures: json!({"firmwares": firmwares}), flags: vec!["--qps-scale", "1"] })
}

/// A Terraform whose configuration has `jobs` jobs, of packages from number `first` on.
fn terraform(emulator: &Emulator, first: usize, jobs: usize) -> Result<Terraform> {
    let terraform = Terraform::new(emulator.url())?;
    let configuration = format!(
        r#"
terraform {{
  required_providers {{
    alicloud = {{ source = "terraform.local/iot/alicloud-iot" }}
  }}
}}
resource "alicloud_iot_ota_dynamic_job" "this" {{
  count        = {jobs}
  firmware_id  = "fw-${{{first} + count.index}}"
  product_key  = "a1product"
  src_versions = ["1.0.0"]
}}
"#
    );
    terraform.write("main.tf", &configuration)?;
    Ok(terraform)
}

/// What the service has answered since the first `before` calls, and how many of those calls were throttled.
fn calls_since(emulator: &Emulator, before: usize) -> Result<(Calls, usize)> {
    let requests = emulator.requests()?;
    let (mut calls, mut throttled) = (Calls::new(), 0);
    for request in requests.iter().skip(before) {
        let action = request["action"].as_str().context("an action")?;
        if request["code"] == "Throttling.User" {
            throttled += 1;
        } else {
            ensure!(request["success"] == true, "{request:#}");
            *calls.entry(action.to_owned()).or_default() += 1;
        }
    }
    Ok((calls, throttled))
}

fn calls_a_second(action: &str) -> Result<u32> {
    let quotas = [
        (CreateOtaDynamicUpgradeJob::ACTION, CreateOtaDynamicUpgradeJob::CALLS_PER_SECOND),
        (ListOtaJobByFirmware::ACTION, ListOtaJobByFirmware::CALLS_PER_SECOND),
        (QueryOtaFirmware::ACTION, QueryOtaFirmware::CALLS_PER_SECOND),
        (QueryOtaJob::ACTION, QueryOtaJob::CALLS_PER_SECOND),
    ];
    let quota = quotas.into_iter().find_map(|(known, quota)| (known == action).then_some(quota));
    quota.with_context(|| format!("{action} is not called for this"))
}

/// Says how long it took beside the least that the quotas allow: a figure, which nothing is decided by.
fn report(what: &str, calls: &Calls, throttled: usize, took: Duration) -> Result<()> {
    let mut floor: f64 = 0.0;
    for (action, count) in calls {
        floor = floor.max(*count as f64 / f64::from(calls_a_second(action)?));
    }
    let took = took.as_secs_f64();
    println!(
        "{what}: {took:.1} s, of which the quotas take {floor:.1} s, ratio {:.2}; {calls:?}, {throttled} throttled",
        took / floor
    );
    Ok(())
}

/// What an apply calls for so many new jobs: each package is looked at when it is planned and once more when core plans the
/// creation again, its jobs are listed when it is planned and right before the call, and the job is read once. OpenTofu does
/// not tell a plan within an apply from another one, so the jobs are listed in it, too.
fn calls_of_creates(jobs: usize) -> Result<Calls> {
    let lists = if Terraform::new("http://127.0.0.1:1")?.version()?.is_opentofu { 3 } else { 2 };
    let calls = [
        (QueryOtaFirmware::ACTION, 2 * jobs),
        (ListOtaJobByFirmware::ACTION, lists * jobs),
        (CreateOtaDynamicUpgradeJob::ACTION, jobs),
        (QueryOtaJob::ACTION, jobs),
    ];
    Ok(calls.into_iter().map(|(action, count)| (action.to_owned(), count)).collect())
}

/// Creates jobs and refreshes them, with no call refused or to no use.
fn jobs(jobs: usize, at_once: usize) -> Result<()> {
    let emulator = emulator(jobs)?;
    let terraform = terraform(&emulator, 0, jobs)?;
    let parallelism = format!("-parallelism={at_once}");
    let started = Instant::now();
    terraform.apply(&[&parallelism])?;
    let took = started.elapsed();
    let (calls, throttled) = calls_since(&emulator, 0)?;
    report(&format!("{jobs} jobs, {at_once} at once, created"), &calls, throttled, took)?;
    ensure!(throttled == 0 && calls == calls_of_creates(jobs)?, "{calls:?}, {throttled} throttled");
    ensure!(emulator.jobs()?.len() == jobs);

    let before = emulator.requests()?.len();
    let started = Instant::now();
    terraform.apply(&["-refresh-only", &parallelism])?;
    let took = started.elapsed();
    let (calls, throttled) = calls_since(&emulator, before)?;
    report(&format!("{jobs} jobs, {at_once} at once, refreshed"), &calls, throttled, took)?;
    let expected = Calls::from([(QueryOtaJob::ACTION.to_owned(), jobs)]);
    ensure!(throttled == 0 && calls == expected, "{calls:?}, {throttled} throttled");
    Ok(())
}

/// Runs that know nothing of each other, so that their calls together exceed the quotas and are refused.
fn runs(runs: usize, jobs_each: usize) -> Result<()> {
    let emulator = emulator(runs * jobs_each)?;
    let terraforms =
        (0..runs).map(|run| terraform(&emulator, run * jobs_each, jobs_each)).collect::<Result<Vec<_>>>()?;
    let started = Instant::now();
    std::thread::scope(|scope| {
        let applies: Vec<_> = terraforms.iter().map(|terraform| scope.spawn(|| terraform.apply(&[]))).collect();
        applies.into_iter().try_for_each(|apply| apply.join().unwrap().map(drop))
    })?;
    let took = started.elapsed();
    let (calls, throttled) = calls_since(&emulator, 0)?;
    report(&format!("{runs} runs of {jobs_each} jobs"), &calls, throttled, took)?;
    ensure!(emulator.jobs()?.len() == runs * jobs_each && calls == calls_of_creates(runs * jobs_each)?, "{calls:?}");
    Ok(())
}

fn a_dozen_jobs() -> Result<()> {
    jobs(12, DEFAULT_PARALLELISM)
}

fn two_hundred_jobs() -> Result<()> {
    jobs(200, DEFAULT_PARALLELISM)
}

fn two_hundred_jobs_with_64_at_once() -> Result<()> {
    jobs(200, 64)
}

fn three_runs_that_share_an_account() -> Result<()> {
    runs(3, 4)
}

fn twenty_runs_that_share_an_account() -> Result<()> {
    runs(20, 10)
}

/// Looks of all gates wait for their turn under one quota.
fn sixty_four_gates_at_once() -> Result<()> {
    let emulator = emulator(1)?;
    let terraform = terraform(&emulator, 0, 1)?;
    terraform.apply(&[])?;
    let gates = r#"
resource "alicloud_iot_ota_rollout_gate" "this" {
  count                     = 64
  job_id                    = alicloud_iot_ota_dynamic_job.this[0].job_id
  minimum_finished          = 1
  maximum_failed_percentage = 0
  time_box                  = "60s"
  timeouts {
    create = "200s"
  }
}
"#;
    terraform.write("gates.tf", gates)?;
    let output = terraform.run(&["apply", "-json", "-input=false", "-auto-approve", "-parallelism=64"])?;
    let summaries: Vec<_> = output.diagnostics().into_iter().map(|it| it["summary"].clone()).collect();
    // No device has finished, and each gate has seen that.
    ensure!(summaries.len() == 64 && summaries.iter().all(|it| it == "Rollout Gate Breached"), "{summaries:?}");
    Ok(())
}
