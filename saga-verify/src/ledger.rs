//! The ledger: what happened to each step instance, and what the saga has been told of it.

use std::hash::{Hash, Hasher};

use saga_fence::Phase;
use serde::Serialize;

use crate::fences::{Answered, Arrival, Ended, Fences, Work};
use crate::names::{Instance, Key};

/// All step instances that were started, in the order in which they were.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Entry>,
    marks: Marks,
    fences: Fences,
    /// A compensation has begun.
    pub(crate) undoing: bool,
}

/// A step instance.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) instance: Instance,
    pub(crate) step: usize,
    /// The task that does it.
    pub(crate) task: usize,
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
    /// A handler of it acted again after it had answered: the do's, the undo's.
    pub(crate) again: bool,
    /// Its handler has a fence.
    pub(crate) fenced: bool,
    /// Whether the do's handler, and the undo's, has come to an answer.
    answered: (bool, bool),
    /// A delivery of it is still to come: its place among all.
    late: Option<(u64, Guard)>,
    /// Deliveries of it so far.
    deliveries: u64,
}

/// All but how many deliveries there were: what they left behind is in the fences.
impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.instance, self.step, self.key, self.effects).hash(state);
        (self.told, self.answers, self.settled, self.resisted).hash(state);
        (self.adrift, self.past, self.again, self.answered).hash(state);
        self.late.is_some().hash(state);
    }
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

/// What marks a step that has no fence of its own: the saga's id in the row that it writes, or what makes it
/// idempotent by nature. Keys that two instances share are one mark, as they are one row.
#[derive(Clone, Debug, Default, Hash)]
struct Marks(Vec<(Key, Mark)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Mark {
    /// Done.
    Done,
    /// Undone, or never to be done.
    Undone,
}

impl Marks {
    fn get(&self, key: Key) -> Option<Mark> {
        let found = self.0.iter().find(|(known, _)| *known == key);
        found.map(|(_, mark)| *mark)
    }

    fn set(&mut self, key: Key, mark: Mark) {
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = mark,
            None => self.0.push((key, mark)),
        }
    }
}

/// How deliveries of a step are kept from acting twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// They are not.
    None,
    /// By a mark.
    Mark,
    /// By its handler's fence.
    Fence,
}

impl Ledger {
    /// The entry of a step instance, which is made where there is none.
    pub(crate) fn start(
        &mut self,
        instance: Instance,
        step: usize,
        task: usize,
        key: Key,
    ) -> usize {
        let known = self
            .entries
            .iter()
            .position(|entry| entry.instance == instance);
        known.unwrap_or_else(|| {
            self.entries.push(Entry {
                instance,
                step,
                task,
                key,
                effects: 0,
                told: Told::NotDone,
                answers: 0,
                settled: false,
                resisted: false,
                adrift: false,
                past: false,
                again: false,
                fenced: false,
                answered: (false, false),
                late: None,
                deliveries: 0,
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

    /// The next delivery's place among those of a step instance.
    pub(crate) fn next_delivery(&mut self, index: usize) -> u64 {
        self.entries.get_mut(index).map_or(0, |entry| {
            entry.deliveries += 1;
            entry.deliveries
        })
    }

    /// A delivery that never came to its handler, and comes once the step is undone.
    pub(crate) fn postpone(&mut self, index: usize, order: u64, guard: Guard) {
        if let Some(entry) = self.entries.get_mut(index) {
            entry.late = Some((order, guard));
        }
    }

    /// A delivery to a step's handler, which does its work so; what is answered.
    pub(crate) fn deliver(
        &mut self,
        index: usize,
        arrival: Arrival,
        guard: Guard,
        work: &Work,
    ) -> Answered {
        let Self {
            entries,
            marks,
            fences,
            ..
        } = self;
        let Some(entry) = entries.get_mut(index) else {
            return Answered::Nothing;
        };
        let act = |entry: &mut Entry| {
            let done = arrival.phase == Phase::Do;
            let answered = if done {
                &mut entry.answered.0
            } else {
                &mut entry.answered.1
            };
            entry.again |= *answered;
            *answered |= matches!(work.ended, Ended::Answered);
            if !work.effect {
                return;
            }
            entry.effects = match (done, guard) {
                (true, Guard::None) => entry.effects.saturating_add(1),
                // Whoever is called knows the key again.
                (true, _) => 1,
                (false, _) => entry.effects.saturating_sub(1),
            };
        };
        if guard == Guard::Fence {
            return fences.pass(arrival, &mut || {
                act(entry);
                work.ended.clone()
            });
        }
        let mark = marks.get(arrival.key);
        let acts = match (arrival.phase, mark) {
            _ if guard == Guard::None => true,
            (Phase::Do, None) | (Phase::Undo, Some(Mark::Done)) => true,
            _ => false,
        };
        if acts {
            act(entry);
        }
        let left = match arrival.phase {
            Phase::Do if mark != Some(Mark::Undone) => Mark::Done,
            _ => Mark::Undone,
        };
        if work.effect {
            marks.set(arrival.key, left);
        }
        match &work.ended {
            Ended::Answered => Answered::Success,
            Ended::Failed(failure) => Answered::Error(failure.name.clone(), failure.outcome),
            Ended::Died => Answered::Nothing,
        }
    }

    /// What was still to come for a step comes now.
    pub(crate) fn deliver_late(&mut self, index: usize) {
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        let Some((order, guard)) = entry.late.take() else {
            return;
        };
        let arrival = Arrival {
            key: entry.key,
            phase: Phase::Do,
            order,
            again: false,
        };
        self.deliver(index, arrival, guard, &Work::done());
    }

    /// Everything that is still to come, comes.
    pub(crate) fn deliver_all_late(&mut self) {
        (0..self.entries.len()).for_each(|index| self.deliver_late(index));
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
        self.late = None;
    }

    /// An answer of its fence that says that no attempt has had its effect.
    pub(crate) fn refused(&mut self) {
        self.answers = (self.answers + 1).min(2);
        self.told = Told::NotDone;
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
