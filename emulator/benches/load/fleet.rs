//! A rollout over a large fleet: how long a simulated day takes, in how much memory, and what a state file adds.

use std::io::{Error, Result};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::client::{Connection, EmulatorJobs, Jobs as _, Step};
use crate::server::Server;

/// A day of simulated time at once.
const DAY: &str = r#"{"advance_seconds":86400}"#;

/// Measures and reports, without and with a state file.
pub(crate) fn report(program: &Path, devices: u32) -> Result<String> {
    let file = std::env::temp_dir().join(format!("emulator-fleet-{}.sqlite", std::process::id()));
    let measured = run(program, devices, None).and_then(|memory| Ok((memory, run(program, devices, Some(&file))?)));
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    let (memory, state) = measured?;
    let mut text = format!("{devices} devices, one job over all of them\n\n");
    text +=
        "| | start, s | create the job, s | a simulated day, s | start again after a kill, s | peak memory, MiB |\n";
    text += "|---|---|---|---|---|---|\n";
    for (name, row) in [("in memory", memory), ("with --state", state)] {
        let again = row.again.map_or("-".to_owned(), |again| format!("{:.2}", again.as_secs_f64()));
        text += &format!(
            "| {name} | {:.2} | {:.2} | {:.2} | {again} | {:.0} |\n",
            row.start.as_secs_f64(),
            row.create.as_secs_f64(),
            row.day.as_secs_f64(),
            row.peak_memory as f64 / 1_024.0,
        );
    }
    Ok(text)
}

struct Row {
    start: Duration,
    create: Duration,
    day: Duration,
    again: Option<Duration>,
    /// Kilobytes.
    peak_memory: u64,
}

fn run(program: &Path, devices: u32, state: Option<&Path>) -> Result<Row> {
    let fixtures = format!(
        r#"{{"firmwares":[{{"firmware_id":"fw-0","product_key":"product","firmware_name":"fw-0","dest_version":"2"}}],
            "fleets":[{{"product_key":"product","count":{devices},"version":"1.0","offline":0.1,"failing":0.05,
            "offline_seconds":{{"median":7200,"p95":40000}}}}]}}"#
    );
    let mut flags = vec!["--time-scale", "0", "--random-seed", "1"];
    if let Some(path) = state {
        flags.extend(["--state", path.to_str().ok_or_else(|| Error::other("the path is no text"))?]);
    }
    let (server, start) = timed(|| Server::with_fixtures(program, &fixtures, &flags))?;
    let mut jobs = EmulatorJobs::new(Connection::new(server.address), 0);
    let ((), create) = timed(|| jobs.call(Step::Create))?;
    let (_, day) = timed(|| Connection::patient(server.address).exchange("POST", "/_emulator/clock", "", DAY))?;
    let state_of =
        |server: &Server| Connection::patient(server.address).exchange("GET", "/_emulator/state?devices=0", "", "");
    let (before, peak_memory) = (state_of(&server)?, server.peak_memory()?);
    // Dropped, it is killed.
    drop(server);
    let again = state.map(|_| timed(|| Server::with_fixtures(program, &fixtures, &flags))).transpose()?;
    if let Some((server, _)) = &again
        && state_of(server)? != before
    {
        return Err(Error::other("after the kill, something else is there"));
    }
    Ok(Row { start, create, day, again: again.map(|(_, time)| time), peak_memory })
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, Duration)> {
    let begun = Instant::now();
    work().map(|done| (done, begun.elapsed()))
}
