//! One state of an exploration: an execution, what it waits for, and what has really happened.

mod account;
mod call;
mod choice;
mod interference;
mod recovery;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use saga_asl::data::{Data, Wide};
use saga_engine::execution::{Effect, Event, Execution, Settings};
use saga_engine::fault::{Failure, Origin};
use saga_engine::history::{Detail, HistoryEvent, StateType};
use saga_engine::time::Timestamp;
use saga_fence::Phase;

pub(crate) use call::Call;
pub(crate) use choice::Choice;
pub(crate) use recovery::Moment;

use crate::check;
use crate::fault::{Fault, FaultKind};
use crate::guarantee::Violation;
use crate::ledger::Ledger;
use crate::model::integration;
use crate::names::{Names, Target};
use crate::rows::Rows;
use crate::scene::{Scene, Task};
use saga_manifest::saga::COMPENSATED;

/// When executions begin: 2026-01-01T00:00:00Z.
const BEGINNING: Timestamp = Timestamp(1_767_225_600_000);

/// A state.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) execution: Execution,
    pub(crate) ledger: Ledger,
    /// The calls that are not answered, in the order of where they are.
    pub(crate) open: Vec<Call>,
    /// The faults that hit every attempt, with what they hit.
    pub(crate) lasting: Vec<(Target, usize)>,
    /// The messages to an operator that were sent.
    pub(crate) told: Vec<usize>,
    /// What the calls were sent that have a parked form, without the number of the attempt.
    pub(crate) sent: Vec<(Target, Data)>,
    /// The items whose isolation is stated.
    pub(crate) rows: Arc<Rows>,
    /// The steps whose locks the last message to an operator names.
    pub(crate) listed: Vec<String>,
    /// It was redriven, and nothing has gone wrong since.
    pub(crate) clean: bool,
    /// The last step's delivery to a handler.
    pub(crate) delivered: Option<Delivered>,
    pub(crate) ending: Option<Ending>,
    /// What the last step cost.
    pub(crate) cost: Cost,
}

/// A delivery to a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Delivered {
    /// The step instance's entry in the ledger.
    pub(crate) entry: usize,
    pub(crate) phase: Phase,
    /// Its place among the deliveries of that.
    pub(crate) order: u64,
}

/// How a saga ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Ending {
    Completed,
    Compensated,
    Parked,
    /// Its execution was stopped, and its recovery has undone it or waits for an operator.
    Recovered,
}

/// What a step cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    /// State transitions as they are billed: states entered, and retries.
    pub(crate) transitions: u32,
    /// Events of the history.
    pub(crate) events: u32,
    /// Milliseconds at most.
    pub(crate) millis: i64,
    /// The largest payload in bytes.
    pub(crate) payload: usize,
}

/// What a step is taken with: what all states share, and what the execution's history tells of the step.
struct Turn<'t, 'm> {
    scene: &'t Scene<'m>,
    names: &'t mut Names,
    seen: &'t mut Vec<HistoryEvent>,
    /// Transitions and events until then.
    before: (u64, u64),
}

impl World {
    /// The state in which everything begins.
    pub(crate) fn start(
        scene: &Scene<'_>,
        names: &mut Names,
        seen: &mut Vec<HistoryEvent>,
    ) -> Result<Self, Violation> {
        let program = Arc::clone(&scene.machine.program);
        let execution =
            Execution::start(program, Settings::default(), scene.input.clone(), BEGINNING);
        let mut world = World {
            execution,
            ledger: Ledger::default(),
            open: Vec::new(),
            lasting: Vec::new(),
            told: Vec::new(),
            sent: Vec::new(),
            rows: Arc::default(),
            listed: Vec::new(),
            clean: false,
            delivered: None,
            ending: None,
            cost: Cost::default(),
        };
        let mut turn = Turn {
            scene,
            names,
            seen,
            before: (0, 0),
        };
        world.observe(None, &mut turn)?;
        Ok(world)
    }

    /// A hash of all that decides what can come of this state. Not in it are the faults that are left: a
    /// state that was met with more of them left has shown all that this one can.
    pub(crate) fn fingerprint(&self) -> u128 {
        let mut hasher = Wide::default();
        self.execution.fingerprint(&mut hasher);
        self.ledger.hash(&mut hasher);
        self.lasting.hash(&mut hasher);
        (&self.told, &self.sent, self.clean, self.ending).hash(&mut hasher);
        for call in &self.open {
            (call.target, call.attempt).hash(&mut hasher);
        }
        hasher.write_usize(self.open.len());
        if !self.rows.is_empty() {
            self.rows.hash(&mut hasher);
            self.listed.hash(&mut hasher);
            let late = (0..self.ledger.entries.len())
                .filter_map(|index| self.ledger.late_request(index))
                .map(|request| self.rows.comes_too_late(request));
            late.for_each(|late| late.hash(&mut hasher));
        }
        let delivered = self
            .delivered
            .map(|delivered| (delivered.entry, delivered.phase));
        delivered.hash(&mut hasher);
        hasher.wide()
    }

    /// Lets something happen. What the execution's history tells of it is added to `seen`.
    ///
    /// # Errors
    /// The guarantee that is broken by it.
    pub(crate) fn apply(
        &mut self,
        choice: Choice,
        scene: &Scene<'_>,
        names: &mut Names,
        seen: &mut Vec<HistoryEvent>,
    ) -> Result<(), Violation> {
        let mut turn = Turn {
            scene,
            names,
            seen,
            before: (self.execution.transitions(), self.execution.events()),
        };
        self.cost = Cost::default();
        let delivered = self.delivered.take();
        let after = delivered.map_or(0, |delivered| delivered.order);
        match choice {
            Choice::Answer(index) => self.answer(index, None, &mut turn),
            Choice::Fault {
                call,
                fault,
                lasting,
            } => self.fail(call, fault, lasting, &mut turn),
            Choice::Wake => {
                let now = self.execution.now();
                let wake = self.execution.next_wake().unwrap_or(now);
                self.cost.millis = wake.since(now);
                self.execution.handle(Event::TimePassed, wake);
                self.observe(None, &mut turn)
            }
            Choice::Late(entry) => {
                self.delivered = delivered;
                self.arrive_late(entry, after)?;
                check::still(scene, turn.names, self)
            }
            Choice::Interfere(row) => {
                self.delivered = delivered;
                self.interfere(row, scene)
            }
            Choice::Stray {
                entry,
                phase,
                order,
            } => {
                self.delivered = delivered;
                self.ledger.repeat(entry, phase, order, after);
                check::still(scene, turn.names, self)
            }
            Choice::Stop(moment) => {
                self.recovered(moment, scene, turn.names)?;
                self.ending = Some(Ending::Recovered);
                Ok(())
            }
            Choice::Redrive => {
                self.lasting.clear();
                if !self.rows.is_empty() {
                    Arc::make_mut(&mut self.rows).repair();
                }
                self.clean = true;
                self.ending = None;
                let now = self.execution.now();
                self.execution.redrive(now);
                self.observe(None, &mut turn)
            }
        }
    }

    fn fail(
        &mut self,
        index: usize,
        fault: usize,
        lasting: bool,
        turn: &mut Turn<'_, '_>,
    ) -> Result<(), Violation> {
        let Some(call) = self.open.get(index) else {
            return Ok(());
        };
        let target = call.target;
        let task = turn.scene.tasks.get(call.task);
        let class = task.and_then(|task| task.classes.get(fault));
        if lasting && !self.lasting.contains(&(target, fault)) {
            self.lasting.push((target, fault));
        }
        if class.is_some_and(|class| class.fault.fails()) {
            self.clean = false;
        }
        self.answer(index, class.map(|class| &class.fault), turn)
    }

    /// Answers a call.
    fn answer(
        &mut self,
        index: usize,
        fault: Option<&Fault>,
        turn: &mut Turn<'_, '_>,
    ) -> Result<(), Violation> {
        if index >= self.open.len() {
            return Ok(());
        }
        let call = self.open.remove(index);
        let Some(task) = turn.scene.tasks.get(call.task) else {
            return Ok(());
        };
        let answered = self.account(&call, fault, turn.scene)?;
        let answer = match &call.request {
            Some(request) if !request.writes() && answered.is_none() => {
                Arc::make_mut(&mut self.rows).read(request)
            }
            _ => answer(fault, task),
        };
        self.cost.millis = call.timeout.saturating_mul(1000);
        self.cost.payload = answer.size();
        let event = match answered {
            _ if fault.is_some_and(|fault| fault.kind.times_out()) => Event::TaskTimedOut(call.id),
            None => Event::TaskSucceeded(call.id, answer),
            Some(error) => Event::TaskFailed(call.id, failure(&error, fault, task)),
        };
        // Items keep the instants of what was sent: no two are the same.
        let later = i64::from(call.request.is_some());
        let now = self.execution.now() + later;
        self.execution.handle(event, now);
        self.observe(Some(&call), turn)
    }

    /// Takes in what the execution did: its history, and what it wants of the world now.
    fn observe(
        &mut self,
        answered: Option<&Call>,
        turn: &mut Turn<'_, '_>,
    ) -> Result<(), Violation> {
        let Turn {
            scene,
            names,
            seen,
            before,
        } = turn;
        let first = seen.len();
        seen.extend(self.execution.take_history());
        let history = seen.get(first..).unwrap_or_default();
        let tallied = |count: u64, before: u64| u32::try_from(count - before).unwrap_or(u32::MAX);
        self.cost.transitions += tallied(self.execution.transitions(), before.0);
        self.cost.events += tallied(self.execution.events(), before.1);
        if let Some(call) = answered {
            self.forget(call, history, scene);
        }
        check::expressions(scene, history)?;
        self.serve(scene, names)?;
        self.open.sort_by(|one, other| {
            let location = |call: &Call| names.location_of_target(call.target);
            location(one)
                .cmp(location(other))
                .then(one.id.cmp(&other.id))
        });
        if let Some(outcome) = self.execution.outcome().cloned() {
            self.ledger.finish_work();
            let last = last_state(history);
            let ending = check::ending(scene, names, self, &outcome, last, answered)?;
            self.ending = Some(ending);
        }
        Ok(())
    }

    /// Serves what the execution wants of the world.
    fn serve(&mut self, scene: &Scene<'_>, names: &mut Names) -> Result<(), Violation> {
        for effect in self.execution.take_effects() {
            let now = self.execution.now();
            match effect {
                Effect::Invoke(invocation) => self.called(&invocation, scene, names)?,
                Effect::Cancel(task) => self.cancelled(task, scene),
                Effect::Read(read) => {
                    let why = "no item reader is explored".to_owned();
                    self.execution
                        .handle(Event::ReadFailed(read.task, why), now);
                }
                Effect::Write(write) => {
                    self.execution
                        .handle(Event::ResultsWritten(write.task), now);
                }
            }
        }
        Ok(())
    }
}

/// The state that was entered last, or fails on purpose where it was not left before.
fn last_state(history: &[HistoryEvent]) -> Option<(StateType, &str)> {
    history.iter().rev().find_map(|event| match &event.detail {
        Detail::StateEntered { kind, name, .. } => Some((*kind, &**name)),
        Detail::EvaluationFailed { state, .. } => Some((StateType::Pass, &**state)),
        _ => None,
    })
}

/// What the state is told: an execution that it asks about may have failed.
fn answer(fault: Option<&Fault>, task: &Task<'_>) -> Data {
    match fault.map(|fault| fault.kind) {
        Some(FaultKind::Undone) => integration::failed(COMPENSATED),
        Some(FaultKind::Unsettled) => integration::failed("Unsettled"),
        _ => task.model.answer.clone(),
    }
}

/// What an error is to the execution. `States.DataLimitExceeded` is beyond a catcher that does not name it.
fn failure(error: &str, fault: Option<&Fault>, task: &Task<'_>) -> Failure {
    let unnamed =
        error == "States.DataLimitExceeded" && task.facts.handling.catcher(error).is_none();
    let cause = fault.and_then(|fault| fault.cause).unwrap_or("injected");
    Failure {
        origin: if unnamed {
            Origin::Runtime
        } else {
            Origin::State
        },
        ..Failure::new(error, cause)
    }
}
