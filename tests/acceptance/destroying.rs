//! What a destroy makes of a job, by `on_destroy`.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use testkit::{At, Emulator, Relay, Terraform, wait_for};

use crate::configuration::{
    JOB, MINIMAL, apply, call, is_settled, job_id, only_error, says, set_up, with_job, with_job_and,
};
use crate::gate::rollouts;
use terraform_provider_alicloud_iot::iot::operations::CancelOtaStrategyByJob;

crate::trials!(
    the_policy_ends_first_then_the_tasks,
    what_devices_still_have_is_told,
    a_change_counts_once_it_is_applied,
    kept_jobs_go_on,
    a_replacement_cannot_keep,
    tasks_that_cannot_be_cancelled_keep_the_state,
    an_interrupt_between_the_policy_and_the_tasks_keeps_the_state,
    a_destroy_that_did_not_finish_is_no_cancellation_by_others,
    tasks_of_a_job_that_is_over_need_no_cancellation,
    what_is_over_is_a_success,
    of_another_account_or_region_it_is_an_error,
    a_deleted_package,
    nothing_runs_when_a_replacement_fails_halfway,
    nothing_runs_when_a_replacement_is_refused_by_its_second_plan,
    nothing_runs_when_a_replacement_with_another_package_fails,
);

const STRATEGY: &str = "CancelOTAStrategyByJob";
const TASKS: &str = "CancelOTATaskByJob";
const DESTROY: &[&str] = &["destroy", "-json", "-input=false", "-auto-approve"];

fn with_choice(choice: &str) -> String {
    format!("{MINIMAL}\n on_destroy = \"{choice}\"")
}

fn applied(choice: &str) -> Result<(Emulator, Terraform)> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(&with_choice(choice)))?;
    Ok((emulator, terraform))
}

fn the_policy_ends_first_then_the_tasks() -> Result<()> {
    for (choice, tasks) in [
        ("cancel_strategy", None),
        ("cancel_pending", Some(json!([true, true, null]))),
        ("cancel_all", Some(json!([true, true, true]))),
    ] {
        let (emulator, terraform) = applied(choice)?;
        terraform.destroy()?;
        ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED");
        let requests = emulator.requests()?;
        let ends: Vec<_> = requests.iter().filter(|it| it["action"] == STRATEGY || it["action"] == TASKS).collect();
        ensure!(ends[0]["action"] == STRATEGY, "{ends:#?}");
        let flags = ["CancelQueuedTask", "CancelNotifiedTask", "CancelInProgressTask"];
        let sent = ends.get(1).map(|cancel| json!(flags.map(|flag| cancel["parameters"].get(flag).map(|_| true))));
        ensure!(sent == tasks, "{choice}: {sent:?}");
        let after_the_last = requests.iter().rev().take_while(|it| it["action"] != STRATEGY && it["action"] != TASKS);
        ensure!(after_the_last.into_iter().any(|it| it["action"] == "QueryOTAJob"), "{choice}: the end is read back");
    }
    Ok(())
}

/// With few tasks, which are counted in one page, and with more.
fn what_devices_still_have_is_told() -> Result<()> {
    for count in [40, 300] {
        for choice in ["cancel_strategy", "cancel_pending", "cancel_all"] {
            let fleet = json!({"count": count, "offline": 0.5, "stuck": 0.4, "failing": 0.1});
            let (emulator, terraform) = rollouts::set_up(&fleet)?;
            apply(&terraform, &with_job(&with_choice(choice)))?;
            emulator.advance(rollouts::LONG)?;
            let tasks = |statuses: &[&str]| -> Result<u64> {
                let counts = emulator.jobs()?[0]["task_counts"].take();
                Ok(statuses.iter().filter_map(|status| counts[status].as_u64()).sum())
            };
            let (pending, in_progress) = (tasks(&["CONFIRM", "QUEUED", "NOTIFIED"])?, tasks(&["IN_PROGRESS"])?);
            ensure!(pending > 0 && in_progress > 0 && pending != in_progress, "{:#?}", emulator.jobs()?);
            let warnings = terraform.run(DESTROY)?.success()?.diagnostics();
            let left = match choice {
                "cancel_strategy" => (pending, in_progress),
                "cancel_pending" => (0, in_progress),
                _ => (0, 0),
            };
            ensure!((tasks(&["CONFIRM", "QUEUED", "NOTIFIED"])?, tasks(&["IN_PROGRESS"])?) == left, "{choice}");
            if left == (0, 0) {
                ensure!(warnings.is_empty(), "{warnings:#?}");
                continue;
            }
            ensure!(warnings.len() == 1 && warnings[0]["severity"] == "warning", "{warnings:#?}");
            let (pending, in_progress) = left;
            let numbers = format!("{pending} tasks that no device has begun and {in_progress} in progress may still");
            says(&warnings[0], "Devices Still Have Update Tasks", &[&numbers, "The job is cancelled"])?;
        }
    }
    Ok(())
}

fn a_change_counts_once_it_is_applied() -> Result<()> {
    let (emulator, terraform) = applied("cancel_strategy")?;
    apply(&terraform, &with_job(&with_choice("cancel_all")))?;
    terraform.destroy()?;
    ensure!(emulator.calls(TASKS)? == 1 && emulator.jobs()?.len() == 1);
    Ok(())
}

fn kept_jobs_go_on() -> Result<()> {
    let (emulator, terraform) = applied("keep")?;
    let id = job_id(&terraform)?;
    let destroyed = terraform.run(DESTROY)?.success()?;
    says(
        &destroyed.diagnostics()[0],
        "Job Goes On Outside Terraform",
        &["still runs", &format!("terraform import ADDRESS {id}")],
    )?;
    ensure!(emulator.jobs()?[0]["job_status"] == "IN_PROGRESS" && emulator.calls(STRATEGY)? == 0);
    terraform.run(&["import", "-input=false", JOB, &id])?.success()?;
    // What only the state knows is written anew.
    ensure!(terraform.planned_actions(&[])? == [format!("{JOB}: update")]);
    Ok(())
}

fn a_replacement_cannot_keep() -> Result<()> {
    let (emulator, terraform) = applied("keep")?;
    let replace = format!("-replace={JOB}");
    for (change, arguments) in [("dynamic_mode = 2", &["plan", "-json"][..]), ("", &["plan", "-json", &replace])] {
        terraform.write("main.tf", &with_job(&format!("{}\n{change}", with_choice("keep"))))?;
        let error = only_error(&terraform, arguments)?;
        says(&error, "Replacement Would Keep The Old Job", &["on_destroy = \"keep\"", "apply that alone"])?;
    }
    terraform.write("main.tf", &with_job(&with_choice("keep")))?;
    terraform.run(&["taint", JOB])?.success()?;
    says(&only_error(&terraform, &["plan", "-json"])?, "Replacement Would Keep The Old Job", &["on_destroy"])?;
    terraform.run(&["untaint", JOB])?.success()?;
    // A job that has ended is in nobody's way.
    apply(&terraform, &with_job(&format!("{}\n on_external_cancel = \"keep\"", with_choice("keep"))))?;
    call(&emulator, &CancelOtaStrategyByJob { job_id: job_id(&terraform)?, iot_instance_id: None })?;
    terraform.apply(&[&replace])?;
    ensure!(emulator.jobs()?.len() == 2);
    Ok(())
}

fn tasks_that_cannot_be_cancelled_keep_the_state() -> Result<()> {
    let (emulator, mut terraform) = applied("cancel_all")?;
    let direct = emulator.url().to_owned();
    let relay = Relay::to(&direct)?;
    relay.refuse(TASKS, "Forbidden.RAM");
    terraform.set("IOT_ENDPOINT", relay.url());
    let error = only_error(&terraform, DESTROY)?;
    says(&error, "Tasks Not Cancelled", &["No further device is selected", "\"cancel_all\"", "Forbidden.RAM"])?;
    ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED" && terraform.attributes(JOB)?.is_some());
    terraform.set("IOT_ENDPOINT", direct);
    // A refresh finds a cancelled job, and knows whose work that is.
    let plan = terraform.run(&["plan", "-json", "-input=false", "-detailed-exitcode"])?.success()?;
    says(&plan.diagnostics()[0], "Destroy Was Not Finished", &["tasks that devices have may go on"])?;
    terraform.destroy()?;
    ensure!(emulator.calls(TASKS)? == 1, "the tasks are cancelled by the next destroy");
    ensure!(terraform.attributes(JOB)?.is_none() && emulator.jobs()?.len() == 1);
    Ok(())
}

fn an_interrupt_between_the_policy_and_the_tasks_keeps_the_state() -> Result<()> {
    let (emulator, mut terraform) = applied("cancel_all")?;
    let direct = emulator.url().to_owned();
    let relay = Relay::to(&direct)?;
    terraform.set("IOT_ENDPOINT", relay.url());
    let log = terraform.directory().join("providers.log");
    terraform.set("TF_LOG_PROVIDER", "INFO");
    terraform.set("TF_LOG_PATH", &log);
    relay.hold(STRATEGY, At::Answer, 0);
    let destroy = terraform.start(DESTROY)?;
    relay.wait_until_held(1)?;
    destroy.signal_group("INT")?;
    wait_for("the stop", || Ok(std::fs::read_to_string(&log)?.contains("core asks to stop").then_some(())))?;
    relay.release();
    let output = destroy.wait()?;
    ensure!(output.code == Some(1) && emulator.calls(TASKS)? == 0, "no call is begun after a stop: {output:?}");
    let said = output.diagnostics();
    let error = said.iter().find(|it| it["summary"] == "Tasks Not Cancelled").context("what is left is said")?;
    says(error, "Tasks Not Cancelled", &["No further device is selected", "interrupted"])?;
    ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED" && terraform.attributes(JOB)?.is_some());
    terraform.destroy()?;
    ensure!(emulator.calls(TASKS)? == 1 && emulator.calls(STRATEGY)? <= 2, "the next destroy goes on");
    ensure!(terraform.attributes(JOB)?.is_none() && emulator.jobs()?.len() == 1);
    Ok(())
}

fn a_destroy_that_did_not_finish_is_no_cancellation_by_others() -> Result<()> {
    let (emulator, mut terraform) = applied("cancel_pending")?;
    let direct = emulator.url().to_owned();
    let relay = Relay::to(&direct)?;
    relay.refuse(TASKS, "Forbidden.RAM");
    terraform.set("IOT_ENDPOINT", relay.url());
    let replace = format!("-replace={JOB}");
    let replaced = only_error(&terraform, &["apply", "-json", "-input=false", "-auto-approve", &replace])?;
    says(&replaced, "Tasks Not Cancelled", &["\"cancel_pending\""])?;
    // What the message proposes leaves the job alone, and is remembered over that.
    apply(&terraform, &with_job(&format!("{}\n on_external_cancel = \"error\"", with_choice("cancel_pending"))))?;
    ensure!(emulator.jobs()?.len() == 1, "nothing is restarted");
    terraform.set("IOT_ENDPOINT", direct);
    terraform.apply(&[&replace])?;
    ensure!(emulator.calls(TASKS)? == 1 && emulator.jobs()?.len() == 2);
    is_settled(&terraform)
}

fn tasks_of_a_job_that_is_over_need_no_cancellation() -> Result<()> {
    for code in ["iot.ota.JobHasFinished", "iot.ota.taskNotExist"] {
        let (emulator, mut terraform) = applied("cancel_all")?;
        let relay = Relay::to(emulator.url())?;
        relay.refuse(TASKS, code);
        terraform.set("IOT_ENDPOINT", relay.url());
        terraform.destroy()?;
        ensure!(terraform.attributes(JOB)?.is_none());
    }
    Ok(())
}

fn what_is_over_is_a_success() -> Result<()> {
    for choice in ["recreate", "keep"] {
        for refresh in ["-refresh=true", "-refresh=false"] {
            let (emulator, terraform) = set_up(&[])?;
            apply(&terraform, &with_job(&format!("{MINIMAL}\n on_external_cancel = \"{choice}\"")))?;
            call(&emulator, &CancelOtaStrategyByJob { job_id: job_id(&terraform)?, iot_instance_id: None })?;
            terraform.run(&["destroy", refresh, "-input=false", "-auto-approve"])?.success()?;
            ensure!(terraform.attributes(JOB)?.is_none() && emulator.jobs()?.len() == 1, "nothing is restarted");
        }
    }
    // Somebody has to decide first, unless the state is left as it is.
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(&format!("{MINIMAL}\n on_external_cancel = \"error\"")))?;
    call(&emulator, &CancelOtaStrategyByJob { job_id: job_id(&terraform)?, iot_instance_id: None })?;
    says(&only_error(&terraform, DESTROY)?, "Dynamic Job Was Cancelled Outside Terraform", &["until you decide"])?;
    terraform.run(&["destroy", "-refresh=false", "-input=false", "-auto-approve"])?.success()?;
    ensure!(terraform.attributes(JOB)?.is_none() && emulator.jobs()?.len() == 1);
    Ok(())
}

fn of_another_account_or_region_it_is_an_error() -> Result<()> {
    let (emulator, mut terraform) = applied("cancel_strategy")?;
    terraform.write("main.tf", &with_job_and("region = \"eu-central-1\"", MINIMAL))?;
    says(&only_error(&terraform, DESTROY)?, "Job Is In Another Region", &["Nothing was asked or changed"])?;
    terraform.write("main.tf", &with_job(MINIMAL))?;
    // Another account knows neither the job nor its package.
    let (other, _) = set_up(&[])?;
    let relay = Relay::to(other.url())?;
    relay.refuse("ListOTAJobByFirmware", "iot.ota.FirmwareNotFound");
    terraform.set("IOT_ENDPOINT", relay.url());
    let refreshed = only_error(&terraform, DESTROY)?;
    says(&refreshed, "Absence Of Job Not Confirmed", &["credentials of another account", "the state was kept"])?;
    let direct = only_error(&terraform, &["destroy", "-json", "-refresh=false", "-input=false", "-auto-approve"])?;
    says(&direct, "Dynamic Job Not Cancelled", &["stays in the state"])?;
    ensure!(terraform.attributes(JOB)?.is_some() && emulator.jobs()?[0]["job_status"] == "IN_PROGRESS");
    Ok(())
}

fn a_deleted_package() -> Result<()> {
    let (emulator, mut terraform) = applied("cancel_strategy")?;
    let relay = Relay::to(emulator.url())?;
    // The job goes on without its package: it can still be read and cancelled.
    for action in ["ListOTAJobByFirmware", "QueryOTAFirmware"] {
        relay.refuse(action, "iot.ota.FirmwareNotFound");
    }
    terraform.set("IOT_ENDPOINT", relay.url());
    terraform.write("main.tf", &with_job(&with_choice("cancel_strategy")))?;
    is_settled(&terraform)?;
    terraform.destroy()?;
    ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED" && terraform.attributes(JOB)?.is_none());
    // And a new one is refused by the plan.
    let error = only_error(&terraform, &["plan", "-json", "-input=false"])?;
    says(&error, "Update Package Not Found", &["\"fw-full\"", "ALICLOUD_IOT_PREFLIGHT=off"])
}

fn nothing_runs_when_a_replacement_fails_halfway() -> Result<()> {
    let (emulator, mut terraform) = applied("cancel_strategy")?;
    let id = job_id(&terraform)?;
    let relay = Relay::to(emulator.url())?;
    relay.refuse("CreateOTADynamicUpgradeJob", "Forbidden.RAM");
    terraform.set("IOT_ENDPOINT", relay.url());
    terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n dynamic_mode = 2")))?;
    let error = only_error(&terraform, &["apply", "-json", "-input=false", "-auto-approve"])?;
    says(
        &error,
        "Dynamic Job Not Created",
        &[&format!("Job {id} was cancelled before"), "nothing runs for this update package"],
    )?;
    ensure!(terraform.attributes(JOB)?.is_none());
    Ok(())
}

fn nothing_runs_when_a_replacement_with_another_package_fails() -> Result<()> {
    let (emulator, mut terraform) = applied("cancel_strategy")?;
    let id = job_id(&terraform)?;
    let relay = Relay::to(emulator.url())?;
    relay.refuse("CreateOTADynamicUpgradeJob", "Forbidden.RAM");
    terraform.set("IOT_ENDPOINT", relay.url());
    terraform.write("main.tf", &with_job(&MINIMAL.replace("fw-full", "fw-second")))?;
    let error = only_error(&terraform, &["apply", "-json", "-input=false", "-auto-approve"])?;
    says(&error, "Dynamic Job Not Created", &[&format!("{id} of fw-full"), "nothing runs in its place"])
}

fn nothing_runs_when_a_replacement_is_refused_by_its_second_plan() -> Result<()> {
    let (emulator, mut terraform) = applied("cancel_strategy")?;
    let id = job_id(&terraform)?;
    let relay = Relay::to(emulator.url())?;
    terraform.set("IOT_ENDPOINT", relay.url());
    terraform.write("main.tf", &with_job(&format!("{MINIMAL}\n dynamic_mode = 2")))?;
    terraform.plan(&[])?;
    // Between plan and apply somebody deletes the package.
    for action in ["QueryOTAFirmware", "ListOTAJobByFirmware", "CreateOTADynamicUpgradeJob"] {
        relay.refuse(action, "iot.ota.FirmwareNotFound");
    }
    let error = only_error(&terraform, &["apply", "-json", "-input=false", "saved.tfplan"])?;
    says(
        &error,
        "Dynamic Job Not Created",
        &[&format!("Job {id} was cancelled before"), "nothing runs for this update package"],
    )?;
    ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED");
    Ok(())
}
