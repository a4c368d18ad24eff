//! The undo of a step, and the data that it is sure to have.

use saga_asl::model::Retrier;

use super::Remark;
use crate::call::{Call, call};
use crate::data::Data;
use crate::flow::{Step, WayBack};
use crate::read::Reader;
use crate::refusal::Refused;
use crate::template::Env;

/// What undoes a step.
#[derive(Debug)]
pub(crate) struct Undo {
    /// The Task's name, or that of a handler which the definition has not.
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    pub(crate) call: Call,
    pub(crate) timeout: Option<u64>,
    pub(crate) retriers: Vec<Retrier>,
    /// Whether the definition has nothing that undoes the step.
    pub(crate) added: bool,
}

/// The undo of a step: the Task's call, on what the step was handed.
pub(super) fn undone_by(
    reader: &Reader<'_>,
    step: &Step,
    undo: &str,
    steps: &[&Step],
    remarks: &mut Vec<Remark>,
) -> Result<Undo, Refused> {
    let Some((state, task)) = reader.state(undo).zip(reader.task(undo)) else {
        return Err(Refused::new("", "there is no such Task", ""));
    };
    let has = |way: &WayBack| way.undos.iter().any(|name| name == undo);
    // Where the step's own failure leads to the undo, what it is handed then is always there. What was caught is not
    // handed on: so the data before the step, if the error replaced them.
    let own = step.caught.iter().find(|caught| has(&caught.way));
    let own = own.map(|caught| match &caught.env.payload {
        Data::Lost(_) => Env {
            payload: step.before.payload.clone(),
            ..caught.env.clone()
        },
        _ => caught.env.clone(),
    });
    let around = steps.iter().flat_map(|step| &step.closing);
    let around = around
        .filter(|closing| has(&closing.way))
        .map(|closing| closing.env.clone());
    let envs = own.into_iter().chain(around).chain([step.after.clone()]);
    let position = steps.iter().position(|other| other.name == step.name);
    let later: Vec<&str> = steps
        .iter()
        .skip(position.map_or(0, |position| position + 1))
        .map(|other| other.name.as_str())
        .collect();
    let mut found = None;
    for env in envs {
        let (call, _) = call(
            undo,
            task,
            reader.language(state),
            &reader.on_the_way_back(&env),
            &reader.services,
        )?;
        let reads = |task: &&str| call.data().iter().any(|data| data.reads(task));
        match later.iter().copied().find(reads) {
            None => {
                found = Some(Ok(call));
                break;
            }
            Some(other) => drop(found.get_or_insert(Err(other))),
        }
    }
    let call = match found {
        Some(Ok(call)) => call,
        Some(Err(other)) => {
            let message = format!(
                "`{undo}` reads what `{other}` answers, which comes after `{}`, that it undoes",
                step.name
            );
            let help = "an undo reads what was there when its step was done";
            return Err(Refused::new("", message, help));
        }
        None => return Err(Refused::new("", "there is no such Task", "")),
    };
    let firsts = steps.iter().flat_map(|step| &step.caught);
    let elsewhere =
        firsts.filter(|caught| caught.way.undos.first().is_some_and(|first| first != undo));
    let behind = elsewhere
        .filter(|caught| caught.way.undos.iter().any(|name| name == undo))
        .count();
    if behind > 0 && !task_is_independent(task) {
        remarks.push(Remark {
            state: undo.to_owned(),
            kind: "other data",
            there: format!(
                "`{undo}` is handed what the undo before it leaves in the payload, or what failed"
            ),
            here: format!("it is handed what was there when `{}` was done", step.name),
        });
    }
    let mut first = steps
        .iter()
        .flat_map(|step| &step.caught)
        .filter(|caught| caught.way.undos.first().is_some_and(|first| first == undo));
    let is_other = |env: &Env| {
        let there = crate::call::call(
            undo,
            task,
            reader.language(state),
            &reader.on_the_way_back(env),
            &reader.services,
        );
        there.is_ok_and(|(there, _)| format!("{there:?}") != format!("{call:?}"))
    };
    if behind == 0 && first.any(|caught| is_other(&caught.env)) {
        remarks.push(Remark {
            state: undo.to_owned(),
            kind: "other data",
            there: format!("`{undo}` is handed what was caught, or what a later state left"),
            here: format!("it is handed what was there when `{}` was done", step.name),
        });
    }
    Ok(Undo {
        name: undo.to_owned(),
        comment: task.comment.clone(),
        call,
        timeout: match &task.timeout_seconds {
            Some(saga_asl::model::Dynamic::Value(seconds)) => Some(*seconds),
            _ => None,
        },
        retriers: task.retry.clone(),
        added: false,
    })
}

/// Whether a Task is sent nothing of its payload.
fn task_is_independent(task: &saga_asl::model::Task) -> bool {
    let template = task.parameters.as_ref().or(task.arguments.as_ref());
    template.is_some_and(|template| {
        let text = template.to_string();
        !text.contains("\"$") && !text.contains("{%")
    })
}

/// An undo that the definition has not.
pub(super) fn added_undo(step: &Step) -> Undo {
    let input = match &step.call {
        Call::Handler { input, .. } => input.clone(),
        Call::Item(_) | Call::Publish { .. } | Call::Send { .. } => step.before.payload.clone(),
    };
    Undo {
        name: format!("Revert{}", crate::rust::pascal(&step.name)),
        comment: Some(format!(
            "Undoes `{}`, which nothing undid until now.",
            step.name
        )),
        call: Call::Handler {
            replaces: String::new(),
            input,
            request: None,
        },
        timeout: step.timeout,
        retriers: Vec::new(),
        added: true,
    }
}
