//! An emulator that is killed under load has everything that it has acknowledged.
//!
//! `EMULATOR_KILLS` says how often it is killed; `make soak` does it a hundred times.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::program::start;
use crate::support::{Answer, TemporaryPath, http, sign, temporary_file};

const CALLERS: usize = 4;
/// Packages that a caller keeps; older ones it deletes, since an account can have 500.
const KEPT: usize = 30;

/// How far a caller has come with one package. Each step is acknowledged before the next is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Package,
    Job,
    Update,
    Cancel,
    Delete,
}

struct Item {
    firmware_id: String,
    job_id: String,
    acknowledged: Step,
}

/// `None`: the emulator is gone, and nobody knows whether it did it.
fn ask(address: SocketAddr, action: &str, parameters: &[(&str, &str)]) -> Option<Value> {
    let mut pairs = sign::request(action, parameters);
    sign::sign("POST", &mut pairs);
    let target = format!("/?{}", sign::query(&pairs));
    // Both a refused connection and a broken one are the kill that the test waits for.
    let response = http::try_exchange(address, "POST", &target)?;
    Some(Answer(response).json())
}

fn succeed(address: SocketAddr, action: &str, parameters: &[(&str, &str)]) -> Option<Value> {
    let answer = ask(address, action, parameters)?;
    assert_eq!(answer["Success"], true, "{action}: {answer}");
    Some(answer)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// One package from its creation to the end of its job.
fn advance(address: SocketAddr, items: &mut Vec<Item>, name: &str) -> Option<()> {
    let firmware = [("FirmwareName", name), ("DestVersion", "2"), ("FirmwareUrl", "https://u.test/a")];
    let firmware = [&firmware[..], &[("ProductKey", "product"), ("NeedToVerify", "false")]].concat();
    let firmware_id = text(&succeed(address, "CreateOTAFirmware", &firmware)?["Data"]["FirmwareId"]);
    items.push(Item { firmware_id: firmware_id.clone(), job_id: String::new(), acknowledged: Step::Package });
    let job = [("FirmwareId", firmware_id.as_str()), ("ProductKey", "product"), ("MaximumPerMinute", "100")];
    let job_id = text(&succeed(address, "CreateOTADynamicUpgradeJob", &job)?["Data"]["JobId"]);
    let item = items.last_mut()?;
    (item.job_id, item.acknowledged) = (job_id.clone(), Step::Job);
    let update = [("JobId", job_id.as_str()), ("UpgradeType", "DYNAMIC"), ("TargetSelection", "ALL")];
    succeed(address, "UpdateOTAJob", &[&update[..], &[("MaximumPerMinute", "999")]].concat())?;
    item.acknowledged = Step::Update;
    succeed(address, "CancelOTAStrategyByJob", &[("JobId", &job_id)])?;
    item.acknowledged = Step::Cancel;
    if let Some(oldest) = items.iter_mut().rev().nth(KEPT).filter(|item| item.acknowledged == Step::Cancel) {
        succeed(address, "DeleteOTAFirmware", &[("FirmwareId", &oldest.firmware_id)])?;
        oldest.acknowledged = Step::Delete;
    }
    Some(())
}

/// What the emulator has of it.
fn found(address: SocketAddr, item: &Item) -> Step {
    let firmware = ask(address, "QueryOTAFirmware", &[("FirmwareId", &item.firmware_id)]).unwrap();
    if firmware["Success"] == false {
        assert_eq!(firmware["Code"], "iot.ota.FirmwareNotFound");
        return Step::Delete;
    }
    if item.job_id.is_empty() {
        return Step::Package;
    }
    let job = succeed(address, "QueryOTAJob", &[("JobId", &item.job_id)]).unwrap()["Data"].clone();
    match (job["JobStatus"].as_str().unwrap(), job["MaximumPerMinute"].as_i64().unwrap()) {
        ("IN_PROGRESS", 100) => Step::Job,
        ("IN_PROGRESS", 999) => Step::Update,
        ("CANCELED", 999) => Step::Cancel,
        _ => panic!("nobody asked for {job}"),
    }
}

/// Deletes all packages. The last of them are remembered: they must stay deleted.
fn clean_up(address: SocketAddr, items: &mut Vec<Item>) {
    for item in items.iter_mut().filter(|item| found(address, item) != Step::Delete) {
        let job = [("JobId", item.job_id.as_str())];
        if matches!(found(address, item), Step::Job | Step::Update) {
            succeed(address, "CancelOTAStrategyByJob", &job).unwrap();
        }
        // A package whose job was not answered may have one that runs, which nobody knows: that one stays.
        let deleted = ask(address, "DeleteOTAFirmware", &[("FirmwareId", &item.firmware_id)]).unwrap();
        assert!(deleted["Success"] == true || item.acknowledged == Step::Package, "{deleted}");
    }
    items.retain(|item| found(address, item) == Step::Delete);
    items.iter_mut().for_each(|item| item.acknowledged = Step::Delete);
    items.drain(..items.len().saturating_sub(KEPT));
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let kills: usize = std::env::var("EMULATOR_KILLS").map_or(3, |kills| kills.parse().unwrap());
    let path = TemporaryPath::new();
    let fixtures = temporary_file(r#"{"fleets":[{"product_key":"product","count":200,"version":"1","failing":0.1}]}"#);
    let flags =
        ["--state", path.text(), "--fixtures", fixtures.to_str().unwrap(), "--qps-scale", "0", "--time-scale", "500"];
    let mut items: Vec<Vec<Item>> = (0..CALLERS).map(|_| Vec::new()).collect();
    let mut last_time = String::new();
    let mut checked = 0;
    for kill in 0..=kills {
        let mut started = start(&flags);
        let address: SocketAddr = started.address.parse().unwrap();
        for item in items.iter().flatten() {
            let found = found(address, item);
            // One step more may have been done without an answer.
            let next = [Step::Package, Step::Job, Step::Update, Step::Cancel, Step::Delete];
            let place = |step| next.iter().position(|known| *known == step).unwrap();
            assert!(
                (place(item.acknowledged)..=place(item.acknowledged) + 1).contains(&place(found)),
                "{:?} was acknowledged, {found:?} is there, after {kill} kills",
                item.acknowledged
            );
            checked += 1;
        }
        let now = clock(address).unwrap();
        assert!(now >= last_time, "{now} after {last_time}");
        if kill == kills {
            break;
        }
        for own in &mut items {
            clean_up(address, own);
        }
        let is_over = AtomicBool::new(false);
        last_time = std::thread::scope(|scope| {
            for (caller, own) in items.iter_mut().enumerate() {
                let is_over = &is_over;
                scope.spawn(move || {
                    for round in 0.. {
                        let name = format!("k{kill}-c{caller}-{round}");
                        if is_over.load(Ordering::Relaxed) || advance(address, own, &name).is_none() {
                            break;
                        }
                    }
                });
            }
            // Another moment of the work each time.
            let mut time = String::new();
            let work = std::time::Instant::now() + Duration::from_millis(150 + 37 * (kill as u64 % 11));
            while std::time::Instant::now() < work {
                time = clock(address).unwrap();
            }
            started.child.kill().unwrap();
            started.child.wait().unwrap();
            is_over.store(true, Ordering::Relaxed);
            time
        });
    }
    std::fs::remove_file(fixtures).unwrap();
    assert!(checked > kills * CALLERS, "{checked}");
}

fn clock(address: SocketAddr) -> Option<String> {
    let body = br#"{"advance_seconds":0}"#;
    let response = http::exchange(address, "POST", "/_emulator/clock", "", body).ok()?;
    Some(text(&serde_json::from_str::<Value>(&response.body).unwrap()["now"]))
}
