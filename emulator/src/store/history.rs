//! How the tasks of a job stood over time, in a bounded number of points.

use serde::{Deserialize, Serialize};

use super::TaskCounts;
use crate::clock::Millis;

/// Most points that are kept.
const MOST_POINTS: usize = 240;
/// Distance of the points at first, in milliseconds; it doubles whenever there are too many.
const FIRST_DISTANCE: Millis = 1_000;

/// The counts at some multiples of a distance after the start. Between two points nothing else than a change from the
/// one to the other is known; where nothing changed there is no point.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct History {
    start: Millis,
    distance: Millis,
    points: Vec<(Millis, TaskCounts)>,
}

impl History {
    /// A history that begins.
    pub(super) fn new(start: Millis) -> Self {
        Self { start, distance: FIRST_DISTANCE, points: vec![(start, TaskCounts::default())] }
    }

    /// To be called before the counts change at the moment `at`.
    pub(super) fn before_change(&mut self, at: Millis, counts: &TaskCounts) {
        let last = self.points.last().map_or(self.start, |(last, _)| *last);
        let reached = self.start + (at - self.start).div_euclid(self.distance) * self.distance;
        if reached <= last {
            return;
        }
        // What has been so for a while is drawn as a level, not as a slope.
        if reached - last > self.distance {
            self.add(last + self.distance, counts);
        }
        self.add(reached, counts);
    }

    fn add(&mut self, at: Millis, counts: &TaskCounts) {
        if (at - self.start) % self.distance != 0 {
            return; // The distance has doubled since.
        }
        self.points.push((at, *counts));
        if self.points.len() > MOST_POINTS {
            self.distance *= 2;
            let (start, distance) = (self.start, self.distance);
            self.points.retain(|(at, _)| (at - start) % distance == 0);
        }
    }

    /// The points, oldest first.
    pub(crate) fn points(&self) -> &[(Millis, TaskCounts)] {
        &self.points
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::TaskStatus;

    #[test]
    fn however_much_happens_the_points_stay_few_and_in_order() {
        let mut history = History::new(0);
        let mut counts = TaskCounts::default();
        for at in (0..1_000_000).step_by(77) {
            history.before_change(at, &counts);
            counts.add(TaskStatus::Queued);
        }
        let points = history.points();
        assert!((MOST_POINTS / 4..=MOST_POINTS).contains(&points.len()), "{}", points.len());
        assert!(points.is_sorted_by_key(|(at, counts)| (*at, counts.of(TaskStatus::Queued))));
        // What a point says is what was so at that moment: every 77 milliseconds one more.
        for (at, counts) in points.iter().skip(1) {
            assert_eq!(i64::from(counts.of(TaskStatus::Queued)), (at + 76) / 77, "{at}");
        }
    }

    #[test]
    fn a_quiet_time_is_a_level() {
        let mut history = History::new(0);
        let mut counts = TaskCounts::default();
        history.before_change(10, &counts);
        counts.add(TaskStatus::Queued);
        history.before_change(100_000, &counts);
        let points: Vec<_> = history.points().iter().map(|(at, counts)| (*at, counts.active())).collect();
        assert_eq!(points, [(0, 0), (1000, 1), (100_000, 1)]);
    }
}
