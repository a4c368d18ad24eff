//! What changes around state machines: functions, what they take, what roles allow, what data lies in.

use std::collections::BTreeSet;

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
    let mut changes = Vec::new();
    // Who calls a version goes on calling that, in the function's newest role: only what is called by its alias or its
    // name is replaced.
    let version = format!("{id}.Version");
    let callers = old.machines.values();
    let callers: Vec<_> = callers
        .filter(|machine| machine.uses.contains(id))
        .collect();
    let pinned = callers
        .iter()
        .any(|machine| machine.uses.contains(&version));
    let called = callers
        .iter()
        .any(|machine| !machine.uses.contains(&version));
    for (action, on) in was.grants.difference(&is.grants) {
        let (effect, code, help) = if pinned {
            let help = UNTIL_NOTHING_RUNS;
            (Effect::Strands, "the code that they started with", help)
        } else {
            let help = "see that the new code does without it";
            (Effect::Differs, "its new code", help)
        };
        let message = format!(
            "it may not use {action} on {on} any more, and executions in flight call {code}"
        );
        changes.push(Change::new(effect, "permission-removed", id, message, help));
    }
    if let (Some(was), Some(is)) = (was.timeout, is.timeout)
        && is < was
        && called
    {
        let message = format!(
            "its timeout goes from {was} to {is} seconds, for calls of executions in flight too: what takes longer has an unknown outcome"
        );
        let help = "see that it is done in that time";
        changes.push(Change::new(
            Effect::Differs,
            "timeout-shortened",
            id,
            message,
            help,
        ));
    }
    if let (Some((input, output)), Some((new_input, new_output))) = (&was.data, &is.data) {
        let sent = if called {
            misfits(input, new_input)
        } else {
            Vec::new()
        };
        for misfit in sent {
            let message = format!(
                "what it takes changes: {misfit}, where executions in flight send the old form"
            );
            let help = "make what is new optional, or give the new form to a step of another name";
            changes.push(Change::new(
                Effect::Strands,
                "input-changed",
                id,
                message,
                help,
            ));
        }
        let mut answers = BTreeSet::new();
        if called {
            answers.extend(misfits(new_output, output));
        }
        // What it has answered to executions in flight, the new recovery reads.
        if !callers.is_empty()
            && new
                .machines
                .keys()
                .any(|machine| machine.ends_with("Recovery"))
        {
            answers.extend(misfits(output, new_output));
        }
        for misfit in answers {
            let message = format!(
                "what it answers changes: {misfit}, where executions in flight, or their recovery, read the other form"
            );
            let help = "add fields as optional ones, and remove none until no execution of the old definition runs or is parked";
            changes.push(Change::new(
                Effect::Strands,
                "output-changed",
                id,
                message,
                help,
            ));
        }
    }
    changes
}
