//! The operations, one file each: the request, its answer, and how both look on the wire.
//!
//! A new operation is a new file here. Limits on values are not checked in here: two editions of them are in use, and
//! the service has the last word.

mod cancel_ota_strategy_by_job;
mod create_ota_dynamic_upgrade_job;
mod list_ota_job_by_firmware;
mod query_ota_firmware;
mod query_ota_job;

mod spelling;
mod tag;

pub use cancel_ota_strategy_by_job::CancelOtaStrategyByJob;
pub use create_ota_dynamic_upgrade_job::{CreateOtaDynamicUpgradeJob, CreatedJob};
pub use list_ota_job_by_firmware::{JobPage, JobSummary, LARGEST_PAGE, ListOtaJobByFirmware, list_all_jobs};
pub use query_ota_firmware::{Firmware, FirmwareFile, QueryOtaFirmware};
pub use query_ota_job::{Job, QueryOtaJob};
pub use tag::Tag;
