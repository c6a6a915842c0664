//! What the operations that create a job share: tags, timeout, push, confirmation, protocol, and the start itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::{Object, Refusal, ServiceError};
use crate::clock::utc_text;
use crate::limits::{Limits, TAG_KEY_LENGTH, TIMEOUT_IN_MINUTES};
use crate::operations::Call;
use crate::parameters::{Element, Parameters};
use crate::store::{JobKind, JobSettings, NewJob, Tag};

/// Sent with every request; they say nothing about the job.
const COMMON: [&str; 12] = [
    "AccessKeyId",
    "Action",
    "Format",
    "RegionId",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

impl Call<'_> {
    /// Reads and checks the settings that all jobs share.
    pub(super) fn job_settings(&self) -> Result<JobSettings, Refusal> {
        let parameters = self.parameters;
        let protocol = parameters.one_of("DownloadProtocol", &["HTTPS", "MQTT"])?;
        Ok(JobSettings {
            tags: read_tags(parameters, "Tag", self.limits)?,
            timeout_in_minutes: read_timeout(parameters)?,
            need_push: parameters.boolean("NeedPush")?.unwrap_or(true),
            need_confirm: parameters.boolean("NeedConfirm")?.unwrap_or(false),
            download_protocol: protocol.unwrap_or("HTTPS").to_owned(),
        })
    }

    /// Adds a job, and gives the answer of the operation that creates it.
    pub(super) fn start_job(
        &mut self,
        firmware_id: String,
        product_key: String,
        kind: JobKind,
        settings: JobSettings,
    ) -> Object {
        let job = NewJob {
            id: self.store.free_job_id(self.randomness),
            instance_id: self.instance_id().map(str::to_owned),
            firmware_id,
            product_key,
            kind,
            settings,
            created: self.now,
            parameters: self.own_parameters(),
        };
        let data = Object::new().with("JobId", &job.id).with("UtcCreate", utc_text(job.created));
        self.store.add_job(job);
        Object::new().with("Data", data)
    }

    /// The operation's own parameters as sent, for the record.
    fn own_parameters(&self) -> BTreeMap<String, String> {
        let own = self.parameters.pairs().filter(|(name, _)| !COMMON.contains(name));
        own.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

/// Reads and checks `TimeoutInMinutes`.
pub(super) fn read_timeout(parameters: &Parameters) -> Result<Option<i64>, Refusal> {
    let timeout = parameters.integer("TimeoutInMinutes")?;
    if timeout.is_some_and(|minutes| !TIMEOUT_IN_MINUTES.contains(&minutes)) {
        return Err(ServiceError::new("iot.ota.InvalidTimeout", "TimeoutInMinutes has to be 1 to 1440.").into());
    }
    Ok(timeout)
}

/// Reads and checks `list.N.Key` and `list.N.Value`.
pub(super) fn read_tags(parameters: &Parameters, list: &str, limits: &Limits) -> Result<Vec<Tag>, Refusal> {
    let mut tags = Vec::new();
    for element in parameters.elements(list)? {
        tags.push(read_tag(&element, limits)?);
    }
    check_tags(&tags, limits)?;
    Ok(tags)
}

/// Reads a list of source versions.
pub(super) fn read_versions(parameters: &Parameters, list: &str, most: usize) -> Result<Vec<String>, Refusal> {
    let versions = parameters.list(list)?;
    if versions.len() > most {
        return Err(ServiceError::invalid(format!("{list} has at most {most} items.")).into());
    }
    if versions.iter().any(String::is_empty) {
        return Err(ServiceError::invalid(format!("An item of {list} is empty.")).into());
    }
    if super::has_duplicates(&versions) {
        return Err(ServiceError::invalid(format!("The items of {list} have to differ.")).into());
    }
    Ok(versions)
}

fn read_tag(element: &Element<'_>, limits: &Limits) -> Result<Tag, Refusal> {
    let half = |member: &str| {
        let text = element.get(member).filter(|text| !text.is_empty());
        text.ok_or_else(|| ServiceError::null(format!("A tag needs both Key and Value; {member} is missing.")))
    };
    let (key, value) = (half("Key")?, half("Value")?);
    let is_letter = |character: char| character.is_ascii_alphanumeric() || character == '.';
    if !TAG_KEY_LENGTH.contains(&key.chars().count()) || !key.chars().all(is_letter) {
        let message = "The key of a tag has to be 1 to 30 letters, digits and periods.";
        return Err(ServiceError::invalid(message).into());
    }
    if !limits.tag_value_length.contains(&value.chars().count()) {
        let longest = limits.tag_value_length.end();
        return Err(too_long(format!("The value of a tag has to be 1 to {longest} characters.")));
    }
    Ok(Tag { key: (*key).to_owned(), value: (*value).to_owned() })
}

fn check_tags(tags: &[Tag], limits: &Limits) -> Result<(), Refusal> {
    if let Some(most) = limits.tags.filter(|most| tags.len() > *most) {
        return Err(ServiceError::invalid(format!("A job has at most {most} tags.")).into());
    }
    let length: usize = tags.iter().map(|tag| tag.key.chars().count() + tag.value.chars().count()).sum();
    if let Some(most) = limits.tags_length.filter(|most| length > *most) {
        return Err(too_long(format!("All tags together have at most {most} characters.")));
    }
    let keys: BTreeSet<&str> = tags.iter().map(|tag| tag.key.as_str()).collect();
    if keys.len() != tags.len() {
        // No document allows or forbids it; two values for one key cannot both reach a device.
        return Err(ServiceError::invalid("The keys of the tags have to differ.").into());
    }
    Ok(())
}

fn too_long(message: String) -> Refusal {
    ServiceError::new("iot.ota.JobTagIsTooLong", message).into()
}
