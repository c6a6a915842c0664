//! `CreateOTADynamicUpgradeJob`: starts a rollout that follows the devices of a product.

use super::created_job::CreatedJob;
use super::tag::Tag;
use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Creates a dynamic update job and the policy behind it. At most 20 calls a second and account.
///
/// The update package has to be verified and must have no other dynamic job that runs. The API has no idempotency
/// token: after a lost answer, look for the job with [`list_all_jobs`](super::list_all_jobs).
///
/// # Examples
///
/// Starts a rollout whose answer is lost, finds it, and stops it again:
///
/// ```
/// use terraform_provider_alicloud_iot::iot::operations::{
///     CancelOtaStrategyByJob, CreateOtaDynamicUpgradeJob, list_all_jobs,
/// };
/// use terraform_provider_alicloud_iot::iot::FailureKind;
/// # use terraform_provider_alicloud_iot::iot::{Client, ClientOptions, Credentials, Endpoint};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let firmware = serde_json::json!({
/// #     "firmware_id": "fw-1", "product_key": "a1product", "firmware_name": "package", "dest_version": "2.0.0"
/// # });
/// # let fixtures = serde_json::json!({"firmwares": [firmware]});
/// # let emulator = testkit::Emulator::start(&testkit::Options { fixtures, flags: Vec::new() })?;
/// # let keys = Credentials::new(testkit::ACCESS_KEY_ID.to_owned(), testkit::ACCESS_KEY_SECRET.into(), None);
/// # let endpoint = Endpoint::parse(emulator.url())?;
/// # let options = ClientOptions::new("cn-shanghai".to_owned(), endpoint, keys, "example/1.0".to_owned());
/// # let client = Client::new(options)?;
/// # let fault = serde_json::json!({"action": "CreateOTADynamicUpgradeJob", "kind": "drop_after_commit", "times": 1});
/// # emulator.fault(&fault)?;
/// let create = CreateOtaDynamicUpgradeJob {
///     firmware_id: "fw-1".to_owned(),
///     product_key: "a1product".to_owned(),
///     src_versions: vec!["1.0.0".to_owned()],
///     ..CreateOtaDynamicUpgradeJob::default()
/// };
/// let error = client.send(&create).await.expect_err("the emulator was told to lose this answer");
/// assert_eq!((error.kind(), error.tries()), (FailureKind::OutcomeUnknown, 1));
///
/// let jobs = list_all_jobs(&client, "fw-1", None).await?.data;
/// let job_id = jobs.into_iter().find_map(|job| job.job_id).expect("it was created all the same");
/// client.send(&CancelOtaStrategyByJob { job_id, iot_instance_id: None }).await?;
/// # assert_eq!(emulator.jobs()?[0]["job_status"], "CANCELED");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateOtaDynamicUpgradeJob {
    /// The update package, as `CreateOTAFirmware` and the console show it.
    pub firmware_id: String,
    /// The product of the package and of the devices.
    pub product_key: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// Devices with one of these versions are updated. At most 10, none twice.
    pub src_versions: Vec<String>,
    /// Delivered to the devices with the update. At most 10.
    pub tags: Vec<Tag>,
    /// Minutes until a failed update is tried again: 0 (at once), 10, 30, 60 or 1440. Absent: never.
    pub retry_interval: Option<i64>,
    /// How often it is tried again: 1, 2 or 5. Needed beside an interval.
    pub retry_count: Option<i64>,
    /// Minutes from a device's first report of progress until its update counts as failed, 1 to 1440. Absent: no limit.
    pub timeout_in_minutes: Option<i64>,
    /// How many devices are notified a minute.
    pub maximum_per_minute: Option<i64>,
    /// What happens to an earlier task of a device: 1 keeps it (the service's default), 2 replaces it.
    pub overwrite_mode: Option<i64>,
    /// 1: devices are checked continuously (the service's default). 2: only those that report a new version later.
    pub dynamic_mode: Option<i64>,
    /// Whether the platform notifies devices that are online (the service's default), or waits until they ask.
    pub need_push: Option<bool>,
    /// Whether each device's update has to be confirmed. The service's default is false.
    pub need_confirm: Option<bool>,
    /// Whether a device may update several modules at once. The service's default is false.
    pub multi_module_mode: Option<bool>,
    /// A dynamic group in place of versions.
    pub group_id: Option<String>,
    /// `LINK_PLATFORM_DYNAMIC`, needed beside a group.
    pub group_type: Option<String>,
    /// How devices fetch the package: `HTTPS` (the service's default) or `MQTT`.
    pub download_protocol: Option<String>,
}

impl Operation for CreateOtaDynamicUpgradeJob {
    const ACTION: &'static str = "CreateOTADynamicUpgradeJob";
    const CALLS_PER_SECOND: u32 = 20;
    const IS_SAFE_TO_REPEAT: bool = false;
    type Answer = CreatedJob;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("FirmwareId", &self.firmware_id);
        parameters.text("ProductKey", &self.product_key);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.texts("SrcVersion", &self.src_versions);
        Tag::write_all(&self.tags, "Tag", parameters);
        parameters.optional_integer("RetryInterval", self.retry_interval);
        parameters.optional_integer("RetryCount", self.retry_count);
        parameters.optional_integer("TimeoutInMinutes", self.timeout_in_minutes);
        parameters.optional_integer("MaximumPerMinute", self.maximum_per_minute);
        parameters.optional_integer("OverwriteMode", self.overwrite_mode);
        parameters.optional_integer("DynamicMode", self.dynamic_mode);
        parameters.optional_boolean("NeedPush", self.need_push);
        parameters.optional_boolean("NeedConfirm", self.need_confirm);
        parameters.optional_boolean("MultiModuleMode", self.multi_module_mode);
        parameters.optional_text("GroupId", self.group_id.as_deref());
        parameters.optional_text("GroupType", self.group_type.as_deref());
        parameters.optional_text("DownloadProtocol", self.download_protocol.as_deref());
    }

    fn parse(answer: &Node) -> Result<CreatedJob, Unreadable> {
        CreatedJob::read(answer)
    }
}
