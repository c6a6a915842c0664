//! `QueryOTAFirmware`: one update package in full.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Asks for an update package. At most 20 calls a second and account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryOtaFirmware {
    /// The update package.
    pub firmware_id: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
}

/// An update package. What the answer leaves out, or gives as null, is none; lists leave out `verify_progress`, `udi` and
/// `multi_files`.
///
/// Addresses of files are left out on purpose: the service signs them, so whoever reads one can fetch the package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Firmware {
    /// The id of the package.
    pub firmware_id: Option<String>,
    /// Its name.
    pub firmware_name: Option<String>,
    /// Its description.
    pub firmware_desc: Option<String>,
    /// The product it belongs to.
    pub product_key: Option<String>,
    /// The name of that product.
    pub product_name: Option<String>,
    /// The module that it updates; `default` is the whole device.
    pub module_name: Option<String>,
    /// The version that it brings.
    pub dest_version: Option<String>,
    /// The version that a differential package starts from; empty for a full one.
    pub src_version: Option<String>,
    /// `Type` on the wire: 0 for a full package, 1 for a differential one.
    pub firmware_type: Option<i64>,
    /// -1 needs no verification, 0 not verified, 1 verified, 2 being verified, 3 verification failed.
    pub status: Option<i64>,
    /// How far the verification is, in percent.
    pub verify_progress: Option<i64>,
    /// How `firmware_sign` was made, such as `MD5`; packages of one file only.
    pub sign_method: Option<String>,
    /// The digest of the file; packages of one file only.
    pub firmware_sign: Option<String>,
    /// Bytes; packages of one file only.
    pub firmware_size: Option<i64>,
    /// Text for the devices; newer editions.
    pub udi: Option<String>,
    /// The files of a package of several; newer editions.
    pub multi_files: Option<Vec<FirmwareFile>>,
    /// When the package was created. Times are in UTC, such as `2019-12-28T02:43:10.000Z`.
    pub utc_create: Option<String>,
    /// When the package was last changed.
    pub utc_modified: Option<String>,
}

/// A file of a package of several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FirmwareFile {
    /// Its name, unique in the package.
    pub name: Option<String>,
    /// Bytes.
    pub size: Option<i64>,
    /// Its digest, made as the package's `sign_method` says.
    pub sign_value: Option<String>,
    /// Its MD5 digest.
    pub file_md5: Option<String>,
}

impl Operation for QueryOtaFirmware {
    const ACTION: &'static str = "QueryOTAFirmware";
    const CALLS_PER_SECOND: u32 = 20;
    const IS_SAFE_TO_REPEAT: bool = true;
    /// None if the service reports a success without a package.
    type Answer = Option<Firmware>;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("FirmwareId", &self.firmware_id);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
    }

    fn parse(answer: &Node) -> Result<Option<Firmware>, Unreadable> {
        answer.object("FirmwareInfo")?.map(Firmware::read).transpose()
    }
}

impl Firmware {
    pub(super) fn read(info: &Node) -> Result<Self, Unreadable> {
        Ok(Self {
            firmware_id: info.text("FirmwareId")?,
            firmware_name: info.text("FirmwareName")?,
            firmware_desc: info.text("FirmwareDesc")?,
            product_key: info.text("ProductKey")?,
            product_name: info.text("ProductName")?,
            module_name: info.text("ModuleName")?,
            dest_version: info.text("DestVersion")?,
            src_version: info.text("SrcVersion")?,
            firmware_type: info.integer("Type")?,
            status: info.integer("Status")?,
            verify_progress: info.integer("VerifyProgress")?,
            sign_method: info.text("SignMethod")?,
            firmware_sign: info.text("FirmwareSign")?,
            firmware_size: info.integer("FirmwareSize")?,
            udi: info.text("Udi")?,
            multi_files: info.objects("MultiFiles", "MultiFiles", FirmwareFile::read)?,
            utc_create: info.text("UtcCreate")?,
            utc_modified: info.text("UtcModified")?,
        })
    }
}

impl FirmwareFile {
    fn read(file: &Node) -> Result<Self, Unreadable> {
        Ok(Self {
            name: file.text("Name")?,
            size: file.integer("Size")?,
            sign_value: file.text("SignValue")?,
            file_md5: file.text("FileMd5")?,
        })
    }
}
