//! The operations, one file each: the request, its answer, and how both look on the wire.
//!
//! A new operation is a new file here. Limits on values are not checked in here: two editions of them are in use, and
//! the service has the last word.

mod cancel_ota_strategy_by_job;
mod cancel_ota_task_by_device;
mod cancel_ota_task_by_job;
mod confirm_ota_task;
mod create_ota_dynamic_upgrade_job;
mod create_ota_firmware;
mod create_ota_module;
mod create_ota_static_upgrade_job;
mod create_ota_verify_job;
mod delete_ota_firmware;
mod delete_ota_module;
mod generate_device_name_list_url;
mod generate_ota_upload_url;
mod list_ota_firmware;
mod list_ota_job_by_device;
mod list_ota_job_by_firmware;
mod list_ota_module_by_product;
mod list_ota_module_versions_by_device;
mod list_ota_task_by_job;
mod list_ota_unfinished_task_by_device;
mod modify_ota_firmware;
mod query_device_detail;
mod query_ota_firmware;
mod query_ota_job;
mod reupgrade_ota_task;
mod update_ota_job;
mod update_ota_module;

mod created_job;
mod device;
mod job_summary;
mod page;
mod spelling;
mod tag;
mod task;
mod upload_form;

pub use cancel_ota_strategy_by_job::CancelOtaStrategyByJob;
pub use cancel_ota_task_by_device::CancelOtaTaskByDevice;
pub use cancel_ota_task_by_job::CancelOtaTaskByJob;
pub use confirm_ota_task::ConfirmOtaTask;
pub use create_ota_dynamic_upgrade_job::CreateOtaDynamicUpgradeJob;
pub use create_ota_firmware::{CreateOtaFirmware, CreatedFirmware, NewFirmwareFile};
pub use create_ota_module::CreateOtaModule;
pub use create_ota_static_upgrade_job::CreateOtaStaticUpgradeJob;
pub use create_ota_verify_job::CreateOtaVerifyJob;
pub use created_job::CreatedJob;
pub use delete_ota_firmware::DeleteOtaFirmware;
pub use delete_ota_module::DeleteOtaModule;
pub use device::Device;
pub use generate_device_name_list_url::GenerateDeviceNameListUrl;
pub use generate_ota_upload_url::GenerateOtaUploadUrl;
pub use job_summary::JobSummary;
pub use list_ota_firmware::ListOtaFirmware;
pub use list_ota_job_by_device::ListOtaJobByDevice;
pub use list_ota_job_by_firmware::{ListOtaJobByFirmware, list_all_jobs};
pub use list_ota_module_by_product::{ListOtaModuleByProduct, OtaModule};
pub use list_ota_module_versions_by_device::{ListOtaModuleVersionsByDevice, ModuleVersion};
pub use list_ota_task_by_job::{ListOtaTaskByJob, count_tasks, list_all_tasks};
pub use list_ota_unfinished_task_by_device::ListOtaUnfinishedTaskByDevice;
pub use modify_ota_firmware::ModifyOtaFirmware;
pub use page::Page;
pub use query_device_detail::{DeviceDetail, QueryDeviceDetail};
pub use query_ota_firmware::{Firmware, FirmwareFile, QueryOtaFirmware};
pub use query_ota_job::{Job, QueryOtaJob};
pub use reupgrade_ota_task::ReupgradeOtaTask;
pub use tag::Tag;
pub use task::Task;
pub use update_ota_job::UpdateOtaJob;
pub use update_ota_module::UpdateOtaModule;
pub use upload_form::UploadForm;
