//! What changes around state machines: functions, what they take, what roles allow, what data lies in.

use std::collections::BTreeSet;

use serde_json::Value;

use super::deployed::{Deployed, Function};
use super::schema::misfits;
use super::{Change, Effect};

const UNTIL_NOTHING_RUNS: &str =
    "keep it until no execution of the old definition runs or is parked";

pub(super) fn changes(old: &Deployed, new: &Deployed) -> Vec<Change> {
    let mut changes = removed(old, new);
    for (id, was) in &old.machines {
        let Some(is) = new.machines.get(id) else {
            continue;
        };
        for (action, on) in was.grants.difference(&is.grants) {
            let message =
                format!("its role may not use {action} on {on} any more: executions in flight do");
            changes.push(Change::new(
                Effect::Strands,
                "permission-removed",
                id,
                message,
                UNTIL_NOTHING_RUNS,
            ));
        }
    }
    for (id, was) in &old.functions {
        if let Some(is) = new.functions.get(id) {
            changes.extend(function(id, was, is, old, new));
        }
    }
    changes
}

/// What executions in flight name and is not there any more.
fn removed(old: &Deployed, new: &Deployed) -> Vec<Change> {
    let mut changes = Vec::new();
    for (id, machine) in &old.machines {
        for used in &machine.uses {
            let (code, kind) = match (old.functions.get(used), old.stores.get(used)) {
                (Some(_), _) if !new.functions.contains_key(used) => {
                    ("function-removed", "function")
                }
                (_, Some(kind)) if !new.stores.contains_key(used) => {
                    ("store-removed", kind.as_str())
                }
                _ => continue,
            };
            let message = format!("the {kind} `{used}` is removed: executions in flight use it");
            changes.push(Change::new(
                Effect::Strands,
                code,
                id,
                message,
                UNTIL_NOTHING_RUNS,
            ));
        }
    }
    for (id, kind) in &old.stores {
        let used = old
            .machines
            .values()
            .any(|machine| machine.uses.contains(id));
        if !used && !new.stores.contains_key(id) {
            let message = format!("the {kind} is removed, with what lies in it");
            let help = "see that nothing is left in it";
            changes.push(Change::new(
                Effect::Differs,
                "store-removed",
                id,
                message,
                help,
            ));
        }
    }
    changes
}

fn function(
    id: &str,
    was: &Function,
    is: &Function,
    old: &Deployed,
    new: &Deployed,
) -> Vec<Change> {
    let calls = Calls::of(id, old);
    let recovers = |machine: &String| machine.ends_with("Recovery");
    let mut changes = permissions(id, was, is, &calls);
    changes.extend(timeout(id, was, is, &calls));
    if let (Some(was), Some(is)) = (&was.data, &is.data) {
        changes.extend(taken(id, &was.0, &is.0, &calls));
        let is_read_anew = calls.any && new.machines.keys().any(recovers);
        changes.extend(answered(id, &was.1, &is.1, &calls, is_read_anew));
    }
    changes
}

/// How executions in flight call a function. Who calls a version goes on calling that, in the function's newest role:
/// only what is called by its alias or its name is replaced.
struct Calls {
    any: bool,
    /// Some call a version of it.
    pinned: bool,
    /// Some call it by its alias or its name.
    replaced: bool,
}

impl Calls {
    fn of(id: &str, old: &Deployed) -> Self {
        let version = format!("{id}.Version");
        let callers = old.machines.values();
        let callers = callers.filter(|machine| machine.uses.contains(id));
        let mut calls = Self {
            any: false,
            pinned: false,
            replaced: false,
        };
        for machine in callers {
            let is_pinned = machine.uses.contains(&version);
            calls.any = true;
            calls.pinned |= is_pinned;
            calls.replaced |= !is_pinned;
        }
        calls
    }
}

fn permissions(id: &str, was: &Function, is: &Function, calls: &Calls) -> Vec<Change> {
    let (effect, code, help) = match calls.pinned {
        true => (
            Effect::Strands,
            "the code that they started with",
            UNTIL_NOTHING_RUNS,
        ),
        false => (
            Effect::Differs,
            "its new code",
            "see that the new code does without it",
        ),
    };
    let removed = was.grants.difference(&is.grants).map(|(action, on)| {
        let message = format!(
            "it may not use {action} on {on} any more, and executions in flight call {code}"
        );
        Change::new(effect, "permission-removed", id, message, help)
    });
    removed.collect()
}

fn timeout(id: &str, was: &Function, is: &Function, calls: &Calls) -> Option<Change> {
    let (was, is) = (was.timeout?, is.timeout?);
    (is < was && calls.replaced).then(|| {
        let message = format!(
            "its timeout goes from {was} to {is} seconds, for calls of executions in flight too: what takes longer has an unknown outcome"
        );
        let help = "see that it is done in that time";
        Change::new(Effect::Differs, "timeout-shortened", id, message, help)
    })
}

/// What it takes, where executions in flight send the old form.
fn taken(id: &str, was: &Value, is: &Value, calls: &Calls) -> Vec<Change> {
    if !calls.replaced {
        return Vec::new();
    }
    let change = |misfit| {
        let message = format!(
            "what it takes changes: {misfit}, where executions in flight send the old form"
        );
        let help = "make what is new optional, or give the new form to a step of another name";
        Change::new(Effect::Strands, "input-changed", id, message, help)
    };
    misfits(was, is).into_iter().map(change).collect()
}

/// What it answers: executions in flight read the old form; what it has answered to them, a new recovery reads in the
/// new one.
fn answered(id: &str, was: &Value, is: &Value, calls: &Calls, is_read_anew: bool) -> Vec<Change> {
    let mut found = BTreeSet::new();
    if calls.replaced {
        found.extend(misfits(is, was));
    }
    if is_read_anew {
        found.extend(misfits(was, is));
    }
    let change = |misfit| {
        let message = format!(
            "what it answers changes: {misfit}, where executions in flight, or their recovery, read the other form"
        );
        let help = "add fields as optional ones, and remove none until no execution of the old definition runs or is parked";
        Change::new(Effect::Strands, "output-changed", id, message, help)
    };
    found.into_iter().map(change).collect()
}
