//! What is sent when the saga ended.

use std::panic::Location;

use saga_manifest::saga::{Ending, Notification};

use super::Flow;
use crate::place;
use crate::recorder::Weight;
use crate::step::Call;

impl<'s, P> Flow<'s, '_, P> {
    /// Tells of the saga's completion.
    #[track_caller]
    pub fn on_completed<C: Call<'s>>(&mut self, notification: C) {
        self.notify(notification, Location::caller(), Ending::Completed);
    }

    /// Tells that the saga was undone. Reads only the saga's input: no step's output is sure to exist.
    #[track_caller]
    pub fn on_compensated<C: Call<'s>>(&mut self, notification: C) {
        self.notify(notification, Location::caller(), Ending::Compensated);
    }

    /// Tells that the saga waits for an operator. Reads only the saga's input.
    #[track_caller]
    pub fn on_parked<C: Call<'s>>(&mut self, notification: C) {
        self.notify(notification, Location::caller(), Ending::Parked);
    }

    fn notify<C: Call<'s>>(&mut self, notification: C, at: &Location<'_>, on: Ending) {
        if self.recorder.is_within() {
            self.recorder.problem(
                "a notification tells of the whole saga's end, and this is in a part of it",
                "state it outside of branches, items, cases and savepoints",
                at,
            );
        }
        let call = notification.prepare();
        let name = call.instance();
        let call = self.recorder.call(call, self.arena, at, Weight::Must);
        let description = call.description.clone();
        self.recorder.notification(Notification {
            name,
            description,
            place: place::of(at),
            on,
            call,
        });
    }
}
