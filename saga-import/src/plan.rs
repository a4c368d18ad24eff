//! Which kind each step is, and what undoes it.

mod owner;

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::model::Retrier;
use saga_asl::outline::Outline;
use saga_asl::recovery::{Recovery, is_read_only};

use crate::call::{Call, call};
use crate::data::Data;
use crate::flow::{Block, End, Step, WayBack};
use crate::read::Reader;
use crate::refusal::Refused;
use crate::template::Env;

/// A saga, as it will be written.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) block: Block,
    /// By Task of the way forward.
    pub(crate) kinds: BTreeMap<String, Kind>,
    pub(crate) completed: Vec<Notice>,
    pub(crate) compensated: Vec<Notice>,
    pub(crate) parked: Vec<Notice>,
    pub(crate) output: Data,
    pub(crate) remarks: Vec<Remark>,
}

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

/// A message of a saga's end.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) name: String,
    pub(crate) call: Call,
}

/// What is otherwise than in the definition, at a state.
#[derive(Debug)]
pub(crate) struct Remark {
    pub(crate) state: String,
    pub(crate) kind: &'static str,
    pub(crate) there: String,
    pub(crate) here: String,
}

/// Decides on all steps.
pub(crate) fn plan(reader: &mut Reader<'_>, outline: &Outline<'_>, block: Block) -> Plan {
    let steps = block.steps();
    let reads: BTreeSet<String> = outline
        .states()
        .iter()
        .filter(|state| is_read_only(state))
        .map(|state| state.name.text.to_string())
        .collect();
    let effects: Vec<&Step> = steps
        .iter()
        .copied()
        .filter(|step| !reader.tells(&step.name))
        .collect();
    refuse_rejoining(reader, &steps);
    let mut remarks = Vec::new();
    let recovery = Recovery::new(outline);
    let owners = match owner::owners(outline, &recovery, &effects, &reads) {
        // Of a way back that is none, it is not asked what it undoes.
        _ if !reader.refusals.is_empty() => BTreeMap::new(),
        Ok((owners, guesses)) => {
            remarks.extend(guesses);
            owners
        }
        Err((state, refused)) => {
            reader.refuse(&state, refused);
            BTreeMap::new()
        }
    };
    let mut kinds = BTreeMap::new();
    for step in &effects {
        if let Some(undo) = owners.get(&step.name) {
            match undone_by(reader, step, undo, &steps, &mut remarks) {
                Ok(undo) => {
                    kinds.insert(step.name.clone(), Kind::Compensatable(Box::new(undo)));
                }
                Err(refused) => reader.refuse(undo, refused),
            }
        } else if reads.contains(&step.name) {
            kinds.insert(step.name.clone(), Kind::ReadOnly);
        }
    }
    settle_rest(&effects, &mut kinds, &mut remarks);
    let end = trailing_notices(reader, &steps);
    for step in &steps {
        if reader.tells(&step.name) {
            let kind = if end.contains(&step.name) {
                Kind::Told
            } else {
                Kind::ReadOnly
            };
            if matches!(kind, Kind::ReadOnly) {
                remarks.push(Remark {
                    state: step.name.clone(),
                    kind: "sent for good",
                    there: format!("`{}` tells of something that may be undone later", step.name),
                    here: "it is sent where it stands; `saga.on_completed(…)` tells when nothing is undone any more".into(),
                });
            }
            kinds.insert(step.name.clone(), kind);
        }
    }
    let completed = steps
        .iter()
        .filter(|step| end.contains(&step.name))
        .map(|step| Notice {
            name: step.name.clone(),
            call: step.call.clone(),
        });
    let completed = one_of(completed.collect(), "completed", &mut remarks);
    let compensated = notices(reader, &steps, &mut remarks);
    let mut parked = parked(reader, &steps, &mut remarks);
    for notice in &mut parked {
        // A message that tells of both is two here.
        if compensated
            .iter()
            .any(|other: &Notice| other.name == notice.name)
        {
            notice.name.push_str("Parked");
        }
    }
    let output = match &block.end {
        End::Completes(output) => output.clone(),
        _ => Data::Object(Vec::new()),
    };
    if let Some(why) = output.lost() {
        remarks.push(left_out("", "the output", why));
    }
    refuse_lost(reader, &steps, &kinds);
    remarks.append(&mut reader.remarks);
    for step in &steps {
        for caught in step.caught.iter().filter(|caught| caught.way.succeeds) {
            remarks.push(Remark {
                state: step.name.clone(),
                kind: "false success",
                there: format!(
                    "where `{}` fails, the execution ends in `{}` and succeeds",
                    step.name, caught.way.last
                ),
                here: "the saga is undone, and fails".into(),
            });
        }
    }
    Plan {
        block,
        kinds,
        completed,
        compensated,
        parked,
        output,
        remarks,
    }
}

/// A failure that is made good, so that the way goes on, is nothing that a saga knows.
fn refuse_rejoining(reader: &mut Reader<'_>, steps: &[&Step]) {
    for step in steps {
        for (index, way) in step.ways().enumerate() {
            let on_the_way = |name: &&String| reader.forward.contains(name);
            if let Some(joined) = way.undos.iter().chain(&way.notices).find(on_the_way) {
                let message = format!(
                    "where `{}` fails, the way goes on at `{joined}` as if it had not",
                    step.name
                );
                let help = "let the handler of the step do what stands in for it, or choose by what it answers";
                let field = match index < step.caught.len() {
                    true => format!("/Catch/{index}/Next"),
                    false => String::new(),
                };
                reader.refuse(&step.name, Refused::new(&field, message, help));
            }
        }
    }
}

/// A step reads what there is: what a service or branches answer is no value of a saga.
fn refuse_lost(reader: &mut Reader<'_>, steps: &[&Step], kinds: &BTreeMap<String, Kind>) {
    for step in steps {
        if matches!(kinds.get(&step.name), Some(Kind::Told) | None) {
            continue;
        }
        if let Some(why) = step.call.data().into_iter().find_map(Data::lost) {
            let message = format!("`{}` reads {why}, which a saga has no value of", step.name);
            let help = "let a step's handler answer what is read later";
            reader.refuse(&step.name, Refused::new("", message, help));
        }
    }
}

fn left_out(state: &str, what: &str, why: &str) -> Remark {
    Remark {
        state: state.to_owned(),
        kind: "left out",
        there: format!("{what} holds {why}"),
        here: "it is left out: a saga has no value of it".into(),
    }
}

/// The undo of a step: the Task's call, on what the step was handed.
fn undone_by(
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
    if let Some(why) = call.data().into_iter().find_map(Data::lost) {
        remarks.push(left_out(undo, &format!("what `{undo}` is sent"), why));
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

/// Steps that nothing undoes: those that others may fail after get an undo; the last one is the point of no return.
fn settle_rest(effects: &[&Step], kinds: &mut BTreeMap<String, Kind>, remarks: &mut Vec<Remark>) {
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

/// An undo that the definition has not.
fn added_undo(step: &Step) -> Undo {
    let input = match &step.call {
        Call::Handler { input, .. } => input.clone(),
        Call::Publish { .. } => step.before.payload.clone(),
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
        },
        timeout: step.timeout,
        retriers: Vec::new(),
        added: true,
    }
}

/// The messages behind the last effect.
fn trailing_notices(reader: &Reader<'_>, steps: &[&Step]) -> Vec<String> {
    let trailing = steps
        .iter()
        .rev()
        .take_while(|step| reader.tells(&step.name));
    let mut names: Vec<_> = trailing.map(|step| step.name.clone()).collect();
    names.reverse();
    names
}

/// The messages on the ways back from the steps.
fn notices(reader: &mut Reader<'_>, steps: &[&Step], remarks: &mut Vec<Remark>) -> Vec<Notice> {
    let mut all: Vec<Notice> = Vec::new();
    for step in steps {
        for way in step.ways() {
            for name in &way.notices {
                if all.iter().all(|notice| notice.name != *name) {
                    all.extend(notice(reader, name, &step.before, remarks));
                }
            }
        }
    }
    one_of(all, "compensated", remarks)
}

/// The messages on the ways back from the undos.
fn parked(reader: &mut Reader<'_>, steps: &[&Step], remarks: &mut Vec<Remark>) -> Vec<Notice> {
    let mut undos: Vec<(String, Env)> = Vec::new();
    for step in steps {
        for way in step.ways() {
            for undo in &way.undos {
                if undos.iter().all(|(name, _)| name != undo) {
                    undos.push((undo.clone(), step.before.clone()));
                }
            }
        }
    }
    let mut all: Vec<Notice> = Vec::new();
    for (undo, env) in undos {
        for name in reader.told_of_failure(&undo) {
            if all.iter().all(|notice| notice.name != name) {
                all.extend(notice(reader, &name, &env, remarks));
            }
        }
    }
    one_of(all, "parked", remarks)
}

/// A message that reads the saga's input: no other data are sure to be there.
fn notice(
    reader: &mut Reader<'_>,
    name: &str,
    env: &Env,
    remarks: &mut Vec<Remark>,
) -> Option<Notice> {
    let (state, task) = reader.state(name).zip(reader.task(name))?;
    let read = call(
        name,
        task,
        reader.language(state),
        &reader.on_the_way_back(env),
    );
    let call = match read {
        Ok((call, _)) => call,
        Err(refused) => {
            reader.refuse(name, refused);
            return None;
        }
    };
    let is_later = |data: &Data| matches!(data, Data::Output(_) | Data::Item(_));
    let from_input = |data: &Data| data.replaced(&|data| is_later(data).then_some(Data::Input));
    let narrowed = call.map(&from_input);
    if format!("{narrowed:?}") != format!("{call:?}") {
        remarks.push(Remark {
            state: name.to_owned(),
            kind: "other data",
            there: format!("`{name}` tells what a step answered"),
            here: "it reads the same of the saga's input: no step's answer is sure to be there"
                .into(),
        });
    }
    Some(Notice {
        name: name.to_owned(),
        call: narrowed,
    })
}

/// One message tells of an end.
fn one_of(mut all: Vec<Notice>, end: &'static str, remarks: &mut Vec<Remark>) -> Vec<Notice> {
    if end != "completed" {
        for other in all.drain(1.min(all.len())..) {
            remarks.push(Remark {
                state: other.name.clone(),
                kind: "told once",
                there: format!("`{}` is one of several messages that tell which part failed", other.name),
                here: format!("one message tells that the saga is {end}; which step failed is in the parking message and the history"),
            });
        }
    }
    all
}
