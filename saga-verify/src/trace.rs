//! A counterexample's way, told step by step.

use serde::Serialize;

use saga_engine::history::{Detail, HistoryEvent};
use saga_fence::Phase;

use crate::check::instance_name;
use crate::fault::FaultKind;
use crate::ledger::{Account, Told};
use crate::model::Role;
use crate::names::Names;
use crate::scene::{Scene, Task};
use crate::world::{Choice, World};

/// One step of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The state whose task is answered; none where time passes or an operator redrives.
    pub state: Option<String>,
    /// The iteration it is in, as `[2]`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub item: String,
    /// The attempt, from 0.
    pub attempt: u32,
    /// What happens, in words.
    pub what: String,
    /// The fault that is injected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<InjectedFault>,
    /// The states that are entered next.
    pub entered: Vec<String>,
}

/// A fault in a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InjectedFault {
    /// Its kind.
    pub kind: FaultKind,
    /// The error that the state machine sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether it hits every attempt, or only this one.
    pub every_attempt: bool,
    /// Whether it counts, or is an earlier one that hits again.
    pub new: bool,
}

impl InjectedFault {
    /// One that hits no attempt.
    fn of(kind: FaultKind) -> Self {
        Self {
            kind,
            error: None,
            every_attempt: false,
            new: true,
        }
    }
}

/// The state that does or undoes a step instance.
fn delivered(scene: &Scene<'_>, world: &World, entry: usize, phase: Phase) -> Option<String> {
    let entry = world.ledger.entries.get(entry)?;
    let own = scene.tasks.get(entry.task)?;
    let undoes = |task: &&Task<'_>| {
        task.model.role == Role::Undo(entry.step) && task.model.parked_form_of.is_none()
    };
    let task = match phase {
        Phase::Undo => scene.tasks.iter().find(undoes)?,
        Phase::Do | Phase::Seal => own,
    };
    Some(task.state.to_owned())
}

/// The steps to a violation, and the ledger then.
pub(crate) fn trace(
    scene: &Scene<'_>,
    names: &mut Names,
    choices: &[Choice],
) -> (Vec<Step>, Vec<Account>) {
    let mut seen = Vec::new();
    let Ok(mut world) = World::start(scene, names, &mut seen) else {
        return (Vec::new(), Vec::new());
    };
    let mut steps = vec![Step {
        state: None,
        item: String::new(),
        attempt: 0,
        what: "the execution starts".to_owned(),
        fault: None,
        entered: entered(&seen),
    }];
    for choice in choices {
        let mut step = told(scene, names, &world, *choice);
        let at_item = match choice {
            Choice::Answer(call) => world.open.get(*call).is_some_and(|it| it.request.is_some()),
            _ => false,
        };
        let mut seen = Vec::new();
        let applied = world.apply(*choice, scene, names, &mut seen);
        step.entered = entered(&seen);
        let failed = |event: &HistoryEvent| matches!(event.detail, Detail::Failed { .. });
        if matches!(choice, Choice::Answer(_)) && seen.iter().any(failed) {
            step.what = match at_item {
                true => "is refused by the item's condition".to_owned(),
                false => "is not let through by its fence".to_owned(),
            };
        }
        steps.push(step);
        if applied.is_err() {
            break;
        }
    }
    (steps, accounts(scene, names, &world))
}

fn told(scene: &Scene<'_>, names: &Names, world: &World, choice: Choice) -> Step {
    let mut step = Step {
        state: None,
        item: String::new(),
        attempt: 0,
        what: String::new(),
        fault: None,
        entered: Vec::new(),
    };
    let call = match choice {
        Choice::Answer(call) | Choice::Fault { call, .. } => world.open.get(call),
        Choice::Wake => {
            step.what = "time passes".to_owned();
            return step;
        }
        Choice::Late(entry) => {
            step.state = delivered(scene, world, entry, Phase::Do);
            step.what = "arrives late".to_owned();
            return step;
        }
        Choice::Stray { entry, phase, .. } => {
            step.state = delivered(scene, world, entry, phase);
            step.what = "comes once more, and nobody waits for it".to_owned();
            step.fault = Some(InjectedFault::of(FaultKind::Stray));
            return step;
        }
        Choice::Interfere(row) => {
            step.what = world.rows.interference(row).unwrap_or_default();
            step.fault = Some(InjectedFault::of(FaultKind::Interference));
            return step;
        }
        Choice::Stop(moment) => {
            step.what = moment.words().to_owned();
            step.fault = Some(InjectedFault::of(FaultKind::Stopped));
            return step;
        }
        Choice::Redrive => {
            step.what = "an operator repairs the cause and redrives".to_owned();
            return step;
        }
    };
    let Some((call, task)) = call.and_then(|call| Some((call, scene.tasks.get(call.task)?))) else {
        return step;
    };
    step.state = Some(task.state.to_owned());
    step.item = crate::identity::item(scene, names.location_of_target(call.target));
    step.attempt = call.attempt;
    step.what = "succeeds".to_owned();
    if let Choice::Fault { fault, lasting, .. } = choice
        && let Some(class) = task.classes.get(fault)
    {
        step.what = class.fault.words();
        step.fault = Some(InjectedFault {
            kind: class.fault.kind,
            error: class.fault.error.clone(),
            every_attempt: lasting,
            new: !world.lasting.contains(&(call.target, fault)),
        });
    }
    step
}

pub(crate) fn entered(history: &[HistoryEvent]) -> Vec<String> {
    let names = history.iter().filter_map(|event| match &event.detail {
        Detail::StateEntered { name, .. } => Some(name.to_string()),
        _ => None,
    });
    names.collect()
}

fn accounts(scene: &Scene<'_>, names: &Names, world: &World) -> Vec<Account> {
    let entries = world.ledger.entries.iter();
    entries
        .map(|entry| Account {
            instance: instance_name(scene, names, entry),
            effects: entry.effects,
            told: match entry.told {
                Told::Done => "done",
                Told::NotDone => "not done",
                Told::Unknown => "unknown",
            },
            undone: entry.settled,
        })
        .collect()
}
