//! A module of a product: what a package can be for, beside the whole device.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A module.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Module {
    pub(crate) product_key: String,
    /// Never changes; unique in the product whatever its letter case.
    pub(crate) name: String,
    pub(crate) alias: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) created: OffsetDateTime,
    pub(crate) modified: OffsetDateTime,
}

impl Module {
    /// Whether it is the one of that product and name.
    pub(crate) fn is(&self, product_key: &str, name: &str) -> bool {
        self.product_key == product_key && self.name.eq_ignore_ascii_case(name)
    }
}
