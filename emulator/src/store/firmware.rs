//! An update package.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::fixtures::FirmwareFixture;

/// How far the verification of a package is; the numbers are the wire's `Status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum VerificationStatus {
    /// -1
    NotNeeded,
    /// 0
    NotVerified,
    /// 1
    Verified,
    /// 2
    BeingVerified,
    /// 3
    Failed,
}

impl VerificationStatus {
    const ALL: [Self; 5] = [Self::NotNeeded, Self::NotVerified, Self::Verified, Self::BeingVerified, Self::Failed];

    /// The number on the wire.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::NotNeeded => -1,
            Self::NotVerified => 0,
            Self::Verified => 1,
            Self::BeingVerified => 2,
            Self::Failed => 3,
        }
    }

    /// The status in words.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::NotNeeded => "needs no verification",
            Self::NotVerified => "not verified",
            Self::Verified => "verified",
            Self::BeingVerified => "being verified",
            Self::Failed => "verification failed",
        }
    }

    fn from_number(number: i64) -> Self {
        let status = Self::ALL.into_iter().find(|status| status.number() == number);
        status.unwrap_or(Self::NotVerified) // Fixtures are checked before they get here.
    }

    /// Whether batches may be created from the package.
    pub(crate) fn allows_jobs(self) -> bool {
        matches!(self, Self::NotNeeded | Self::Verified)
    }
}

/// In which instance something lives.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum InstanceScope {
    /// In every instance: packages of the fixtures, which name none.
    Every,
    /// In the one whose ID the creating call gave; `None` is the public instance.
    One(Option<String>),
}

impl InstanceScope {
    /// Whether a call to `instance_id` sees it.
    pub(crate) fn includes(&self, instance_id: Option<&str>) -> bool {
        match self {
            Self::Every => true,
            Self::One(own) => own.as_deref() == instance_id,
        }
    }
}

/// One file of a package. What the client did not tell stays unknown: the emulator fetches no files.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct FirmwareFile {
    /// Name in a package of several files.
    pub(crate) name: Option<String>,
    pub(crate) url: String,
    /// Bytes.
    pub(crate) size: Option<i64>,
    /// MD5 in hexadecimal digits.
    pub(crate) signature: Option<String>,
}

/// An update package.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Firmware {
    pub(crate) id: String,
    pub(crate) instance: InstanceScope,
    /// `None`: the package was created without a product, and fits every one.
    pub(crate) product_key: Option<String>,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) dest_version: String,
    /// `Some` makes it a differential package.
    pub(crate) src_version: Option<String>,
    pub(crate) module_name: String,
    pub(crate) user_defined_information: Option<String>,
    pub(crate) files: Vec<FirmwareFile>,
    pub(crate) created: OffsetDateTime,
    pub(crate) modified: OffsetDateTime,
    pub(crate) status: VerificationStatus,
}

impl Firmware {
    /// The package that a fixture describes.
    pub(crate) fn from_fixture(fixture: &FirmwareFixture, now: OffsetDateTime) -> Self {
        Self {
            id: fixture.firmware_id.clone(),
            instance: InstanceScope::Every,
            product_key: Some(fixture.product_key.clone()),
            name: fixture.firmware_name.clone(),
            description: None,
            dest_version: fixture.dest_version.clone(),
            src_version: fixture.src_version.clone(),
            module_name: fixture.module_name.clone(),
            user_defined_information: None,
            files: Vec::new(),
            created: now,
            modified: now,
            status: VerificationStatus::from_number(fixture.status),
        }
    }

    /// The wire's `Type`: 0 full, 1 differential.
    pub(crate) fn type_number(&self) -> i64 {
        i64::from(self.src_version.is_some())
    }

    /// Whether the package is for this product.
    pub(crate) fn fits_product(&self, product_key: &str) -> bool {
        self.product_key.as_deref().is_none_or(|own| own == product_key)
    }

    pub(super) fn set_status(&mut self, status: VerificationStatus, now: OffsetDateTime) {
        self.status = status;
        self.modified = now;
    }
}
