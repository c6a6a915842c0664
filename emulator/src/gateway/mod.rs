//! The endpoint `/`: one request in, one answer out, for the operations of both services.
//!
//! [`admission`] has the checks in front of every operation, in the order in which they answer; [`service`] the
//! operations; [`interference`] what injected faults do; [`reply`] the answer.

mod admission;
#[cfg(test)]
mod coverage;
mod interference;
mod reply;
mod service;

use std::time::Duration;

use axum::http::{HeaderMap, Method};
use time::OffsetDateTime;

use self::admission::{Admitted, admit};
pub(crate) use self::reply::Reply;
use self::reply::{Envelope, code_of};
use self::service::Incoming;
pub(crate) use self::service::{actions, offers};
use crate::answer::{Format, Object, Refusal};
use crate::emulator::{Emulator, World};
use crate::faults::Hit;
use crate::parameters::Parameters;
use crate::requests_log;
use crate::signature::{self, Scheme};

/// What happens on the connection.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// An answer, after a while.
    Answer {
        /// The answer.
        reply: Reply,
        /// How long it is held back.
        delay: Duration,
    },
    /// The connection ends without any answer.
    Drop,
}

/// A request as it came over the wire.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a Method,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    /// Empty unless the body is a form.
    pub(crate) form: &'a [u8],
    /// Header `Host`, shown in gateway errors.
    pub(crate) host: &'a str,
}

/// Carries out one request and writes it into the log.
pub(crate) fn answer(emulator: &Emulator, request: &Request<'_>) -> Outcome {
    let mut world = emulator.world();
    let (sent, merged) = match Parameters::merge(request.query, request.form) {
        Ok(parameters) => (parameters, Ok(())),
        Err(error) => (Parameters::default(), Err(error)),
    };
    let scheme = Scheme::of(request.headers, &sent);
    let parameters = with_headers(scheme, &sent, request.headers);
    let admitted = merged.and_then(|()| admit(&mut world, scheme, request, &sent, &parameters));
    let (result, hit) = match admitted {
        Ok(admitted) => carry_out(emulator, &mut world, &admitted, &parameters, request.host),
        Err(error) => (Err(error.into()), None),
    };
    let request_id = world.randomness.request_id();
    let envelope = Envelope {
        assumptions: &emulator.options.assumptions,
        action: parameters.get("Action").unwrap_or_default(),
        request_id: &request_id,
        now: world.clock.now(),
        host: request.host,
    };
    let reply = envelope.render(&result, format(scheme, &parameters));
    let outcome = interference::apply(hit, reply);
    world.log.add(OffsetDateTime::now_utc(), &parameters, log_entry(&result, &outcome));
    outcome
}

/// The parameters with what ACS3 sends as headers instead.
fn with_headers(scheme: Scheme, sent: &Parameters, headers: &HeaderMap) -> Parameters {
    let mut parameters = sent.clone();
    if scheme == Scheme::Acs3 {
        for (parameter, header) in [("Action", "x-acs-action"), ("Version", "x-acs-version")] {
            if let Some(value) = signature::header(headers, header) {
                parameters.set(parameter, value);
            }
        }
    }
    parameters
}

/// The format asked for. The clients that sign with ACS3 send none and read JSON only.
fn format(scheme: Scheme, parameters: &Parameters) -> Format {
    let asked = parameters.get("Format").and_then(Format::named);
    asked.unwrap_or(if scheme == Scheme::Acs3 { Format::Json } else { Format::default() })
}

/// The operation, unless a fault stands before it.
fn carry_out(
    emulator: &Emulator,
    world: &mut World,
    admitted: &Admitted,
    parameters: &Parameters,
    host: &str,
) -> (Result<Object, Refusal>, Option<Hit>) {
    let Admitted { operation, caller } = admitted;
    let hit = world.faults.hit(operation.name(), &mut world.randomness);
    let result = match hit.and_then(interference::refusal_of) {
        Some(refusal) => Err(refusal),
        None => operation.carry_out(emulator, world, Incoming { parameters, caller: caller.as_ref(), host }),
    };
    (result, hit)
}

fn log_entry(result: &Result<Object, Refusal>, outcome: &Outcome) -> requests_log::Result {
    let (http_status, code) = match outcome {
        Outcome::Answer { reply, .. } => (Some(reply.status.as_u16()), result.as_ref().err().map(code_of)),
        Outcome::Drop => (None, None),
    };
    let success = result.is_ok();
    requests_log::Result { http_status, success, code }
}
