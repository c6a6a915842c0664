//! A device joins or reports a version, and the newest policy that fits it takes it.

use crate::clock::Millis;
use crate::fleet::{DEFAULT_MODULE, DeviceNumber, VersionNumber};
use crate::store::events::Event;
use crate::store::{JobNumber, Store};

impl Store {
    /// Plans what the devices do without an update.
    pub(in crate::store) fn plan_devices(&mut self, start: Millis) {
        for device in self.devices.numbers() {
            let member = self.devices.member(device);
            let joins = member.joins();
            if joins > start {
                self.events.add(joins, Event::DeviceJoins(device));
            }
            if let Some(returns) = member.online_since().filter(|since| *since > joins) {
                self.events.add(returns, Event::DeviceReturns(device));
            }
            for (at, report) in member.reports() {
                self.events.add(at, Event::DeviceReports(device, report));
            }
        }
    }

    pub(super) fn device_joins(&mut self, device: DeviceNumber, at: Millis) {
        let modules: Vec<String> = self.devices.modules(device).into_iter().map(|(name, _)| name.to_owned()).collect();
        for module_name in modules {
            self.follow_policy(device, &module_name, at);
        }
    }

    pub(super) fn device_reports(&mut self, device: DeviceNumber, report: u16, at: Millis) {
        let Some(version) = self.devices.member(device).reported_version(report) else {
            return;
        };
        let version = self.devices.version_number(&version);
        self.device_has(device, DEFAULT_MODULE, version, at);
    }

    /// The device reports the version. Only a new one makes policies look at it.
    pub(super) fn device_has(&mut self, device: DeviceNumber, module_name: &str, version: VersionNumber, at: Millis) {
        if self.devices.version(device, module_name) == Some(version) {
            return;
        }
        self.devices.set_version(device, module_name, version);
        self.follow_policy(device, module_name, at);
    }

    /// Of several policies that cover the device, the newest one counts, even if it has nothing left to do: an older
    /// one must not take back what a newer one has brought.
    fn follow_policy(&mut self, device: DeviceNumber, module_name: &str, at: Millis) {
        let covers = |job: &JobNumber| {
            let candidate = self.jobs.row(*job);
            candidate.product_key == self.devices.fleet(device).product_key
                && candidate.progress.target.module_name == module_name
                && self.covers(*job, device)
        };
        let newest = self.policies.iter().rev().copied().find(covers);
        let has_task = |job| {
            let mut tasks = self.tasks_of_device(device).map(|task| self.tasks.row(task));
            tasks.any(|task| task.job == job && task.status.is_active())
        };
        // One that waits for the job's update already gets no second task of it.
        if let Some(job) = newest.filter(|job| self.is_target(*job, device) && !has_task(*job)) {
            self.add_task(job, device, at);
        }
    }
}
