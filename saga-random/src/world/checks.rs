//! What must hold when a call begins, where an execution is parked and when it has ended.

use std::collections::BTreeMap;

use saga_manifest::task::Task;

use super::World;
use crate::guarantee::{self, Broken, Ending};
use crate::items;
use crate::ledger::Attempt;
use crate::rows::item_of;
use crate::work::{Means, Work};

impl World<'_> {
    pub(super) fn check(&mut self, work: &Work, again: bool) -> Result<(), Broken> {
        let Work {
            key, undo, given, ..
        } = work;
        match undo {
            true => guarantee::before_undo(key, &self.steps, &self.ledger)?,
            false if again => guarantee::before_do_again(key, &self.steps, &self.ledger)?,
            false => guarantee::before_do(key, &self.steps, &self.ledger)?,
        }
        guarantee::payload(key, *undo, given, &self.steps, &self.ledger)?;
        self.others_come(work)?;
        if let (
            Means::Row {
                action, arguments, ..
            },
            false,
        ) = (&work.means, undo)
            && action == "putItem"
            && self.dice.chance(self.faults.dos / 2)
            && let Some(item) = arguments.get("Item")
            && self.rows.occupy(item)
        {
            self.seen.insert("a row of somebody else's");
        }
        let start = self.ledger.tick();
        self.attempts(key, *undo).push(Attempt { start, end: None });
        Ok(())
    }

    /// What keeps sagas apart holds when a call begins, and another saga may be in its way.
    fn others_come(&mut self, work: &Work) -> Result<(), Broken> {
        let Some(call) = self.call(work) else {
            return Ok(());
        };
        let rate = self.faults.dos.max(self.faults.undos) / 2;
        if let Means::Row { arguments, .. } = &work.means
            && items::table(arguments).is_some()
        {
            self.items.meet(work, &self.steps, call, arguments);
            if self.dice.chance(rate) {
                let seen = self.items.interfere(Some(&work.key), &mut self.dice)?;
                self.seen.extend(seen);
            }
        }
        if !work.undo {
            self.items
                .before(&work.key, call, &self.steps, &self.ledger)?;
        }
        if self.dice.chance(rate / 4) {
            let seen = self.items.interfere(None, &mut self.dice)?;
            self.seen.extend(seen);
        }
        Ok(())
    }

    /// What must hold of items where an execution of a saga is parked, or has ended.
    ///
    /// # Errors
    /// What does not.
    pub fn check_items(
        &mut self,
        base: &str,
        state: &str,
        ending: Option<Ending>,
    ) -> Result<(), Broken> {
        let told = self.told.get(state);
        match ending {
            Some(ending) => self.items.at_the_end(ending, base),
            None => self.items.at_parking(base, told, &self.steps, &self.ledger),
        }
    }

    /// Whether each put's row is what the ledger says.
    ///
    /// # Errors
    /// A row that is not.
    pub fn check_rows(&mut self) -> Result<(), Broken> {
        let mut rows: BTreeMap<(String, String), bool> = BTreeMap::new();
        for (key, record) in &self.ledger.records {
            let step = self.steps.step(key);
            let puts = step.is_some_and(|step| matches!(step.call.task, Task::DynamodbPut { .. }));
            if puts && key.base().is_empty() {
                let row = (key.name().to_owned(), item_of(key));
                *rows.entry(row).or_default() |= record.effect;
            }
        }
        self.seen
            .extend(self.items.check(&self.steps, &self.ledger)?);
        for ((step, item), expected) in rows {
            self.seen.insert("a row");
            if self.rows.is_done(&step, &item) != expected {
                return Err(format!(
                    "the row of `{step}`, {item}, should{} be there",
                    if expected { "" } else { " not" }
                ));
            }
        }
        Ok(())
    }
}
