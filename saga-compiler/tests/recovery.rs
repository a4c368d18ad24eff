//! On every path of every saga: what was or may have been done is undone in reverse, and nothing else.

use std::collections::BTreeSet;

use saga_manifest::Manifest;
use saga_manifest::expr::Expr;
use saga_manifest::flow::End as BlockEnd;
use saga_manifest::saga::Ending;
use saga_manifest::step::{Call, Kind, Step};

use crate::machine::{End, Machine, Path, paths};
use crate::manifest::{
    compensatable, field, invoke, known, line, notification, object, pivot, policy, read_only,
    retriable, retried, saga, unknown, work,
};

/// A saga of some of the kinds of steps, in an order that is allowed, each of which reads what it may.
pub fn random_saga(seed: u32) -> Manifest {
    let mut bits = Bits(seed.wrapping_mul(2_654_435_761) | 1);
    let before = bits.below(4);
    let mut steps: Vec<Step> = (0..before)
        .map(|number| backward(number, &mut bits))
        .collect();
    if bits.below(3) > 0 {
        steps.push(Step {
            call: errors(work("Pivot"), &mut bits),
            ..pivot("Pivot")
        });
        steps.extend((0..bits.below(3)).map(|number| forward(number, &mut bits)));
    }
    for (position, step) in steps.iter_mut().enumerate() {
        step.place = line(u32::try_from(position).unwrap());
    }
    let mut names = Vec::new();
    for step in &mut steps {
        reading(&mut step.call, outputs(&names, true), &mut bits);
        if let Kind::Compensatable { compensation } = &mut step.kind {
            let own = Expr::MaybeOutput(step.name.clone());
            let earlier = outputs(&names, true).into_iter().chain([own]).collect();
            reading(compensation, earlier, &mut bits);
        }
        names.push(step.name.clone());
    }
    let mut manifest = saga(steps);
    let saga = &mut manifest.sagas[0];
    saga.body.end = BlockEnd::Complete(read_some(&outputs(&names, true), &mut bits));
    for (name, on) in [
        ("Tell", Ending::Completed),
        ("Regret", Ending::Compensated),
        ("Warn", Ending::Parked),
    ] {
        if bits.below(2) == 0 {
            let mut told = notification(name, on, work("Told"));
            reading(
                &mut told.call,
                outputs(&names, on == Ending::Completed),
                &mut bits,
            );
            saga.notifications.push(told);
        }
    }
    manifest.handlers.push(crate::manifest::handler("Told"));
    manifest
}

struct Bits(u32);

impl Bits {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) % bound
    }
}

fn backward(number: u32, bits: &mut Bits) -> Step {
    let step = match bits.below(4) {
        0 => read_only(&format!("Read{number}")),
        _ => compensatable(&format!("Step{number}")),
    };
    Step {
        call: errors(step.call, bits),
        ..step
    }
}

fn forward(number: u32, bits: &mut Bits) -> Step {
    match bits.below(3) {
        0 => read_only(&format!("Look{number}")),
        _ => retriable(&format!("Forward{number}")),
    }
}

fn errors(mut call: Call, bits: &mut Bits) -> Call {
    if bits.below(2) == 0 {
        call.errors.push(known("Refused"));
    }
    match bits.below(3) {
        0 => call.errors.push(retried(unknown("Unavailable"), 3)),
        1 => call.retry_others = Some(policy(2)),
        _ => {}
    }
    call
}

fn outputs(names: &[String], sure: bool) -> Vec<Expr> {
    let names = names.iter().cloned();
    names
        .map(|name| {
            if sure {
                Expr::Output(name)
            } else {
                Expr::MaybeOutput(name)
            }
        })
        .collect()
}

fn reading(call: &mut Call, outputs: Vec<Expr>, bits: &mut Bits) {
    if let saga_manifest::task::Task::Lambda { handler, .. } = &call.task {
        let errors = call.errors.clone();
        let retry_others = call.retry_others.clone();
        *call = Call {
            errors,
            retry_others,
            ..invoke(handler, read_some(&outputs, bits))
        };
    }
}

fn read_some(outputs: &[Expr], bits: &mut Bits) -> Expr {
    let some: Vec<_> = outputs
        .iter()
        .filter(|_| bits.below(2) == 0)
        .cloned()
        .collect();
    match some.as_slice() {
        [] => object([]),
        [one] => object([("one", field(one.clone(), "id"))]),
        [one, .., other] => object([("one", one.clone()), ("other", field(other.clone(), "id"))]),
    }
}

/// The steps of a saga that a path has to undo, in the order of the undo.
fn to_undo(manifest: &Manifest, path: &Path) -> Vec<String> {
    let saga = &manifest.sagas[0];
    let steps = saga.body.all_steps().into_iter();
    let compensatable = steps.filter(|step| matches!(step.kind, Kind::Compensatable { .. }));
    let happened = compensatable.filter(|step| may_have_happened(&step.name, path));
    happened
        .rev()
        .map(|step| format!("Undo{}", step.name))
        .collect()
}

/// Whether a step succeeded, or ended in a way that says nothing about its effect.
fn may_have_happened(step: &str, path: &Path) -> bool {
    let outcome = |name: &str| {
        let found = path.states.iter().find(|(state, _)| state == name);
        found.map(|(_, outcome)| outcome.as_str())
    };
    match outcome(step) {
        None => false,
        Some("Refused") => outcome(&format!("{step}Outcome")) == Some("retried"),
        Some(_) => true,
    }
}

/// Names of the states that undid, a parked one under its first name.
fn undone(path: &Path) -> Vec<String> {
    let done = path
        .done()
        .into_iter()
        .filter(|name| name.starts_with("Undo"));
    done.map(|name| name.trim_end_matches("Parked").to_owned())
        .collect()
}

#[test]
fn every_path_ends_completed_compensated_or_parked() {
    let mut ends = BTreeSet::new();
    for seed in 0..40 {
        let manifest = random_saga(seed);
        for path in paths(&Machine::of(&manifest)) {
            ends.insert(check(&manifest, &path, seed));
        }
    }
    let all = ["compensated", "completed", "parked"];
    assert_eq!(
        ends.into_iter().collect::<Vec<_>>(),
        all,
        "a path of each kind was seen"
    );
}

#[track_caller]
fn check(manifest: &Manifest, path: &Path, seed: u32) -> &'static str {
    let what = format!("seed {seed}: {path:?}");
    let steps = manifest.sagas[0].body.all_steps();
    match &path.end {
        End::Succeeded => {
            let parked = |step: &Step| format!("{}Parked", step.name);
            let done = path.done();
            for step in steps {
                let done =
                    done.contains(&step.name.as_str()) || done.contains(&parked(step).as_str());
                assert!(done, "completed without `{}`: {what}", step.name);
            }
            assert!(undone(path).is_empty(), "{what}");
            "completed"
        }
        End::Failed => {
            assert_eq!(undone(path), to_undo(manifest, path), "{what}");
            assert!(
                !path.done().contains(&"Pivot"),
                "undone after the pivot: {what}"
            );
            "compensated"
        }
        End::Stuck(state) => {
            assert!(state.ends_with("Parked"), "stuck at `{state}`: {what}");
            assert!(
                to_undo(manifest, path).starts_with(&undone(path)) || undone(path).is_empty(),
                "{what}"
            );
            "parked"
        }
    }
}

#[test]
fn every_state_of_every_saga_is_reachable() {
    for seed in 0..40 {
        let machine = Machine::of(&random_saga(seed));
        let paths = paths(&machine);
        let seen: BTreeSet<_> = paths
            .iter()
            .flat_map(|path| &path.states)
            .map(|(name, _)| name)
            .collect();
        let all: BTreeSet<_> = machine.states().keys().collect();
        assert_eq!(seen, all, "seed {seed}");
    }
}
