//! Shapes within shapes, aborted anywhere: one table of where, and what is done and undone.

use std::time::Duration;

use saga_dsl::prelude::*;
use saga_local::saga::Ending;
use saga_local::testing::{SagaResult, SagaTest};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Ledger;
use super::nested::Staying;
use super::shapes::{BookRef, CancelRef, QuoteRef, Tour, TourRef, all, book, run};

/// A map of rooms in a map of floors, and a museum.
#[derive(Saga)]
pub struct Housing;

impl Saga for Housing {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        book!(saga, "Visa", tour.id.into());
        let floors = tour.rooms.at_most(3).at_a_time(1);
        saga.map("Floors", floors, |saga, floor| {
            let booked = book!(saga, "Floor", floor, tour.id.into());
            let rooms = tour.rooms.at_most(3).at_a_time(1);
            saga.map("Rooms", rooms, |saga, room| {
                book!(saga, "Room", room, booked.number.into())
            });
            book!(saga, "Lift", booked.number, floor.into())
        });
        book!(saga, "Museum", tour.id.into());
        let (saga, _) = saga.pivot(BookRef { what: "Pay".into() }.named("Pay"));
        saga.complete(tour)
    }
}

/// Two ways, each with a pivot of its own.
#[derive(Saga)]
pub struct Paying;

impl Saga for Paying {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        book!(saga, "Visa", tour.id.into());
        let (mut saga, _) = saga.choose_way(
            "HowToPay",
            tour.heavy.is_true(),
            |mut saga| {
                book!(saga, "Deposit", tour.id.into());
                let now = BookRef { what: "Now".into() }.named("PayNow");
                let (saga, paid) = saga.pivot(now);
                saga.goes_on(paid)
            },
            |saga| {
                let later = BookRef {
                    what: "Later".into(),
                };
                let (saga, paid) = saga.pivot(later.named("PayLater"));
                saga.goes_on(paid)
            },
        );
        saga.forward(
            BookRef {
                what: "Tell".into(),
            }
            .named("Tell"),
        );
        saga.complete(tour)
    }
}

/// Its effect has no fence.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(app = Ledger, timeout = "10s", unfenced = "naturally idempotent because tolls are paid once a day")]
pub struct Toll {
    pub id: String,
}

impl Handler for Toll {
    async fn handle(self, app: &Ledger, _: &Context) -> Result<(), Never> {
        app.note("Toll");
        Ok(())
    }
}

/// A pivot without a fence, behind steps with one.
#[derive(Saga)]
pub struct Driving;

impl Saga for Driving {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        book!(saga, "Visa", tour.id.into());
        book!(saga, "Van", tour.id.into());
        let (saga, _) = saga.pivot(TollRef { id: tour.id });
        saga.complete(tour)
    }
}

/// A pivot without a fence, and nothing before it.
#[derive(Saga)]
pub struct Crossing;

impl Saga for Crossing {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        let (mut saga, _) = saga.pivot(TollRef { id: tour.id });
        saga.forward(
            BookRef {
                what: "Tell".into(),
            }
            .named("Tell"),
        );
        saga.complete(tour)
    }
}

/// A saga that each item of a map runs.
#[derive(Saga)]
pub struct Lodging;

impl Saga for Lodging {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        book!(saga, "Visa", tour.id.into());
        saga.map("Stays", tour.rooms.at_most(3).at_a_time(1), |saga, room| {
            let tour = TourRef {
                id: room,
                heavy: tour.heavy,
                rooms: tour.rooms,
            };
            let stay = Staying::call(tour).named("Stay");
            saga.step(stay.compensate(|_| CancelRef {
                what: "Stay".into(),
                ticket: room.into(),
                told: room.into(),
            }));
            book!(saga, "Key", room, room.into())
        });
        book!(saga, "Museum", tour.id.into());
        saga.complete(tour)
    }
}

#[derive(Serialize, Deserialize, SagaData)]
pub struct Wish {
    pub what: String,
}

#[derive(Serialize, Deserialize, SagaData)]
pub struct Word {
    pub by: String,
}

#[derive(Debug, thiserror::Error, SagaError)]
pub enum Refusal {
    #[error("it is too dear")]
    #[expect(dead_code, reason = "a person says it, not this code")]
    TooDear,
}

impl Request for Wish {
    type Answer = Word;
    type Refusal = Refusal;
}

#[derive(SagaQueue)]
#[queue(message = Question<Wish>)]
pub struct Wishes;

/// A question to people in each item of a map.
#[derive(Saga)]
pub struct Asking;

impl Saga for Asking {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        saga.map("Rooms", tour.rooms.at_most(3).at_a_time(1), |saga, room| {
            let booked = book!(saga, "Room", room, tour.id.into());
            let wish = Wishes::ask(WishRef { what: room });
            saga.approve("Approve", wish.within(MINUTE).or_fail());
            book!(saga, "Key", room, booked.number.into())
        });
        saga.complete(tour)
    }
}

/// The same, where undo reads what was answered.
#[derive(Saga)]
pub struct Quoting;

impl Saga for Quoting {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        saga.map("Rooms", tour.rooms.at_most(3).at_a_time(1), |saga, room| {
            let wish = Wishes::ask(WishRef { what: room });
            let word = saga.approve("Approve", wish.within(MINUTE).or_fail());
            book!(saga, "Room", room, word.by.into())
        });
        book!(saga, "Museum", tour.id.into());
        saga.complete(tour)
    }
}

const MINUTE: Duration = Duration::from_secs(60);

fn answered(test: SagaTest) -> SagaTest {
    test.answer("Approve", json!({ "by": "Ann" }))
}

/// A run of the saga with what goes wrong, how its recovery ends, and what was done until then.
type Case = (
    &'static str,
    fn(SagaTest) -> SagaTest,
    Ending,
    &'static [&'static str],
);

async fn check<S: Saga>(cases: &[Case]) {
    for (what, wrong, ending, expected) in cases {
        let (result, done) = run::<S>(wrong).await;
        let Some((recovered, states)) = result.recovery() else {
            panic!("{what}: no recovery of {:?}", result.failure());
        };
        let said = result.queue("ParkedQueue");
        assert_eq!(done, all(&[expected]), "{what}: {states:?} {said:?}");
        assert_eq!(recovered, *ending, "{what}: {states:?} {said:?}");
    }
}

#[tokio::test]
async fn maps_in_maps_are_undone_item_by_item() {
    check::<Housing>(&[
        (
            "in the first inner item",
            |test| test.abort("Room"),
            Ending::Compensated,
            &["Visa", "a", "a", "-a #a #a", "-a #a T", "-Visa #Visa T"],
        ),
        (
            "in the second inner one",
            |test| test.abort("Room[1]"),
            Ending::Compensated,
            &[
                "Visa",
                "a",
                "a",
                "b",
                "-a #a #a",
                "-b #b #a",
                "-a #a T",
                "-Visa #Visa T",
            ],
        ),
        (
            "in the second outer item, behind its inner ones",
            |test| test.abort("Lift[1]"),
            Ending::Compensated,
            &[
                "Visa",
                "a",
                "a",
                "b",
                "c",
                "#a",
                "b",
                "a",
                "b",
                "c",
                "#b", // Forward.
                "-#a ##a a",
                "-a #a #a",
                "-b #b #a",
                "-c #c #a",
                "-a #a T",
                "-#b ##b b",
                "-a #a #b",
                "-b #b #b",
                "-c #c #b",
                "-b #b T",
                "-Visa #Visa T",
            ],
        ),
        (
            "behind all of it",
            |test| test.abort("Museum"),
            Ending::Compensated,
            &[
                "Visa",
                "a",
                "a",
                "b",
                "c",
                "#a",
                "b",
                "a",
                "b",
                "c",
                "#b",
                "c",
                "a",
                "b",
                "c",
                "#c",
                "Museum", // Forward.
                "-Museum #Museum T",
                "-#a ##a a",
                "-a #a #a",
                "-b #b #a",
                "-c #c #a",
                "-a #a T",
                "-#b ##b b",
                "-a #a #b",
                "-b #b #b",
                "-c #c #b",
                "-b #b T",
                "-#c ##c c",
                "-a #a #c",
                "-b #b #c",
                "-c #c #c",
                "-c #c T",
                "-Visa #Visa T",
            ],
        ),
        (
            "at the pivot",
            |test| test.abort("Pay"),
            Ending::Parked,
            &[
                "Visa", "a", "a", "b", "c", "#a", "b", "a", "b", "c", "#b", "c", "a", "b", "c",
                "#c", "Museum", "Pay",
            ],
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_way_is_undone_only_before_its_pivot() {
    check::<Paying>(&[
        (
            "before the ways",
            |test| test.abort("Visa"),
            Ending::Compensated,
            &["Visa", "-Visa #Visa T"],
        ),
        (
            "on the way to a pivot",
            |test| test.abort("Deposit"),
            Ending::Compensated,
            &["Visa", "Deposit", "-Deposit #Deposit T", "-Visa #Visa T"],
        ),
        (
            "at the pivot",
            |test| test.abort("PayNow"),
            Ending::Parked,
            &["Visa", "Deposit", "Now"],
        ),
        (
            "behind it",
            |test| test.abort("Tell"),
            Ending::Parked,
            &["Visa", "Deposit", "Now", "Tell"],
        ),
    ])
    .await;
}

/// A redrive of what was recovered must not go on to either pivot, and one past the pivot goes on to the end.
#[tokio::test]
async fn pivots_of_ways_are_closed_where_neither_was_passed() {
    let (result, _) = run::<Paying>(|test| test.abort("Visa")).await;
    for pivot in ["PayNow", "PayLater"] {
        assert_eq!(stage(&result, pivot), Some("tombstone".into()), "{pivot}");
    }
    let (result, done) = run::<Paying>(|test| test.abort("PayNow").redrive()).await;
    assert_eq!(result.ending(), Ending::Completed);
    assert_eq!(done, ["Visa", "Deposit", "Now", "Tell"]);
}

#[tokio::test]
async fn a_pivot_without_a_fence_is_closed_by_the_one_before_it() {
    check::<Driving>(&[
        (
            "the step before the pivot is not done",
            |test| test.abort("Visa"),
            Ending::Compensated,
            &["Visa", "-Visa #Visa T"],
        ),
        (
            "it is done",
            |test| test.abort("Van"),
            Ending::Parked,
            &["Visa", "Van"],
        ),
        (
            "the pivot was passed",
            |test| test.abort("Toll"),
            Ending::Parked,
            &["Visa", "Van", "Toll"],
        ),
    ])
    .await;
    check::<Crossing>(&[(
        "there is none before it",
        |test| test.abort("Toll"),
        Ending::Parked,
        &["Toll"],
    )])
    .await;
    let (result, done) = run::<Driving>(|test| test.abort("Van").redrive()).await;
    assert_eq!(result.ending(), Ending::Completed);
    assert_eq!(done, ["Visa", "Van", "Toll"]);
}

#[tokio::test]
async fn sagas_that_items_run_are_undone() {
    check::<Lodging>(&[
        (
            "in the first one",
            |test| test.abort("Staying/Train"),
            Ending::Compensated,
            &["Visa", "Train", "-Train #Train a", "-Visa #Visa T"],
        ),
        (
            "behind the first one",
            |test| test.abort("Key"),
            Ending::Compensated,
            &[
                "Visa",
                "Train",
                "Hotel",
                "a",
                "-a #a a",
                "-Stay a a",
                "-Visa #Visa T",
            ],
        ),
        (
            "behind all",
            |test| test.abort("Museum"),
            Ending::Compensated,
            &[
                "Visa",
                "Train",
                "Hotel",
                "a",
                "Train",
                "Hotel",
                "b",
                "Train",
                "Hotel",
                "c",
                "Museum",
                "-Museum #Museum T",
                "-a #a a",
                "-Stay a a",
                "-b #b b",
                "-Stay b b",
                "-c #c c",
                "-Stay c c",
                "-Visa #Visa T",
            ],
        ),
    ])
    .await;
}

#[tokio::test]
async fn items_that_ask_people_are_undone() {
    check::<Asking>(&[
        (
            "while nobody was asked yet",
            |test| test.abort("Room"),
            Ending::Compensated,
            &["a", "-a #a T"],
        ),
        (
            "behind an answer",
            |test| answered(test).abort("Key[1]"),
            Ending::Compensated,
            &[
                "a", "a", "b", "b", // Forward.
                "-a #a #a", "-a #a T", "-b #b #b", "-b #b T",
            ],
        ),
    ])
    .await;
    // No fence keeps an answer, and one history is told of all items that did not end.
    check::<Quoting>(&[
        (
            "in an item",
            |test| answered(test).abort("Room[1]"),
            Ending::Parked,
            &["a", "b"],
        ),
        (
            "behind all",
            |test| answered(test).abort("Museum"),
            Ending::Compensated,
            &[
                "a",
                "b",
                "c",
                "Museum", // Forward.
                "-Museum #Museum T",
                "-a #a Ann",
                "-b #b Ann",
                "-c #c Ann",
            ],
        ),
    ])
    .await;
}

/// Behind its last fence nothing refuses to go on.
#[derive(Saga)]
pub struct Resting;

impl Saga for Resting {
    type Input = Tour;
    type Output = Tour;

    fn define<'s>(mut saga: Flow<'s, '_>, tour: Ref<'s, Tour>) -> Completed<'s, Tour> {
        book!(saga, "Visa", tour.id.into());
        saga.read(QuoteRef { what: tour.id });
        saga.complete(tour)
    }
}

/// A redrive of what was recovered completes what is undone: an operator is told, until the recovery is redriven.
#[tokio::test]
async fn a_redrive_that_no_fence_refuses_is_told_of() {
    let (result, done) = run::<Resting>(|test| test.abort("Quote").redrive()).await;
    assert_eq!(done, ["Visa", "-Visa #Visa T"]);
    let (recovered, states) = result.recovery().unwrap();
    assert_eq!(recovered, Ending::Parked, "{states:?}");
    let told = result.queue("ParkedQueue");
    let reason = told[0].body["reason"].as_str().unwrap_or_default();
    assert!(
        reason.contains("completed after it had been recovered"),
        "{told:?}"
    );
}

fn stage(result: &SagaResult, instance: &str) -> Option<serde_json::Value> {
    let fences = result.fences();
    let fence = fences.iter().find(|row| row["instance"] == instance);
    fence.map(|row| row["stage"].clone())
}
