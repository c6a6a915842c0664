//! The ranges of both editions of the documents, as data.
//!
//! `reference` is the page of CreateOTADynamicUpgradeJob that has no groups; `extended` is the newer edition, which is
//! wider in places (tag values), narrower in others (rate) and knows rules between parameters.

use std::ops::RangeInclusive;

/// Which edition of the documents rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize, clap::ValueEnum)]
pub enum Edition {
    /// The page without device groups: tag values to 128 characters, rate 0 to 1000.
    #[default]
    Reference,
    /// The newer pages and the metadata: tag values to 1024 characters, rate 10 to 10000, rules between parameters.
    Extended,
}

/// Minutes that `RetryInterval` can take; 0 is at once. Both editions.
pub(crate) const RETRY_INTERVALS: [i64; 5] = [0, 10, 30, 60, 1440];
/// Values of `RetryCount`. Both editions.
pub(crate) const RETRY_COUNTS: [i64; 3] = [1, 2, 5];
/// Minutes that `TimeoutInMinutes` can take. Both editions.
pub(crate) const TIMEOUT_IN_MINUTES: RangeInclusive<i64> = 1..=1440;
/// Most elements of `SrcVersion.N`. Both editions (the text; the metadata of the newer one says 50).
pub(crate) const SOURCE_VERSIONS: usize = 10;
/// Most elements of `SrcVersionList.N` of UpdateOTAJob.
pub(crate) const UPDATED_SOURCE_VERSIONS: usize = 30;
/// Values of `MaximumPerMinute` of UpdateOTAJob, whose only documents are the newer ones.
pub(crate) const UPDATED_MAXIMUM_PER_MINUTE: RangeInclusive<i64> = 10..=10_000;
/// Most elements of `DeviceNames.N` of ListOTATaskByJob.
pub(crate) const LISTED_DEVICES: usize = 50;
/// `CurrentPage` times `PageSize` of ListOTATaskByJob is at most this.
pub(crate) const REACHABLE_TASKS: i64 = 100_000;
/// Characters of `Tag.N.Key`. Both editions.
pub(crate) const TAG_KEY_LENGTH: RangeInclusive<usize> = 1..=30;
/// Largest package that devices can fetch over MQTT, in bytes. Newer edition.
pub(crate) const MQTT_PACKAGE_SIZE: i64 = 16 * 1024 * 1024;
/// Regions with `DownloadProtocol=MQTT`. Newer edition.
pub(crate) const MQTT_REGIONS: [&str; 3] = ["cn-shanghai", "cn-beijing", "cn-shenzhen"];
/// Regions with dynamic groups. Newer edition.
pub(crate) const GROUP_REGIONS: [&str; 1] = ["cn-shanghai"];
/// Regions without groups in static rollouts: Tokyo and Virginia. Newer edition.
pub(crate) const NO_GROUP_REGIONS: [&str; 2] = ["ap-northeast-1", "us-east-1"];
/// Most devices that a call names one by one.
pub(crate) const TARGET_DEVICES: usize = 200;
/// Most tasks that ReupgradeOTATask and ConfirmOTATask take.
pub(crate) const TASKS_OF_A_CALL: usize = 10;
/// `ScheduleTime`, counted from now, in milliseconds: 5 minutes to 7 days.
pub(crate) const SCHEDULE_START: RangeInclusive<i64> = 300_000..=604_800_000;
/// `ScheduleFinishTime`, counted from `ScheduleTime`: 1 hour to 30 days.
pub(crate) const SCHEDULE_FINISH: RangeInclusive<i64> = 3_600_000..=2_592_000_000;
/// Most packages of an account.
pub(crate) const FIRMWARES: usize = 500;
/// Most modules of a product, beside the module `default`.
pub(crate) const MODULES: usize = 10;
/// Most elements of `TargetDeviceName.N` of a verification.
pub(crate) const VERIFICATION_DEVICES: usize = 10;
/// Most files of a package.
pub(crate) const PACKAGE_FILES: usize = 20;

/// Most names in an uploaded list of devices.
pub(crate) const UPLOADED_DEVICES: usize = 10_000;
/// The same in the newer edition.
pub(crate) const UPLOADED_DEVICES_EXTENDED: usize = 1_000_000;

/// What the editions do not share.
#[derive(Debug)]
pub(crate) struct Limits {
    /// The edition.
    pub(crate) edition: Edition,
    /// Values of `MaximumPerMinute`.
    pub(crate) maximum_per_minute: RangeInclusive<i64>,
    /// `MaximumPerMinute` when it is left out.
    pub(crate) default_maximum_per_minute: i64,
    /// Characters of `Tag.N.Value`.
    pub(crate) tag_value_length: RangeInclusive<usize>,
    /// Most tags; `None` is no documented bound.
    pub(crate) tags: Option<usize>,
    /// Characters of all tag keys and values together; `None` is no documented bound.
    pub(crate) tags_length: Option<usize>,
}

const REFERENCE: Limits = Limits {
    edition: Edition::Reference,
    maximum_per_minute: 0..=1000,
    default_maximum_per_minute: 1000,
    tag_value_length: 1..=128,
    tags: None,
    tags_length: None,
};

const EXTENDED: Limits = Limits {
    edition: Edition::Extended,
    maximum_per_minute: 10..=10_000,
    default_maximum_per_minute: 10_000,
    tag_value_length: 1..=1024,
    tags: Some(10),
    tags_length: Some(4096),
};

impl Edition {
    /// The ranges of the edition.
    pub(crate) fn limits(self) -> &'static Limits {
        match self {
            Self::Reference => &REFERENCE,
            Self::Extended => &EXTENDED,
        }
    }
}

impl Limits {
    /// Whether the rules and members that only the newer edition has are in force.
    pub(crate) fn is_extended(&self) -> bool {
        self.edition == Edition::Extended
    }
}
