//! The state machine's side of one item: delivers, retries, gives up, undoes; is aborted and recovered.

use saga_fence::{Failure, Order, Outcome, Phase, Reply, Stage};

use crate::chance::Chance;

/// What the state machine does next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Move {
    /// Delivers this phase after so many milliseconds.
    Deliver(Phase, u64),
    /// Nothing more.
    End,
}

pub struct Client {
    pub phase: Phase,
    pub order: Order,
    /// Which of its deliveries it waits for.
    pub attempt: u64,
    pub end: Option<&'static str>,
    pub aborted: bool,
}

/// Longer than any handler runs.
pub const LONGEST: u64 = 150;

impl Client {
    pub fn new() -> Self {
        Self {
            phase: Phase::Do,
            order: Order::default(),
            attempt: 0,
            end: None,
            aborted: false,
        }
    }

    /// Decides on an answer, or on none in time.
    pub fn hears(&mut self, reply: Option<&Reply>, now: u64, chance: &mut Chance) -> Move {
        let again = chance.percent(50) && self.order.attempt < 4;
        match (self.phase, reply) {
            (Phase::Do, Some(Reply::Answer(_))) if chance.percent(60) => self.ends("completed"),
            (Phase::Do, Some(Reply::Answer(_))) => self.enters(Phase::Undo, now, chance.below(300)),
            (Phase::Do, _) if again => self.retries(chance.below(60)),
            (
                Phase::Do,
                Some(Reply::Failed(Failure {
                    outcome: Outcome::NotDone,
                    ..
                })),
            ) => self.ends("not done"),
            (Phase::Do, _) => self.enters(Phase::Undo, now, 0),
            (Phase::Undo, Some(Reply::Answer(_) | Reply::Nothing)) => {
                let end = if self.aborted {
                    "recovered"
                } else {
                    "compensated"
                };
                self.ends(end)
            }
            (Phase::Undo, _) if self.order.attempt < 3 => self.retries(chance.below(60)),
            // Parked, and redriven: in a state of its own, or in the same.
            (Phase::Undo, _) if chance.percent(50) => self.enters(Phase::Undo, now, 50),
            (Phase::Undo, _) => {
                self.order.redrive += 1;
                self.order.attempt = 0;
                Move::Deliver(Phase::Undo, 50)
            }
            (Phase::Seal, Some(Reply::Sealed(record))) => match record.stage {
                Stage::Tombstone | Stage::Undone | Stage::Refused(_) => self.ends("recovered"),
                _ => self.enters(Phase::Undo, now, LONGEST),
            },
            (Phase::Seal, _) => self.retries(10),
        }
    }

    /// The execution is aborted, and its recovery begins.
    pub fn recovers(&mut self, now: u64) -> Move {
        self.aborted = true;
        self.enters(Phase::Seal, now, 10)
    }

    fn enters(&mut self, phase: Phase, now: u64, delay: u64) -> Move {
        self.phase = phase;
        self.order.entered = now + delay;
        self.order.attempt = 0;
        Move::Deliver(phase, delay)
    }

    fn retries(&mut self, delay: u64) -> Move {
        self.order.attempt += 1;
        Move::Deliver(self.phase, delay)
    }

    fn ends(&mut self, end: &'static str) -> Move {
        self.end = Some(end);
        Move::End
    }
}
