//! How the tasks of a job stood over time, as areas on top of each other.

use std::fmt::Write as _;

/// Extent of the drawing, which is stretched to where it is shown.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 200.0;

/// One moment: when, in milliseconds, and how many tasks were in each state, lowest area first.
pub(super) type Point<const STATES: usize> = (i64, [u32; STATES]);

/// The paths of the areas in an SVG of 1000 by 200, lowest first, and the height of the whole in tasks.
pub(super) fn areas<const STATES: usize>(points: &[Point<STATES>]) -> ([String; STATES], u32) {
    let total = |counts: &[u32; STATES]| counts.iter().fold(0, |sum: u32, count| sum.saturating_add(*count));
    let most = points.iter().map(|(_, counts)| total(counts)).max().unwrap_or_default();
    let from = points.first().map_or(0, |(at, _)| *at);
    let span = points.last().map_or(0, |(at, _)| at - from);
    let horizontal = |at: i64| if span > 0 { WIDTH * (at - from) as f64 / span as f64 } else { 0.0 };
    let vertical = |tasks: u32| HEIGHT - HEIGHT * f64::from(tasks) / f64::from(most.max(1));
    // Each area lies between the sums below it and the sums with it.
    let below = |state: usize, counts: &[u32; STATES]| {
        counts.iter().take(state).fold(0, |sum: u32, count| sum.saturating_add(*count))
    };
    let paths = std::array::from_fn(|state| {
        let mut path = String::new();
        let there = points.iter().map(|(at, counts)| (*at, below(state + 1, counts)));
        let back = points.iter().rev().map(|(at, counts)| (*at, below(state, counts)));
        for (index, (at, tasks)) in there.chain(back).enumerate() {
            let command = if index == 0 { 'M' } else { 'L' };
            // Writing to a String cannot fail.
            let _ = write!(path, "{command}{:.1} {:.1}", horizontal(at), vertical(tasks));
        }
        path + "Z"
    });
    (paths, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_lie_on_each_other_and_fill_the_height() {
        let (paths, most) = areas(&[(0, [0, 0]), (500, [1, 3]), (1000, [4, 0])]);
        assert_eq!(most, 4);
        assert_eq!(paths[0], "M0.0 200.0L500.0 150.0L1000.0 0.0L1000.0 200.0L500.0 200.0L0.0 200.0Z");
        assert_eq!(paths[1], "M0.0 200.0L500.0 0.0L1000.0 0.0L1000.0 0.0L500.0 150.0L0.0 200.0Z");
    }

    #[test]
    fn nothing_and_a_single_moment_are_drawn_too() {
        assert_eq!(areas::<2>(&[]).0[0], "Z");
        assert_eq!(areas(&[(7, [2])]), (["M0.0 0.0L0.0 200.0Z".to_owned()], 2));
    }
}
