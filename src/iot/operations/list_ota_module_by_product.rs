//! `ListOTAModuleByProduct`: the modules of a product.

use crate::iot::{Method, Node, Operation, Parameters, Unreadable};

/// Asks for the modules of a product, `default` among them, all at once. By `GET` only, so that a security token stands
/// in the URL; at most 10 calls a second and account.
///
/// # Examples
///
/// An answer that was recorded, read as one that comes over the network:
///
/// ```
/// use terraform_provider_alicloud_iot::iot::operations::ListOtaModuleByProduct;
/// use terraform_provider_alicloud_iot::iot::{Credentials, Error, read_answer};
///
/// let body = r#"{"RequestId":"R-1","Success":true,"Data":[{"ModuleName":"default"},{"ModuleName":"mcu"}]}"#;
/// let credentials = Credentials::new("id".to_owned(), String::new().into(), None);
/// let answer = read_answer::<ListOtaModuleByProduct>(200, body.into(), &credentials)?;
/// let names: Vec<_> = answer.data.iter().filter_map(|module| module.module_name.as_deref()).collect();
/// assert_eq!(names, ["default", "mcu"]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListOtaModuleByProduct {
    /// The product.
    pub product_key: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
}

/// A module of a product. What the answer leaves out, or gives as null, is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtaModule {
    /// Its name, unique in the product.
    pub module_name: Option<String>,
    /// Its alias.
    pub alias_name: Option<String>,
    /// Its description.
    pub desc: Option<String>,
    /// The product.
    pub product_key: Option<String>,
    /// When it was created: `Wed, 20-Feb-2019 02:16:09 GMT` or, in newer editions, `2020-10-13T09:46Z`.
    pub gmt_create: Option<String>,
    /// When it was last changed, in the same form.
    pub gmt_modified: Option<String>,
}

impl Operation for ListOtaModuleByProduct {
    const ACTION: &'static str = "ListOTAModuleByProduct";
    const CALLS_PER_SECOND: u32 = 10;
    const METHOD: Method = Method::Get;
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = Vec<OtaModule>;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("ProductKey", &self.product_key);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
    }

    /// `Data` is a plain array, in an older sample one module in its place, and repeated in XML: there is no wrapper.
    fn parse(answer: &Node) -> Result<Vec<OtaModule>, Unreadable> {
        Ok(answer.objects("Data", "Data", OtaModule::read)?.unwrap_or_default())
    }
}

impl OtaModule {
    fn read(module: &Node) -> Result<Self, Unreadable> {
        Ok(Self {
            module_name: module.text("ModuleName")?,
            alias_name: module.text("AliasName")?,
            desc: module.text("Desc")?,
            product_key: module.text("ProductKey")?,
            gmt_create: module.text("GmtCreate")?,
            gmt_modified: module.text("GmtModified")?,
        })
    }
}
