//! The data source that tells how far a job has come.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::configuration::{JOB, MINIMAL, apply, job_id, only_error, says, set_up, with_job};
use crate::gate::rollouts::{set_up_rollout, without_gate};

crate::trials!(a_job_that_no_device_has_got_yet, a_job_under_way, a_job_that_does_not_exist);

const PROGRESS: &str = "data.alicloud_iot_ota_job_progress.this";

fn progress_of(job: &str) -> String {
    format!("data \"alicloud_iot_ota_job_progress\" \"this\" {{\n  job_id = {job}\n}}\n")
}

fn a_job_that_no_device_has_got_yet() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    apply(&terraform, &(with_job(MINIMAL) + &progress_of(&format!("{JOB}.job_id"))))?;
    let progress = terraform.attributes(PROGRESS)?.unwrap_or_default();
    ensure!(progress["job_id"] == job_id(&terraform)? && progress["job_status"] == "IN_PROGRESS", "{progress:#}");
    ensure!(progress["region"] == "cn-shanghai" && progress["finished"] == 0, "{progress:#}");
    let counts = progress["task_counts"].as_object().unwrap();
    ensure!(counts.len() == 7 && counts.values().all(|count| *count == 0), "{progress:#}");
    ensure!(progress["success_percentage"].is_null() && progress["failed_percentage"].is_null(), "{progress:#}");
    Ok(())
}

fn a_job_under_way() -> Result<()> {
    let (_emulator, terraform) = set_up_rollout(&json!({"count": 400, "failing": 0.3, "offline": 0.25}))?;
    terraform.write("main.tf", &(without_gate() + &progress_of(&format!("{JOB}.job_id"))))?;
    terraform.apply(&[])?;
    let progress = terraform.attributes(PROGRESS)?.unwrap_or_default();
    let count = |status: &str| progress["task_counts"][status].as_u64().unwrap();
    let (succeeded, failed) = (count("SUCCEEDED"), count("FAILED"));
    ensure!(succeeded + failed == 300 && count("QUEUED") == 100 && progress["finished"] == 300, "{progress:#}");
    let percent = |part: u64| (part as f64 / 300.0 * 10_000.0).floor() / 100.0;
    let reported = [progress["success_percentage"].as_f64(), progress["failed_percentage"].as_f64()];
    ensure!(reported == [Some(percent(succeeded)), Some(percent(failed))], "{progress:#}");
    Ok(())
}

fn a_job_that_does_not_exist() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    terraform.write("main.tf", &(with_job(MINIMAL) + &progress_of("\"no-such-job\"")))?;
    let error = only_error(&terraform, &["plan", "-json"])?;
    says(&error, "Job Does Not Exist", &["Check `job_id`", "no-such-job"])
}
