//! What a plan finds out by asking the service: trouble that an apply would meet.
//!
//! It adds diagnostics and never values, so that planning stays a function of its inputs.

use std::sync::Arc;

use tf_provider::value::Value;
use tf_provider::{Diagnostic, Diagnostics};

use super::Replaced;
use super::adopt::is_running_rollout;
use super::choice::OnDestroy;
use super::model::{OtaDynamicJobModel, known};
use super::registry::{Holder, Package, Registry};
use crate::iot::operations::{
    Firmware, Job, JobSummary, ListOtaJobByFirmware, QueryOtaFirmware, QueryOtaJob, list_all_jobs,
};
use crate::iot::{Client, Error};
use crate::plugin::Call;
use crate::provider::config::{Preflight, Settings};
use crate::provider::diagnostics::job as text;
use crate::provider::patience;

/// `Firmware::firmware_type` of a package that updates one version only.
const DIFFERENTIAL: i64 = 1;

/// How many running jobs of a package are looked at. The service allows one: if it shows hundreds, a plan must not ask for
/// each of them.
const MOST_RUNNING: usize = 5;

/// Looks at one planned job.
pub(super) struct Check<'a> {
    settings: &'a Arc<Settings>,
    registry: &'a Registry,
    planned: &'a OtaDynamicJobModel,
    package: Package,
    client: &'a Client,
}

impl<'a> Check<'a> {
    /// None if there is nothing to look at: it is switched off, or it is not known yet what is to be looked at.
    pub(super) fn of(
        settings: &'a Arc<Settings>,
        registry: &'a Registry,
        diagnostics: &mut Diagnostics,
        planned: &'a OtaDynamicJobModel,
    ) -> Option<Self> {
        if settings.preflight == Preflight::Off {
            return None;
        }
        let client = match &settings.client {
            Ok(client) => client,
            Err(unknown) => {
                if registry.is_news(settings, "client") {
                    diagnostics.warnings.push(text::preflight_without_client(unknown));
                }
                return None;
            }
        };
        Some(Self { settings, registry, planned, package: Package::of(planned)?, client })
    }

    /// For a new job. `replaced` is the one in whose place it comes.
    pub(super) async fn create(&self, diagnostics: &mut Diagnostics, replaced: Option<&Replaced>) {
        let (firmware, jobs) = tokio::join!(self.firmware(), self.jobs(replaced));
        // Newer cores test modules in one process, which plans a job again to apply it.
        if !is_of_an_apply() && !self.registry.plan_new(self.settings, &self.package) {
            self.report(diagnostics, vec![text::package_wanted_twice(&self.package.firmware_id)]);
        }
        // Both fail for one reason, if they do.
        let has_failed = !self.findings(diagnostics, firmware);
        if jobs.is_ok() || !has_failed {
            self.findings(diagnostics, jobs);
        }
    }

    /// For a change of the versions that a running job selects.
    pub(super) async fn change(&self, diagnostics: &mut Diagnostics) {
        let firmware = self.firmware().await;
        self.findings(diagnostics, firmware);
    }

    /// Reports findings by the provider's setting. A check that is not permitted is a warning, said once. False if the check
    /// failed.
    fn findings(&self, diagnostics: &mut Diagnostics, findings: Result<Vec<Diagnostic>, Error>) -> bool {
        match findings {
            Ok(findings) => self.report(diagnostics, findings),
            Err(error) if error.is_not_permitted() => {
                if self.registry.is_news(self.settings, error.action()) {
                    diagnostics.warnings.push(text::preflight_not_permitted(&error));
                }
            }
            Err(error) => {
                self.report(diagnostics, vec![text::preflight_failed(&error)]);
                return false;
            }
        }
        true
    }

    fn report(&self, diagnostics: &mut Diagnostics, findings: Vec<Diagnostic>) {
        match self.settings.preflight {
            Preflight::Error => diagnostics.errors.extend(findings),
            Preflight::Warn => diagnostics.warnings.extend(findings),
            Preflight::Off => {}
        }
    }

    async fn firmware(&self) -> Result<Vec<Diagnostic>, Error> {
        let Package { iot_instance_id, firmware_id } = self.package.clone();
        let query = QueryOtaFirmware { firmware_id, iot_instance_id };
        match patience::for_look::<QueryOtaFirmware, _>(self.client.send(&query)).await {
            Ok(answer) => Ok(answer.data.map_or_else(|| vec![self.missing()], |firmware| self.fit(&firmware))),
            Err(error) if error.is_firmware_not_found() => Ok(vec![self.missing()]),
            Err(error) => Err(error),
        }
    }

    fn missing(&self) -> Diagnostic {
        text::package_missing(&self.package.firmware_id, self.client.region(), self.package.iot_instance_id.as_deref())
    }

    /// What keeps the package and the job from fitting each other.
    fn fit(&self, firmware: &Firmware) -> Vec<Diagnostic> {
        let id = &self.package.firmware_id;
        let mut findings = Vec::new();
        match firmware.status {
            Some(0) => findings.push(text::package_not_verified(id)),
            Some(2) => findings.push(text::package_being_verified(id, firmware.verify_progress)),
            Some(3) => findings.push(text::package_failed_verification(id)),
            _ => {}
        }
        if let (Some(own), Some(given)) = (&firmware.product_key, known(&self.planned.product_key))
            && own != given
        {
            findings.push(text::package_of_other_product(id, own, given));
        }
        let versions = self.planned.src_versions.as_ref().as_option().map(Vec::as_slice).unwrap_or_default();
        let source = firmware.src_version.as_deref().filter(|source| !source.is_empty());
        let source = source.filter(|_| firmware.firmware_type == Some(DIFFERENTIAL));
        for (index, version) in versions.iter().enumerate() {
            let Value::Value(version) = version else { continue };
            if firmware.dest_version.as_ref() == Some(version) {
                findings.push(text::destination_is_source(id, version, index));
            } else if let Some(source) = source.filter(|source| source != version) {
                findings.push(text::differential_from_other_version(id, source, version, index));
            }
        }
        findings
    }

    async fn jobs(&self, replaced: Option<&Replaced>) -> Result<Vec<Diagnostic>, Error> {
        // The create that follows lists the jobs itself; and an error of this plan would leave an object deposed that
        // `create_before_destroy` keeps, while one of the create brings it back.
        if is_of_an_apply() {
            return Ok(Vec::new());
        }
        let Package { iot_instance_id, firmware_id } = &self.package;
        let listing = list_all_jobs(self.client, firmware_id, iot_instance_id.as_deref());
        let jobs = match patience::for_look::<ListOtaJobByFirmware, _>(listing).await {
            Ok(answer) => answer.data,
            // The look at the package says so.
            Err(error) if error.is_firmware_not_found() => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut findings = Vec::new();
        for job in jobs.iter().filter(|job| is_running_rollout(job)).take(MOST_RUNNING) {
            findings.extend(self.running(job, replaced).await?);
        }
        Ok(findings)
    }

    /// What stands against a new job beside this one, which runs.
    async fn running(&self, job: &JobSummary, replaced: Option<&Replaced>) -> Result<Option<Diagnostic>, Error> {
        let Some(job_id) = &job.job_id else { return Ok(None) };
        if replaced.is_some_and(|replaced| replaced.job_id == *job_id) {
            return Ok(None);
        }
        match self.registry.holder(self.settings, job_id) {
            // It is that of this resource, which is tainted, so it is cancelled before.
            Holder::SomeState { on_destroy: OnDestroy::Keep } => Ok(Some(text::replacement_keeps(job_id))),
            Holder::SomeState { .. } => Ok(None),
            Holder::AnotherResource => Ok(Some(text::package_in_use(&self.package.firmware_id, job_id))),
            Holder::Nobody => {
                let foreign = self.foreign(job_id).await?;
                // This resource's own state was read before, so one that names the job by now is a neighbour's.
                let is_foreign = self.registry.holder(self.settings, job_id) == Holder::Nobody;
                let neighbour = || text::package_in_use(&self.package.firmware_id, job_id);
                Ok(Some(if is_foreign { foreign } else { neighbour() }))
            }
        }
    }

    /// A job that nobody here has: what it is, and how to take it over.
    async fn foreign(&self, job_id: &str) -> Result<Diagnostic, Error> {
        let query = QueryOtaJob { job_id: job_id.to_owned(), iot_instance_id: self.package.iot_instance_id.clone() };
        let job = patience::for_look::<QueryOtaJob, _>(self.client.send(&query)).await?.data.unwrap_or_default();
        Ok(text::package_has_a_running_job(&text::RunningJob {
            firmware_id: &self.package.firmware_id,
            job_id,
            iot_instance_id: self.package.iot_instance_id.as_deref(),
            utc_create: job.utc_create.as_deref(),
            parameters: parameters(&job),
        }))
    }
}

/// Whether the plan is the one that an apply makes again: Terraform allows deferral in it, and only there.
fn is_of_an_apply() -> bool {
    Call::current().client().deferral_allowed
}

/// The parameters of a job as the configuration would have them.
fn parameters(job: &Job) -> Vec<(&'static str, String)> {
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let quoted = |texts: &[String]| texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", ");
    let versions = job.src_versions.as_deref().filter(|versions| !versions.is_empty()).map(quoted);
    let tags = job.tags.as_deref().filter(|tags| !tags.is_empty());
    let tags =
        tags.map(|tags| tags.iter().map(|tag| format!("{} = {:?}", tag.key, tag.value)).collect::<Vec<_>>().join(", "));
    [
        ("src_versions", versions.map(|versions| format!("[{versions}]"))),
        ("group_id", job.group_id.clone().filter(|group| !group.is_empty()).map(|group| format!("{group:?}"))),
        ("tags", tags.map(|tags| format!("{{ {tags} }}"))),
        ("maximum_per_minute", number(job.maximum_per_minute)),
        ("timeout_in_minutes", number(job.timeout_in_minutes)),
        ("retry_interval", number(job.retry_interval)),
        ("retry_count", number(job.retry_count)),
        ("overwrite_mode", number(job.overwrite_mode)),
        ("dynamic_mode", number(job.dynamic_mode)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}
