//! The ledger: what happened to each step instance, and what the saga has been told of it.

use std::hash::{Hash, Hasher};

use saga_fence::Phase;
use serde::Serialize;

use crate::fences::{Answered, Arrival, AtWork, Ended, Fences, When, Work};
use crate::names::{Instance, Key};

/// All step instances that were started, in the order in which they were.
#[derive(Clone, Debug, Default)]
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
    /// Whether the do's handler, and the undo's, has come to an answer.
    answered: (bool, bool),
    /// The place of a do that is still on its way.
    late: Option<u64>,
    /// A handler that is at work although nobody waits for it.
    at_work: Option<AtWork>,
    /// What keeps its deliveries from acting twice.
    pub(crate) guard: Guard,
    /// Deliveries of it so far.
    deliveries: u64,
    /// The places of the first do that was delivered, and of the last.
    dos: Option<(u64, u64)>,
}

/// What decides on what can come of it. Of the places of deliveries only counts how they compare.
impl Hash for Ledger {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for entry in &self.entries {
            (entry.instance, entry.step, entry.key, entry.effects).hash(state);
            (entry.told, entry.answers, entry.settled, entry.resisted).hash(state);
            (entry.adrift, entry.past, entry.again, entry.answered).hash(state);
            entry.at_work.as_ref().map(|it| it.phase).hash(state);
            entry
                .dos
                .is_some_and(|(first, last)| first == last)
                .hash(state);
            let dos = entry.dos.map(|(first, last)| [first, last]);
            for order in dos.into_iter().flatten().chain(entry.late) {
                self.fences.compared(entry.key, order).hash(state);
            }
            entry.late.is_some().hash(state);
        }
        (self.entries.len(), self.undoing).hash(state);
        (&self.marks, &self.fences).hash(state);
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
                answered: (false, false),
                late: None,
                at_work: None,
                guard: Guard::None,
                deliveries: 0,
                dos: None,
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

    /// A do that does not come to its handler yet.
    pub(crate) fn postpone(&mut self, index: usize, order: u64) {
        if let Some(entry) = self.entries.get_mut(index) {
            entry.late = Some(order);
        }
    }

    /// A delivery to a step's handler, which does its work so; what is answered.
    pub(crate) fn deliver(&mut self, index: usize, arrival: Arrival, work: &Work) -> Answered {
        let Some(entry) = self.entries.get_mut(index) else {
            return Answered::Nothing;
        };
        entry.note(arrival);
        self.fences.end_lease(entry, &arrival);
        // What is at work gets on only after this one has come.
        let at_work = entry.at_work.take();
        let answered = match entry.guard {
            Guard::Fence => self.fences.pass(arrival, &mut || {
                entry.act(arrival.phase, work);
                work.ended.clone()
            }),
            Guard::Mark | Guard::None => self.marks.pass(entry, arrival, work),
        };
        if let Some(at_work) = at_work {
            self.fences.end_work(entry, at_work);
        }
        answered
    }

    /// A delivery to a step's handler, which is at work until after the next one; what is answered where it is
    /// not let through.
    pub(crate) fn begin(&mut self, index: usize, arrival: Arrival) -> Option<Answered> {
        let entry = self.entries.get_mut(index)?;
        entry.note(arrival);
        self.fences.end_lease(entry, &arrival);
        match self.fences.begin(arrival) {
            Ok(at_work) => {
                entry.at_work = Some(at_work);
                None
            }
            Err(answered) => Some(answered),
        }
    }

    /// Whoever is at work comes to an end.
    pub(crate) fn finish_work(&mut self) {
        for entry in &mut self.entries {
            if let Some(at_work) = entry.at_work.take() {
                self.fences.end_work(entry, at_work);
            }
        }
    }

    /// A do that was on its way arrives, after the delivery of this place.
    pub(crate) fn arrive_late(&mut self, index: usize, after: u64) {
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        let Some(order) = entry.late.take() else {
            return;
        };
        let arrival = Arrival {
            key: entry.key,
            phase: Phase::Do,
            order,
            when: When::Late(after),
        };
        self.deliver(index, arrival, &Work::done());
    }

    /// Whether a do of a step is on its way.
    pub(crate) fn is_late(&self, index: usize) -> bool {
        self.entries
            .get(index)
            .is_some_and(|entry| entry.late.is_some())
    }

    /// A delivery that was made before comes once more, after the delivery of this place.
    pub(crate) fn repeat(&mut self, index: usize, phase: Phase, order: u64, after: u64) {
        let Some(entry) = self.entries.get(index) else {
            return;
        };
        let arrival = Arrival {
            key: entry.key,
            phase,
            order,
            when: When::Stray(after),
        };
        self.deliver(index, arrival, &Work::done());
    }

    /// The deliveries of which it may matter that they come once more, after this one: itself, the first do, the
    /// last.
    pub(crate) fn repeatable(&self, index: usize, last: (Phase, u64)) -> Vec<(Phase, u64)> {
        let Some(entry) = self.entries.get(index) else {
            return Vec::new();
        };
        let dos = entry
            .dos
            .map(|(first, last)| [(Phase::Do, last), (Phase::Do, first)]);
        let mut found = vec![last];
        for delivery in dos.into_iter().flatten() {
            if !found.contains(&delivery) {
                found.push(delivery);
            }
        }
        found
    }

    /// Lets nothing of a step be done any more.
    pub(crate) fn seal(&mut self, index: usize) {
        let order = self.next_delivery(index);
        if let Some(entry) = self.entries.get(index) {
            let arrival = Arrival {
                key: entry.key,
                phase: Phase::Seal,
                order,
                when: When::InTime,
            };
            self.fences.pass(arrival, &mut || Ended::Died);
        }
    }

    /// Whether a handler of a step acts under a lease.
    pub(crate) fn is_leased(&self, index: usize) -> bool {
        let entry = self.entries.get(index);
        entry.is_some_and(|entry| entry.guard == Guard::Fence)
    }

    /// Whether something of a step may stand, as far as what it left tells.
    pub(crate) fn seems_to_stand(&self, index: usize) -> bool {
        self.entries
            .get(index)
            .is_some_and(|entry| match entry.guard {
                Guard::Fence => self.fences.may_stand(entry.key),
                // It is undone whether it was done or not.
                Guard::Mark | Guard::None => true,
            })
    }
}

impl Fences {
    /// A handler's work has its effect, and comes to its answer.
    fn end_work(&mut self, entry: &mut Entry, at_work: AtWork) {
        entry.act(at_work.phase, &Work::done());
        self.finish(at_work, Ended::Answered);
    }

    /// Who is at work has come to an end when its lease is over.
    fn end_lease(&mut self, entry: &mut Entry, arrival: &Arrival) {
        if let Some(at_work) = entry.at_work.take_if(|it| it.is_over_before(arrival)) {
            self.end_work(entry, at_work);
        }
    }
}

impl Marks {
    fn pass(&mut self, entry: &mut Entry, arrival: Arrival, work: &Work) -> Answered {
        let mark = self.get(arrival.key);
        let acts = match (arrival.phase, mark) {
            _ if entry.guard == Guard::None => true,
            (Phase::Do, None) | (Phase::Undo, Some(Mark::Done)) => true,
            _ => false,
        };
        if acts {
            entry.act(arrival.phase, work);
        }
        let left = match arrival.phase {
            Phase::Do if mark != Some(Mark::Undone) => Mark::Done,
            _ => Mark::Undone,
        };
        if work.effect {
            self.set(arrival.key, left);
        }
        match &work.ended {
            Ended::Answered => Answered::Success,
            Ended::Failed(failure) => Answered::Error(failure.name.clone(), failure.outcome),
            Ended::Died => Answered::Nothing,
        }
    }
}

impl Entry {
    /// Its handler works.
    fn act(&mut self, phase: Phase, work: &Work) {
        let done = phase == Phase::Do;
        let answered = if done {
            &mut self.answered.0
        } else {
            &mut self.answered.1
        };
        self.again |= *answered;
        *answered |= matches!(work.ended, Ended::Answered);
        if !work.effect {
            return;
        }
        self.effects = match (done, self.guard) {
            (true, Guard::None) => self.effects.saturating_add(1),
            // Whoever is called knows the key again.
            (true, _) => 1,
            (false, _) => self.effects.saturating_sub(1),
        };
    }

    /// Notes the place of a do that is delivered as it is made.
    fn note(&mut self, arrival: Arrival) {
        if let (Phase::Do, When::InTime) = (arrival.phase, arrival.when) {
            let first = self.dos.map_or(arrival.order, |(first, _)| first);
            self.dos = Some((first, arrival.order));
        }
    }

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
