//! QueryOTAFirmware: one package in full.

use time::{Duration, OffsetDateTime};

use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, Value};
use crate::clock::utc_text;
use crate::store::{Firmware, FirmwareFile, VerificationStatus};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "QueryOTAFirmware", calls_per_second: 20, methods: Methods::GetOrPost, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let firmware = call.firmware()?.clone();
    let mut members = common_members(&firmware).with("VerifyProgress", progress(&firmware));
    if let Some(file) = only_file(&firmware) {
        members = members.with("FirmwareUrl", signed_url(call, &file.url));
    }
    if call.limits.is_extended() {
        members = members.with_text("Udi", firmware.user_defined_information.as_ref());
        let files = firmware.files.iter().filter(|file| file.name.is_some());
        let files: Vec<Value> = files.map(|file| multi_file(call, file).into()).collect();
        let files = (!files.is_empty()).then_some(files);
        members = members.with_some("MultiFiles", files.map(Value::List));
    }
    Ok(Object::new().with("FirmwareInfo", members))
}

/// Members that the list has too.
pub(super) fn common_members(firmware: &Firmware) -> Object {
    let file = only_file(firmware);
    Object::new()
        .with("FirmwareId", &firmware.id)
        .with("FirmwareName", &firmware.name)
        .with_text("FirmwareDesc", firmware.description.as_ref())
        .with_text("ProductKey", firmware.product_key.as_ref())
        .with("ModuleName", &firmware.module_name)
        .with("DestVersion", &firmware.dest_version)
        .with("SrcVersion", firmware.src_version.as_deref().unwrap_or_default())
        .with("Type", firmware.type_number())
        .with("Status", firmware.status.number())
        .with_some("SignMethod", file.map(|_| "MD5"))
        .with_some("FirmwareSign", file.and_then(|file| file.signature.as_ref()))
        .with_some("FirmwareSize", file.and_then(|file| file.size))
        .with("UtcCreate", utc_text(firmware.created))
        .with("UtcModified", utc_text(firmware.modified))
}

fn only_file(firmware: &Firmware) -> Option<&FirmwareFile> {
    firmware.files.first().filter(|file| file.name.is_none())
}

fn multi_file(call: &mut Call<'_>, file: &FirmwareFile) -> Object {
    Object::new()
        .with_some("Name", file.name.as_ref())
        .with_some("Size", file.size)
        .with("Url", signed_url(call, &file.url))
        .with_some("SignValue", file.signature.as_ref())
        .with_some("FileMd5", file.signature.as_ref())
}

fn progress(firmware: &Firmware) -> i64 {
    match firmware.status {
        VerificationStatus::Verified => 100,
        _ => 0,
    }
}

/// As the service does, an address with an end and a signature: another one at every read.
fn signed_url(call: &mut Call<'_>, url: &str) -> String {
    let expires = call.now.saturating_add(Duration::minutes(60));
    let expires = (expires - OffsetDateTime::UNIX_EPOCH).whole_seconds();
    let signature = call.randomness.id("");
    format!("{url}?Expires={expires}&OSSAccessKeyId=emulator&Signature={signature}")
}
