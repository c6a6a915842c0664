//! Lists that come page by page.

use std::collections::HashSet;

use crate::iot::{Answer, Client, Error, Node, Operation, Unreadable};

/// One page of a list. The counts are the service's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// How many items there are on all pages.
    pub total: Option<i64>,
    /// How many items a page has at most.
    pub page_size: Option<i64>,
    /// How many pages there are.
    pub page_count: Option<i64>,
    /// The number of this page.
    pub current_page: Option<i64>,
    /// The items of this page.
    pub items: Vec<T>,
}

impl<T> Page<T> {
    /// Reads the counts, which stand in the envelope, and the items of a list.
    pub(super) fn read(
        answer: &Node,
        list: &str,
        element: &str,
        read: impl Fn(&Node) -> Result<T, Unreadable>,
    ) -> Result<Self, Unreadable> {
        Ok(Self {
            total: answer.integer("Total")?,
            page_size: answer.integer("PageSize")?,
            page_count: answer.integer("PageCount")?,
            current_page: answer.integer("CurrentPage")?,
            items: answer.objects(list, element, read)?.unwrap_or_default(),
        })
    }
}

/// How the pages of a list are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk {
    /// Items a page that are asked for: the most that the service gives.
    pub(super) page_size: i64,
    /// A list that has not ended after so many items is broken, or longer than the service shows.
    pub(super) most_items: i64,
}

/// All items of a list, each once, with the request id and the time of the last page; `id` tells items apart, `request`
/// asks for the page of a number.
///
/// Lists serve to prove that something does not exist, so pages are read until one brings nothing new: counts that the
/// service reports can make it ask for one more page, but never stop before a full page.
pub(super) async fn read_all<O, T>(
    client: &Client,
    walk: Walk,
    id: impl Fn(&T) -> Option<&str>,
    request: impl Fn(i64) -> O,
) -> Result<Answer<Vec<T>>, Error>
where
    O: Operation<Answer = Page<T>>,
{
    let mut listed = Listed::new(walk.page_size);
    let most_pages = walk.most_items / walk.page_size;
    for number in 1..=most_pages {
        let Answer { data: page, request_id, server_time } = client.send(&request(number)).await?;
        if listed.take(page, number, &id) == Next::Ends {
            let is_whole = listed.is_whole(&id);
            let all = Answer { data: listed.items, request_id, server_time };
            return if is_whole { Ok(all) } else { Err(Error::incomplete_list(O::ACTION)) };
        }
        // Pages can be larger than asked for.
        if listed.count() > walk.most_items {
            return Err(Error::endless_list(O::ACTION, number));
        }
    }
    Err(Error::endless_list(O::ACTION, most_pages))
}

/// What is known after some pages.
#[derive(Debug)]
struct Listed<T> {
    page_size: i64,
    items: Vec<T>,
    seen: HashSet<String>,
    /// What the last page said of all pages.
    total: Option<i64>,
}

/// Whether there is more to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    GoesOn,
    Ends,
}

impl<T> Listed<T> {
    fn new(page_size: i64) -> Self {
        Self { page_size, items: Vec::new(), seen: HashSet::new(), total: None }
    }

    fn count(&self) -> i64 {
        i64::try_from(self.items.len()).unwrap_or(i64::MAX)
    }

    /// Whether it can prove that something does not exist: nothing without an id, and nothing that was counted and not
    /// shown.
    fn is_whole(&self, id: impl Fn(&T) -> Option<&str>) -> bool {
        self.items.iter().all(|item| id(item).is_some()) && self.total.is_none_or(|total| total <= self.count())
    }

    /// Adds what is new on a page. The walk ends on a page without news (some services repeat their last page), and on
    /// a short one if no count speaks against it.
    fn take(&mut self, page: Page<T>, number: i64, id: impl Fn(&T) -> Option<&str>) -> Next {
        self.total = page.total;
        let on_page = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
        let before = self.items.len();
        for item in page.items {
            if id(&item).is_none_or(|id| self.seen.insert(id.to_owned())) {
                self.items.push(item);
            }
        }
        let granted = page.page_size.filter(|size| *size > 0).unwrap_or(self.page_size).min(self.page_size);
        let is_short = on_page < granted;
        let counts_agree =
            page.total.is_none_or(|total| total <= self.count()) && page.page_count.is_none_or(|count| count <= number);
        if self.items.len() == before || (is_short && counts_agree) { Next::Ends } else { Next::GoesOn }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Named = Option<String>;

    fn page(ids: std::ops::Range<usize>, size: Option<i64>, total: Option<i64>, count: Option<i64>) -> Page<Named> {
        let items = ids.map(|id| Some(id.to_string())).collect();
        Page { total, page_size: size, page_count: count, current_page: None, items }
    }

    fn id(item: &Named) -> Option<&str> {
        item.as_deref()
    }

    #[test]
    fn the_walk_trusts_counts_only_when_they_ask_for_more() {
        use Next::{Ends, GoesOn};
        for (case, pages, expected, items) in [
            ("nothing at all", vec![page(0..0, Some(200), Some(0), Some(0))], vec![Ends], 0),
            ("short page, counts agree", vec![page(0..3, Some(200), Some(3), Some(1))], vec![Ends], 3),
            ("short page, no counts", vec![page(0..3, None, None, None)], vec![Ends], 3),
            (
                "full page, counts too low",
                vec![page(0..200, Some(200), Some(0), Some(1)), page(200..201, Some(200), Some(0), Some(1))],
                vec![GoesOn, Ends],
                201,
            ),
            (
                "smaller pages than asked for",
                vec![page(0..50, Some(50), Some(50), Some(1)), page(50..50, Some(50), Some(50), Some(1))],
                vec![GoesOn, Ends],
                50,
            ),
            (
                "total too high",
                vec![page(0..3, Some(200), Some(9), Some(1)), page(3..3, Some(200), Some(9), Some(1))],
                vec![GoesOn, Ends],
                3,
            ),
            (
                "last page repeated, and page size zero",
                vec![page(0..200, Some(0), Some(999), Some(9)), page(0..200, Some(0), Some(999), Some(9))],
                vec![GoesOn, Ends],
                200,
            ),
            (
                "an item that moved to the next page is listed once",
                vec![page(0..200, Some(200), Some(201), Some(2)), page(199..202, Some(200), Some(202), Some(2))],
                vec![GoesOn, Ends],
                202,
            ),
        ] {
            let mut listed = Listed::new(200);
            let walk: Vec<_> = pages.into_iter().zip(1..).map(|(page, number)| listed.take(page, number, id)).collect();
            assert_eq!((walk, listed.items.len()), (expected, items), "{case}");
        }
    }

    #[test]
    fn a_list_that_contradicts_itself_proves_nothing() {
        let whole = |page: Page<Named>| {
            let mut listed = Listed::new(200);
            listed.take(page, 1, id);
            listed.is_whole(id)
        };
        assert!(whole(page(0..3, Some(200), Some(3), Some(1))) && whole(page(0..3, None, None, None)));
        assert!(!whole(page(0..3, Some(200), Some(9), Some(1))), "counted and not shown");
        assert!(!whole(page(0..0, Some(200), Some(1), Some(1))), "counted and not shown");
        let nameless = Page { items: vec![None], ..page(0..0, None, None, None) };
        assert!(!whole(nameless), "an item without an id may be any");
    }
}
