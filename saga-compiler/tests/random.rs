//! Random sagas with all constructs: what is emitted has no finding, and its executions on the engine
//! keep the guarantees, whatever fails.
//!
//! `cargo test -p saga-compiler --release -- --ignored a_hundred_thousand` runs the large number;
//! `SAGA_SEED=7` before it begins at another saga.

use std::collections::BTreeMap;

use saga_asl::lint::{Severity, check};
use saga_manifest::Manifest;
use saga_manifest::flow::Node;
use saga_random::guarantee::Ending;
use saga_random::run::{Ran, program, run};
use saga_random::saga::random;

use crate::manifest::compile;

/// What many executions came to.
#[derive(Debug, Default)]
struct Tally {
    sagas: u64,
    executions: u64,
    completed: u64,
    compensated: u64,
    parked: u64,
    parked_for_good: u64,
    undos: usize,
    transitions: u64,
}

impl Tally {
    fn count(&mut self, ran: Ran) {
        self.executions += 1;
        self.undos += ran.undos;
        self.transitions += ran.transitions;
        self.parked += u64::from(ran.parked > 0);
        match ran.ending {
            Ending::Completed => self.completed += 1,
            Ending::Compensated => self.compensated += 1,
            Ending::ParkedForGood => self.parked_for_good += 1,
        }
    }
}

/// Compiles the saga of a seed, and runs it so often.
#[track_caller]
fn saga_keeps_its_guarantees(seed: u64, executions: u64, tally: &mut Tally) {
    let manifest = random(seed);
    let machine = compile(&manifest).definitions.remove(0).machine;
    let program = program(&machine).unwrap();
    tally.sagas += 1;
    for number in 0..executions {
        let execution = seed * 1_000_003 + number;
        match run(&program, &manifest.sagas[0], execution) {
            Ok(ran) => tally.count(ran),
            Err(example) => panic!(
                "saga {seed}, execution {execution}: {}\n{}\n{}",
                example.broken,
                example.trace.join("\n"),
                serde_json::to_string(&manifest.sagas[0].body).unwrap()
            ),
        }
    }
}

#[track_caller]
fn has_no_finding(seed: u64, manifest: &Manifest) {
    let machine = compile(manifest).definitions.remove(0).machine;
    let found = check(&machine.to_pretty()).into_iter();
    let found = found.filter(|found| found.severity > Severity::Note);
    let found = found.map(|found| found.to_string());
    // The linter infers what undoes what. Where a block that is tried again is in another one, it takes
    // what is undone on the forward way for mistakes.
    let nodes = manifest.sagas[0].body.all_nodes();
    let is_savepoint = |node: &&Node| matches!(node, Node::Savepoint(_));
    let nested = nodes.iter().any(|node| match node {
        Node::Savepoint(tried) => tried.block.all_nodes().iter().any(is_savepoint),
        _ => false,
    });
    let found: Vec<_> = found
        .filter(|text| !(nested && text.contains("(inferred")))
        .collect();
    assert!(
        found.is_empty(),
        "saga {seed}: {found:#?}\n{}",
        machine.to_pretty()
    );
}

#[test]
fn random_sagas_have_no_finding() {
    for seed in 0..60 {
        has_no_finding(seed, &random(seed));
    }
}

#[test]
fn executions_of_random_sagas_keep_the_guarantees() {
    let mut tally = Tally::default();
    for seed in 0..60 {
        saga_keeps_its_guarantees(seed, 10, &mut tally);
    }
    println!("{tally:?}");
    assert!(
        tally.completed > 100 && tally.compensated > 100 && tally.parked > 10,
        "{tally:?}"
    );
}

/// A generator that never nests would prove little.
#[test]
fn random_sagas_are_of_all_kinds_and_distinct() {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut bodies = Vec::new();
    for seed in 0..1_000 {
        let manifest = random(seed);
        for node in manifest.sagas[0].body.all_nodes() {
            let kind = match node {
                Node::Step(_) => "step",
                Node::Parallel(_) => "parallel",
                Node::Choice(_) => "choice",
                Node::Map(_) => "map",
                Node::Wait(_) => "pause",
                Node::Savepoint(_) => "savepoint",
            };
            *kinds.entry(kind).or_default() += 1;
        }
        bodies.push(serde_json::to_string(&manifest.sagas[0].body).unwrap());
    }
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    assert!(kinds.values().all(|count| *count > 200), "{kinds:?}");
    bodies.sort_unstable();
    bodies.dedup();
    assert!(bodies.len() > 950, "{}", bodies.len());
}

#[test]
#[ignore = "takes minutes: a hundred thousand executions"]
fn a_hundred_thousand_executions_keep_the_guarantees() {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test may be told where to begin"
    )]
    let first = std::env::var("SAGA_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let first: u64 = first.unwrap_or_default();
    let mut tally = Tally::default();
    for seed in first..first + 1_000 {
        has_no_finding(seed, &random(seed));
        saga_keeps_its_guarantees(seed, 100, &mut tally);
    }
    println!("{tally:?}");
}
