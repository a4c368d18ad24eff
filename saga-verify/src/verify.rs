//! The pipeline.

use saga_asl::data::Data;
use saga_asl::model::StateMachine;
use saga_engine::history::HistoryEvent;
use serde_json::Value;

use crate::bounds::{Bounds, longest};
use crate::explore::{Audience, Explored, Limits, explore};
use crate::guarantee::Violation;
use crate::machine::Machine;
use crate::model::Model;
use crate::names::Names;
use crate::report::{Certificate, Counterexample, TaskFaults, Verdict};
use crate::scene::Scene;
use crate::settled;
use crate::trace::trace;
use crate::world::{Cost, World};

/// How far an exploration goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Faults in one execution, at most.
    pub depth: usize,
    /// Distinct states, at most: memory is about 100 bytes each, and 2 KB for those that wait to be explored.
    pub states: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            // A compensation runs after one fault: it takes a second one to see it fail.
            depth: 2,
            states: 5_000_000,
        }
    }
}

/// Why a definition cannot be explored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The definition cannot run.
    #[error("the definition cannot run: {}", .0.join("; "))]
    Definition(Vec<String>),
    /// Nobody has said what these Task states are for.
    #[error("nothing says what {} {} for", listed(.0), if .0.len() == 1 { "is" } else { "are" })]
    Unknown(Vec<String>),
    /// The model names Task states that the definition does not have.
    #[error("the definition has no Task state {}", listed(.0))]
    Missing(Vec<String>),
}

fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// Explores a definition on each of the inputs. `progress` is told the steps taken and the distinct states met
/// so far, now and then.
///
/// # Errors
/// When the definition cannot run, or it and the model do not know the same tasks.
pub fn verify(
    definition: &StateMachine,
    model: &Model,
    inputs: &[Value],
    options: Options,
    progress: &mut dyn FnMut(u64, usize),
) -> Result<Verdict, VerifyError> {
    let mut audience = Audience {
        progress,
        seen: &mut |_| (),
    };
    explored(definition, model, inputs, options, &mut audience)
}

/// The same; `seen` is shown what the histories tell of each step that is taken: what is called, with what, on
/// every way that the faults lead to.
///
/// # Errors
/// As [`verify`].
pub fn watch(
    definition: &StateMachine,
    model: &Model,
    inputs: &[Value],
    options: Options,
    seen: &mut dyn FnMut(&[HistoryEvent]),
) -> Result<Verdict, VerifyError> {
    let mut audience = Audience {
        progress: &mut |_, _| (),
        seen,
    };
    explored(definition, model, inputs, options, &mut audience)
}

fn explored(
    definition: &StateMachine,
    model: &Model,
    inputs: &[Value],
    options: Options,
    audience: &mut Audience<'_>,
) -> Result<Verdict, VerifyError> {
    let machine = Machine::new(definition).map_err(VerifyError::Definition)?;
    let missing = |name: &&String| {
        machine
            .states
            .get(*name)
            .is_none_or(|state| state.task.is_none())
    };
    let missing: Vec<String> = model.tasks.keys().filter(missing).cloned().collect();
    if !missing.is_empty() {
        return Err(VerifyError::Missing(missing));
    }
    let mut certificate = Certificate::new(model, options);
    for input in inputs {
        // A JSON value reads as one.
        let data: Data = serde_json::from_value(input.clone()).unwrap_or_default();
        let scene = Scene::new(&machine, model, data).map_err(VerifyError::Unknown)?;
        if let Some(violation) = settled::check(&scene) {
            return Ok(broken(
                &scene,
                input,
                violation,
                &mut Names::default(),
                None,
            ));
        }
        let mut names = Names::default();
        let limits = Limits {
            depth: options.depth,
            states: options.states,
        };
        let explored = explore(&scene, &mut names, &limits, audience);
        if let Some((from, choice, violation)) = &explored.violation {
            let mut choices = from.map(|from| explored.way_to(from)).unwrap_or_default();
            choices.extend(choice);
            return Ok(broken(
                &scene,
                input,
                violation.clone(),
                &mut names,
                Some(&choices),
            ));
        }
        add(&mut certificate, &scene, &explored);
    }
    Ok(Verdict::Holds(Box::new(certificate)))
}

fn broken(
    scene: &Scene<'_>,
    input: &Value,
    violation: Violation,
    names: &mut Names,
    choices: Option<&[crate::world::Choice]>,
) -> Verdict {
    let (steps, ledger) = choices
        .map(|choices| trace(scene, names, choices))
        .unwrap_or_default();
    let mut counterexample = Counterexample {
        saga: scene.model.saga.clone(),
        violation,
        input: input.clone(),
        steps,
        ledger,
        test: None,
    };
    let chooses = |state: &str| {
        scene
            .machine
            .states
            .get(state)
            .is_some_and(|facts| facts.chooses)
    };
    counterexample.test = counterexample.as_test(chooses);
    Verdict::Broken(Box::new(counterexample))
}

fn add(certificate: &mut Certificate, scene: &Scene<'_>, explored: &Explored) {
    if certificate.tasks.is_empty() {
        certificate.tasks = {
            let tasks = scene.tasks.iter();
            tasks
                .map(|task| TaskFaults::of(task, scene.model))
                .collect()
        };
    }
    certificate.inputs += 1;
    certificate.distinct_states += explored.ways.len();
    certificate.steps += explored.steps;
    certificate.endings.completed += explored.endings.completed;
    certificate.endings.compensated += explored.endings.compensated;
    certificate.endings.parked += explored.endings.parked;
    certificate.complete &= !explored.given_up;
    let first = World::start(scene, &mut Names::default(), &mut Vec::new());
    let first = first.map_or(Cost::default(), |world| world.cost);
    let worst = longest(explored.ways.len(), &explored.edges, first);
    certificate.bounds = match (certificate.bounds, worst) {
        (Some(one), Some(other)) => Some(one.or(other)),
        _ => None,
    };
    certificate.best = certificate.best.or(undisturbed(scene));
}

/// What an execution costs in which nothing goes wrong.
fn undisturbed(scene: &Scene<'_>) -> Bounds {
    let mut names = Names::default();
    let Ok(mut world) = World::start(scene, &mut names, &mut Vec::new()) else {
        return Bounds::default();
    };
    let mut bounds = Bounds::default();
    let mut add = |cost: Cost| {
        bounds.transitions += u64::from(cost.transitions);
        bounds.events += u64::from(cost.events);
        bounds.payload_bytes = bounds.payload_bytes.max(cost.payload);
    };
    add(world.cost);
    while let Some(choice) = world.choices(scene, &names).first().copied() {
        if world
            .apply(choice, scene, &mut names, &mut Vec::new())
            .is_err()
        {
            break;
        }
        add(world.cost);
    }
    bounds
}
