//! Definitions in the Amazon States Language, as sagas in Rust.
//!
//! ```text
//! text ─saga-asl─▶ model + outline ─read─▶ flow: the way forward, the ways back ─plan─▶ kinds, undos, messages ─rust─▶ source text
//!                        └─ rules ─▶ gaps ◀─────────────── remarks ──────────────────┘
//! ```
//!
//! [`data`] is what makes it possible: the payload at each state is not JSON here but the readings that it is made of,
//! so that a path through payloads and variables comes out as a field of the saga's input or of a step's answer.
//! Nothing here does I/O.

mod call;
mod condition;
pub mod data;
mod flow;
pub mod gap;
mod plan;
mod read;
pub mod refusal;
mod rust;
mod service;
pub mod stack;
mod template;
mod types;

use std::collections::BTreeMap;

use saga_asl::document::{self, Definition};
use saga_asl::json::Value;
use saga_asl::model::StateMachine;
use saga_asl::outline::Outline;
use saga_asl::syntax::{self, Format, Node, Position};

pub use self::gap::Gap;
pub use self::refusal::Refusal;
pub use self::stack::{Context, Stack};
use crate::plan::{Kind, Plan};
use crate::read::{Reader, beginning};
use crate::refusal::Places;
use crate::rust::Written;

/// A saga, imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The saga's type.
    pub saga: String,
    /// The module that holds it.
    pub module: String,
    /// The module's source text.
    pub source: String,
    /// What became of the Tasks of the way forward, in their order.
    pub steps: Vec<Moved>,
    /// What the definition leaves open, in the order of the text.
    pub gaps: Vec<Gap>,
}

/// What became of a Task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The Task's name.
    pub task: String,
    /// The step's name.
    pub step: String,
    /// The Task that undoes it; none where it is not undone, or by what was added.
    pub undo: Option<String>,
    /// Whether an undo was added that the definition has not.
    pub added: bool,
}

/// Imports the definition in a text, under a name for the saga: what is its own, in any spelling.
///
/// # Errors
/// Every place that has no counterpart in a saga.
pub fn import(text: &str, format: Format, name: &str) -> Result<Imported, Vec<Refusal>> {
    import_with(text, format, name, &Context::default())
}

/// As [`import`], where a template says more of what is around the definition.
///
/// # Errors
/// As [`import`].
pub fn import_with(
    text: &str,
    format: Format,
    name: &str,
    context: &Context,
) -> Result<Imported, Vec<Refusal>> {
    let tree = syntax::parse(text, format);
    let document = document::read(text, &tree);
    let chosen = match &context.machine {
        None => <[_; 1]>::try_from(document.definitions.iter().collect::<Vec<_>>()).ok(),
        Some(id) => {
            let inside = format!("/Resources/{}/", syntax::escape(id));
            let mut definitions = document.definitions.iter();
            let own = definitions.find(|definition| definition.pointer.starts_with(&inside));
            own.map(|definition| [definition])
        }
    };
    let Some([definition]) = chosen else {
        return Err(vec![Refusal {
            position: Position { line: 1, column: 1 },
            pointer: String::new(),
            message: format!(
                "it holds {} state machines, not one",
                document.definitions.len()
            ),
            help: "name a file that holds one".into(),
        }]);
    };
    let root: &Node<'_> = &definition.root;
    let (mut gaps, errors) = gap::found(text, format, &definition.pointer);
    if !errors.is_empty() {
        let refused = errors.into_iter().map(|error| Refusal {
            position: error.position,
            pointer: error.pointer,
            message: error.message,
            help: error.help,
        });
        return Err(refused.collect());
    }
    let places = Places::new(text, root);
    let value = context.resolve.value(value_of(&tree.root, definition));
    let machine = StateMachine::from_value(&value).map_err(|errors| {
        let refused = errors.into_iter().map(|error| Refusal {
            position: places.position(&error.pointer),
            pointer: error.pointer,
            message: error.message,
            help: "`saga-cli validate` explains what AWS takes".into(),
        });
        refused.collect::<Vec<_>>()
    })?;
    let outline = Outline::new(root);
    let saga = rust::pascal(name);
    let (plan, pointers, written) = written(&machine, &outline, &places, context, &saga)?;
    for (remark, pointer) in plan.remarks.iter().zip(&pointers) {
        gaps.push(Gap {
            position: places.position(pointer),
            pointer: pointer.clone(),
            kind: remark.kind,
            there: remark.there.clone(),
            here: remark.here.clone(),
        });
    }
    for remark in &plan.otherwise {
        let pointer = read::pointer(&machine, &remark.state);
        let is_found = gaps.iter().any(|gap| {
            let rest = gap.pointer.strip_prefix(&pointer);
            gap.kind == remark.kind
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        if !is_found || remark.state.is_empty() {
            gaps.push(Gap {
                position: places.position(&pointer),
                pointer,
                kind: remark.kind,
                there: remark.there.clone(),
                here: remark.here.clone(),
            });
        }
    }
    gaps.sort_by_key(|gap| (gap.position.line, gap.position.column));
    gaps.dedup();
    if !written.conflicts.is_empty() {
        let refused = written.conflicts.into_iter().map(|(state, message)| {
            let pointer = read::pointer(&machine, &state);
            Refusal {
                position: places.position(&pointer),
                pointer,
                message,
                help: "let a handler answer each value by itself".into(),
            }
        });
        return Err(refused.collect());
    }
    Ok(Imported {
        module: rust::snake(&saga),
        source: written.source,
        steps: moved(&plan, &written.handlers),
        saga,
        gaps,
    })
}

/// A definition's value; that of an object in a template with its intrinsic functions.
fn value_of(root: &Node<'_>, definition: &Definition<'_>) -> Value {
    let mut names = definition.pointer.split('/').skip(1);
    let at = names.try_fold(root, |node, name| node.get(name));
    let is_object = |node: &&Node<'_>| node.get("States").is_some();
    at.filter(is_object)
        .map_or_else(|| definition.root.to_value(), Node::to_value)
}

/// What became of the Tasks, given the names of their handlers.
fn moved(plan: &Plan, names: &BTreeMap<String, String>) -> Vec<Moved> {
    let steps = plan.block.steps().into_iter().map(|step| {
        let undo = match plan.kinds.get(&step.name) {
            Some(Kind::Compensatable(undo)) => Some(undo.as_ref()),
            _ => None,
        };
        Moved {
            task: step.name.clone(),
            step: names.get(&step.name).unwrap_or(&step.name).clone(),
            undo: undo
                .filter(|undo| !undo.added)
                .map(|undo| undo.name.clone()),
            added: undo.is_some_and(|undo| undo.added),
        }
    });
    steps.collect()
}

/// The plan, the pointers to the states of its remarks, and the text.
///
/// What services are asked is a call of the saga's own, unless something then reads what such a call does not give, or its
/// data have not the types of the table: whoever finds that says which Tasks are left to handlers, and all begins anew.
fn written(
    machine: &StateMachine,
    outline: &Outline<'_>,
    places: &Places<'_>,
    context: &Context,
    saga: &str,
) -> Result<(Plan, Vec<String>, Written), Vec<Refusal>> {
    let mut handlers = BTreeMap::new();
    loop {
        let known = handlers.len();
        let mut reader = Reader::new(machine, outline, places, context, &handlers);
        let block = reader.block(&machine.start_at, beginning(), None);
        let plan = block.map(|(block, _)| plan::plan(&mut reader, outline, block));
        handlers.extend(plan.iter().flat_map(Plan::answers_read));
        if handlers.len() > known {
            continue;
        }
        let (plan, pointers) = planned(reader, plan)?;
        match rust::write(&plan, saga, machine.comment.as_deref()) {
            Ok(written) => return Ok((plan, pointers, written)),
            Err(unfit) => handlers.extend(unfit),
        }
        if handlers.len() == known {
            // What does not fit is left to a handler at once, so this is never come to.
            return Err(Vec::new());
        }
    }
}

/// The plan and the pointers, if nothing was refused.
fn planned(reader: Reader<'_>, plan: Option<Plan>) -> Result<(Plan, Vec<String>), Vec<Refusal>> {
    match plan {
        Some(plan) if reader.refusals.is_empty() => {
            let pointers = plan
                .remarks
                .iter()
                .map(|remark| reader.pointer(&remark.state));
            let pointers = pointers.collect();
            Ok((plan, pointers))
        }
        _ => Err(reader.refusals),
    }
}
