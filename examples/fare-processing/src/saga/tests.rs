//! The saga as a whole: its handlers in this process, its table and queues in memory, time that takes none.

use std::sync::Arc;

use fare_payments::{FareRequest, Provider};
use saga_local::saga::Ending;
use saga_local::testing::{SagaResult, SagaTest};

use super::FareProcessing;
use crate::data::{FareStatus, Receipt};
use crate::resources::{FailedTransactions, Fares, SuccessfulTransactions};

fn fare(customer_id: &str) -> FareRequest {
    FareRequest {
        customer_id: customer_id.into(),
        fare_id: "fare-1".into(),
        fare_amount: "$20.00".into(),
        cc: "tok_card".into(),
        expiry_date: "tok_expiry".into(),
        cvv: "tok_cvv".into(),
    }
}

fn saga() -> SagaTest {
    SagaTest::of::<FareProcessing>()
}

/// Runs a saga with faults, whose handlers share one provider: how it ended, and what stands in the books.
async fn run(test: SagaTest, customer_id: &str) -> (SagaResult, Vec<String>) {
    let provider = Arc::new(Provider::default());
    let ended = test.app(Arc::clone(&provider)).run(fare(customer_id)).await;
    (ended, provider.standing())
}

/// How a saga ended, with the states it went through after its first, and what it left: in the provider's
/// books, the fare's status, and how many messages are in the two queues.
#[track_caller]
fn check(
    (ended, standing): &(SagaResult, Vec<String>),
    ending: Ending,
    books: &[&str],
    states: &[&str],
    status: FareStatus,
    messages: (usize, usize),
) {
    assert_eq!(ended.ending(), ending, "{:?}", ended.failure());
    assert_eq!(ended.states().get(1..).unwrap(), states);
    let statuses: Vec<FareStatus> = ended
        .table::<Fares>()
        .iter()
        .map(|fare| fare.fare_status)
        .collect();
    assert_eq!(statuses, [status]);
    let queued = (
        ended.messages::<SuccessfulTransactions>().len(),
        ended.messages::<FailedTransactions>().len(),
    );
    assert_eq!(queued, messages);
    assert_eq!(standing, books);
}

/// What stands in the books of a fare that was collected.
const ALL: [&str; 3] = ["acc", "ch", "tok"];

const FORWARD: [&str; 5] = [
    "ChargeFare",
    "CreditCustomerAccount",
    "SetFareStatusCompleted",
    "NotifySuccess",
    "FareProcessingSucceeded",
];

#[tokio::test]
async fn a_fare_is_charged_and_credited() {
    let ended = run(saga(), "3").await;
    check(
        &ended,
        Ending::Completed,
        &ALL,
        &FORWARD,
        FareStatus::Completed,
        (1, 0),
    );
    assert!(ended.0.output::<Receipt>().charge_id.starts_with("ch_"));
}

#[tokio::test]
async fn a_refused_card_leaves_nothing_to_refund() {
    let ended = run(saga(), "3_fail_auth").await;
    let states = [
        "ChargeFare",
        "UndoRegisterFare",
        "NotifyFailure",
        "FareProcessingFailed",
    ];
    check(
        &ended,
        Ending::Compensated,
        &[],
        &states,
        FareStatus::Failed,
        (0, 1),
    );
    let (error, cause) = ended.0.failure().unwrap();
    assert_eq!(error, "SagaCompensated");
    assert!(cause.contains("PaymentAuthException"), "{cause}");
}

#[tokio::test]
async fn a_refused_charge_leaves_no_reservation() {
    let ended = run(saga(), "3_fail_charge").await;
    let states = [
        "ChargeFare",
        "UndoRegisterFare",
        "NotifyFailure",
        "FareProcessingFailed",
    ];
    check(
        &ended,
        Ending::Compensated,
        &[],
        &states,
        FareStatus::Failed,
        (0, 1),
    );
}

#[tokio::test]
async fn a_refused_credit_is_refunded() {
    let ended = run(saga(), "3_fail_credit").await;
    let states = [
        "ChargeFare",
        "CreditCustomerAccount",
        "UndoChargeFare",
        "UndoRegisterFare",
        "NotifyFailure",
        "FareProcessingFailed",
    ];
    check(
        &ended,
        Ending::Compensated,
        &[],
        &states,
        FareStatus::Failed,
        (0, 1),
    );
}

#[tokio::test]
async fn a_charge_of_unknown_outcome_is_refunded() {
    let states = [
        "ChargeFare",
        "UndoChargeFare",
        "UndoRegisterFare",
        "NotifyFailure",
        "FareProcessingFailed",
    ];
    for test in [saga().crash("ChargeFare"), saga().timeout("ChargeFare")] {
        let ended = run(test, "3").await;
        check(
            &ended,
            Ending::Compensated,
            &[],
            &states,
            FareStatus::Failed,
            (0, 1),
        );
    }
}

#[tokio::test]
async fn a_refund_that_fails_is_parked() {
    let ended = run(saga(), "3_fail_credit_fail_refund").await;
    let states = [
        "ChargeFare",
        "CreditCustomerAccount",
        "UndoChargeFare",
        "ParkChargeFare",
        "UndoChargeFareParked",
    ];
    check(
        &ended,
        Ending::Parked,
        &["ch", "tok"],
        &states,
        FareStatus::Registered,
        (0, 0),
    );
    assert_eq!(ended.0.queue("ParkedQueue").len(), 1);
}

#[tokio::test]
async fn what_is_delivered_twice_happens_once() {
    for step in [
        "RegisterFare",
        "ChargeFare",
        "CreditCustomerAccount",
        "SetFareStatusCompleted",
    ] {
        let ended = run(saga().duplicate(step), "3").await;
        check(
            &ended,
            Ending::Completed,
            &ALL,
            &FORWARD,
            FareStatus::Completed,
            (1, 0),
        );
    }
}

#[test]
fn every_failure_compensates() {
    saga_local::verify::<FareProcessing>();
}
