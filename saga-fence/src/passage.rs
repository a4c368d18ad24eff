//! One delivery on its way through the fence.

use crate::arrive::{Decision, arrive};
use crate::delivery::Delivery;
use crate::mutation::{Mutation, broken};
use crate::record::Record;
use crate::reply::{Ended, Failure, Reply};
use crate::settle::{settle, unkept};

/// How often a delivery looks again at a record that others change: each time another one got on.
const LOOKS: u32 = 16;

/// A delivery on its way. [`Passage::begin`] says what comes first; then [`Passage::wrote`] and
/// [`Passage::acted`] tell it what became of that, until it says [`Next::Reply`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    delivery: Delivery,
    looks: u32,
    then: Then,
    /// The record under which the handler acts.
    claimed: Option<Record>,
}

/// What follows a write that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Then {
    Act,
    Reply(Reply),
    /// It is answered, if what the handler ended with is kept.
    Settle(Reply, Ended),
}

/// What a passage asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Compare and swap the record.
    Write(Write),
    /// Run the handler, until the lease ends at the latest.
    Act,
    /// Answer: the passage is over.
    Reply(Reply),
}

/// A compare-and-swap: takes effect only where the record has this revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The revision that is to be there; none where no record is to be there.
    pub expected: Option<u64>,
    /// What is written.
    pub record: Record,
}

/// What became of a compare-and-swap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swapped {
    /// It was written.
    Kept,
    /// It was not: this is there.
    Found(Option<Record>),
    /// Nobody knows: the store did not answer.
    Failed(String),
}

impl Passage {
    /// A delivery, and what comes first. It is taken that there is no record, since there is none on the
    /// happy path: a write that meets one is told what it met.
    #[must_use]
    pub fn begin(delivery: Delivery) -> (Self, Next) {
        let mut passage = Self {
            delivery,
            looks: 0,
            then: Then::Act,
            claimed: None,
        };
        let next = passage.arrive(None);
        (passage, next)
    }

    /// Goes on after a write.
    pub fn wrote(&mut self, swapped: Swapped) -> Next {
        match (swapped, self.then.clone()) {
            (Swapped::Kept, Then::Act) => Next::Act,
            (Swapped::Kept, Then::Reply(reply) | Then::Settle(reply, _)) => Next::Reply(reply),
            (Swapped::Found(_), _) if self.looks == LOOKS => {
                self.give_up("it changes all the time")
            }
            (Swapped::Found(record), Then::Settle(_, ended)) => self.settle(record.as_ref(), ended),
            (Swapped::Found(record), _) => self.arrive(record.as_ref()),
            (Swapped::Failed(_), Then::Act) if broken(Mutation::UnavailableActs) => Next::Act,
            (Swapped::Failed(why), _) => self.give_up(&why),
        }
    }

    /// Goes on after the handler.
    pub fn acted(&mut self, ended: Ended) -> Next {
        self.looks = 0;
        let claimed = self.claimed.take();
        self.settle(claimed.as_ref(), ended)
    }

    fn arrive(&mut self, found: Option<&Record>) -> Next {
        let decision = arrive(found, &self.delivery);
        self.follow(found, decision, None)
    }

    fn settle(&mut self, found: Option<&Record>, ended: Ended) -> Next {
        let decision = settle(found, &self.delivery, &ended);
        self.follow(found, decision, Some(ended))
    }

    fn follow(&mut self, found: Option<&Record>, decision: Decision, ended: Option<Ended>) -> Next {
        self.looks += 1;
        let (record, then) = match (decision, ended) {
            (Decision::Reply(reply), _) => return Next::Reply(reply),
            (Decision::Act, _) => {
                self.claimed = found.cloned();
                return Next::Act;
            }
            (Decision::Claim(record), _) => {
                self.claimed = Some(record.clone());
                (record, Then::Act)
            }
            (Decision::Write(record, reply), None) => (record, Then::Reply(reply)),
            (Decision::Write(record, reply), Some(ended)) => (record, Then::Settle(reply, ended)),
        };
        self.then = then;
        Next::Write(Write {
            expected: found.map(|record| record.revision),
            record,
        })
    }

    fn give_up(&self, why: &str) -> Next {
        Next::Reply(match &self.then {
            Then::Settle(_, ended) => unkept(ended, why),
            Then::Act | Then::Reply(_) => Reply::Failed(Failure::unavailable(why)),
        })
    }
}
