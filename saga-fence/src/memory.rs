//! Records in memory: the store of tests and of runs without services.

use std::collections::BTreeMap;

use crate::key::Key;
use crate::mutation::{Mutation, broken};
use crate::passage::{Swapped, Write};
use crate::record::Record;

/// Records in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Memory {
    records: BTreeMap<Key, Record>,
}

impl Memory {
    /// Compares and swaps.
    pub fn swap(&mut self, key: &Key, write: &Write) -> Swapped {
        let found = self.records.get(key);
        let blind = broken(Mutation::BlindWrites) && write.expected.is_some();
        if found.map(|record| record.revision) != write.expected && !blind {
            return Swapped::Found(found.cloned());
        }
        self.records.insert(key.clone(), write.record.clone());
        Swapped::Kept
    }

    /// The record of a key.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Record> {
        self.records.get(key)
    }

    /// All records, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Record)> {
        self.records.iter()
    }
}
