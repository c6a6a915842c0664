//! What exists: packages and jobs. Knows no wire names and no parameters' ranges.

mod firmware;
mod job;
mod module;

use std::collections::BTreeMap;

use time::OffsetDateTime;

pub(crate) use firmware::{Firmware, FirmwareFile, InstanceScope, VerificationStatus};
pub(crate) use job::{DynamicPolicy, Job, JobKind, JobSettings, JobStatus, JobUpdate, Retry, Tag};

pub(crate) use module::{DEFAULT_MODULE, Module};

use crate::fixtures::Fixtures;
use crate::randomness::Randomness;

/// Everything that exists in the emulated account.
#[derive(Debug)]
pub(crate) struct Store {
    /// What the store began with; products, devices and fleets are only ever there.
    pub(crate) fixtures: Fixtures,
    firmwares: BTreeMap<String, Firmware>,
    jobs: BTreeMap<String, Job>,
    modules: Vec<Module>,
}

impl Store {
    /// The store as the fixtures describe it.
    pub(crate) fn new(fixtures: &Fixtures, now: OffsetDateTime) -> Self {
        let firmwares = fixtures.firmwares.iter().map(|fixture| Firmware::from_fixture(fixture, now));
        Self {
            fixtures: fixtures.clone(),
            firmwares: firmwares.map(|firmware| (firmware.id.clone(), firmware)).collect(),
            jobs: BTreeMap::new(),
            modules: Vec::new(),
        }
    }

    /// Lets everything happen whose time has come. Called before each look at the store.
    pub(crate) fn settle(&mut self, now: OffsetDateTime) {
        for job in self.jobs.values_mut() {
            let Some(due) = job.verification_due().filter(|due| *due <= now) else {
                continue;
            };
            job.end(JobStatus::Completed, due);
            if let Some(firmware) = self.firmwares.get_mut(&job.firmware_id) {
                firmware.set_status(VerificationStatus::Verified, due);
            }
        }
    }

    /// All packages, in the order of their ids, which is no order of time.
    pub(crate) fn firmwares(&self) -> impl Iterator<Item = &Firmware> {
        self.firmwares.values()
    }

    /// A package.
    pub(crate) fn firmware(&self, id: &str) -> Option<&Firmware> {
        self.firmwares.get(id)
    }

    /// Adds a package.
    pub(crate) fn add_firmware(&mut self, firmware: Firmware) {
        self.firmwares.insert(firmware.id.clone(), firmware);
    }

    /// A package, to change it.
    pub(crate) fn firmware_mut(&mut self, id: &str) -> Option<&mut Firmware> {
        self.firmwares.get_mut(id)
    }

    /// Removes a package.
    pub(crate) fn remove_firmware(&mut self, id: &str) {
        self.firmwares.remove(id);
    }

    /// The modules of a product but `default`.
    pub(crate) fn modules(&self, product_key: &str) -> impl Iterator<Item = &Module> {
        self.modules.iter().filter(move |module| module.product_key == product_key)
    }

    /// A module of a product.
    pub(crate) fn module(&self, product_key: &str, name: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.is(product_key, name))
    }

    /// A module of a product, to change it.
    pub(crate) fn module_mut(&mut self, product_key: &str, name: &str) -> Option<&mut Module> {
        self.modules.iter_mut().find(|module| module.is(product_key, name))
    }

    /// Adds a module.
    pub(crate) fn add_module(&mut self, module: Module) {
        self.modules.push(module);
    }

    /// Removes a module.
    pub(crate) fn remove_module(&mut self, product_key: &str, name: &str) {
        self.modules.retain(|module| !module.is(product_key, name));
    }

    /// All jobs, in the order of their ids, which is no order of time.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values()
    }

    /// A job.
    pub(crate) fn job(&self, id: &str) -> Option<&Job> {
        self.jobs.get(id)
    }

    /// A job, to change it.
    pub(crate) fn job_mut(&mut self, id: &str) -> Option<&mut Job> {
        self.jobs.get_mut(id)
    }

    /// Adds a job. A verification job makes its package one that is being verified.
    pub(crate) fn add_job(&mut self, job: Job) {
        if let (JobKind::Verification, Some(firmware)) = (&job.kind, self.firmwares.get_mut(&job.firmware_id)) {
            firmware.set_status(VerificationStatus::BeingVerified, job.created);
        }
        self.jobs.insert(job.id.clone(), job);
    }

    /// An id that no job has.
    pub(crate) fn free_job_id(&self, randomness: &mut Randomness) -> String {
        free_id(&self.jobs, randomness, "0200")
    }

    /// An id that no package has.
    pub(crate) fn free_firmware_id(&self, randomness: &mut Randomness) -> String {
        free_id(&self.firmwares, randomness, "0100")
    }
}

fn free_id<V>(taken: &BTreeMap<String, V>, randomness: &mut Randomness, suffix: &str) -> String {
    loop {
        let id = randomness.id(suffix);
        if !taken.contains_key(&id) {
            return id;
        }
    }
}
