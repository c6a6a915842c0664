//! The fixtures file: what exists when the emulator starts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Larger files are refused, in bytes.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;
/// Most devices that one fleet can stand for.
const LARGEST_FLEET: u64 = 10_000_000;

/// What exists at the start and after a reset. Every list is optional.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fixtures {
    pub(crate) products: Option<Vec<ProductFixture>>,
    pub(crate) firmwares: Vec<FirmwareFixture>,
    pub(crate) devices: Vec<DeviceFixture>,
    pub(crate) fleets: Vec<FleetFixture>,
    pub(crate) roles: Option<Vec<RoleFixture>>,
}

/// A product. If any is listed, no other product exists.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductFixture {
    pub(crate) product_key: String,
}

/// An update package.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirmwareFixture {
    pub(crate) firmware_id: String,
    pub(crate) product_key: String,
    pub(crate) firmware_name: String,
    pub(crate) dest_version: String,
    /// 0 full, 1 differential.
    #[serde(default, rename = "type")]
    pub(crate) kind: i64,
    #[serde(default)]
    pub(crate) src_version: Option<String>,
    #[serde(default = "default_module")]
    pub(crate) module_name: String,
    /// -1 needs no verification, 0 not verified, 1 verified, 2 being verified, 3 verification failed.
    #[serde(default = "verified")]
    pub(crate) status: i64,
}

/// A device, known by name.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceFixture {
    pub(crate) product_key: String,
    pub(crate) device_name: String,
    pub(crate) version: String,
    #[serde(default = "online")]
    pub(crate) online: bool,
}

/// Many devices of one product and version.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FleetFixture {
    pub(crate) product_key: String,
    pub(crate) count: u64,
    pub(crate) version: String,
    /// Share of devices that are offline, 0 to 1.
    #[serde(default)]
    pub(crate) offline: f64,
    /// Share of updates that fail, 0 to 1.
    #[serde(default)]
    pub(crate) failing: f64,
}

/// A RAM role. If any is listed, STS knows no other.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleFixture {
    pub(crate) role_arn: String,
    /// Seconds that a session lasts at most.
    #[serde(default = "one_hour")]
    pub(crate) max_session_duration: i64,
    /// What AssumeRole has to send along.
    #[serde(default)]
    pub(crate) external_id: Option<String>,
    /// Whether the role trusts its callers.
    #[serde(default = "assumable")]
    pub(crate) assumable: bool,
}

fn one_hour() -> i64 {
    3_600
}

fn assumable() -> bool {
    true
}

fn default_module() -> String {
    "default".to_owned()
}

fn verified() -> i64 {
    1
}

fn online() -> bool {
    true
}

/// Why a fixtures file is refused; the text names the file and the member.
#[derive(Debug, Error)]
pub enum FixturesError {
    /// The file cannot be read.
    #[error("fixtures file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// A member is unknown, has the wrong type, or an impossible value.
    #[error("fixtures file {}: {member}: {reason}", path.display())]
    Member {
        /// The file.
        path: PathBuf,
        /// The member, such as `firmwares[2].status`.
        member: String,
        /// What is wrong and what is allowed.
        reason: String,
    },
}

/// A member and what is wrong with it.
type Complaint = (String, String);

impl Fixtures {
    /// Reads and checks a fixtures file.
    ///
    /// # Errors
    /// See [`FixturesError`].
    pub fn read(path: &Path) -> Result<Self, FixturesError> {
        let unreadable = |source| FixturesError::Unreadable { path: path.to_owned(), source };
        let size = std::fs::metadata(path).map_err(unreadable)?.len();
        if size > LARGEST_FILE {
            let source = std::io::Error::other("it is larger than 64 MiB");
            return Err(unreadable(source));
        }
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        Self::parse(&text).map_err(|(member, reason)| FixturesError::Member { path: path.to_owned(), member, reason })
    }

    fn parse(text: &str) -> Result<Self, Complaint> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let fixtures: Self = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let member = match error.path().to_string() {
                path if path == "." => "the document".to_owned(),
                path => path,
            };
            (member, error.into_inner().to_string())
        })?;
        let trailing = deserializer.end();
        trailing.map_err(|error| ("the document".to_owned(), error.to_string()))?;
        fixtures.check()?;
        Ok(fixtures)
    }

    fn check(&self) -> Result<(), Complaint> {
        check_unique("products", "product_key", self.products.iter().flatten().map(|p| &p.product_key))?;
        check_unique("firmwares", "firmware_id", self.firmwares.iter().map(|f| &f.firmware_id))?;
        check_unique("roles", "role_arn", self.roles.iter().flatten().map(|role| &role.role_arn))?;
        let names = self.devices.iter().map(|d| (&d.product_key, &d.device_name));
        check_unique("devices", "device_name", names)?;
        for (index, firmware) in self.firmwares.iter().enumerate() {
            self.check_firmware(firmware)
                .map_err(|(member, reason)| (format!("firmwares[{index}].{member}"), reason))?;
        }
        for (index, device) in self.devices.iter().enumerate() {
            self.check_device(device).map_err(|(member, reason)| (format!("devices[{index}].{member}"), reason))?;
        }
        for (index, fleet) in self.fleets.iter().enumerate() {
            self.check_fleet(fleet).map_err(|(member, reason)| (format!("fleets[{index}].{member}"), reason))?;
        }
        for (index, role) in self.roles.iter().flatten().enumerate() {
            within("max_session_duration", role.max_session_duration, 900..=43_200)
                .map_err(|(member, reason)| (format!("roles[{index}].{member}"), reason))?;
        }
        Ok(())
    }

    fn check_firmware(&self, firmware: &FirmwareFixture) -> Result<(), Complaint> {
        not_empty("firmware_id", &firmware.firmware_id)?;
        not_empty("firmware_name", &firmware.firmware_name)?;
        not_empty("dest_version", &firmware.dest_version)?;
        not_empty("module_name", &firmware.module_name)?;
        self.product_exists(&firmware.product_key)?;
        within("type", firmware.kind, 0..=1)?;
        within("status", firmware.status, -1..=3)?;
        let has_source = firmware.src_version.as_ref().is_some_and(|version| !version.is_empty());
        if (firmware.kind == 1) != has_source {
            let reason = "a differential package (type 1) needs one, a full package (type 0) has none";
            return Err(complaint("src_version", reason));
        }
        Ok(())
    }

    fn check_device(&self, device: &DeviceFixture) -> Result<(), Complaint> {
        not_empty("device_name", &device.device_name)?;
        not_empty("version", &device.version)?;
        self.product_exists(&device.product_key)
    }

    fn check_fleet(&self, fleet: &FleetFixture) -> Result<(), Complaint> {
        not_empty("version", &fleet.version)?;
        within("count", fleet.count, 1..=LARGEST_FLEET)?;
        within("offline", fleet.offline, 0.0..=1.0)?;
        within("failing", fleet.failing, 0.0..=1.0)?;
        self.product_exists(&fleet.product_key)
    }

    fn product_exists(&self, product_key: &str) -> Result<(), Complaint> {
        not_empty("product_key", product_key)?;
        if self.has_product(product_key) {
            return Ok(());
        }
        let reason = format!("{product_key} is not in products; add it there, or leave products out");
        Err(complaint("product_key", &reason))
    }

    /// Whether the product exists; without a list every product does.
    pub(crate) fn has_product(&self, product_key: &str) -> bool {
        let Some(products) = &self.products else {
            return true;
        };
        products.iter().any(|product| product.product_key == product_key)
    }
}

fn complaint(member: &str, reason: &str) -> Complaint {
    (member.to_owned(), reason.to_owned())
}

fn not_empty(member: &str, text: &str) -> Result<(), Complaint> {
    if text.is_empty() {
        return Err(complaint(member, "it must not be empty"));
    }
    Ok(())
}

fn within<N: PartialOrd + std::fmt::Display>(
    member: &str,
    number: N,
    range: std::ops::RangeInclusive<N>,
) -> Result<(), Complaint> {
    if range.contains(&number) {
        return Ok(());
    }
    let reason = format!("it is {number}; allowed is {} to {}", range.start(), range.end());
    Err(complaint(member, &reason))
}

fn check_unique<K: Ord>(list: &str, member: &str, keys: impl Iterator<Item = K>) -> Result<(), Complaint> {
    let mut seen = BTreeSet::new();
    for (index, key) in keys.enumerate() {
        if !seen.insert(key) {
            return Err((format!("{list}[{index}].{member}"), "an earlier one is the same".to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRMWARE: &str = r#"{"firmware_id":"f","product_key":"p","firmware_name":"n","dest_version":"2"}"#;

    #[test]
    fn every_list_is_optional_and_a_firmware_is_verified_and_full() {
        assert_eq!(Fixtures::parse("{}"), Ok(Fixtures::default()));
        let fixtures = Fixtures::parse(&format!(r#"{{"firmwares":[{FIRMWARE}]}}"#)).unwrap();
        let firmware = fixtures.firmwares.first().unwrap();
        assert_eq!((firmware.kind, firmware.status, firmware.module_name.as_str()), (0, 1, "default"));
        assert!(fixtures.has_product("anything"));
    }

    #[test]
    fn complaints_name_the_member() {
        let table = [
            (r#"{"firmware":[]}"#, "firmware", "unknown field"),
            (r#"{"firmwares":[{"firmware_id":1}]}"#, "firmwares[0].firmware_id", "invalid type"),
            (r#"{"firmwares":[{"firmware_id":"f"}]}"#, "firmwares[0]", "missing field `product_key`"),
            (
                r#"{"devices":[{"product_key":"p","device_name":"d","version":"1","color":2}]}"#,
                "devices[0].color",
                "unknown field",
            ),
            (
                r#"{"firmwares":[{"firmware_id":"f","product_key":"p","firmware_name":"n","dest_version":"2","status":4}]}"#,
                "firmwares[0].status",
                "allowed is -1 to 3",
            ),
            (
                r#"{"firmwares":[{"firmware_id":"f","product_key":"p","firmware_name":"n","dest_version":"2","type":1}]}"#,
                "firmwares[0].src_version",
                "differential",
            ),
            (
                r#"{"firmwares":[{"firmware_id":"f","product_key":"p","firmware_name":"n","dest_version":"2","src_version":"1"}]}"#,
                "firmwares[0].src_version",
                "full package",
            ),
            (
                r#"{"products":[{"product_key":"q"}],"firmwares":[{"firmware_id":"f","product_key":"p","firmware_name":"n","dest_version":"2"}]}"#,
                "firmwares[0].product_key",
                "not in products",
            ),
            (r#"{"products":[{"product_key":"q"},{"product_key":"q"}]}"#, "products[1].product_key", "earlier"),
            (r#"{"fleets":[{"product_key":"p","count":0,"version":"1"}]}"#, "fleets[0].count", "allowed is 1"),
            (
                r#"{"fleets":[{"product_key":"p","count":1,"version":"1","failing":1.5}]}"#,
                "fleets[0].failing",
                "allowed is 0 to 1",
            ),
            (r#"{"devices":[{"product_key":"","device_name":"d","version":"1"}]}"#, "devices[0].product_key", "empty"),
            (
                r#"{"roles":[{"role_arn":"acs:ram::1:role/r","max_session_duration":899}]}"#,
                "roles[0].max_session_duration",
                "allowed is 900 to 43200",
            ),
            ("{} {}", "the document", "trailing"),
            ("[", "the document", "EOF"),
        ];
        for (text, member, reason) in table {
            let complaint = Fixtures::parse(text).unwrap_err();
            assert_eq!(complaint.0, member, "{text}: {complaint:?}");
            assert!(complaint.1.contains(reason), "{text}: {complaint:?}");
        }
    }

    #[test]
    fn an_unreadable_file_is_named() {
        let message = Fixtures::read(Path::new("does-not-exist.json")).unwrap_err().to_string();
        assert!(message.contains("does-not-exist.json"), "{message}");
    }
}
