//! The resource's state as a struct: one field an attribute.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use super::choice::{Choice as _, OnDestroy, OnExternalCancel};
use super::work::Timeouts;
use crate::plugin::convert::Number;
use crate::provider::limits::fits_resource_id;

/// Configuration, plan and state of one job. What each attribute means stands in the schema.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OtaDynamicJobModel {
    pub(crate) firmware_id: Value<String>,
    pub(crate) product_key: Value<String>,
    pub(crate) iot_instance_id: Value<String>,
    pub(crate) src_versions: Value<Vec<Value<String>>>,
    pub(crate) tags: Value<BTreeMap<String, Value<String>>>,
    pub(crate) retry_interval: Value<Number>,
    pub(crate) retry_count: Value<Number>,
    pub(crate) timeout_in_minutes: Value<Number>,
    pub(crate) maximum_per_minute: Value<Number>,
    pub(crate) overwrite_mode: Value<Number>,
    pub(crate) dynamic_mode: Value<Number>,
    pub(crate) need_push: Value<bool>,
    pub(crate) need_confirm: Value<bool>,
    pub(crate) group_id: Value<String>,
    pub(crate) group_type: Value<String>,
    pub(crate) download_protocol: Value<String>,
    pub(crate) multi_module_mode: Value<bool>,
    pub(crate) on_destroy: Value<String>,
    pub(crate) on_external_cancel: Value<String>,
    pub(crate) timeouts: Value<Timeouts>,
    pub(crate) id: Value<String>,
    pub(crate) job_id: Value<String>,
    pub(crate) region: Value<String>,
    pub(crate) utc_create: Value<String>,
    pub(crate) job_status: Value<String>,
    pub(crate) firmware_name: Value<String>,
    pub(crate) dest_version: Value<String>,
}

impl OtaDynamicJobModel {
    /// What a destroy makes of the job.
    pub(crate) fn on_destroy(&self) -> OnDestroy {
        OnDestroy::chosen(known(&self.on_destroy))
    }

    /// What a refresh makes of the job once it was cancelled elsewhere.
    pub(crate) fn on_external_cancel(&self) -> OnExternalCancel {
        OnExternalCancel::chosen(known(&self.on_external_cancel))
    }
}

/// The text, if it is known and there.
pub(crate) fn known(value: &Value<String>) -> Option<&str> {
    value.as_ref().as_option().map(String::as_str)
}

/// The whole number, if it is known and one.
pub(crate) fn whole(value: &Value<Number>) -> Option<i64> {
    value.as_ref().as_option().and_then(Number::as_integer)
}

/// The id of the resource, which is also what it is imported by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ImportId {
    pub(crate) iot_instance_id: Option<String>,
    pub(crate) job_id: String,
}

impl ImportId {
    /// Reads `JOB_ID` or `IOT_INSTANCE_ID/JOB_ID`. Nothing for any other form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (instance, job) = match text.split_once('/') {
            Some((instance, job)) => (Some(instance), job),
            None => (None, text),
        };
        (Self::is_part(job) && instance.is_none_or(Self::is_part))
            .then(|| Self { iot_instance_id: instance.map(str::to_owned), job_id: job.to_owned() })
    }

    /// Whether a text can be the ID of a job or of an instance, and so one of the parts.
    pub(crate) fn is_part(text: &str) -> bool {
        !text.is_empty() && fits_resource_id(text)
    }
}

impl std::fmt::Display for ImportId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(instance) = &self.iot_instance_id {
            write!(f, "{instance}/")?;
        }
        f.write_str(&self.job_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn import_id_has_two_forms() {
        for text in ["job", "iot-060a02ne/job"] {
            assert_eq!(ImportId::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "/", "job/", "/job", "a/b/c", "a b", "i/ job"] {
            assert_eq!(ImportId::parse(text), None, "{text:?}");
        }
    }
}
