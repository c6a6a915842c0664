//! CreateOTADynamicUpgradeJob: starts a dynamic rollout of a verified package.

use super::policy_parameters::{one_or_two, read_policy};
use super::{Call, Methods, Operation, rollout_rules};
use crate::answer::{Object, Refusal};
use crate::store::JobKind;

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "CreateOTADynamicUpgradeJob", calls_per_second: 20, methods: Methods::GetOrPost, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    call.parameters.required("FirmwareId")?;
    let product_key = call.parameters.required("ProductKey")?.to_owned();
    let settings = call.job_settings()?;
    let policy = read_policy(call, "LINK_PLATFORM_DYNAMIC")?;
    let dynamic_mode = one_or_two(call, "DynamicMode")?;
    rollout_rules::check_request(call, &settings, &policy)?;
    let firmware = call.firmware_of_product()?;
    rollout_rules::check_firmware(call, firmware, &settings, &policy)?;
    let firmware_id = firmware.id.clone();
    Ok(call.start_job(firmware_id, product_key, JobKind::Dynamic { policy, dynamic_mode }, settings))
}
