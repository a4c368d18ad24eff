//! A package's saga, drawn with what its manifest says.

use saga_asl::outline::Outline;
use saga_asl::syntax::{self, Format};
use saga_compiler::Definition;
use saga_graph::{Graph, Mark, Notes, Purpose};
use saga_manifest::Manifest;
use saga_manifest::saga::Saga;
use saga_verify::model::{Kind, Model, Role, Task, manifest};

/// The graph of a saga, from its definition and what the manifest says of it; none where either lacks it.
#[must_use]
pub fn graph(manifest: &Manifest, definitions: &[Definition], name: &str) -> Option<Graph> {
    let saga = manifest.sagas.iter().find(|saga| saga.name == name)?;
    let definition = definitions
        .iter()
        .find(|definition| definition.saga == name)?;
    let model = manifest::model(manifest, saga, &definition.machine);
    let text = definition.machine.to_pretty();
    let tree = syntax::parse(&text, Format::Json);
    let outline = Outline::new(&tree.root);
    let names = outline.states().iter().map(|state| state.name());
    let notes = notes(saga, &model, names);
    Some(saga_graph::read(name, &outline, &notes))
}

/// What the manifest knows of the states of those names.
fn notes<'n>(saga: &Saga, model: &Model, names: impl Iterator<Item = &'n str>) -> Notes {
    let told = saga.notifications.iter().map(|told| told.name.as_str());
    let told: Vec<&str> = told.collect();
    let tasks = model.tasks.iter().filter_map(|(name, task)| {
        let purpose = purpose(model, task, told.contains(&name.as_str()))?;
        Some((name.clone(), purpose))
    });
    let nodes = saga.body.all_nodes();
    let authored: Vec<&str> = nodes.iter().map(|node| node.name()).collect();
    let own = names.filter(|name| authored.contains(&first_try(name)));
    Notes {
        tasks: tasks.collect(),
        authored: own.map(str::to_owned).collect(),
    }
}

/// A name without the numbers of later tries of the blocks around it.
fn first_try(name: &str) -> &str {
    let Some((rest, number)) = name.rsplit_once("Try") else {
        return name;
    };
    match !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()) {
        true => first_try(rest),
        false => name,
    }
}

/// What a task is for; nothing where it only tells an operator of what is parked.
fn purpose(model: &Model, task: &Task, tells: bool) -> Option<Purpose> {
    if let Some(of) = &task.parked_form_of {
        return Some(Purpose::Parked(of.clone()));
    }
    let step = |number: usize| model.steps.get(number);
    match task.role {
        Role::Do(number) => Some(Purpose::Does(match step(number)?.kind {
            Kind::Pivot => Some(Mark::Pivot),
            Kind::Retriable => Some(Mark::Retriable),
            Kind::ReadOnly => Some(Mark::ReadOnly),
            Kind::Compensatable => None,
        })),
        Role::Undo(number) => {
            let of = format!("{}{}", step(number)?.name, task.copy);
            Some(Purpose::Undoes(of))
        }
        Role::Message => tells.then_some(Purpose::Tells),
    }
}
