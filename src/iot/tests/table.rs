//! What operations say about themselves.

use crate::iot::operations::{
    CancelOtaStrategyByJob, CancelOtaTaskByDevice, CancelOtaTaskByJob, ConfirmOtaTask, CreateOtaDynamicUpgradeJob,
    CreateOtaFirmware, CreateOtaModule, CreateOtaStaticUpgradeJob, CreateOtaVerifyJob, DeleteOtaFirmware,
    DeleteOtaModule, GenerateDeviceNameListUrl, GenerateOtaUploadUrl, ListOtaFirmware, ListOtaJobByDevice,
    ListOtaJobByFirmware, ListOtaModuleByProduct, ListOtaModuleVersionsByDevice, ListOtaTaskByJob,
    ListOtaUnfinishedTaskByDevice, ModifyOtaFirmware, QueryDeviceDetail, QueryOtaFirmware, QueryOtaJob,
    ReupgradeOtaTask, UpdateOtaJob, UpdateOtaModule,
};
use crate::iot::{Method, Operation};

/// Action, method, quota and repetition: the first three as the API's documentation tables them.
fn traits<O: Operation>() -> (&'static str, Method, u32, bool) {
    (O::ACTION, O::METHOD, O::CALLS_PER_SECOND, O::IS_SAFE_TO_REPEAT)
}

#[test]
fn operations_are_as_tabled() {
    use Method::{Get, Post};
    let table = [
        (traits::<CancelOtaStrategyByJob>(), ("CancelOTAStrategyByJob", Post, 10, true)),
        (traits::<CancelOtaTaskByDevice>(), ("CancelOTATaskByDevice", Post, 10, true)),
        (traits::<CancelOtaTaskByJob>(), ("CancelOTATaskByJob", Post, 5, true)),
        (traits::<ConfirmOtaTask>(), ("ConfirmOTATask", Post, 20, false)),
        (traits::<CreateOtaDynamicUpgradeJob>(), ("CreateOTADynamicUpgradeJob", Post, 20, false)),
        (traits::<CreateOtaFirmware>(), ("CreateOTAFirmware", Post, 10, false)),
        (traits::<CreateOtaModule>(), ("CreateOTAModule", Post, 10, false)),
        (traits::<CreateOtaStaticUpgradeJob>(), ("CreateOTAStaticUpgradeJob", Post, 20, false)),
        (traits::<CreateOtaVerifyJob>(), ("CreateOTAVerifyJob", Post, 10, false)),
        (traits::<DeleteOtaFirmware>(), ("DeleteOTAFirmware", Post, 10, true)),
        (traits::<DeleteOtaModule>(), ("DeleteOTAModule", Post, 10, true)),
        (traits::<GenerateDeviceNameListUrl>(), ("GenerateDeviceNameListURL", Post, 10, true)),
        (traits::<GenerateOtaUploadUrl>(), ("GenerateOTAUploadURL", Post, 10, true)),
        (traits::<ListOtaFirmware>(), ("ListOTAFirmware", Post, 10, true)),
        (traits::<ListOtaJobByDevice>(), ("ListOTAJobByDevice", Post, 10, true)),
        (traits::<ListOtaJobByFirmware>(), ("ListOTAJobByFirmware", Post, 10, true)),
        (traits::<ListOtaModuleByProduct>(), ("ListOTAModuleByProduct", Get, 10, true)),
        (traits::<ListOtaModuleVersionsByDevice>(), ("ListOTAModuleVersionsByDevice", Post, 10, true)),
        (traits::<ListOtaTaskByJob>(), ("ListOTATaskByJob", Post, 10, true)),
        (traits::<ListOtaUnfinishedTaskByDevice>(), ("ListOTAUnfinishedTaskByDevice", Post, 10, true)),
        (traits::<ModifyOtaFirmware>(), ("ModifyOTAFirmware", Post, 5, true)),
        (traits::<QueryDeviceDetail>(), ("QueryDeviceDetail", Post, 50, true)),
        (traits::<QueryOtaFirmware>(), ("QueryOTAFirmware", Post, 20, true)),
        (traits::<QueryOtaJob>(), ("QueryOTAJob", Post, 10, true)),
        (traits::<ReupgradeOtaTask>(), ("ReupgradeOTATask", Post, 20, false)),
        (traits::<UpdateOtaJob>(), ("UpdateOTAJob", Post, 10, true)),
        (traits::<UpdateOtaModule>(), ("UpdateOTAModule", Post, 10, true)),
    ];
    for (own, tabled) in table {
        assert_eq!(own, tabled);
    }
}
