//! Executions of nested sagas that were stopped with their caller's, or by it.

use std::time::Duration;

use saga_dsl::prelude::*;
use saga_local::saga::Ending;

use saga_asl::model::StateMachine;
use saga_compiler::Definition;
use serde_json::Value;

use super::shapes::{BookRef, Cancel, CancelRef, Tour, TourRef, book, check, run};

/// Books a train, rests, and books a hotel.
#[derive(Saga)]
#[saga(compensation = Cancel)]
pub struct Staying;

impl Saga for Staying {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        book!(saga, "Train", tour.id.into());
        saga.wait("Rest", Duration::from_secs(3_600));
        book!(saga, "Hotel", tour.id.into());
        saga.complete(tour)
    }
}

/// Books a visa, runs the other, books a museum, and pays.
#[derive(Saga)]
pub struct Travelling;

impl Saga for Travelling {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        book!(saga, "Visa", tour.id.into());
        let tour_again = TourRef {
            id: tour.id,
            heavy: tour.heavy,
            rooms: tour.rooms,
        };
        saga.step(
            Staying::call(tour_again)
                .named("Stay")
                .compensate(|_| CancelRef {
                    what: "Stay".into(),
                    ticket: tour.id.into(),
                    told: tour.id.into(),
                }),
        );
        book!(saga, "Museum", tour.id.into());
        let (saga, _) = saga.pivot(BookRef { what: "Pay".into() }.named("Pay"));
        saga.complete(tour)
    }
}

#[tokio::test]
async fn a_caller_and_what_it_runs_are_undone_together() {
    let found = run::<Travelling>(|test| test.abort("Staying/Train")).await;
    let done: &[&str] = &["Visa", "Train", "-Train #Train T", "-Visa #Visa T"];
    check(&found, Ending::Compensated, &[done]);
    let nested = [("StayingRecovery", Ending::Completed)];
    assert_eq!(found.0.nested_recoveries(), nested);
}

#[tokio::test]
async fn what_it_ran_to_its_end_is_undone_by_its_compensation() {
    let found = run::<Travelling>(|test| test.abort("Museum")).await;
    let done: &[&str] = &[
        "Visa",
        "Train",
        "Hotel",
        "Museum",
        "-Museum #Museum T",
        "-Stay T T",
        "-Visa #Visa T",
    ];
    check(&found, Ending::Compensated, &[done]);
}

/// Lets the task time out that runs the other saga, while that rests.
fn hurry(definitions: &mut Vec<Definition>) {
    for definition in definitions {
        let text = definition.machine.to_pretty();
        let mut machine: Value = serde_json::from_str(&text).unwrap();
        if let Some(seconds) = machine.pointer_mut("/States/Stay/TimeoutSeconds") {
            *seconds = 1_800.into();
            let changed = saga_asl::json::Value::from(machine);
            definition.machine = StateMachine::from_value(&changed).unwrap();
        }
    }
}

/// Step Functions stops what a task runs that timed out. Its own recovery undoes that; the caller waits for an
/// operator, and goes back once it is redriven.
#[tokio::test]
async fn what_a_caller_stopped_is_undone_and_a_redrive_undoes_the_caller() {
    let stopped = || run::<Travelling>(|test| test.change(hurry));
    let (result, done) = stopped().await;
    assert_eq!(result.ending(), Ending::Parked);
    assert_eq!(done, ["Visa", "Train", "-Train #Train T"]);
    let nested = [("StayingRecovery", Ending::Completed)];
    assert_eq!(result.nested_recoveries(), nested);
    let (result, done) = run::<Travelling>(|test| test.change(hurry).redrive()).await;
    assert_eq!(result.ending(), Ending::Compensated);
    assert_eq!(done, ["Visa", "Train", "-Train #Train T", "-Visa #Visa T"]);
}
