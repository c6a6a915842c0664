//! `ConfirmOTATask`: lets tasks go on that wait for a confirmation.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Confirms tasks in `CONFIRM`; those of a scheduled job only inside its time window. By `POST` only; at most 20 calls a
/// second and account.
///
/// # Examples
///
/// Confirms what a device waits for:
///
/// ```
/// use terraform_provider_alicloud_iot::iot::operations::{ConfirmOtaTask, Device, ListOtaUnfinishedTaskByDevice};
/// use terraform_provider_alicloud_iot::iot::{Client, Error};
///
/// async fn confirm(client: &Client, device: Device) -> Result<(), Error> {
///     let task_statuses = vec!["CONFIRM".to_owned()];
///     let list =
///         ListOtaUnfinishedTaskByDevice { device, iot_instance_id: None, module_name: None, task_statuses };
///     let waiting = client.send(&list).await?.data;
///     let task_ids: Vec<_> = waiting.into_iter().filter_map(|task| task.task_id).collect();
///     for task_ids in task_ids.chunks(10) {
///         client.send(&ConfirmOtaTask { task_ids: task_ids.to_vec(), iot_instance_id: None }).await?;
///     }
///     Ok(())
/// }
/// # use terraform_provider_alicloud_iot::iot::operations::CreateOtaDynamicUpgradeJob;
/// # use terraform_provider_alicloud_iot::iot::{ClientOptions, Credentials, Endpoint};
/// #
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let firmware = serde_json::json!({
/// #     "firmware_id": "fw-1", "product_key": "a1product", "firmware_name": "package", "dest_version": "2.0.0"
/// # });
/// # let device = serde_json::json!({"product_key": "a1product", "device_name": "d1", "version": "1.0.0"});
/// # let fixtures = serde_json::json!({"firmwares": [firmware], "devices": [device]});
/// # let flags = vec!["--edition", "extended", "--time-scale", "0"];
/// # let emulator = testkit::Emulator::start(&testkit::Options { fixtures, flags })?;
/// # let keys = Credentials::new(testkit::ACCESS_KEY_ID.to_owned(), testkit::ACCESS_KEY_SECRET.into(), None);
/// # let endpoint = Endpoint::parse(emulator.url())?;
/// # let options = ClientOptions::new("cn-shanghai".to_owned(), endpoint, keys, "example/1.0".to_owned());
/// # let client = Client::new(options)?;
/// # client.send(&CreateOtaDynamicUpgradeJob {
/// #     firmware_id: "fw-1".to_owned(),
/// #     product_key: "a1product".to_owned(),
/// #     src_versions: vec!["1.0.0".to_owned()],
/// #     need_confirm: Some(true),
/// #     ..Default::default()
/// # }).await?;
/// # let statuses = || -> Result<_, Box<dyn std::error::Error>> {
/// #     Ok(emulator.jobs()?[0]["task_counts"].to_string())
/// # };
/// # assert_eq!(statuses()?, r#"{"CONFIRM":1}"#);
/// # confirm(&client, Device::Named { product_key: "a1product".to_owned(), device_name: "d1".to_owned() }).await?;
/// # assert_eq!(statuses()?, r#"{"NOTIFIED":1}"#);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfirmOtaTask {
    /// The tasks. 1 to 10.
    pub task_ids: Vec<String>,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
}

impl Operation for ConfirmOtaTask {
    const ACTION: &'static str = "ConfirmOTATask";
    const CALLS_PER_SECOND: u32 = 20;
    /// A task that failed and waits again by the time of the second call would go on unasked.
    const IS_SAFE_TO_REPEAT: bool = false;
    type Answer = ();

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.texts("TaskId", &self.task_ids);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
    }

    fn parse(_: &Node) -> Result<(), Unreadable> {
        Ok(())
    }
}
