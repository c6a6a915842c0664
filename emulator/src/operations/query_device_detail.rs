//! QueryDeviceDetail: a device, as far as updates are concerned.

use time::OffsetDateTime;

use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal};
use crate::clock::{millis, moment, utc_text};
use crate::fleet::DEFAULT_MODULE;

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "QueryDeviceDetail", calls_per_second: 50, methods: Methods::GetOrPost, carry_out };

/// The `DeviceSecret` of the real answer is left out: nothing here has a use for it.
fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let device = call.device("iot.check.NullParameter")?;
    let devices = &call.store.devices;
    let joined = devices.member(device).joins();
    let online = devices.member(device).online_since().filter(|since| *since <= millis(call.now)).map(moment);
    let version = devices.version(device, DEFAULT_MODULE).map(|version| devices.version_text(version));
    let data = Object::new()
        .with("IotId", devices.id(device))
        .with("ProductKey", &devices.fleet(device).product_key)
        .with("DeviceName", devices.name(device))
        .with("NodeType", 0)
        .with("Status", if online.is_some() { "ONLINE" } else { "OFFLINE" })
        .with_some("FirmwareVersion", version)
        .with_some("Region", call.parameters.get("RegionId"))
        .with("UtcCreate", utc_text(moment(joined)))
        .with("UtcActive", utc_text(moment(joined)))
        .with_some("UtcOnline", online.map(utc_text))
        .with("GmtCreate", china_text(moment(joined)))
        .with("GmtActive", china_text(moment(joined)))
        .with_some("GmtOnline", online.map(china_text));
    Ok(Object::new().with("Data", data))
}

/// The form of the `Gmt…` members: in spite of their name, the time in China.
fn china_text(time: OffsetDateTime) -> String {
    let text = utc_text(time.saturating_add(time::Duration::hours(8)));
    text.chars().take(19).map(|character| if character == 'T' { ' ' } else { character }).collect()
}
