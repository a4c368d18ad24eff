//! Sagas written with the DSL that run others and ask people: from the author's lines to their end.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use saga_dsl::prelude::*;
use saga_local::saga::Ending;
use saga_local::testing::SagaTest;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Serialize, Deserialize, SagaData)]
struct Trip {
    id: String,
    price: u32,
}

#[derive(Serialize, Deserialize, SagaData)]
struct Policy {
    trip: String,
}

#[derive(Serialize, Deserialize, SagaData)]
struct Booked {
    id: String,
}

#[derive(Serialize, Deserialize, SagaData)]
struct Expense {
    price: u32,
}

#[derive(Serialize, Deserialize, SagaData)]
struct Decision {
    by: String,
}

#[derive(Debug, thiserror::Error, SagaError)]
enum TripError {
    #[error("the trip is too dear")]
    #[expect(dead_code, reason = "a person says it, not this code")]
    TooDear,
}

impl Request for Expense {
    type Answer = Decision;
    type Refusal = TripError;
}

#[derive(SagaQueue)]
#[queue(message = Question<Expense>)]
struct Questions;

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Booked, compensation = Cancel, timeout = "10s")]
struct Reserve {
    trip: String,
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(timeout = "10s")]
struct Cancel {
    id: Option<String>,
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(timeout = "10s")]
struct Pay {
    price: u32,
}

impl Handler for Reserve {
    async fn handle(self, _: &(), cx: &Context) -> Result<Booked, Never> {
        // The key names the whole way to the step.
        let key = cx.idempotency_key();
        let instance = key.split_once("execution:Travel:test/").unwrap().1;
        Ok(Booked {
            id: format!("{} for {}", instance, self.trip),
        })
    }
}

impl Handler for Cancel {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

impl Handler for Pay {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

/// Insures a trip.
#[derive(Saga)]
#[saga(compensation = Cancel)]
struct Insuring;

impl Saga for Insuring {
    type Input = Policy;
    type Output = Booked;

    fn define<'s>(mut saga: Flow<'s, '_>, policy: Ref<'s, Policy>) -> Completed<'s, Booked> {
        let reserve = ReserveRef { trip: policy.trip }.named("Insure");
        let insured = saga.step(reserve.compensate(|booked| CancelRef {
            id: booked.map(|booked| booked.id),
        }));
        saga.complete(insured)
    }
}

/// Books a trip that somebody has approved, insured.
#[derive(Saga)]
struct Travel;

impl Saga for Travel {
    type Input = Trip;
    type Output = Booked;

    fn define<'s>(mut saga: Flow<'s, '_>, trip: Ref<'s, Trip>) -> Completed<'s, Booked> {
        saga.step(ReserveRef { trip: trip.id }.compensate(|booked| CancelRef {
            id: booked.map(|booked| booked.id),
        }));
        let insured = saga.step(Insuring::call(PolicyRef { trip: trip.id }).compensate(
            |insured| CancelRef {
                id: insured.map(|insured| insured.id),
            },
        ));
        let question = Questions::ask(ExpenseRef { price: trip.price });
        let day = Duration::from_secs(86_400);
        saga.approve("Approve", question.within(day).or_fail());
        let (saga, _) = saga.pivot(PayRef { price: trip.price });
        saga.complete(insured)
    }
}

fn trip() -> Trip {
    Trip {
        id: "7".into(),
        price: 300,
    }
}

#[tokio::test]
async fn an_approved_trip_is_insured_under_its_own_key() {
    let test = SagaTest::of::<Travel>().answer("Approve", json!({ "by": "Ann" }));
    let ended = test.run(trip()).await;
    assert_eq!(ended.ending(), Ending::Completed);
    assert_eq!(ended.output::<Booked>().id, "Insuring/Insure for 7");
    assert_eq!(ended.queue("Questions").len(), 1);
}

#[tokio::test]
async fn a_refused_trip_is_undone_with_its_insurance() {
    let test = SagaTest::of::<Travel>().reject("Approve", "TooDear");
    let ended = test.run(trip()).await;
    assert_eq!(ended.ending(), Ending::Compensated);
    let states = [
        "Reserve",
        "Insuring",
        "Approve",
        "UndoInsuring",
        "UndoReserve",
        "TravelFailed",
    ];
    assert_eq!(ended.states(), states);
}

#[tokio::test]
async fn an_insurance_that_undid_itself_is_not_cancelled() {
    let test = SagaTest::of::<Travel>().timeout("Insuring/Insure");
    let ended = test.run(trip()).await;
    assert_eq!(ended.ending(), Ending::Compensated);
    let states = ["Reserve", "Insuring", "UndoReserve", "TravelFailed"];
    assert_eq!(ended.states(), states);
}
