//! Granted = used: what the roles of each example's template allow is what its principals were seen to do, and
//! the other way round.
//!
//! What a state machine calls is collected while `verify` explores every failure of it; what recovers it, from
//! executions that are aborted in each of its states; what a function calls, from the requests of its real
//! process, which signs them under its own name. What API Gateway, EventBridge and pipes do is what the template
//! tells them to. What AWS does on its own is a list, each with its reason (`own`).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "iam/account.rs"]
mod account;
#[path = "iam/api.rs"]
mod api;
#[path = "tools/ask.rs"]
mod ask;
#[path = "tools/build.rs"]
mod build;
#[path = "iam/called.rs"]
mod called;
#[allow(dead_code, reason = "shared with the runtime's own suite")]
#[path = "../saga-lambda/tests/bootstrap/cloud.rs"]
mod cloud;
#[path = "iam/configured.rs"]
mod configured;
#[path = "iam/example.rs"]
mod example;
#[allow(dead_code, reason = "shared with the suite of choreographies")]
#[path = "choreography/gateway.rs"]
mod gateway;
#[path = "iam/granted.rs"]
mod granted;
#[allow(dead_code, reason = "shared by suites that each use a part")]
#[path = "../saga-lambda/tests/lambda/mod.rs"]
mod lambda;
#[path = "iam/machines.rs"]
mod machines;
#[path = "iam/own.rs"]
mod own;
#[allow(dead_code, reason = "shared with the suite of choreographies")]
#[path = "choreography/rules.rs"]
mod rules;
#[path = "iam/runs.rs"]
mod runs;
#[allow(dead_code, reason = "shared with the runtime's own suite")]
#[path = "../saga-lambda/tests/bootstrap/server.rs"]
mod server;
#[path = "iam/starters.rs"]
mod starters;

use pretty_assertions::assert_eq;
use serde_json::json;

use example::Example;
use granted::{Grants, conditional, differences, granted};

/// The faults of one execution while a state machine is explored. Of `trip-booking` one: two are millions of
/// states, and nothing is called with two that is not with one.
fn check(package: &str, depth: usize) {
    let example = Example::of(package);
    let used = used(&example, depth);
    let found = differences(&granted(&example.template), &used);
    assert_eq!(found, Vec::<String>::new(), "{package}");
    for action in conditional(&example.template) {
        assert!(
            action.starts_with("kms:"),
            "{action}: only a customer's key is granted on a condition"
        );
    }
    mutations(&example, &used);
}

fn used(example: &Example, depth: usize) -> Grants {
    let mut used = own::calls(&example.template);
    machines::explore(example, depth, &mut used);
    starters::run(example, &mut used);
    configured::collect(&example.template, &mut used);
    runs::run(example, &mut used);
    used
}

/// Each statement without one of its actions lacks something, and with another one grants too much.
fn mutations(example: &Example, used: &Grants) {
    let granted_now = granted(&example.template);
    let whole = granted_now.values().flatten().count();
    let mut removed = 0;
    for place in granted::places(&example.template) {
        let mut template = example.template.clone();
        let actions = template.pointer_mut(&place).unwrap();
        let actions = actions.as_array_mut().unwrap();
        for gone in 0..actions.len() {
            let mut template = example.template.clone();
            let actions = template.pointer_mut(&place).unwrap();
            let action = actions.as_array_mut().unwrap().remove(gone);
            let found = differences(&granted(&template), used);
            let said = |difference: &String| difference.contains(&format!("lacks {action}"));
            assert!(found.iter().all(said), "{place}: {found:?}");
            assert!(!found.is_empty(), "{place} without {action}");
            removed += 1;
        }
        actions.push(json!("dynamodb:DeleteTable"));
        let found = differences(&granted(&template), used);
        let said = |difference: &String| difference.contains("is granted dynamodb:DeleteTable");
        assert!(!found.is_empty() && found.iter().all(said), "{found:?}");
    }
    assert!(removed >= whole / 2, "{removed} of {whole}");
}

#[test]
fn fare_processing_may_do_what_it_does() {
    check("fare-processing", 2);
}

#[test]
fn fare_collection_may_do_what_it_does() {
    check("fare-collection", 2);
}

#[test]
fn order_processing_may_do_what_it_does() {
    check("order-processing", 2);
}

#[test]
fn order_choreography_may_do_what_it_does() {
    check("order-choreography", 2);
}

#[test]
fn trip_booking_may_do_what_it_does() {
    check("trip-booking", 1);
}
