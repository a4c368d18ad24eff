//! A saga's execution, and those that it starts, at the same time.

use std::collections::BTreeMap;
use std::sync::Arc;

use saga_asl::data::Data;
use saga_engine::execution::{Effect, Event, Execution, Invocation, Settings, Status, TaskId};
use saga_engine::fault::Failure;
use saga_engine::history::Detail;
use saga_engine::program::Program;
use saga_engine::time::Timestamp;

use crate::guarantee::{self, Broken, Ending};
use crate::ledger::Fate;
use crate::work::{Work, text};
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
}

/// An execution.
struct Running {
    execution: Execution,
    /// The step instances around it: `Travel#2/`.
    base: String,
    again: bool,
    caller: Option<Waiting>,
    /// How it ended.
    stands: Stands,
    /// Events of its history that were noted.
    noted: usize,
}

/// Who waits for an execution's end.
struct Waiting {
    execution: usize,
    task: TaskId,
    state: String,
    work: Work,
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
        caller: Option<Waiting>,
    ) -> Result<(), Broken> {
        let program = self.programs.get(saga);
        let program = program.ok_or_else(|| format!("there is no saga `{saga}`"))?;
        let settings = Settings {
            keep_history: self.keep_history,
            ..Settings::default()
        };
        self.all.push(Running {
            execution: Execution::start(Arc::clone(program), settings, input, self.now),
            again: self.all.iter().any(|other| other.base == base),
            base,
            caller,
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
        let Some(Running { base, again, .. }) = self.all.get(number) else {
            return Ok(());
        };
        let caller = Caller {
            execution: number,
            base,
            again: *again,
        };
        let Some(work) = self.world.begin(invocation, &arguments, caller)? else {
            return Ok(());
        };
        let task = invocation.task;
        if self.world.start_fails(&work) {
            let error = self.world.lost(&work);
            self.world.ended(&work, Fate::LostAfter);
            self.world
                .last_failed
                .insert(number, invocation.state.to_string());
            self.tell(
                number,
                Event::TaskFailed(task, Failure::new(error, "it may have started")),
            );
            return Ok(());
        }
        let input = invocation.arguments.get("Input").cloned();
        let saga = machine_name(text(&arguments, "StateMachineArn").unwrap_or_default());
        let below = arguments.pointer("/Input/_saga/step");
        let below = below
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        let base = format!("{below}/");
        let caller = Waiting {
            execution: number,
            task,
            state: invocation.state.to_string(),
            work,
        };
        self.start_below(saga, input.unwrap_or_default(), base, Some(caller))?;
        if self.all.last().is_some_and(|running| running.again) {
            self.world.seen.insert("a saga that is run again");
        }
        Ok(())
    }

    fn cancel(&mut self, number: usize, task: TaskId) {
        self.world.cancel((number, task));
        let now = self.now;
        let called = self.all.iter_mut().filter(|running| {
            let caller = running.caller.as_ref();
            running.stands == Stands::Running
                && caller.is_some_and(|caller| caller.execution == number && caller.task == task)
        });
        for running in called {
            let stop = Failure::new("Stopped", "its caller has ended");
            running.execution.handle(Event::Stopped(stop), now);
            running.stands = Stands::Stopped;
            if let Some(caller) = running.caller.take() {
                self.world.ended(&caller.work, Fate::Cancelled);
            }
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
            if let Stands::Ended(ending) = running.stands {
                let World { ledger, .. } = &self.world;
                guarantee::at_the_end_below(ending, &running.base, self.world.steps(), ledger)?;
                self.endings.insert(running.base.clone(), ending);
            }
            let (answer, stands) = (description(&running.execution), running.stands);
            if let Some(caller) = running.caller.take() {
                self.answer(caller, answer, stands);
            }
            return Ok(true);
        }
        Ok(false)
    }

    fn answer(&mut self, caller: Waiting, answer: Result<Data, Data>, stands: Stands) {
        let Waiting {
            execution,
            task,
            state,
            work,
        } = caller;
        let fate = match stands {
            Stands::Ended(Ending::Completed) => Fate::Done,
            Stands::Ended(Ending::Compensated) => Fate::Refused,
            _ => Fate::LostAfter,
        };
        self.world.ended(&work, fate);
        let event = match answer {
            Ok(output) => Event::TaskSucceeded(task, Data::object([("Output", output)])),
            Err(cause) => {
                let cause = cause.to_string();
                self.world.last_failed.insert(execution, state);
                Event::TaskFailed(task, Failure::new("States.TaskFailed", cause))
            }
        };
        self.tell(execution, event);
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

    /// An operator redrives an execution that is parked: first those that others wait for. One that runs a
    /// saga again is redriven when everything is repaired: what is read then as it was, and fails as little,
    /// leads that saga the way that it went. (Where it is not, no fence tells of steps that the second way
    /// does not come to.)
    ///
    /// # Errors
    /// None can be redriven.
    pub fn redrive(&mut self) -> Result<(), Broken> {
        let mut parked = (0..self.all.len()).filter(|number| {
            let running = self.all.get(*number);
            running.is_some_and(|running| {
                let mut later = self.all.iter().skip(number + 1);
                let superseded = later.any(|later| later.base == running.base);
                running.stands == Stands::Parked && !superseded
            })
        });
        let Some(number) = parked.next_back() else {
            return Err("nothing is parked".into());
        };
        if number + 1 < self.all.len() {
            self.world.repair()?;
        }
        let Some(running) = self.all.get_mut(number) else {
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
        let mut told = world.told.iter();
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
    match state.ends_with("Parked") && world.told.contains(&state) {
        true => Ok(Stands::Parked),
        false => Err(format!("it ended in `{state}`: {error:?}, {cause}")),
    }
}

/// What a caller is told of an execution that has ended: its output, or what describes its failure.
fn description(execution: &Execution) -> Result<Data, Data> {
    let Some(outcome) = execution.outcome() else {
        return Err(Data::Null);
    };
    if let Some(output) = &outcome.output {
        return Ok(output.clone());
    }
    let failure = outcome.failure.as_ref();
    let text = |text: Option<&Arc<str>>| text.map_or(Data::Null, |text| Data::from(&**text));
    Err(Data::object([
        (
            "Cause",
            text(failure.and_then(|failure| failure.cause.as_ref())),
        ),
        (
            "Error",
            text(failure.and_then(|failure| failure.error.as_ref())),
        ),
        ("Status", Data::from(outcome.status.name())),
    ]))
}

/// The saga that `${TripStateMachineArn}` stands for.
fn machine_name(arn: &str) -> &str {
    let name = arn.trim_start_matches("${");
    name.trim_end_matches("StateMachineArn}")
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
