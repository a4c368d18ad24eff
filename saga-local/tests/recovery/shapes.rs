//! Sagas of every shape, aborted anywhere: what was done is undone, the last step first, and nothing else is.

use std::sync::Arc;
use std::time::Duration;

use saga_dsl::prelude::*;
use saga_local::saga::Ending;
use saga_local::testing::{SagaResult, SagaTest};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Ledger;

#[derive(Clone, Serialize, Deserialize, SagaData)]
pub struct Tour {
    pub id: String,
    pub heavy: bool,
    pub rooms: Vec<String>,
}

#[derive(Serialize, Deserialize, SagaData)]
pub struct Ticket {
    pub number: String,
}

/// Books something; its tickets are numbered.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Ticket, compensation = Cancel, app = Ledger, timeout = "10s")]
pub struct Book {
    pub what: String,
}

impl Handler for Book {
    async fn handle(self, app: &Ledger, _: &Context) -> Result<Ticket, Never> {
        app.note(&self.what);
        Ok(Ticket {
            number: format!("#{}", self.what),
        })
    }
}

/// Cancels it, by its ticket and by what else it was told.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(app = Ledger, timeout = "10s")]
pub struct Cancel {
    pub what: String,
    pub ticket: Option<String>,
    pub told: Option<String>,
}

impl Handler for Cancel {
    async fn handle(self, app: &Ledger, _: &Context) -> Result<(), Never> {
        let ticket = self.ticket.unwrap_or_default();
        let told = self.told.unwrap_or_default();
        app.note(format!("-{} {ticket} {told}", self.what).trim_end());
        Ok(())
    }
}

/// Has no effect, and so no fence.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Ticket, app = Ledger, timeout = "10s")]
pub struct Quote {
    pub what: String,
}

impl Handler for Quote {
    async fn handle(self, _: &Ledger, _: &Context) -> Result<Ticket, Never> {
        Ok(Ticket {
            number: format!("quote of {}", self.what),
        })
    }
}

/// Books something under the step's name, or this one; its undo is told this besides the ticket.
macro_rules! book {
    ($saga:expr, $name:literal, $told:expr) => {
        book!($saga, $name, $name, $told)
    };
    ($saga:expr, $name:literal, $what:expr, $told:expr) => {{
        let what = $what;
        $saga.step(
            BookRef { what: what.into() }
                .named($name)
                .compensate(|ticket| CancelRef {
                    what: what.into(),
                    ticket: ticket.map(|ticket| ticket.number),
                    told: $told,
                }),
        )
    }};
}

pub(crate) use book;

/// All shapes: a read, branches, cases, items, a pause, tries.
#[derive(Saga)]
pub struct Touring;

impl Saga for Touring {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        let quote = saga.read(QuoteRef { what: tour.id });
        book!(saga, "Visa", quote.number.into());
        let (train, _) = saga.both(
            "Travel",
            |saga| book!(saga, "Train", quote.number.into()),
            |saga| {
                let bus = book!(saga, "Bus", quote.number.into());
                book!(saga, "Ferry", bus.number.into())
            },
        );
        let luggage = saga.choose(
            "Luggage",
            tour.heavy.is_true(),
            |saga| book!(saga, "Van", train.number.into()),
            |saga| book!(saga, "Bag", train.number.into()),
        );
        saga.map("Rooms", tour.rooms.at_most(5).at_a_time(1), |saga, room| {
            let booked = book!(saga, "Room", room, luggage.number.into());
            book!(saga, "Key", room, booked.number.into());
            booked
        });
        saga.wait("Rest", Duration::from_secs(3_600));
        let guided = saga.savepoint("Guided", 2, |saga| {
            book!(saga, "Guide", luggage.number.into());
            book!(saga, "Bike", luggage.number.into())
        });
        book!(saga, "Museum", guided.number.into());
        let (saga, _) = saga.pivot(BookRef { what: "Pay".into() }.named("Pay"));
        saga.complete(tour)
    }
}

pub async fn run<S: Saga>(test: impl FnOnce(SagaTest) -> SagaTest) -> (SagaResult, Vec<String>) {
    let ledger = Arc::new(Ledger::default());
    let saga = SagaTest::of::<S>().app(Arc::clone(&ledger));
    let ended = test(saga)
        .run(json!({ "id": "T", "heavy": true, "rooms": ["a", "b", "c"] }))
        .await;
    let done = ledger.0.lock().unwrap().clone();
    (ended, done)
}

/// What was done, and the tail of the undo that follows it whatever came last.
const BEFORE: &[&str] = &["Visa", "Train", "Bus", "Ferry", "Van"];
const UNDO: &[&str] = &[
    "-Van #Van #Train",
    "-Ferry #Ferry #Bus",
    "-Bus #Bus quote of T",
    "-Train #Train quote of T",
    "-Visa #Visa quote of T",
];

pub fn all(parts: &[&[&str]]) -> Vec<String> {
    parts
        .iter()
        .copied()
        .flatten()
        .map(|text| (*text).to_owned())
        .collect()
}

#[track_caller]
pub fn check((result, done): &(SagaResult, Vec<String>), ending: Ending, expected: &[&[&str]]) {
    let Some((recovered, states)) = result.recovery() else {
        panic!("no recovery of {:?}", result.failure());
    };
    assert_eq!(done, &all(expected), "{states:?}");
    assert_eq!(recovered, ending, "{states:?}");
}

const ROOMS: &[&str] = &["a", "a", "b", "b", "c", "c"];
const UNDO_ROOMS: &[&str] = &[
    "-a #a #a",
    "-a #a #Van",
    "-b #b #b",
    "-b #b #Van",
    "-c #c #c",
    "-c #c #Van",
];

#[tokio::test]
async fn branches_are_undone_as_far_as_they_came() {
    let found = run::<Touring>(|test| test.abort("Bus")).await;
    let done: &[&str] = &["Visa", "Train", "Bus"];
    check(&found, Ending::Compensated, &[done, &UNDO[2..]]);
}

#[tokio::test]
async fn of_the_cases_the_one_is_undone_that_was_taken() {
    let found = run::<Touring>(|test| test.abort("Van")).await;
    check(&found, Ending::Compensated, &[BEFORE, UNDO]);
}

#[tokio::test]
async fn items_are_undone_that_were_begun() {
    let found = run::<Touring>(|test| test.abort("Room[1]")).await;
    let done: &[&str] = &["a", "a", "b"];
    let undone: &[&str] = &["-a #a #a", "-a #a #Van", "-b #b #Van"];
    check(&found, Ending::Compensated, &[BEFORE, done, undone, UNDO]);
    // The third item is not done any more.
    let fences = found.0.fences();
    let third = fences.iter().find(|row| row["instance"] == "Room/Rooms[2]");
    assert_eq!(
        third.map(|row| row["stage"].clone()),
        Some("tombstone".into())
    );
}

#[tokio::test]
async fn the_try_is_undone_that_was_not_undone_yet() {
    let found = run::<Touring>(|test| test.fail("Bike", "Broken").abort("GuideTry2")).await;
    let done: &[&str] = &["Guide", "-Guide #Guide #Van", "Guide"];
    let undone: &[&str] = &["-Guide #Guide #Van"];
    check(
        &found,
        Ending::Compensated,
        &[BEFORE, ROOMS, done, undone, UNDO_ROOMS, UNDO],
    );
}

#[tokio::test]
async fn what_undo_had_begun_to_undo_is_undone_once() {
    let found = run::<Touring>(|test| test.fail("Museum", "Closed").abort("UndoGuide")).await;
    let done: &[&str] = &["Guide", "Bike"];
    let undone: &[&str] = &["-Bike #Bike #Van", "-Guide #Guide #Van"];
    check(
        &found,
        Ending::Compensated,
        &[BEFORE, ROOMS, done, undone, UNDO_ROOMS, UNDO],
    );
}

#[tokio::test]
async fn a_redrive_of_what_was_recovered_does_nothing_more() {
    for step in ["Ferry", "Room[1]"] {
        let recovered = run::<Touring>(|test| test.abort(step)).await;
        let redriven = run::<Touring>(|test| test.abort(step).redrive()).await;
        assert_eq!(redriven.1, recovered.1, "{step}");
        assert_eq!(redriven.0.ending(), Ending::Compensated, "{step}");
    }
}
