//! An execution from its start to its end, redriven as often as it is parked.

use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::model::StateMachine;
use saga_engine::execution::{Effect, Event, Execution, ExecutionType, Settings, Status};
use saga_engine::history::Detail;
use saga_engine::program::Program;
use saga_engine::time::Timestamp;
use saga_manifest::saga::Saga;

use crate::dice::Dice;
use crate::guarantee::{self, Broken, Ending};
use crate::input;
use crate::order::Steps;
use crate::world::{Faults, World};

/// How often a parked execution is redriven before its world is repaired, and after that.
const REDRIVES: u32 = 40;

/// What became of an execution.
#[derive(Clone, Copy, Debug)]
pub struct Ran {
    /// How it ended.
    pub ending: Ending,
    /// How often it was parked.
    pub parked: u32,
    /// State transitions.
    pub transitions: u64,
    /// Calls of handlers that were undone.
    pub undos: usize,
    /// Events of its history.
    pub events: usize,
}

/// What is broken, and how it came to that.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// The guarantee.
    pub broken: Broken,
    /// What was seen before.
    pub trace: Vec<String>,
}

/// A definition made ready to run.
///
/// # Errors
/// What the engine does not take.
pub fn program(machine: &StateMachine) -> Result<Arc<Program>, String> {
    let program = Program::compile(machine).map_err(|errors| format!("{errors:?}"))?;
    Ok(Arc::new(program))
}

/// Runs an execution of a seed.
///
/// # Errors
/// A guarantee that it breaks.
pub fn run(program: &Arc<Program>, saga: &Saga, seed: u64) -> Result<Ran, Counterexample> {
    match once(program, saga, seed, false) {
        (Ok(ran), _) => Ok(ran),
        // Once more, with its history.
        (Err(broken), _) => Err(Counterexample {
            broken,
            trace: once(program, saga, seed, true).1,
        }),
    }
}

fn once(
    program: &Arc<Program>,
    saga: &Saga,
    seed: u64,
    keep_history: bool,
) -> (Result<Ran, Broken>, Vec<String>) {
    let mut dice = Dice::new(seed);
    let input = input::random(&mut dice);
    let faults = faults(&mut dice);
    let mut world = World::new(Steps::new(&saga.body), seed ^ 0x5EED, faults);
    world.ledger.note(format!("input: {input}"));
    let settings = Settings {
        execution_type: ExecutionType::Standard,
        keep_history,
        ..Settings::default()
    };
    let input = Data::parse(&input.to_string()).unwrap_or_default();
    let mut execution = Execution::start(Arc::clone(program), settings, input, Timestamp(0));
    let ran = to_the_end(&mut execution, &mut world);
    (ran, world.ledger.trace)
}

fn faults(dice: &mut Dice) -> Faults {
    let mut rate = |rates: &[u64]| dice.one_of(rates).copied().unwrap_or_default();
    Faults {
        dos: rate(&[0, 30, 100, 250, 500]),
        undos: rate(&[0, 0, 100, 500]),
        messages: rate(&[0, 300]),
    }
}

fn to_the_end(execution: &mut Execution, world: &mut World<'_>) -> Result<Ran, Broken> {
    let mut now = Timestamp(0);
    let mut parked = 0;
    loop {
        until_it_ends(execution, world, &mut now)?;
        let Some(ending) = ending(execution, world)? else {
            parked += 1;
            if parked > REDRIVES {
                return Err("it is parked for ever".into());
            }
            if parked > 2 {
                world.faults.dos = 0;
                world.faults.undos = 0;
            }
            world.ledger.note("redriven");
            if !execution.redrive(now) {
                return Err("it cannot be redriven".into());
            }
            continue;
        };
        guarantee::at_the_end(ending, world.steps(), &world.ledger)?;
        let undos = world
            .ledger
            .records
            .values()
            .map(|record| record.undos.len());
        return Ok(Ran {
            ending,
            parked,
            transitions: execution.transitions(),
            undos: undos.sum(),
            events: execution.history().len(),
        });
    }
}

fn until_it_ends(
    execution: &mut Execution,
    world: &mut World<'_>,
    now: &mut Timestamp,
) -> Result<(), Broken> {
    let mut seen = execution.history().len();
    loop {
        for event in execution.history().iter().skip(seen) {
            match &event.detail {
                Detail::StateEntered { name, input, .. } => {
                    world.ledger.note(format!("  enters {name}: {input}"));
                }
                detail if detail.event_type().contains("Failed") => {
                    world.ledger.note(format!("  {detail:?}"));
                }
                _ => {}
            }
        }
        seen = execution.history().len();
        for effect in execution.take_effects() {
            match effect {
                Effect::Invoke(invocation) => world.begin(&invocation)?,
                Effect::Cancel(task) => world.cancel(task),
                Effect::Read(_) | Effect::Write(_) => return Err("it reads items".into()),
            }
        }
        if execution.outcome().is_some() {
            return Ok(());
        }
        let event = if let Some(event) = world.answer() {
            event
        } else if let Some(wake) = execution.next_wake() {
            *now = (*now).max(wake);
            Event::TimePassed
        } else {
            return Err("it waits for nothing".into());
        };
        execution.handle(event, *now);
    }
}

/// How an execution ended: none where it is parked.
fn ending(execution: &Execution, world: &mut World<'_>) -> Result<Option<Ending>, Broken> {
    let Some(outcome) = execution.outcome() else {
        return Err("it did not end".into());
    };
    let failure = outcome.failure.as_ref();
    let error = failure.and_then(|failure| failure.error.as_deref());
    world
        .ledger
        .note(format!("{:?}: {error:?}", outcome.status));
    match (outcome.status, error) {
        (Status::Succeeded, _) => Ok(Some(Ending::Completed)),
        (Status::Failed, Some("SagaCompensated")) => Ok(Some(Ending::Compensated)),
        (Status::Failed, _) => {
            let cause = failure.and_then(|failure| failure.cause.as_deref());
            let cause = cause.unwrap_or_default();
            let mut told = world.told.iter();
            // A map after the pivot whose list does not fit: no redrive can change that.
            if told.any(|state| cause.contains(&format!("'{state}'"))) {
                return Ok(Some(Ending::ParkedForGood));
            }
            let state = world.last_failed.clone().unwrap_or_default();
            if !state.ends_with("Parked") || !world.told.contains(&state) {
                return Err(format!("it ended in `{state}`: {error:?}, {cause}"));
            }
            Ok(None)
        }
        (status, _) => Err(format!("it ended as {status:?}")),
    }
}
