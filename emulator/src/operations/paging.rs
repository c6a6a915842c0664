//! Pages of a list.

use crate::answer::{Object, Refusal, ServiceError};
use crate::parameters::Parameters;

/// The page that a call asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    /// From 1.
    number: i64,
    size: i64,
}

impl Page {
    /// Reads the mandatory `CurrentPage` and `PageSize`; a page has 1 to `largest` items.
    pub(super) fn read(parameters: &Parameters, largest: i64) -> Result<Self, Refusal> {
        let number = parameters.required_integer("CurrentPage")?;
        let size = parameters.required_integer("PageSize")?;
        Self::checked(number, size, largest)
    }

    /// The page of that number and size; a page has 1 to `largest` items.
    pub(super) fn checked(number: i64, size: i64, largest: i64) -> Result<Self, Refusal> {
        if number < 1 || !(1..=largest).contains(&size) {
            let message = format!("CurrentPage has to be at least 1, PageSize 1 to {largest}.");
            return Err(ServiceError::new("iot.common.InvalidPageParams", message).into());
        }
        Ok(Self { number, size })
    }

    /// How many items lie on this page and those before it, as the call asks for them.
    pub(super) fn reach(self) -> i64 {
        self.number.saturating_mul(self.size)
    }

    /// The items on this page, and the members that say which page it is.
    pub(super) fn cut<T>(self, items: Vec<T>) -> (Vec<T>, Object) {
        let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
        self.cut_counted(items, total)
    }

    /// The same for items that are many, and counted already.
    pub(super) fn cut_counted<T>(self, items: impl IntoIterator<Item = T>, total: i64) -> (Vec<T>, Object) {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let pages_before = usize::try_from(self.number.saturating_sub(1)).unwrap_or(usize::MAX);
        let members = Object::new()
            .with("Total", total)
            .with("PageSize", self.size)
            .with("PageCount", total.div_euclid(self.size) + i64::from(total % self.size != 0))
            .with("CurrentPage", self.number);
        let page = items.into_iter().skip(pages_before.saturating_mul(size)).take(size);
        (page.collect(), members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_and_cut() {
        for (total, number, size, page_count, page) in [
            (0, 1, 10, 0, vec![]),
            (1, 1, 10, 1, vec![0]),
            (4, 1, 2, 2, vec![0, 1]),
            (4, 2, 2, 2, vec![2, 3]),
            (5, 3, 2, 3, vec![4]),
            (5, 4, 2, 3, vec![]),
            (5, i64::MAX, 200, 1, vec![]),
        ] {
            let (items, members) = Page { number, size }.cut((0..total).collect::<Vec<i64>>());
            let expected = Object::new()
                .with("Total", total)
                .with("PageSize", size)
                .with("PageCount", page_count)
                .with("CurrentPage", number);
            assert_eq!((items, members), (page, expected), "page {number} of {total} items by {size}");
        }
    }
}
