//! The object storage behind uploads: permissions to upload one file, and what has been uploaded.
//!
//! [`policy`] makes and checks permissions; [`mod@post_object`] is the endpoint. Packages are hashed and counted as they
//! arrive and not kept; lists of devices, which are small, are.

mod policy;
mod post_object;
mod unread;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

pub(crate) use policy::UploadForm;
pub(crate) use post_object::post_object;

use crate::options::AccessKeySecret;
use crate::randomness::Randomness;

/// Path of the storage on the emulator's listener. The real one is a host of its own.
pub(crate) const PATH: &str = "/oss";

/// More objects than this are not remembered: the oldest go first.
const MOST_OBJECTS: usize = 10_000;
/// More bytes of contents than this are not kept: the oldest go first.
const MOST_CONTENT: usize = 256 * 1024 * 1024;
/// An upload that nothing was made of is removed after this time.
const UNUSED: Duration = Duration::minutes(60);

/// What an upload is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A file of a package.
    Firmware,
    /// The device names of a static job.
    DeviceNames,
}

impl Purpose {
    const ALL: [Self; 2] = [Self::Firmware, Self::DeviceNames];

    /// The folder of its objects.
    fn folder(self) -> &'static str {
        match self {
            Self::Firmware => "ota/",
            Self::DeviceNames => "device-names/",
        }
    }

    /// Most bytes of a file.
    fn largest_file(self) -> u64 {
        match self {
            Self::Firmware => 1000 * 1024 * 1024,
            Self::DeviceNames => 5 * 1024 * 1024,
        }
    }

    fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| key.starts_with(purpose.folder()))
    }
}

/// Something that was uploaded.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct StoredObject {
    /// Bytes.
    pub(crate) size: u64,
    /// MD5 in lower-case hexadecimal digits.
    pub(crate) md5: String,
    /// Kept for lists of devices only.
    pub(crate) content: Option<Vec<u8>>,
    uploaded: OffsetDateTime,
}

/// What was uploaded, by its keys.
pub(crate) type StoredObjects = BTreeMap<String, StoredObject>;

/// The storage.
#[derive(Debug)]
pub(crate) struct ObjectStorage {
    owner_id: String,
    owner_secret: AccessKeySecret,
    objects: StoredObjects,
}

impl ObjectStorage {
    /// An empty storage, with an owner whose key signs permissions.
    pub(crate) fn new(randomness: &mut Randomness) -> Self {
        Self {
            owner_id: format!("LTAI{}", randomness.id("")),
            owner_secret: AccessKeySecret::new(randomness.id("")),
            objects: BTreeMap::new(),
        }
    }

    /// The storage with what an earlier one had.
    pub(crate) fn with(objects: StoredObjects, randomness: &mut Randomness) -> Self {
        Self { objects, ..Self::new(randomness) }
    }

    /// All that is stored, by its keys.
    pub(crate) fn objects(&self) -> &StoredObjects {
        &self.objects
    }

    /// Stores what was uploaded, and makes room for it.
    pub(crate) fn add(&mut self, key: String, object: StoredObject) {
        self.objects.insert(key, object);
        while self.objects.len() > MOST_OBJECTS || self.content_size() > MOST_CONTENT {
            let oldest = self.objects.iter().min_by_key(|(_, object)| object.uploaded).map(|(key, _)| key.clone());
            oldest.and_then(|key| self.objects.remove(&key));
        }
    }

    fn content_size(&self) -> usize {
        self.objects.values().filter_map(|object| object.content.as_ref()).map(Vec::len).sum()
    }

    /// What was uploaded to the address that an upload form gave, unless it was left unused for too long.
    pub(crate) fn object_at(&self, url: &str, now: OffsetDateTime) -> Option<&StoredObject> {
        let object = self.objects.get(key_of(url)?)?;
        (now - object.uploaded < UNUSED).then_some(object)
    }
}

/// Whether the address is one of this storage.
pub(crate) fn is_own(url: &str) -> bool {
    key_of(url).is_some()
}

/// The key in an address; the machine's name does not matter, as one emulator has several.
fn key_of(url: &str) -> Option<&str> {
    let (_, path) = url.strip_prefix("http://")?.split_once('/')?;
    path.strip_prefix(PATH.trim_start_matches('/'))?.strip_prefix('/')
}
