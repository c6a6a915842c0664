//! `CreateOTAFirmware`: makes an update package of files that were uploaded.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Creates an update package. At most 10 calls a second and account.
///
/// Files are uploaded first, see [`GenerateOtaUploadUrl`](super::GenerateOtaUploadUrl). After a lost answer, look for the
/// package with [`ListOtaFirmware`](super::ListOtaFirmware).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateOtaFirmware {
    /// 1 to 40 letters, digits, `-`, `_` and parentheses; unique in the account.
    pub firmware_name: String,
    /// The version that it brings: 1 to 64 letters, digits, `.`, `-` and `_`.
    pub dest_version: String,
    /// The product of the package.
    pub product_key: Option<String>,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// Where the one file of the package is.
    pub firmware_url: Option<String>,
    /// The digest of the one file, in hexadecimal digits. Absent: that of the file that is stored.
    pub firmware_sign: Option<String>,
    /// How digests are made: `MD5`, which is the service's default.
    pub sign_method: Option<String>,
    /// Bytes of the one file. Absent: those of the file that is stored.
    pub firmware_size: Option<i64>,
    /// At most 100 characters.
    pub firmware_desc: Option<String>,
    /// `Type` on the wire: 0 for a full package (the service's default), 1 for a differential one.
    pub firmware_type: Option<i64>,
    /// The version that a differential package starts from.
    pub src_version: Option<String>,
    /// The module that it updates. Absent: `default`, the whole device.
    pub module_name: Option<String>,
    /// Whether it has to be verified before a job can use it. The service's default is true.
    pub need_to_verify: Option<bool>,
    /// Text for the devices, at most 4096 characters; newer editions.
    pub udi: Option<String>,
    /// The files of a package of several, at most 20; newer editions.
    pub multi_files: Vec<NewFirmwareFile>,
}

/// A file of a package of several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewFirmwareFile {
    /// 1 to 32 characters, unique in the package.
    pub name: String,
    /// Where it is: each file has an upload of its own.
    pub url: String,
    /// Bytes. Absent: those of the file that is stored.
    pub size: Option<i64>,
    /// Its digest, made as the package's `sign_method` says. Absent: that of the file that is stored.
    pub sign_value: Option<String>,
    /// Its MD5 digest. Absent: that of the file that is stored.
    pub file_md5: Option<String>,
}

/// The package that came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreatedFirmware {
    /// The id of the package.
    pub firmware_id: String,
    /// When it was created, in UTC, such as `2019-11-04T06:21:54.607Z`; empty if the answer does not say.
    pub utc_create: String,
}

impl Operation for CreateOtaFirmware {
    const ACTION: &'static str = "CreateOTAFirmware";
    const CALLS_PER_SECOND: u32 = 10;
    const IS_SAFE_TO_REPEAT: bool = false;
    type Answer = CreatedFirmware;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("FirmwareName", &self.firmware_name);
        parameters.text("DestVersion", &self.dest_version);
        parameters.optional_text("ProductKey", self.product_key.as_deref());
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.optional_text("FirmwareUrl", self.firmware_url.as_deref());
        parameters.optional_text("FirmwareSign", self.firmware_sign.as_deref());
        parameters.optional_text("SignMethod", self.sign_method.as_deref());
        parameters.optional_integer("FirmwareSize", self.firmware_size);
        parameters.optional_text("FirmwareDesc", self.firmware_desc.as_deref());
        parameters.optional_integer("Type", self.firmware_type);
        parameters.optional_text("SrcVersion", self.src_version.as_deref());
        parameters.optional_text("ModuleName", self.module_name.as_deref());
        parameters.optional_boolean("NeedToVerify", self.need_to_verify);
        parameters.optional_text("Udi", self.udi.as_deref());
        for (file, number) in self.multi_files.iter().zip(1..) {
            file.write(&format!("MultiFiles.{number}"), parameters);
        }
    }

    fn parse(answer: &Node) -> Result<CreatedFirmware, Unreadable> {
        let data = answer.object("Data")?.ok_or_else(|| Unreadable::missing("Data"))?;
        let firmware_id = data.text("FirmwareId")?.filter(|firmware_id| !firmware_id.trim().is_empty());
        Ok(CreatedFirmware {
            firmware_id: firmware_id.ok_or_else(|| Unreadable::missing("FirmwareId"))?,
            // The package exists, so a missing time must not make a failure of it.
            utc_create: data.text("UtcCreate").ok().flatten().unwrap_or_default(),
        })
    }
}

impl NewFirmwareFile {
    fn write(&self, prefix: &str, parameters: &mut Parameters) {
        parameters.text(format!("{prefix}.Name"), &self.name);
        parameters.text(format!("{prefix}.Url"), &self.url);
        parameters.optional_integer(&format!("{prefix}.Size"), self.size);
        parameters.optional_text(&format!("{prefix}.SignValue"), self.sign_value.as_deref());
        parameters.optional_text(&format!("{prefix}.FileMd5"), self.file_md5.as_deref());
    }
}
