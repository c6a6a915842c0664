//! The control endpoints under `/_emulator/`: JSON, no signature.

use hyper::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::utc_text;
use crate::emulator::Emulator;
use crate::faults::Fault;
use crate::store::{Firmware, Job, Store};

/// Where the control endpoints live.
pub(crate) const PREFIX: &str = "/_emulator/";

/// Status and JSON body of an answer.
pub(crate) type Reply = (StatusCode, Value);

/// Carries out one control request; `name` is what follows [`PREFIX`].
pub(crate) fn answer(emulator: &Emulator, method: &Method, name: &str, body: &[u8]) -> Reply {
    match (method.as_str(), name) {
        ("GET", "state") => (StatusCode::OK, state(&emulator.world().store)),
        ("GET", "requests") => (StatusCode::OK, json!(emulator.world().log.entries())),
        ("GET", "faults") => faults(emulator),
        ("POST", "faults") => add_fault(emulator, body),
        ("DELETE", "faults") => clear_faults(emulator),
        ("POST", "clock") => advance(emulator, body),
        ("POST", "reset") => reset(emulator),
        (_, "state" | "requests") => wrong_method("GET"),
        (_, "faults") => wrong_method("GET, POST, DELETE"),
        (_, "clock" | "reset") => wrong_method("POST"),
        _ => error(StatusCode::NOT_FOUND, "there is state, requests, faults, clock and reset"),
    }
}

fn faults(emulator: &Emulator) -> Reply {
    (StatusCode::OK, json!(emulator.world().faults.waiting()))
}

fn add_fault(emulator: &Emulator, body: &[u8]) -> Reply {
    let added = read::<Fault>(body).and_then(|fault| emulator.world().faults.add(fault));
    match added {
        Ok(()) => faults(emulator),
        Err(reason) => error(StatusCode::BAD_REQUEST, &reason),
    }
}

fn clear_faults(emulator: &Emulator) -> Reply {
    emulator.world().faults = crate::faults::Faults::default();
    faults(emulator)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: f64,
}

fn advance(emulator: &Emulator, body: &[u8]) -> Reply {
    let advance = match read::<Advance>(body) {
        Ok(advance) => advance,
        Err(reason) => return error(StatusCode::BAD_REQUEST, &reason),
    };
    let mut world = emulator.world();
    match world.clock.advance(advance.advance_seconds) {
        Some(now) => {
            world.settle();
            (StatusCode::OK, json!({ "now": utc_text(now) }))
        }
        None => error(
            StatusCode::BAD_REQUEST,
            "advance_seconds: it has to be at least 0, and the year 9999 is the last one",
        ),
    }
}

fn reset(emulator: &Emulator) -> Reply {
    emulator.reset();
    (StatusCode::OK, state(&emulator.world().store))
}

fn state(store: &Store) -> Value {
    json!({
        "products": store.fixtures.products.as_deref().unwrap_or_default(),
        "firmwares": store.firmwares().map(firmware).collect::<Vec<_>>(),
        "devices": store.fixtures.devices,
        "fleets": store.fixtures.fleets,
        "jobs": store.jobs().map(job).collect::<Vec<_>>(),
    })
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

/// No device takes part yet, so there are no tasks to count.
fn job(job: &Job) -> Value {
    json!({
        "job_id": job.id,
        "firmware_id": job.firmware_id,
        "product_key": job.product_key,
        "job_status": job.status.name(),
        "selection_type": job.selection_type(),
        "utc_create": utc_text(job.created),
        "parameters": job.parameters,
        "task_counts": {},
    })
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| match error.path().to_string() {
        path if path == "." => error.into_inner().to_string(),
        path => format!("{path}: {}", error.into_inner()),
    })?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(read)
}

fn wrong_method(allowed: &str) -> Reply {
    error(StatusCode::METHOD_NOT_ALLOWED, &format!("allowed here: {allowed}"))
}

/// The answer to a request that cannot be carried out.
pub(crate) fn error(status: StatusCode, reason: &str) -> Reply {
    (status, json!({ "error": reason }))
}
