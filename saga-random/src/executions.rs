//! A saga's execution, and those that it starts, at the same time.

mod nested;

use std::collections::BTreeMap;
use std::sync::Arc;

use nested::{Started, Waiting};
use saga_asl::data::Data;
use saga_engine::execution::{Effect, Event, Execution, Invocation, Settings, Status};
use saga_engine::history::Detail;
use saga_engine::program::Program;
use saga_engine::time::Timestamp;

use crate::guarantee::{self, Broken, Ending};
use crate::world::{Caller, World};

/// The programs of the sagas of a package, by name.
pub type Programs = BTreeMap<String, Arc<Program>>;

/// Executions in one world.
pub struct Executions<'p, 'm> {
    /// What they talk to.
    pub world: World<'m>,
    /// How each saga ended last, by the step instances around it.
    pub endings: BTreeMap<String, Ending>,
    programs: &'p Programs,
    keep_history: bool,
    now: Timestamp,
    all: Vec<Running>,
    /// Those that were never started, though somebody asked for it.
    lost: Vec<Started>,
}

/// An execution.
struct Running {
    execution: Execution,
    /// The step instances around it: `Travel#2/`.
    base: String,
    /// How another one started it.
    started: Option<Started>,
    again: bool,
    caller: Option<Waiting>,
    /// How it ended.
    stands: Stands,
    /// Events of its history that were noted.
    noted: usize,
}

/// Where an execution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Running,
    Ended(Ending),
    Parked,
    Stopped,
}

impl<'p, 'm> Executions<'p, 'm> {
    /// None yet.
    #[must_use]
    pub fn new(programs: &'p Programs, world: World<'m>, keep_history: bool) -> Self {
        Self {
            world,
            endings: BTreeMap::new(),
            programs,
            keep_history,
            now: Timestamp(0),
            all: Vec::new(),
            lost: Vec::new(),
        }
    }

    /// Starts the execution of a saga.
    ///
    /// # Errors
    /// There is no such saga.
    pub fn start(&mut self, saga: &str, input: Data) -> Result<(), Broken> {
        self.start_below(saga, input, String::new(), None)
    }

    fn start_below(
        &mut self,
        saga: &str,
        input: Data,
        base: String,
        started: Option<Started>,
    ) -> Result<(), Broken> {
        let program = self.programs.get(saga);
        let program = program.ok_or_else(|| format!("there is no saga `{saga}`"))?;
        let mut settings = Settings {
            keep_history: self.keep_history,
            ..Settings::default()
        };
        if let Some(started) = &started {
            settings.identity.machine = saga.into();
            settings.identity.execution = started.name().into();
        }
        self.all.push(Running {
            execution: Execution::start(Arc::clone(program), settings, input, self.now),
            again: self.all.iter().any(|other| other.base == base),
            base,
            started,
            caller: None,
            stands: Stands::Running,
            noted: 0,
        });
        Ok(())
    }

    /// Runs until nothing goes on by itself: every execution has ended.
    ///
    /// # Errors
    /// A guarantee that is broken.
    pub fn run(&mut self) -> Result<(), Broken> {
        loop {
            while self.take_effects()? || self.settle()? {}
            self.now.0 += 1;
            if let Some((number, event)) = self.world.answer()? {
                self.tell(number, event);
                continue;
            }
            let running = self.all.iter().enumerate();
            let running = running.filter(|(_, running)| running.stands == Stands::Running);
            let wakes = running
                .filter_map(|(number, running)| Some((running.execution.next_wake()?, number)));
            let Some((wake, number)) = wakes.min() else {
                break;
            };
            self.now = self.now.max(wake);
            self.tell(number, Event::TimePassed);
        }
        match self
            .all
            .iter()
            .any(|running| running.stands == Stands::Running)
        {
            true => Err("it waits for nothing".into()),
            false => Ok(()),
        }
    }

    fn tell(&mut self, number: usize, event: Event) {
        if let Some(running) = self.all.get_mut(number) {
            running.execution.handle(event, self.now);
        }
    }

    /// Whether some execution wanted something.
    fn take_effects(&mut self) -> Result<bool, Broken> {
        let mut wanted = false;
        let mut number = 0;
        while let Some(running) = self.all.get_mut(number) {
            note(running, &mut self.world);
            for effect in running.execution.take_effects() {
                wanted = true;
                match effect {
                    Effect::Invoke(invocation) => self.invoke(number, &invocation)?,
                    Effect::Cancel(task) => self.cancel(number, task),
                    Effect::Read(_) | Effect::Write(_) => return Err("it reads items".into()),
                }
            }
            number += 1;
        }
        Ok(wanted)
    }

    fn invoke(&mut self, number: usize, invocation: &Invocation) -> Result<(), Broken> {
        let arguments =
            serde_json::to_value(&invocation.arguments).map_err(|error| error.to_string())?;
        if invocation.resource.ends_with(":describeExecution") {
            self.look(number, invocation.task, &arguments);
            return Ok(());
        }
        let Some(Running { base, again, .. }) = self.all.get(number) else {
            return Ok(());
        };
        let caller = Caller {
            execution: number,
            base,
            again: *again,
        };
        match self.world.begin(invocation, &arguments, caller)? {
            Some(work) => self.start_nested(number, invocation, &arguments, work),
            None => Ok(()),
        }
    }

    /// Whether some execution has ended, and how.
    fn settle(&mut self) -> Result<bool, Broken> {
        for number in 0..self.all.len() {
            let Some(running) = self.all.get_mut(number) else {
                break;
            };
            if running.stands != Stands::Running || running.execution.outcome().is_none() {
                continue;
            }
            running.stands = stands(number, &running.execution, &mut self.world)?;
            let state = self.world.last_failed.get(&number).cloned();
            let state = state.unwrap_or_default();
            if running.stands == Stands::Parked {
                self.world.check_items(&running.base, &state, None)?;
            }
            if let Stands::Ended(ending) = running.stands {
                self.world
                    .check_items(&running.base, &state, Some(ending))?;
                let World { ledger, .. } = &self.world;
                guarantee::at_the_end_below(ending, &running.base, self.world.steps(), ledger)?;
                self.endings.insert(running.base.clone(), ending);
            }
            self.answer(number);
            return Ok(true);
        }
        Ok(false)
    }

    /// How the first execution ended; none where it is parked.
    #[must_use]
    pub fn ending(&self) -> Option<Ending> {
        let forever = self
            .all
            .iter()
            .any(|running| running.stands == Stands::Ended(Ending::ParkedForGood));
        match self.all.first()?.stands {
            _ if forever => Some(Ending::ParkedForGood),
            Stands::Ended(ending) => Some(ending),
            _ => None,
        }
    }

    /// An operator redrives an execution that is parked, or was stopped: mostly one that others wait for, now
    /// and then one that still waits for others.
    ///
    /// # Errors
    /// None can be redriven.
    pub fn redrive(&mut self) -> Result<(), Broken> {
        let all = self.all.iter().enumerate();
        let open = all.filter(|(_, running)| running.is_unsettled());
        let open: Vec<usize> = open.map(|(number, _)| number).collect();
        let number = match self.world.dice.chance(100) {
            true => self.world.dice.one_of(&open),
            false => open.last(),
        };
        let number = number.copied();
        let is_stopped = |running: &Running| running.stands == Stands::Stopped;
        if number
            .and_then(|number| self.all.get(number))
            .is_some_and(is_stopped)
        {
            // Its recovery comes first, and asks an operator about what no fence tells of.
            self.world.repair()?;
        }
        let Some(running) = number.and_then(|number| self.all.get_mut(number)) else {
            return Err("nothing is parked".into());
        };
        let base = &running.base;
        self.world.ledger.note(format!("redriven: `{base}`"));
        running.stands = Stands::Running;
        match running.execution.redrive(self.now) {
            true => Ok(()),
            false => Err("it cannot be redriven".into()),
        }
    }

    /// Whether one is left that has not come to an end.
    ///
    /// # Errors
    /// It is.
    pub fn are_settled(&self) -> Result<(), Broken> {
        match self.all.iter().find(|running| running.is_unsettled()) {
            Some(running) => Err(format!("`{}` has not come to an end", running.base)),
            None => Ok(()),
        }
    }

    /// State transitions of all executions.
    #[must_use]
    pub fn transitions(&self) -> u64 {
        let all = self.all.iter();
        all.map(|running| running.execution.transitions()).sum()
    }

    /// How many executions there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.all.len()
    }
}

/// Where an execution stands that has ended.
fn stands(number: usize, execution: &Execution, world: &mut World<'_>) -> Result<Stands, Broken> {
    let Some(outcome) = execution.outcome() else {
        return Ok(Stands::Running);
    };
    let failure = outcome.failure.as_ref();
    let error = failure.and_then(|failure| failure.error.as_deref());
    let cause = failure.and_then(|failure| failure.cause.as_deref());
    let cause = cause.unwrap_or_default();
    world
        .ledger
        .note(format!("{:?}: {error:?}", outcome.status));
    match (outcome.status, error) {
        (Status::Succeeded, _) => return Ok(Stands::Ended(Ending::Completed)),
        (Status::Failed, Some("SagaCompensated")) => {
            return Ok(Stands::Ended(Ending::Compensated));
        }
        (Status::Failed, _) => {}
        (status, _) => return Err(format!("it ended as {status:?}")),
    }
    let told = |what: &str| {
        let mut told = world.told.keys();
        told.any(|state| cause.contains(&format!("'{state}{what}'")))
    };
    if told(":Held") {
        return Ok(Stands::Parked);
    }
    // A map after the pivot whose list does not fit: no redrive can change that.
    if told("") {
        return Ok(Stands::Ended(Ending::ParkedForGood));
    }
    let state = world.last_failed.get(&number).cloned().unwrap_or_default();
    // What seals a fence before a parked undo is told of with that.
    let told = match state.strip_prefix("Seal") {
        Some(step) => format!("Undo{step}"),
        None => state.clone(),
    };
    match state.ends_with("Parked") && world.told.contains_key(&told) {
        true => Ok(Stands::Parked),
        false => Err(format!("it ended in `{state}`: {error:?}, {cause}")),
    }
}

impl Running {
    /// Whether it waits for an operator.
    fn is_unsettled(&self) -> bool {
        matches!(self.stands, Stands::Parked | Stands::Stopped)
    }
}

/// Notes what an execution has gone through.
fn note(running: &mut Running, world: &mut World<'_>) {
    let history = running.execution.history();
    for event in history.iter().skip(running.noted) {
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
    running.noted = history.len();
}
