//! The data source that tells how far a job has come.

use anyhow::{Result, ensure};

use crate::configuration::{JOB, MINIMAL, apply, job_id, only_error, says, set_up, with_job};

crate::trials!(a_job_that_no_device_has_got_yet, a_job_that_does_not_exist);

const PROGRESS: &str = "data.alicloud_iot_ota_job_progress.this";

fn progress_of(job: &str) -> String {
    format!("data \"alicloud_iot_ota_job_progress\" \"this\" {{\n  job_id = {job}\n}}\n")
}

fn a_job_that_no_device_has_got_yet() -> Result<()> {
    let (_emulator, terraform) = set_up(&["--qps-scale", "0"])?;
    apply(&terraform, &(with_job(MINIMAL) + &progress_of(&format!("{JOB}.job_id"))))?;
    let progress = terraform.attributes(PROGRESS)?.unwrap_or_default();
    ensure!(progress["job_id"] == job_id(&terraform)? && progress["job_status"] == "IN_PROGRESS", "{progress:#}");
    ensure!(progress["region"] == "cn-shanghai" && progress["finished"] == 0, "{progress:#}");
    let counts = progress["task_counts"].as_object().unwrap();
    ensure!(counts.len() == 7 && counts.values().all(|count| *count == 0), "{progress:#}");
    ensure!(progress["success_percentage"].is_null() && progress["failed_percentage"].is_null(), "{progress:#}");
    Ok(())
}

fn a_job_that_does_not_exist() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    terraform.write("main.tf", &(with_job(MINIMAL) + &progress_of("\"no-such-job\"")))?;
    let error = only_error(&terraform, &["plan", "-json"])?;
    says(&error, "Job Does Not Exist", &["Check `job_id`", "no-such-job"])
}
