//! What must hold of items while a saga goes on, and when it has ended.

use std::collections::{BTreeMap, BTreeSet};

use saga_manifest::step::{Call, Kind};
use saga_manifest::task::{Basis, Task};

use super::{INITIAL, Items, OLD, change, creates};
use crate::guarantee::{Broken, Ending};
use crate::ledger::{Ledger, Record};
use crate::order::{Key, Steps};
use crate::task::isolated::{DONE, LOCKS, PRICES, SUM, SUMS, VALUE, VERSIONS};

impl Items {
    /// What must hold when a step begins: it holds the lock that it changes an item under, and what was read again
    /// before a pivot is as it was.
    pub(crate) fn before(
        &mut self,
        key: &Key,
        call: &Call,
        steps: &Steps<'_>,
        ledger: &Ledger,
    ) -> Result<(), Broken> {
        if let Task::DynamodbUpdate {
            basis: Some(Basis::Lock(lock)),
            ..
        } = &call.task
        {
            let lock = Key {
                step: format!("{}{lock}", key.base()),
                item: String::new(),
            };
            if !self.is_held(&lock) && ledger.records.get(&lock).is_some_and(Record::answered) {
                return Err(format!(
                    "{} begins, and {} is not held",
                    key.id(),
                    lock.id()
                ));
            }
        }
        let is_pivot = steps.step(key).is_some_and(|step| step.kind == Kind::Pivot);
        match is_pivot {
            true => self.relies(key.base(), &key.id()),
            false => Ok(()),
        }
    }

    fn relies(&self, base: &str, who: &str) -> Result<(), Broken> {
        let mut rows = self.rows.iter();
        let stale = rows.find(|(at, row)| at.0 == PRICES && row.stale && row.base == base);
        match stale {
            Some((at, _)) => Err(format!("{who} relies on {at:?}, which has changed")),
            None => Ok(()),
        }
    }

    fn is_held(&mut self, lock: &Key) -> bool {
        let Some(at) = self.places.get(lock).cloned() else {
            return false;
        };
        let own = self.rows.get(&at).map(|row| row.holder.clone());
        self.holder(&at).is_some_and(|holder| Some(holder) == own)
    }

    /// The locks that a saga holds which these step instances are around, by their steps.
    pub(crate) fn held(&mut self, base: &str) -> BTreeSet<String> {
        let mut held = BTreeSet::new();
        let keys: Vec<_> = self.places.keys().cloned().collect();
        for key in keys.into_iter().filter(|key| key.base() == base) {
            let Some(at) = self.places.get(&key).filter(|at| at.0 == LOCKS).cloned() else {
                continue;
            };
            let own = self.rows.get(&at).map(|row| row.holder.clone());
            if let Some(holder) = self
                .holder(&at)
                .filter(|holder| own.as_ref() == Some(holder))
            {
                held.insert(holder.rsplit('/').next().unwrap_or_default().to_owned());
            }
        }
        held
    }

    /// A parked saga keeps the locks that it has not given back, and tells of all that it holds.
    ///
    /// # Errors
    /// A lock that is not kept, or not told of.
    pub(crate) fn at_parking(
        &mut self,
        base: &str,
        told: Option<&Vec<String>>,
        steps: &Steps<'_>,
        ledger: &Ledger,
    ) -> Result<(), Broken> {
        let held = self.held(base);
        let released: BTreeSet<&str> = ledger
            .records
            .iter()
            .filter(|(key, record)| key.base() == base && !record.dos.is_empty())
            .filter_map(|(key, _)| match &steps.step(key)?.call.task {
                Task::DynamodbRelease { lock, .. } => Some(lock.as_str()),
                _ => None,
            })
            .collect();
        for (key, record) in ledger.records.iter().filter(|(key, _)| key.base() == base) {
            let locks = steps
                .step(key)
                .is_some_and(|step| matches!(step.call.task, Task::DynamodbLock { .. }));
            let gives_back = released.contains(key.name()) || !record.undos.is_empty();
            if locks && record.answered() && !gives_back && !held.contains(key.name()) {
                return Err(format!("parked, and {} is not held any more", key.id()));
            }
        }
        let untold = held
            .iter()
            .find(|lock| told.is_some_and(|told| !told.contains(lock)));
        match untold {
            Some(lock) => Err(format!("parked, and nobody is told that `{lock}` is held")),
            None => Ok(()),
        }
    }

    /// What must hold when a saga has ended: it holds no lock, and relies on nothing that has changed.
    ///
    /// # Errors
    /// What does not.
    pub(crate) fn at_the_end(&mut self, ending: Ending, base: &str) -> Result<(), Broken> {
        match ending {
            Ending::ParkedForGood => return Ok(()),
            Ending::Completed => self.relies(base, "the saga")?,
            Ending::Compensated => {}
        }
        match self.held(base).into_iter().next() {
            Some(lock) => Err(format!("`{lock}` is held, and the saga has ended")),
            None => Ok(()),
        }
    }

    /// Whether each item is what the ledger says, and others have made of it.
    ///
    /// # Errors
    /// One that is not.
    pub(crate) fn check(
        &mut self,
        steps: &Steps<'_>,
        ledger: &Ledger,
    ) -> Result<Vec<&'static str>, Broken> {
        let mut seen = Vec::new();
        let mut numbers: BTreeMap<String, i64> = BTreeMap::new();
        let mut written: BTreeMap<String, Option<String>> = BTreeMap::new();
        for (key, record) in &ledger.records {
            let Some(at) = self.places.get(key).cloned() else {
                continue;
            };
            let Some(call) = steps.step(key).map(|step| &step.call) else {
                continue;
            };
            match (at.0, &call.task) {
                (SUMS, _) => {
                    let initial = if creates(call) { 0 } else { INITIAL };
                    let number = numbers.entry(at.1).or_insert(initial);
                    *number += change(call).filter(|_| record.effect).unwrap_or_default();
                }
                (VERSIONS, Task::DynamodbUpdate { .. }) => {
                    let value = written.entry(at.1).or_default();
                    if record.effect {
                        *value = Some(key.name().to_owned());
                    }
                }
                (LOCKS, Task::DynamodbUpdate { .. }) => {
                    let value = self.attribute(&at, key.name());
                    let done =
                        value.is_some_and(|value| value.get("S").is_some_and(|it| it == DONE));
                    if done != record.effect {
                        return Err(format!("what {} has changed says done: {done}", key.id()));
                    }
                    seen.push("an item that was changed under its lock");
                }
                _ => {}
            }
        }
        for (item, expected) in numbers {
            let at = (SUMS, item);
            let added = self.rows.get(&at).map_or(0, |row| row.added);
            let found = self.attribute(&at, SUM);
            let found = found.and_then(|found| found.get("N")?.as_str()?.parse().ok());
            if found.unwrap_or(0) != expected + added {
                return Err(format!(
                    "the number of {at:?} is {found:?}, and should be {}",
                    expected + added
                ));
            }
            seen.push("a number that was added to");
        }
        for (item, expected) in written {
            let at = (VERSIONS, item);
            if self.rows.get(&at).is_none_or(|row| row.touched) {
                continue;
            }
            let found = self.attribute(&at, VALUE);
            let found = found.and_then(|found| Some(found.get("S")?.as_str()?.to_owned()));
            if found.as_deref() != Some(expected.as_deref().unwrap_or(OLD)) {
                return Err(format!(
                    "{at:?} says {found:?}, and should say {expected:?}"
                ));
            }
            seen.push("an item that was changed from its version");
        }
        Ok(seen)
    }
}
