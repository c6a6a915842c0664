//! What holds whatever callers and devices do.

use std::collections::BTreeMap;

use proptest::prelude::*;
use time::OffsetDateTime;

use crate::clock::{Millis, millis, moment};
use crate::fixtures::Fixtures;
use crate::store::{
    JobKind, JobNumber, JobSettings, JobStatus, JobUpdate, NewJob, Policy, Reason, Retry, Selection, Store, TaskNumber,
    TaskStatus,
};

const START: OffsetDateTime = time::macros::datetime!(2026-01-02 03:04:05 UTC);
const MINUTE: Millis = 60_000;
/// Shorter than any device takes to begin, so that no notification is missed.
const STEP: Millis = 900;

/// Something that a caller does. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Act {
    Create { firmware: usize, kind: u8, settings: Settings },
    Wait(Millis),
    CancelStrategy(usize),
    CancelTasks(usize, u8),
    CancelTask(usize),
    Confirm(usize),
    RunAgain(usize),
    Update(usize, i64),
}

#[derive(Clone, Debug)]
struct Settings {
    sources: u8,
    rate: i64,
    replaces: bool,
    retry: Option<(i64, i64)>,
    timeout: Option<i64>,
    confirm: bool,
    push: bool,
}

fn settings() -> impl Strategy<Value = Settings> {
    let retry = proptest::option::of((prop_oneof![Just(0), Just(10)], prop_oneof![Just(1), Just(2)]));
    let rate = prop_oneof![Just(0_i64), 1_i64..20, Just(1000)];
    (
        0_u8..4,
        rate,
        any::<bool>(),
        retry,
        proptest::option::of(1_i64..5),
        proptest::bool::weighted(0.2),
        proptest::bool::weighted(0.8),
    )
        .prop_map(|(sources, rate, replaces, retry, timeout, confirm, push)| Settings {
            sources,
            rate,
            replaces,
            retry,
            timeout,
            confirm,
            push,
        })
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0_usize..3, 0_u8..4, settings())
            .prop_map(|(firmware, kind, settings)| Act::Create { firmware, kind, settings }),
        6 => (0_i64..200_000).prop_map(Act::Wait),
        1 => any::<usize>().prop_map(Act::CancelStrategy),
        1 => (any::<usize>(), 0_u8..16).prop_map(|(job, states)| Act::CancelTasks(job, states)),
        2 => any::<usize>().prop_map(Act::CancelTask),
        2 => any::<usize>().prop_map(Act::Confirm),
        2 => any::<usize>().prop_map(Act::RunAgain),
        1 => (any::<usize>(), 10_i64..100).prop_map(|(job, rate)| Act::Update(job, rate)),
    ]
}

fn fixtures() -> Fixtures {
    let firmware = |id: &str, version: &str| serde_json::json!({ "firmware_id": id, "product_key": "p", "firmware_name": id, "dest_version": version });
    let spread = serde_json::json!({ "median": 30, "p95": 120 });
    let fixtures = serde_json::json!({
        "firmwares": [firmware("a", "2"), firmware("b", "3"), firmware("c", "4")],
        "fleets": [
            { "product_key": "p", "count": 15, "version": "1", "failing": 0.3, "failing_tries": 2, "stuck": 0.1,
              "offline": 0.2, "offline_seconds": spread, "download_seconds": spread, "ask_seconds": 60,
              "reports": [{ "version": "2", "share": 0.3, "over_seconds": 600 }] },
            { "product_key": "p", "count": 10, "version": "2", "failing": 0.2, "join_over_seconds": 300 },
        ],
    });
    serde_json::from_value(fixtures).unwrap()
}

/// A store with what has been seen of it.
struct Run {
    store: Store,
    now: OffsetDateTime,
    jobs: Vec<JobNumber>,
    /// Times of the notifications by job.
    notified: BTreeMap<JobNumber, Vec<Millis>>,
    seen: BTreeMap<TaskNumber, (u16, TaskStatus)>,
    /// Most pushes a minute that a job ever had.
    rates: BTreeMap<JobNumber, i64>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let store = Store::new(&fixtures(), seed, START);
        let (jobs, notified, seen, rates) = Default::default();
        Self { store, now: START, jobs, notified, seen, rates }
    }

    fn wait(&mut self, time: Millis, step: Millis) {
        let end = millis(self.now) + time;
        while millis(self.now) < end {
            self.now = moment((millis(self.now) + step).min(end));
            self.store.settle(self.now);
            if step == STEP {
                self.look();
            }
        }
    }

    fn job(&self, choice: usize) -> Option<JobNumber> {
        self.jobs.get(choice.checked_rem(self.jobs.len())?).copied()
    }

    fn task(&self, choice: usize, statuses: &[TaskStatus]) -> Option<TaskNumber> {
        let fits = |task: &TaskNumber| statuses.contains(&self.store.task(*task).status);
        let tasks: Vec<TaskNumber> = self.store.tasks.numbers().filter(fits).collect();
        tasks.get(choice.checked_rem(tasks.len())?).copied()
    }

    fn act(&mut self, act: &Act, step: Millis) {
        let at = millis(self.now);
        match act {
            Act::Wait(time) => self.wait(*time, step),
            Act::Create { firmware, kind, settings } => self.create(*firmware, *kind, settings),
            Act::CancelStrategy(job) => {
                let job = self.job(*job).filter(|job| self.store.job(*job).running_policy().is_some());
                job.into_iter().for_each(|job| self.store.cancel_job(job, at));
            }
            Act::CancelTasks(job, states) => {
                let states: Vec<TaskStatus> =
                    TaskStatus::ALL.into_iter().take(4).filter(|status| states & (1 << *status as u8) != 0).collect();
                self.job(*job).into_iter().for_each(|job| self.store.cancel_tasks(job, &states, at));
            }
            Act::CancelTask(task) => {
                let task = self.task(*task, &[TaskStatus::Queued, TaskStatus::Notified, TaskStatus::InProgress]);
                task.into_iter().for_each(|task| self.store.cancel_task(task, at));
            }
            Act::Confirm(task) => {
                let task = self.task(*task, &[TaskStatus::Confirm]);
                task.into_iter().for_each(|task| self.store.confirm_task(task, at));
            }
            Act::RunAgain(task) => {
                let task = self.task(*task, &[TaskStatus::Failed, TaskStatus::Canceled]);
                let task = task.filter(|task| {
                    let job = self.store.job(self.store.task(*task).job);
                    self.store.can_run_again(*task) && job.status != JobStatus::Canceled
                });
                task.into_iter().for_each(|task| self.store.run_again(task, at));
            }
            Act::Update(job, rate) => {
                let job = self.job(*job).filter(|job| self.store.job(*job).running_policy().is_some());
                let update = JobUpdate {
                    maximum_per_minute: *rate,
                    tags: Vec::new(),
                    timeout_in_minutes: None,
                    src_versions: None,
                };
                if let Some(job) = job {
                    self.store.update_job(job, update, self.now);
                    self.rates.entry(job).and_modify(|most| *most = (*most).max(*rate));
                }
            }
        }
        self.store.settle(self.now);
        if step == STEP {
            self.look();
        }
    }

    fn create(&mut self, firmware: usize, kind: u8, settings: &Settings) {
        let firmware_id = ["a", "b", "c"].get(firmware).unwrap().to_string();
        let runs = |job: &&crate::store::Job| job.firmware_id == firmware_id && job.running_policy().is_some();
        if kind < 2 && self.store.jobs().find(runs).is_some() {
            return;
        }
        // Only upwards, as every way down and up again would be one without an end.
        let versions: Vec<String> =
            (1..=3).filter(|version| settings.sources & version != 0).map(|v| v.to_string()).collect();
        let below =
            versions.into_iter().filter(|version| version.as_str() < ["2", "3", "4"][firmware]).collect::<Vec<_>>();
        let policy = Policy {
            src_versions: if below.is_empty() { vec!["1".to_owned()] } else { below },
            retry: settings.retry.map(|(interval, count)| Retry { interval, count }),
            maximum_per_minute: settings.rate,
            overwrite_mode: if settings.replaces { 2 } else { 1 },
            multi_module_mode: false,
            group_id: None,
        };
        let kind = match kind {
            0 | 1 => JobKind::Dynamic { policy, dynamic_mode: i64::from(kind) + 1 },
            2 => JobKind::Static { policy, selection: Selection::All, schedule: None },
            _ => JobKind::Static { policy, selection: Selection::Gray(40.0), schedule: None },
        };
        let job = self.store.add_job(NewJob {
            id: format!("job-{}", self.jobs.len()),
            instance_id: None,
            firmware_id,
            product_key: "p".to_owned(),
            kind,
            settings: JobSettings {
                timeout_in_minutes: settings.timeout,
                need_push: settings.push,
                need_confirm: settings.confirm,
                ..JobSettings::default()
            },
            created: self.now,
            parameters: BTreeMap::new(),
        });
        self.jobs.push(job);
        self.rates.insert(job, settings.rate);
    }

    /// What has to hold at every moment.
    fn look(&mut self) {
        for device in self.store.devices.numbers() {
            let active = self.store.tasks_of_device(device).filter(|task| self.store.task(*task).status.is_active());
            assert!(active.count() <= 1, "two active tasks of one device");
        }
        let mut counts: BTreeMap<(JobNumber, TaskStatus), u32> = BTreeMap::new();
        for number in self.store.tasks.numbers() {
            let task = self.store.task(number);
            *counts.entry((task.job, task.status)).or_default() += 1;
            let before = self.seen.insert(number, (task.generation, task.status));
            if let Some((generation, status)) = before {
                assert!(status != TaskStatus::Succeeded || task.generation == generation, "a success is final");
                if generation == task.generation {
                    continue;
                }
            }
            // What is asked for is no push.
            if task.status == TaskStatus::Notified && self.store.job(task.job).settings.need_push {
                self.notified.entry(task.job).or_default().push(task.modified);
            }
        }
        for (index, job) in self.store.jobs().enumerate() {
            for status in TaskStatus::ALL {
                let number = *self.jobs.get(index).unwrap();
                let counted = counts.get(&(number, status)).copied().unwrap_or_default();
                assert_eq!(job.task_counts().of(status), counted, "{status:?} of job {index}");
            }
            if let JobKind::Static { .. } = job.kind {
                let is_over = job.task_counts().active() == 0;
                assert_eq!(job.status != JobStatus::InProgress, is_over, "a static job ends with its tasks");
            }
        }
    }

    /// However a minute is laid over the pushes of a job, it holds no more than the most that was ever allowed.
    fn check_rates(&mut self) {
        for (job, times) in &mut self.notified {
            times.sort_unstable();
            for (index, first) in times.iter().enumerate() {
                let count = times.iter().skip(index).take_while(|time| **time < first + MINUTE).count();
                assert!(count as i64 <= self.rates[job], "{count} pushes in a minute, {} allowed", self.rates[job]);
            }
        }
    }

    /// Everything about tasks and devices, to be compared.
    fn outcome(&self) -> Vec<(TaskStatus, Reason, Millis, Millis)> {
        let tasks = self.store.tasks.rows();
        tasks.map(|task| (task.status, task.reason, task.created, task.modified)).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_rules_hold_whatever_happens(seed: u64, acts in proptest::collection::vec(act(), 1..40)) {
        let mut run = Run::new(seed);
        for act in &acts {
            run.act(act, STEP);
        }
        run.check_rates();
        // With its seed it happens again, in however few steps.
        let mut again = Run::new(seed);
        for act in &acts {
            again.act(act, Millis::MAX / 4);
        }
        prop_assert_eq!(run.outcome(), again.outcome());
    }
}
