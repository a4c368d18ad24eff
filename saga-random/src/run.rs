//! An execution from its start to its end, redriven as often as it is parked.

use std::collections::BTreeSet;
use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::model::StateMachine;
use saga_engine::program::Program;
use saga_manifest::Manifest;

use crate::dice::Dice;
use crate::executions::{Executions, Programs};
use crate::fault::Faults;
use crate::guarantee::{self, Broken, Ending};
use crate::input;
use crate::order::Steps;
use crate::saga::NAME;
use crate::world::World;

/// How often executions are redriven until they are thought not to end.
const REDRIVES: u32 = 60;

/// After how many redrives everything is repaired.
const PATIENCE: u32 = 2;

/// What became of an execution.
#[derive(Clone, Debug)]
pub struct Ran {
    /// How it ended.
    pub ending: Ending,
    /// How often it was parked, or a saga that it runs.
    pub parked: u32,
    /// How many executions it started.
    pub nested: usize,
    /// State transitions.
    pub transitions: u64,
    /// Attempts to undo.
    pub undos: usize,
    /// What happened at least once.
    pub seen: BTreeSet<&'static str>,
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
pub fn run(programs: &Programs, manifest: &Manifest, seed: u64) -> Result<Ran, Counterexample> {
    match once(programs, manifest, seed, false) {
        (Ok(ran), _) => Ok(ran),
        // Once more, with its history.
        (Err(broken), _) => Err(Counterexample {
            broken,
            trace: once(programs, manifest, seed, true).1,
        }),
    }
}

fn once(
    programs: &Programs,
    manifest: &Manifest,
    seed: u64,
    keep_history: bool,
) -> (Result<Ran, Broken>, Vec<String>) {
    let mut dice = Dice::new(seed);
    let input = input::random(&mut dice);
    let faults = faults(&mut dice);
    let mut world = World::new(Steps::of_all(&manifest.sagas), seed ^ 0x5EED, faults);
    world.ledger.note(format!("input: {input}"));
    let input = Data::parse(&input.to_string()).unwrap_or_default();
    let mut executions = Executions::new(programs, world, keep_history);
    let ran = to_the_end(&mut executions, input);
    (ran, executions.world.ledger.trace)
}

fn faults(dice: &mut Dice) -> Faults {
    let mut rate = |rates: &[u64]| dice.one_of(rates).copied().unwrap_or_default();
    Faults {
        dos: rate(&[0, 30, 100, 250, 500]),
        undos: rate(&[0, 0, 100, 500]),
        messages: rate(&[0, 300]),
    }
}

fn to_the_end(executions: &mut Executions<'_, '_>, input: Data) -> Result<Ran, Broken> {
    executions.start(NAME, input)?;
    let mut parked = 0;
    executions.run()?;
    while executions.ending().is_none() {
        parked += 1;
        if parked > REDRIVES {
            return Err("it is parked for ever".into());
        }
        if parked > PATIENCE {
            executions.world.repair()?;
        }
        executions.redrive()?;
        executions.run()?;
    }
    let ending = executions.ending().unwrap_or(Ending::ParkedForGood);
    if ending != Ending::ParkedForGood {
        executions.are_settled()?;
        in_the_end(executions)?;
    }
    let records = executions.world.ledger.records.values();
    let undos = records.map(|record| record.undos.len()).sum();
    Ok(Ran {
        ending,
        parked,
        nested: executions.count() - 1,
        transitions: executions.transitions(),
        undos,
        seen: std::mem::take(&mut executions.world.seen),
    })
}

/// All of it once more, when everything that was lost has come.
fn in_the_end(executions: &mut Executions<'_, '_>) -> Result<(), Broken> {
    executions.world.settle()?;
    executions.world.check_rows()?;
    let world = &executions.world;
    for (base, ending) in &executions.endings {
        guarantee::at_the_end_below(*ending, base, world.steps(), &world.ledger)?;
    }
    Ok(())
}
