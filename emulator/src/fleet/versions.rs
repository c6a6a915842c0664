//! The texts of versions, each kept once.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::table::{Table, row_number};

row_number! {
    /// A version: the same text has the same number.
    VersionNumber
}

/// All versions that were ever named.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Versions {
    texts: Table<VersionNumber, String>,
    numbers: HashMap<String, VersionNumber>,
}

impl Default for Versions {
    fn default() -> Self {
        Self { texts: Table::new(), numbers: HashMap::new() }
    }
}

impl Versions {
    pub(super) fn number_of(&mut self, text: &str) -> VersionNumber {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.add(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    pub(super) fn numbers_of(&mut self, modules: &BTreeMap<String, String>) -> Vec<(String, VersionNumber)> {
        modules.iter().map(|(name, version)| (name.clone(), self.number_of(version))).collect()
    }

    pub(super) fn text(&self, number: VersionNumber) -> &str {
        self.texts.row(number)
    }
}
