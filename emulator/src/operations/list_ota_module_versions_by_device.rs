//! ListOTAModuleVersionsByDevice: the versions that a device has reported, a page at a time.

use super::paging::Page;
use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal};
use crate::fleet::VersionNumber;

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "ListOTAModuleVersionsByDevice", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

const LARGEST_PAGE: i64 = 200;

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let page = Page::read(call.parameters, LARGEST_PAGE)?;
    let device = call.device("iot.check.NullParameter")?;
    let devices = &call.store.devices;
    let (id, name) = (devices.id(device), devices.name(device));
    let modules = devices.modules(device);
    let (modules, members) = page.cut(call.randomness.arbitrary_order(modules.iter().collect(), |(name, _)| name));
    let item = |(module_name, version): &(&str, VersionNumber)| {
        Object::new()
            .with("IotId", &id)
            .with("ProductKey", &devices.fleet(device).product_key)
            .with("DeviceName", &name)
            .with("ModuleName", *module_name)
            .with("ModuleVersion", devices.version_text(*version))
    };
    let items: Vec<Object> = modules.into_iter().map(item).collect();
    Ok(members.with("Data", Object::new().with("SimpleOTAModuleInfo", items)))
}
