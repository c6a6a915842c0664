//! The emulator through real sockets: what a client of the service and a user of the control endpoints can see.
//!
//! The requests are signed by a helper of its own (`support/sign.rs`), written from the published rules.

#[cfg(test)]
mod support;

#[cfg(test)]
mod acs3;
#[cfg(test)]
mod admission;
#[cfg(test)]
mod assumptions;
#[cfg(test)]
mod connections;
#[cfg(test)]
mod control;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod dynamic_job_parameters;
#[cfg(test)]
mod dynamic_job_preconditions;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod firmware;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod metadata;
#[cfg(test)]
mod modules;
#[cfg(test)]
mod program;
#[cfg(test)]
mod rollouts;
#[cfg(test)]
mod state_file;
#[cfg(test)]
mod static_jobs;
#[cfg(test)]
mod stopping;
#[cfg(test)]
mod sts;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod update_job;
#[cfg(test)]
mod upload;
