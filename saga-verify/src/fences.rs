//! The fence between deliveries of a step instance and its effect: what its handlers' deliveries go through, by
//! the protocol itself.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use saga_fence::{
    Delivery, Ended as Kept, Failure, IN_PROGRESS, Next, Order, Outcome, Passage, Phase, Record,
    Reply, Stage, Swapped,
};

/// Milliseconds between two deliveries that the state machine makes.
const APART: u64 = 10_000;

/// Milliseconds for which a handler may run: its lease is over when the next delivery comes.
const LEASE: u64 = 1_000;

/// The lease of one that is still at work then, and over when the one after that comes.
const LONG_LEASE: u64 = APART + APART / 2;

/// The record of one key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fence {
    record: Option<Record>,
}

/// What reaches a fence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) phase: Phase,
    /// The place among the deliveries of the key that the state machine made.
    pub(crate) order: u64,
    pub(crate) when: When,
}

/// When a delivery arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// As it is made.
    InTime,
    /// Once more, straight after the first.
    Again,
    /// After the delivery of this place, having been on its way since it was made.
    Late(u64),
    /// Once more, after the delivery of this place.
    Stray(u64),
}

/// A handler's work.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    /// Whether it has its effect.
    pub(crate) effect: bool,
    pub(crate) ended: Ended,
}

/// How a handler's work ended.
#[derive(Clone, Debug)]
pub(crate) enum Ended {
    Answered,
    Failed(Failure),
    /// It died before it could answer.
    Died,
}

/// A handler that its fence has let through, and that is at work.
#[derive(Clone, Debug)]
pub(crate) struct AtWork {
    pub(crate) phase: Phase,
    order: u64,
    passage: Arc<Passage>,
}

impl Work {
    /// It is done, and answers.
    pub(crate) fn done() -> Self {
        Self {
            effect: true,
            ended: Ended::Answered,
        }
    }
}

impl Ended {
    /// It fails with an error.
    pub(crate) fn failed(error: String, outcome: Outcome) -> Self {
        Self::Failed(Failure {
            name: error,
            message: "injected".to_owned(),
            outcome,
        })
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    Success,
    Error(String, Outcome),
    /// Nothing: it died.
    Nothing,
}

impl AtWork {
    /// Whether its lease is over when another delivery comes.
    pub(crate) fn is_over_before(&self, arrival: &Arrival) -> bool {
        arrival.delivery(LEASE).now >= self.order * APART + LONG_LEASE
    }
}

impl Fence {
    /// Takes a delivery through the fence. `act` is the handler's work, if it is let through.
    pub(crate) fn pass(&mut self, arrival: Arrival, act: &mut dyn FnMut() -> Ended) -> Answered {
        let (passage, next) = Passage::begin(arrival.delivery(LEASE));
        match self.proceed(arrival, passage, next) {
            Err(answered) => answered,
            Ok(at_work) => match act() {
                Ended::Died => Answered::Nothing,
                ended => self.finish(at_work, ended),
            },
        }
    }

    /// Takes a delivery as far as to its handler's work, which takes until after the next delivery.
    ///
    /// # Errors
    /// What is answered where it is not let through.
    pub(crate) fn begin(&mut self, arrival: Arrival) -> Result<AtWork, Answered> {
        let (passage, next) = Passage::begin(arrival.delivery(LONG_LEASE));
        self.proceed(arrival, passage, next)
    }

    /// Takes it from there to its answer.
    pub(crate) fn finish(&mut self, at_work: AtWork, ended: Ended) -> Answered {
        let AtWork {
            phase,
            order,
            passage,
        } = at_work;
        let mut passage = Arc::unwrap_or_clone(passage);
        let next = match ended {
            Ended::Died => return Answered::Nothing,
            Ended::Answered => passage.acted(Kept::Answered("null".to_owned())),
            Ended::Failed(failure) => passage.acted(Kept::Failed(failure)),
        };
        let arrival = Arrival {
            phase,
            order,
            when: When::InTime,
        };
        match self.proceed(arrival, passage, next) {
            Err(answered) => answered,
            // INVARIANT: what has acted is not let act again.
            Ok(_) => Answered::Nothing,
        }
    }

    fn proceed(
        &mut self,
        arrival: Arrival,
        mut passage: Passage,
        mut next: Next,
    ) -> Result<AtWork, Answered> {
        loop {
            next = match next {
                Next::Write(write) => {
                    let revision = self.record.as_ref().map(|record| record.revision);
                    if revision == write.expected {
                        self.record = Some(write.record);
                        passage.wrote(Swapped::Kept)
                    } else {
                        passage.wrote(Swapped::Found(self.record.clone()))
                    }
                }
                Next::Act => {
                    return Ok(AtWork {
                        phase: arrival.phase,
                        order: arrival.order,
                        passage: Arc::new(passage),
                    });
                }
                Next::Reply(reply) => return Err(answered(reply)),
            };
        }
    }

    /// Whether something was done or may have been, and is not undone, as far as the fence tells.
    pub(crate) fn may_stand(&self) -> bool {
        let stage = self.record.as_ref().map(|record| &record.stage);
        !matches!(
            stage,
            None | Some(Stage::Refused(_) | Stage::Undone | Stage::Tombstone)
        )
    }

    /// Where a delivery comes beside the one that the fence speaks of: all that counts of its place.
    pub(crate) fn compared(&self, order: u64) -> Option<Ordering> {
        let record = self.record.as_ref()?;
        Some(order.cmp(&record.by.order.entered))
    }
}

impl Arrival {
    fn delivery(self, lease: u64) -> Delivery {
        let (now, told_apart) = match self.when {
            When::InTime => (self.order * APART, ""),
            When::Again => (self.order * APART + 2 * LEASE, " again"),
            When::Late(after) => (after * APART + 4 * LEASE, ""),
            When::Stray(after) => (after * APART + 6 * LEASE, " stray"),
        };
        Delivery {
            phase: self.phase,
            order: Order {
                entered: self.order,
                ..Order::default()
            },
            id: format!("{}{told_apart}", self.order),
            now,
            until: now + lease,
        }
    }
}

fn answered(reply: Reply) -> Answered {
    match reply {
        Reply::Answer(_) | Reply::Nothing | Reply::Sealed(_) => Answered::Success,
        Reply::Failed(failure) => Answered::Error(failure.name, failure.outcome),
        Reply::Wait(_) => Answered::Error(IN_PROGRESS.to_owned(), Outcome::Unknown),
    }
}

/// What decides on later deliveries, beside their places: the lease of a delivery is over when the next one
/// comes, unless it is at work.
impl Hash for Fence {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let record = self.record.as_ref().map(|record| {
            let stage = std::mem::discriminant(&record.stage);
            let answered = record.answer.is_some();
            (stage, record.sealed, record.doubtful, answered)
        });
        record.hash(state);
    }
}
