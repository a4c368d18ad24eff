//! Which kind each step is, and what undoes it.

mod answer;
mod asked;
mod kind;
mod notice;
mod otherwise;
mod owner;
mod remark;
mod undo;

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::outline::Outline;
use saga_asl::recovery::{Recovery, is_read_only};

pub(crate) use self::kind::Kind;
use self::kind::settle_rest;
pub(crate) use self::notice::Notice;
use self::notice::{notices, one_of, parked, trailing_notices};
use self::otherwise::otherwise;
pub(crate) use self::remark::Remark;
use self::remark::left_out;
pub(crate) use self::undo::Undo;
use self::undo::undone_by;
use crate::data::Data;
use crate::flow::{Block, End, Step};
use crate::read::Reader;
use crate::refusal::Refused;
use crate::service::table::Tables;
use crate::stack::Function;

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
    pub(crate) tables: Tables,
    pub(crate) functions: BTreeMap<String, Function>,
    /// What a saga does otherwise by its nature, unless a rule has found it already.
    pub(crate) otherwise: Vec<Remark>,
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
    let output = match &block.end {
        End::Completes(output) => Some(output),
        _ => None,
    };
    let end = trailing_notices(reader, &steps, output);
    for step in &steps {
        if reader.tells(&step.name) {
            let kind = if end.contains(&step.name) {
                Kind::Told
            } else {
                Kind::ReadOnly
            };
            if matches!(kind, Kind::Told) {
                remarks.push(Remark {
                    state: step.name.clone(),
                    kind: "told at the end",
                    there: format!("the execution fails where `{}` does, and nothing is undone", step.name),
                    here: "it is sent once the saga is completed, and a message that cannot be sent changes nothing".into(),
                });
            } else {
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
    let output = output.cloned().unwrap_or_else(|| Data::Object(Vec::new()));
    let rows = output.answers();
    if !rows.is_empty() {
        remarks.push(left_out(
            "",
            "the output",
            "an item of a table as DynamoDB writes it",
        ));
    }
    refuse_lost(reader, &steps, &kinds);
    refuse_lost_between(reader, &block);
    remarks.append(&mut reader.remarks);
    let otherwise = otherwise(&block, &kinds, &compensated, &output);
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
    let mut plan = Plan {
        block,
        kinds,
        completed,
        compensated,
        parked,
        output,
        remarks,
        tables: reader.services.tables.clone(),
        functions: reader.services.functions.clone(),
        otherwise,
    };
    plan.remark_on_services();
    plan
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

/// What is chosen by, waited for or gone over is there.
fn refuse_lost_between(reader: &mut Reader<'_>, block: &Block) {
    for node in &block.nodes {
        let why = node.reads().iter().find_map(|(data, _)| data.leaves_out());
        if let Some(why) = why {
            let name = node.name();
            let message = format!("`{name}` reads {why}, which a saga has no value of");
            let help = "let a step's handler answer what is read later";
            reader.refuse(name, Refused::new("", message, help));
        }
        for block in node.blocks() {
            refuse_lost_between(reader, block);
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
