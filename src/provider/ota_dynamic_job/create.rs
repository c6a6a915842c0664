//! Creating a job, and never losing it.

use std::sync::Arc;
use std::time::Duration;

use tf_provider::Diagnostics;
use tf_provider::value::Value;

use super::adopt::{Before, Found, Search};
use super::answer;
use super::model::{ImportId, OtaDynamicJobModel};
use super::reference::{JobReference, client};
use super::registry::{Package, Registry};
use super::request;
use super::work::Work;
use crate::iot::operations::{CreateOtaDynamicUpgradeJob, CreatedJob, Job};
use crate::iot::{Client, Error, FailureKind};
use crate::plugin::Call;
use crate::provider::config::Settings;
use crate::provider::diagnostics::job as text;
use crate::provider::patience::{self, Patience, Pauses};

/// How long it may take until the service describes a new job. Until core gets the answer only this process knows the id,
/// and what a look would have told a later refresh brings.
const FOR_DESCRIPTION: Duration = Duration::from_mins(1);

/// Creates the job. Once its id is known nothing is an error any more: an error would taint the
/// object, and the next apply would cancel and restart the rollout.
pub(super) async fn create(
    settings: &Arc<Settings>,
    registry: &Registry,
    diagnostics: &mut Diagnostics,
    planned: OtaDynamicJobModel,
) -> Option<OtaDynamicJobModel> {
    let client = client(settings, diagnostics)?;
    let request = request::create(&planned);
    let package =
        Package { iot_instance_id: request.iot_instance_id.clone(), firmware_id: request.firmware_id.clone() };
    let creating = registry.creating(settings, &package);
    let created = {
        let _alone = creating.lock().await;
        let patience = Patience::of(Work::Create.timeout(&planned));
        let client = &patience.bounds(client);
        let attempts = Attempts { client, settings, registry, package, request: &request, patience };
        attempts.make(diagnostics).await?
    };
    let mut state = planned;
    state.region = Value::Value(client.region().to_owned());
    let id = ImportId { iot_instance_id: request.iot_instance_id, job_id: created.job_id };
    state.id = Value::Value(id.to_string());
    // The process may be ended before core gets the answer; then this line is all there is.
    tracing::info!(job_id = id.job_id, "the job was created");
    state.job_id = Value::Value(id.job_id);
    if !created.utc_create.is_empty() {
        state.utc_create = Value::Value(created.utc_create);
    }
    let described = match created.described {
        Some(job) => Some(*job),
        None => {
            let time = FOR_DESCRIPTION.min(Work::Create.timeout(&state));
            describe(client, diagnostics, &JobReference::of(&state), time).await
        }
    };
    Some(answer::completed(state, described.as_ref()))
}

/// The job that came about.
struct Created {
    job_id: String,
    utc_create: String,
    /// Its description, if it was read already.
    described: Option<Box<Job>>,
}

impl From<CreatedJob> for Created {
    fn from(CreatedJob { job_id, utc_create }: CreatedJob) -> Self {
        Self { job_id, utc_create, described: None }
    }
}

/// The calls that it takes until a job is there, or certainly not.
struct Attempts<'a> {
    client: &'a Client,
    settings: &'a Arc<Settings>,
    registry: &'a Registry,
    package: Package,
    request: &'a CreateOtaDynamicUpgradeJob,
    patience: Patience,
}

impl Attempts<'_> {
    async fn make(&self, diagnostics: &mut Diagnostics) -> Option<Created> {
        // Asked for by failures alone: as many jobs can have been cancelled as there are resources.
        let about = |running| text::Creation {
            request: self.request,
            region: self.client.region(),
            ended: self.registry.ended(self.settings, &self.package),
            ended_beside: self.registry.ended_beside(self.settings, &self.package, &self.request.product_key),
            running,
        };
        if Call::current().stop().is_cancelled() {
            diagnostics.errors.push(text::interrupted_before(&about(None)));
            return None;
        }
        let before = match Before::look(self.client, &self.package).await {
            Ok(before) => Some(before),
            // Whoever may not list, or names a package that does not exist, is told by the call itself.
            Err(error) if error.kind() == FailureKind::Refused => {
                tracing::warn!(code = error.code(), "the package's jobs cannot be listed");
                None
            }
            Err(error) => {
                diagnostics.errors.push(text::nothing_sent(&about(None), &error));
                return None;
            }
        };
        let failed = match self.call(before.as_ref()).await {
            Ok(created) => return Some(created),
            Err(failed) => failed,
        };
        let about = about(before.as_ref().and_then(|before| before.running.as_deref()));
        diagnostics.errors.push(match failed {
            Failed::Refused(error) => text::not_created(&about, &error),
            Failed::Absent(error, why_not_again) => text::proven_absent(&about, &error, why_not_again),
            Failed::Undecided { lost, strangers, not_looked } => {
                text::create_unresolved(&about, &lost, &strangers, not_looked.as_ref())
            }
        });
        None
    }

    async fn call(&self, before: Option<&Before>) -> Result<Created, Failed> {
        // The call whose answer was lost, if there was one.
        let mut lost: Option<Error> = None;
        loop {
            let error = match patience::acting(self.client).send(self.request).await {
                Ok(answer) => {
                    self.registry.claim(self.settings, &answer.data.job_id);
                    return Ok(answer.data.into());
                }
                Err(error) => error,
            };
            // After a lost answer, a refusal for a reason that is not documented can mean that there is a job by now, which
            // is not shown yet.
            let exists = lost.is_some() && error.is_refused_for_unknown_reason();
            if error.kind() != FailureKind::OutcomeUnknown && !exists {
                return Err(Failed::Refused(error));
            }
            let error = lost.unwrap_or(error);
            let Some(before) = before else {
                return Err(Failed::Undecided { lost: error, strangers: Vec::new(), not_looked: None });
            };
            match self.find_out(before, exists).await {
                Found::Ours(job_id, job) => {
                    tracing::warn!(job_id, "the answer was lost, and the job was found");
                    let utc_create = job.utc_create.clone().unwrap_or_default();
                    return Ok(Created { job_id, utc_create, described: Some(job) });
                }
                Found::Nothing if Call::current().stop().is_cancelled() => {
                    return Err(Failed::Absent(error, "The run was interrupted, so it was not tried again."));
                }
                Found::Nothing if self.patience.is_over() => {
                    return Err(Failed::Absent(error, "The create timeout is over, so it was not tried again."));
                }
                Found::Nothing => tracing::warn!("the answer was lost, and no job came about: it is asked for again"),
                Found::Undecided(strangers, not_looked) => {
                    return Err(Failed::Undecided { lost: error, strangers, not_looked });
                }
            }
            lost = Some(error);
        }
    }

    async fn find_out(&self, before: &Before, exists: bool) -> Found {
        let search = Search {
            client: self.client,
            settings: self.settings,
            registry: self.registry,
            package: &self.package,
            request: self.request,
            before,
        };
        search.find_out(&self.patience, exists).await
    }
}

/// How the calls can end without a job.
enum Failed {
    /// No call created anything, by the service's word.
    Refused(Error),
    /// No call created anything, as the package's list has shown; and why it was not tried again.
    Absent(Error, &'static str),
    /// Nobody knows.
    Undecided { lost: Error, strangers: Vec<text::Stranger>, not_looked: Option<Error> },
}

/// What the service says of a job that was just created, once it shows it.
async fn describe(client: &Client, diagnostics: &mut Diagnostics, job: &JobReference, time: Duration) -> Option<Job> {
    let patience = Patience::of(time);
    let client = patience.bounds(client);
    let mut pauses = Pauses::new();
    let mut was_hidden = false;
    loop {
        match job.look(&client).await {
            Ok(answer) if answer.data.is_some() => return answer.data,
            Ok(_) => was_hidden = true,
            Err(error) if error.is_job_not_found() => was_hidden = true,
            // The time has ended the last look.
            Err(_) if was_hidden && patience.is_over() => {}
            Err(error) => {
                diagnostics.warnings.push(text::created_but_not_read(&job.described(), &error));
                return None;
            }
        }
        if patience.is_over() || !Call::current().pause(pauses.next()).await {
            diagnostics.warnings.push(text::created_but_not_described(&job.described()));
            return None;
        }
    }
}
