//! `GenerateOTAUploadURL`: permission to upload a file of an update package.

use super::upload_form::UploadForm;
use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Asks for permission to upload a file of an update package, at most 1000 MB. At most 10 calls a second and account.
///
/// [`CreateOtaFirmware`](super::CreateOtaFirmware) takes the file within 60 minutes; files that it does not take are
/// removed by the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GenerateOtaUploadUrl {
    /// `bin` (the service's default), `apk`, `tar`, `gz`, `tar.gz`, `zip` or `gzip`; newer editions take `dav` too.
    pub file_suffix: Option<String>,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
}

impl Operation for GenerateOtaUploadUrl {
    const ACTION: &'static str = "GenerateOTAUploadURL";
    const CALLS_PER_SECOND: u32 = 10;
    /// A permission that nobody uses is over after a minute.
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = UploadForm;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.optional_text("FileSuffix", self.file_suffix.as_deref());
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
    }

    fn parse(answer: &Node) -> Result<UploadForm, Unreadable> {
        UploadForm::read(answer, "OSSAccessKeyId", "FirmwareUrl")
    }
}
