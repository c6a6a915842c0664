//! The operations, one file each: the request, its answer, and how both look on the wire.
//!
//! A new operation is a new file here. Limits on values are not checked in here: two editions of them are in use, and
//! the service has the last word.

mod cancel_ota_strategy_by_job;
mod cancel_ota_task_by_job;
mod create_ota_dynamic_upgrade_job;
mod list_ota_job_by_firmware;
mod list_ota_task_by_job;
mod query_ota_firmware;
mod query_ota_job;
mod update_ota_job;

mod job_summary;
mod page;
mod spelling;
mod tag;
mod task;

pub use cancel_ota_strategy_by_job::CancelOtaStrategyByJob;
pub use cancel_ota_task_by_job::CancelOtaTaskByJob;
pub use create_ota_dynamic_upgrade_job::{CreateOtaDynamicUpgradeJob, CreatedJob};
pub use job_summary::JobSummary;
pub use list_ota_job_by_firmware::{ListOtaJobByFirmware, list_all_jobs};
pub use list_ota_task_by_job::{ListOtaTaskByJob, count_tasks, list_all_tasks};
pub use page::Page;
pub use query_ota_firmware::{Firmware, FirmwareFile, QueryOtaFirmware};
pub use query_ota_job::{Job, QueryOtaJob};
pub use tag::Tag;
pub use task::Task;
pub use update_ota_job::UpdateOtaJob;
