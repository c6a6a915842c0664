//! `GenerateDeviceNameListURL`: permission to upload the devices of a static job.

use super::upload_form::UploadForm;
use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Asks for permission to upload a file with names of devices: CSV, one name a line, at most 5 MB and 10000 devices (in
/// a newer edition 1000000). At most 10 calls a second and account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GenerateDeviceNameListUrl {
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
}

impl Operation for GenerateDeviceNameListUrl {
    const ACTION: &'static str = "GenerateDeviceNameListURL";
    const CALLS_PER_SECOND: u32 = 10;
    /// A permission that nobody uses is over after a minute.
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = UploadForm;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
    }

    fn parse(answer: &Node) -> Result<UploadForm, Unreadable> {
        UploadForm::read(answer, "AccessKeyId", "FileUrl")
    }
}
