//! What becomes of an execution that is aborted: sealed, read, undone, or left to an operator.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking, and its steps say little"
)]

#[path = "recovery/deeper.rs"]
mod deeper;
#[path = "recovery/large.rs"]
mod large;
#[path = "recovery/nested.rs"]
mod nested;
#[path = "recovery/shapes.rs"]
mod shapes;

use std::sync::{Arc, Mutex};

use saga_dsl::prelude::*;
use saga_local::saga::Ending;
use saga_local::testing::{SagaResult, SagaTest};
use serde::{Deserialize, Serialize};

/// What the handlers did, in order.
#[derive(Default)]
pub struct Ledger(Mutex<Vec<String>>);

impl App for Ledger {
    async fn start() -> Result<Self, BoxError> {
        Ok(Self::default())
    }
}

impl Ledger {
    fn note(&self, what: &str) {
        self.0.lock().unwrap().push(what.to_owned());
    }
}

#[derive(Clone, Serialize, Deserialize, SagaData)]
pub struct Trip {
    pub id: String,
}

#[derive(Serialize, Deserialize, SagaData)]
pub struct Booked {
    pub seat: String,
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Booked, compensation = CancelTrain, app = Ledger, timeout = "10s")]
pub struct Train {
    pub id: String,
}

impl Handler for Train {
    async fn handle(self, app: &Ledger, _: &Context) -> Result<Booked, Never> {
        app.note("Train");
        Ok(Booked {
            seat: format!("Train of {}", self.id),
        })
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(app = Ledger, timeout = "10s")]
pub struct CancelTrain {
    pub id: String,
    pub seat: Option<String>,
}

impl Handler for CancelTrain {
    async fn handle(self, app: &Ledger, _: &Context) -> Result<(), Never> {
        app.note(&format!("CancelTrain {}", self.seat.unwrap_or_default()));
        Ok(())
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Booked, compensation = CancelHotel, app = Ledger, timeout = "10s")]
pub struct Hotel {
    pub id: String,
}

impl Handler for Hotel {
    async fn handle(self, app: &Ledger, _: &Context) -> Result<Booked, Never> {
        app.note("Hotel");
        Ok(Booked {
            seat: format!("Hotel of {}", self.id),
        })
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(app = Ledger, timeout = "10s")]
pub struct CancelHotel {
    pub id: String,
    pub seat: Option<String>,
}

impl Handler for CancelHotel {
    async fn handle(self, app: &Ledger, _: &Context) -> Result<(), Never> {
        app.note(&format!("CancelHotel {}", self.seat.unwrap_or_default()));
        Ok(())
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Booked, compensation = CancelMuseum, app = Ledger, timeout = "10s", unfenced = "naturally idempotent because tickets are numbered")]
pub struct Museum {
    pub id: String,
}

impl Handler for Museum {
    async fn handle(self, app: &Ledger, _: &Context) -> Result<Booked, Never> {
        app.note("Museum");
        Ok(Booked {
            seat: format!("Museum of {}", self.id),
        })
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(app = Ledger, timeout = "10s", unfenced = "naturally idempotent because tickets are numbered")]
pub struct CancelMuseum {
    pub id: String,
    pub seat: Option<String>,
}

impl Handler for CancelMuseum {
    async fn handle(self, app: &Ledger, _: &Context) -> Result<(), Never> {
        app.note(&format!("CancelMuseum {}", self.seat.unwrap_or_default()));
        Ok(())
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Booked, app = Ledger, timeout = "10s")]
pub struct Pay {
    pub id: String,
    pub seat: String,
}

impl Handler for Pay {
    async fn handle(self, app: &Ledger, _: &Context) -> Result<Booked, Never> {
        app.note("Pay");
        Ok(Booked { seat: self.seat })
    }
}

/// Two steps and a pivot.
#[derive(Saga)]
pub struct Journey;

impl Saga for Journey {
    type Input = Trip;
    type Output = Trip;

    fn define<'s>(mut saga: Flow<'s, '_>, trip: Ref<'s, Trip>) -> Completed<'s, Trip> {
        let train = saga.step(TrainRef { id: trip.id }.compensate(|train| CancelTrainRef {
            id: trip.id,
            seat: train.map(|train| train.seat),
        }));
        saga.step(HotelRef { id: trip.id }.compensate(|_| CancelHotelRef {
            id: trip.id,
            seat: train.seat.into(),
        }));
        let (saga, _) = saga.pivot(PayRef {
            id: trip.id,
            seat: train.seat,
        });
        saga.complete(TripRef { id: trip.id })
    }
}

/// A step whose effect has no fence.
#[derive(Saga)]
pub struct Outing;

impl Saga for Outing {
    type Input = Trip;
    type Output = Trip;

    fn define<'s>(mut saga: Flow<'s, '_>, trip: Ref<'s, Trip>) -> Completed<'s, Trip> {
        saga.step(TrainRef { id: trip.id }.compensate(|train| CancelTrainRef {
            id: trip.id,
            seat: train.map(|train| train.seat),
        }));
        saga.step(
            MuseumRef { id: trip.id }.compensate(|ticket| CancelMuseumRef {
                id: trip.id,
                seat: ticket.map(|ticket| ticket.seat),
            }),
        );
        saga.complete(TripRef { id: trip.id })
    }
}

/// Aborts a saga while a step runs; gives what the handlers did, too.
async fn aborted<S: Saga>(step: &str) -> (SagaResult, Vec<String>) {
    ran::<S>(|test| test.abort(step)).await
}

/// The same, and an operator redrives what waits for it.
async fn redriven<S: Saga>(step: &str) -> (SagaResult, Vec<String>) {
    ran::<S>(|test| test.abort(step).redrive()).await
}

async fn ran<S: Saga>(test: impl FnOnce(SagaTest) -> SagaTest) -> (SagaResult, Vec<String>) {
    let ledger = Arc::new(Ledger::default());
    let saga = SagaTest::of::<S>().app(Arc::clone(&ledger));
    let ended = test(saga).run(serde_json::json!({ "id": "7" })).await;
    let done = ledger.0.lock().unwrap().clone();
    (ended, done)
}

#[track_caller]
fn check(found: &(SagaResult, Vec<String>), ending: Ending, done: &[&str]) {
    let (result, ledger) = found;
    let Some((recovered, states)) = result.recovery() else {
        panic!("no recovery of {:?}", result.failure());
    };
    assert_eq!(recovered, ending, "{states:?}");
    assert_eq!(ledger, done);
}

#[tokio::test]
async fn what_was_done_is_undone_in_reverse_with_what_it_answered() {
    let found = aborted::<Journey>("Hotel").await;
    let done = [
        "Train",
        "Hotel",
        "CancelHotel Train of 7",
        "CancelTrain Train of 7",
    ];
    check(&found, Ending::Compensated, &done);
}

#[tokio::test]
async fn what_was_not_done_is_not_undone_and_not_done_any_more() {
    let found = aborted::<Journey>("Train").await;
    check(
        &found,
        Ending::Compensated,
        &["Train", "CancelTrain Train of 7"],
    );
    let hotel = found
        .0
        .fences()
        .into_iter()
        .find(|row| row["instance"] == "Hotel");
    assert_eq!(
        hotel.map(|row| row["stage"].clone()),
        Some("tombstone".into())
    );
}

#[tokio::test]
async fn the_fences_of_a_recovered_saga_expire_after_90_days() {
    let (result, _) = aborted::<Journey>("Train").await;
    let ninety_days = 90 * 24 * 60 * 60;
    for row in result.fences() {
        let expires = row["expires"].as_i64().unwrap_or_default();
        assert!(expires > 1_767_225_600 + ninety_days, "{row}");
    }
}

#[tokio::test]
async fn past_the_pivot_an_operator_decides() {
    let found = aborted::<Journey>("Pay").await;
    check(&found, Ending::Parked, &["Train", "Hotel", "Pay"]);
    let messages = found.0.queue("ParkedQueue");
    assert_eq!(messages.len(), 1);
    let body = &messages[0].body;
    assert!(
        body["reason"]
            .as_str()
            .is_some_and(|why| why.contains("the pivot was passed"))
    );
    assert!(
        body["redriveExecution"]
            .as_str()
            .is_some_and(|how| how.contains("execution:Journey:test"))
    );
    // Nothing is sealed: the execution itself can be redriven.
    assert!(found.0.fences().iter().all(|row| row["sealed"].is_null()));
}

#[tokio::test]
async fn an_effect_that_is_not_to_be_seen_is_asked_about() {
    let found = aborted::<Outing>("Museum").await;
    check(&found, Ending::Parked, &["Train", "Museum"]);
    let body = &found.0.queue("ParkedQueue")[0].body;
    assert!(
        body["reason"]
            .as_str()
            .is_some_and(|why| why.contains("`Museum`"))
    );
}

/// The operator has seen to the museum, and redrives the recovery: it undoes the rest.
#[tokio::test]
async fn a_recovery_that_asked_goes_on_once_it_is_redriven() {
    let found = redriven::<Outing>("Museum").await;
    let done = ["Train", "Museum", "CancelTrain Train of 7"];
    check(&found, Ending::Compensated, &done);
}
