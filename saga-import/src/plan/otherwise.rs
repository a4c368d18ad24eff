//! What a saga does otherwise than the definition because it is one: said at the state where it shows.

use std::collections::BTreeMap;

use super::remark::left_out;
use super::{Kind, Notice, Remark};
use crate::call::Call;
use crate::data::Data;
use crate::flow::{Block, Step, WayBack};

/// All of it.
pub(super) fn otherwise(
    block: &Block,
    kinds: &BTreeMap<String, Kind>,
    compensated: &[Notice],
    output: &Data,
) -> Vec<Remark> {
    let steps = block.steps();
    let mut remarks = Vec::new();
    let mut committed = false;
    for (index, step) in steps.iter().enumerate() {
        let Some(kind) = kinds.get(&step.name) else {
            continue;
        };
        handed(step, kind, &mut remarks);
        if !matches!(kind, Kind::Told) {
            retried(step, &mut remarks);
        }
        if committed && !matches!(kind, Kind::Told) {
            remarks.push(goes_forward(step));
        }
        let before = steps.get(..index).unwrap_or_default();
        if !committed && !step.is_within {
            undone(step, kind, before, kinds, &mut remarks);
        }
        committed |= matches!(kind, Kind::Pivot);
    }
    let told_everywhere = |notice: &Notice| {
        let told =
            |way: Option<&WayBack>| way.is_some_and(|way| way.notices.contains(&notice.name));
        steps
            .iter()
            .all(|step| failures(step).iter().all(|(_, way)| told(*way)))
    };
    for notice in compensated.iter().filter(|notice| !told_everywhere(notice)) {
        remarks.push(Remark {
            state: notice.name.clone(),
            kind: "told always",
            there: format!("`{}` is not sent on every failure", notice.name),
            here: "it is sent whenever the saga was undone".into(),
        });
    }
    if output.settled().1 {
        remarks.push(other_shape("", "the output is the payload".to_owned()));
    }
    if let Some(why) = output.leaves_out() {
        remarks.push(left_out("", "the output", why));
    } else if block.completes_early() {
        remarks.push(Remark {
            state: String::new(),
            kind: "left out",
            there: "the output is what the way that was taken left".into(),
            here: "it is left out: a saga with several ends answers `()`, until you state a value"
                .into(),
        });
    }
    remarks
}

fn other_shape(state: &str, there: String) -> Remark {
    Remark {
        state: state.to_owned(),
        kind: "other shape",
        there: format!("{there}, with results laid over it"),
        here: "it is a struct of both, side by side: a saga merges no objects".into(),
    }
}

/// What a step and its undo are given.
fn handed(step: &Step, kind: &Kind, remarks: &mut Vec<Remark>) {
    let mut calls = vec![(step.name.as_str(), &step.call)];
    if let Kind::Compensatable(undo) = kind
        && !undo.added
    {
        calls.push((&undo.name, &undo.call));
    }
    for (name, call) in calls {
        if call.data().into_iter().any(|data| data.settled().1) {
            remarks.push(other_shape(name, format!("`{name}` is handed the payload")));
        }
        if let Some(why) = call.data().into_iter().find_map(Data::leaves_out) {
            remarks.push(left_out(name, &format!("what `{name}` is sent"), why));
        }
    }
}

/// Retriers that a step's declaration has nothing for.
fn retried(step: &Step, remarks: &mut Vec<Remark>) {
    let retriers = step
        .retriers
        .iter()
        .filter(|retrier| retrier.max_attempts != Some(0));
    let names: Vec<&str> = retriers
        .flat_map(|retrier| &retrier.error_equals)
        .map(String::as_str)
        .collect();
    if !matches!(step.call, Call::Handler { .. }) && !names.contains(&"States.ALL") {
        remarks.push(Remark {
            state: step.name.clone(),
            kind: "retried otherwise",
            there: format!("`{}` is not retried on every error", step.name),
            here: "the service is asked again, whatever it failed with: see `.retry_others(…)`"
                .into(),
        });
        return;
    }
    let declared = step.declared();
    let is_kept = |name: &str| {
        declared.contains(&name)
            || name.starts_with("Lambda.")
            || ["States.ALL", "States.TaskFailed"].contains(&name)
    };
    let dropped: Vec<String> = names
        .iter()
        .filter(|name| !is_kept(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if !dropped.is_empty() && !names.contains(&"States.ALL") {
        remarks.push(Remark {
            state: step.name.clone(),
            kind: "retried otherwise",
            there: format!("`{}` is retried on {}", step.name, dropped.join(", ")),
            here: "it is not: declare what its handler reports, with `#[saga(retry(…))]`, or retry all else by `.retry_others(…)`".into(),
        });
    }
    if names.contains(&"States.TaskFailed") && !names.contains(&"States.ALL") {
        remarks.push(Remark {
            state: step.name.clone(),
            kind: "retried otherwise",
            there: format!("`{}` is not retried where it times out", step.name),
            here: "it is, as on every failure that is not declared".into(),
        });
    }
}

fn goes_forward(step: &Step) -> Remark {
    Remark {
        state: step.name.clone(),
        kind: "goes forward",
        there: format!("where `{}` fails, the execution does", step.name),
        here: "it is behind the point of no return: it is retried, and then parked for an operator"
            .into(),
    }
}

/// The failures of a step: the names of each catcher and where it leads; of what nothing catches, nowhere.
fn failures(step: &Step) -> Vec<(Vec<&str>, Option<&WayBack>)> {
    let mut failures: Vec<_> = step
        .caught
        .iter()
        .map(|caught| {
            let names = caught.catcher.error_equals.iter().map(String::as_str);
            (names.collect::<Vec<_>>(), Some(&caught.way))
        })
        .collect();
    if !failures
        .iter()
        .any(|(names, _)| names.contains(&"States.ALL"))
    {
        failures.push((Vec::new(), None));
    }
    failures
}

/// Undos that the definition does not run where a step fails, and the saga does.
fn undone(
    step: &Step,
    kind: &Kind,
    before: &[&Step],
    kinds: &BTreeMap<String, Kind>,
    remarks: &mut Vec<Remark>,
) {
    let undo_of = |step: &Step| match kinds.get(&step.name) {
        Some(Kind::Compensatable(undo)) if !undo.added => Some(undo.name.clone()),
        _ => None,
    };
    let earlier: Vec<String> = before.iter().filter_map(|step| undo_of(step)).collect();
    let declared = step.declared();
    let (mut left, mut unknown) = (Vec::new(), None);
    for (names, way) in failures(step) {
        // Whatever the pivot does not declare is retried, and parked: no undo runs.
        if matches!(kind, Kind::Pivot) && !names.iter().any(|name| declared.contains(name)) {
            continue;
        }
        let runs = |undo: &String| way.is_some_and(|way| way.undos.contains(undo));
        for undo in earlier.iter().filter(|undo| !runs(undo)) {
            if !left.contains(undo) {
                left.push(undo.clone());
            }
        }
        let is_known = !names.is_empty() && names.iter().all(|name| declared.contains(name));
        unknown = unknown.or(undo_of(step).filter(|undo| !is_known && !runs(undo)));
    }
    if !left.is_empty() {
        let left: Vec<_> = left.iter().map(|undo| format!("`{undo}`")).collect();
        remarks.push(Remark {
            state: step.name.clone(),
            kind: "not compensated",
            there: format!(
                "where `{}` fails, it is not on every error that {} runs",
                step.name,
                left.join(", ")
            ),
            here: "whatever fails, what was done before it is undone, in reverse".into(),
        });
    }
    if let Some(undo) = unknown {
        remarks.push(Remark {
            state: step.name.clone(),
            kind: "unknown outcome not compensated",
            there: format!("where `{}` fails with an error that says nothing of what was done, `{undo}` does not run", step.name),
            here: "a step that may have happened is undone, too".into(),
        });
    }
}
