//! CreateOTAFirmware: registers an update package, of files that were uploaded to the emulator or are elsewhere.

use super::{Call, Methods, Operation};
use crate::answer::{GatewayError, Object, Refusal, ServiceError};
use crate::assumptions::FirmwareFile as Assumed;
use crate::clock::utc_text;
use crate::limits::{FIRMWARES, PACKAGE_FILES};
use crate::object_storage;
use crate::parameters::Element;
use crate::store::{Firmware, FirmwareFile, InstanceScope, VerificationStatus};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "CreateOTAFirmware", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

/// Parameter, most characters, code of the refusal.
pub(super) type Text = (&'static str, usize, &'static str);

/// The description of a package.
pub(super) const DESCRIPTION: Text = ("FirmwareDesc", 100, "iot.firmware.FirmwareDescExceedLimit");

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let firmware = read_firmware(call)?;
    check_account(call, &firmware)?;
    let data = Object::new().with("FirmwareId", &firmware.id).with("UtcCreate", utc_text(firmware.created));
    call.store.add_firmware(firmware);
    Ok(Object::new().with("Data", data))
}

fn read_firmware(call: &mut Call<'_>) -> Result<Firmware, Refusal> {
    let id = call.store.free_firmware_id(call.randomness);
    let parameters = call.parameters;
    let dest_version = read_dest_version(call)?;
    let need_to_verify = parameters.boolean("NeedToVerify")?.unwrap_or(true);
    parameters.one_of("SignMethod", &["MD5"])?;
    Ok(Firmware {
        id,
        instance: InstanceScope::One(call.instance_id().map(str::to_owned)),
        product_key: parameters.get("ProductKey").map(|_| call.product_key().map(str::to_owned)).transpose()?,
        name: check_name(parameters.required("FirmwareName")?)?,
        description: check_text(call, DESCRIPTION)?,
        src_version: read_src_version(call, &dest_version)?,
        dest_version,
        module_name: parameters.get("ModuleName").unwrap_or("default").to_owned(),
        user_defined_information: check_text(call, ("Udi", 4096, "iot.firmware.FirmwareUdiExceedLimit"))?,
        files: read_files(call)?,
        created: call.now,
        modified: call.now,
        status: if need_to_verify { VerificationStatus::NotVerified } else { VerificationStatus::NotNeeded },
    })
}

/// The name of a package, if it has the form of one.
pub(super) fn check_name(name: &str) -> Result<String, Refusal> {
    let is_word = |character: char| character.is_alphanumeric();
    let is_allowed = |character: char| is_word(character) || "-_()（）".contains(character);
    if name.chars().count() > 40 || !name.starts_with(is_word) || !name.chars().all(is_allowed) {
        let message =
            "FirmwareName has 1 to 40 letters, digits, -, _ and parentheses, and begins with a letter or digit.";
        return Err(ServiceError::new("iot.firmware.IncorrectFormattedFirmwareName", message).into());
    }
    Ok(name.to_owned())
}

fn read_dest_version(call: &Call<'_>) -> Result<String, Refusal> {
    let version = call.parameters.required("DestVersion")?;
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || ".-_".contains(character);
    if version.len() > 64 || !version.chars().all(is_allowed) {
        return Err(ServiceError::invalid("DestVersion has 1 to 64 letters, digits, periods, - and _.").into());
    }
    Ok(version.to_owned())
}

fn read_src_version(call: &Call<'_>, dest_version: &str) -> Result<Option<String>, Refusal> {
    let src_version = call.parameters.get("SrcVersion");
    match (call.parameters.integer("Type")?.unwrap_or(0), src_version) {
        (0, _) => Ok(None),
        (1, None) => Err(ServiceError::null("A differential package needs SrcVersion.").into()),
        (1, Some(version)) if version == dest_version => {
            Err(ServiceError::invalid("SrcVersion and DestVersion have to differ.").into())
        }
        (1, Some(version)) => Ok(Some(version.to_owned())),
        _ => Err(ServiceError::invalid("Type has to be 0 or 1.").into()),
    }
}

/// An optional text, if it is not too long.
pub(super) fn check_text(call: &Call<'_>, (name, longest, code): Text) -> Result<Option<String>, Refusal> {
    let text = call.parameters.get(name);
    if text.is_some_and(|text| text.chars().count() > longest) {
        return Err(ServiceError::new(code, format!("{name} has at most {longest} characters.")).into());
    }
    Ok(text.map(str::to_owned))
}

/// One file by `FirmwareUrl`, or several by `MultiFiles.N`, which only the newer edition has.
fn read_files(call: &Call<'_>) -> Result<Vec<FirmwareFile>, Refusal> {
    let several = call.parameters.elements("MultiFiles")?;
    if several.is_empty() || !call.limits.is_extended() {
        let file = FirmwareFile {
            name: None,
            url: call.parameters.required("FirmwareUrl")?.to_owned(),
            size: call.parameters.integer("FirmwareSize")?,
            signature: call.parameters.get("FirmwareSign").map(str::to_owned),
        };
        return Ok(vec![measured(call, file)?]);
    }
    let files = several.iter().map(|file| measured(call, read_file(file)?)).collect::<Result<Vec<_>, _>>()?;
    let names: Vec<_> = files.iter().filter_map(|file| file.name.clone()).collect();
    if files.len() > PACKAGE_FILES || super::has_duplicates(&names) {
        let message = format!("A package has at most {PACKAGE_FILES} files with different names.");
        return Err(ServiceError::invalid(message).into());
    }
    Ok(files)
}

fn read_file(element: &Element<'_>) -> Result<FirmwareFile, Refusal> {
    let member = |name: &str| element.get(name).filter(|text| !text.is_empty()).map(|text| (*text).to_owned());
    let name = member("Name").filter(|name| name.chars().count() <= 32);
    let size = member("Size").map(|size| size.parse());
    let (Some(name), Some(url)) = (name, member("Url")) else {
        return Err(ServiceError::invalid("A file needs Name, 1 to 32 characters, and Url.").into());
    };
    Ok(FirmwareFile {
        name: Some(name),
        url,
        size: size.transpose().map_err(|_| GatewayError::invalid("MultiFiles", "Size is not an integer"))?,
        signature: member("SignValue").or_else(|| member("FileMd5")),
    })
}

/// The file with what the storage knows of it, where the call says nothing.
fn measured(call: &Call<'_>, file: FirmwareFile) -> Result<FirmwareFile, Refusal> {
    let Some(stored) = call.object_storage.object_at(&file.url, call.now) else {
        if object_storage::is_own(&file.url) || call.assumptions.firmware_file == Assumed::Uploaded {
            let message = format!("No file was uploaded to {} in the last 60 minutes.", file.url);
            return Err(ServiceError::invalid(message).into());
        }
        return Ok(file);
    };
    Ok(FirmwareFile {
        size: file.size.or_else(|| i64::try_from(stored.size).ok()),
        signature: file.signature.or_else(|| Some(stored.md5.clone())),
        ..file
    })
}

fn check_account(call: &Call<'_>, firmware: &Firmware) -> Result<(), ServiceError> {
    if call.store.firmwares().count() >= FIRMWARES {
        let message = format!("An account has at most {FIRMWARES} packages.");
        return Err(ServiceError::new("iot.ota.TooManyFirmware", message));
    }
    check_free_name(call, &firmware.name, None)
}

/// The reference edition does not ask for unique names. `own` is the package that may have it.
pub(super) fn check_free_name(call: &Call<'_>, name: &str, own: Option<&str>) -> Result<(), ServiceError> {
    let mut others = call.store.firmwares().filter(|other| own != Some(other.id.as_str()));
    if call.limits.is_extended() && others.any(|other| other.name == name) {
        let message = format!("A package with the name {name} exists.");
        return Err(ServiceError::new("iot.firmware.AlreadyExistedFirmwareName", message));
    }
    Ok(())
}
