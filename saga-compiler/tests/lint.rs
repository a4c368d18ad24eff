//! What is emitted passes the project's own linter: not an error, not a warning.

use saga_asl::lint::{Severity, check};
use saga_asl::model::StateMachine;
use saga_manifest::Manifest;

use crate::machine::Machine;
use crate::manifest::{compile, fare_processing, saga};
use crate::recovery::random_saga;
use crate::{blocks, fences};

#[track_caller]
fn passes(manifest: &Manifest) {
    for definition in compile(manifest).definitions {
        has_none(&definition.machine, &[]);
        if let Some(recovery) = &definition.recovery {
            has_none(recovery, &[UNDONE_IS_SUCCESS]);
        }
    }
}

/// A recovery succeeds where all is undone, and an undo that finds nothing to undo goes on.
const UNDONE_IS_SUCCESS: &str = "ASL307";

#[track_caller]
fn has_none(machine: &StateMachine, but: &[&str]) {
    let text = machine.to_pretty();
    let found = check(&text)
        .into_iter()
        .filter(|found| found.severity > Severity::Note && !but.contains(&found.code));
    let found: Vec<_> = found.map(|found| found.to_string()).collect();
    assert!(found.is_empty(), "{found:#?}\n{text}");
}

#[test]
fn what_is_emitted_has_no_finding() {
    passes(&fare_processing());
    passes(&fences::undone_by_a_delete());
    passes(&saga(Vec::new()));
    passes(&blocks::of_each_kind());
    passes(&crate::calls::nested::trip());
    passes(&crate::calls::approval::asks_both());
    (0..20).for_each(|seed| passes(&random_saga(seed)));
}

/// The linter does look: it finds what is broken by hand.
#[test]
fn what_is_broken_is_found() {
    let machine = Machine::of(&fare_processing());
    let broken = machine
        .definition()
        .to_string()
        .replace("\"Next\":\"ChargeFare\"", "\"Next\":\"Gone\"");
    assert!(
        check(&broken)
            .iter()
            .any(|found| found.severity == Severity::Error)
    );
}
