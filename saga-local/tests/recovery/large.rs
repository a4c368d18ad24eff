//! Outcomes of branches and items that are larger than a state may hand on (262,144 bytes): what was done is undone
//! all the same, with what the fences keep.

use std::time::Duration;

use saga_dsl::prelude::*;
use saga_local::saga::Ending;
use serde::{Deserialize, Serialize};

use super::Ledger;
use super::shapes::{BookRef, Cancel, CancelRef, Ticket, Tour, book, run};

/// Answers with more than half of what a state may hand on.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Ticket, compensation = Cancel, app = Ledger, timeout = "10s")]
pub struct Print {
    pub what: String,
}

impl Handler for Print {
    async fn handle(self, app: &Ledger, _: &Context) -> Result<Ticket, Never> {
        app.note(&self.what);
        Ok(Ticket {
            number: "#".repeat(150_000),
        })
    }
}

/// Prints something; its undo reads the ticket if it is there.
macro_rules! print {
    ($saga:expr, $name:literal) => {
        $saga.step(
            PrintRef { what: $name.into() }
                .named($name)
                .compensate(|ticket| CancelRef {
                    what: $name.into(),
                    ticket: ticket.map(|_| $name.into()),
                    told: ticket.map(|ticket| ticket.number),
                }),
        )
    };
}

/// The same, where undo requires what was printed before.
macro_rules! print_after {
    ($saga:expr, $name:literal, $before:expr) => {
        $saga.step(
            PrintRef { what: $name.into() }
                .named($name)
                .compensate(|ticket| CancelRef {
                    what: $name.into(),
                    ticket: $before.number.into(),
                    told: ticket.map(|_| $name.into()),
                }),
        )
    };
}

/// A branch whose outcome is too large alone, beside one that is not at its end then.
#[derive(Saga)]
pub struct Bursting;

impl Saga for Bursting {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        saga.both(
            "Prints",
            |saga| {
                print!(saga, "Poster");
                print!(saga, "Flyer")
            },
            |saga| {
                book!(saga, "Early", tour.id.into());
                saga.wait("Rest", Duration::from_secs(3_600));
                book!(saga, "Late", tour.id.into())
            },
        );
        saga.complete(tour)
    }
}

/// The other branch is stopped on its way. What it did is undone, and what it had not done is refused from then on.
#[tokio::test]
async fn a_branch_that_is_stopped_is_undone_and_does_nothing_more() {
    let (result, done) = run::<Bursting>(|test| test).await;
    let all = ["Poster", "Early", "Flyer", "-Early  T", "-Flyer", "-Poster"];
    assert_eq!(done, all);
    assert_eq!(
        result.ending(),
        Ending::Compensated,
        "{:?}",
        result.states()
    );
    let fences = result.fences();
    let late = fences.iter().find(|row| row["instance"] == "Late");
    assert_eq!(
        late.map(|row| row["stage"].clone()),
        Some("tombstone".into())
    );
}

/// Items whose outcomes are too large together.
#[derive(Saga)]
pub struct Editions;

impl Saga for Editions {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        book!(saga, "Visa", tour.id.into());
        let rooms = tour.rooms.at_most(3).at_a_time(1);
        saga.map("Editions", rooms, |saga, room| {
            print!(saga, "Poster");
            book!(saga, "Frame", room, room.into())
        });
        saga.complete(tour)
    }
}

#[tokio::test]
async fn items_are_undone_whose_outcomes_are_lost() {
    let (result, done) = run::<Editions>(|test| test).await;
    let all = [
        "Visa",
        "Poster",
        "a",
        "Poster",
        "b",
        "Poster",
        "c", // Forward.
        "-a  a",
        "-Poster",
        "-b  b",
        "-Poster",
        "-c  c",
        "-Poster",
        "-Visa #Visa T",
    ];
    assert_eq!(done, all);
    let states = result.states();
    assert_eq!(result.ending(), Ending::Compensated, "{states:?}");
}

/// A branch, and items, in which undo requires what was lost.
#[derive(Saga)]
pub struct Requiring;

impl Saga for Requiring {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        book!(saga, "Visa", tour.id.into());
        saga.both(
            "Prints",
            |saga| {
                let poster = print!(saga, "Poster");
                print_after!(saga, "Flyer", poster)
            },
            |saga| book!(saga, "Early", tour.id.into()),
        );
        saga.complete(tour)
    }
}

#[derive(Saga)]
pub struct RequiringItems;

impl Saga for RequiringItems {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        book!(saga, "Visa", tour.id.into());
        let rooms = tour.rooms.at_most(3).at_a_time(1);
        saga.map("Editions", rooms, |saga, _| {
            let poster = print!(saga, "Poster");
            print_after!(saga, "Flyer", poster)
        });
        saga.complete(tour)
    }
}

/// The undo is parked, since its arguments lack what it requires; the recovery takes that from the fences. What was
/// cancelled is told shortly: the ticket that undo was handed is as long as it was printed.
async fn check<S: Saga>(expected: &[&str]) {
    let (result, done) = run::<S>(|test| test).await;
    let shortly = done.iter().map(|told| {
        let ticket = told.matches('#').count();
        match ticket > 1_000 {
            true => told.replace(&"#".repeat(ticket), "ticket"),
            false => told.clone(),
        }
    });
    assert_eq!(shortly.collect::<Vec<_>>(), expected);
    assert_eq!(result.ending(), Ending::Parked);
    let Some((recovered, states)) = result.recovery() else {
        panic!("it is not recovered");
    };
    assert_eq!(recovered, Ending::Compensated, "{states:?}");
    let messages = result.queue("ParkedQueue");
    let help = messages
        .first()
        .and_then(|message| message.body.get("help"));
    let help = help.and_then(serde_json::Value::as_str).unwrap_or_default();
    assert!(help.contains("recovery"), "{messages:?}");
}

#[tokio::test]
async fn what_undo_requires_is_taken_from_the_fences() {
    check::<Requiring>(&[
        "Visa",
        "Poster",
        "Early",
        "Flyer",
        "-Early  T",
        "-Flyer ticket Flyer",
        "-Poster Poster ticket",
        "-Visa #Visa T",
    ])
    .await;
}

#[tokio::test]
async fn what_undo_of_items_requires_is_taken_from_the_fences() {
    // The first item alone has too much to hand on.
    check::<RequiringItems>(&[
        "Visa",
        "Poster",
        "Flyer",
        "-Flyer ticket Flyer",
        "-Poster Poster ticket",
        "-Visa #Visa T",
    ])
    .await;
}
