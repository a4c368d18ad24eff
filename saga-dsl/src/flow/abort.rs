//! Deliberate ends: the saga fails with a declared error, and is undone.

use std::panic::Location;

use saga_manifest::expr::Expr;
use saga_manifest::flow::{Abort, Block, End};

use super::choice::undecided;
use super::{Ended, Flow, Undoable, Way};
use crate::condition::Condition;
use crate::error::{ErrorKind, SagaError};
use crate::place;

impl<'s, 'env, P> Flow<'s, 'env, P> {
    /// Gives up where a condition holds: what was done is undone, and the execution fails with the error,
    /// whose text is the cause.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn check<'s, P: Undoable>(saga: &mut Flow<'s, '_, P>, trip: Ref<'s, Trip>) {
    ///     let dear = trip.price.is_greater_than(5_000);
    ///     saga.abort_if("IsItTooDear", dear, TripError::TooDear);
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// The choice has this name; the state that gives up is named `Abort` and this name.
    #[track_caller]
    pub fn abort_if<E: SagaError>(&mut self, name: &str, when: Condition<'s>, error: E)
    where
        P: Undoable,
    {
        let at = Location::caller();
        let abort = aborted(&format!("Abort{name}"), &error, at);
        self.recorder.push(undecided(name, at));
        let when = when.to_test(&mut self.recorder, at);
        let block = Block {
            nodes: Vec::new(),
            end: End::Abort(abort),
        };
        self.recorder.add_case(when, block);
    }

    /// Gives up: what was done is undone, and the execution fails with the error, whose text is the cause.
    /// The end of a way of [`choose_way`](Self::choose_way); its siblings may go on.
    #[track_caller]
    pub fn abort<E: SagaError, T>(self, name: &str, error: E) -> Way<'s, 'env, Ended, T>
    where
        P: Undoable,
    {
        let abort = aborted(name, &error, Location::caller());
        Way::new(self.recorder, End::Abort(abort))
    }
}

pub(super) fn aborted<E: SagaError>(name: &str, error: &E, at: &Location<'_>) -> Abort {
    // A service's error may have several names; the first is the service's own word.
    let names = error.kind().names();
    Abort {
        name: name.into(),
        place: place::of(at),
        error: names.first().copied().unwrap_or_default().into(),
        cause: Expr::Literal(error.to_string().into()),
    }
}
