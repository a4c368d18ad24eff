//! The example's own sagas on both targets, with the same faults: each task with each fault. Handlers are a ledger here.

use saga_choreography::Choreography;
use saga_compiler::{Architecture, Definitions, Options};
use saga_manifest::Manifest;
use saga_manifest::error::{DeclaredError, Outcome};
use saga_manifest::flow::{Block, Node};
use saga_manifest::step::{Call, Kind};
use saga_random::bus::Weather;
use saga_random::run::program;
use saga_random::task::{LOST, REFUSED};
use serde_json::{Value, json};

use crate::both::{ROUGH, by_events, by_machine, plans, reads};

/// The sagas, and what each is started with.
fn inputs() -> [(&'static str, Value); 2] {
    let order = json!({
        "orderId": "17", "userName": "ann", "orderDate": "2026-01-01T09:00:17Z",
        "productId": "lamp", "quantity": 2, "cardToken": "tok_1",
    });
    let cancellation =
        json!({ "orderId": "17", "userName": "ann", "orderDate": "2026-01-01T09:00:17Z" });
    [
        ("OrderPlacement", order),
        ("OrderCancellation", cancellation),
    ]
}

/// The package with one of its sagas, every call of which declares the test's two errors besides its own: one that says "not
/// done", and one of which nobody knows.
fn only(manifest: &Manifest, saga: &str) -> Manifest {
    let mut manifest = manifest.clone();
    manifest.retain_sagas(saga);
    manifest
        .sagas
        .iter_mut()
        .for_each(|saga| declare(&mut saga.body));
    manifest
}

fn declare(block: &mut Block) {
    for node in &mut block.nodes {
        if let Node::Step(step) = node {
            add(&mut step.call);
            if let Kind::Compensatable { compensation } = &mut step.kind {
                add(compensation);
            }
        }
    }
}

fn add(call: &mut Call) {
    let unknown = call.errors.iter().find(|error| error.retry.is_some());
    let lost = unknown.cloned().unwrap();
    let refused = DeclaredError {
        name: REFUSED.into(),
        outcome: Outcome::NotDone,
        retry: None,
        settled: true,
        ..lost.clone()
    };
    let lost = DeclaredError {
        name: LOST.into(),
        outcome: Outcome::Unknown,
        settled: false,
        ..lost
    };
    call.errors.extend([refused, lost]);
}

/// Runs each saga with each plan on both targets; gives how many runs and deliveries there were.
pub fn check(manifest: &Manifest) -> (usize, u64) {
    let options = Options {
        package: "order-choreography".into(),
        code_uri: ".".into(),
        binary: "order-choreography".into(),
        architecture: Architecture::default(),
        definitions: Definitions::default(),
    };
    let (mut runs, mut deliveries) = (0, 0);
    for (name, input) in inputs() {
        let manifest = only(manifest, name);
        let choreography = Choreography::of(&manifest, name).unwrap();
        let compiled = saga_compiler::compile(&manifest, &options).unwrap();
        let program = program(&compiled.definitions[0].machine).unwrap();
        for (number, plans) in plans(&manifest).into_iter().enumerate() {
            let expected = by_machine((&manifest, &program), &input, &plans);
            for weather in [Weather::default(), ROUGH] {
                if weather.shuffled && plans.iter().any(|plan| reads(plan, &choreography)) {
                    continue;
                }
                let seed = number as u64;
                let (found, delivered) =
                    by_events((&manifest, &choreography), &input, &plans, (weather, seed));
                pretty_assertions::assert_eq!(found, expected, "{name}, {plans:?}, {weather:?}");
                deliveries += delivered;
                runs += 1;
            }
        }
    }
    (runs, deliveries)
}
