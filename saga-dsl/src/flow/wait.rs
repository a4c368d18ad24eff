//! Pauses.

use std::panic::Location;
use std::time::Duration;

use saga_manifest::expr::Expr;
use saga_manifest::flow::{Node as RecordedNode, Until, Wait};

use super::Flow;
use crate::data::Timestamp;
use crate::place;
use crate::reference::Ref;

impl<'s, P> Flow<'s, '_, P> {
    /// Does nothing for a time: whole seconds, a year at most.
    #[track_caller]
    pub fn wait(&mut self, name: &str, time: Duration) {
        let at = Location::caller();
        let seconds = self.recorder.seconds(time, at);
        self.pause(
            name,
            Until::Seconds(Expr::Literal(seconds.into())),
            time,
            at,
        );
    }

    /// Does nothing for as many seconds as the data say, and for no longer than `at_most`.
    #[track_caller]
    pub fn wait_seconds(&mut self, name: &str, seconds: Ref<'s, u32>, at_most: Duration) {
        let until = Until::Seconds(seconds.node().to_expr());
        self.pause(name, until, at_most, Location::caller());
    }

    /// Does nothing until a time in the data, and for no longer than `at_most`.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn remind<'s, P>(saga: &mut Flow<'s, '_, P>, trip: Ref<'s, Trip>) {
    ///     saga.wait_until("CheckInOpens", trip.check_in, Duration::from_secs(30 * 24 * 60 * 60));
    ///     saga.read(TellRef { trip: trip.id });
    /// }
    /// # fn main() {}
    /// ```
    #[track_caller]
    pub fn wait_until(&mut self, name: &str, time: Ref<'s, Timestamp>, at_most: Duration) {
        let until = Until::Time(time.node().to_expr());
        self.pause(name, until, at_most, Location::caller());
    }

    fn pause(&mut self, name: &str, until: Until, at_most: Duration, at: &Location<'_>) {
        let at_most_seconds = self.recorder.seconds(at_most, at);
        self.recorder.push(RecordedNode::Wait(Wait {
            name: name.into(),
            description: None,
            place: place::of(at),
            until,
            at_most_seconds,
        }));
    }
}
