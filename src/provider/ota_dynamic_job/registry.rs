//! What this process knows of jobs beside their states: who has which, and what was done here.
//!
//! The protocol tells a resource nothing of its neighbours, and a tainted one not even of itself. What passes through
//! this process fills the gap: each state that is read here names a job which is taken.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::choice::OnDestroy;
use super::model::{OtaDynamicJobModel, known};
use crate::provider::config::Settings;

/// An update package as an instance sees it: what one running dynamic job is allowed for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Package {
    pub(super) iot_instance_id: Option<String>,
    pub(super) firmware_id: String,
}

impl Package {
    /// None as long as it is not known which one it is.
    pub(super) fn of(job: &OtaDynamicJobModel) -> Option<Self> {
        if job.iot_instance_id.is_unknown() {
            return None;
        }
        let firmware_id = known(&job.firmware_id)?.to_owned();
        Some(Self { iot_instance_id: known(&job.iot_instance_id).map(str::to_owned), firmware_id })
    }
}

/// Whose a running job is, as far as this process can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// No state that was read here has it.
    Nobody,
    /// A state has it. It is that of the resource which is planned, if that one is tainted.
    SomeState { on_destroy: OnDestroy },
    /// Another resource has it for certain: it was planned with it, or has made it in this process.
    AnotherResource,
}

/// A job that was cancelled in this process.
#[derive(Debug)]
struct Ended {
    job_id: String,
    product_key: Option<String>,
}

/// Shared by all jobs of a process. A clone is the same registry.
#[derive(Debug, Clone, Default)]
pub(super) struct Registry(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    /// Jobs that a state names, which stay known when the provider is configured again.
    in_state: HashMap<String, OnDestroy>,
    run: Run,
}

/// What holds from one configuration of the provider to the next, since a debugged process serves many commands.
#[derive(Debug, Default)]
struct Run {
    settings: Weak<Settings>,
    /// Jobs of resources that were planned with them, or that came about here.
    held: HashSet<String>,
    /// Packages for which a new job was planned.
    planned: HashSet<Package>,
    creating: HashMap<Package, Arc<tokio::sync::Mutex<()>>>,
    ended: HashMap<Package, Ended>,
    said: HashSet<String>,
}

impl Registry {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The run that these settings belong to.
    fn run<T>(&self, settings: &Arc<Settings>, work: impl FnOnce(&mut Inner) -> T) -> T {
        let mut inner = self.inner();
        if !std::ptr::eq(inner.run.settings.as_ptr(), Arc::as_ptr(settings)) {
            inner.run = Run { settings: Arc::downgrade(settings), ..Run::default() };
        }
        work(&mut inner)
    }

    /// A state that names a job was read.
    pub(super) fn seen(&self, state: &OtaDynamicJobModel) {
        if let Some(job_id) = known(&state.job_id) {
            self.inner().in_state.insert(job_id.to_owned(), state.on_destroy());
        }
    }

    /// A resource was planned with the job that it has.
    pub(super) fn planned_with(&self, settings: &Arc<Settings>, job_id: &str) {
        self.run(settings, |inner| inner.run.held.insert(job_id.to_owned()));
    }

    /// A new job was planned. False if one was planned for the same package before, by another resource: each is planned
    /// once in the life of a provider process.
    pub(super) fn plan_new(&self, settings: &Arc<Settings>, package: &Package) -> bool {
        self.run(settings, |inner| inner.run.planned.insert(package.clone()))
    }

    /// Takes a job for a resource. False if a state or another resource has it.
    pub(super) fn claim(&self, settings: &Arc<Settings>, job_id: &str) -> bool {
        self.run(settings, |inner| !inner.in_state.contains_key(job_id) && inner.run.held.insert(job_id.to_owned()))
    }

    /// Whose a running job is.
    pub(super) fn holder(&self, settings: &Arc<Settings>, job_id: &str) -> Holder {
        self.run(settings, |inner| match inner.in_state.get(job_id) {
            _ if inner.run.held.contains(job_id) => Holder::AnotherResource,
            Some(on_destroy) => Holder::SomeState { on_destroy: *on_destroy },
            None => Holder::Nobody,
        })
    }

    /// What to hold while a job is created, so that no other resource takes it for its own: one job at a time for one
    /// package.
    pub(super) fn creating(&self, settings: &Arc<Settings>, package: &Package) -> Arc<tokio::sync::Mutex<()>> {
        self.run(settings, |inner| Arc::clone(inner.run.creating.entry(package.clone()).or_default()))
    }

    /// A job was cancelled in this process.
    pub(super) fn has_ended(&self, settings: &Arc<Settings>, state: &OtaDynamicJobModel) {
        let (Some(package), Some(job_id)) = (Package::of(state), known(&state.job_id)) else { return };
        let ended = Ended { job_id: job_id.to_owned(), product_key: known(&state.product_key).map(str::to_owned) };
        self.run(settings, |inner| {
            inner.run.held.remove(job_id);
            inner.run.ended.insert(package, ended);
        });
    }

    /// The job of a package that was cancelled in this process.
    pub(super) fn ended(&self, settings: &Arc<Settings>, package: &Package) -> Option<String> {
        self.run(settings, |inner| inner.run.ended.get(package).map(|ended| ended.job_id.clone()))
    }

    /// Jobs of other packages of a product that were cancelled in this process, by package and job: the new job of a
    /// package may be what was to take the place of one of them.
    pub(super) fn ended_beside(
        &self,
        settings: &Arc<Settings>,
        package: &Package,
        product_key: &str,
    ) -> BTreeMap<String, String> {
        let is_beside = |other: &Package, ended: &Ended| {
            other != package
                && other.iot_instance_id == package.iot_instance_id
                && ended.product_key.as_deref() == Some(product_key)
        };
        self.run(settings, |inner| {
            let ended = inner.run.ended.iter().filter(|(package, ended)| is_beside(package, ended));
            ended.map(|(package, ended)| (package.firmware_id.clone(), ended.job_id.clone())).collect()
        })
    }

    /// Whether any job was cancelled in this process.
    pub(super) fn has_cancelled(&self, settings: &Arc<Settings>) -> bool {
        self.run(settings, |inner| !inner.run.ended.is_empty())
    }

    /// Whether something is said for the first time in this run.
    pub(super) fn is_news(&self, settings: &Arc<Settings>, what: &str) -> bool {
        self.run(settings, |inner| inner.run.said.insert(what.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use tf_provider::value::Value;

    use super::*;
    use crate::provider::config::Preflight;
    use crate::provider::limits::Edition;

    fn configured() -> Arc<Settings> {
        Arc::new(Settings {
            region: Value::Null,
            iot_instance_id: Value::Null,
            edition: Edition::default(),
            preflight: Preflight::default(),
            client: Err(Vec::new()),
        })
    }

    fn with(job_id: &str, on_destroy: &str) -> OtaDynamicJobModel {
        let text = |text: &str| Value::Value(text.to_owned());
        OtaDynamicJobModel { job_id: text(job_id), on_destroy: text(on_destroy), ..OtaDynamicJobModel::default() }
    }

    #[test]
    fn a_job_of_a_state_may_be_that_of_a_tainted_resource() {
        let (registry, settings) = (Registry::default(), configured());
        assert_eq!(registry.holder(&settings, "job"), Holder::Nobody);
        registry.seen(&with("job", "keep"));
        assert_eq!(registry.holder(&settings, "job"), Holder::SomeState { on_destroy: OnDestroy::Keep });
        registry.planned_with(&settings, "job");
        assert_eq!(
            registry.holder(&settings, "job"),
            Holder::AnotherResource,
            "a tainted one is planned without its job"
        );
    }

    #[test]
    fn a_job_is_claimed_once() {
        let (registry, settings) = (Registry::default(), configured());
        assert!(registry.claim(&settings, "new") && !registry.claim(&settings, "new"));
        registry.seen(&with("old", "keep"));
        assert!(!registry.claim(&settings, "old"));
    }

    #[test]
    fn a_new_configuration_begins_a_new_run() {
        let (registry, first, second) = (Registry::default(), configured(), configured());
        let package = Package { iot_instance_id: None, firmware_id: "fw".to_owned() };
        assert!(registry.plan_new(&first, &package) && !registry.plan_new(&first, &package));
        let text = |text: &str| Value::Value(text.to_owned());
        let old = OtaDynamicJobModel { firmware_id: text("fw"), product_key: text("p"), ..with("old", "keep") };
        registry.has_ended(&first, &old);
        registry.has_ended(&first, &OtaDynamicJobModel { firmware_id: text("fw2"), ..old.clone() });
        registry.has_ended(&first, &OtaDynamicJobModel { firmware_id: text("fw3"), product_key: text("q"), ..old });
        registry.seen(&with("job", "keep"));
        assert_eq!(registry.ended(&first, &package).as_deref(), Some("old"));
        let beside = registry.ended_beside(&first, &package, "p");
        assert_eq!(beside, [("fw2".to_owned(), "old".to_owned())].into(), "neither its own nor another product's");
        assert!(registry.plan_new(&second, &package), "the next command plans anew");
        assert_eq!(registry.ended(&second, &package), None);
        assert_ne!(registry.holder(&second, "job"), Holder::Nobody, "a state is read before or after");
    }
}
