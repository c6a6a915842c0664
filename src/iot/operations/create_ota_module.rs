//! `CreateOTAModule`: adds a module to a product.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Adds a module to a product, which has at most 10 of its own. By `POST` only; at most 10 calls a second and account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateOtaModule {
    /// The product.
    pub product_key: String,
    /// 1 to 64 letters, digits, `.`, `-` and `_`; unique in the product whatever the case of its letters. It never
    /// changes.
    pub module_name: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// 1 to 64 characters as in the name, Chinese ones too.
    pub alias_name: Option<String>,
    /// At most 100 characters.
    pub desc: Option<String>,
}

impl Operation for CreateOtaModule {
    const ACTION: &'static str = "CreateOTAModule";
    const CALLS_PER_SECOND: u32 = 10;
    /// A second one is refused, which would read as if the module were somebody else's.
    const IS_SAFE_TO_REPEAT: bool = false;
    type Answer = ();

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("ProductKey", &self.product_key);
        parameters.text("ModuleName", &self.module_name);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.optional_text("AliasName", self.alias_name.as_deref());
        parameters.optional_text("Desc", self.desc.as_deref());
    }

    fn parse(_: &Node) -> Result<(), Unreadable> {
        Ok(())
    }
}
