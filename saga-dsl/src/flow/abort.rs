//! Deliberate ends: the saga fails with a declared error, and is undone.

use std::panic::Location;

use saga_manifest::flow::{Abort, Block, End};

use super::choice::undecided;
use super::{Ended, Flow, Undoable, Way};
use crate::condition::Condition;
use crate::error::ErrorKind;
use crate::place;
use crate::reference::Ref;

impl<'s, 'env, P> Flow<'s, 'env, P> {
    /// Gives up where a condition holds: what was done is undone, and the execution fails with the error
    /// and this cause.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn check<'s, P: Undoable>(saga: &mut Flow<'s, '_, P>, trip: Ref<'s, Trip>) {
    ///     let dear = trip.price.is_greater_than(5_000);
    ///     saga.abort_if("IsItTooDear", dear, TripErrorKind::TooDear, "the trip costs over 5,000");
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// The choice has this name; the state that gives up is named `Abort` and this name.
    #[track_caller]
    pub fn abort_if<K: ErrorKind>(
        &mut self,
        name: &str,
        when: Condition<'s>,
        error: K,
        cause: impl Into<Ref<'s, String>>,
    ) where
        P: Undoable,
    {
        let at = Location::caller();
        let abort = self.aborted(&format!("Abort{name}"), error, cause.into(), at);
        self.recorder.push(undecided(name, at));
        let when = when.to_test(&mut self.recorder, at);
        let block = Block {
            nodes: Vec::new(),
            end: End::Abort(abort),
        };
        self.recorder.add_case(when, block);
    }

    /// Gives up: what was done is undone, and the execution fails with the error and this cause. The end of
    /// a way of [`choose_way`](Self::choose_way); its siblings may go on.
    #[track_caller]
    pub fn abort<K: ErrorKind, T>(
        mut self,
        name: &str,
        error: K,
        cause: impl Into<Ref<'s, String>>,
    ) -> Way<'s, 'env, Ended, T>
    where
        P: Undoable,
    {
        let abort = self.aborted(name, error, cause.into(), Location::caller());
        Way::new(self.recorder, End::Abort(abort))
    }

    fn aborted<K: ErrorKind>(
        &mut self,
        name: &str,
        error: K,
        cause: Ref<'s, String>,
        at: &Location<'_>,
    ) -> Abort {
        // A service's error may have several names; the first is the service's own word.
        let error = error.names().first().copied().unwrap_or_default();
        Abort {
            name: name.into(),
            place: place::of(at),
            error: error.into(),
            cause: cause.node().to_expr(),
        }
    }
}
