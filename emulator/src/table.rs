//! Rows that are only ever added, known by numbers of a type of their own.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

/// The number of a row: only a table makes them.
pub(crate) trait RowNumber: Copy {
    /// The number of the row at `index`.
    fn from_index(index: usize) -> Self;
    /// Where the row is.
    fn index(self) -> usize;
}

/// Makes a type of row numbers. It takes four bytes, inside an `Option` too.
macro_rules! row_number {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub(crate) struct $name(std::num::NonZeroU32);

        impl crate::table::RowNumber for $name {
            fn from_index(index: usize) -> Self {
                // Memory ends long before the numbers do.
                let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
                Self(std::num::NonZeroU32::new(number).unwrap_or(std::num::NonZeroU32::MAX))
            }

            fn index(self) -> usize {
                self.0.get() as usize - 1
            }
        }
    };
}
pub(crate) use row_number;

/// The rows.
#[derive(Clone, Deserialize, Serialize)]
#[serde(transparent, bound(deserialize = "V: Deserialize<'de>", serialize = "V: Serialize"))]
pub(crate) struct Table<K, V> {
    rows: Vec<V>,
    #[serde(skip)]
    key: PhantomData<K>,
}

impl<K: RowNumber, V> Table<K, V> {
    /// A table without rows.
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new(), key: PhantomData }
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, row: V) -> K {
        self.rows.push(row);
        K::from_index(self.rows.len() - 1)
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row, if there is one of that number.
    pub(crate) fn get(&self, number: K) -> Option<&V> {
        self.rows.get(number.index())
    }

    /// The row.
    #[expect(clippy::indexing_slicing, reason = "the number came from this table, and rows are never removed")]
    pub(crate) fn row(&self, number: K) -> &V {
        &self.rows[number.index()]
    }

    /// The row, to change it.
    #[expect(clippy::indexing_slicing, reason = "the number came from this table, and rows are never removed")]
    pub(crate) fn row_mut(&mut self, number: K) -> &mut V {
        &mut self.rows[number.index()]
    }

    /// All rows, oldest first.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.rows.iter()
    }

    /// The numbers of all rows, oldest first.
    pub(crate) fn numbers(&self) -> impl DoubleEndedIterator<Item = K> + use<K, V> {
        (0..self.rows.len()).map(K::from_index)
    }
}

impl<K, V> fmt::Debug for Table<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A million rows help nobody.
        write!(formatter, "Table of {} rows", self.rows.len())
    }
}
