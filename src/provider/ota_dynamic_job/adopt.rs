//! What became of a create whose answer was lost.
//!
//! The API has no token by which a call could be repeated safely, so the package's jobs are listed before it and after
//! it. Taken is only a job that was not there before, came about while the call was under way by the service's own
//! clock, equals the request, and belongs to nobody else.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;

use super::reference::DYNAMIC;
use super::registry::{Package, Registry};
use super::request;
use crate::iot::operations::{
    CreateOtaDynamicUpgradeJob, Job, JobSummary, ListOtaJobByFirmware, QueryOtaJob, list_all_jobs,
};
use crate::iot::{Answer, Client, Error};
use crate::provider::config::Settings;
use crate::provider::diagnostics::job::Stranger;
use crate::provider::ending::is_over;
use crate::provider::patience::{self, Patience, Pauses};

/// How long lists have to go on showing nothing new until nothing came about: what was created may be shown later.
const SETTLED: Duration = Duration::from_secs(5);
/// How much later than the end of our call the service may still have carried it out.
const LATE: Duration = Duration::from_secs(5);
/// The service dates its answers in whole seconds.
const GRAIN: Duration = Duration::from_secs(1);

/// The package's jobs right before a call.
pub(super) struct Before {
    known: HashSet<String>,
    /// The service's clock then, if it told.
    server_time: Option<OffsetDateTime>,
    at: Instant,
    /// The dynamic job that runs, if there is one.
    pub(super) running: Option<String>,
}

impl Before {
    pub(super) async fn look(client: &Client, package: &Package) -> Result<Self, Error> {
        let Answer { data: jobs, server_time, .. } = list(client, package).await?;
        let running = jobs.iter().find(|job| is_running_rollout(job)).and_then(|job| job.job_id.clone());
        let known = jobs.into_iter().filter_map(|job| job.job_id).collect();
        Ok(Self { known, server_time, at: Instant::now(), running })
    }

    /// Whether the service dates a job between this look and the end of the call.
    fn dates_until(&self, ended: Instant, utc_create: Option<&str>) -> bool {
        let created = utc_create.and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
        let (Some(created), Some(from)) = (created, self.server_time) else { return false };
        let since = created - from;
        !since.is_negative() && since <= ended.duration_since(self.at) + GRAIN + LATE
    }
}

/// What a search has come to.
pub(super) enum Found {
    /// The job that the call created.
    Ours(String, Box<Job>),
    /// The call created nothing.
    Nothing,
    /// Nobody knows; what turned up, and the last look that failed.
    Undecided(Vec<Stranger>, Option<Error>),
}

impl Found {
    fn undecided(last_look: Result<Vec<Stranger>, Error>) -> Self {
        match last_look {
            Ok(strangers) => Self::Undecided(strangers, None),
            Err(error) => Self::Undecided(Vec::new(), Some(error)),
        }
    }
}

/// One search, for all calls that were made with the same request.
pub(super) struct Search<'a> {
    pub(super) client: &'a Client,
    pub(super) settings: &'a Arc<Settings>,
    pub(super) registry: &'a Registry,
    pub(super) package: &'a Package,
    pub(super) request: &'a CreateOtaDynamicUpgradeJob,
    pub(super) before: &'a Before,
}

/// What one look shows.
enum Look {
    Ours(String, Box<Job>),
    /// Jobs that are new, and others' as far as one can see.
    New(Vec<Stranger>),
    Failed(Error),
}

impl Search<'_> {
    /// Looks until it is certain, or `patience` is at its end. `exists` tells that the service has spoken of a job that it
    /// does not show yet, so that an empty list proves nothing.
    pub(super) async fn find_out(&self, patience: &Patience, exists: bool) -> Found {
        let ended = Instant::now();
        let mut pauses = Pauses::new();
        let mut quiet_since = None;
        loop {
            let strangers = match self.look(ended).await {
                Look::Ours(job_id, job) => return Found::Ours(job_id, job),
                Look::New(strangers) => Ok(strangers),
                Look::Failed(error) => Err(error),
            };
            quiet_since = if strangers.is_ok() { quiet_since.or(Some(Instant::now())) } else { None };
            if !exists && quiet_since.is_some_and(|since| since.elapsed() >= SETTLED) {
                return match strangers {
                    Ok(strangers) if strangers.is_empty() => Found::Nothing,
                    other => Found::undecided(other),
                };
            }
            if !patience.pause(pauses.next()).await {
                return Found::undecided(strangers);
            }
        }
    }

    async fn look(&self, ended: Instant) -> Look {
        let jobs = match list(self.client, self.package).await {
            Ok(answer) => answer.data,
            Err(error) => return Look::Failed(error),
        };
        let mut strangers = Vec::new();
        for job in jobs {
            // A list with a job that has no id is not whole, and was refused.
            let Some(job_id) = job.job_id.clone().filter(|id| !self.before.known.contains(id)) else { continue };
            if job.selection_type.as_deref().is_some_and(|selection| selection != DYNAMIC) {
                continue;
            }
            let why = if self.before.dates_until(ended, job.utc_create.as_deref()) {
                match self.compare(&job_id).await {
                    Ok(described) => return Look::Ours(job_id, described),
                    Err(Compared::Failed(error)) => return Look::Failed(error),
                    Err(Compared::Differs(why)) => why,
                }
            } else {
                "it was not created while the call was under way, by the service's clock".to_owned()
            };
            strangers.push(Stranger { job_id, utc_create: job.utc_create, why });
        }
        Look::New(strangers)
    }

    /// The job's description, if it is what was asked for and nobody else's.
    async fn compare(&self, job_id: &str) -> Result<Box<Job>, Compared> {
        let query = QueryOtaJob { job_id: job_id.to_owned(), iot_instance_id: self.request.iot_instance_id.clone() };
        let answer = patience::for_look::<QueryOtaJob, _>(self.client.send(&query)).await;
        let job = answer.map_err(Compared::Failed)?.data;
        let Some(job) = job else { return Err(Compared::Differs("the service does not describe it yet".to_owned())) };
        if let Some(attribute) = request::difference(&job, self.request) {
            return Err(Compared::Differs(format!("its `{attribute}` is another than the one asked for")));
        }
        if !self.registry.claim(self.settings, job_id) {
            return Err(Compared::Differs("another resource has it".to_owned()));
        }
        Ok(Box::new(job))
    }
}

enum Compared {
    Failed(Error),
    Differs(String),
}

/// Whether a job is a dynamic one that still selects devices.
pub(super) fn is_running_rollout(job: &JobSummary) -> bool {
    job.selection_type.as_deref() == Some(DYNAMIC) && !is_over(job.job_status.as_deref())
}

async fn list(client: &Client, package: &Package) -> Result<Answer<Vec<JobSummary>>, Error> {
    let listing = list_all_jobs(client, &package.firmware_id, package.iot_instance_id.as_deref());
    patience::for_look::<ListOtaJobByFirmware, _>(listing).await
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_job_is_of_our_time_by_the_clock_of_the_service() {
        let (at, call) = (Instant::now(), Duration::from_secs(10));
        let dates = |server_time, created| {
            let before = Before { known: HashSet::new(), server_time, at, running: None };
            before.dates_until(at + call, created)
        };
        let noon = Some(datetime!(2026-01-02 12:00:00 UTC));
        for (created, expected) in [
            (Some("2026-01-02T11:59:59.999Z"), false),
            (Some("2026-01-02T12:00:00.000Z"), true),
            (Some("2026-01-02T12:00:16.000Z"), true),
            (Some("2026-01-02T12:00:16.001Z"), false),
            (Some("2026-01-02"), false),
            (None, false),
        ] {
            assert_eq!(dates(noon, created), expected, "{created:?}");
        }
        assert!(!dates(None, Some("2026-01-02T12:00:00.000Z")), "a service that tells no time proves nothing");
        // The last moment that there is.
        assert!(dates(Some(datetime!(9999-12-31 23:59:59 UTC)), Some("9999-12-31T23:59:59.000Z")));
    }
}
