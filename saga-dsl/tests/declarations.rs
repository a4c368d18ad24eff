//! What the derives of steps, errors, sagas and resources declare, as the manifest has it.

#![allow(missing_docs, reason = "some is left out on purpose")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test"
)]

use pretty_assertions::assert_eq;
use saga_dsl::__private::ErrorKind;
use saga_dsl::Package;
use saga_dsl::prelude::*;
use saga_manifest::Manifest;
use saga_manifest::error::{DeclaredError, Outcome};
use saga_manifest::step::Kind;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A fare.
#[derive(Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Fare {
    /// Which one.
    pub fare_id: String,
    pub seats: u32,
}

/// The fares,
/// by their ids.
#[derive(SagaTable)]
#[table(
    item = Fare,
    partition_key = fare_id: String,
    sort_key = seats: u32,
    index(name = "by-seats", partition_key = seats: u32),
    isolation = none("a fare is one saga's own"),
)]
pub struct Fares;

#[derive(SagaTable)]
#[table(
    item = Fare,
    partition_key = fare_id: String,
    existing(arn = "arn:aws:dynamodb:us-east-1:123456789012:table/old"),
    isolation = reread,
)]
pub struct OldFares;

#[derive(Serialize, Deserialize, SagaData)]
#[serde(rename_all = "PascalCase")]
pub struct Attributes {
    pub is_successful: String,
}

#[derive(SagaTopic)]
#[topic(message = Fare, attributes = Attributes, existing(parameter = "OutcomesArn"))]
pub struct Outcomes;

/// Fares that were paid.
#[derive(SagaQueue)]
#[queue(message = Fare, subscribe(Outcomes, raw, filter(is_successful = ["true", "yes"])), subscribe(Outcomes))]
pub struct Paid;

#[derive(SagaQueue)]
#[queue(message = Fare, visibility_timeout = "0s", retention = "1m", dead_letter_after = 1000)]
pub struct Short;

#[derive(SagaQueue)]
#[queue(message = Fare, no_dead_letter)]
pub struct Plain;

#[derive(Debug, thiserror::Error, SagaError)]
pub enum ChargeError {
    #[error("the card was refused")]
    Refused,
    #[error("the provider is down")]
    #[saga(retry(
        interval = "2s",
        max_attempts = 4,
        backoff = 1.5,
        max_delay = "1m",
        jitter
    ))]
    Down,
    #[error("the provider did not answer")]
    #[saga(unknown, rename = "NoAnswer", retry())]
    Silent { after: Duration },
    #[error(transparent)]
    #[saga(transparent)]
    Account(Box<AccountError>),
}

#[derive(Debug, thiserror::Error, SagaError)]
#[error("there is no such account")]
#[saga(rename = "NoAccount")]
pub struct AccountError;

/// Charges the card.
///
/// Under the saga's key.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    output = String,
    error = ChargeError,
    compensations(Refund),
    timeout = "1m",
    memory = "1GB",
    concurrency = 5,
    env(PROVIDER_URL = "https://pay.example", STAGE = parameter("Stage")),
    secrets(API_KEY = secrets_manager("fare/provider"), TOKEN = ssm("/fare/token")),
    uses(Fares(put, get, put), Outcomes(publish), Short(send)),
)]
pub struct Charge {
    pub fare_id: String,
}

impl Handler for Charge {
    async fn handle(self, _: &(), _: &Context) -> Result<String, ChargeError> {
        Ok(self.fare_id)
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(name = "GiveBack")]
pub struct Refund;

impl Handler for Refund {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

/// Charges a fare.
#[derive(Saga)]
#[saga(history_key(parameter = "HistoryKeyArn", reason = "the card is in the input"))]
pub struct Charging;

impl Saga for Charging {
    type Input = Fare;
    type Output = ();

    fn define<'s>(mut saga: Flow<'s, '_>, fare: Ref<'s, Fare>) -> Completed<'s, ()> {
        let charge = ChargeRef {
            fare_id: fare.fare_id,
        };
        saga.step(
            charge
                .retry(
                    ChargeErrorKind::Refused,
                    Retry::after(Duration::from_secs(7)),
                )
                .retry(
                    ChargeErrorKind::Account(AccountErrorKind::AccountError),
                    Retry::NEVER,
                )
                .compensate(|_| RefundRef),
        );
        saga.read(OldFares::get(fare.fare_id));
        saga.read(Fares::get((fare.fare_id, fare.seats)));
        saga.on_completed(Paid::send(fare));
        saga.on_compensated(Plain::send(fare));
        saga.complete(())
    }
}

fn manifest() -> Manifest {
    let manifest = Package::new().saga::<Charging>().manifest();
    assert_eq!(manifest.problems, []);
    manifest
}

/// The entry as JSON, without its place.
fn entry<T: Serialize>(entries: &[T], name: &str) -> Value {
    let mut entries = entries
        .iter()
        .map(|entry| serde_json::to_value(entry).unwrap());
    let mut entry = entries.find(|entry| entry["name"] == name).expect(name);
    let place = entry.as_object_mut().unwrap().remove("place").unwrap();
    assert!(
        place["file"]
            .as_str()
            .unwrap()
            .ends_with("saga-dsl/tests/declarations.rs"),
        "{place}"
    );
    let line = usize::try_from(place["line"].as_u64().unwrap()).unwrap();
    let declared = include_str!("declarations.rs")
        .lines()
        .nth(line - 1)
        .unwrap();
    let column = usize::try_from(place["column"].as_u64().unwrap()).unwrap();
    let rust_name = if name == "GiveBack" { "Refund" } else { name };
    assert!(
        declared[column - 1..].starts_with(rust_name),
        "{place} is {declared}"
    );
    entry
}

#[test]
fn a_handler_is_what_its_step_says() {
    let mut charge = entry(&manifest().handlers, "Charge");
    charge["input"].take();
    let expected = json!({
        "name": "Charge",
        "description": "Charges the card.\nUnder the saga's key.",
        "input": null,
        "output": { "schema": { "type": "string" } },
        "timeout_seconds": 60,
        "memory_mib": 1024,
        "concurrency": 5,
        "environment": [
            { "name": "PROVIDER_URL", "value": { "literal": "https://pay.example" } },
            { "name": "STAGE", "value": { "parameter": "Stage" } },
        ],
        "secrets": [
            { "variable": "API_KEY", "source": { "secrets-manager": "fare/provider" } },
            { "variable": "TOKEN", "source": { "ssm": "/fare/token" } },
        ],
        "uses": [
            { "resource": "Fares", "kind": "table", "access": ["get", "put"] },
            { "resource": "Outcomes", "kind": "topic", "access": ["publish"] },
            { "resource": "Short", "kind": "queue", "access": ["send"] },
        ],
    });
    assert_eq!(charge, expected);
}

#[test]
fn a_step_of_which_nothing_is_said() {
    let expected = json!({
        "name": "GiveBack",
        "input": { "schema": { "type": "null" } },
        "output": { "schema": { "type": "null" } },
        "timeout_seconds": 10,
    });
    assert_eq!(entry(&manifest().handlers, "GiveBack"), expected);
}

#[test]
fn a_table_has_the_keys_of_its_item() {
    let manifest = manifest();
    let fares = json!({
        "name": "Fares",
        "description": "The fares, by their ids.",
        "origin": "created",
        "partition_key": { "name": "fareId", "kind": "string" },
        "sort_key": { "name": "seats", "kind": "number" },
        "indexes": [{ "name": "by-seats", "partition_key": { "name": "seats", "kind": "number" } }],
        "isolation": { "none": "a fare is one saga's own" },
    });
    assert_eq!(entry(&manifest.tables, "Fares"), fares);
    let old = json!({
        "name": "OldFares",
        "origin": { "arn": "arn:aws:dynamodb:us-east-1:123456789012:table/old" },
        "partition_key": { "name": "fareId", "kind": "string" },
        "isolation": "reread",
    });
    assert_eq!(entry(&manifest.tables, "OldFares"), old);
}

#[test]
fn topics_and_queues_have_their_settings() {
    let manifest = manifest();
    let outcomes = json!({ "name": "Outcomes", "origin": { "parameter": "OutcomesArn" } });
    assert_eq!(entry(&manifest.topics, "Outcomes"), outcomes);
    let paid = json!({
        "name": "Paid",
        "description": "Fares that were paid.",
        "origin": "created",
        "visibility_timeout_seconds": 30,
        "retention_seconds": 1_209_600,
        "dead_letter_after": 5,
        "subscriptions": [
            { "topic": "Outcomes", "raw": true, "filters": [{ "attribute": "IsSuccessful", "any_of": ["true", "yes"] }] },
            { "topic": "Outcomes", "raw": false },
        ],
    });
    assert_eq!(entry(&manifest.queues, "Paid"), paid);
    let short = json!({
        "name": "Short",
        "origin": "created",
        "visibility_timeout_seconds": 0,
        "retention_seconds": 60,
        "dead_letter_after": 1000,
    });
    assert_eq!(entry(&manifest.queues, "Short"), short);
    assert_eq!(
        entry(&manifest.queues, "Plain").get("dead_letter_after"),
        None
    );
}

#[test]
fn a_saga_has_its_name_comment_and_key() {
    let mut saga = entry(&manifest().sagas, "Charging");
    let key =
        json!({ "key": { "parameter": "HistoryKeyArn" }, "reason": "the card is in the input" });
    assert_eq!(
        (saga["description"].take(), saga["history_key"].take()),
        (json!("Charges a fare."), key)
    );
}

#[test]
fn errors_have_names_outcomes_and_policies() {
    let manifest = manifest();
    let charge = manifest.sagas[0].body.all_steps()[0];
    assert!(matches!(charge.kind, Kind::Compensatable { .. }));
    let own = charge.call.errors.iter().take(4);
    let errors: Vec<_> = own
        .map(|error| serde_json::to_value(error).unwrap())
        .collect();
    let policy = |interval: u32, attempts: u32, rate: f64, delay: Option<u32>, jitter: bool| {
        let mut policy = json!({
            "interval_seconds": interval, "max_attempts": attempts, "backoff_rate": rate, "jitter": jitter,
        });
        if let Some(delay) = delay {
            policy["max_delay_seconds"] = delay.into();
        }
        policy
    };
    let expected = [
        json!({ "name": "Refused", "outcome": "not-done", "settled": true, "retry": policy(7, 3, 2.0, None, false) }),
        json!({ "name": "Down", "outcome": "not-done", "settled": true, "retry": policy(2, 4, 1.5, Some(60), true) }),
        json!({ "name": "NoAnswer", "outcome": "unknown", "retry": policy(1, 3, 2.0, None, false) }),
        // A policy of its own, which a policy of the others does not replace.
        json!({ "name": "NoAccount", "outcome": "not-done", "settled": true, "retry": policy(1, 0, 2.0, None, false) }),
    ];
    assert_eq!(errors, expected);
}

/// Writes a fare's row.
#[derive(Saga)]
pub struct Registering;

impl Saga for Registering {
    type Input = Fare;
    type Output = ();

    fn define<'s>(mut saga: Flow<'s, '_>, fare: Ref<'s, Fare>) -> Completed<'s, ()> {
        let row = FareRef {
            fare_id: fare.fare_id,
            seats: fare.seats,
        };
        saga.step(Fares::put(row).compensate(|_| Fares::delete((fare.fare_id, fare.seats))));
        saga.complete(())
    }
}

#[test]
fn a_put_whose_condition_fails_has_never_been_done() {
    let manifest = Package::new().saga::<Registering>().manifest();
    let put = manifest.sagas[0].body.all_steps()[0];
    let Kind::Compensatable { compensation } = &put.kind else {
        panic!("{:?}", put.kind);
    };
    let settled = |errors: &[DeclaredError]| {
        let settled = errors.iter().filter(|error| error.settled);
        settled.map(|error| error.name.clone()).collect::<Vec<_>>()
    };
    let condition = ["DynamoDB.ConditionalCheckFailedException"];
    assert_eq!(settled(&put.call.errors), condition);
    // A delete that is tried again finds what its first attempt has left.
    assert_eq!(settled(&compensation.errors), [""; 0]);
}

#[test]
fn an_error_is_of_its_variants_kind() {
    let kinds = [
        (ChargeError::Refused, ChargeErrorKind::Refused, "Refused"),
        (
            ChargeError::Silent {
                after: Duration::ZERO,
            },
            ChargeErrorKind::Silent,
            "NoAnswer",
        ),
        (
            ChargeError::Account(Box::new(AccountError)),
            ChargeErrorKind::Account(AccountErrorKind::AccountError),
            "NoAccount",
        ),
    ];
    for (error, kind, name) in kinds {
        assert_eq!(
            (error.kind(), error.kind().names()),
            (kind, [name].as_slice())
        );
    }
    assert_eq!(ChargeErrorKind::Silent.outcome(), Outcome::Unknown);
}
