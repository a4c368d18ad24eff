//! What rustc cannot see of a wrong flow, on the author's line.

use super::{TellRef, Trip, reserve_flight};
use pretty_assertions::assert_eq;
use saga_dsl::Package;
use saga_dsl::prelude::*;

/// Checks that a saga has one problem, with this message, in this file.
macro_rules! check {
    ($message:literal, |$saga:ident, $trip:ident| $body:expr) => {{
        let manifest = manifest!(|$saga, $trip| {
            $body;
            $saga.complete(())
        });
        let messages: Vec<_> = manifest
            .problems
            .iter()
            .map(|problem| problem.message.as_str())
            .collect();
        assert_eq!(messages, [$message]);
        let place = &manifest.problems[0].place;
        assert!(
            place.file.ends_with("tests/control_flow/problems.rs"),
            "{place}"
        );
        assert!(!manifest.problems[0].help.is_empty());
    }};
}

#[test]
fn bounds_are_checked() {
    check!("this map's list has no items at most", |saga, trip| {
        saga.map("Each", trip.travellers.at_most(0), |_, traveller| {
            traveller.name
        })
    });
    check!("this map works on 0 items at a time", |saga, trip| {
        saga.map("Each", trip.travellers.at_a_time(0), |_, traveller| {
            traveller.name
        })
    });
    check!("this map works on 41 items at a time", |saga, trip| {
        saga.map("Each", trip.travellers.at_a_time(41), |_, traveller| {
            traveller.name
        })
    });
    check!("this savepoint is tried 1 times", |saga, trip| {
        saga.savepoint("Try", 1, |saga| reserve_flight(saga, trip))
    });
    check!("this savepoint is tried 6 times", |saga, trip| {
        saga.savepoint("Try", 6, |saga| reserve_flight(saga, trip))
    });
    check!(
        "a duration is whole seconds, and at least one",
        |saga, trip| { saga.wait_until("Wait", trip.check_in, Duration::ZERO) }
    );
}

#[test]
fn what_was_left_half_stated_is_told() {
    check!(
        "the parallel `Reserve` has fewer than two branches",
        |saga, trip| {
            let _ = saga
                .parallel("Reserve")
                .branch(|saga| reserve_flight(saga, trip));
        }
    );
    check!("the choice `HowToGo` has no case", |saga, trip| {
        saga.cases("HowToGo")
            .otherwise(|saga| reserve_flight(saga, trip))
    });
    check!(
        "the parallel `Inner` has fewer than two branches",
        |saga, trip| {
            saga.both(
                "Outer",
                |_| trip.id,
                |saga| {
                    let _ = saga.parallel("Inner");
                    trip.id
                },
            )
        }
    );
}

#[test]
fn a_comparison_needs_what_can_be_compared() {
    check!(
        "these values cannot be compared: they are neither numbers, strings, booleans nor times",
        |saga, trip| {
            saga.choose(
                "Same",
                trip.travellers.equals(trip.travellers),
                |_| trip.id,
                |_| trip.id,
            )
        }
    );
}

#[test]
fn a_notification_is_the_whole_sagas() {
    check!(
        "a notification tells of the whole saga's end, and this is in a part of it",
        |saga, trip| {
            saga.choose(
                "Tell",
                trip.by_train.is_true(),
                |saga| {
                    saga.on_completed(TellRef { trip: trip.id });
                    trip.id
                },
                |_| trip.id,
            )
        }
    );
}

#[test]
fn an_early_completion_answers_as_the_saga_does() {
    check!(
        "this completes the saga with a value of another type than its output",
        |saga, trip| {
            let (after, _) = saga.choose_way(
                "Early",
                trip.by_train.is_true(),
                |saga| saga.complete(trip.id).into(),
                |saga| saga.goes_on(trip.id),
            );
            saga = after;
        }
    );
}

/// Nests itself, by way of another.
#[derive(Saga)]
struct Endless;

#[derive(Saga)]
struct Between;

macro_rules! nests {
    ($($saga:ident: $nested:ident;)*) => {$(
        impl Saga for $saga {
            type Input = super::Policy;
            type Output = ();

            fn define<'s>(mut saga: Flow<'s, '_>, policy: Ref<'s, super::Policy>) -> Completed<'s, ()> {
                saga.read($nested::call(policy));
                saga.complete(())
            }
        }
    )*};
}

nests! {
    Endless: Between;
    Between: Endless;
}

#[test]
fn a_saga_does_not_nest_itself() {
    check!("`Endless` nests itself", |saga, trip| {
        saga.read(Endless::call(super::PolicyRef { trip: trip.id }));
    });
}

#[test]
fn who_knows_better_says_why() {
    check!(
        "this call says otherwise than its step whether it was done, and not why",
        |saga, trip| {
            let check = super::CheckRef { trip: trip.id };
            saga.read(check.outcome(super::TripErrorKind::TooDear, Outcome::Unknown, " "));
        }
    );
}
