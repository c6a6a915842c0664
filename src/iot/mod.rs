//! A client of the OTA operations of Alibaba Cloud IoT Platform (product `Iot`, version `2018-01-20`).
//!
//! It knows nothing of who uses it, and reads no environment: region, endpoint, credentials and user
//! agent are handed in.
//!
//! Reading order: [`operations`] is what can be asked; [`Client`] is the door; `encode`, `parameters`
//! and `sign` make a request; `answer` reads what comes back; [`Error`] is what can go wrong, sorted by
//! what the service may have done; `codes` is what the service's codes mean.

mod answer;
mod client;
mod codes;
mod credentials;
mod encode;
mod endpoint;
mod error;
mod operation;
pub mod operations;
mod parameters;
mod sign;

pub use answer::{Node, Unreadable};
pub use client::{Answer, Client, ClientOptions};
pub use credentials::Credentials;
pub use endpoint::{Endpoint, EndpointError};
pub use error::{Error, FailureKind};
pub use operation::Operation;
pub use parameters::Parameters;
