//! Chance that needs no memory: what a device does is a function of the seed, the device and the question.

use serde::{Deserialize, Serialize};

use super::permutation::{Permutation, mixed};

/// What is asked. Each question has draws of its own, so that a slow device need not be a failing one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Question {
    Offline,
    OfflineTime,
    Failing,
    FailureReason,
    FailurePoint,
    Stuck,
    DownloadTime,
    ResponseTime,
    AskTime,
    JoinTime,
    Report,
    ReportTime,
    Gray,
    Code,
}

/// The seed of all that devices do.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Chance {
    seed: u64,
}

impl Chance {
    /// Everything follows from the seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A number for the question, the asked and the occasion.
    fn number(self, question: Question, who: u64, occasion: u64) -> u64 {
        mixed(self.key(question) ^ mixed(who ^ mixed(occasion)))
    }

    fn key(self, question: Question) -> u64 {
        mixed(self.seed ^ ((question as u64) << 56))
    }

    /// A number from 0 up to, but not including, 1.
    pub(crate) fn unit(self, question: Question, who: u64, occasion: u64) -> f64 {
        // 53 bits are what a double holds.
        (self.number(question, who, occasion) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number from the bell curve around 0 with deviation 1.
    pub(crate) fn normal(self, question: Question, who: u64, occasion: u64) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit(question, who, occasion)).ln()).sqrt();
        let angle = std::f64::consts::TAU * self.unit(question, who, occasion ^ (1 << 63));
        radius * angle.cos()
    }

    /// Whether the member `number` of `count` belongs to the `share`: over all members it comes out to the nearest one.
    pub(crate) fn is_in_share(self, question: Question, group: u64, number: u32, count: u32, share: f64) -> bool {
        if share <= 0.0 {
            return false;
        }
        let permutation = Permutation::new(self.number(question, group, 0));
        let rank = permutation.below(u64::from(number), u64::from(count.max(1)));
        (rank as f64) < (share * f64::from(count)).round()
    }

    /// The order in which numbers become ids.
    pub(crate) fn codes(self) -> Permutation {
        Permutation::new(self.key(Question::Code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_come_out_to_the_nearest_member() {
        let chance = Chance::new(7);
        for (count, share, expected) in
            [(1000, 0.1, 100), (10, 0.25, 3), (10, 0.24, 2), (3, 0.0, 0), (3, 1.0, 3), (1, 0.4, 0), (1, 0.5, 1)]
        {
            let members = (0..count).filter(|number| chance.is_in_share(Question::Failing, 1, *number, count, share));
            assert_eq!(members.count(), expected, "{share} of {count}");
        }
    }

    #[test]
    fn draws_depend_on_seed_question_device_and_occasion() {
        let draws = [
            Chance::new(1).unit(Question::JoinTime, 1, 1),
            Chance::new(2).unit(Question::JoinTime, 1, 1),
            Chance::new(1).unit(Question::AskTime, 1, 1),
            Chance::new(1).unit(Question::JoinTime, 2, 1),
            Chance::new(1).unit(Question::JoinTime, 1, 2),
        ];
        for (index, draw) in draws.iter().enumerate() {
            assert!((0.0..1.0).contains(draw));
            assert!(!draws.iter().skip(index + 1).any(|other| other == draw), "{draws:?}");
        }
    }

    #[test]
    fn the_bell_curve_is_one() {
        let chance = Chance::new(3);
        let draws: Vec<f64> = (0..20_000).map(|who| chance.normal(Question::DownloadTime, who, 0)).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / draws.len() as f64;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
    }
}
