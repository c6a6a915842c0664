//! What goes over the wire for packages, modules, devices, uploads, and jobs that are not dynamic.

use super::requests::{pairs, written};
use crate::iot::operations::{
    CancelOtaTaskByDevice, ConfirmOtaTask, CreateOtaFirmware, CreateOtaModule, CreateOtaStaticUpgradeJob,
    CreateOtaVerifyJob, DeleteOtaFirmware, DeleteOtaModule, Device, GenerateDeviceNameListUrl, GenerateOtaUploadUrl,
    ListOtaFirmware, ListOtaJobByDevice, ListOtaModuleByProduct, ListOtaModuleVersionsByDevice,
    ListOtaUnfinishedTaskByDevice, ModifyOtaFirmware, NewFirmwareFile, QueryDeviceDetail, ReupgradeOtaTask, Tag,
    UpdateOtaModule,
};

fn text(text: &str) -> String {
    text.to_owned()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).into()
}

fn instance() -> Option<String> {
    some("iot-cn-1")
}

#[test]
fn every_attribute_of_a_static_job_is_sent_under_its_name() {
    let create = CreateOtaStaticUpgradeJob {
        firmware_id: text("firmware"),
        product_key: text("product"),
        iot_instance_id: instance(),
        target_selection: text("SPECIFIC"),
        src_versions: texts(["1.0"]),
        target_device_names: texts(["a", "b"]),
        dn_list_file_url: some("https://host/file.csv"),
        gray_percent: some("33.333"),
        group_id: some("group"),
        group_type: some("LINK_PLATFORM"),
        schedule_time: Some(1_577_808_000_000),
        schedule_finish_time: Some(1_577_811_600_000),
        tags: vec![Tag { key: text("site"), value: text("上海") }],
        retry_interval: Some(0),
        retry_count: Some(5),
        timeout_in_minutes: Some(1),
        maximum_per_minute: Some(10),
        overwrite_mode: Some(1),
        need_push: Some(false),
        need_confirm: Some(true),
        multi_module_mode: Some(true),
        download_protocol: some("MQTT"),
    };
    let expected = pairs([
        ("DnListFileUrl", "https://host/file.csv"),
        ("DownloadProtocol", "MQTT"),
        ("FirmwareId", "firmware"),
        ("GrayPercent", "33.333"),
        ("GroupId", "group"),
        ("GroupType", "LINK_PLATFORM"),
        ("IotInstanceId", "iot-cn-1"),
        ("MaximumPerMinute", "10"),
        ("MultiModuleMode", "true"),
        ("NeedConfirm", "true"),
        ("NeedPush", "false"),
        ("OverwriteMode", "1"),
        ("ProductKey", "product"),
        ("RetryCount", "5"),
        ("RetryInterval", "0"),
        ("ScheduleFinishTime", "1577811600000"),
        ("ScheduleTime", "1577808000000"),
        ("SrcVersion.1", "1.0"),
        ("Tag.1.Key", "site"),
        ("Tag.1.Value", "上海"),
        ("TargetDeviceName.1", "a"),
        ("TargetDeviceName.2", "b"),
        ("TargetSelection", "SPECIFIC"),
        ("TimeoutInMinutes", "1"),
    ]);
    assert_eq!(written(&create), expected);
    let nothing = pairs([("FirmwareId", ""), ("ProductKey", ""), ("TargetSelection", "")]);
    assert_eq!(written(&CreateOtaStaticUpgradeJob::default()), nothing);
}

#[test]
fn every_attribute_of_a_verification_is_sent_under_its_name() {
    let create = CreateOtaVerifyJob {
        firmware_id: text("firmware"),
        product_key: text("product"),
        iot_instance_id: instance(),
        target_device_names: texts(["a", "b"]),
        timeout_in_minutes: Some(1440),
        tags: vec![Tag { key: text("site"), value: text("1") }],
        need_push: Some(true),
        need_confirm: Some(false),
        download_protocol: some("HTTPS"),
    };
    let expected = pairs([
        ("DownloadProtocol", "HTTPS"),
        ("FirmwareId", "firmware"),
        ("IotInstanceId", "iot-cn-1"),
        ("NeedConfirm", "false"),
        ("NeedPush", "true"),
        ("ProductKey", "product"),
        ("Tag.1.Key", "site"),
        ("Tag.1.Value", "1"),
        ("TargetDeviceName.1", "a"),
        ("TargetDeviceName.2", "b"),
        ("TimeoutInMinutes", "1440"),
    ]);
    assert_eq!(written(&create), expected);
    assert_eq!(written(&CreateOtaVerifyJob::default()), pairs([("FirmwareId", ""), ("ProductKey", "")]));
}

#[test]
fn operations_on_tasks_name_what_they_are_about() {
    let again = ReupgradeOtaTask { job_id: text("job"), iot_instance_id: instance(), task_ids: texts(["t1", "t2"]) };
    let expected = pairs([("IotInstanceId", "iot-cn-1"), ("JobId", "job"), ("TaskId.1", "t1"), ("TaskId.2", "t2")]);
    assert_eq!(written(&again), expected);
    let confirm = ConfirmOtaTask { task_ids: texts(["t1", "t2"]), iot_instance_id: instance() };
    assert_eq!(written(&confirm), pairs([("IotInstanceId", "iot-cn-1"), ("TaskId.1", "t1"), ("TaskId.2", "t2")]));
    let cancel = CancelOtaTaskByDevice {
        firmware_id: text("firmware"),
        product_key: text("product"),
        iot_instance_id: instance(),
        device_names: texts(["a", "b"]),
        job_id: some("job"),
    };
    let expected = pairs([
        ("DeviceName.1", "a"),
        ("DeviceName.2", "b"),
        ("FirmwareId", "firmware"),
        ("IotInstanceId", "iot-cn-1"),
        ("JobId", "job"),
        ("ProductKey", "product"),
    ]);
    assert_eq!(written(&cancel), expected);
    let list = ListOtaJobByDevice {
        firmware_id: text("firmware"),
        product_key: text("product"),
        device_name: text("a"),
        iot_instance_id: instance(),
        current_page: 2,
        page_size: 100,
    };
    let expected = pairs([
        ("CurrentPage", "2"),
        ("DeviceName", "a"),
        ("FirmwareId", "firmware"),
        ("IotInstanceId", "iot-cn-1"),
        ("PageSize", "100"),
        ("ProductKey", "product"),
    ]);
    assert_eq!(written(&list), expected);
}

#[test]
fn a_device_is_named_in_one_way() {
    let by_name = || Device::Named { product_key: text("product"), device_name: text("a") };
    let query = |device| QueryDeviceDetail { device, iot_instance_id: instance() };
    let expected = pairs([("DeviceName", "a"), ("IotInstanceId", "iot-cn-1"), ("ProductKey", "product")]);
    assert_eq!(written(&query(by_name())), expected);
    assert_eq!(written(&query(Device::IotId(text("id")))), pairs([("IotId", "id"), ("IotInstanceId", "iot-cn-1")]));
    let versions = ListOtaModuleVersionsByDevice {
        device: Device::IotId(text("id")),
        iot_instance_id: None,
        current_page: 1,
        page_size: 200,
    };
    assert_eq!(written(&versions), pairs([("CurrentPage", "1"), ("IotId", "id"), ("PageSize", "200")]));
    let tasks = |task_statuses| ListOtaUnfinishedTaskByDevice {
        device: Device::IotId(text("id")),
        iot_instance_id: instance(),
        module_name: some("mcu"),
        task_statuses,
    };
    let all = pairs([("IotId", "id"), ("IotInstanceId", "iot-cn-1"), ("ModuleName", "mcu")]);
    assert_eq!(written(&tasks(Vec::new())), all);
    let with = |more: &[(&str, &str)]| {
        let more = more.iter().map(|(name, value)| (text(name), text(value)));
        all.iter().cloned().chain(more).collect::<Vec<_>>()
    };
    assert_eq!(written(&tasks(texts(["QUEUED"]))), with(&[("TaskStatus", "QUEUED")]));
    assert_eq!(
        written(&tasks(texts(["QUEUED", "CONFIRM"]))),
        with(&[("TaskStatusList.1", "QUEUED"), ("TaskStatusList.2", "CONFIRM")])
    );
}

#[test]
fn every_attribute_of_a_package_is_sent_under_its_name() {
    let file = NewFirmwareFile {
        name: text("a.bin"),
        url: text("https://host/a.bin"),
        size: Some(7),
        sign_value: some("4d81"),
        file_md5: some("93230c"),
    };
    let create = CreateOtaFirmware {
        firmware_name: text("name"),
        dest_version: text("2.0"),
        product_key: some("product"),
        iot_instance_id: instance(),
        firmware_url: some("https://host/file.bin"),
        firmware_sign: some("93230c"),
        sign_method: some("MD5"),
        firmware_size: Some(939_571),
        firmware_desc: some("description"),
        firmware_type: Some(1),
        src_version: some("1.0"),
        module_name: some("mcu"),
        need_to_verify: Some(false),
        udi: some("{}"),
        multi_files: vec![file, NewFirmwareFile { name: text("b.bin"), ..NewFirmwareFile::default() }],
    };
    let expected = pairs([
        ("DestVersion", "2.0"),
        ("FirmwareDesc", "description"),
        ("FirmwareName", "name"),
        ("FirmwareSign", "93230c"),
        ("FirmwareSize", "939571"),
        ("FirmwareUrl", "https://host/file.bin"),
        ("IotInstanceId", "iot-cn-1"),
        ("ModuleName", "mcu"),
        ("MultiFiles.1.FileMd5", "93230c"),
        ("MultiFiles.1.Name", "a.bin"),
        ("MultiFiles.1.SignValue", "4d81"),
        ("MultiFiles.1.Size", "7"),
        ("MultiFiles.1.Url", "https://host/a.bin"),
        ("MultiFiles.2.Name", "b.bin"),
        ("MultiFiles.2.Url", ""),
        ("NeedToVerify", "false"),
        ("ProductKey", "product"),
        ("SignMethod", "MD5"),
        ("SrcVersion", "1.0"),
        ("Type", "1"),
        ("Udi", "{}"),
    ]);
    assert_eq!(written(&create), expected);
    assert_eq!(written(&CreateOtaFirmware::default()), pairs([("DestVersion", ""), ("FirmwareName", "")]));
}

#[test]
fn operations_on_packages_name_what_they_are_about() {
    let modify = ModifyOtaFirmware {
        firmware_id: text("firmware"),
        product_key: text("product"),
        iot_instance_id: instance(),
        firmware_name: some("name"),
        firmware_desc: some(""),
        firmware_udi: some("{}"),
    };
    let expected = pairs([
        ("FirmwareDesc", ""),
        ("FirmwareId", "firmware"),
        ("FirmwareName", "name"),
        ("FirmwareUdi", "{}"),
        ("IotInstanceId", "iot-cn-1"),
        ("ProductKey", "product"),
    ]);
    assert_eq!(written(&modify), expected);
    let list = ListOtaFirmware {
        iot_instance_id: instance(),
        product_key: some("product"),
        dest_version: some("2.0"),
        current_page: 1,
        page_size: 100,
    };
    let expected = pairs([
        ("CurrentPage", "1"),
        ("DestVersion", "2.0"),
        ("IotInstanceId", "iot-cn-1"),
        ("PageSize", "100"),
        ("ProductKey", "product"),
    ]);
    assert_eq!(written(&list), expected);
    let delete = DeleteOtaFirmware { firmware_id: text("firmware"), iot_instance_id: instance() };
    assert_eq!(written(&delete), pairs([("FirmwareId", "firmware"), ("IotInstanceId", "iot-cn-1")]));
    let upload = GenerateOtaUploadUrl { file_suffix: some("tar.gz"), iot_instance_id: instance() };
    assert_eq!(written(&upload), pairs([("FileSuffix", "tar.gz"), ("IotInstanceId", "iot-cn-1")]));
    assert_eq!(written(&GenerateOtaUploadUrl::default()), pairs([]));
    let upload = GenerateDeviceNameListUrl { iot_instance_id: instance() };
    assert_eq!(written(&upload), pairs([("IotInstanceId", "iot-cn-1")]));
}

#[test]
fn operations_on_modules_name_what_they_are_about() {
    let with_texts = pairs([
        ("AliasName", "alias"),
        ("Desc", "description"),
        ("IotInstanceId", "iot-cn-1"),
        ("ModuleName", "mcu"),
        ("ProductKey", "product"),
    ]);
    let create = CreateOtaModule {
        product_key: text("product"),
        module_name: text("mcu"),
        iot_instance_id: instance(),
        alias_name: some("alias"),
        desc: some("description"),
    };
    assert_eq!(written(&create), with_texts);
    let update = UpdateOtaModule {
        product_key: text("product"),
        module_name: text("mcu"),
        iot_instance_id: instance(),
        alias_name: some("alias"),
        desc: some("description"),
    };
    assert_eq!(written(&update), with_texts);
    let delete =
        DeleteOtaModule { product_key: text("product"), module_name: text("mcu"), iot_instance_id: instance() };
    let expected = pairs([("IotInstanceId", "iot-cn-1"), ("ModuleName", "mcu"), ("ProductKey", "product")]);
    assert_eq!(written(&delete), expected);
    let list = ListOtaModuleByProduct { product_key: text("product"), iot_instance_id: instance() };
    assert_eq!(written(&list), pairs([("IotInstanceId", "iot-cn-1"), ("ProductKey", "product")]));
}
