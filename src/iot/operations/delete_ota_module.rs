//! `DeleteOTAModule`: removes a module of a product.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Removes a module that has no packages; `default` always stays. By `POST` only; at most 10 calls a second and account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeleteOtaModule {
    /// The product.
    pub product_key: String,
    /// The module.
    pub module_name: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
}

impl Operation for DeleteOtaModule {
    const ACTION: &'static str = "DeleteOTAModule";
    const CALLS_PER_SECOND: u32 = 10;
    /// After a lost answer the second call may be refused, as the module is gone already.
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = ();

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("ProductKey", &self.product_key);
        parameters.text("ModuleName", &self.module_name);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
    }

    fn parse(_: &Node) -> Result<(), Unreadable> {
        Ok(())
    }
}
