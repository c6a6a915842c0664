//! `--state`: what an emulator leaves for the next one.

use alicloud_iot_emulator::{Edition, Emulator as Started, Options};
use serde_json::{Value, json};

use crate::program::{refusal, start};
use crate::support::{Emulator, TemporaryPath, options, rejoined};
use crate::upload::upload;

fn fixtures() -> Value {
    json!({
        "firmwares": [{ "firmware_id": "one", "product_key": "product", "firmware_name": "n", "dest_version": "2.0" }],
        "devices": [{ "product_key": "product", "device_name": "d", "version": "1.0" }],
        "fleets": [{ "product_key": "product", "count": 60, "version": "1.0", "offline": 0.2, "failing": 0.2,
            "offline_seconds": { "median": 60, "p95": 600 }, "join_over_seconds": 100, "modules": { "mcu": "7" } }],
    })
}

fn kept(path: &TemporaryPath) -> Options {
    Options { state: Some(path.0.clone()), ..options(Edition::Extended, &fixtures()) }
}

/// Everything that a client can see, but for times, which differ from run to run.
fn everything(emulator: &Emulator, job_ids: &[String]) -> Vec<Value> {
    let mut seen = vec![emulator.control("GET", "state", &Value::Null)];
    for job_id in job_ids {
        seen.push(emulator.call("QueryOTAJob", &[("JobId", job_id)]).json()["Data"].clone());
        let page = [("JobId", job_id.as_str()), ("CurrentPage", "1"), ("PageSize", "100")];
        seen.push(emulator.call("ListOTATaskByJob", &page).json()["Data"].clone());
    }
    // Lists inside a job come in another order each time.
    let text = serde_json::to_string(&seen).unwrap().replace("\"1.0\",\"1.1\"", "\"1.1\",\"1.0\"");
    serde_json::from_str(&text).unwrap()
}

/// Does a little of everything; `between` comes between the steps.
fn some_work(mut emulator: Emulator, mut between: impl FnMut(Emulator) -> Emulator) -> (Emulator, Vec<String>) {
    let job_id =
        emulator.create_job("one", &[("SrcVersion.1", "1.0"), ("SrcVersion.2", "1.1"), ("MaximumPerMinute", "10")]);
    emulator = between(emulator);
    emulator.advance(90.0);
    let update = [("JobId", job_id.as_str()), ("UpgradeType", "DYNAMIC"), ("TargetSelection", "ALL")];
    let update = rejoined(&update, &[("MaximumPerMinute", "20")], &[("Tags.1.Key", "a"), ("Tags.1.Value", "b")]);
    emulator.call("UpdateOTAJob", &update).success();
    emulator = between(emulator);
    let firmware = [("FirmwareName", "mcu"), ("DestVersion", "8"), ("FirmwareUrl", "https://u.test/a")];
    let firmware =
        rejoined(&firmware, &[("ProductKey", "product"), ("NeedToVerify", "false")], &[("ModuleName", "mcu")]);
    let firmware = emulator.call("CreateOTAFirmware", &firmware).success();
    let firmware_id = firmware["Data"]["FirmwareId"].as_str().unwrap();
    let several = emulator.create_static_job(firmware_id, &[("MultiModuleMode", "true"), ("NeedConfirm", "true")]);
    emulator = between(emulator);
    emulator.advance(30.0);
    let names = ("CancelQueuedTask", "true");
    emulator.call("CancelOTATaskByJob", &[("JobId", &job_id), names]).success();
    let module = [("ProductKey", "product"), ("ModuleName", "mcu"), ("AliasName", "m")];
    emulator.call("CreateOTAModule", &module).success();
    emulator = between(emulator);
    emulator.call("CancelOTAStrategyByJob", &[("JobId", &job_id)]).success();
    (between(emulator), vec![job_id, several])
}

#[test]
fn an_emulator_goes_on_where_the_last_one_was() {
    let path = TemporaryPath::new();
    let restart = |emulator: Emulator| {
        drop(emulator);
        Emulator::start(kept(&path))
    };
    let (interrupted, job_ids) = some_work(Emulator::start(kept(&path)), restart);
    let before = everything(&interrupted, &job_ids);
    let restarted = restart(interrupted);
    assert_eq!(everything(&restarted, &job_ids), before);
    let second = restarted.call("CancelOTAStrategyByJob", &[("JobId", &job_ids[0])]);
    assert_eq!(second.service_code(), "iot.ota.JobHasCanceled");
    // What is under way goes on as if nothing had been.
    let (uninterrupted, other_ids) = some_work(Emulator::start(options(Edition::Extended, &fixtures())), |same| same);
    for _ in 0..5 {
        for emulator in [&restarted, &uninterrupted] {
            emulator.advance(100.0);
        }
        for (job_id, other_id) in job_ids.iter().zip(&other_ids) {
            assert_eq!(restarted.task_counts(job_id), uninterrupted.task_counts(other_id));
        }
    }
}

#[test]
fn what_is_on_disk_at_any_moment_makes_the_same_world() {
    let (path, copy) = (TemporaryPath::new(), TemporaryPath::new());
    let (emulator, job_ids) = some_work(Emulator::start(kept(&path)), |same| same);
    copy_as_killed(&path, &copy);
    let recovered = Emulator::start(kept(&copy));
    assert_eq!(everything(&recovered, &job_ids), everything(&emulator, &job_ids));
    for emulator in [&recovered, &emulator] {
        emulator.advance(600.0);
    }
    assert_eq!(everything(&recovered, &job_ids), everything(&emulator, &job_ids));
}

/// As a kill leaves it: the emulator has not closed the file.
fn copy_as_killed(path: &TemporaryPath, copy: &TemporaryPath) {
    for ending in ["", "-wal"] {
        std::fs::copy(format!("{}{ending}", path.0.display()), format!("{}{ending}", copy.0.display())).unwrap();
    }
}

#[test]
fn a_date_that_was_told_is_the_one_that_is_kept() {
    let (path, copy) = (TemporaryPath::new(), TemporaryPath::new());
    // A simulated second in a microsecond: no two looks at the wall clock would show the same time.
    let emulator = Emulator::start(Options { time_scale: 1e6, ..kept(&path) });
    let parameters = [("FirmwareId", "one"), ("ProductKey", "product"), ("SrcVersion.1", "1.0")];
    let created = emulator.call("CreateOTADynamicUpgradeJob", &parameters).success()["Data"].clone();
    copy_as_killed(&path, &copy);
    let recovered = Emulator::start(kept(&copy));
    let job_id = created["JobId"].as_str().unwrap();
    let job = recovered.call("QueryOTAJob", &[("JobId", job_id)]).success()["Data"].clone();
    assert_eq!(job["UtcCreate"], created["UtcCreate"]);
}

#[test]
fn uploads_are_kept() {
    let path = TemporaryPath::new();
    let emulator = Emulator::start(kept(&path));
    let form = emulator.call("GenerateOTAUploadURL", &[]).success()["Data"].clone();
    assert_eq!(upload(&emulator, &form, b"content").status, 200);
    drop(emulator);
    let emulator = Emulator::start(kept(&path));
    let url = form["FirmwareUrl"].as_str().unwrap();
    let firmware =
        [("FirmwareName", "uploaded"), ("DestVersion", "8"), ("FirmwareUrl", url), ("ProductKey", "product")];
    let firmware = emulator.call("CreateOTAFirmware", &firmware).success();
    let id = firmware["Data"]["FirmwareId"].as_str().unwrap();
    let firmware = emulator.call("QueryOTAFirmware", &[("FirmwareId", id)]).success();
    assert_eq!(firmware["FirmwareInfo"]["FirmwareSize"], 7);
}

#[test]
fn time_goes_on_from_where_it_was() {
    let path = TemporaryPath::new();
    let now = |emulator: &Emulator| {
        emulator.control("POST", "clock", &json!({ "advance_seconds": 0 }))["now"].as_str().unwrap().to_owned()
    };
    let emulator = Emulator::start(kept(&path));
    emulator.advance(1e8);
    let before = now(&emulator);
    drop(emulator);
    assert_eq!(now(&Emulator::start(kept(&path))), before);
}

#[test]
fn a_reset_is_kept_too() {
    let path = TemporaryPath::new();
    let emulator = Emulator::start(kept(&path));
    let job_id = emulator.create_job("one", &[("SrcVersion.1", "1.0")]);
    emulator.control("POST", "reset", &Value::Null);
    drop(emulator);
    let emulator = Emulator::start(kept(&path));
    assert_eq!(emulator.control("GET", "state", &Value::Null)["jobs"], json!([]));
    assert_eq!(emulator.create_job("one", &[("SrcVersion.1", "1.0")]).len(), job_id.len());
}

#[test]
fn the_journal_has_no_credentials() {
    let path = TemporaryPath::new();
    let emulator = Emulator::start(kept(&path));
    emulator.create_job("one", &[("SrcVersion.1", "1.0"), ("Unknown", "is-kept")]);
    let wal = std::fs::read(format!("{}-wal", path.0.display())).unwrap();
    let has = |text: &str| wal.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("is-kept"));
    assert!(!has("emulator-key-id") && !has("AccessKeyId"));
}

#[test]
fn a_file_that_does_not_fit_is_refused() {
    let path = TemporaryPath::new();
    drop(Emulator::start(kept(&path)));
    let refused = |options: Options| Started::start(options).unwrap_err().to_string();
    let other_fixtures = Options {
        fixtures: options(
            Edition::Extended,
            &json!({ "devices": [] , "fleets": [{"product_key": "p", "count": 1, "version": "1" }]}),
        )
        .fixtures,
        ..kept(&path)
    };
    assert!(refused(other_fixtures).contains("other fixtures"));
    assert!(refused(Options { random_seed: Some(2), ..kept(&path) }).contains("another random seed"));
    let neither =
        Options { fixtures: options(Edition::Extended, &json!({})).fixtures, random_seed: None, ..kept(&path) };
    let emulator = Emulator::start(neither);
    emulator.control("POST", "reset", &Value::Null);
    assert_eq!(emulator.control("GET", "state", &Value::Null)["fleets"][0]["count"], 60, "the file has them");
    drop(emulator);
    let running = start(&["--state", path.text()]);
    assert!(refused(kept(&path)).contains("in use"));
    drop(running);
    let text = TemporaryPath::new();
    std::fs::write(&text.0, "no database at all, but long enough to be one, one might think".repeat(100)).unwrap();
    assert!(refused(kept(&text)).contains("no state file"));
    assert!(refusal(&["--state", "/no/such/folder/file"]).contains("/no/such/folder/file"));
}

#[test]
fn a_damaged_file_is_refused_and_never_believed() {
    let statements = [
        "PRAGMA user_version = 99",
        "UPDATE origin SET settings = '{}'",
        "UPDATE snapshot SET data = substr(data, 1, length(data) / 2)",
        "UPDATE snapshot SET data = zeroblob(length(data))",
        "UPDATE snapshot SET data = x'ff'",
        "INSERT INTO journal (entry) VALUES (x'0909090909')",
    ];
    for statement in statements {
        let path = TemporaryPath::new();
        let emulator = Emulator::start(kept(&path));
        emulator.create_job("one", &[("SrcVersion.1", "1.0")]);
        emulator.advance(60.0);
        drop(emulator);
        rusqlite::Connection::open(&path.0).unwrap().execute(statement, []).unwrap();
        let error = Started::start(kept(&path)).unwrap_err().to_string();
        assert!(error.contains("move it away"), "{statement}: {error}");
    }
}
