//! The ledger: what happened to each step instance, and what the saga has been told of it.

use serde::Serialize;

use crate::fault::Effect;
use crate::names::{Instance, Key};

/// All step instances that were started, in the order in which they were.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Entry>,
    fences: Fences,
    /// A compensation has begun.
    pub(crate) undoing: bool,
}

/// A step instance.
#[derive(Clone, Debug, Hash)]
pub(crate) struct Entry {
    pub(crate) instance: Instance,
    pub(crate) step: usize,
    pub(crate) key: Key,
    /// How often its effect has happened and has not been undone.
    pub(crate) effects: u8,
    /// What the saga has been told of it.
    pub(crate) told: Told,
    /// Attempts that were answered, up to two.
    pub(crate) answers: u8,
    /// An undo has been answered with success.
    pub(crate) settled: bool,
    /// An undo has been answered with a failure.
    pub(crate) resisted: bool,
    /// A delivery of it was given up by the state machine while it was at work.
    pub(crate) adrift: bool,
    /// It belongs to a try of a savepoint that is over.
    pub(crate) past: bool,
    /// A delivery of it is still to come.
    late: bool,
}

/// What a saga knows of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Told {
    /// Every answer said that nothing was done.
    NotDone,
    /// Some attempt may have had its effect.
    Unknown,
    /// An attempt has succeeded.
    Done,
}

/// What became of a step instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The step instance, with its item.
    pub instance: String,
    /// How often its effect stands: has happened and is not undone.
    pub effects: u8,
    /// What the saga was told: `done`, `not done` or `unknown`.
    pub told: &'static str,
    /// Whether its compensation succeeded.
    pub undone: bool,
}

/// The fences: a record per key. Keys that two instances share are one record, as they are in the table.
#[derive(Clone, Debug, Default, Hash)]
struct Fences(Vec<(Key, Fence)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Fence {
    /// Done: the first answer is kept.
    Done,
    /// Undone, or never to be done.
    Undone,
}

impl Fences {
    fn get(&self, key: Key) -> Option<Fence> {
        let found = self.0.iter().find(|(known, _)| *known == key);
        found.map(|(_, fence)| *fence)
    }

    fn set(&mut self, key: Key, fence: Fence) {
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = fence,
            None => self.0.push((key, fence)),
        }
    }
}

impl Ledger {
    /// The entry of a step instance, which is made where there is none.
    pub(crate) fn start(&mut self, instance: Instance, step: usize, key: Key) -> usize {
        let known = self
            .entries
            .iter()
            .position(|entry| entry.instance == instance);
        known.unwrap_or_else(|| {
            self.entries.push(Entry {
                instance,
                step,
                key,
                effects: 0,
                told: Told::NotDone,
                answers: 0,
                settled: false,
                resisted: false,
                adrift: false,
                past: false,
                late: false,
            });
            self.entries.len() - 1
        })
    }

    /// The instance of a step that a key belongs to.
    pub(crate) fn owner(&self, key: Key, step: usize) -> Option<usize> {
        let of_step = |entry: &Entry| entry.step == step && entry.key == key;
        self.entries.iter().position(of_step)
    }

    /// The instances of a step that are not over.
    pub(crate) fn started(&self, step: usize) -> impl Iterator<Item = usize> {
        let entries = self.entries.iter().enumerate();
        let started = entries.filter(move |(_, entry)| entry.step == step && !entry.past);
        started.map(|(index, _)| index)
    }

    /// A delivery of a do. A fenced step's second delivery gets the first answer, one after its undo is
    /// refused: false.
    pub(crate) fn deliver(&mut self, index: usize, effect: Effect, fenced: bool) -> bool {
        let Some(entry) = self.entries.get_mut(index) else {
            return false;
        };
        let times = match effect {
            Effect::None => return true,
            Effect::Late => {
                entry.late = true;
                return true;
            }
            Effect::Once => 1,
            Effect::Twice => 2,
        };
        if !fenced {
            entry.effects = entry.effects.saturating_add(times);
            return true;
        }
        match self.fences.get(entry.key) {
            Some(Fence::Done) => true,
            Some(Fence::Undone) => false,
            None => {
                entry.effects = 1;
                let key = entry.key;
                self.fences.set(key, Fence::Done);
                true
            }
        }
    }

    /// A delivery of an undo, under a key.
    pub(crate) fn undo(&mut self, index: usize, key: Key, effect: Effect, fenced: bool) {
        if effect == Effect::None {
            return;
        }
        if fenced {
            let done = self.fences.get(key) == Some(Fence::Done);
            self.fences.set(key, Fence::Undone);
            if !done {
                return;
            }
        }
        if let Some(entry) = self.entries.get_mut(index) {
            entry.effects = entry.effects.saturating_sub(1);
        }
    }

    /// What was still to come for a step comes now.
    pub(crate) fn deliver_late(&mut self, index: usize, fenced: bool) {
        let late = self.entries.get_mut(index);
        if late.is_some_and(|entry| std::mem::take(&mut entry.late)) {
            self.deliver(index, Effect::Once, fenced);
        }
    }

    /// Everything that is still to come, comes.
    pub(crate) fn deliver_all_late(&mut self) {
        (0..self.entries.len()).for_each(|index| self.deliver_late(index, true));
    }
}

impl Entry {
    /// Whether its effect may be there, as far as the saga can know.
    pub(crate) fn may_stand(&self) -> bool {
        self.told != Told::NotDone && !self.settled
    }

    /// An answer that says that no attempt has had its effect, and none will.
    pub(crate) fn never(&mut self) {
        self.answers = 1;
        self.told = Told::NotDone;
        self.late = false;
    }

    /// An answer to one of its attempts.
    pub(crate) fn answered(&mut self, told: Told) {
        self.answers = (self.answers + 1).min(2);
        self.told = match (self.told, told) {
            (Told::Done, _) | (_, Told::Done) => Told::Done,
            (Told::Unknown, _) | (_, Told::Unknown) => Told::Unknown,
            (Told::NotDone, Told::NotDone) => Told::NotDone,
        };
    }
}
