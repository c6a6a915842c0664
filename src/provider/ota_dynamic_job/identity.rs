//! What names a job for good, in import blocks and queries.

use serde::{Deserialize, Serialize};
use tf_provider::schema::AttributeType;
use tf_provider::value::Value;

use super::model::OtaDynamicJobModel;
use crate::plugin::schema::identity::{IdentityAttribute, IdentitySchema};

/// A job's identity. Its ID alone is not enough: it is looked up in one region, and in one instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobIdentity {
    pub(super) region: Value<String>,
    pub(super) iot_instance_id: Value<String>,
    pub(super) job_id: Value<String>,
}

/// What the identity consists of.
pub(super) fn schema() -> IdentitySchema {
    let attribute = |name, required_for_import, description| IdentityAttribute {
        name,
        attr_type: AttributeType::String,
        required_for_import,
        description,
    };
    IdentitySchema {
        version: 0,
        attributes: vec![
            attribute("job_id", true, "ID of the update batch."),
            attribute("iot_instance_id", false, "ID of the instance. Left out, it is that of the provider block."),
            attribute("region", false, "Region of the job. It has to be the one that the provider is configured for."),
        ],
    }
}

/// The identity of a job that exists. None if the state does not say which job it is.
pub(super) fn of(state: &OtaDynamicJobModel) -> Option<JobIdentity> {
    matches!(state.job_id, Value::Value(_)).then(|| JobIdentity {
        region: state.region.clone(),
        iot_instance_id: state.iot_instance_id.clone(),
        job_id: state.job_id.clone(),
    })
}
