//! When the tasks of a job are pushed: one by one, never more than its rate in any minute.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::TaskNumber;
use crate::clock::Millis;

const MINUTE: i64 = 60_000;

/// The tasks to push, in order, and the times at which that may happen.
///
/// Pushes are evenly spaced: the n-th after `base` comes n sixtieths-of-a-minute-by-rate later, rounded up. However a
/// minute is laid over them, it holds at most as many as the rate says.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Pace {
    /// With the generation that the task had when it was put here.
    queue: VecDeque<(TaskNumber, u16)>,
    base: Millis,
    pushed: i64,
    next: Option<Millis>,
}

impl Pace {
    /// Puts a task at the end. Gives the time of the next push, if none was planned.
    pub(super) fn put(&mut self, task: TaskNumber, generation: u16, rate: i64, at: Millis) -> Option<Millis> {
        self.queue.push_back((task, generation));
        if self.next.is_some() {
            return None;
        }
        self.plan(rate, at)
    }

    /// Takes the first task, if a push is planned for this very moment.
    pub(super) fn take(&mut self, at: Millis) -> Option<(TaskNumber, u16)> {
        if self.next != Some(at) {
            return None;
        }
        let first = self.queue.pop_front();
        if first.is_none() {
            self.next = None;
        }
        first
    }

    /// The task taken has been pushed, which counts. Gives the time of the next push.
    pub(super) fn pushed(&mut self, rate: i64, at: Millis) -> Option<Millis> {
        self.pushed += 1;
        self.next = None;
        if self.queue.is_empty() { None } else { self.plan(rate, at) }
    }

    /// From now on with another rate. Gives the time of the next push.
    pub(super) fn change_rate(&mut self, old: i64, rate: i64, at: Millis) -> Option<Millis> {
        // One that was due by the old rate still may come then; what follows keeps the new distance.
        self.base = self.due(old).unwrap_or(at).max(at);
        self.pushed = 0;
        self.next = None;
        if self.queue.is_empty() { None } else { self.plan(rate, at) }
    }

    fn plan(&mut self, rate: i64, at: Millis) -> Option<Millis> {
        let due = self.due(rate)?;
        if due < at {
            (self.base, self.pushed) = (at, 0);
        }
        self.next = Some(due.max(at));
        self.next
    }

    /// When the next push may come at the earliest; `None`: never.
    fn due(&self, rate: i64) -> Option<Millis> {
        let distance = self.pushed.checked_mul(MINUTE)?.checked_add(rate - 1)?.checked_div(rate)?;
        self.base.checked_add(distance)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::RowNumber as _;

    /// Puts tasks at these times and gives the times of the pushes.
    fn pushes(rate: i64, puts: &[Millis]) -> Vec<Millis> {
        let mut pace = Pace::default();
        let mut times = Vec::new();
        let mut next = None;
        let mut run = |pace: &mut Pace, next: &mut Option<Millis>, until: Millis| {
            while let Some(at) = next.filter(|at| *at < until) {
                assert!(pace.take(at).is_some());
                times.push(at);
                *next = pace.pushed(rate, at);
            }
        };
        for (index, at) in puts.iter().enumerate() {
            run(&mut pace, &mut next, *at);
            next = pace.put(TaskNumber::from_index(index), 0, rate, *at).or(next);
        }
        run(&mut pace, &mut next, Millis::MAX);
        times
    }

    proptest! {
        #[test]
        fn no_minute_holds_more_than_the_rate(
            rate in 1_i64..50,
            gaps in proptest::collection::vec(prop_oneof![0_i64..10, 0_i64..5_000, 0_i64..100_000], 1..300),
        ) {
            let puts: Vec<Millis> = gaps.iter().scan(1_000_000, |at, gap| { *at += gap; Some(*at) }).collect();
            let times = pushes(rate, &puts);
            prop_assert_eq!(times.len(), puts.len());
            prop_assert!(times.iter().zip(&puts).all(|(pushed, put)| pushed >= put));
            for (index, first) in times.iter().enumerate() {
                let in_minute = times.iter().skip(index).take_while(|time| **time < first + MINUTE).count();
                prop_assert!(in_minute as i64 <= rate, "{} from {}: {:?}", in_minute, first, times);
            }
        }
    }

    #[test]
    fn a_full_queue_is_pushed_at_the_full_rate() {
        let times = pushes(1000, &[0; 2500]);
        assert_eq!((times.first(), times.get(999), times.last()), (Some(&0), Some(&59_940), Some(&149_940)));
    }

    #[test]
    fn rate_zero_pushes_nothing_until_it_changes() {
        let mut pace = Pace::default();
        assert_eq!(pace.put(TaskNumber::from_index(0), 0, 0, 5), None);
        assert_eq!(pace.change_rate(0, 10, 70), Some(70));
        assert!(pace.take(70).is_some());
    }
}
