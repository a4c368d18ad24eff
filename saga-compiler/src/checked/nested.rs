//! Sagas that other sagas run as their steps.

use std::collections::{BTreeMap, BTreeSet};

use saga_manifest::Manifest;
use saga_manifest::error::RetryPolicy;
use saga_manifest::place::Place;
use saga_manifest::saga::Saga;
use saga_manifest::step::{Call, Kind, Step};
use saga_manifest::task::Task;

use super::duration;
use crate::diagnostic::{Diagnostic, Report};
use crate::jsonata::scope::HANDED_ON;

/// What stands between a step and what is below it in a step instance.
const BELOW: char = '/';

/// The sagas that others run.
pub(super) fn called(manifest: &Manifest) -> BTreeSet<&str> {
    manifest.sagas.iter().flat_map(Saga::runs).collect()
}

/// A call of a saga.
struct Run<'m> {
    saga: &'m str,
    caller: &'m str,
    step: &'m str,
    place: &'m Place,
    call: &'m Call,
    /// Why what is called must not undo itself; nothing where it may.
    only_forward: Option<&'static str>,
}

fn runs(saga: &Saga) -> Vec<Run<'_>> {
    let mut found = Vec::new();
    for step in saga.body.all_steps() {
        let forward = match step.kind {
            Kind::Retriable => Some("the step only goes forward"),
            _ => None,
        };
        push(saga, step, &step.call, forward, &mut found);
        if let Kind::Compensatable { compensation } = &step.kind {
            let undo = Some("an undo only goes forward");
            push(saga, step, compensation, undo, &mut found);
        }
    }
    found
}

fn push<'m>(
    caller: &'m Saga,
    step: &'m Step,
    call: &'m Call,
    only_forward: Option<&'static str>,
    found: &mut Vec<Run<'m>>,
) {
    if let Task::Saga { saga, .. } = &call.task {
        found.push(Run {
            saga,
            caller: &caller.name,
            step: &step.name,
            place: &step.place,
            call,
            only_forward,
        });
    }
}

/// Checks which sagas run which.
pub(super) fn check(manifest: &Manifest, report: &mut Report) {
    let sagas: BTreeMap<_, _> = manifest
        .sagas
        .iter()
        .map(|s| (s.name.as_str(), s))
        .collect();
    let called = called(manifest);
    for saga in &manifest.sagas {
        let runs = runs(saga);
        if !runs.is_empty() || called.contains(saga.name.as_str()) {
            check_names(saga, report);
        }
        for run in runs {
            if let Some(child) = sagas.get(run.saga) {
                check_run(&run, child, &sagas, report);
            }
        }
        check_reads(saga, report);
        check_notifications(saga, report);
    }
    for name in called {
        sagas
            .get(name)
            .into_iter()
            .for_each(|saga| check_input(saga, report));
    }
}

/// Whether a call starts the saga again after an error that its execution may have ended with: only
/// Step Functions' own errors say that it was not started.
fn runs_again(call: &Call) -> bool {
    let retried = |policy: &RetryPolicy| policy.max_attempts > 0;
    let mut errors = call.errors.iter();
    call.retry_others.as_ref().is_some_and(retried)
        || errors.any(|error| {
            error.retry.as_ref().is_some_and(retried) && !error.name.starts_with("StepFunctions.")
        })
}

fn check_run(run: &Run<'_>, child: &Saga, sagas: &BTreeMap<&str, &Saga>, report: &mut Report) {
    let Run {
        saga,
        caller,
        step,
        place,
        ..
    } = *run;
    if leads_to(child, caller, sagas, &mut BTreeSet::new()) {
        let message = format!("`{caller}` runs `{saga}`, which runs `{caller}` in turn");
        let help = "break the circle: it would never come to its end";
        let mistake = Diagnostic::new(message, help).at(place, "it is run here");
        report.push(mistake.at(&child.place, "the saga that leads back"));
        return;
    }
    let undoes = undoable(child, sagas, &mut BTreeSet::new());
    if let Some(undone) = undoes.filter(|_| runs_again(run.call) && run.only_forward.is_none()) {
        let message = format!("`{step}` runs `{saga}` again when it has ended, undone perhaps");
        let help = "leave the retries to the saga's own steps: what it has undone its fences refuse \
                    to do again";
        let mistake = Diagnostic::new(message, help).at(place, "it is run here");
        report.push(mistake.at(&undone.place, "this step is undone"));
    }
    if let Some((why, undone)) = run.only_forward.zip(undoes) {
        let message = format!("`{step}` runs `{saga}`, which may undo itself, and {why}");
        let help = "run a saga there that begins with its pivot, or whose steps only read before it: \
                    what was undone cannot be done again";
        let mistake = Diagnostic::new(message, help).at(place, "it is run here");
        report.push(mistake.at(&undone.place, "this step is undone"));
    }
    let least = duration::of_saga(child);
    let stated = u64::from(run.call.timeout_seconds);
    if stated < least {
        let message = format!(
            "`{step}` waits {stated} seconds for `{saga}`, which may take {least} with all of its \
             retries and its undo"
        );
        let help = format!("state a timeout of {least} seconds, or shorten those of its steps");
        let mistake = Diagnostic::new(message, help).at(place, "it is run here");
        report.push(mistake.at(&child.place, "the saga"));
    }
}

/// A step that a saga, or one that it runs, may undo.
fn undoable<'m>(
    saga: &'m Saga,
    sagas: &BTreeMap<&str, &'m Saga>,
    seen: &mut BTreeSet<&'m str>,
) -> Option<&'m Step> {
    let mut steps = saga.body.all_steps().into_iter();
    let own = steps.find(|step| matches!(step.kind, Kind::Compensatable { .. }));
    own.or_else(|| {
        let next = runs(saga).into_iter().filter(|run| seen.insert(run.saga));
        let next: Vec<_> = next.filter_map(|run| sagas.get(run.saga)).collect();
        next.into_iter()
            .find_map(|next| undoable(next, sagas, seen))
    })
}

/// Whether a saga runs another, or leads to it.
fn leads_to<'m>(
    saga: &'m Saga,
    to: &str,
    sagas: &BTreeMap<&str, &'m Saga>,
    seen: &mut BTreeSet<&'m str>,
) -> bool {
    let first = seen.insert(&saga.name);
    saga.name == to
        || first
            && runs(saga).into_iter().any(|run| {
                let next = sagas.get(run.saga);
                next.is_some_and(|next| leads_to(next, to, sagas, seen))
            })
}

/// The instance of a nested step is its caller's, a `/`, and its own name.
fn check_names(saga: &Saga, report: &mut Report) {
    let steps = saga.body.all_steps().into_iter();
    for step in steps.filter(|step| step.name.contains(BELOW)) {
        let message = format!("the step `{}` has a `{BELOW}` in its name", step.name);
        let help = "choose another name: where sagas run sagas, it stands between the names of a \
                    step and of those below it";
        report.push(Diagnostic::new(message, help).at(&step.place, "this step"));
    }
}

/// A caller adds fields to the input of what it runs.
fn check_input(saga: &Saga, report: &mut Report) {
    let fields = saga.input.schema.get("properties");
    for name in HANDED_ON
        .into_iter()
        .filter(|name| fields.is_some_and(|f| f.get(name).is_some()))
    {
        let message = format!("the input of `{}` has a field `{name}`", saga.name);
        let help = "choose another name: a saga that runs this one hands its id on there";
        report.push(Diagnostic::new(message, help).at(&saga.place, "the saga"));
    }
    if saga
        .input
        .schema
        .get("type")
        .is_some_and(|kind| kind != "object")
    {
        let message = format!("the input of `{}` is no object", saga.name);
        let help = "make it a struct: a saga that runs this one adds to it";
        report.push(Diagnostic::new(message, help).at(&saga.place, "the saga"));
    }
}

/// What another saga did stays done, unless its caller says what undoes it.
fn check_reads(saga: &Saga, report: &mut Report) {
    for step in saga.body.all_steps() {
        if let (Kind::ReadOnly, Task::Saga { saga: child, .. }) = (&step.kind, &step.call.task) {
            let message = format!("`{}` runs `{child}` as if that had no effect", step.name);
            let help =
                "say what undoes it once it is completed: `saga.step(…)` with a compensation";
            report.push(Diagnostic::new(message, help).at(&step.place, "this step"));
        }
    }
}

/// A notification never changes an ending, and a saga may fail in ways of its own.
fn check_notifications(saga: &Saga, report: &mut Report) {
    for notification in &saga.notifications {
        if let Task::Saga { .. } | Task::Approval { .. } = notification.call.task {
            let message = format!("the notification `{}` waits for an end", notification.name);
            let help = "send a message, or invoke a handler";
            report.push(Diagnostic::new(message, help).at(&notification.place, "this call"));
        }
    }
}
