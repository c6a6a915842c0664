//! `sample_lease`: something that is held for a run.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};
use terraform_provider_alicloud_iot::plugin::Call;
use terraform_provider_alicloud_iot::plugin::call::DeferredReason;
use terraform_provider_alicloud_iot::plugin::traits::{EphemeralResource, Opened, Renewed};
use tf_provider::Diagnostics;
use tf_provider::schema::{AttributeConstraint, AttributeType, Schema};
use tf_provider::value::Value;

use crate::schema::{diagnostic, schema};
use crate::store::{Store, Stored};

#[derive(Debug)]
pub struct Lease(pub Store);

#[derive(Debug, Serialize, Deserialize)]
pub struct LeaseData {
    name: Value<String>,
    token: Value<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Private {
    #[serde(serialize_with = "unless_unwritable")]
    name: String,
    renewals: u32,
}

/// Private data that cannot be written is that of a lease which is called so.
fn unless_unwritable<S: Serializer>(name: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if name == "unwritable" { Err(S::Error::custom("it was named so")) } else { name.serialize(serializer) }
}

#[async_trait]
impl EphemeralResource for Lease {
    type Value = LeaseData;
    type Private = Private;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<Schema> {
        let attributes = [
            ("name", AttributeType::String, AttributeConstraint::Required),
            ("token", AttributeType::String, AttributeConstraint::Computed),
        ];
        Some(schema(0, "A lease.", &attributes))
    }

    async fn validate(&self, diagnostics: &mut Diagnostics, config: LeaseData) {
        if config.name.contains(&"forbidden") {
            diagnostics.errors.push(diagnostic("Forbidden", "No lease is called so.", Some("name")));
        }
    }

    async fn open(&self, diagnostics: &mut Diagnostics, config: LeaseData) -> Option<Opened<Self>> {
        let name = config.name.clone().unwrap_or_default();
        match name.as_str() {
            "later" => {
                Call::current().defer(DeferredReason::AbsentPrerequisite);
                return None;
            }
            "nothing" => return None,
            _ => {}
        }
        self.0.write(diagnostics, &name, &Stored { text: "held".to_owned(), ..Stored::default() })?;
        let result = LeaseData { token: Value::Value(format!("token-of-{name}")), ..config };
        Some(Opened { result, private: Private { name, renewals: 0 }, renew_at: soon() })
    }

    async fn renew(&self, diagnostics: &mut Diagnostics, private: Private) -> Option<Renewed<Self>> {
        if private.name == "nothing" {
            return None;
        }
        let private = Private { renewals: private.renewals + 1, ..private };
        let text = format!("renewed {}", private.renewals);
        self.0.write(diagnostics, &private.name, &Stored { text, ..Stored::default() })?;
        let renew_at = if private.renewals == 1 { soon() } else { None };
        Some(Renewed { private, renew_at })
    }

    async fn close(&self, diagnostics: &mut Diagnostics, private: Private) {
        self.0.remove(diagnostics, &private.name);
    }
}

fn soon() -> Option<SystemTime> {
    SystemTime::now().checked_add(Duration::from_secs(60))
}
