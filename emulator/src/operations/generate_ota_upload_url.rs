//! GenerateOTAUploadURL and GenerateDeviceNameListURL: permission to upload one file.

use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError};
use crate::clock::utc_text;
use crate::object_storage::{Purpose, UploadForm};

/// The operation for a file of a package.
pub(super) const OPERATION: Operation =
    Operation { name: "GenerateOTAUploadURL", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

/// The operation for the device names of a static job.
pub(super) const DEVICE_NAMES: Operation = Operation {
    name: "GenerateDeviceNameListURL",
    calls_per_second: 10,
    methods: Methods::GetOrPost,
    carry_out: carry_out_for_device_names,
};

const SUFFIXES: [&str; 7] = ["bin", "apk", "tar", "gz", "tar.gz", "zip", "gzip"];
/// Newer.
const MORE_SUFFIXES: [&str; 1] = ["dav"];

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let suffix = call.parameters.get("FileSuffix").unwrap_or("bin").to_owned();
    let is_newer = call.limits.is_extended() && MORE_SUFFIXES.contains(&suffix.as_str());
    if !SUFFIXES.contains(&suffix.as_str()) && !is_newer {
        return Err(ServiceError::invalid(format!("FileSuffix has to be one of {}.", SUFFIXES.join(", "))).into());
    }
    let form = call.permit_upload(Purpose::Firmware, &suffix);
    let data = common_members(call, &form).with("OSSAccessKeyId", &form.owner_id).with("FirmwareUrl", &form.url);
    Ok(Object::new().with("Data", data))
}

fn carry_out_for_device_names(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let form = call.permit_upload(Purpose::DeviceNames, "csv");
    let data = common_members(call, &form).with("AccessKeyId", &form.owner_id).with("FileUrl", &form.url);
    Ok(Object::new().with("Data", data))
}

fn common_members(call: &Call<'_>, form: &UploadForm) -> Object {
    Object::new()
        .with("Key", &form.key)
        .with("Host", &form.host)
        .with("Policy", &form.policy)
        .with("Signature", &form.signature)
        .with("ObjectStorage", "OSS")
        .with("UtcCreate", utc_text(call.now))
}

impl Call<'_> {
    fn permit_upload(&mut self, purpose: Purpose, suffix: &str) -> UploadForm {
        self.object_storage.permit(purpose, suffix, self.host, self.now, self.randomness)
    }
}
