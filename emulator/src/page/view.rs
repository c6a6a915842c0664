//! What the page shows, as texts and numbers.

use std::collections::HashMap;

use askama::Template;
use clap::ValueEnum as _;

use super::chart;
use crate::clock::{Millis, millis, moment, utc_text};
use crate::emulator::{Emulator, World};
use crate::faults::{Fault, FaultKind};
use crate::fleet::VersionNumber;
use crate::gateway;
use crate::limits::Edition;
use crate::requests_log::LoggedRequest;
use crate::store::{Firmware, Job, JobKind, TaskCounts, TaskStatus};

/// Rows of a list that are shown: a browser, and a reader, have limits.
const MOST_JOBS: usize = 50;
const MOST_PACKAGES: usize = 500;
const MOST_VERSIONS: usize = 500;
const MOST_FAULTS: usize = 100;
const MOST_REQUESTS: usize = 50;
/// Parameters of a request are cut to this many characters.
const LONGEST_PARAMETERS: usize = 400;

const COMMON_PARAMETERS: [&str; 9] = [
    "Action",
    "Format",
    "RegionId",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

/// The statuses in the order of the areas: what is over lies at the bottom.
const FROM_BOTTOM: [TaskStatus; 7] = [
    TaskStatus::Succeeded,
    TaskStatus::Failed,
    TaskStatus::Canceled,
    TaskStatus::InProgress,
    TaskStatus::Notified,
    TaskStatus::Queued,
    TaskStatus::Confirm,
];

const CLOCK_STEPS: [ClockStep; 5] = [
    ClockStep { seconds: 10, text: "10 seconds" },
    ClockStep { seconds: 60, text: "1 minute" },
    ClockStep { seconds: 600, text: "10 minutes" },
    ClockStep { seconds: 3_600, text: "1 hour" },
    ClockStep { seconds: 86_400, text: "1 day" },
];

/// The page.
#[derive(Debug, Template)]
#[template(path = "page.html")]
pub(super) struct Page {
    now: String,
    edition: String,
    clock_steps: &'static [ClockStep],
    fault_kinds: Vec<String>,
    actions: Vec<&'static str>,
    jobs: List<JobRow>,
    packages: List<PackageRow>,
    versions: List<VersionRow>,
    faults: List<FaultRow>,
    requests: List<RequestRow>,
}

#[derive(Debug)]
struct ClockStep {
    seconds: u32,
    text: &'static str,
}

/// The rows shown, of so many in all.
#[derive(Debug)]
struct List<T> {
    rows: Vec<T>,
    total: usize,
}

#[derive(Debug)]
struct JobRow {
    id: String,
    status: &'static str,
    kind: &'static str,
    firmware_id: String,
    product_key: String,
    created: String,
    tasks: u32,
    shares: Vec<Share>,
    chart: Option<Chart>,
    parameters: Vec<(String, String)>,
}

/// A part of the bar, which is 1000 wide.
#[derive(Debug)]
struct Share {
    status: &'static str,
    count: u32,
    start: u32,
    width: u32,
}

#[derive(Debug)]
struct Chart {
    areas: Vec<Area>,
    most: u32,
    from: String,
    to: String,
}

#[derive(Debug)]
struct Area {
    status: &'static str,
    path: String,
}

#[derive(Debug)]
struct PackageRow {
    name: String,
    id: String,
    product_key: String,
    versions: String,
    status: &'static str,
}

#[derive(Debug)]
struct VersionRow {
    product_key: String,
    version: String,
    devices: u64,
    share: f64,
}

#[derive(Debug)]
struct FaultRow {
    kind: String,
    action: String,
    times: u64,
    after: u64,
    probability: f64,
    millis: u64,
}

#[derive(Debug)]
struct RequestRow {
    time: String,
    action: String,
    answer: String,
    class: &'static str,
    parameters: String,
}

impl Page {
    /// The page of this moment.
    pub(super) fn of(emulator: &Emulator) -> Self {
        let world = emulator.world();
        Self {
            now: utc_text(world.clock.now()),
            edition: edition_name(emulator.options.edition),
            clock_steps: &CLOCK_STEPS,
            fault_kinds: FaultKind::ALL.iter().map(|kind| kind.name()).collect(),
            actions: gateway::actions().collect(),
            jobs: jobs(&world),
            packages: packages(&world),
            versions: versions(&world),
            faults: faults(world.faults.waiting()),
            requests: requests(world.log.entries().iter().rev(), world.log.entries().len()),
        }
    }
}

/// As the flag has it.
fn edition_name(edition: Edition) -> String {
    edition.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// The newest jobs first.
fn jobs(world: &World) -> List<JobRow> {
    let mut all: Vec<&Job> = world.store.jobs().collect();
    all.sort_by_key(|job| std::cmp::Reverse(job.created));
    let now = millis(world.clock.now());
    List { rows: all.iter().take(MOST_JOBS).map(|job| job_row(job, now)).collect(), total: all.len() }
}

fn job_row(job: &Job, now: Millis) -> JobRow {
    let counts = job.task_counts();
    let shares = shares(counts);
    JobRow {
        id: job.id.clone(),
        status: job.status.name(),
        kind: match job.kind {
            JobKind::Verification { .. } => "Verification",
            JobKind::Static { .. } => "Static rollout",
            JobKind::Dynamic { .. } => "Dynamic rollout",
        },
        firmware_id: job.firmware_id.clone(),
        product_key: job.product_key.clone(),
        created: utc_text(job.created),
        tasks: shares.iter().fold(0, |sum: u32, share| sum.saturating_add(share.count)),
        shares,
        chart: chart_of(job, now),
        parameters: job.parameters.iter().map(|(name, value)| (name.clone(), shortened(value))).collect(),
    }
}

/// The parts of the bar, from what is over to what has not begun.
fn shares(counts: &TaskCounts) -> Vec<Share> {
    let total: u64 = FROM_BOTTOM.into_iter().map(|status| u64::from(counts.of(status))).sum();
    let mut before = 0;
    let mut shares = Vec::new();
    for (status, count) in FROM_BOTTOM.into_iter().map(|status| (status, counts.of(status))) {
        if count == 0 {
            continue;
        }
        // Rounded at its borders, so that no gap is left.
        let border = |tasks: u64| u32::try_from(tasks * 1_000 / total).unwrap_or(1_000);
        let (start, end) = (border(before), border(before + u64::from(count)));
        shares.push(Share { status: status.name(), count, start, width: end - start });
        before += u64::from(count);
    }
    shares
}

/// How the tasks stood from the job's creation until it ended, or until now.
fn chart_of(job: &Job, now: Millis) -> Option<Chart> {
    let end = job.ended.map_or(now, millis);
    let row = |counts: &TaskCounts| FROM_BOTTOM.map(|status| counts.of(status));
    let mut points: Vec<_> = job.history().points().iter().map(|(at, counts)| (*at, row(counts))).collect();
    let (from, last) = (points.first()?.0, points.last()?.0);
    points.push((end.max(last), row(job.task_counts())));
    let (paths, most) = chart::areas(&points);
    let areas = FROM_BOTTOM.into_iter().zip(paths).map(|(status, path)| Area { status: status.name(), path });
    Some(Chart { areas: areas.collect(), most, from: utc_text(moment(from)), to: utc_text(moment(end.max(last))) })
}

fn packages(world: &World) -> List<PackageRow> {
    let row = |firmware: &Firmware| PackageRow {
        name: firmware.name.clone(),
        id: firmware.id.clone(),
        product_key: firmware.product_key.clone().unwrap_or_default(),
        versions: match &firmware.src_version {
            Some(source) => format!("{source} to {}", firmware.dest_version),
            None => firmware.dest_version.clone(),
        },
        status: firmware.status.text(),
    };
    let total = world.store.firmwares().count();
    List { rows: world.store.firmwares().take(MOST_PACKAGES).map(row).collect(), total }
}

/// The products in the order of their keys, each with its most frequent version first.
fn versions(world: &World) -> List<VersionRow> {
    let devices = &world.store.devices;
    let counts = devices.version_counts(millis(world.clock.now()));
    let mut of_product = HashMap::<&str, u64>::new();
    for ((product_key, _), count) in &counts {
        *of_product.entry(product_key).or_default() += count;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|((left, _), left_count), ((right, _), right_count)| {
        left.cmp(right).then(right_count.cmp(left_count))
    });
    let row = |((product_key, version), count): &((&str, VersionNumber), u64)| VersionRow {
        product_key: (*product_key).to_owned(),
        version: devices.version_text(*version).to_owned(),
        devices: *count,
        share: *count as f64 / of_product.get(product_key).copied().unwrap_or(1).max(1) as f64,
    };
    List { rows: counts.iter().take(MOST_VERSIONS).map(row).collect(), total: counts.len() }
}

fn faults(waiting: &[Fault]) -> List<FaultRow> {
    let row = |fault: &Fault| FaultRow {
        kind: fault.kind.name(),
        action: fault.action.clone(),
        times: fault.times,
        after: fault.after,
        probability: fault.probability,
        millis: fault.millis,
    };
    List { rows: waiting.iter().take(MOST_FAULTS).map(row).collect(), total: waiting.len() }
}

fn requests<'a>(newest_first: impl Iterator<Item = &'a LoggedRequest>, total: usize) -> List<RequestRow> {
    List { rows: newest_first.take(MOST_REQUESTS).map(request_row).collect(), total }
}

fn request_row(request: &LoggedRequest) -> RequestRow {
    let answer = match (request.http_status, &request.code) {
        (None, _) => "no answer".to_owned(),
        (Some(status), Some(code)) => format!("{status} {code}"),
        (Some(_), None) => "ok".to_owned(),
    };
    // What every call has says nothing of this one.
    let own = request.parameters.iter().filter(|(name, _)| !COMMON_PARAMETERS.contains(&name.as_str()));
    let parameters: Vec<_> = own.map(|(name, value)| format!("{name}={value}")).collect();
    RequestRow {
        time: request.time.clone(),
        action: request.action.clone(),
        class: if request.success { "" } else { "refused" },
        answer,
        parameters: shortened(&parameters.join(" ")),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_PARAMETERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
