//! `alicloud_iot_ota_job_progress`: how far a job has come, whatever its kind.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Description, Schema};
use tf_provider::value::Value;
use tf_provider::{DataSource, Diagnostics};

use super::context::Context;
use super::diagnostics::configuration::not_known_yet;
use super::diagnostics::{progress as text, validation};
use super::progress::{JobProgress, LookedAt, hundredths_of_percent};
use crate::plugin::convert::Number;

/// The data source's name in configurations.
pub(crate) const TYPE_NAME: &str = "alicloud_iot_ota_job_progress";

/// Configuration and result. What each attribute means stands in the schema.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct OtaJobProgressModel {
    job_id: Value<String>,
    iot_instance_id: Value<String>,
    region: Value<String>,
    job_status: Value<String>,
    task_counts: Value<BTreeMap<String, Value<Number>>>,
    finished: Value<Number>,
    success_percentage: Value<Number>,
    failed_percentage: Value<Number>,
}

/// The data source, with the settings that the provider block came to.
#[derive(Debug)]
pub(crate) struct OtaJobProgress {
    context: Context,
}

impl OtaJobProgress {
    pub(crate) fn new(context: Context) -> Self {
        Self { context }
    }
}

#[async_trait]
impl DataSource for OtaJobProgress {
    type State<'a> = OtaJobProgressModel;
    type ProviderMetaState<'a> = Value<()>;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<Schema> {
        Some(schema())
    }

    async fn validate<'a>(&self, diagnostics: &mut Diagnostics, config: OtaJobProgressModel) -> Option<()> {
        for (attribute, value) in [("job_id", &config.job_id), ("iot_instance_id", &config.iot_instance_id)] {
            if matches!(value, Value::Value(id) if id.is_empty()) {
                diagnostics.errors.push(validation::empty(attribute));
            }
        }
        Some(())
    }

    async fn read<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        config: OtaJobProgressModel,
        _meta: Value<()>,
    ) -> Option<OtaJobProgressModel> {
        let settings = self.context.settings(diagnostics)?;
        let client = settings.client().map_err(|error| diagnostics.errors.push(error)).ok()?;
        let instance =
            if config.iot_instance_id.is_null() { &settings.iot_instance_id } else { &config.iot_instance_id };
        if instance.is_unknown() {
            diagnostics.errors.push(not_known_yet(&["iot_instance_id"]));
            return None;
        }
        let job = LookedAt {
            job_id: config.job_id.as_ref().as_option().cloned().unwrap_or_default(),
            iot_instance_id: instance.as_ref().as_option().cloned(),
        };
        let region = client.region();
        let seen = match job.progress(client).await {
            Ok(Some(seen)) => seen,
            Ok(None) => {
                diagnostics.errors.push(text::no_such_job(region, &job));
                return None;
            }
            Err(error) => {
                diagnostics.errors.push(text::not_read(region, &job, &error));
                return None;
            }
        };
        Some(result(region, job, seen))
    }
}

fn result(region: &str, job: LookedAt, seen: JobProgress) -> OtaJobProgressModel {
    let counts = seen.counts;
    let percentage = |part: u64| {
        let hundredths = hundredths_of_percent(part, counts.finished());
        hundredths
            .and_then(|it| Number::from_decimal(&format!("{}.{:02}", it / 100, it % 100)))
            .map_or(Value::Null, Value::Value)
    };
    OtaJobProgressModel {
        job_id: Value::Value(job.job_id),
        iot_instance_id: job.iot_instance_id.into(),
        region: Value::Value(region.to_owned()),
        job_status: Value::Value(seen.job_status),
        task_counts: counts.to_value(),
        finished: Value::Value(counts.finished().into()),
        success_percentage: percentage(counts.succeeded),
        failed_percentage: percentage(counts.failed),
    }
}

fn schema() -> Schema {
    use AttributeConstraint::{Computed, OptionalComputed, Required};
    use AttributeType::{Map, Number, String};
    let attributes = [
        ("job_id", Required, String, "ID of a dynamic or static job."),
        (
            "iot_instance_id",
            OptionalComputed,
            String,
            "ID of the instance that the job belongs to. Defaults to the provider's `iot_instance_id`.",
        ),
        ("region", Computed, String, "Region of the job: the provider's."),
        ("job_status", Computed, String, "`PLANNED`, `IN_PROGRESS`, `CANCELED` or `COMPLETED`."),
        (
            "task_counts",
            Computed,
            Map(Box::new(Number)),
            "Updates of the job by their status: `CONFIRM`, `QUEUED`, `NOTIFIED`, `IN_PROGRESS`, `CANCELED`, `SUCCEEDED` and \
             `FAILED`. Counted one after the other, so an update that moves on meanwhile may count twice.",
        ),
        ("finished", Computed, Number, "How many updates succeeded or failed."),
        (
            "success_percentage",
            Computed,
            Number,
            "How many of the finished succeeded, in percent, cut off after two decimals. Null while none has finished.",
        ),
        (
            "failed_percentage",
            Computed,
            Number,
            "How many of the finished failed, in percent, cut off after two decimals. Null while none has finished.",
        ),
    ];
    let attribute = |(name, constraint, attr_type, description): (&str, _, _, &str)| {
        let description = Description::markdown(description);
        (name.to_owned(), Attribute { attr_type, description, constraint, sensitive: false, deprecated: false })
    };
    let description = "How far a job has come, by the updates of its devices. It is asked for anew by every plan, at eight \
                       calls each; to wait for a job, use the resource `alicloud_iot_ota_rollout_gate`.";
    let block = Block {
        version: 0,
        attributes: attributes.into_iter().map(attribute).collect(),
        blocks: Default::default(),
        description: Description::markdown(description),
        deprecated: false,
    };
    Schema { version: 0, block }
}
