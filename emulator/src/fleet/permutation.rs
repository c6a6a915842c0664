//! Numbers in another order, which can be undone: for shares that come out exactly, and for ids that tell nothing.

/// A permutation of all 64-bit numbers, or of the numbers below a bound.
///
/// A Feistel network: whatever its inner function does, the whole can be undone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Permutation {
    key: u64,
}

const ROUNDS: u64 = 4;

impl Permutation {
    /// The permutation of that key.
    pub(crate) fn new(key: u64) -> Self {
        Self { key }
    }

    /// Where `number` goes among all 64-bit numbers.
    pub(crate) fn forward(self, number: u64) -> u64 {
        self.network(number, 32, 0..ROUNDS)
    }

    /// Which number went to `number`.
    pub(crate) fn backward(self, number: u64) -> u64 {
        self.network(number.rotate_left(32), 32, (0..ROUNDS).rev()).rotate_left(32)
    }

    /// Where `number`, which is below `bound`, goes among the numbers below `bound`.
    pub(crate) fn below(self, number: u64, bound: u64) -> u64 {
        let bits = u64::BITS - bound.saturating_sub(1).leading_zeros();
        let half = bits.div_ceil(2).max(1);
        // The network permutes a power of four, at most four times the bound; what falls outside goes through again.
        let mut reached = self.network(number, half, 0..ROUNDS);
        while reached >= bound {
            reached = self.network(reached, half, 0..ROUNDS);
        }
        reached
    }

    fn network(self, number: u64, half: u32, rounds: impl Iterator<Item = u64>) -> u64 {
        let mask = (1_u64 << half) - 1;
        let (mut left, mut right) = (number >> half, number & mask);
        for round in rounds {
            (left, right) = (right, left ^ (mixed(self.key ^ mixed(right ^ (round << 40))) & mask));
        }
        (left << half) | right
    }
}

/// A number that depends on every bit of the input: the finisher of the generator SplitMix64.
pub(crate) fn mixed(number: u64) -> u64 {
    let mut number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_can_be_undone(key: u64, number: u64) {
            let permutation = Permutation::new(key);
            prop_assert_eq!(permutation.backward(permutation.forward(number)), number);
        }

        #[test]
        fn below_a_bound_every_number_comes_once(key: u64, bound in 1_u64..300) {
            let permutation = Permutation::new(key);
            let reached: BTreeSet<u64> = (0..bound).map(|number| permutation.below(number, bound)).collect();
            prop_assert!(reached.into_iter().eq(0..bound));
        }
    }

    #[test]
    fn the_order_depends_on_the_key() {
        let order = |key| (0..1000).map(|number| Permutation::new(key).below(number, 1000)).collect::<Vec<_>>();
        assert_ne!(order(1), order(2));
        assert_ne!(order(1), (0..1000).collect::<Vec<_>>());
    }
}
