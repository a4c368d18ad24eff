//! The messages that tell of a saga's end.

use super::Remark;
use super::remark::left_out;
use crate::call::{Call, call};
use crate::data::Data;
use crate::flow::Step;
use crate::read::Reader;
use crate::template::Env;

const OF_AN_ITEM: Data = Data::Lost("what a service answered");

/// A message of a saga's end.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) name: String,
    pub(crate) call: Call,
}

/// The messages behind the last effect, where every way comes to them. A handler of which somebody reads what it answers is
/// on the way.
pub(super) fn trailing_notices(
    reader: &Reader<'_>,
    steps: &[&Step],
    output: Option<&Data>,
) -> Vec<String> {
    let is_read = |step: &Step| {
        let mut read = steps.iter().flat_map(|step| step.call.data()).chain(output);
        matches!(step.call, Call::Handler { .. }) && read.any(|data| data.reads(&step.name))
    };
    let trailing = steps
        .iter()
        .rev()
        .take_while(|step| reader.tells(&step.name) && !step.is_within && !is_read(step));
    let mut names: Vec<_> = trailing.map(|step| step.name.clone()).collect();
    names.reverse();
    names
}

/// The messages on the ways back from the steps.
pub(super) fn notices(
    reader: &mut Reader<'_>,
    steps: &[&Step],
    remarks: &mut Vec<Remark>,
) -> Vec<Notice> {
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
pub(super) fn parked(
    reader: &mut Reader<'_>,
    steps: &[&Step],
    remarks: &mut Vec<Remark>,
) -> Vec<Notice> {
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
        &reader.services,
    );
    let call = match read {
        Ok((call, _)) => call,
        Err(refused) => {
            reader.refuse(name, refused);
            return None;
        }
    };
    let is_later = |data: &Data| matches!(data, Data::Output(_) | Data::Item(_));
    let from_input = |data: &Data| {
        data.replaced(&|data| match data {
            Data::Attribute { .. } | Data::Row(_) | Data::Answer(_) => Some(OF_AN_ITEM),
            data => is_later(data).then_some(Data::Input),
        })
    };
    let narrowed = call.map(&from_input);
    if let Some(why) = narrowed.data().into_iter().find_map(Data::lost) {
        remarks.push(left_out(name, &format!("what `{name}` tells"), why));
    }
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
pub(super) fn one_of(
    mut all: Vec<Notice>,
    end: &'static str,
    remarks: &mut Vec<Remark>,
) -> Vec<Notice> {
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
