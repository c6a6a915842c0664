//! What exists: packages, jobs, devices and tasks. Knows no wire names and no parameters' ranges.
//!
//! Reading order: `firmware`, `job`, `task`, then `rollout` (what happens by itself) with its tools `events`, `pace`
//! and `history`.

mod events;
mod firmware;
mod history;
mod job;
mod module;
mod pace;
mod rollout;
mod task;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub(crate) use firmware::{Firmware, FirmwareFile, InstanceScope, VerificationStatus};
pub(crate) use history::History;
pub(crate) use job::{
    Job, JobKind, JobNumber, JobSettings, JobStatus, JobUpdate, NewJob, Policy, Retry, Schedule, Selection, Tag,
};
pub(crate) use task::{Reason, Task, TaskCounts, TaskNumber, TaskStatus};

pub(crate) use module::Module;

use crate::clock::millis;
use crate::fixtures::Fixtures;
use crate::fleet::{DeviceNumber, Devices};
use crate::randomness::Randomness;
use crate::table::{RowNumber as _, Table};
use events::Events;

/// Everything that exists in the emulated account.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Store {
    /// What the store began with; products are only ever there.
    #[serde(skip)]
    pub(crate) fixtures: Fixtures,
    pub(crate) devices: Devices,
    firmwares: BTreeMap<String, Firmware>,
    modules: Vec<Module>,
    jobs: Table<JobNumber, Job>,
    job_numbers: BTreeMap<String, JobNumber>,
    tasks: Table<TaskNumber, Task>,
    /// Running dynamic jobs, oldest first.
    policies: Vec<JobNumber>,
    events: Events,
}

impl Store {
    /// The store as the fixtures describe it; `seed` decides what devices do.
    pub(crate) fn new(fixtures: &Fixtures, seed: u64, now: OffsetDateTime) -> Self {
        let firmwares = fixtures.firmwares.iter().map(|fixture| Firmware::from_fixture(fixture, now));
        let mut store = Self {
            fixtures: fixtures.clone(),
            devices: Devices::new(fixtures, seed, millis(now)),
            firmwares: firmwares.map(|firmware| (firmware.id.clone(), firmware)).collect(),
            modules: Vec::new(),
            jobs: Table::new(),
            job_numbers: BTreeMap::new(),
            tasks: Table::new(),
            policies: Vec::new(),
            events: Events::default(),
        };
        store.plan_devices(millis(now));
        store
    }

    /// Lets everything happen whose time has come. Called before each look at the store. Gives the number of events.
    pub(crate) fn settle(&mut self, now: OffsetDateTime) -> usize {
        self.run_until(millis(now))
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

    /// All jobs, oldest first.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.jobs.rows()
    }

    /// The number of the job with that id.
    pub(crate) fn job_number(&self, id: &str) -> Option<JobNumber> {
        self.job_numbers.get(id).copied()
    }

    /// A job.
    pub(crate) fn job(&self, number: JobNumber) -> &Job {
        self.jobs.row(number)
    }

    /// A task.
    pub(crate) fn task(&self, number: TaskNumber) -> &Task {
        self.tasks.row(number)
    }

    /// The task of that `TaskId`.
    pub(crate) fn task_with_id(&self, id: &str) -> Option<TaskNumber> {
        self.devices.task_with_id(id).filter(|task| self.tasks.get(*task).is_some())
    }

    /// The version that the job's package brings.
    pub(crate) fn job_version(&self, job: &Job) -> &str {
        self.devices.version_text(job.progress.target.version)
    }

    /// The module that the job's package is for.
    pub(crate) fn job_module<'a>(&self, job: &'a Job) -> &'a str {
        &job.progress.target.module_name
    }

    /// The tasks of a device, latest first.
    pub(crate) fn tasks_of_device(&self, device: DeviceNumber) -> impl Iterator<Item = TaskNumber> {
        std::iter::successors(self.devices.latest_task(device), |task| self.tasks.row(*task).previous)
    }

    /// The tasks of a job, in an order that means nothing, but stays the same, so that pages of a list fit together.
    pub(crate) fn tasks_of_job(&self, job: JobNumber, randomness: &Randomness) -> impl Iterator<Item = TaskNumber> {
        let tasks = &self.jobs.row(job).progress.tasks;
        randomness.arbitrary_places(tasks.len()).filter_map(|place| tasks.get(place).copied())
    }

    /// What tells the draws of one state of a task from those of every other.
    fn occasion(&self, task: TaskNumber) -> u64 {
        ((task.index() as u64) << 16) | u64::from(self.tasks.row(task).generation)
    }

    /// An id that no job has.
    pub(crate) fn free_job_id(&self, randomness: &mut Randomness) -> String {
        free_id(&self.job_numbers, randomness, "0200")
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
