//! The simulated devices: which there are, which versions they have, how they behave. Knows no job, and of tasks only the
//! number of each device's latest one.
//!
//! A device takes twelve bytes; its name, its id and its behaviour are computed. Reading order: `chance` (draws that
//! need no memory), `behaviour`, `names` and `codes`, then the devices themselves here.

mod behaviour;
mod chance;
mod codes;
pub(crate) mod names;
mod permutation;
mod versions;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub(crate) use behaviour::{Attempt, Outcome};
use behaviour::{Behaviour, Member};
pub(crate) use permutation::mixed;
pub(crate) use versions::VersionNumber;

use crate::clock::Millis;
use crate::fixtures::{DeviceFixture, Fixtures, FleetFixture};
use crate::store::TaskNumber;
use crate::table::{RowNumber as _, Table, row_number};
use chance::{Chance, Question};
use versions::Versions;

const DEVICE_SUFFIX: &str = "0500";
const TASK_SUFFIX: &str = "0300";
/// The module that stands for the whole device.
pub(crate) const DEFAULT_MODULE: &str = "default";

row_number! {
    /// A device.
    DeviceNumber
}
row_number! {
    /// A fleet: devices with the same behaviour.
    FleetNumber
}

/// What a device has to remember.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Device {
    fleet: FleetNumber,
    /// Of the module `default`.
    version: VersionNumber,
    latest_task: Option<TaskNumber>,
}

/// Devices with the same behaviour, with consecutive numbers.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Fleet {
    pub(crate) product_key: String,
    group_id: Option<String>,
    naming: Naming,
    first: u32,
    count: u32,
    behaviour: Behaviour,
    /// At the start; without the module `default`.
    modules: Vec<(String, VersionNumber)>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
enum Naming {
    /// The one device has that name.
    Own(String),
    /// A prefix and the number of the device.
    Numbered(String),
}

/// All devices.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Devices {
    start: Millis,
    chance: Chance,
    fleets: Table<FleetNumber, Fleet>,
    devices: Table<DeviceNumber, Device>,
    versions: Versions,
    /// Devices by product key and name, of those that have a name of their own.
    named: HashMap<(String, String), DeviceNumber>,
    /// Versions of modules beside `default`, where they are no longer those of the fleet.
    module_versions: HashMap<(DeviceNumber, String), VersionNumber>,
}

impl Devices {
    /// The devices of the fixtures: those listed one by one first, then the fleets.
    pub(crate) fn new(fixtures: &Fixtures, seed: u64, start: Millis) -> Self {
        let mut devices = Self {
            start,
            chance: Chance::new(seed),
            fleets: Table::new(),
            devices: Table::new(),
            versions: Versions::default(),
            named: HashMap::new(),
            module_versions: HashMap::new(),
        };
        for fixture in &fixtures.devices {
            devices.add_device(fixture);
        }
        for (index, fixture) in fixtures.fleets.iter().enumerate() {
            devices.add_fleet(index, fixture);
        }
        devices
    }

    fn add_device(&mut self, fixture: &DeviceFixture) {
        let fleet = Fleet {
            product_key: fixture.product_key.clone(),
            group_id: fixture.group_id.clone(),
            naming: Naming::Own(fixture.device_name.clone()),
            first: self.count(),
            count: 1,
            behaviour: Behaviour::of_device(fixture),
            modules: self.versions.numbers_of(&fixture.modules),
        };
        let key = (fixture.product_key.clone(), fixture.device_name.clone());
        self.named.insert(key, DeviceNumber::from_index(self.devices.len()));
        self.add(fleet, &fixture.version);
    }

    fn add_fleet(&mut self, index: usize, fixture: &FleetFixture) {
        let fleet = Fleet {
            product_key: fixture.product_key.clone(),
            group_id: fixture.group_id.clone(),
            naming: Naming::Numbered(fixture.prefix(index)),
            first: self.count(),
            count: u32::try_from(fixture.count).unwrap_or(u32::MAX),
            behaviour: Behaviour::of_fleet(fixture),
            modules: self.versions.numbers_of(&fixture.modules),
        };
        self.add(fleet, &fixture.version);
    }

    fn add(&mut self, fleet: Fleet, version: &str) {
        let version = self.versions.number_of(version);
        let count = fleet.count;
        let fleet = self.fleets.add(fleet);
        for _ in 0..count {
            self.devices.add(Device { fleet, version, latest_task: None });
        }
    }

    /// How many devices there are, joined or not.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.devices.len()).unwrap_or(u32::MAX)
    }

    /// All devices.
    pub(crate) fn numbers(&self) -> impl DoubleEndedIterator<Item = DeviceNumber> + use<> {
        self.devices.numbers()
    }

    /// The devices of a product, joined or not.
    pub(crate) fn of_product(&self, product_key: &str) -> impl Iterator<Item = DeviceNumber> {
        self.fleets.rows().filter(move |fleet| fleet.product_key == product_key).flat_map(Fleet::devices)
    }

    /// Whether the product has any device.
    pub(crate) fn has_any(&self, product_key: &str) -> bool {
        self.fleets.rows().any(|fleet| fleet.product_key == product_key)
    }

    /// The device of that name, if it has joined.
    pub(crate) fn named(&self, product_key: &str, name: &str, now: Millis) -> Option<DeviceNumber> {
        let own = self.named.get(&(product_key.to_owned(), name.to_owned())).copied();
        // Those of one device come before: there can be as many as names that are looked for.
        let numbered = self.fleets.rows().rev().take_while(|fleet| matches!(fleet.naming, Naming::Numbered(_)));
        let mut fleets = numbered.filter(|fleet| fleet.product_key == product_key);
        let device = own.or_else(|| fleets.find_map(|fleet| fleet.numbered(name)));
        device.filter(|device| self.has_joined(*device, now))
    }

    /// The device of that `IotId`, if it has joined.
    pub(crate) fn with_id(&self, id: &str, now: Millis) -> Option<DeviceNumber> {
        let number = codes::number_of(id, self.chance.codes(), DEVICE_SUFFIX)?;
        let device = DeviceNumber::from_index(usize::try_from(number).ok()?);
        self.devices.get(device)?;
        Some(device).filter(|device| self.has_joined(*device, now))
    }

    /// The wire's `IotId`.
    pub(crate) fn id(&self, device: DeviceNumber) -> String {
        codes::code_of(device.index() as u64, self.chance.codes(), DEVICE_SUFFIX)
    }

    /// The wire's `TaskId`.
    pub(crate) fn task_id(&self, task: TaskNumber) -> String {
        codes::code_of(task.index() as u64, self.chance.codes(), TASK_SUFFIX)
    }

    /// The task of that `TaskId`; whether it exists is for the caller to find out.
    pub(crate) fn task_with_id(&self, id: &str) -> Option<TaskNumber> {
        let number = codes::number_of(id, self.chance.codes(), TASK_SUFFIX)?;
        Some(TaskNumber::from_index(usize::try_from(number).ok()?))
    }

    /// The name.
    pub(crate) fn name(&self, device: DeviceNumber) -> String {
        let fleet = self.fleet(device);
        match &fleet.naming {
            Naming::Own(name) => name.clone(),
            Naming::Numbered(prefix) => names::name_of(prefix, fleet.place_of(device)),
        }
    }

    /// The fleet of a device.
    pub(crate) fn fleet(&self, device: DeviceNumber) -> &Fleet {
        self.fleets.row(self.devices.row(device).fleet)
    }

    /// Whether the device is in the dynamic group.
    pub(crate) fn is_in_group(&self, device: DeviceNumber, group_id: &str) -> bool {
        self.fleet(device).group_id.as_deref() == Some(group_id)
    }

    /// The device, to be asked about its behaviour.
    pub(crate) fn member(&self, device: DeviceNumber) -> Member<'_> {
        let fleet = self.fleet(device);
        Member {
            behaviour: &fleet.behaviour,
            chance: self.chance,
            first: fleet.first,
            number: fleet.place_of(device),
            count: fleet.count,
            start: self.start,
        }
    }

    /// Whether the device is there by now.
    pub(crate) fn has_joined(&self, device: DeviceNumber, now: Millis) -> bool {
        self.member(device).joins() <= now
    }

    /// Whether the device is online by now.
    pub(crate) fn is_online(&self, device: DeviceNumber, now: Millis) -> bool {
        self.member(device).online_since().is_some_and(|since| since <= now)
    }

    /// What a device says that failed for the reason of that number.
    pub(crate) fn failure_reason(&self, device: DeviceNumber, reason: u16) -> &str {
        self.fleet(device).behaviour.reason(reason)
    }

    /// The devices in a changed order, for a job that takes a part of them.
    pub(crate) fn in_random_order(&self, mut devices: Vec<DeviceNumber>, occasion: u64) -> Vec<DeviceNumber> {
        let draw = |device: &DeviceNumber| self.chance.unit(Question::Gray, device.index() as u64, occasion);
        devices.sort_by(|one, other| draw(one).total_cmp(&draw(other)));
        devices
    }

    /// The task that the device got last.
    pub(crate) fn latest_task(&self, device: DeviceNumber) -> Option<TaskNumber> {
        self.devices.row(device).latest_task
    }

    /// Remembers the task that the device got last.
    pub(crate) fn set_latest_task(&mut self, device: DeviceNumber, task: TaskNumber) {
        self.devices.row_mut(device).latest_task = Some(task);
    }

    /// The number of a version, the same for the same text.
    pub(crate) fn version_number(&mut self, version: &str) -> VersionNumber {
        self.versions.number_of(version)
    }

    /// The text of a version.
    pub(crate) fn version_text(&self, version: VersionNumber) -> &str {
        self.versions.text(version)
    }

    /// The version of a module of the device; `None`: it has no such module.
    pub(crate) fn version(&self, device: DeviceNumber, module_name: &str) -> Option<VersionNumber> {
        if module_name == DEFAULT_MODULE {
            return Some(self.devices.row(device).version);
        }
        let changed = self.module_versions.get(&(device, module_name.to_owned())).copied();
        changed.or_else(|| self.fleet(device).initial_version(module_name))
    }

    /// How many devices have each version of the module `default`, by product; a product can come several times.
    pub(crate) fn version_counts(&self, now: Millis) -> HashMap<(&str, VersionNumber), u64> {
        let mut counts = HashMap::new();
        for fleet in self.fleets.rows() {
            for device in fleet.devices().filter(|device| self.has_joined(*device, now)) {
                *counts.entry((fleet.product_key.as_str(), self.devices.row(device).version)).or_default() += 1;
            }
        }
        counts
    }

    /// The modules of the device with their versions, `default` first.
    pub(crate) fn modules(&self, device: DeviceNumber) -> Vec<(&str, VersionNumber)> {
        let own = self.fleet(device).modules.iter().map(|(name, _)| name.as_str());
        let names = std::iter::once(DEFAULT_MODULE).chain(own);
        names.filter_map(|name| self.version(device, name).map(|version| (name, version))).collect()
    }

    /// The device has another version of a module from now on.
    pub(crate) fn set_version(&mut self, device: DeviceNumber, module_name: &str, version: VersionNumber) {
        if module_name == DEFAULT_MODULE {
            self.devices.row_mut(device).version = version;
        } else {
            self.module_versions.insert((device, module_name.to_owned()), version);
        }
    }
}

impl Fleet {
    fn devices(&self) -> impl Iterator<Item = DeviceNumber> + use<> {
        (self.first..self.first.saturating_add(self.count)).map(|index| DeviceNumber::from_index(index as usize))
    }

    fn place_of(&self, device: DeviceNumber) -> u32 {
        u32::try_from(device.index()).unwrap_or(u32::MAX).saturating_sub(self.first)
    }

    fn numbered(&self, name: &str) -> Option<DeviceNumber> {
        let Naming::Numbered(prefix) = &self.naming else { return None };
        let number = names::number_in(name, prefix, u64::from(self.count))?;
        Some(DeviceNumber::from_index(self.first.saturating_add(number) as usize))
    }

    fn initial_version(&self, module_name: &str) -> Option<VersionNumber> {
        self.modules.iter().find_map(|(name, version)| (name == module_name).then_some(*version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An uploaded list can have as many names. Each looked for among all devices, they would take minutes.
    #[test]
    fn names_of_a_fleet_are_found_beside_many_devices() {
        const COUNT: u32 = 100_000;
        let device =
            |number| serde_json::json!({"product_key": "p", "device_name": format!("d{number}"), "version": "1"});
        let devices: Vec<_> = (0..COUNT).map(device).collect();
        let fleets = ["p", "q"]
            .map(|product_key| serde_json::json!({"product_key": product_key, "count": COUNT, "version": "1"}));
        let fixtures = serde_json::from_value(serde_json::json!({"devices": devices, "fleets": fleets})).unwrap();
        let devices = Devices::new(&fixtures, 1, 0);
        for (number, place) in (1..=COUNT).zip(COUNT..) {
            let device = devices.named("p", &format!("f1-{number:07}"), 0);
            assert_eq!(device, Some(DeviceNumber::from_index(place as usize)));
            assert_eq!(devices.named("p", &number.to_string(), 0), None);
        }
        assert_eq!(devices.named("p", "d7", 0), Some(DeviceNumber::from_index(7)));
        assert_eq!(devices.named("p", "f2-0000001", 0), None, "of another product");
    }
}
