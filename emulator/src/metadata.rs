//! The ECS metadata service under its own paths, `/latest/…`: as much of it as gives out the keys of a role.
//!
//! Plain text and JSON, no signature: on a real machine only the machine itself reaches it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::access_keys::{IssuedKey, RoleSession};
use crate::clock::utc_seconds_text;
use crate::emulator::{Emulator, World};

/// More tokens than this are not remembered: the ones that end first go first.
const TOKENS: usize = 1_000;
/// Seconds that a token lasts at most.
const LONGEST_TOKEN: i64 = 21_600;
/// A key with less time left than this is replaced.
const KEY_RENEWED: Duration = Duration::minutes(15);

/// What the metadata service has given out.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    /// Token to its end, in simulated time.
    tokens: BTreeMap<String, OffsetDateTime>,
    /// The key that is handed out until it is about to end.
    key: Option<IssuedKey>,
}

type Shared = State<Arc<Emulator>>;

/// `PUT /latest/api/token`.
pub(crate) async fn token(State(emulator): Shared, headers: HeaderMap) -> Response {
    let lasts = headers.get("x-aliyun-ecs-metadata-token-ttl-seconds").and_then(|value| value.to_str().ok());
    let lasts = lasts.and_then(|text| text.trim().parse().ok()).filter(|lasts| (1..=LONGEST_TOKEN).contains(lasts));
    let Some(lasts) = lasts else {
        let reason = "X-aliyun-ecs-metadata-token-ttl-seconds has to be 1 to 21600\n";
        return (StatusCode::BAD_REQUEST, reason).into_response();
    };
    let World { clock, metadata, randomness, .. } = &mut *emulator.world();
    if metadata.tokens.len() >= TOKENS {
        let first = metadata.tokens.iter().min_by_key(|(_, end)| **end).map(|(token, _)| token.clone());
        first.and_then(|token| metadata.tokens.remove(&token));
    }
    let token = format!("{}{}==", randomness.id(""), randomness.id(""));
    metadata.tokens.insert(token.clone(), clock.now().saturating_add(Duration::seconds(lasts)));
    token.into_response()
}

/// `GET /latest/meta-data/ram/security-credentials/`: the name of the machine's role.
pub(crate) async fn role(State(emulator): Shared, headers: HeaderMap) -> Response {
    if !admits(&emulator, &headers) {
        return forbidden();
    }
    emulator.options.metadata_role.clone().into_response()
}

/// `GET /latest/meta-data/ram/security-credentials/<role>`: a temporary key.
pub(crate) async fn credentials(State(emulator): Shared, Path(role): Path<String>, headers: HeaderMap) -> Response {
    if !admits(&emulator, &headers) {
        return forbidden();
    }
    if role != emulator.options.metadata_role {
        return not_found().await;
    }
    axum::Json(current_key(&emulator)).into_response()
}

/// `GET /_emulator/credentials`: what a "credentials URI" answers, the key that the metadata service gives out.
pub(crate) async fn by_uri(State(emulator): Shared) -> Response {
    axum::Json(current_key(&emulator)).into_response()
}

/// Any other path below `/latest/`.
pub(crate) async fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "404 - Not Found\n").into_response()
}

fn forbidden() -> Response {
    (StatusCode::FORBIDDEN, "403 - Forbidden\n").into_response()
}

/// A token, where one is sent, has to be good; the hardened mode wants one.
fn admits(emulator: &Emulator, headers: &HeaderMap) -> bool {
    let token = headers.get("x-aliyun-ecs-metadata-token").map(|value| String::from_utf8_lossy(value.as_bytes()));
    match token {
        None => !emulator.options.metadata_hardened,
        Some(token) => {
            let world = emulator.world();
            let now = world.clock.now();
            world.metadata.tokens.get(token.as_ref()).is_some_and(|end| *end > now)
        }
    }
}

fn current_key(emulator: &Emulator) -> Value {
    let World { clock, metadata, access_keys, randomness, .. } = &mut *emulator.world();
    let now = clock.now();
    let current = metadata.key.take().filter(|key| key.expires - now >= KEY_RENEWED);
    let key = current.unwrap_or_else(|| {
        let session = RoleSession::own(&emulator.options.metadata_role, "i-emulator");
        let lasts = Duration::seconds(emulator.options.metadata_key_seconds.into());
        access_keys.issue(session, now, lasts, randomness)
    });
    let answer = json!({
        "Code": "Success",
        "AccessKeyId": key.id,
        "AccessKeySecret": key.secret.expose(),
        "SecurityToken": key.security_token.expose(),
        "LastUpdated": utc_seconds_text(key.issued),
        "Expiration": utc_seconds_text(key.expires),
    });
    metadata.key = Some(key);
    answer
}
