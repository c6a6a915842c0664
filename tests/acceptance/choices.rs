//! Where the service's behaviour is not published, the provider works under each form that it could have. The choices
//! are the emulator's, listed in `emulator/COVERAGE.md`.

use anyhow::{Result, ensure};
use terraform_provider_alicloud_iot::iot::operations::CancelOtaStrategyByJob;

use crate::configuration::{JOB, MINIMAL, apply, call, is_settled, job_id, set_up, with_job};

crate::trials!(absent_members_are_null, absent_members_are_empty, absent_members_are_bare, nothing_is_as_usual);

fn absent_members_are_null() -> Result<()> {
    life(&["--assume", "absent-members=null", "--assume", "success-code=empty"])
}

fn absent_members_are_empty() -> Result<()> {
    life(&["--assume", "absent-members=empty", "--assume", "success-code=filled", "--edition", "extended"])
}

fn absent_members_are_bare() -> Result<()> {
    life(&["--assume", "absent-members=bare", "--assume", "unknown-job=no-data", "--edition", "extended"])
}

fn nothing_is_as_usual() -> Result<()> {
    life(&["--assume", "envelope-case=lower", "--assume", "service-error-status=400", "--assume", "spelling=older"])
}

/// Created, changed, cancelled and made anew, gone, destroyed.
fn life(flags: &[&'static str]) -> Result<()> {
    let (emulator, mut terraform) = set_up(flags)?;
    apply(&terraform, &with_job(MINIMAL))?;
    let changed = format!("{MINIMAL}\n tags = {{ wave = \"1\" }}\n timeout_in_minutes = 60\n maximum_per_minute = 10");
    apply(&terraform, &with_job(&changed))?;
    apply(&terraform, &with_job(MINIMAL))?;
    call(&emulator, &CancelOtaStrategyByJob { job_id: job_id(&terraform)?, iot_instance_id: None })?;
    ensure!(terraform.planned_actions(&[])? == [format!("{JOB}: create")]);
    terraform.apply(&[])?;
    is_settled(&terraform)?;
    // Another emulator with the same packages knows nothing of the job.
    let (other, _) = set_up(flags)?;
    terraform.set("IOT_ENDPOINT", other.url());
    ensure!(terraform.planned_actions(&[])? == [format!("{JOB}: create")]);
    terraform.set("IOT_ENDPOINT", emulator.url());
    terraform.destroy()?;
    ensure!(emulator.jobs()?.iter().all(|job| job["job_status"] == "CANCELED"));
    Ok(())
}
