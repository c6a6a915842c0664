//! A running emulator, and calls to it.

pub(crate) mod acs3;
pub(crate) mod http;
pub(crate) mod sign;
pub(crate) mod xml;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use alicloud_iot_emulator::{Edition, Fixtures, Options, serve};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use http::Response;
use sign::Pairs;

/// An emulator in this process; it ends when it is dropped.
pub(crate) struct Emulator {
    pub(crate) address: SocketAddr,
    shutdown: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Starts of an emulator that differ from the defaults in what a test needs.
pub(crate) fn options(edition: Edition, fixtures: &Value) -> Options {
    Options {
        edition,
        fixtures: parsed(fixtures),
        qps_scale: 0.0,
        time_scale: 0.0,
        random_seed: Some(1),
        ..Options::default()
    }
}

/// Package `verified` and `unverified` of product `product`, and differential package `difference` from 1.0.
pub(crate) fn fixtures() -> Value {
    json!({ "firmwares": [
        firmware_fixture("verified", 1),
        firmware_fixture("unverified", 0),
        { "firmware_id": "difference", "product_key": "product", "firmware_name": "difference",
          "dest_version": "2.0", "type": 1, "src_version": "1.0" },
    ]})
}

/// An emulator with package `one` (to version 2.0), `two` (to 3.0) and `unneeded` (to 4.0) and these devices or fleets of `product`, whose
/// version is 1.0 unless they say otherwise.
pub(crate) fn with_devices(edition: Edition, list: &str, items: Value) -> Emulator {
    let mut items = items;
    for item in items.as_array_mut().unwrap() {
        let item = item.as_object_mut().unwrap();
        item.insert("product_key".to_owned(), json!("product"));
        item.entry("version").or_insert(json!("1.0"));
    }
    let mut two = firmware_fixture("two", 1);
    two["dest_version"] = json!("3.0");
    let mut unneeded = firmware_fixture("unneeded", -1);
    unneeded["dest_version"] = json!("4.0");
    let firmwares = json!([firmware_fixture("one", 1), two, firmware_fixture("unverified", 0), unneeded]);
    Emulator::start(options(edition, &json!({ "firmwares": firmwares, list: items })))
}

pub(crate) fn firmware_fixture(id: &str, status: i64) -> Value {
    json!({ "firmware_id": id, "product_key": "product", "firmware_name": id, "dest_version": "2.0", "status": status })
}

/// The parameters of all three; a later one replaces an earlier one of the same name.
pub(crate) fn rejoined<'a>(
    first: &[(&'a str, &'a str)],
    second: &[(&'a str, &'a str)],
    third: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let all = first.iter().chain(second).chain(third).copied();
    all.collect::<BTreeMap<_, _>>().into_iter().collect()
}

/// A file in the folder for temporary files, removed by the caller.
pub(crate) fn temporary_file(content: &str) -> PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("alicloud-iot-emulator-{}-{number}.json", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// A path in the folder for temporary files; what is there is removed in the end.
pub(crate) struct TemporaryPath(pub(crate) PathBuf);

impl TemporaryPath {
    pub(crate) fn new() -> Self {
        let path = temporary_file("");
        std::fs::remove_file(&path).unwrap();
        Self(path)
    }

    pub(crate) fn text(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TemporaryPath {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", self.0.display()));
        }
    }
}

fn parsed(fixtures: &Value) -> Fixtures {
    let path = temporary_file(&fixtures.to_string());
    let read = Fixtures::read(&path);
    std::fs::remove_file(path).unwrap();
    read.unwrap()
}

impl Emulator {
    /// The reference edition with [`fixtures`].
    pub(crate) fn reference() -> Self {
        Self::start(options(Edition::Reference, &fixtures()))
    }

    /// The extended edition with [`fixtures`].
    pub(crate) fn extended() -> Self {
        Self::start(options(Edition::Extended, &fixtures()))
    }

    pub(crate) fn start(options: Options) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let (shutdown, stopped) = oneshot::channel();
        let emulator = alicloud_iot_emulator::Emulator::start(options).unwrap();
        let thread = std::thread::spawn(move || {
            let stopped = async move { stopped.await.unwrap_or(()) };
            runtime.block_on(serve(listener, emulator, stopped)).unwrap();
        });
        Self { address, shutdown: Some(shutdown), thread: Some(thread) }
    }

    /// Sends a signed POST with everything in the query, as most clients do.
    pub(crate) fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Answer {
        self.send("POST", sign::request(action, parameters))
    }

    /// Sends what is given, signed.
    pub(crate) fn send(&self, method: &str, mut pairs: Pairs) -> Answer {
        sign::sign(method, &mut pairs);
        self.send_as_is(method, &pairs)
    }

    /// Sends what is given.
    pub(crate) fn send_as_is(&self, method: &str, pairs: &Pairs) -> Answer {
        let target = format!("/?{}", sign::query(pairs));
        Answer(http::exchange(self.address, method, &target, "", &[]).unwrap())
    }

    /// A control request and its JSON answer with status 200.
    pub(crate) fn control(&self, method: &str, name: &str, body: &Value) -> Value {
        let (status, answer) = self.control_answer(method, name, &body.to_string());
        assert_eq!(status, 200, "{answer}");
        answer
    }

    pub(crate) fn control_answer(&self, method: &str, name: &str, body: &str) -> (u16, Value) {
        let target = format!("/_emulator/{name}");
        let response = http::exchange(self.address, method, &target, "", body.as_bytes()).unwrap();
        (response.status, serde_json::from_str(&response.body).unwrap())
    }

    /// Puts the simulated time forward.
    pub(crate) fn advance(&self, seconds: f64) {
        self.control("POST", "clock", &json!({ "advance_seconds": seconds }));
    }

    /// How many tasks of the job are in each state.
    pub(crate) fn task_counts(&self, job_id: &str) -> Value {
        self.job_state(job_id)["task_counts"].clone()
    }

    /// The job as the state shows it.
    pub(crate) fn job_state(&self, job_id: &str) -> Value {
        let state = self.control("GET", "state", &Value::Null);
        let job = state["jobs"].as_array().unwrap().iter().find(|job| job["job_id"] == job_id);
        job.unwrap().clone()
    }

    /// The first 100 tasks of a job, by name of the device.
    pub(crate) fn tasks(&self, job_id: &str) -> BTreeMap<String, Value> {
        let page = [("JobId", job_id), ("CurrentPage", "1"), ("PageSize", "100")];
        let answer = self.call("ListOTATaskByJob", &page).success();
        let tasks = answer["Data"]["SimpleOTATaskInfo"].as_array().unwrap().iter();
        tasks.map(|task| (task["DeviceName"].as_str().unwrap().to_owned(), task.clone())).collect()
    }

    /// The one task of a job.
    pub(crate) fn only_task(&self, job_id: &str) -> Value {
        let tasks = self.tasks(job_id);
        assert_eq!(tasks.len(), 1, "{tasks:?}");
        tasks.into_values().next().unwrap()
    }

    /// Creates a static job that has to succeed, and gives its id.
    pub(crate) fn create_static_job(&self, firmware_id: &str, more: &[(&str, &str)]) -> String {
        let base = [("FirmwareId", firmware_id), ("ProductKey", "product"), ("TargetSelection", "ALL")];
        let answer = self.call("CreateOTAStaticUpgradeJob", &rejoined(&base, &[], more)).success();
        answer["Data"]["JobId"].as_str().unwrap().to_owned()
    }

    /// Creates a dynamic job that has to succeed, and gives its id.
    pub(crate) fn create_job(&self, firmware_id: &str, more: &[(&str, &str)]) -> String {
        let mut parameters = vec![("FirmwareId", firmware_id), ("ProductKey", "product")];
        parameters.extend_from_slice(more);
        self.call("CreateOTADynamicUpgradeJob", &parameters).success()["Data"]["JobId"].as_str().unwrap().to_owned()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(shutdown) = self.shutdown.take() {
            let _ = shutdown.send(());
        }
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking());
        }
    }
}

/// An answer of the service.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) Response);

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.0.body).unwrap_or_else(|error| panic!("{error}: {}", self.0.body))
    }

    /// The answer of an operation that succeeded.
    pub(crate) fn success(&self) -> Value {
        let answer = self.json();
        assert_eq!((self.0.status, &answer["Success"]), (200, &json!(true)), "{answer}");
        answer
    }

    /// The code of a service error.
    pub(crate) fn service_code(&self) -> String {
        let answer = self.json();
        assert_eq!((self.0.status, &answer["Success"]), (200, &json!(false)), "{answer}");
        assert!(answer["ErrorMessage"].is_string(), "{answer}");
        answer["Code"].as_str().unwrap().to_owned()
    }

    /// Status and code of a gateway error.
    pub(crate) fn gateway_code(&self) -> (u16, String) {
        let answer = self.json();
        assert!(answer["Message"].is_string() && answer.get("Success").is_none(), "{answer}");
        (self.0.status, answer["Code"].as_str().unwrap().to_owned())
    }

    /// `ok`, or the code of either kind of error.
    pub(crate) fn verdict(&self) -> String {
        let answer = self.json();
        match answer["Code"].as_str() {
            None => {
                assert_eq!(answer["Success"], json!(true), "{answer}");
                "ok".to_owned()
            }
            Some(code) => code.to_owned(),
        }
    }
}
