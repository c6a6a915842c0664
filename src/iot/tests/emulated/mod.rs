//! Every operation against the emulator, which shares no code with this client: both ends agree, in JSON and in XML.

mod caller;

use std::collections::BTreeSet;
use std::path::Path;

use caller::Caller;

use crate::iot::operations::{
    CancelOtaStrategyByJob, CancelOtaTaskByDevice, CancelOtaTaskByJob, ConfirmOtaTask, CreateOtaDynamicUpgradeJob,
    CreateOtaFirmware, CreateOtaModule, CreateOtaStaticUpgradeJob, CreateOtaVerifyJob, DeleteOtaFirmware,
    DeleteOtaModule, Device, Firmware, GenerateDeviceNameListUrl, GenerateOtaUploadUrl, ListOtaFirmware,
    ListOtaJobByDevice, ListOtaJobByFirmware, ListOtaModuleByProduct, ListOtaModuleVersionsByDevice, ListOtaTaskByJob,
    ListOtaUnfinishedTaskByDevice, ModifyOtaFirmware, OtaModule, QueryDeviceDetail, QueryOtaFirmware, QueryOtaJob,
    ReupgradeOtaTask, Tag, Task, UpdateOtaJob, UpdateOtaModule,
};

const PRODUCT: &str = "a1product";
const CONTENT: &str = "the update";

impl Caller {
    async fn firmware(&self, firmware_id: &str) -> Firmware {
        let query = QueryOtaFirmware { firmware_id: firmware_id.to_owned(), iot_instance_id: None };
        self.call(&query).await.unwrap()
    }

    async fn unfinished(&self, device_name: &str) -> Task {
        let device = Device::Named { product_key: PRODUCT.to_owned(), device_name: device_name.to_owned() };
        let list = ListOtaUnfinishedTaskByDevice {
            device,
            iot_instance_id: None,
            module_name: Some("default".to_owned()),
            task_statuses: ["CONFIRM", "QUEUED", "NOTIFIED", "IN_PROGRESS"].map(str::to_owned).into(),
        };
        let tasks = self.call(&list).await;
        let [task] = tasks.as_slice() else { panic!("one task of {device_name}, not {tasks:?}") };
        task.clone()
    }

    /// The names of devices whose tasks have a status.
    async fn devices(&self, job_id: &str, status: &str) -> Vec<String> {
        let list = ListOtaTaskByJob {
            job_id: job_id.to_owned(),
            task_status: Some(status.to_owned()),
            current_page: Some(1),
            page_size: Some(100),
            ..ListOtaTaskByJob::default()
        };
        self.call(&list).await.items.into_iter().filter_map(|task| task.device_name).collect()
    }

    async fn modules(&self) -> Vec<OtaModule> {
        let list = ListOtaModuleByProduct { product_key: PRODUCT.to_owned(), iot_instance_id: None };
        self.call(&list).await
    }

    async fn modules_live(&self) {
        let create = |module_name: &str| CreateOtaModule {
            product_key: PRODUCT.to_owned(),
            module_name: module_name.to_owned(),
            iot_instance_id: None,
            alias_name: Some("微控制器".to_owned()),
            desc: None,
        };
        self.call(&create("mcu")).await;
        self.call(&create("modem")).await;
        let update = UpdateOtaModule {
            product_key: PRODUCT.to_owned(),
            module_name: "mcu".to_owned(),
            desc: Some("a < b & c".to_owned()),
            ..UpdateOtaModule::default()
        };
        self.call(&update).await;
        assert_eq!(self.modules().await.len(), 3);
        for module_name in ["mcu", "modem"] {
            let modules = self.modules().await;
            let module = modules.iter().find(|module| module.module_name.as_deref() == Some(module_name)).unwrap();
            assert_eq!(module.alias_name.as_deref(), Some("微控制器"));
            assert_eq!(module.desc.as_deref(), (module_name == "mcu").then_some("a < b & c"));
            let (product_key, module_name) = (PRODUCT.to_owned(), module_name.to_owned());
            self.call(&DeleteOtaModule { product_key, module_name, iot_instance_id: None }).await;
        }
        let [default] = self.modules().await.try_into().unwrap();
        assert_eq!(default.module_name.as_deref(), Some("default"));
    }

    async fn devices_tell_their_versions(&self) {
        let device = Device::Named { product_key: PRODUCT.to_owned(), device_name: "d1".to_owned() };
        let detail = self.call(&QueryDeviceDetail { device, iot_instance_id: None }).await.unwrap();
        assert_eq!(detail.firmware_version.as_deref(), Some("1.0.0"));
        assert_eq!((detail.status.as_deref(), detail.node_type), (Some("ONLINE"), Some(0)));
        let list = ListOtaModuleVersionsByDevice {
            device: Device::IotId(detail.iot_id.unwrap()),
            iot_instance_id: None,
            current_page: 1,
            page_size: ListOtaModuleVersionsByDevice::LARGEST_PAGE,
        };
        let page = self.call(&list).await;
        let versions: BTreeSet<_> =
            page.items.iter().map(|module| (module.module_name.as_deref(), module.module_version.as_deref())).collect();
        assert_eq!(versions, [(Some("default"), Some("1.0.0")), (Some("mcu"), Some("0.9"))].into());
        assert_eq!(page.total, Some(2));
    }

    /// A package from its upload to its verification.
    async fn verified_package(&self) -> String {
        let form =
            self.call(&GenerateOtaUploadUrl { file_suffix: Some("bin".to_owned()), iot_instance_id: None }).await;
        self.upload(&form, CONTENT).await;
        let create = |firmware_name: &str| CreateOtaFirmware {
            firmware_name: firmware_name.to_owned(),
            dest_version: "2.0.0".to_owned(),
            product_key: Some(PRODUCT.to_owned()),
            firmware_url: Some(form.file_url.clone()),
            ..CreateOtaFirmware::default()
        };
        let firmware_id = self.call(&create("first")).await.firmware_id;
        let second = self.call(&create("second")).await.firmware_id;
        let modify = ModifyOtaFirmware {
            firmware_id: firmware_id.clone(),
            product_key: PRODUCT.to_owned(),
            firmware_name: Some("renamed".to_owned()),
            firmware_udi: Some("{\"a\":\"<&>\"}".to_owned()),
            ..ModifyOtaFirmware::default()
        };
        self.call(&modify).await;
        let list = ListOtaFirmware {
            product_key: Some(PRODUCT.to_owned()),
            dest_version: Some("2.0.0".to_owned()),
            current_page: 1,
            page_size: ListOtaFirmware::LARGEST_PAGE,
            ..ListOtaFirmware::default()
        };
        let names =
            |items: Vec<Firmware>| items.into_iter().filter_map(|item| item.firmware_name).collect::<BTreeSet<_>>();
        let both = ["renamed", "second"].map(str::to_owned);
        assert_eq!(names(self.call(&list).await.items), both.clone().into());
        self.call(&DeleteOtaFirmware { firmware_id: second, iot_instance_id: None }).await;
        assert_eq!(names(self.call(&list).await.items), [both[0].clone()].into());
        let firmware = self.firmware(&firmware_id).await;
        assert_eq!((firmware.status, firmware.firmware_size), (Some(0), i64::try_from(CONTENT.len()).ok()));
        assert_eq!(firmware.udi, modify.firmware_udi);
        let verify = CreateOtaVerifyJob {
            firmware_id: firmware_id.clone(),
            product_key: PRODUCT.to_owned(),
            target_device_names: vec!["d3".to_owned()],
            ..CreateOtaVerifyJob::default()
        };
        assert!(!self.call(&verify).await.job_id.is_empty());
        self.emulator.advance(60).unwrap();
        let firmware = self.firmware(&firmware_id).await;
        assert_eq!((firmware.status, firmware.verify_progress), (Some(1), Some(100)));
        firmware_id
    }

    /// A static job, whose tasks are confirmed, cancelled and run again.
    async fn tasks_live(&self, firmware_id: &str) {
        let form = self.call(&GenerateDeviceNameListUrl::default()).await;
        self.upload(&form, "d1\nd2\n").await;
        let create = CreateOtaStaticUpgradeJob {
            firmware_id: firmware_id.to_owned(),
            product_key: PRODUCT.to_owned(),
            target_selection: "SPECIFIC".to_owned(),
            dn_list_file_url: Some(form.file_url),
            tags: vec![Tag { key: "site".to_owned(), value: "上海 <1> & 2".to_owned() }],
            need_confirm: Some(true),
            ..CreateOtaStaticUpgradeJob::default()
        };
        let job_id = self.call(&create).await.job_id;
        self.emulator.advance(1).unwrap();
        let query = QueryOtaJob { job_id: job_id.clone(), iot_instance_id: None };
        assert_eq!(self.call(&query).await.unwrap().tags, Some(create.tags));
        let waiting = self.unfinished("d1").await;
        assert_eq!((waiting.task_status.as_deref(), waiting.job_id.as_deref()), (Some("CONFIRM"), Some(&*job_id)));
        let confirm = ConfirmOtaTask { task_ids: waiting.task_id.into_iter().collect(), iot_instance_id: None };
        self.call(&confirm).await;
        assert_ne!(self.unfinished("d1").await.task_status.as_deref(), Some("CONFIRM"));

        let of_second = self.unfinished("d2").await.task_id.unwrap();
        let cancel = CancelOtaTaskByDevice {
            firmware_id: firmware_id.to_owned(),
            product_key: PRODUCT.to_owned(),
            device_names: vec!["d2".to_owned()],
            job_id: Some(job_id.clone()),
            iot_instance_id: None,
        };
        self.call(&cancel).await;
        assert_eq!(self.devices(&job_id, "CANCELED").await, ["d2"]);
        let again = ReupgradeOtaTask { job_id: job_id.clone(), iot_instance_id: None, task_ids: vec![of_second] };
        self.call(&again).await;
        assert!(self.devices(&job_id, "CANCELED").await.is_empty());
        let cancel = CancelOtaTaskByJob {
            job_id: job_id.clone(),
            cancel_queued_task: Some(true),
            cancel_notified_task: Some(true),
            cancel_in_progress_task: Some(true),
            cancel_unconfirmed_task: Some(true),
            ..CancelOtaTaskByJob::default()
        };
        self.call(&cancel).await;
        let cancelled: BTreeSet<_> = self.devices(&job_id, "CANCELED").await.into_iter().collect();
        assert!(cancelled.contains("d2"), "{cancelled:?}");

        let list = ListOtaJobByDevice {
            firmware_id: firmware_id.to_owned(),
            product_key: PRODUCT.to_owned(),
            device_name: "d2".to_owned(),
            iot_instance_id: None,
            current_page: 1,
            page_size: ListOtaJobByDevice::LARGEST_PAGE,
        };
        let page = self.call(&list).await;
        let jobs: Vec<_> =
            page.items.iter().map(|job| (job.job_id.as_deref(), job.selection_type.as_deref())).collect();
        assert!(jobs.contains(&(Some(&*job_id), Some("STATIC"))), "{jobs:?}");
    }

    async fn a_dynamic_job_lives(&self, firmware_id: &str) {
        let create = CreateOtaDynamicUpgradeJob {
            firmware_id: firmware_id.to_owned(),
            product_key: PRODUCT.to_owned(),
            src_versions: vec!["0.1".to_owned(), "0.2".to_owned()],
            ..CreateOtaDynamicUpgradeJob::default()
        };
        let job_id = self.call(&create).await.job_id;
        let update = UpdateOtaJob {
            job_id: job_id.clone(),
            upgrade_type: "DYNAMIC".to_owned(),
            target_selection: "ALL".to_owned(),
            maximum_per_minute: 77,
            src_versions: create.src_versions,
            ..UpdateOtaJob::default()
        };
        self.call(&update).await;
        let query = QueryOtaJob { job_id: job_id.clone(), iot_instance_id: None };
        assert_eq!(self.call(&query).await.unwrap().maximum_per_minute, Some(77));
        self.call(&CancelOtaStrategyByJob { job_id: job_id.clone(), iot_instance_id: None }).await;
        assert_eq!(self.call(&query).await.unwrap().job_status.as_deref(), Some("CANCELED"));
        let list = ListOtaJobByFirmware {
            firmware_id: firmware_id.to_owned(),
            iot_instance_id: None,
            current_page: 1,
            page_size: ListOtaJobByFirmware::LARGEST_PAGE,
        };
        let jobs = self.call(&list).await.items;
        assert!(jobs.iter().any(|job| job.job_id.as_ref() == Some(&job_id)), "{jobs:?}");
    }
}

/// The names of all operations that there are files of.
fn every_action() -> BTreeSet<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/iot/operations");
    let files =
        std::fs::read_dir(directory).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let action = |text: String| {
        let after = text.split_once("const ACTION: &'static str = \"")?.1;
        after.split('"').next().map(str::to_owned)
    };
    files.filter_map(action).collect()
}

async fn everything_is_understood(format: &'static str) {
    let caller = Caller::start(format);
    caller.modules_live().await;
    caller.devices_tell_their_versions().await;
    let firmware_id = caller.verified_package().await;
    caller.tasks_live(&firmware_id).await;
    caller.a_dynamic_job_lives(&firmware_id).await;
    let unknown = DeleteOtaFirmware { firmware_id: "unknown".to_owned(), iot_instance_id: None };
    let refusal = caller.attempt(&unknown).await.unwrap_err();
    assert_eq!(refusal.code(), Some("iot.ota.FirmwareNotFound"), "{refusal}");
    let requests = caller.emulator.requests().unwrap();
    let called: BTreeSet<_> =
        requests.iter().filter_map(|request| request["action"].as_str().map(str::to_owned)).collect();
    assert_eq!(called, every_action());
}

#[tokio::test]
async fn both_ends_agree_in_json() {
    everything_is_understood("JSON").await;
}

#[tokio::test]
async fn both_ends_agree_in_xml() {
    everything_is_understood("XML").await;
}
