//! What goes wrong with an attempt.

use crate::dice::Dice;
use crate::work::{Means, Work};

/// How often attempts fail, in a thousand.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    /// Attempts to do.
    pub dos: u64,
    /// Attempts to undo.
    pub undos: u64,
    /// Messages and notifications.
    pub messages: u64,
}

/// What goes wrong with an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is lost on its way, or comes late.
    Before,
    /// It has its effect, and its answer is lost.
    After,
    /// Its handler fails with an error that says nothing; with its effect, or without.
    Unknown(bool),
    /// It is refused.
    Refuse,
    /// It fails without an effect, by an error that only the caller knows to say so.
    Trusted,
    /// It is refused by an error that the caller does not believe.
    Doubted,
    /// It is rejected before anybody has seen it.
    Throttled,
    /// Nobody answers.
    Silent,
    /// Nobody gives a sign of life.
    NoHeartbeat,
}

impl Faults {
    /// What goes wrong with an attempt, if anything does.
    pub fn draw(&self, work: &Work, dice: &mut Dice) -> Option<Fault> {
        let rate = if work.undo { self.undos } else { self.dos };
        if !dice.chance(rate) {
            return None;
        }
        let effect = dice.chance(500);
        let faults: &[Fault] = match (&work.means, work.undo) {
            (Means::Fenced(_) | Means::Unfenced, false) => &[
                Fault::Before,
                Fault::Before,
                Fault::After,
                Fault::Unknown(effect),
                Fault::Refuse,
                Fault::Trusted,
                Fault::Doubted,
                Fault::Throttled,
            ],
            (Means::Fenced(_) | Means::Unfenced, true) => &[
                Fault::Before,
                Fault::After,
                Fault::Unknown(effect),
                Fault::Throttled,
            ],
            (Means::Row { .. }, _) => &[Fault::Before, Fault::After, Fault::Throttled],
            (Means::Message, _) => &[Fault::Before, Fault::After],
            (Means::Question(false), _) => &[Fault::Before, Fault::Refuse, Fault::Silent],
            (Means::Question(true), _) => &[
                Fault::Before,
                Fault::Refuse,
                Fault::Silent,
                Fault::NoHeartbeat,
            ],
            (Means::Saga, _) => &[Fault::Before],
        };
        dice.one_of(faults).copied()
    }
}
