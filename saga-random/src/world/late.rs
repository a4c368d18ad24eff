//! Calls that nobody waits for any more, and what comes late of them.

use super::{Asked, Open, World};
use crate::fault::Fault;
use crate::guarantee::Broken;
use crate::ledger::Fate;
use crate::work::{Means, Work};

impl World<'_> {
    /// Nobody waits for a call any more: what it asks for is done, comes late or not at all.
    pub fn cancel(&mut self, asked: Asked) {
        let Some(Open {
            work: Some(work),
            state,
            ..
        }) = self.open.remove(&asked)
        else {
            return;
        };
        self.ledger.note(format!("{state} is cancelled"));
        if self.dice.chance(500) {
            self.late(&work);
        }
        self.end(&work, Fate::Cancelled);
    }

    /// Work that nobody waits for: it comes late where something tells that it is, else now.
    fn late(&mut self, work: &Work) {
        match work.is_known_late() {
            true => self.strays.push(work.clone()),
            false => {
                let _ = self.carry_out(work, Some(Fault::After));
            }
        }
    }

    /// Something that was lost arrives.
    pub(super) fn deliver_late(&mut self) -> Result<(), Broken> {
        let count = self.strays.len() as u64;
        let position = usize::try_from(self.dice.below(count)).unwrap_or_default();
        if position >= self.strays.len() {
            return Ok(());
        }
        let stray = self.strays.swap_remove(position);
        let (key, what) = (stray.key.id(), if stray.undo { "undo" } else { "do" });
        self.ledger.note(format!("  a late {what} of {key}"));
        self.seen.insert(match stray.means {
            Means::Row { .. } => "a late request of a row",
            _ => "a late delivery to a handler",
        });
        self.carry_out(&stray, Some(Fault::After))?;
        Ok(())
    }

    /// Everything arrives that was lost.
    ///
    /// # Errors
    /// A service did not take what it was sent.
    pub fn settle(&mut self) -> Result<(), Broken> {
        while !self.strays.is_empty() {
            self.deliver_late()?;
        }
        Ok(())
    }
}
