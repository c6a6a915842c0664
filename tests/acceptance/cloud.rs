//! The life of one job: on the emulator, or in a real account with `TF_ACC_CLOUD=1`.
//!
//! No job made here can reach a device: each selects versions that begin with [`MARK`], which no device reports. That
//! is also how [`sweep`] tells what tests have left behind from what others made. (A tag would be sent to devices.)

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use terraform_provider_alicloud_iot::iot::operations::{
    CancelOtaStrategyByJob, CreateOtaDynamicUpgradeJob, Job, QueryOtaJob, list_all_jobs,
};
use terraform_provider_alicloud_iot::iot::{Client, ClientOptions, Credentials, Endpoint};
use testkit::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, Emulator, Terraform};
use tokio::runtime::Runtime;

use crate::configuration::{self, JOB, apply, call, is_settled, job_id, with_job_and};

/// What the versions begin with that jobs of tests select.
const MARK: &str = "tf-acc-";
/// What an account cannot be used without.
const NEEDED: [&str; 4] =
    ["ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_IOT_TEST_PRODUCT_KEY", "ALICLOUD_IOT_TEST_FIRMWARE_ID"];

/// The trials that a real account can have, too.
pub fn cloud_trials() -> Vec<libtest_mimic::Trial> {
    vec![crate::trial("cloud::a_job_lives", a_job_lives)]
}

crate::trials!(
    a_job_lives,
    sweep_cancels_what_tests_left_and_nothing_else,
    the_account_of_the_caller_is_used_and_swept,
);

/// Whether the tests run in a real account.
pub fn is_asked_for() -> bool {
    std::env::var_os("TF_ACC_CLOUD").is_some_and(|it| it == "1")
}

/// Fails if the environment lacks what a real account needs, and names all of it.
pub fn can_run() -> Result<()> {
    Account::of_caller().map(drop)
}

/// Where the job lives.
struct Account {
    /// None in the cloud. It has to be there while its jobs are.
    emulator: Option<Emulator>,
    environment: Vec<(String, String)>,
    product_key: String,
    firmware_id: String,
    iot_instance_id: Option<String>,
    region: String,
    client: Client,
    runtime: Runtime,
}

impl Account {
    /// A real one if that is asked for, else an emulator.
    fn open() -> Result<Self> {
        if is_asked_for() {
            return Self::of_caller();
        }
        let (emulator, _) = configuration::set_up(&[])?;
        let environment = [
            ("ALICLOUD_ACCESS_KEY", ACCESS_KEY_ID),
            ("ALICLOUD_SECRET_KEY", ACCESS_KEY_SECRET),
            ("IOT_ENDPOINT", emulator.url()),
            ("ALICLOUD_IOT_TEST_PRODUCT_KEY", "a1product"),
            ("ALICLOUD_IOT_TEST_FIRMWARE_ID", "fw-full"),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Ok(Self { emulator: Some(emulator), ..Self::of(environment)? })
    }

    fn of_caller() -> Result<Self> {
        let is_ours = |name: &str| name.starts_with("ALICLOUD_") || name == "IOT_ENDPOINT";
        Self::of(std::env::vars().filter(|(name, value)| is_ours(name) && !value.is_empty()).collect())
    }

    fn of(environment: Vec<(String, String)>) -> Result<Self> {
        let get = |wanted: &str| environment.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        let missing: Vec<_> = NEEDED.into_iter().filter(|name| get(name).is_none()).collect();
        ensure!(missing.is_empty(), "these are not set: {}; CONTRIBUTING.md says what they are", missing.join(", "));
        let need = |name: &str| get(name).unwrap_or_default();
        let region = get("ALICLOUD_REGION").unwrap_or_else(|| "cn-shanghai".to_owned());
        let endpoint = match get("IOT_ENDPOINT") {
            Some(url) => Endpoint::parse(&url)?,
            None => Endpoint::for_region(&region)?,
        };
        let token = get("ALICLOUD_SECURITY_TOKEN").map(Into::into);
        let credentials = Credentials::new(need("ALICLOUD_ACCESS_KEY"), need("ALICLOUD_SECRET_KEY").into(), token);
        let user_agent = "acceptance".to_owned();
        Ok(Self {
            emulator: None,
            product_key: need("ALICLOUD_IOT_TEST_PRODUCT_KEY"),
            firmware_id: need("ALICLOUD_IOT_TEST_FIRMWARE_ID"),
            iot_instance_id: get("ALICLOUD_IOT_TEST_INSTANCE_ID"),
            client: Client::new(ClientOptions::new(region.clone(), endpoint, credentials, user_agent))?,
            runtime: Runtime::new()?,
            region,
            environment,
        })
    }

    fn terraform(&self) -> Result<Terraform> {
        let mut terraform = Terraform::new("")?;
        terraform.unset("IOT_ENDPOINT");
        self.environment.iter().for_each(|(name, value)| terraform.set(name, value));
        Ok(terraform)
    }

    fn configuration(&self, further: &str) -> String {
        let instance =
            self.iot_instance_id.as_ref().map(|id| format!("iot_instance_id = \"{id}\"")).unwrap_or_default();
        let job = format!(
            r#"
  firmware_id        = "{}"
  product_key        = "{}"
  src_versions       = ["{MARK}1", "{MARK}2"]
  tags               = {{ "tf.acc" = "no device gets this" }}
  retry_interval     = 10
  retry_count        = 1
  timeout_in_minutes = 60
  maximum_per_minute = 100
  {further}
"#,
            self.firmware_id, self.product_key
        );
        with_job_and(&format!("region = \"{}\"\n  {instance}", self.region), &job)
    }

    fn job(&self, job_id: &str) -> Result<Option<Job>> {
        let query = QueryOtaJob { job_id: job_id.to_owned(), iot_instance_id: self.iot_instance_id.clone() };
        Ok(self.runtime.block_on(self.client.send(&query))?.data)
    }

    /// Cancels the running jobs of the test package that tests have made, and names them.
    fn sweep(&self) -> Result<Vec<String>> {
        let list = list_all_jobs(&self.client, &self.firmware_id, self.iot_instance_id.as_deref());
        let mut cancelled = Vec::new();
        for job_id in self.runtime.block_on(list)?.data.into_iter().filter_map(|job| job.job_id) {
            if self.job(&job_id)?.is_some_and(|job| is_of_tests(&job)) {
                let cancel =
                    CancelOtaStrategyByJob { job_id: job_id.clone(), iot_instance_id: self.iot_instance_id.clone() };
                self.runtime.block_on(self.client.send(&cancel))?;
                cancelled.push(job_id);
            }
        }
        Ok(cancelled)
    }
}

/// A running dynamic job that selects nothing but versions of tests.
fn is_of_tests(job: &Job) -> bool {
    let versions = job.src_versions.as_deref().unwrap_or_default();
    job.selection_type.as_deref() == Some("DYNAMIC")
        && job.job_status.as_deref() == Some("IN_PROGRESS")
        && !versions.is_empty()
        && versions.iter().all(|version| version.starts_with(MARK))
}

/// Cancels what tests have left in the caller's account.
pub fn sweep() -> Result<()> {
    let account = Account::of_caller()?;
    let cancelled = account.sweep()?;
    println!("{} jobs of tests were still running under package {}", cancelled.len(), account.firmware_id);
    cancelled.iter().for_each(|job_id| println!("  cancelled {job_id}"));
    Ok(())
}

fn a_job_lives() -> Result<()> {
    let account = Account::open()?;
    let terraform = account.terraform()?;
    let result = a_job_lives_in(&account, &terraform);
    // Whatever failed: nothing stays behind that this can still destroy.
    let destroyed = terraform.destroy();
    result?;
    destroyed?;
    Ok(())
}

fn a_job_lives_in(account: &Account, terraform: &Terraform) -> Result<()> {
    terraform.write("main.tf", &account.configuration(""))?;
    ensure!(terraform.planned_actions(&[])? == [format!("{JOB}: create")]);
    apply(terraform, &account.configuration(""))?;
    let id = job_id(terraform)?;
    let job = account.job(&id)?.context("the service does not know the job")?;
    ensure!(is_of_tests(&job), "a sweep would not find the job: {job:?}");

    let attributes = terraform.attributes(JOB)?.context("the job is not in the state")?;
    let second = account.terraform()?;
    second.write("main.tf", &account.configuration(""))?;
    let import_id = attributes["id"].as_str().unwrap_or_default();
    second.run(&["import", "-input=false", JOB, import_id])?.success()?;
    let imported = second.attributes(JOB)?.context("the import is not in the state")?;
    for (name, value) in attributes.as_object().context("the attributes")? {
        // Order has no meaning there, and an edition may report another one.
        let is_reordered = name == "src_versions";
        ensure!(is_reordered || imported[name] == *value, "{name} is {} after the import, not {value}", imported[name]);
    }
    is_settled(&second)?;

    apply(terraform, &account.configuration("on_external_cancel = \"keep\""))?;
    ensure!(job_id(terraform)? == id, "a change of behaviour has replaced the job");
    terraform.destroy()?;
    let status = account.job(&id)?.and_then(|job| job.job_status);
    ensure!(status.as_deref() == Some("CANCELED"), "the job is {status:?}");
    Ok(())
}

fn sweep_cancels_what_tests_left_and_nothing_else() -> Result<()> {
    let account = Account::open()?;
    let emulator = account.emulator.as_ref().context("an emulator")?;
    let create = |versions: &[&str]| -> Result<String> {
        let job = CreateOtaDynamicUpgradeJob {
            firmware_id: account.firmware_id.clone(),
            product_key: account.product_key.clone(),
            src_versions: versions.iter().map(|version| (*version).to_owned()).collect(),
            ..CreateOtaDynamicUpgradeJob::default()
        };
        Ok(call(emulator, &job)?.job_id)
    };
    let left_by_tests = create(&["tf-acc-1"])?;
    ensure!(account.sweep()? == [left_by_tests], "a job of tests was not swept");
    for versions in [&["1.0.0"][..], &["tf-acc-1", "1.0.0"], &[]] {
        let foreign = create(versions)?;
        ensure!(account.sweep()?.is_empty(), "a foreign job for {versions:?} was swept");
        call(emulator, &CancelOtaStrategyByJob { job_id: foreign, iot_instance_id: None })?;
    }
    Ok(())
}

/// An emulator in the place of the account: this program with nothing but the caller's environment.
fn the_account_of_the_caller_is_used_and_swept() -> Result<()> {
    let (emulator, _) = configuration::set_up(&[])?;
    let run = |variables: &[(&str, &str)]| -> Result<(bool, String)> {
        let output = Command::new(std::env::current_exe()?)
            .env_remove("TF_ACC_TERRAFORM_PATHS")
            .envs([("TF_ACC", "1"), ("TF_ACC_CLOUD", "1"), ("IOT_ENDPOINT", emulator.url())])
            .envs([("ALICLOUD_ACCESS_KEY", ACCESS_KEY_ID), ("ALICLOUD_SECRET_KEY", ACCESS_KEY_SECRET)])
            .envs([("ALICLOUD_IOT_TEST_FIRMWARE_ID", "fw-second"), ("ALICLOUD_IOT_TEST_INSTANCE_ID", "iot-test")])
            .envs(variables.iter().copied())
            .output()?;
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        Ok((output.status.success(), text))
    };
    let nothing = ["ALICLOUD_IOT_TEST_PRODUCT_KEY", "ALICLOUD_SECRET_KEY"].map(|name| (name, ""));
    let (passed, text) = run(&nothing)?;
    ensure!(!passed && text.lines().count() == 1, "{text}");
    ensure!(text.contains("not set: ALICLOUD_SECRET_KEY, ALICLOUD_IOT_TEST_PRODUCT_KEY;"), "{text}");
    let (passed, text) = run(&[("ALICLOUD_IOT_TEST_PRODUCT_KEY", "a1product")])?;
    ensure!(passed && text.contains("1 passed"), "{text}");
    let jobs = emulator.jobs()?;
    ensure!(jobs.len() == 1 && jobs[0]["firmware_id"] == "fw-second" && jobs[0]["job_status"] == "CANCELED");
    let (passed, text) = run(&[("ALICLOUD_IOT_TEST_PRODUCT_KEY", "a1product"), ("TF_ACC_SWEEP", "1")])?;
    ensure!(passed && text.contains("0 jobs of tests were still running under package fw-second"), "{text}");
    Ok(())
}
