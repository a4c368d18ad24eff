//! A step instance: what happened to it, and what its saga knows.

mod delivery;

use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use saga_asl::data::Wide;
use saga_fence::Phase;

use crate::fences::{AtWork, Fence};
use crate::names::{Instance, Key};
use crate::rows::Request;

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

impl Entry {
    /// A step instance to which nothing has happened.
    pub(super) fn new(instance: Instance, step: usize, task: usize, key: Key) -> Self {
        Self {
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
        }
    }

    /// 128 bits that stand for what decides on what can come of it.
    pub(super) fn digest(&self) -> u128 {
        *self.digest.get_or_init(|| {
            let mut hasher = Wide::default();
            self.hash(&mut hasher);
            hasher.wide()
        })
    }

    /// What was known of it may not be so any more.
    pub(super) fn forget_digest(&mut self) {
        self.digest.take();
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

    /// Whether something of it may stand, as far as what it left tells.
    pub(super) fn seems_to_stand(&self) -> bool {
        match self.guard {
            Guard::Fence => self.fence.may_stand(),
            // It is undone whether it was done or not.
            Guard::Mark | Guard::Row | Guard::None => true,
        }
    }
}
