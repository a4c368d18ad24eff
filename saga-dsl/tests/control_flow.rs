//! What each construct of a flow becomes in the manifest.

#![allow(
    missing_docs,
    dead_code,
    reason = "steps and data of the documentation's examples"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unimplemented,
    reason = "a test"
)]

use pretty_assertions::assert_eq;
use saga_dsl::Package;
use saga_dsl::prelude::*;
use saga_manifest::Manifest;
use serde_json::{Value, json};

include!("../docs/trip.rs");

/// The manifest of a saga that does this.
macro_rules! manifest {
    (|$saga:ident, $trip:ident| $body:expr) => {{
        #[derive(Saga)]
        struct Tested;

        impl Saga for Tested {
            type Input = Trip;
            type Output = ();

            #[allow(unused_mut, reason = "some bodies end at once")]
            fn define<'s>(mut $saga: Flow<'s, '_>, $trip: Ref<'s, Trip>) -> Completed<'s, ()> {
                $body
            }
        }

        Package::new().saga::<Tested>().manifest()
    }};
}
#[path = "control_flow/problems.rs"]
mod problems;

/// Checks what a saga's body is in the manifest, where a step is its kind and name.
macro_rules! check {
    (|$saga:ident, $trip:ident| completed $body:block => $($expected:tt)+) => {{
        let manifest = manifest!(|$saga, $trip| $body);
        assert_eq!(manifest.problems, []);
        assert_eq!(nodes(&manifest), json!($($expected)+));
    }};
    (|$saga:ident, $trip:ident| $body:expr => $($expected:tt)+) => {{
        check!(|$saga, $trip| completed {
            $body;
            $saga.complete(())
        } => $($expected)+);
    }};
}

/// The nodes of the first saga's body.
fn nodes(manifest: &Manifest) -> Value {
    let mut nodes = serde_json::to_value(&manifest.sagas[0].body.nodes).unwrap();
    shorten(&mut nodes);
    nodes
}

/// Leaves out places, and of steps all but their kind and name.
fn shorten(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(step) = fields.get("step") {
                *value = short_step(step);
                return;
            }
            if let Some(place) = fields.remove("place") {
                let file = place["file"].as_str().unwrap();
                assert!(
                    file.contains("tests/control_flow"),
                    "the author's place: {file}"
                );
            }
            fields.values_mut().for_each(shorten);
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        _ => {}
    }
}

fn short_step(step: &Value) -> Value {
    let kind = match &step["kind"] {
        Value::String(kind) => kind.as_str(),
        kind => kind.as_object().unwrap().keys().next().unwrap(),
    };
    format!("{kind} {}", step["name"].as_str().unwrap()).into()
}

/// A required field of the saga's input.
fn input(name: &str) -> Value {
    field(json!("input"), name)
}

fn field(of: Value, name: &str) -> Value {
    json!({ "field": { "of": of, "name": name, "presence": "required" } })
}

#[test]
fn a_parallel_has_its_branches_and_their_values() {
    check!(|saga, trip| {
        let (flight, hotel) = saga.both(
            "Reserve",
            |saga| reserve_flight(saga, trip),
            |saga| reserve_hotel(saga, trip),
        );
        saga.read(TellRef { trip: hotel.id });
        assert_eq!(
            serde_json::to_value(flight.id.node().to_expr()).unwrap(),
            field(json!({ "element": { "of": { "output": "Reserve" }, "index": 0 } }), "id"),
        );
    } => [
        { "parallel": {
            "name": "Reserve",
            "branches": [
                { "nodes": ["compensatable ReserveFlight"], "end": { "continue": { "output": "ReserveFlight" } } },
                { "nodes": ["compensatable ReserveHotel"], "end": { "continue": { "output": "ReserveHotel" } } },
            ],
        } },
        "read-only Tell",
    ]);
}

#[test]
fn a_parallel_of_three_within_a_branch() {
    check!(|saga, trip| {
        saga.both(
            "Outer",
            |saga| {
                let (id, _, tellers) = saga
                    .parallel("Inner")
                    .branch(|_| trip.id)
                    .branch(|saga| saga.read(TellRef { trip: trip.id }))
                    .branch(|saga| saga.list([trip.id, saga.id()]))
                    .join();
                saga.choose("Which", tellers.exists(), |_| id, |saga| saga.id())
            },
            |_| ().into(),
        );
    } => [{ "parallel": {
        "name": "Outer",
        "branches": [
            {
                "nodes": [
                    { "parallel": {
                        "name": "Inner",
                        "branches": [
                            { "nodes": [], "end": { "continue": input("id") } },
                            { "nodes": ["read-only Tell"], "end": { "continue": { "output": "Tell" } } },
                            { "nodes": [], "end": { "continue": { "list": [input("id"), "saga-id"] } } },
                        ],
                    } },
                    { "choice": {
                        "name": "Which",
                        "cases": [{
                            "when": { "present": { "element": { "of": { "output": "Inner" }, "index": 2 } } },
                            "then": {
                                "nodes": [],
                                "end": { "continue": { "element": { "of": { "output": "Inner" }, "index": 0 } } },
                            },
                        }],
                        "otherwise": { "nodes": [], "end": { "continue": "saga-id" } },
                    } },
                ],
                "end": { "continue": { "output": "Which" } },
            },
            { "nodes": [], "end": { "continue": { "literal": null } } },
        ],
    } }]);
}

#[test]
fn cases_are_tried_in_order() {
    check!(|saga, trip| {
        let booked = saga
            .cases("HowToGo")
            .case(trip.by_train.is_true(), |saga| reserve_train(saga, trip))
            .case_some(trip.flight, |saga, flight| reserve_this_flight(saga, flight))
            .otherwise(|saga| reserve_flight(saga, trip));
        saga.read(TellRef { trip: booked.id });
    } => [
        { "choice": {
            "name": "HowToGo",
            "cases": [
                {
                    "when": { "true": input("by_train") },
                    "then": {
                        "nodes": ["compensatable ReserveTrain"],
                        "end": { "continue": { "output": "ReserveTrain" } },
                    },
                },
                {
                    "when": { "present": { "field": { "of": "input", "name": "flight", "presence": "optional" } } },
                    "then": {
                        "nodes": ["compensatable ReserveThisFlight"],
                        "end": { "continue": { "output": "ReserveThisFlight" } },
                    },
                },
            ],
            "otherwise": {
                "nodes": ["compensatable ReserveFlight"],
                "end": { "continue": { "output": "ReserveFlight" } },
            },
        } },
        "read-only Tell",
    ]);
}

#[test]
fn ways_pivot_complete_and_abort() {
    check!(|saga, trip| completed {
        let (mut saga, paid) = saga
            .ways("HowToPay")
            .case(trip.price.equals(0), |saga| saga.complete(()).into())
            .case(trip.price.is_greater_than(5_000), |saga| {
                saga.abort("GiveUp", TripError::TooDear)
            })
            .otherwise(|mut saga| {
                saga.read(TellRef { trip: trip.id }.named("TellBefore"));
                let (saga, paid) = saga.pivot(PayRef { trip: trip.id, price: trip.price });
                saga.goes_on(paid)
            });
        saga.forward(TellRef { trip: paid.id });
        saga.complete(())
    } => [
        { "choice": {
            "name": "HowToPay",
            "cases": [
                {
                    "when": { "compare": {
                        "kind": "number", "left": input("price"), "operator": "equal", "right": { "literal": 0 },
                    } },
                    "then": { "nodes": [], "end": { "complete": { "object": [] } } },
                },
                {
                    "when": { "compare": {
                        "kind": "number", "left": input("price"), "operator": "greater", "right": { "literal": 5000 },
                    } },
                    "then": {
                        "nodes": [],
                        "end": { "abort": { "name": "GiveUp", "error": "TooDear", "cause": { "literal": "the trip is too dear" } } },
                    },
                },
            ],
            "otherwise": {
                "nodes": ["read-only TellBefore", "pivot Pay"],
                "end": { "continue": { "output": "Pay" } },
            },
        } },
        "retriable Tell",
    ]);
}

#[test]
fn an_abort_is_a_case_that_ends() {
    check!(|saga, trip| {
        saga.abort_if("IsItDear", trip.by_train.not(), TripError::TooDear);
    } => [{ "choice": {
        "name": "IsItDear",
        "cases": [{
            "when": { "not": { "true": input("by_train") } },
            "then": {
                "nodes": [],
                "end": { "abort": {
                    "name": "AbortIsItDear", "error": "TooDear", "cause": { "literal": "the trip is too dear" },
                } },
            },
        }],
        "otherwise": { "nodes": [], "end": { "continue": { "literal": null } } },
    } }]);
}

#[test]
fn a_map_knows_its_item_and_index() {
    check!(|saga, trip| {
        let rows = saga.map_indexed("Each", trip.travellers.at_most(9).at_a_time(3), |saga, traveller, index| {
            saga.map("Again", trip.travellers, |_, other| other.name);
            saga.wait_seconds("Wait", index, Duration::from_secs(9));
            traveller.name
        });
        saga.map("Tell", rows, |saga, name| saga.read(TellRef { trip: name }.named("TellEach")));
    } => [
        { "map": {
            "name": "Each",
            "items": input("travellers"),
            "at_most": 9,
            "max_concurrency": 3,
            "item": {
                "nodes": [
                    { "map": {
                        "name": "Again",
                        "items": input("travellers"),
                        "at_most": 100,
                        "max_concurrency": 10,
                        "item": { "nodes": [], "end": { "continue": field(json!({ "item": "Again" }), "name") } },
                    } },
                    { "wait": { "name": "Wait", "until": { "seconds": { "item-index": "Each" } }, "at_most_seconds": 9 } },
                ],
                "end": { "continue": field(json!({ "item": "Each" }), "name") },
            },
        } },
        { "map": {
            "name": "Tell",
            "items": { "output": "Each" },
            "at_most": 100,
            "max_concurrency": 10,
            "item": { "nodes": ["read-only TellEach"], "end": { "continue": { "output": "TellEach" } } },
        } },
    ]);
}

#[test]
fn waits_are_bounded() {
    check!(|saga, trip| {
        saga.wait("AMinute", Duration::from_secs(60));
        saga.wait_until("CheckIn", trip.check_in, Duration::from_secs(86_400));
        saga.wait_until("Id", trip.id.as_time(), Duration::from_secs(1));
    } => [
        { "wait": { "name": "AMinute", "until": { "seconds": { "literal": 60 } }, "at_most_seconds": 60 } },
        { "wait": { "name": "CheckIn", "until": { "time": input("check_in") }, "at_most_seconds": 86400 } },
        { "wait": { "name": "Id", "until": { "time": input("id") }, "at_most_seconds": 1 } },
    ]);
}

#[test]
fn a_savepoint_has_its_tries() {
    check!(|saga, trip| {
        let booked = saga.savepoint("Try", Tries::of(3).every(Duration::from_secs(10)), |saga| {
            reserve_train(saga, trip)
        });
        saga.savepoint("TryAgain", 2, |saga| saga.read(TellRef { trip: booked.id }));
    } => [
        { "savepoint": {
            "name": "Try",
            "tries": 3,
            "interval_seconds": 10,
            "block": {
                "nodes": ["compensatable ReserveTrain"],
                "end": { "continue": { "output": "ReserveTrain" } },
            },
        } },
        { "savepoint": {
            "name": "TryAgain",
            "tries": 2,
            "interval_seconds": 2,
            "block": { "nodes": ["read-only Tell"], "end": { "continue": { "output": "Tell" } } },
        } },
    ]);
}

/// What a condition is in the manifest.
macro_rules! conditions {
    ($(|$trip:ident| $condition:expr => $expected:tt;)*) => {$({
        let manifest = manifest!(|saga, $trip| {
            saga.choose("Choice", $condition, |_| ().into(), |_| ().into());
            saga.complete(())
        });
        assert_eq!(manifest.problems, []);
        assert_eq!(nodes(&manifest)[0]["choice"]["cases"][0]["when"], json!($expected));
    })*};
}

#[test]
fn conditions_are_typed_tests() {
    let compare = |kind: &str, left: &str, operator: &str, right: Value| json!({ "compare": { "kind": kind, "left": input(left), "operator": operator, "right": right } });
    let literal = |value: Value| json!({ "literal": value });
    let text = |position: &str| json!({ "text": { "of": input("id"), "position": position, "text": { "literal": "x" } } });
    conditions! {
        |trip| trip.price.differs_from(1) => (compare("number", "price", "not-equal", literal(json!(1))));
        |trip| trip.price.is_less_than(trip.kilometres) => (compare("number", "price", "less", input("kilometres")));
        |trip| trip.price.is_at_most(1) => (compare("number", "price", "less-or-equal", literal(json!(1))));
        |trip| trip.price.is_at_least(1) => (compare("number", "price", "greater-or-equal", literal(json!(1))));
        |trip| trip.id.equals("x") => (compare("string", "id", "equal", literal(json!("x"))));
        |trip| trip.by_train.equals(false) => (compare("bool", "by_train", "equal", literal(json!(false))));
        |trip| trip.check_in.is_less_than(trip.id.as_time()) =>
            (compare("time", "check_in", "less", input("id")));
        |trip| trip.id.starts_with("x") => (text("start"));
        |trip| trip.id.contains("x") => (text("anywhere"));
        |trip| trip.id.ends_with("x") => (text("end"));
        |trip| trip.by_train.is_true() & trip.by_train.not() =>
            { "all": [{ "true": input("by_train") }, { "not": { "true": input("by_train") } }] };
        |trip| trip.by_train.is_true() | !trip.by_train.is_true() =>
            { "any": [{ "true": input("by_train") }, { "not": { "true": input("by_train") } }] };
    }
}

#[test]
fn a_nested_saga_is_a_task_and_part_of_the_package() {
    let manifest = manifest!(|saga, trip| {
        saga.step(
            Insuring::call(PolicyRef { trip: trip.id })
                .timeout(Duration::from_secs(600))
                .compensate(|insured| CancelRef {
                    id: insured.map(|insured| insured.id),
                }),
        );
        saga.read(Insuring::call(PolicyRef { trip: trip.id }).named("InsureAgain"));
        saga.complete(())
    });
    assert_eq!(manifest.problems, []);
    let names: Vec<_> = manifest
        .sagas
        .iter()
        .map(|saga| saga.name.as_str())
        .collect();
    assert_eq!(names, ["Tested", "Insuring"]);
    assert_eq!(
        nodes(&manifest),
        json!(["compensatable Insuring", "read-only InsureAgain"])
    );
    let steps = manifest.sagas[0].body.all_steps();
    let calls = steps
        .iter()
        .map(|step| (step.call.timeout_seconds, step.call.description.as_deref()));
    let insures = Some("Insures a trip.");
    assert_eq!(
        calls.collect::<Vec<_>>(),
        [(600, insures), (86_400, insures)]
    );
    let task = serde_json::to_value(&steps[0].call.task).unwrap();
    let trip = json!([{ "name": "trip", "value": input("id"), "skip_null": false }]);
    assert_eq!(
        task,
        json!({ "integration": "saga", "saga": "Insuring", "input": { "object": trip } })
    );
    let child = manifest.sagas[1].body.all_steps();
    assert_eq!((child.len(), child[0].name.as_str()), (1, "Insure"));
}

#[test]
fn an_approval_is_a_step_without_effect() {
    let manifest = manifest!(|saga, trip| {
        let ask = || {
            Questions::ask(ExpenseRef {
                trip: trip.id,
                price: trip.price,
            })
        };
        let week = Duration::from_secs(7 * 86_400);
        let decision = saga.approve("Approve", ask().within(week).or_fail());
        let no = DecisionRef { yes: false.into() };
        saga.approve("ApproveAgain", ask().within(week).unanswered(no));
        saga.abort_if("IsItApproved", decision.yes.not(), TripError::TooDear);
        saga.complete(())
    });
    assert_eq!(manifest.problems, []);
    assert_eq!(manifest.queues.len(), 1);
    let steps = manifest.sagas[0].body.all_steps();
    assert!(matches!(steps[0].kind, saga_manifest::step::Kind::ReadOnly));
    assert_eq!(
        (steps[0].name.as_str(), steps[0].call.timeout_seconds),
        ("Approve", 604_800)
    );
    let refusals = steps[0].call.errors.iter().map(|error| error.name.as_str());
    assert_eq!(refusals.collect::<Vec<_>>(), ["TooDear"]);
    let price = json!({ "name": "price", "value": input("price"), "skip_null": false });
    let trip = json!({ "name": "trip", "value": input("id"), "skip_null": false });
    let mut expected = json!({
        "integration": "approval",
        "channel": { "queue": "Questions" },
        "request": { "object": [trip, price] },
    });
    assert_eq!(serde_json::to_value(&steps[0].call.task).unwrap(), expected);
    let no = json!({ "name": "yes", "value": { "literal": false }, "skip_null": false });
    expected["unanswered"] = json!({ "object": [no] });
    assert_eq!(serde_json::to_value(&steps[1].call.task).unwrap(), expected);
}

#[test]
fn a_call_may_know_better_whether_it_was_done() {
    const REASON: &str = "the bureau notes the price first";
    let manifest = manifest!(|saga, trip| {
        let check = CheckRef { trip: trip.id };
        saga.read(check.outcome(TripErrorKind::TooDear, Outcome::Unknown, REASON));
        saga.read(check.named("CheckAgain"));
        saga.complete(())
    });
    assert_eq!(manifest.problems, []);
    let steps = manifest.sagas[0].body.all_steps();
    let errors = steps.iter().map(|step| &step.call.errors[0]);
    let said = errors.map(|error| (error.name.as_str(), error.outcome, error.reason.as_deref()));
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            ("TooDear", Outcome::Unknown, Some(REASON)),
            ("TooDear", Outcome::NotDone, None)
        ],
    );
}
