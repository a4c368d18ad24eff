//! A part that is undone and tried again.

use std::panic::Location;
use std::time::Duration;

use saga_manifest::flow::{Node as RecordedNode, Savepoint};

use super::{Flow, Undoable, Within};
use crate::data::SagaData;
use crate::place;
use crate::reference::Ref;

/// How often a savepoint's part is tried, and the time from the end of an undo to the next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    most: u32,
    interval: Duration,
}

impl Tries {
    /// So many tries at most, 2 to 5, with 2 seconds between them.
    #[must_use]
    pub const fn of(most: u32) -> Self {
        Self {
            most,
            interval: Duration::from_secs(2),
        }
    }

    /// The time from the end of an undo to the next try: whole seconds.
    #[must_use]
    pub const fn every(self, interval: Duration) -> Self {
        Self { interval, ..self }
    }
}

impl From<u32> for Tries {
    fn from(most: u32) -> Self {
        Self::of(most)
    }
}

impl<'s, P> Flow<'s, '_, P> {
    /// A part that is tried again before the saga gives up: when it fails, what it did is undone back to
    /// here and it is done once more, until its tries are used up; then the saga is undone as a whole. Its
    /// value is the part's.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn reserve<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) -> Ref<'s, Booked> {
    ///     saga.savepoint("FindARoom", Tries::of(3).every(Duration::from_secs(10)), |saga| {
    ///         let train = reserve_train(saga, trip);
    ///         reserve_hotel(saga, trip);
    ///         train
    ///     })
    /// }
    /// # fn main() {}
    /// ```
    #[track_caller]
    pub fn savepoint<T: SagaData>(
        &mut self,
        name: &str,
        tries: impl Into<Tries>,
        define: impl for<'i> FnOnce(&mut Flow<'i, 's, Within<P>>) -> Ref<'i, T>,
    ) -> Ref<'s, T>
    where
        P: Undoable,
    {
        let (at, tries) = (Location::caller(), tries.into());
        if !(2..=5).contains(&tries.most) {
            self.recorder.problem(
                &format!("this savepoint is tried {} times", tries.most),
                "state 2 to 5 tries: `Tries::of(3)`; what is done once needs no savepoint",
                at,
            );
        }
        let interval_seconds = self.recorder.seconds(tries.interval, at);
        let block = self.part(define);
        self.recorder.push(RecordedNode::Savepoint(Savepoint {
            name: name.into(),
            description: None,
            place: place::of(at),
            tries: tries.most,
            interval_seconds,
            block,
        }));
        self.output(name)
    }
}
