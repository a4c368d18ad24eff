//! Questions to people.

use std::panic::Location;

use saga_manifest::step::Kind;

use super::Flow;
use crate::integration::approval::{Approvable, Request};
use crate::reference::Ref;

/// The answer to a question.
type Answer<'s, A> = Ref<'s, <<A as Approvable<'s>>::Request as Request>::Answer>;

impl<'s, P> Flow<'s, '_, P> {
    /// Asks somebody, and waits for the answer: a step without effect.
    ///
    /// The question goes to a topic or a queue of questions, with a token that the answer is given with. How
    /// long it is waited for is always said, and what happens without an answer: the saga fails
    /// ([`or_fail`](crate::integration::approval::Bounded::or_fail)), or goes on with a value
    /// ([`unanswered`](crate::integration::approval::Bounded::unanswered)). An answer may also be one of the
    /// request's refusals, which fail the saga.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn approve<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    ///     let question = Questions::ask(ExpenseRef { trip: trip.id, price: trip.price });
    ///     let decision = saga.approve(
    ///         "ApproveExpense",
    ///         question.within(Duration::from_secs(3 * 24 * 60 * 60)).unanswered(DecisionRef { yes: false.into() }),
    ///     );
    ///     saga.abort_if("IsItApproved", decision.yes.not(), TripError::TooDear);
    /// }
    /// # fn main() {}
    /// ```
    #[track_caller]
    pub fn approve<A: Approvable<'s>>(&mut self, name: &str, question: A) -> Answer<'s, A> {
        let mut call = question.call();
        call.name = Some(self.arena.text(name));
        self.record(call, Location::caller(), Kind::ReadOnly)
    }
}
