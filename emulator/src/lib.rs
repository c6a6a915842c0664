//! Emulator of the OTA (over-the-air update) part of Alibaba Cloud IoT Platform.
//!
//! It answers the RPC operations of product `Iot`, version `2018-01-20`, on `/`, checks their signatures with code of
//! its own, enforces the documented limits, and is steered through JSON under `/_emulator/`. Beside it are as much of
//! STS and of the ECS metadata service as give out temporary keys. It knows nothing of its clients, so that a
//! misreading of the interface on one side shows up on the other.
//!
//! Reading order: `options`, `server` (connections), `routes` (what is where), `gateway` (the checks in front of every operation),
//! `operations` (one file each), `store` (packages, jobs, tasks and what happens by itself), `fleet` (devices),
//! `state_file` (what outlives the program), `control` (`/_emulator/`), `page` (the same for people).

mod access_keys;
mod answer;
mod assumptions;
mod clock;
mod control;
mod emulator;
mod faults;
mod fixtures;
mod fleet;
mod gateway;
mod hexadecimal;
mod limits;
mod metadata;
mod object_storage;
mod operations;
mod options;
mod page;
mod parameters;
mod quota;
mod randomness;
mod requests_log;
mod routes;
mod server;
mod signature;
mod state_file;
mod store;
mod sts;
mod table;

pub use assumptions::{
    AbsentMembers, Assumptions, DeleteFirmwareInUse, EnvelopeCase, FirmwareFile, ModifyFirmware, ServiceErrorStatus,
    Spelling, SuccessCode, UnknownJob,
};
pub use emulator::Emulator;
pub use fixtures::{Fixtures, FixturesError};
pub use limits::Edition;
pub use options::{AccessKeySecret, ListenError, Options, bind};
pub use server::serve;
pub use state_file::StateError;
