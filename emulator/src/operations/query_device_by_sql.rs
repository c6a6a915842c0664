//! QueryDeviceBySQL: counts and lists devices, as far as a rollout needs it.
//!
//! Understood is `SELECT * | count(*) | field, … FROM device WHERE condition AND … [ORDER BY active_time] [LIMIT [offset,] rows]`
//! with at most five conditions `field = "text"` or `field != "text"` on `product_key` (mandatory), `name`, `iot_id`,
//! `status`, `ota_module.name` and `ota_module.version`. Whatever is selected, the items come in full.

mod statement;

use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError, Value};
use crate::clock::{Millis, millis, moment, utc_text};
use crate::fleet::{DeviceNumber, Devices};
use statement::{Condition, Field, Order, Statement};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "QueryDeviceBySQL", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

const LONGEST_STATEMENT: usize = 400;

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let text = call.parameters.required("SQL")?;
    if text.chars().count() > LONGEST_STATEMENT {
        return Err(ServiceError::invalid(format!("SQL has at most {LONGEST_STATEMENT} characters.")).into());
    }
    let statement = Statement::parse(text).map_err(|reason| ServiceError::invalid(format!("SQL: {reason}.")))?;
    let now = millis(call.now);
    let devices = &call.store.devices;
    let found = devices.of_product(&statement.product_key);
    let mut found = found.filter(|device| devices.has_joined(*device, now) && statement.fits(devices, *device, now));
    if statement.counts {
        let total = i64::try_from(found.count()).unwrap_or(i64::MAX);
        return Ok(Object::new().with("TotalCount", total));
    }
    let page = match statement.order {
        None => call.randomness.shuffled(found.by_ref().skip(statement.offset).take(statement.rows).collect()),
        Some(order) => {
            let found = in_order(devices, found.collect(), order).into_iter();
            found.skip(statement.offset).take(statement.rows).collect()
        }
    };
    let items: Vec<Object> = page.into_iter().map(|device| item(devices, device, now)).collect();
    Ok(Object::new().with("Data", Value::from(items)))
}

fn in_order(devices: &Devices, mut found: Vec<DeviceNumber>, order: Order) -> Vec<DeviceNumber> {
    found.sort_by_key(|device| devices.member(*device).joins());
    if order == Order::Descending {
        found.reverse();
    }
    found
}

impl Statement {
    fn fits(&self, devices: &Devices, device: DeviceNumber, now: Millis) -> bool {
        let own = self.conditions.iter().filter(|condition| !condition.field.is_of_module());
        own.into_iter().all(|condition| condition.holds_for(&text_of(devices, device, condition.field, now)))
            && self.has_module(devices, device)
    }

    /// Conditions on modules have to hold for one and the same module.
    fn has_module(&self, devices: &Devices, device: DeviceNumber) -> bool {
        let conditions = || self.conditions.iter().filter(|condition| condition.field.is_of_module());
        let fits = |(name, version): (&str, &str)| {
            conditions()
                .all(|condition| condition.holds_for(if condition.field == Field::ModuleName { name } else { version }))
        };
        let mut modules = devices.modules(device).into_iter();
        conditions().next().is_none() || modules.any(|(name, version)| fits((name, devices.version_text(version))))
    }
}

impl Condition {
    fn holds_for(&self, text: &str) -> bool {
        (self.value == text) == self.is_equal
    }
}

fn text_of(devices: &Devices, device: DeviceNumber, field: Field, now: Millis) -> String {
    match field {
        Field::ProductKey => devices.fleet(device).product_key.clone(),
        Field::Name => devices.name(device),
        Field::IotId => devices.id(device),
        Field::Status => status(devices, device, now).to_owned(),
        Field::ModuleName | Field::ModuleVersion => String::new(),
    }
}

fn status(devices: &Devices, device: DeviceNumber, now: Millis) -> &'static str {
    if devices.is_online(device, now) { "ONLINE" } else { "OFFLINE" }
}

fn item(devices: &Devices, device: DeviceNumber, now: Millis) -> Object {
    let modules = devices.modules(device).into_iter().map(|(name, version)| {
        Object::new().with("ModuleName", name).with("FirmwareVersion", devices.version_text(version))
    });
    let joined = utc_text(moment(devices.member(device).joins()));
    Object::new()
        .with("ProductKey", &devices.fleet(device).product_key)
        .with("DeviceName", devices.name(device))
        .with("IotId", devices.id(device))
        .with("Status", status(devices, device, now))
        .with("ActiveTime", &joined)
        .with("GmtCreate", &joined)
        .with("OTAModules", Value::from(modules.collect::<Vec<_>>()))
}
