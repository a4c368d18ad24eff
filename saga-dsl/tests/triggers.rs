//! What starts a saga, as the manifest has it.

#![allow(missing_docs, reason = "some is left out on purpose")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use pretty_assertions::assert_eq;
use saga_dsl::Package;
use saga_dsl::prelude::*;
use saga_manifest::Manifest;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Ride {
    pub ride_id: String,
    pub from: Stop,
    pub note: Option<String>,
}

#[derive(Serialize, Deserialize, SagaData)]
pub struct Stop {
    pub zone: u32,
}

#[derive(SagaQueue)]
#[queue(message = Ride)]
pub struct Rides;

macro_rules! saga {
    ($name:ident, $on:ident => $triggers:block) => {
        #[derive(Saga)]
        pub struct $name;

        impl Saga for $name {
            type Input = Ride;
            type Output = ();

            fn triggers($on: &mut Triggers<'_, Ride>) $triggers

            fn define<'s>(saga: Flow<'s, '_>, _: Ref<'s, Ride>) -> Completed<'s, ()> {
                saga.complete(())
            }
        }
    };
}

fn ride() -> Ride {
    Ride {
        ride_id: "1".into(),
        from: Stop { zone: 7 },
        note: None,
    }
}

saga!(Every, on => {
    on.cron("0 2 * * ? *", ride()).in_time_zone("Europe/Zurich");
    on.every(Duration::from_secs(3600), ride());
    on.queue::<Rides>(|ride| ride.ride_id);
    on.event("com.metro", "Ridden", |ride| ride.ride_id)
        .matching(|ride| ride.from.zone, [7_u32, 8])
        .on_bus("Bus");
    on.http("/rides", |ride| ride.ride_id).throttle(1, 2).authorizer("Who");
});

saga!(Wrong, on => {
    on.every(Duration::from_secs(90), ride());
    on.event("com.metro", "Ridden", |_| "fixed".into());
});

fn manifest<S: Saga>() -> Manifest {
    Package::new().saga::<S>().manifest()
}

#[test]
fn triggers_are_in_the_manifest_with_what_they_name() {
    let manifest = manifest::<Every>();
    assert_eq!(manifest.queues[0].name, "Rides");
    let stated: Value = serde_json::to_value(&manifest.sagas[0].triggers).unwrap();
    let sources: Value = stated
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["source"].clone())
        .collect();
    let input = json!({ "rideId": "1", "from": { "zone": 7 }, "note": null });
    let expected = json!([
        { "http": {
            "path": "/rides", "key": ["rideId"], "access": { "authorizer": { "parameter": "Who" } },
            "rate": 1, "burst": 2,
        } },
        { "schedule": {
            "expression": "cron(0 2 * * ? *)", "time_zone": "Europe/Zurich", "input": input,
        } },
        { "schedule": { "expression": "rate(60 minutes)", "input": input } },
        { "event": {
            "source": "com.metro", "detail_type": "Ridden", "key": ["rideId"], "bus": "Bus",
            "filters": [{ "path": ["from", "zone"], "any_of": [7, 8] }],
        } },
        { "queue": { "queue": "Rides", "key": ["rideId"] } },
    ]);
    assert_eq!(sources, expected);
}

#[test]
fn what_names_no_field_or_no_period_is_a_problem_at_its_place() {
    let problems = manifest::<Wrong>().problems;
    let found: Vec<_> = problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    let expected = [
        "a schedule has a period of whole minutes",
        "this is no field of the saga's input that is always there",
    ];
    assert_eq!(found, expected);
    assert!(
        problems
            .iter()
            .all(|problem| problem.place.file.ends_with("triggers.rs"))
    );
}
