//! What the model says of given faults: for whoever injects the same into a saga that really runs.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use saga_asl::data::Data;
use saga_asl::model::StateMachine;
use serde_json::Value;

use crate::fault::FaultKind;
use crate::identity::{EXECUTION, without_maps};
use crate::ledger::Guard;
use crate::machine::Machine;
use crate::model::{Model, Role};
use crate::names::Names;
use crate::scene::{Scene, Task};
use crate::trace::entered;
use crate::verify::VerifyError;
use crate::world::{Choice, Ending, World};

/// How many steps an execution is followed.
const LONGEST: usize = 100_000;

/// A fault of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Injection {
    /// The state.
    pub state: String,
    /// What goes wrong.
    pub kind: FaultKind,
    /// The error, where the kind has several.
    pub error: Option<String>,
    /// Whether it hits every attempt, and the parked form too, or the first attempt only.
    pub every_attempt: bool,
}

/// What comes of faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// The word for the saga's end: `completed`, `compensated` or `parked`; none where a guarantee breaks.
    pub ending: Option<&'static str>,
    /// The states that are entered, in order, without those that only choose.
    pub states: Vec<String>,
    /// What has become of the step instances that have a fence.
    pub fenced: Vec<Fenced>,
}

/// What has become of a step instance that has a fence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fenced {
    /// Its key, without the saga's id and the names of Map states: `Reserve[3]`.
    pub instance: String,
    /// Whether its effect stands.
    pub stands: bool,
    /// Whether its compensation succeeded.
    pub undone: bool,
}

impl Fenced {
    /// Whether it is the one of a row of the fences' table, by that one's instance (`Reserve/Orders[3]`).
    #[must_use]
    pub fn is_of(&self, instance: &str) -> bool {
        without_maps(instance) == self.instance
    }
}

/// A model that is asked what comes of faults.
pub struct Oracle<'m> {
    machine: Machine,
    model: &'m Model,
    input: Data,
}

impl<'m> Oracle<'m> {
    /// Of a definition with its model and an input.
    ///
    /// # Errors
    /// When the definition cannot run.
    pub fn new(
        definition: &StateMachine,
        model: &'m Model,
        input: &Value,
    ) -> Result<Self, VerifyError> {
        Ok(Self {
            machine: Machine::new(definition).map_err(VerifyError::Definition)?,
            model,
            // A JSON value reads as one.
            input: serde_json::from_value(input.clone()).unwrap_or_default(),
        })
    }

    fn scene(&self) -> Result<Scene<'_>, VerifyError> {
        Scene::new(&self.machine, self.model, self.input.clone()).map_err(VerifyError::Unknown)
    }

    /// What comes of these faults.
    ///
    /// # Errors
    /// When the model does not know the definition's tasks.
    pub fn predict(&self, faults: &[Injection]) -> Result<Prediction, VerifyError> {
        Ok(self.predict_in(&self.scene()?, faults))
    }

    /// What comes of each of these, in their order. Faults that the definition cannot tell apart come to the same, so
    /// of those one is followed.
    ///
    /// # Errors
    /// When the model does not know the definition's tasks.
    pub fn predict_each(&self, all: &[Vec<Injection>]) -> Result<Vec<Prediction>, VerifyError> {
        let mut each = Vec::with_capacity(all.len());
        self.tell_each(all, &mut |_, predicted| {
            each.push(predicted);
            ControlFlow::Continue(())
        })?;
        Ok(each)
    }

    /// Tells what comes of each of these as soon as it is known, in their order, until whoever is told has enough.
    ///
    /// # Errors
    /// When the model does not know the definition's tasks.
    pub fn tell_each(
        &self,
        all: &[Vec<Injection>],
        told: &mut dyn FnMut(&[Injection], Prediction) -> ControlFlow<()>,
    ) -> Result<(), VerifyError> {
        let scene = self.scene()?;
        let mut known = BTreeMap::new();
        for faults in all {
            let alike: Vec<_> = faults
                .iter()
                .map(|injection| {
                    let task = scene
                        .tasks
                        .iter()
                        .position(|task| task.state == injection.state);
                    let class = task.and_then(|task| class(scene.tasks.get(task)?, injection));
                    (task, class, injection.every_attempt)
                })
                .collect();
            let predicted = known
                .entry(alike)
                .or_insert_with(|| self.predict_in(&scene, faults));
            if told(faults, predicted.clone()).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn predict_in(&self, scene: &Scene<'_>, faults: &[Injection]) -> Prediction {
        let mut names = Names::default();
        let mut seen = Vec::new();
        let broken = |seen: &[_]| Prediction {
            ending: None,
            states: self.states(seen),
            fenced: Vec::new(),
        };
        let Ok(mut world) = World::start(scene, &mut names, &mut seen) else {
            return broken(&seen);
        };
        for _ in 0..LONGEST {
            if let Some(ending) = world.ending {
                let word = match ending {
                    Ending::Completed => "completed",
                    Ending::Compensated => "compensated",
                    Ending::Parked => "parked",
                    // Nothing of what is injected here stops an execution.
                    Ending::Recovered => "recovered",
                };
                return Prediction {
                    ending: Some(word),
                    states: self.states(&seen),
                    fenced: fenced(&world, &names),
                };
            }
            let choice = next(scene, &world, &names, faults);
            if world.apply(choice, scene, &mut names, &mut seen).is_err() {
                break;
            }
        }
        broken(&seen)
    }

    fn states(&self, seen: &[saga_engine::history::HistoryEvent]) -> Vec<String> {
        let chooses = |state: &String| self.machine.states.get(state).is_some_and(|it| it.chooses);
        entered(seen)
            .into_iter()
            .filter(|state| !chooses(state))
            .collect()
    }

    /// Faults to try one at a time: everything that can be injected into the tasks that are called when
    /// nothing goes wrong; and for each compensation the same, after a fault that makes it run.
    ///
    /// # Errors
    /// When the model does not know the definition's tasks.
    pub fn single_faults(&self) -> Result<Vec<Vec<Injection>>, VerifyError> {
        let scene = self.scene()?;
        let undisturbed = self.predict(&[])?.states;
        let mut found = Vec::new();
        for task in &scene.tasks {
            if undisturbed.iter().any(|state| state == task.state) {
                found.extend(injections(task).map(|injection| vec![injection]));
            }
        }
        let mut undone: BTreeMap<usize, &str> = BTreeMap::new();
        for task in &scene.tasks {
            if let (Role::Do(step), true) = (
                task.model.role,
                undisturbed.iter().any(|state| state == task.state),
            ) {
                undone.insert(step, task.state);
            }
        }
        for task in scene
            .tasks
            .iter()
            .filter(|task| task.model.parked_form_of.is_none())
        {
            let Role::Undo(step) = task.model.role else {
                continue;
            };
            let Some(done) = undone.get(&step) else {
                continue;
            };
            // Its outcome is unknown, so it is undone itself.
            let trigger = Injection {
                state: (*done).to_owned(),
                kind: FaultKind::TimeoutAfter,
                error: None,
                every_attempt: true,
            };
            let lasting = injections(task).filter(|injection| injection.every_attempt);
            found.extend(lasting.map(|injection| vec![trigger.clone(), injection]));
        }
        Ok(found)
    }
}

fn fenced(world: &World, names: &Names) -> Vec<Fenced> {
    let entries = world.ledger.entries.iter();
    let fenced = entries.filter(|entry| entry.guard == Guard::Fence);
    fenced
        .map(|entry| {
            let key = names.key_text(entry.key);
            let instance = key
                .strip_prefix(EXECUTION)
                .and_then(|key| key.strip_prefix('/'));
            Fenced {
                instance: instance.unwrap_or(key).to_owned(),
                stands: entry.effects > 0,
                undone: entry.settled,
            }
        })
        .collect()
}

/// What can be injected into a task that really runs.
fn injections(task: &Task<'_>) -> impl Iterator<Item = Injection> {
    let members = task.classes.iter().flat_map(|class| &class.members);
    let has_effect = members
        .clone()
        .any(|fault| fault.kind == FaultKind::TimeoutAfter);
    let injectable = members.filter(move |fault| match fault.kind {
        FaultKind::Declared | FaultKind::Undeclared => {
            fault.effect == crate::fault::Effect::None && !fault.only_if_not_done
        }
        FaultKind::TimeoutAfter | FaultKind::Crash | FaultKind::Duplicate => true,
        FaultKind::TimeoutBefore => !has_effect,
        FaultKind::Throttle
        | FaultKind::Late
        | FaultKind::Slow
        | FaultKind::Stray
        | FaultKind::Stopped
        | FaultKind::Interference
        | FaultKind::TooLarge
        | FaultKind::Unreadable
        | FaultKind::NeverStarted
        | FaultKind::Unsettled
        | FaultKind::Undone => false,
    });
    let state = task.state.to_owned();
    injectable.flat_map(move |fault| {
        let state = state.clone();
        [true, false]
            .into_iter()
            .map(move |every_attempt| Injection {
                state: state.clone(),
                kind: fault.kind,
                error: fault.error.clone(),
                every_attempt,
            })
    })
}

/// What happens next, with these faults and no others.
fn next(scene: &Scene<'_>, world: &World, names: &Names, faults: &[Injection]) -> Choice {
    let choices = world.choices(scene, names);
    let Some(choice) = choices.first().copied() else {
        return Choice::Wake;
    };
    let Choice::Answer(index) = choice else {
        return choice;
    };
    let call = world.open.get(index);
    let Some((call, task)) = call.and_then(|call| Some((call, scene.tasks.get(call.task)?))) else {
        return choice;
    };
    let hit = faults
        .iter()
        .find(|fault| fault.state == task.state && (fault.every_attempt || call.attempt == 0));
    let Some(injection) = hit else {
        return choice;
    };
    class(task, injection).map_or(choice, |fault| Choice::Fault {
        call: index,
        fault,
        lasting: injection.every_attempt,
    })
}

/// The class of a task's faults that an injection is of.
fn class(task: &Task<'_>, injection: &Injection) -> Option<usize> {
    task.classes.iter().position(|class| {
        class.members.iter().any(|member| {
            member.kind == injection.kind
                && (injection.error.is_none() || member.error == injection.error)
                && (member.kind != FaultKind::Declared && member.kind != FaultKind::Undeclared
                    || member.effect == crate::fault::Effect::None)
        })
    })
}
