//! What a refresh makes of things that happened outside Terraform.

use anyhow::{Result, ensure};
use terraform_provider_alicloud_iot::iot::operations::CancelOtaStrategyByJob;
use testkit::{Emulator, Relay, Terraform};

use crate::configuration::{
    JOB, MINIMAL, apply, break_down, call, is_settled, job_id, only_error, says, set_up, with_job, with_job_and,
};

crate::trials!(
    cancelled_outside_it_is_proposed_anew,
    cancelled_outside_it_can_stay,
    cancelled_outside_it_can_stop_everything,
    the_way_out_that_the_warning_names_works,
    cancelled_outside_it_can_be_destroyed,
    another_region_is_never_gone,
    another_region_stops_a_saved_plan,
    gone_needs_the_packages_list_to_confirm,
    an_answer_about_nothing_keeps_the_state,
    a_list_that_has_the_job_is_no_word_that_it_is_gone,
    an_answer_about_another_job_keeps_the_state,
);

const PLAN: &[&str] = &["plan", "-json", "-input=false"];

fn cancelled(on_external_cancel: &str) -> Result<(Emulator, Terraform)> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(&format!("{MINIMAL}\n on_external_cancel = \"{on_external_cancel}\"")))?;
    cancel(&emulator, &terraform)?;
    Ok((emulator, terraform))
}

fn cancel(emulator: &Emulator, terraform: &Terraform) -> Result<()> {
    call(emulator, &CancelOtaStrategyByJob { job_id: job_id(terraform)?, iot_instance_id: None })?;
    Ok(())
}

fn cancelled_outside_it_is_proposed_anew() -> Result<()> {
    let (emulator, terraform) = cancelled("recreate")?;
    let plan = terraform.run(PLAN)?.success()?;
    let warnings = plan.diagnostics();
    ensure!(warnings.len() == 1, "{warnings:#?}");
    says(&warnings[0], "Dynamic Job Was Cancelled Outside Terraform", &["restarts the rollout", "on_external_cancel"])?;
    ensure!(terraform.planned_actions(&[])? == [format!("{JOB}: create")]);
    terraform.apply(&[])?;
    is_settled(&terraform)?;
    ensure!(emulator.jobs()?.len() == 2);
    Ok(())
}

fn cancelled_outside_it_can_stay() -> Result<()> {
    let (emulator, terraform) = cancelled("keep")?;
    let plan = terraform.run(PLAN)?.success()?;
    says(&plan.diagnostics()[0], "Dynamic Job Was Cancelled Outside Terraform", &["stays in the state"])?;
    terraform.apply(&["-refresh-only"])?;
    ensure!(terraform.attributes(JOB)?.unwrap()["job_status"] == "CANCELED");
    is_settled(&terraform)?;
    terraform.destroy()?;
    ensure!(emulator.jobs()?.len() == 1 && terraform.attributes(JOB)?.is_none());
    Ok(())
}

fn the_way_out_that_the_warning_names_works() -> Result<()> {
    for choice in ["recreate", "error"] {
        let (emulator, terraform) = cancelled(choice)?;
        terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n on_external_cancel = \"keep\"")))?;
        terraform.apply(&["-refresh=false"])?;
        terraform.apply(&[])?;
        is_settled(&terraform)?;
        let jobs = emulator.jobs()?;
        ensure!(jobs.len() == 1 && jobs[0]["job_status"] == "CANCELED", "the stop stands: {jobs:#?}");
    }
    Ok(())
}

fn cancelled_outside_it_can_stop_everything() -> Result<()> {
    let (_emulator, terraform) = cancelled("error")?;
    let error = only_error(&terraform, PLAN)?;
    says(&error, "Dynamic Job Was Cancelled Outside Terraform", &["until you decide"])?;
    ensure!(terraform.attributes(JOB)?.is_some(), "the state is kept");
    Ok(())
}

fn cancelled_outside_it_can_be_destroyed() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    cancel(&emulator, &terraform)?;
    terraform.run(&["destroy", "-refresh=false", "-auto-approve", "-input=false"])?.success()?;
    ensure!(terraform.attributes(JOB)?.is_none() && emulator.jobs()?[0]["job_status"] == "CANCELED");
    Ok(())
}

fn another_region_is_never_gone() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    terraform.write("main.tf", &with_job_and("region = \"eu-central-1\"", MINIMAL))?;
    let before = emulator.requests()?.len();
    for arguments in [
        &["plan", "-json"][..],
        &["plan", "-json", "-refresh=false"],
        &["plan", "-json", "-destroy", "-refresh=false"],
        &["apply", "-json", "-auto-approve", "-refresh=false", "-destroy"],
    ] {
        let error = only_error(&terraform, arguments)?;
        says(&error, "Job Is In Another Region", &["\"eu-central-1\"", "\"cn-shanghai\"", "Nothing was asked"])?;
    }
    ensure!(emulator.requests()?.len() == before, "nothing was asked");
    ensure!(terraform.attributes(JOB)?.is_some(), "the state is kept");
    Ok(())
}

fn another_region_stops_a_saved_plan() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    let change = with_job(&format!("{MINIMAL}\n on_external_cancel = \"keep\""));
    for (configuration, arguments) in [(change, &[][..]), (with_job(MINIMAL), &["-destroy"])] {
        terraform.write("main.tf", &configuration)?;
        terraform.set("ALICLOUD_REGION", "cn-shanghai");
        terraform.plan(arguments)?;
        terraform.set("ALICLOUD_REGION", "eu-central-1");
        let error = only_error(&terraform, &["apply", "-json", "-input=false", "saved.tfplan"])?;
        says(&error, "Job Is In Another Region", &["\"eu-central-1\""])?;
    }
    ensure!(emulator.jobs()?[0]["job_status"] == "IN_PROGRESS" && terraform.attributes(JOB)?.is_some());
    Ok(())
}

fn gone_needs_the_packages_list_to_confirm() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    // Another emulator with the same packages knows nothing of the job, and its list confirms that.
    let (other, _) = set_up(&[])?;
    let mut elsewhere = terraform;
    elsewhere.set("IOT_ENDPOINT", other.url());
    break_down(&other, &mut elsewhere, "ListOTAJobByFirmware", "system_exception")?;
    let error = only_error(&elsewhere, PLAN)?;
    says(
        &error,
        "Absence Of Job Not Confirmed",
        &["the state was kept", "terraform state rm", "request id:", "tries: "],
    )?;
    other.clear_faults()?;
    let plan = elsewhere.run(PLAN)?.success()?;
    says(&plan.diagnostics()[0], "Dynamic Job No Longer Exists", &["list confirms"])?;
    ensure!(elsewhere.planned_actions(&[])? == [format!("{JOB}: create")]);
    elsewhere.destroy()?;
    ensure!(emulator.jobs()?[0]["job_status"] == "IN_PROGRESS", "the real one was not touched");
    Ok(())
}

fn an_answer_about_nothing_keeps_the_state() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    for kind in ["malformed_body", "drop_before", "status_500", "status_503", "system_exception"] {
        break_down(&emulator, &mut terraform, "QueryOTAJob", kind)?;
        let error = only_error(&terraform, PLAN)?;
        says(&error, "Dynamic Job Not Read", &["The state was kept", "action: QueryOTAJob", "job: "])?;
        emulator.clear_faults()?;
    }
    is_settled(&terraform)
}

fn a_list_that_has_the_job_is_no_word_that_it_is_gone() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    let relay = Relay::to(emulator.url())?;
    relay.refuse("QueryOTAJob", "iot.ota.taskNotExist");
    terraform.set("IOT_ENDPOINT", relay.url());
    says(&only_error(&terraform, PLAN)?, "Job Is Listed But Not Found", &["The state was kept"])?;
    ensure!(terraform.attributes(JOB)?.is_some());
    Ok(())
}

fn an_answer_about_another_job_keeps_the_state() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    // As the service tells another product than before: the state is made to differ, which comes to the same.
    let file = terraform.directory().join("terraform.tfstate");
    let state = std::fs::read_to_string(&file)?;
    std::fs::write(&file, state.replace("a1product", "a1other"))?;
    let error = only_error(&terraform, PLAN)?;
    says(&error, "Answer Is About Another Job", &["none of them ever changes", "The state was kept"])
}
