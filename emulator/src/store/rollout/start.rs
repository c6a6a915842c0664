//! A job starts: it chooses its devices, and each of them gets a task.

use crate::clock::{Millis, millis};
use crate::fleet::DeviceNumber;
use crate::store::events::Event;
use crate::store::job::Target;
use crate::store::{
    Job, JobKind, JobNumber, JobStatus, NewJob, Reason, Selection, Store, Task, TaskNumber, TaskStatus,
    VerificationStatus,
};

/// Simulated time that a verification takes on devices that nobody simulates.
const VERIFICATION_TIME: Millis = 5_000;

impl Store {
    /// Adds a job, and starts it unless it is scheduled. A verification makes its package one that is being verified.
    pub(crate) fn add_job(&mut self, new: NewJob) -> JobNumber {
        let target = self.target_of(&new);
        let at = millis(new.created);
        let job = Job::planned(new, target);
        let (id, schedule) = (job.id.clone(), job.schedule());
        let number = self.jobs.add(job);
        self.job_numbers.insert(id, number);
        match schedule {
            None => self.start_job(number, at),
            Some(schedule) => self.events.add(schedule.start, Event::JobStarts(number)),
        }
        number
    }

    fn target_of(&mut self, new: &NewJob) -> Target {
        let firmware = self.firmwares.get(&new.firmware_id);
        let difference = firmware.and_then(|firmware| firmware.src_version.clone());
        let version = firmware.map(|firmware| firmware.dest_version.clone()).unwrap_or_default();
        let module_name = firmware.map(|firmware| firmware.module_name.clone()).unwrap_or_default();
        let listed = match &new.kind {
            JobKind::Static { policy, .. } | JobKind::Dynamic { policy, .. } => policy.src_versions.clone(),
            JobKind::Verification { .. } => Vec::new(),
        };
        let sources = if listed.is_empty() { difference.into_iter().collect() } else { listed };
        Target {
            module_name,
            version: self.devices.version_number(&version),
            sources: sources.iter().map(|version| self.devices.version_number(version)).collect(),
        }
    }

    pub(super) fn scheduled_job_starts(&mut self, job: JobNumber, at: Millis) {
        if self.jobs.row(job).status != JobStatus::Planned {
            return; // Cancelled in the meantime.
        }
        if let Some(finish) = self.jobs.row(job).schedule().and_then(|schedule| schedule.finish) {
            self.events.add(finish, Event::JobCloses(job));
        }
        self.start_job(job, at);
    }

    fn start_job(&mut self, job: JobNumber, at: Millis) {
        self.jobs.row_mut(job).set_status(JobStatus::InProgress, at);
        let devices = match self.jobs.row(job).kind.clone() {
            JobKind::Verification { devices } => self.start_verification(job, &devices, at),
            JobKind::Static { selection, .. } => self.selected(job, &selection, at),
            JobKind::Dynamic { dynamic_mode, .. } => {
                self.policies.push(job);
                if dynamic_mode == 1 { self.selected(job, &Selection::All, at) } else { Vec::new() }
            }
        };
        for device in &devices {
            self.add_task(job, *device, at);
        }
        if !devices.is_empty() || matches!(self.jobs.row(job).kind, JobKind::Static { .. }) {
            self.complete_if_over(job, at);
        }
    }

    fn start_verification(&mut self, job: JobNumber, names: &[String], at: Millis) -> Vec<DeviceNumber> {
        if let Some(firmware) = self.firmwares.get_mut(&self.jobs.row(job).firmware_id) {
            firmware.set_status(VerificationStatus::BeingVerified, self.jobs.row(job).created);
        }
        let devices = self.named_devices(job, names, at);
        if devices.is_empty() {
            self.events.add(at + VERIFICATION_TIME, Event::VerificationEnds(job));
        }
        devices
    }

    fn named_devices(&self, job: JobNumber, names: &[String], at: Millis) -> Vec<DeviceNumber> {
        let product_key = &self.jobs.row(job).product_key;
        names.iter().filter_map(|name| self.devices.named(product_key, name, at)).collect()
    }

    /// The devices that a job takes at its start. Those that have the version already are left out.
    fn selected(&self, job: JobNumber, selection: &Selection, at: Millis) -> Vec<DeviceNumber> {
        let is_taken = |device: &DeviceNumber| self.devices.has_joined(*device, at) && self.is_target(job, *device);
        match selection {
            Selection::Specific(names) => {
                let named = self.named_devices(job, names, at);
                named.into_iter().filter(is_taken).collect()
            }
            Selection::All => self.devices.of_product(&self.jobs.row(job).product_key).filter(is_taken).collect(),
            Selection::Gray(percent) => {
                let all: Vec<_> = self.devices.of_product(&self.jobs.row(job).product_key).filter(is_taken).collect();
                // Rounded down, but at least one. A percentage is a decimal of at most three places, which binary
                // fractions are not: 0.57 of 100 times 10,000 would be 56.
                let count = (all.len() * (percent * 1_000.0).round() as usize / 100_000).max(1);
                let chosen = self.devices.in_random_order(all, self.jobs.len() as u64);
                chosen.into_iter().take(count).collect()
            }
        }
    }

    /// Whether the job updates the device as it is now.
    pub(super) fn is_target(&self, job: JobNumber, device: DeviceNumber) -> bool {
        let target = &self.jobs.row(job).progress.target;
        self.covers(job, device) && self.devices.version(device, &target.module_name) != Some(target.version)
    }

    /// Whether the device is one that the job is for: by group, and by the version that it has.
    pub(super) fn covers(&self, job: JobNumber, device: DeviceNumber) -> bool {
        let job = self.jobs.row(job);
        let target = &job.progress.target;
        let Some(version) = self.devices.version(device, &target.module_name) else {
            return false;
        };
        let group_id = job.policy().and_then(|policy| policy.group_id.as_deref());
        (target.sources.is_empty() || target.sources.contains(&version))
            && group_id.is_none_or(|group_id| self.devices.is_in_group(device, group_id))
    }

    /// Gives the device a task. One that is pending or updating elsewhere keeps that, and the new task fails, unless
    /// the job replaces pending ones; a task in progress is never replaced.
    pub(super) fn add_task(&mut self, job: JobNumber, device: DeviceNumber, at: Millis) {
        let earlier = self.conflicting_tasks(job, device);
        let replaces = self.jobs.row(job).policy().is_some_and(|policy| policy.overwrite_mode == 2);
        let is_updating = |task: &TaskNumber| self.tasks.row(*task).status == TaskStatus::InProgress;
        if !earlier.is_empty() && (!replaces || earlier.iter().any(is_updating)) {
            self.insert_task(job, device, TaskStatus::Failed, Reason::Busy, at);
            return;
        }
        for task in earlier {
            self.set_status(task, TaskStatus::Canceled, Reason::Replaced, at);
        }
        let needs_confirmation = self.jobs.row(job).settings.need_confirm;
        let status = if needs_confirmation { TaskStatus::Confirm } else { TaskStatus::Queued };
        let task = self.insert_task(job, device, status, Reason::None, at);
        if !needs_confirmation {
            self.offer(task, at);
        }
    }

    /// The tasks for which the device cannot take one of this job: all active ones, or in the mode for several modules
    /// those for the same module.
    pub(super) fn conflicting_tasks(&self, job: JobNumber, device: DeviceNumber) -> Vec<TaskNumber> {
        let module_name = |job: JobNumber| &self.jobs.row(job).progress.target.module_name;
        let several = self.jobs.row(job).policy().is_some_and(|policy| policy.multi_module_mode);
        let active = self.tasks_of_device(device).filter(|task| self.tasks.row(*task).status.is_active());
        active.filter(|task| !several || module_name(self.tasks.row(*task).job) == module_name(job)).collect()
    }

    fn insert_task(
        &mut self,
        job: JobNumber,
        device: DeviceNumber,
        status: TaskStatus,
        reason: Reason,
        at: Millis,
    ) -> TaskNumber {
        let timeout = self.jobs.row(job).settings.timeout_in_minutes.unwrap_or_default();
        let src_version = self.devices.version(device, &self.jobs.row(job).progress.target.module_name);
        let task = self.tasks.add(Task {
            created: at,
            modified: at,
            device,
            job,
            previous: self.devices.latest_task(device),
            src_version: src_version.unwrap_or(self.jobs.row(job).progress.target.version),
            timeout: u16::try_from(timeout).unwrap_or(u16::MAX),
            generation: 0,
            status,
            reason,
            tries: 0,
            failures: 0,
            progress: 0,
        });
        self.devices.set_latest_task(device, task);
        let progress = &mut self.jobs.row_mut(job).progress;
        progress.history.before_change(at, &progress.counts);
        progress.counts.add(status);
        progress.tasks.push(task);
        task
    }
}
