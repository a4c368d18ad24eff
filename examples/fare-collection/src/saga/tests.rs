//! The sagas as a whole, with their handlers in this process: each event, what it leaves in the books, and what
//! faults leave there.

use std::sync::Arc;

use fare_payments::{FareRequest, Provider};
use saga_dsl::Saga;
use saga_local::saga::Ending;
use saga_local::testing::{SagaResult, SagaTest};

use super::{FareCollection, GateCollection};
use crate::data::Receipt;
use crate::resources::UncollectedFares;

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

/// Runs a saga for a customer, with faults: how it ended, and what stands in the books.
async fn run<S: Saga>(
    customer: &str,
    fault: impl FnOnce(SagaTest) -> SagaTest,
) -> (SagaResult, Vec<String>) {
    let provider = Arc::new(Provider::default());
    let test = SagaTest::of::<S>().app(Arc::clone(&provider));
    let ended = fault(test).run(fare(customer)).await;
    (ended, provider.standing())
}

#[track_caller]
fn check(
    (ended, standing): &(SagaResult, Vec<String>),
    ending: Ending,
    states: &[&str],
    books: &[&str],
) {
    assert_eq!(ended.ending(), ending, "{:?}", ended.failure());
    assert_eq!(ended.states(), states);
    assert_eq!(standing, books);
}

const ALL: [&str; 3] = ["acc", "ch", "tok"];

#[tokio::test]
async fn each_event_ends_as_its_table_says() {
    let collected = run::<FareCollection>("3", |test| test).await;
    let states = [
        "PreAuthorise",
        "MakePayment",
        "UpdateAccount",
        "FareCollectionSucceeded",
    ];
    check(&collected, Ending::Completed, &states, &ALL);
    assert!(
        collected
            .0
            .output::<Receipt>()
            .payment_id
            .starts_with("ch_")
    );

    let refused = run::<FareCollection>("3_fail_auth", |test| test).await;
    let states = ["PreAuthorise", "FareCollectionFailed"];
    check(&refused, Ending::Compensated, &states, &[]);

    let refused = run::<FareCollection>("3_fail_charge", |test| test).await;
    let states = [
        "PreAuthorise",
        "MakePayment",
        "UndoPreAuthorise",
        "FareCollectionFailed",
    ];
    check(&refused, Ending::Compensated, &states, &[]);

    let refused = run::<FareCollection>("3_fail_credit", |test| test).await;
    let states = [
        "PreAuthorise",
        "MakePayment",
        "UpdateAccount",
        "UndoMakePayment",
        "UndoPreAuthorise",
        "FareCollectionFailed",
    ];
    check(&refused, Ending::Compensated, &states, &[]);

    let lost = run::<FareCollection>("3_lost_credit", |test| test).await;
    let states = [
        "PreAuthorise",
        "MakePayment",
        "UpdateAccount",
        "UndoUpdateAccount",
        "UndoMakePayment",
        "UndoPreAuthorise",
        "FareCollectionFailed",
    ];
    check(&lost, Ending::Compensated, &states, &[]);
}

#[tokio::test]
async fn a_compensation_that_fails_is_parked() {
    for (customer, step, books) in [
        ("3_fail_void_fail_charge", "PreAuthorise", &["tok"][..]),
        ("3_fail_credit_fail_refund", "MakePayment", &["ch", "tok"]),
        ("3_lost_credit_fail_reverse", "UpdateAccount", &ALL),
    ] {
        let (ended, standing) = run::<FareCollection>(customer, |test| test).await;
        assert_eq!(ended.ending(), Ending::Parked, "{customer}");
        let parked = format!("Undo{step}Parked");
        assert_eq!(ended.states().last(), Some(&parked.as_str()));
        assert_eq!(standing, books, "{customer}");
        assert_eq!(ended.queue("ParkedQueue").len(), 1);
    }
}

#[tokio::test]
async fn what_may_have_happened_is_undone() {
    for fault in [SagaTest::crash, SagaTest::timeout] {
        for step in ["PreAuthorise", "MakePayment", "UpdateAccount"] {
            let (ended, standing) = run::<FareCollection>("3", |test| fault(test, step)).await;
            assert_eq!(ended.ending(), Ending::Compensated, "{step}");
            assert!(standing.is_empty(), "{step}: {standing:?}");
        }
    }
}

#[tokio::test]
async fn before_its_pivot_a_gates_fare_is_given_back_and_told() {
    let (ended, standing) = run::<GateCollection>("3_fail_charge", |test| test).await;
    assert_eq!(ended.ending(), Ending::Compensated);
    assert!(standing.is_empty());
    assert_eq!(ended.messages::<UncollectedFares>().len(), 1);
}

#[tokio::test]
async fn after_its_pivot_a_gates_fare_only_goes_forward() {
    let collected = run::<GateCollection>("3", |test| test).await;
    let states = [
        "PreAuthorise",
        "MakePayment",
        "UpdateAccount",
        "GateCollectionSucceeded",
    ];
    check(&collected, Ending::Completed, &states, &ALL);
    let again = |test: SagaTest| test.crash("UpdateAccount").fault_attempts(2);
    let (ended, standing) = run::<GateCollection>("3", again).await;
    assert_eq!(ended.ending(), Ending::Completed);
    assert_eq!(standing, ALL);
    for customer in ["3_fail_credit", "3_lost_credit"] {
        let (ended, standing) = run::<GateCollection>(customer, |test| test).await;
        assert_eq!(ended.ending(), Ending::Parked);
        assert_eq!(ended.states().last(), Some(&"UpdateAccountParked"));
        assert!(standing.contains(&"ch".to_owned()), "{standing:?}");
    }
    let (ended, _) = run::<GateCollection>("3", |test| test.timeout("MakePayment")).await;
    assert_eq!(ended.ending(), Ending::Parked);
    assert_eq!(ended.states().last(), Some(&"MakePaymentParked"));
}

#[test]
fn every_failure_compensates() {
    saga_local::verify::<FareCollection>();
    saga_local::verify::<GateCollection>();
}
