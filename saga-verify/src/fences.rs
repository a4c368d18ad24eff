//! The fences between deliveries and effects: what handlers' deliveries go through, by the protocol itself.

use std::hash::{Hash, Hasher};

use saga_fence::{
    Delivery, Ended as Kept, Failure, IN_PROGRESS, Next, Order, Outcome, Passage, Phase, Record,
    Reply, Swapped,
};

use crate::names::Key;

/// Milliseconds between two deliveries: the lease of one is over when the next one comes.
const APART: u64 = 10_000;

/// Milliseconds for which a handler may run.
const LEASE: u64 = 1_000;

/// The records by key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fences {
    records: Vec<(Key, Record)>,
}

/// What reaches a fence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) key: Key,
    pub(crate) phase: Phase,
    /// The place among the deliveries of the key.
    pub(crate) order: u64,
    /// Whether the same was delivered before.
    pub(crate) again: bool,
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

impl Fences {
    /// Takes a delivery through the fence of its key. `act` is the handler's work, if it is let through.
    pub(crate) fn pass(&mut self, arrival: Arrival, act: &mut dyn FnMut() -> Ended) -> Answered {
        let now = arrival.order * APART + if arrival.again { 2 * LEASE } else { 0 };
        let delivery = Delivery {
            phase: arrival.phase,
            order: Order {
                entered: arrival.order,
                ..Order::default()
            },
            id: format!(
                "{}{}",
                arrival.order,
                if arrival.again { " again" } else { "" }
            ),
            now,
            until: now + LEASE,
        };
        let (mut passage, mut next) = Passage::begin(delivery);
        loop {
            next = match next {
                Next::Write(write) => {
                    let kept = self.records.iter_mut().find(|(key, _)| *key == arrival.key);
                    let revision = kept.as_ref().map(|(_, record)| record.revision);
                    if revision != write.expected {
                        passage.wrote(Swapped::Found(kept.map(|(_, record)| record.clone())))
                    } else {
                        match kept {
                            Some((_, record)) => *record = write.record,
                            None => self.records.push((arrival.key, write.record)),
                        }
                        passage.wrote(Swapped::Kept)
                    }
                }
                Next::Act => match act() {
                    Ended::Died => return Answered::Nothing,
                    Ended::Answered => passage.acted(Kept::Answered("null".to_owned())),
                    Ended::Failed(failure) => passage.acted(Kept::Failed(failure)),
                },
                Next::Reply(reply) => return answered(reply),
            };
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

/// What decides on later deliveries, which all come after the last one.
impl Hash for Fences {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for (key, record) in &self.records {
            key.hash(state);
            std::mem::discriminant(&record.stage).hash(state);
            (record.sealed, record.doubtful, record.answer.is_some()).hash(state);
        }
    }
}
