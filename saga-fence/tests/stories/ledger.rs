//! What really happened to one item, as its provider knows: effects, and which handlers ran when.

use std::collections::BTreeSet;

use saga_fence::{LATE_DO, Order, Outcome, Phase, Reply};

#[derive(Default)]
pub struct Ledger {
    pub charged: bool,
    refunded: bool,
    /// The delivery whose handler is at work.
    active: Option<usize>,
    /// Deliveries that were let through to do the step, and did not end as surely not done.
    may_have_acted: BTreeSet<usize>,
    /// The answer that was given first.
    answer: Option<String>,
    undone: bool,
    sealed: bool,
    refused: Vec<Order>,
}

type Checked = Result<(), String>;

fn ensure(holds: bool, rule: &str) -> Checked {
    match holds {
        true => Ok(()),
        false => Err(rule.to_owned()),
    }
}

impl Ledger {
    /// A delivery is let through to do the step, whether its handler gets to work or not.
    pub fn claims(&mut self, flight: usize) -> Checked {
        self.may_have_acted.insert(flight);
        ensure(!self.sealed, "let through after recovery began")
    }

    /// A handler starts to work.
    pub fn acts(&mut self, flight: usize, phase: Phase, order: Order) -> Checked {
        ensure(self.active.is_none(), "two handlers at work at once")?;
        self.active = Some(flight);
        if phase == Phase::Undo {
            ensure(!self.undone, "undone again after its undo was answered")?;
            return ensure(
                !self.may_have_acted.is_empty(),
                "undone, and surely never done",
            );
        }
        self.may_have_acted.insert(flight);
        ensure(
            self.answer.is_none(),
            "done again after its do was answered",
        )?;
        ensure(!self.undone, "done after its undo was answered")?;
        ensure(
            !self.refused.contains(&order),
            "the duplicate of a refused attempt acts",
        )
    }

    /// The handler's effect takes place. Its provider takes a charge once, as long as it stands.
    pub fn takes_effect(&mut self, phase: Phase) -> Checked {
        match phase {
            Phase::Undo => {
                self.refunded |= self.charged;
                self.charged = false;
                Ok(())
            }
            _ => {
                self.charged = true;
                ensure(!self.refunded, "an effect after its refund")
            }
        }
    }

    /// The handler is no longer at work.
    pub fn ends(&mut self, flight: usize) {
        if self.active == Some(flight) {
            self.active = None;
        }
    }

    /// A delivery is answered.
    pub fn replied(&mut self, flight: usize, phase: Phase, order: Order, reply: &Reply) -> Checked {
        match (phase, reply) {
            (Phase::Do, Reply::Answer(answer)) => {
                let first = self.answer.get_or_insert_with(|| answer.clone());
                ensure(first == answer, "a second answer differs from the first")
            }
            // A late do is refused while its undo is at work.
            (Phase::Do, Reply::Failed(failure)) if failure.name == LATE_DO => Ok(()),
            (Phase::Do, Reply::Failed(failure)) if failure.outcome == Outcome::NotDone => {
                self.refused.push(order);
                self.may_have_acted.remove(&flight);
                ensure(!self.charged, "refused, and charged")
            }
            (Phase::Undo, Reply::Answer(_) | Reply::Nothing) => {
                self.undone = true;
                ensure(!self.charged, "undone, and charged")
            }
            (Phase::Seal, Reply::Sealed(_)) => {
                self.sealed = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// All deliveries have come and gone: the saga believes this.
    pub fn settles(&self, end: &str) -> Checked {
        match end {
            "completed" => ensure(self.charged, "completed, and not charged"),
            _ => ensure(!self.charged, "given up or undone, and charged at the end"),
        }
    }
}
