//! The ledger: what happened to each step instance, and what the saga has been told of it.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use saga_asl::data::Wide;
use saga_fence::Phase;
use serde::Serialize;

use crate::fences::{Answered, Arrival, AtWork, Ended, Fence, When, Work};
use crate::names::{Instance, Key};
use crate::rows::Request;

/// All step instances that were started, in the order in which they were. Ledgers share the entries in which
/// they are alike: a step changes one or two.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Arc<Entry>>,
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
    /// What that one writes, where it is an item whose isolation is stated.
    late_request: Option<Arc<Request>>,
    /// A handler that is at work although nobody waits for it.
    at_work: Option<AtWork>,
    /// What keeps its deliveries from acting twice.
    pub(crate) guard: Guard,
    /// Whether it is undone by what leaves nothing in its fence.
    pub(crate) beside: bool,
    /// Deliveries of it so far.
    deliveries: u64,
    /// The places of the first do that was delivered, and of the last.
    dos: Option<(u64, u64)>,
    /// What its handlers' fence keeps.
    fence: Fence,
    /// What marks it, where it has no fence of its own: the saga's id in the row that it writes, or what makes it
    /// idempotent by nature.
    mark: Option<Mark>,
    /// [`Self::digest`], once it was asked for.
    digest: OnceLock<u128>,
}

/// What decides on what can come of it.
impl Hash for Ledger {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for entry in &self.entries {
            state.write_u128(entry.digest());
        }
        (self.entries.len(), self.undoing).hash(state);
    }
}

/// What decides on what can come of it. Of the places of deliveries only counts how they compare.
impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.instance, self.step, self.key, self.effects).hash(state);
        (self.told, self.answers, self.settled, self.resisted).hash(state);
        (self.adrift, self.past, self.again, self.answered).hash(state);
        self.at_work.as_ref().map(|it| it.phase).hash(state);
        let once = self.dos.is_some_and(|(first, last)| first == last);
        once.hash(state);
        let dos = self.dos.map(|(first, last)| [first, last]);
        for order in dos.into_iter().flatten().chain(self.late) {
            self.fence.compared(order).hash(state);
        }
        self.late.is_some().hash(state);
        (self.mark, &self.fence).hash(state);
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Mark {
    /// Done.
    Done,
    /// Undone, or never to be done.
    Undone,
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
    /// By the item that it writes, whose isolation is stated.
    Row,
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
            self.entries.push(Arc::new(Entry {
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
                late_request: None,
                at_work: None,
                guard: Guard::None,
                beside: false,
                deliveries: 0,
                dos: None,
                fence: Fence::default(),
                mark: None,
                digest: OnceLock::new(),
            }));
            self.entries.len() - 1
        })
    }

    /// The entries, the first first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().map(|entry| &**entry)
    }

    /// An entry that is to be changed.
    pub(crate) fn entry_mut(&mut self, index: usize) -> Option<&mut Entry> {
        self.entries.get_mut(index).map(changed)
    }

    /// Changes the entries for which that is to be done.
    pub(crate) fn change(&mut self, which: impl Fn(&Entry) -> bool, change: impl Fn(&mut Entry)) {
        let entries = self.entries.iter_mut().filter(|entry| which(entry));
        entries.map(changed).for_each(change);
    }

    /// The instance of a step that a key belongs to.
    pub(crate) fn owner(&self, key: Key, step: usize) -> Option<usize> {
        let mut entries = self.entries.iter();
        entries.position(|entry| entry.step == step && entry.key == key)
    }

    /// The entry of a key.
    pub(crate) fn entry_of(&self, key: Key) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key == key)
    }

    /// The instances of a step that are not over.
    pub(crate) fn started(&self, step: usize) -> impl Iterator<Item = usize> {
        let entries = self.entries.iter().enumerate();
        let started = entries.filter(move |(_, entry)| entry.step == step && !entry.past);
        started.map(|(index, _)| index)
    }

    /// The next delivery's place among those of a step instance.
    pub(crate) fn next_delivery(&mut self, index: usize) -> u64 {
        self.entry_mut(index).map_or(0, |entry| {
            entry.deliveries += 1;
            entry.deliveries
        })
    }

    /// A do that does not come to its handler yet, or to the item that it writes.
    pub(crate) fn postpone(&mut self, index: usize, order: u64, request: Option<Arc<Request>>) {
        if let Some(entry) = self.entry_mut(index) {
            entry.late = Some(order);
            entry.late_request = request;
        }
    }

    /// What the do of a step that is on its way writes, where that is an item whose isolation is stated.
    pub(crate) fn late_request(&self, index: usize) -> Option<&Arc<Request>> {
        let entry = self.entries.get(index)?;
        entry.late.and(entry.late_request.as_ref())
    }

    /// It has come there.
    pub(crate) fn arrived_late(&mut self, index: usize) {
        if let Some(entry) = self.entry_mut(index) {
            entry.late = None;
            entry.late_request = None;
        }
    }

    /// A delivery to a step's handler, which does its work so; what is answered.
    pub(crate) fn deliver(&mut self, index: usize, arrival: Arrival, work: &Work) -> Answered {
        let entry = self.entry_mut(index);
        entry.map_or(Answered::Nothing, |entry| entry.deliver(arrival, work))
    }

    /// A delivery to a step's handler, which is at work until after the next one; what is answered where it is
    /// not let through.
    pub(crate) fn begin(&mut self, index: usize, arrival: Arrival) -> Option<Answered> {
        self.entry_mut(index)?.begin(arrival)
    }

    /// Whoever is at work comes to an end.
    pub(crate) fn finish_work(&mut self) {
        self.change(|entry| entry.at_work.is_some(), Entry::end_work);
    }

    /// A do that was on its way arrives, after the delivery of this place.
    pub(crate) fn arrive_late(&mut self, index: usize, after: u64) {
        if !self.is_late(index) {
            return;
        }
        let Some((entry, order)) = self.entry_mut(index).and_then(|entry| {
            let order = entry.late.take()?;
            Some((entry, order))
        }) else {
            return;
        };
        let arrival = Arrival {
            phase: Phase::Do,
            order,
            when: When::Late(after),
        };
        entry.deliver(arrival, &Work::done());
    }

    /// Whether a do of a step is on its way.
    pub(crate) fn is_late(&self, index: usize) -> bool {
        self.entries
            .get(index)
            .is_some_and(|entry| entry.late.is_some())
    }

    /// A delivery that was made before comes once more, after the delivery of this place.
    pub(crate) fn repeat(&mut self, index: usize, phase: Phase, order: u64, after: u64) {
        let arrival = Arrival {
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
        if let Some(entry) = self.entry_mut(index) {
            let arrival = Arrival {
                phase: Phase::Seal,
                order,
                when: When::InTime,
            };
            entry.fence.pass(arrival, &mut || Ended::Died);
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
                Guard::Fence => entry.fence.may_stand(),
                // It is undone whether it was done or not.
                Guard::Mark | Guard::Row | Guard::None => true,
            })
    }
}

/// An entry of this ledger's own, of which nothing is known that may not be so any more.
fn changed(entry: &mut Arc<Entry>) -> &mut Entry {
    let entry = Arc::make_mut(entry);
    entry.digest.take();
    entry
}

impl Entry {
    /// 128 bits that stand for what decides on what can come of it.
    fn digest(&self) -> u128 {
        *self.digest.get_or_init(|| {
            let mut hasher = Wide::default();
            self.hash(&mut hasher);
            hasher.wide()
        })
    }

    fn deliver(&mut self, arrival: Arrival, work: &Work) -> Answered {
        self.note(arrival);
        self.end_lease(&arrival);
        // What is at work gets on only after this one has come.
        let at_work = self.at_work.take();
        let answered = match self.guard {
            Guard::Fence if self.beside && arrival.phase == Phase::Undo => {
                // It is idempotent, or its own item tells: it finds nothing left to undo.
                if self.effects > 0 || !self.answered.1 {
                    self.act(arrival.phase, work);
                }
                ended(work)
            }
            Guard::Fence => {
                let mut fence = std::mem::take(&mut self.fence);
                let answered = fence.pass(arrival, &mut || {
                    self.act(arrival.phase, work);
                    work.ended.clone()
                });
                self.fence = fence;
                answered
            }
            Guard::Mark | Guard::Row | Guard::None => self.pass_mark(arrival, work),
        };
        self.at_work = at_work;
        self.end_work();
        answered
    }

    fn begin(&mut self, arrival: Arrival) -> Option<Answered> {
        self.note(arrival);
        self.end_lease(&arrival);
        match self.fence.begin(arrival) {
            Ok(at_work) => {
                self.at_work = Some(at_work);
                None
            }
            Err(answered) => Some(answered),
        }
    }

    /// The work of a handler that is at it has its effect, and comes to its answer.
    fn end_work(&mut self) {
        if let Some(at_work) = self.at_work.take() {
            self.act(at_work.phase, &Work::done());
            self.fence.finish(at_work, Ended::Answered);
        }
    }

    /// Who is at work has come to an end when its lease is over.
    fn end_lease(&mut self, arrival: &Arrival) {
        let at_work = self.at_work.as_ref();
        if at_work.is_some_and(|it| it.is_over_before(arrival)) {
            self.end_work();
        }
    }

    fn pass_mark(&mut self, arrival: Arrival, work: &Work) -> Answered {
        let acts = match (arrival.phase, self.mark) {
            _ if self.guard == Guard::None => true,
            (Phase::Do, None) | (Phase::Undo, Some(Mark::Done)) => true,
            _ => false,
        };
        if acts {
            self.act(arrival.phase, work);
        }
        if work.effect {
            self.mark = Some(match arrival.phase {
                Phase::Do if self.mark != Some(Mark::Undone) => Mark::Done,
                _ => Mark::Undone,
            });
        }
        ended(work)
    }

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

    /// The item that it writes has taken a do or an undo of it.
    pub(crate) fn written(&mut self, phase: Phase) {
        let done = phase == Phase::Do;
        self.effects = u8::from(done);
        self.mark = Some(if done { Mark::Done } else { Mark::Undone });
    }

    /// The item that it writes says that no attempt has had its effect.
    pub(crate) fn not_written(&mut self) {
        self.answers = 1;
        self.told = Told::NotDone;
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

/// What is answered by whoever has done that work.
fn ended(work: &Work) -> Answered {
    match &work.ended {
        Ended::Answered => Answered::Success,
        Ended::Failed(failure) => Answered::Error(failure.name.clone(), failure.outcome),
        Ended::Died => Answered::Nothing,
    }
}
