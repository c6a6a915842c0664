//! `UpdateOTAModule`: changes the texts of a module.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Changes alias and description of a module. By `POST` only; at most 10 calls a second and account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpdateOtaModule {
    /// The product.
    pub product_key: String,
    /// The module; its name cannot change.
    pub module_name: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// Another alias, 1 to 64 characters.
    pub alias_name: Option<String>,
    /// Another description, at most 100 characters.
    pub desc: Option<String>,
}

impl Operation for UpdateOtaModule {
    const ACTION: &'static str = "UpdateOTAModule";
    const CALLS_PER_SECOND: u32 = 10;
    /// The second one writes the same texts.
    const IS_SAFE_TO_REPEAT: bool = true;
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
