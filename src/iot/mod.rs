//! The client of the OTA operations of Alibaba Cloud IoT Platform.
//!
//! It knows nothing of who calls it: the user agent is handed in, and no path leaves this folder, so that it can be
//! lifted out as a crate of its own.
//!
//! In reading order: [`operations`] (what can be asked), `operation` (what each of them says about itself),
//! `parameters`, `encode` and `sign` (how it becomes a request), `transport` (how it travels), `trace` (what of all
//! that is logged), `answer` (how the answer is read, JSON or XML), `verdict` and `codes` (what the answer means),
//! `error` (what failed, and what may have happened in the cloud), `attempt` (one sending, from the signature to the
//! typed answer), `quota` (when one may go out), `retry` (when it is repeated), `call` (all tries of one), `client` (the
//! door to all of this).

pub mod credentials;
pub mod operations;

mod client;

mod attempt;
mod call;
mod quota;
mod retry;

mod operation;
mod parameters;

mod endpoint;
mod redact;

mod encode;
mod sign;
mod trace;
mod transport;

mod answer;
mod codes;
mod error;
mod verdict;

#[cfg(test)]
mod tests;

pub use answer::{Node, Unreadable, parse as parse_answer};
pub use attempt::{Answer, read_answer};
pub use client::{Client, ClientOptions};
pub use credentials::{CredentialCache, CredentialSource, Credentials};
pub use endpoint::{Endpoint, EndpointError, REGIONS};
pub use error::{Error, FailureKind};
pub use operation::{Method, Operation};
pub use parameters::Parameters;
pub use quota::Quotas;
pub use retry::RetryPolicy;
pub use transport::Timeouts;
