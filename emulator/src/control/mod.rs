//! The control endpoints under `/_emulator/`: JSON, no signature.

mod state;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::utc_text;
use crate::emulator::Emulator;
use crate::faults::{Fault, Faults};

/// Status and JSON body of an answer.
pub(crate) type Reply = (StatusCode, Json<Value>);

type Shared = State<Arc<Emulator>>;

/// What of the state is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StateQuery {
    /// Most devices that are listed.
    #[serde(default = "usual_devices")]
    devices: usize,
}

fn usual_devices() -> usize {
    state::USUAL_DEVICES
}

pub(crate) async fn state(State(emulator): Shared, query: Result<Query<StateQuery>, QueryRejection>) -> Reply {
    match query {
        Ok(Query(query)) => (StatusCode::OK, Json(state::shown(&emulator.world(), query.devices))),
        Err(rejection) => error(StatusCode::BAD_REQUEST, &rejection.body_text()),
    }
}

/// Which job's history is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HistoryQuery {
    job_id: String,
}

pub(crate) async fn history(State(emulator): Shared, query: Result<Query<HistoryQuery>, QueryRejection>) -> Reply {
    let job_id = match query {
        Ok(Query(query)) => query.job_id,
        Err(rejection) => return error(StatusCode::BAD_REQUEST, &rejection.body_text()),
    };
    match state::history(&emulator.world(), &job_id) {
        Some(history) => (StatusCode::OK, Json(history)),
        None => error(StatusCode::NOT_FOUND, &format!("there is no job {job_id}")),
    }
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
    if let Err(reason) = emulator.reset() {
        return error(StatusCode::INTERNAL_SERVER_ERROR, &reason);
    }
    (StatusCode::OK, Json(state::shown(&emulator.world(), state::USUAL_DEVICES)))
}

pub(crate) async fn no_such_endpoint() -> Reply {
    error(
        StatusCode::NOT_FOUND,
        "the service is at /; /_emulator/ has state, history, requests, faults, clock, credentials and reset",
    )
}

/// The header `Allow` says which method is right.
pub(crate) async fn wrong_method() -> Reply {
    error(StatusCode::METHOD_NOT_ALLOWED, "this endpoint does not take this method")
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
