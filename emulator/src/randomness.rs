//! Ids and orders, the same in every run with the same seed.

use std::hash::{DefaultHasher, Hash, Hasher};

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use uuid::Builder;

use crate::fleet::mixed;

const LETTERS_AND_DIGITS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The one source of chance.
#[derive(Debug)]
pub(crate) struct Randomness {
    generator: StdRng,
    /// Decides [`Randomness::arbitrary_order`] for the whole run.
    salt: u64,
}

impl Randomness {
    /// Everything follows from the seed.
    pub(crate) fn new(seed: u64) -> Self {
        let mut generator = StdRng::seed_from_u64(seed);
        let salt = generator.random();
        Self { generator, salt }
    }

    /// A seed from the operating system.
    pub(crate) fn any_seed() -> u64 {
        rand::make_rng::<StdRng>().random()
    }

    /// Lists in the same order as from the start, everything else by another course that depends on `time`.
    pub(crate) fn resumed(seed: u64, time: i64) -> Self {
        Self::new(seed).of_call(mixed(seed ^ time.cast_unsigned()))
    }

    /// The chance of one call: lists in the same order, everything else by a seed of its own.
    pub(crate) fn of_call(&self, seed: u64) -> Self {
        Self { generator: StdRng::seed_from_u64(seed), salt: self.salt }
    }

    /// An id as the service makes them: 22 letters and digits, then `suffix`.
    pub(crate) fn id(&mut self, suffix: &str) -> String {
        let letters = (0..22).map(|_| self.letter());
        letters.collect::<String>() + suffix
    }

    /// A `RequestId`: an upper-case UUID.
    pub(crate) fn request_id(&mut self) -> String {
        let uuid = Builder::from_random_bytes(self.generator.random()).into_uuid();
        let mut buffer = uuid::Uuid::encode_buffer();
        uuid.hyphenated().encode_upper(&mut buffer).to_owned()
    }

    /// True with that probability; below 0 is never, above 1 always.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.generator.random::<f64>() < probability
    }

    /// The items in another order: the service promises none.
    pub(crate) fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        items.shuffle(&mut self.generator);
        items
    }

    /// The items in an order that means nothing, but is the same at every call, so that pages of a list fit together.
    pub(crate) fn arbitrary_order<'a, T>(&self, mut items: Vec<&'a T>, id: impl Fn(&T) -> &str) -> Vec<&'a T> {
        items.sort_by_cached_key(|item| {
            let mut hasher = DefaultHasher::new();
            (self.salt, id(item)).hash(&mut hasher);
            hasher.finish()
        });
        items
    }

    /// The places from 0 to `count` in an order that means nothing, but is the same at every call, and stays so for
    /// most places when `count` grows: each block of 128 is turned round in a way of its own.
    pub(crate) fn arbitrary_places(&self, count: usize) -> impl Iterator<Item = usize> + use<> {
        const BLOCK: usize = 128;
        let salt = self.salt;
        let turn = move |block: usize| usize::try_from(mixed(salt ^ block as u64)).unwrap_or_default() % BLOCK;
        let places = (0..count.next_multiple_of(BLOCK)).map(move |place| place ^ turn(place / BLOCK));
        places.filter(move |place| *place < count)
    }

    /// A seed for something that has draws of its own.
    pub(crate) fn seed(&mut self) -> u64 {
        self.generator.random()
    }

    fn letter(&mut self) -> char {
        let index = self.generator.random_range(0..LETTERS_AND_DIGITS.len());
        LETTERS_AND_DIGITS.get(index).copied().map_or('0', char::from)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_seed_repeats_everything() {
        let run = |seed| {
            let mut randomness = Randomness::new(seed);
            let order = randomness.shuffled((0..50).collect::<Vec<_>>());
            (randomness.id("0100"), randomness.request_id(), order)
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn an_arbitrary_order_stays_the_same_and_differs_from_run_to_run() {
        let ids: Vec<String> = (0..50).map(|number| number.to_string()).collect();
        let order = |randomness: &Randomness| randomness.arbitrary_order(ids.iter().collect(), |id| id.as_str());
        let randomness = Randomness::new(7);
        assert_eq!(order(&randomness), order(&randomness));
        assert_ne!(order(&randomness), ids.iter().collect::<Vec<_>>());
        assert_ne!(order(&randomness), order(&Randomness::new(8)));
    }

    #[test]
    fn arbitrary_places_are_all_places_in_an_order_that_lasts() {
        let randomness = Randomness::new(7);
        for count in [0, 1, 127, 128, 129, 1000] {
            let places: BTreeSet<usize> = randomness.arbitrary_places(count).collect();
            assert!(places.into_iter().eq(0..count));
        }
        let order = |count| randomness.arbitrary_places(count).collect::<Vec<_>>();
        assert_ne!(order(1000), (0..1000).collect::<Vec<_>>());
        assert_eq!(order(1000).get(..896), order(2000).get(..896));
    }

    #[test]
    fn request_ids_are_upper_case_uuids() {
        let id = Randomness::new(1).request_id();
        assert_eq!(id.len(), 36);
        assert_eq!(id, id.to_uppercase());
    }

    #[test]
    fn certain_and_impossible_chances_are_certain_and_impossible() {
        let mut randomness = Randomness::new(1);
        assert!((0..1000).all(|_| randomness.chance(1.0)));
        assert!((0..1000).all(|_| !randomness.chance(0.0)));
    }
}
