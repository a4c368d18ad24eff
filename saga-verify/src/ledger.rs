//! The ledger: what happened to each step instance, and what the saga has been told of it.

mod entry;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use saga_fence::Phase;
use serde::Serialize;

use crate::fences::{Answered, Arrival, When, Work};
use crate::names::{Instance, Key};
use crate::rows::Request;

pub(crate) use entry::{Entry, Guard, Told};

/// All step instances that were started, in the order in which they were. Ledgers share the entries in which
/// they are alike: a step changes one or two.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Arc<Entry>>,
    /// A compensation has begun.
    pub(crate) undoing: bool,
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
            let entry = Entry::new(instance, step, task, key);
            self.entries.push(Arc::new(entry));
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
        self.entry_mut(index).map_or(0, Entry::next_delivery)
    }

    /// A do that does not come to its handler yet, or to the item that it writes.
    pub(crate) fn postpone(&mut self, index: usize, order: u64, request: Option<Arc<Request>>) {
        if let Some(entry) = self.entry_mut(index) {
            entry.postpone(order, request);
        }
    }

    /// What the do of a step that is on its way writes, where that is an item whose isolation is stated.
    pub(crate) fn late_request(&self, index: usize) -> Option<&Arc<Request>> {
        self.entries.get(index)?.late_request()
    }

    /// It has come there.
    pub(crate) fn arrived_late(&mut self, index: usize) {
        if let Some(entry) = self.entry_mut(index) {
            entry.arrived_late();
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
        self.change(Entry::is_at_work, Entry::end_work);
    }

    /// A do that was on its way arrives, after the delivery of this place.
    pub(crate) fn arrive_late(&mut self, index: usize, after: u64) {
        if self.is_late(index)
            && let Some(entry) = self.entry_mut(index)
        {
            entry.arrive_late(after);
        }
    }

    /// Whether a do of a step is on its way.
    pub(crate) fn is_late(&self, index: usize) -> bool {
        self.entries.get(index).is_some_and(|entry| entry.is_late())
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
        let entry = self.entries.get(index);
        entry.map_or_else(Vec::new, |entry| entry.repeatable(last))
    }

    /// Lets nothing of a step be done any more.
    pub(crate) fn seal(&mut self, index: usize) {
        if let Some(entry) = self.entry_mut(index) {
            entry.seal();
        }
    }

    /// Whether a handler of a step acts under a lease.
    pub(crate) fn is_leased(&self, index: usize) -> bool {
        let entry = self.entries.get(index);
        entry.is_some_and(|entry| entry.guard == Guard::Fence)
    }

    /// Whether something of a step may stand, as far as what it left tells.
    pub(crate) fn seems_to_stand(&self, index: usize) -> bool {
        let entry = self.entries.get(index);
        entry.is_some_and(|entry| entry.seems_to_stand())
    }
}

/// An entry of this ledger's own, of which nothing is known that may not be so any more.
fn changed(entry: &mut Arc<Entry>) -> &mut Entry {
    let entry = Arc::make_mut(entry);
    entry.forget_digest();
    entry
}
