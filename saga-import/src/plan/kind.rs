//! The kinds of steps: what is undone, where the point of no return is.

use std::collections::BTreeMap;

use super::Remark;
use super::undo::{Undo, added_undo};
use crate::flow::Step;

/// The kind of a step.
#[derive(Debug)]
pub(crate) enum Kind {
    /// It is undone by this.
    Compensatable(Box<Undo>),
    Pivot,
    Forward,
    ReadOnly,
    /// It only tells of the saga's end, and is not on its way.
    Told,
}

/// Steps that nothing undoes: those that others may fail after get an undo; the last one is the point of no return.
pub(super) fn settle_rest(
    effects: &[&Step],
    kinds: &mut BTreeMap<String, Kind>,
    remarks: &mut Vec<Remark>,
) {
    let undone = |step: &&Step| matches!(kinds.get(&step.name), Some(Kind::Compensatable(_)));
    let after = effects.iter().rposition(undone).map_or(0, |last| last + 1);
    let open = |step: &&&Step| !kinds.contains_key(&step.name);
    let rest: Vec<&Step> = effects.iter().skip(after).filter(open).copied().collect();
    let leads_back =
        |step: &&Step| !step.closing.is_empty() || step.ways().any(|way| !way.undos.is_empty());
    let last_back = effects.iter().rposition(leads_back);
    let place_of = |step: &Step| effects.iter().position(|other| other.name == step.name);
    let first = match last_back {
        // What is caught by name was surely refused; of anything else nobody knows whether it was done.
        Some(last) => {
            let from = if effects.get(last).is_some_and(|step| caught_by_name(step)) {
                last
            } else {
                last + 1
            };
            rest.iter()
                .position(|step| place_of(step).is_some_and(|place| place >= from))
        }
        None => rest.len().checked_sub(1),
    };
    let outside = |place: &usize| rest.get(*place).is_some_and(|step| !step.is_within);
    let pivot = first.and_then(|first| (first..rest.len()).find(outside));
    let added: Vec<&Step> = effects.iter().filter(open).copied().collect();
    for step in added {
        let place = rest.iter().position(|other| other.name == step.name);
        let kind = match (place, pivot) {
            (Some(place), Some(pivot)) if place == pivot => Kind::Pivot,
            (Some(place), Some(pivot)) if place > pivot => Kind::Forward,
            _ => Kind::Compensatable(Box::new(added_undo(step))),
        };
        match &kind {
            Kind::Compensatable(undo) => remarks.push(Remark {
                state: step.name.clone(),
                kind: "not compensated",
                there: format!("nothing undoes `{}`", step.name),
                here: format!(
                    "`{}` was added, and parks the saga until you write its handler; a step without effect is `saga.read(…)`",
                    undo.name
                ),
            }),
            Kind::Pivot => remarks.push(Remark {
                state: step.name.clone(),
                kind: "point of no return",
                there: format!("nothing undoes `{}`, and nothing before it is undone once it is done", step.name),
                here: "it is the pivot: what comes after it goes forward until it succeeds".into(),
            }),
            _ => {}
        }
        kinds.insert(step.name.clone(), kind);
    }
}

fn caught_by_name(step: &Step) -> bool {
    if !step.closing.is_empty() {
        return false;
    }
    let leads_back = step
        .caught
        .iter()
        .filter(|caught| !caught.way.undos.is_empty());
    let mut names = leads_back.flat_map(|caught| &caught.catcher.error_equals);
    names.all(|name| !name.starts_with("States."))
}
