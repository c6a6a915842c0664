//! The control endpoints under `/_emulator/`: JSON, no signature.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::utc_text;
use crate::emulator::Emulator;
use crate::faults::{Fault, Faults};
use crate::store::{Firmware, Job, Store};

/// Status and JSON body of an answer.
pub(crate) type Reply = (StatusCode, Json<Value>);

type Shared = State<Arc<Emulator>>;

pub(crate) async fn state(State(emulator): Shared) -> Reply {
    (StatusCode::OK, Json(shown(&emulator.world().store)))
}

pub(crate) async fn requests(State(emulator): Shared) -> Reply {
    (StatusCode::OK, Json(json!(emulator.world().log.entries())))
}

pub(crate) async fn faults(State(emulator): Shared) -> Reply {
    waiting(&emulator)
}

pub(crate) async fn add_fault(State(emulator): Shared, body: Bytes) -> Reply {
    let added = read::<Fault>(&body).and_then(|fault| emulator.world().faults.add(fault));
    match added {
        Ok(()) => waiting(&emulator),
        Err(reason) => error(StatusCode::BAD_REQUEST, &reason),
    }
}

pub(crate) async fn clear_faults(State(emulator): Shared) -> Reply {
    emulator.world().faults = Faults::default();
    waiting(&emulator)
}

fn waiting(emulator: &Emulator) -> Reply {
    (StatusCode::OK, Json(json!(emulator.world().faults.waiting())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: f64,
}

pub(crate) async fn advance(State(emulator): Shared, body: Bytes) -> Reply {
    let advance = match read::<Advance>(&body) {
        Ok(advance) => advance,
        Err(reason) => return error(StatusCode::BAD_REQUEST, &reason),
    };
    let mut world = emulator.world();
    match world.clock.advance(advance.advance_seconds) {
        Some(now) => {
            world.settle();
            (StatusCode::OK, Json(json!({ "now": utc_text(now) })))
        }
        None => error(
            StatusCode::BAD_REQUEST,
            "advance_seconds: it has to be at least 0, and the year 9999 is the last one",
        ),
    }
}

pub(crate) async fn reset(State(emulator): Shared) -> Reply {
    emulator.reset();
    (StatusCode::OK, Json(shown(&emulator.world().store)))
}

pub(crate) async fn no_such_endpoint() -> Reply {
    error(
        StatusCode::NOT_FOUND,
        "the service is at /; /_emulator/ has state, requests, faults, clock, credentials and reset",
    )
}

/// The header `Allow` says which method is right.
pub(crate) async fn wrong_method() -> Reply {
    error(StatusCode::METHOD_NOT_ALLOWED, "this endpoint does not take this method")
}

fn shown(store: &Store) -> Value {
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

/// The answer to a request that cannot be carried out.
pub(crate) fn error(status: StatusCode, reason: &str) -> Reply {
    (status, Json(json!({ "error": reason })))
}
