//! What exists, as JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::clock::{millis, moment, utc_text};
use crate::emulator::World;
use crate::fleet::DEFAULT_MODULE;
use crate::store::{Firmware, Job, TaskCounts};

/// Most devices that are listed if the request does not say.
pub(super) const USUAL_DEVICES: usize = 1_000;

/// Everything; of the devices known by name at most `devices`, of the others only what they have in common.
pub(super) fn shown(world: &World, devices: usize) -> Value {
    let store = &world.store;
    json!({
        "products": store.fixtures.products.as_deref().unwrap_or_default(),
        "firmwares": store.firmwares().map(firmware).collect::<Vec<_>>(),
        "devices": named_devices(world, devices),
        "fleets": store.fixtures.fleets,
        "versions": versions(world),
        "jobs": store.jobs().map(job).collect::<Vec<_>>(),
    })
}

/// How the tasks of a job stood over time; the last point is now. `None`: there is no such job.
pub(super) fn history(world: &World, job_id: &str) -> Option<Value> {
    let job = world.store.job(world.store.job_number(job_id)?);
    let point = |time: String, counts: &TaskCounts| json!({ "time": time, "task_counts": task_counts(counts) });
    let past = job.history().points().iter().map(|(at, counts)| point(utc_text(moment(*at)), counts));
    let now = point(utc_text(world.clock.now()), job.task_counts());
    Some(json!({ "job_id": job.id, "points": past.chain([now]).collect::<Vec<_>>() }))
}

fn firmware(firmware: &Firmware) -> Value {
    json!({
        "firmware_id": firmware.id,
        "product_key": firmware.product_key,
        "firmware_name": firmware.name,
        "dest_version": firmware.dest_version,
        "type": firmware.type_number(),
        "src_version": firmware.src_version,
        "module_name": firmware.module_name,
        "status": firmware.status.number(),
    })
}

/// As in the fixtures, with the versions of now.
fn named_devices(world: &World, most: usize) -> Vec<Value> {
    let (store, now) = (&world.store, millis(world.clock.now()));
    let shown = store.fixtures.devices.iter().take(most).map(|fixture| {
        let mut fixture = fixture.clone();
        if let Some(device) = store.devices.named(&fixture.product_key, &fixture.device_name, now) {
            for (module_name, version) in store.devices.modules(device) {
                let version = store.devices.version_text(version).to_owned();
                if module_name == DEFAULT_MODULE {
                    fixture.version = version;
                } else {
                    fixture.modules.insert(module_name.to_owned(), version);
                }
            }
        }
        json!(fixture)
    });
    shown.collect()
}

/// How many devices of each product have each version of the module `default`.
fn versions(world: &World) -> Vec<Value> {
    let (devices, now) = (&world.store.devices, millis(world.clock.now()));
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for ((product_key, version), count) in devices.version_counts(now) {
        *counts.entry((product_key, devices.version_text(version))).or_default() += count;
    }
    let rows = counts.into_iter().map(
        |((product_key, version), count)| json!({ "product_key": product_key, "version": version, "devices": count }),
    );
    rows.collect()
}

fn job(job: &Job) -> Value {
    json!({
        "job_id": job.id,
        "firmware_id": job.firmware_id,
        "product_key": job.product_key,
        "job_status": job.status.name(),
        "selection_type": job.selection_type(),
        "utc_create": utc_text(job.created),
        "parameters": job.parameters,
        "task_counts": task_counts(job.task_counts()),
    })
}

/// States without tasks are left out.
fn task_counts(counts: &TaskCounts) -> Value {
    Value::Object(
        counts.present().map(|(status, count)| (status.name().to_owned(), json!(count))).collect::<Map<_, _>>(),
    )
}
