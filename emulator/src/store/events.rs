//! What is going to happen, soonest first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

use super::{JobNumber, TaskNumber};
use crate::clock::Millis;
use crate::fleet::DeviceNumber;

/// Something that happens by itself. At the same moment, the order is that of the variants and numbers, so that it does
/// not matter in how many steps the time passes.
///
/// The second number of a task's event is its generation then: an event of an earlier state is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub(super) enum Event {
    DeviceJoins(DeviceNumber),
    /// The number is that of the fleet's report.
    DeviceReports(DeviceNumber, u16),
    DeviceReturns(DeviceNumber),
    JobStarts(JobNumber),
    JobCloses(JobNumber),
    /// The end of a verification on devices that nobody simulates.
    VerificationEnds(JobNumber),
    JobPushes(JobNumber),
    TaskRetries(TaskNumber, u16),
    DeviceAsks(TaskNumber, u16),
    TaskBegins(TaskNumber, u16),
    TaskEnds(TaskNumber, u16),
}

/// The events to come.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Events(BinaryHeap<Reverse<(Millis, Event)>>);

impl Events {
    pub(super) fn add(&mut self, at: Millis, event: Event) {
        self.0.push(Reverse((at, event)));
    }

    /// Takes the next event, if its time has come.
    pub(super) fn next_due(&mut self, now: Millis) -> Option<(Millis, Event)> {
        let Reverse((at, _)) = self.0.peek()?;
        if *at > now {
            return None;
        }
        self.0.pop().map(|Reverse(due)| due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_with_its_time_takes_sixteen_bytes() {
        assert_eq!(size_of::<(Millis, Event)>(), 16);
    }
}
