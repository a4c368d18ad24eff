//! Handlers in a test have the environment that the template gives their functions.

#![allow(missing_docs, reason = "the types are the test's own")]

use std::sync::Arc;

use saga_dsl::prelude::*;
use saga_local::saga::Ending;
use saga_local::testing::SagaTest;
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize, SagaData)]
pub struct Trip {
    pub trip_id: String,
}

#[derive(Serialize, Deserialize, SagaData)]
pub struct Row {
    pub trip_id: String,
}

#[derive(SagaTable)]
#[table(item = Row, partition_key = trip_id: String, isolation = none("a trip is one saga's own"))]
pub struct Trips;

#[derive(SagaTopic)]
#[topic(message = Row)]
pub struct Booked;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Seen {
    pub table: String,
    pub topic: String,
    pub address: String,
    pub at_start: String,
}

/// What the handler's process was told when it started.
pub struct Started(String);

impl App for Started {
    async fn start() -> Result<Self, BoxError> {
        Ok(Self(saga_lambda::table_name::<Trips>()?))
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(
    output = Seen,
    error = Never,
    app = Started,
    timeout = "10s",
    uses(Trips(get), Booked(publish)),
    env(ADDRESS = parameter("Address")),
)]
pub struct Look {
    pub trip_id: String,
}

impl Handler for Look {
    async fn handle(self, app: &Started, _: &Context) -> Result<Seen, Never> {
        Ok(Seen {
            table: saga_lambda::table_name::<Trips>().unwrap_or_default(),
            topic: saga_lambda::topic_arn::<Booked>().unwrap_or_default(),
            address: saga_lambda::variable("ADDRESS").unwrap_or_default(),
            at_start: app.0.clone(),
        })
    }
}

#[derive(Saga)]
pub struct Looking;

impl Saga for Looking {
    type Input = Trip;
    type Output = Seen;

    fn define<'s>(mut saga: Flow<'s, '_>, trip: Ref<'s, Trip>) -> Completed<'s, Seen> {
        let seen = saga.read(LookRef {
            trip_id: trip.trip_id,
        });
        saga.complete(seen)
    }
}

fn expected(at_start: &str) -> Seen {
    Seen {
        table: "Trips".into(),
        topic: "arn:aws:sns:us-east-1:123456789012:Booked".into(),
        address: "http://localhost".into(),
        at_start: at_start.into(),
    }
}

fn test() -> SagaTest {
    SagaTest::of::<Looking>().parameter("Address", "http://localhost")
}

fn trip() -> Trip {
    Trip {
        trip_id: "7".into(),
    }
}

#[tokio::test]
async fn a_handler_reads_the_names_of_what_it_uses() {
    let ended = test().run(trip()).await;
    assert_eq!(ended.ending(), Ending::Completed, "{:?}", ended.failure());
    assert_eq!(ended.output::<Seen>(), expected("Trips"));
}

#[tokio::test]
async fn so_does_one_whose_state_the_test_made() {
    let app = Arc::new(Started("a fake".into()));
    let ended = test().app(Arc::clone(&app)).run(trip()).await;
    assert_eq!(ended.output::<Seen>(), expected("a fake"));
    // What is said of one handler alone counts for it, whatever is said of all.
    let other = Arc::new(Started("its own".into()));
    let ended = test().app(app).app_of::<Look>(other).run(trip()).await;
    assert_eq!(ended.output::<Seen>(), expected("its own"));
}

#[test]
#[should_panic(expected = "no handler of `Looking` has `app = ()`")]
fn state_that_no_handler_has_is_a_mistake() {
    let _ = test().app(Arc::new(()));
}
