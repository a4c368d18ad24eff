//! One state of an exploration: an execution, what it waits for, and what has really happened.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use saga_asl::data::Data;
use saga_engine::execution::{Effect, Event, Execution, Invocation, Settings, TaskId};
use saga_engine::fault::{Failure, Origin};
use saga_engine::history::{Detail, HistoryEvent, StateType};
use saga_engine::time::Timestamp;
use saga_fence::{Outcome, Phase};

use crate::check;
use crate::fault::{Effect as Done, Fault, FaultKind};
use crate::fences::{Answered, Arrival, Ended, Work};
use crate::guarantee::Violation;
use crate::hash::Wide;
use crate::identity::{self, Identity};
use crate::ledger::{Guard, Ledger, Told};
use crate::model::Role;
use crate::names::{Key, Location, Names, Target};
use crate::scene::Scene;

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
    /// It was redriven, and nothing has gone wrong since.
    pub(crate) clean: bool,
    pub(crate) ending: Option<Ending>,
    /// What the last step cost.
    pub(crate) cost: Cost,
}

/// A call that is not answered.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) id: TaskId,
    pub(crate) task: usize,
    pub(crate) target: Target,
    /// The step instance that it does or undoes.
    pub(crate) entry: Option<usize>,
    pub(crate) key: Option<Key>,
    /// Its place among the deliveries of its step instance.
    order: u64,
    guard: Guard,
    pub(crate) attempt: u32,
    /// Seconds it may take.
    pub(crate) timeout: i64,
}

/// How a saga ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Ending {
    Completed,
    Compensated,
    Parked,
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

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// An open call is answered, by its position.
    Answer(usize),
    /// It is hit by a fault of its task, on this attempt or on every one.
    Fault {
        call: usize,
        fault: usize,
        lasting: bool,
    },
    /// Time passes.
    Wake,
    /// An operator has repaired the cause and redrives.
    Redrive,
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
            clean: false,
            ending: None,
            cost: Cost::default(),
        };
        world.observe(scene, names, None, (0, 0), seen)?;
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
        hasher.wide()
    }

    /// The fault that hits a call whatever else is chosen.
    fn lasting_fault(&self, call: &Call, scene: &Scene<'_>) -> Option<usize> {
        let hit = self
            .lasting
            .iter()
            .find(|(target, _)| *target == call.target);
        let fault = hit.map(|(_, fault)| *fault)?;
        let class = scene.tasks.get(call.task)?.classes.get(fault)?;
        self.possible(&class.fault, call).then_some(fault)
    }

    /// Whether a fault can happen to a call: a condition that says that another saga's item is there cannot
    /// fail where this one's is.
    pub(crate) fn possible(&self, fault: &Fault, call: &Call) -> bool {
        let entry = call.entry.and_then(|index| self.ledger.entries.get(index));
        !(fault.only_if_not_done && entry.is_some_and(|entry| entry.effects > 0))
    }

    /// The calls whose answers are to be looked at in this state: of those that commute only the first.
    pub(crate) fn explored(&self, scene: &Scene<'_>, names: &Names) -> Vec<usize> {
        let location = |call: &Call| names.location_of_target(call.target);
        let Some(first) = self.open.first() else {
            return Vec::new();
        };
        let contested = location(first)
            .iter()
            .find(|(state, _)| scene.contested.contains(state));
        let Some((around, _)) = contested else {
            return vec![0];
        };
        let calls = self.open.iter().enumerate();
        calls
            .filter(|(_, call)| location(call).iter().any(|(state, _)| state == around))
            .map(|(index, _)| index)
            .collect()
    }

    /// What can happen without a fault.
    pub(crate) fn choices(&self, scene: &Scene<'_>, names: &Names) -> Vec<Choice> {
        match self.ending {
            Some(Ending::Parked) if !self.clean => return vec![Choice::Redrive],
            Some(_) => return Vec::new(),
            None => {}
        }
        let explored = self.explored(scene, names);
        let contested = explored.len() > 1;
        let mut choices: Vec<Choice> = explored
            .into_iter()
            .filter_map(|index| {
                let call = self.open.get(index)?;
                Some(match self.lasting_fault(call, scene) {
                    Some(fault) => Choice::Fault {
                        call: index,
                        fault,
                        lasting: true,
                    },
                    None => Choice::Answer(index),
                })
            })
            .collect();
        if self.open.is_empty() || (contested && self.wakes_before_timeouts()) {
            choices.push(Choice::Wake);
        }
        choices
    }

    /// Whether the next instant that something waits for is a wait's end and no task's timeout.
    fn wakes_before_timeouts(&self) -> bool {
        let Some(wake) = self.execution.next_wake() else {
            return false;
        };
        let seconds = self
            .open
            .iter()
            .map(|call| call.timeout)
            .min()
            .unwrap_or(i64::MAX);
        wake.since(self.execution.now()) < seconds.saturating_mul(1000)
    }

    /// The faults that can hit in this state.
    pub(crate) fn faults(&self, scene: &Scene<'_>, names: &Names) -> Vec<Choice> {
        let mut found = Vec::new();
        if self.ending.is_some() {
            return found;
        }
        for index in self.explored(scene, names) {
            let Some(call) = self.open.get(index) else {
                continue;
            };
            if self.lasting_fault(call, scene).is_some() {
                continue;
            }
            let Some(task) = scene.tasks.get(call.task) else {
                continue;
            };
            for (fault, class) in task.classes.iter().enumerate() {
                if !self.possible(&class.fault, call) {
                    continue;
                }
                found.push(Choice::Fault {
                    call: index,
                    fault,
                    lasting: false,
                });
                if class.retried || (task.parks && class.fault.error.is_some()) {
                    found.push(Choice::Fault {
                        call: index,
                        fault,
                        lasting: true,
                    });
                }
            }
        }
        found
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
        let before = (self.execution.transitions(), self.execution.events());
        self.cost = Cost::default();
        match choice {
            Choice::Answer(index) => self.answer(index, None, scene, before, names, seen),
            Choice::Fault {
                call,
                fault,
                lasting,
            } => self.fail(call, fault, lasting, scene, before, names, seen),
            Choice::Wake => {
                let now = self.execution.now();
                let wake = self.execution.next_wake().unwrap_or(now);
                self.cost.millis = wake.since(now);
                self.execution.handle(Event::TimePassed, wake);
                self.observe(scene, names, None, before, seen)
            }
            Choice::Redrive => {
                self.lasting.clear();
                self.clean = true;
                self.ending = None;
                let now = self.execution.now();
                self.execution.redrive(now);
                self.observe(scene, names, None, before, seen)
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one step")]
    fn fail(
        &mut self,
        index: usize,
        fault: usize,
        lasting: bool,
        scene: &Scene<'_>,
        before: (u64, u64),
        names: &mut Names,
        seen: &mut Vec<HistoryEvent>,
    ) -> Result<(), Violation> {
        let Some(call) = self.open.get(index) else {
            return Ok(());
        };
        let target = call.target;
        let class = scene
            .tasks
            .get(call.task)
            .and_then(|task| task.classes.get(fault));
        if lasting && !self.lasting.contains(&(target, fault)) {
            self.lasting.push((target, fault));
        }
        if class.is_some_and(|class| class.fault.error.is_some()) {
            self.clean = false;
        }
        self.answer(
            index,
            class.map(|class| &class.fault),
            scene,
            before,
            names,
            seen,
        )
    }

    /// Answers a call.
    fn answer(
        &mut self,
        index: usize,
        fault: Option<&Fault>,
        scene: &Scene<'_>,
        before: (u64, u64),
        names: &mut Names,
        seen: &mut Vec<HistoryEvent>,
    ) -> Result<(), Violation> {
        if index >= self.open.len() {
            return Ok(());
        }
        let call = self.open.remove(index);
        let Some(task) = scene.tasks.get(call.task) else {
            return Ok(());
        };
        let answered = self.account(&call, fault, scene);
        self.cost.millis = call.timeout.saturating_mul(1000);
        self.cost.payload = task.model.answer.size();
        let now = self.execution.now();
        let times_out = fault.is_some_and(|fault| {
            use FaultKind::{Late, TimeoutAfter, TimeoutBefore};
            matches!(fault.kind, TimeoutBefore | TimeoutAfter | Late)
        });
        let event = match answered {
            _ if times_out => Event::TaskTimedOut(call.id),
            None => Event::TaskSucceeded(call.id, task.model.answer.clone()),
            Some(error) => Event::TaskFailed(call.id, failure(&error, task)),
        };
        self.execution.handle(event, now);
        self.observe(scene, names, Some(&call), before, seen)
    }

    /// Writes down what a delivery did and what the saga is told of it; the error that the state machine sees.
    fn account(&mut self, call: &Call, fault: Option<&Fault>, scene: &Scene<'_>) -> Option<String> {
        let role = scene.tasks.get(call.task).map(|task| task.model.role);
        let (phase, index) = match (role, call.entry) {
            (Some(Role::Do(_)), Some(index)) => (Phase::Do, index),
            (Some(Role::Undo(_)), Some(index)) => (Phase::Undo, index),
            _ => return fault.and_then(|fault| fault.error.clone()),
        };
        let (error, told) = self.told(call, fault, phase, index);
        let nothing = fault.is_some_and(|fault| fault.only_if_not_done);
        if let Some(entry) = self.ledger.entries.get_mut(index) {
            match (phase, told) {
                // The condition speaks of all attempts: it holds for the saga's own item. A fence knows them.
                _ if nothing => entry.never(),
                (Phase::Undo, Told::Done) => entry.settled = true,
                (Phase::Undo, _) => entry.resisted = true,
                (_, Told::NotDone) if call.guard == Guard::Fence && reaches(fault) => {
                    entry.refused()
                }
                (_, told) => entry.answered(told),
            }
        }
        if phase == Phase::Undo {
            self.ledger.deliver_late(index);
        }
        error
    }

    /// Delivers a call; the error that the state machine sees, and what that says.
    fn told(
        &mut self,
        call: &Call,
        fault: Option<&Fault>,
        phase: Phase,
        index: usize,
    ) -> (Option<String>, Told) {
        let arrival = Arrival {
            key: call.key.unwrap_or_default(),
            phase,
            order: call.order,
            again: false,
        };
        let own = || (fault.and_then(|fault| fault.error.clone()), Told::Unknown);
        let Some(fault) = fault else {
            return said(
                self.ledger
                    .deliver(index, arrival, call.guard, &Work::done()),
            );
        };
        let effect = fault.effect == Done::Once;
        let outcome = if fault.known {
            Outcome::NotDone
        } else {
            Outcome::Unknown
        };
        match fault.kind {
            FaultKind::Throttle => (fault.error.clone(), Told::NotDone),
            FaultKind::Declared if !reaches(Some(fault)) => {
                if effect {
                    let work = Work {
                        effect,
                        ended: Ended::Died,
                    };
                    self.ledger.deliver(index, arrival, call.guard, &work);
                }
                let told = if fault.known {
                    Told::NotDone
                } else {
                    Told::Unknown
                };
                (fault.error.clone(), told)
            }
            FaultKind::TimeoutBefore => own(),
            FaultKind::Late => {
                self.ledger.postpone(index, call.order, call.guard);
                own()
            }
            FaultKind::Duplicate => {
                self.ledger
                    .deliver(index, arrival, call.guard, &Work::done());
                let again = Arrival {
                    again: true,
                    ..arrival
                };
                said(self.ledger.deliver(index, again, call.guard, &Work::done()))
            }
            FaultKind::Declared | FaultKind::Undeclared => {
                let error = fault.error.as_deref().unwrap_or_default();
                let work = Work::failed(error, outcome, effect);
                said(self.ledger.deliver(index, arrival, call.guard, &work))
            }
            FaultKind::Crash => {
                let work = Work {
                    effect,
                    ended: Ended::Died,
                };
                self.ledger.deliver(index, arrival, call.guard, &work);
                own()
            }
            FaultKind::TimeoutAfter | FaultKind::TooLarge | FaultKind::Unreadable => {
                let work = Work {
                    effect,
                    ended: Ended::Answered,
                };
                self.ledger.deliver(index, arrival, call.guard, &work);
                own()
            }
        }
    }

    /// Takes in what the execution did: its history, and what it wants of the world now.
    fn observe(
        &mut self,
        scene: &Scene<'_>,
        names: &mut Names,
        answered: Option<&Call>,
        before: (u64, u64),
        seen: &mut Vec<HistoryEvent>,
    ) -> Result<(), Violation> {
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
        for effect in self.execution.take_effects() {
            match effect {
                Effect::Invoke(invocation) => self.called(&invocation, scene, names)?,
                Effect::Cancel(task) => self.cancelled(task, scene),
                Effect::Read(read) => self.execution.handle(
                    Event::ReadFailed(read.task, "no item reader is explored".to_owned()),
                    self.execution.now(),
                ),
                Effect::Write(write) => {
                    self.execution
                        .handle(Event::ResultsWritten(write.task), self.execution.now());
                }
            }
        }
        self.open.sort_by(|one, other| {
            let location = |call: &Call| names.location_of_target(call.target);
            location(one)
                .cmp(location(other))
                .then(one.id.cmp(&other.id))
        });
        if let Some(outcome) = self.execution.outcome().cloned() {
            self.ledger.deliver_all_late();
            let last = history.iter().rev().find_map(|event| match &event.detail {
                Detail::StateEntered { kind, name, .. } => Some((*kind, Arc::clone(name))),
                _ => None,
            });
            let last = last
                .as_ref()
                .map(|(kind, name): &(StateType, Arc<str>)| (*kind, &**name));
            self.ending = Some(check::ending(scene, names, self, &outcome, last, answered)?);
        }
        Ok(())
    }

    /// A fault that lasts has nothing left to hit once its state was left, but in a parked form.
    fn forget(&mut self, call: &Call, history: &[HistoryEvent], scene: &Scene<'_>) {
        let left = history
            .iter()
            .any(|event| matches!(event.detail, Detail::StateExited { .. }));
        let kept = scene
            .tasks
            .get(call.task)
            .is_some_and(|task| task.parks || task.base != call.task);
        if left && !kept {
            self.lasting.retain(|(target, _)| *target != call.target);
        }
    }

    /// A task is called.
    fn called(
        &mut self,
        invocation: &Invocation,
        scene: &Scene<'_>,
        names: &mut Names,
    ) -> Result<(), Violation> {
        let Some((index, task)) = scene
            .task_of(&invocation.state)
            .and_then(|index| Some((index, scene.tasks.get(index)?)))
        else {
            return Ok(());
        };
        let location = location(task.around, &invocation.iteration);
        let identity = Identity::of(&invocation.arguments);
        let mut call = Call {
            id: invocation.task,
            task: index,
            target: names.target(task.base, &location),
            entry: None,
            key: None,
            order: 0,
            guard: Guard::None,
            attempt: invocation.attempt,
            timeout: invocation.timeout.unwrap_or_default(),
        };
        if invocation.attempt > 0 {
            self.cost.transitions += 1;
        }
        self.cost.payload = self.cost.payload.max(invocation.arguments.size());
        check::call(scene, self, &call, invocation, identity.as_ref())?;
        self.sends(&call, task, invocation)?;
        let keys = match &identity {
            Some(identity) => vec![identity.key()],
            None => Identity::unsaid(scene, task.model, &location, &invocation.arguments),
        };
        let keys: Vec<Key> = keys.into_iter().map(|key| names.key(key)).collect();
        match (task.model.role, keys.first()) {
            (Role::Do(step), Some(key)) => {
                let instance = names.instance(step, &location, *key);
                let place = check::Start {
                    step,
                    location: &location,
                    instance,
                    key: *key,
                };
                if check::start(scene, names, self, task, &place)? {
                    self.retry_savepoint(step, scene);
                }
                call.entry = Some(self.ledger.start(instance, step, *key));
            }
            (Role::Undo(step), Some(_)) => {
                let entry = check::undo(scene, names, self, task, step, &keys, identity.is_none())?;
                self.ledger.undoing = true;
                call.entry = Some(entry);
            }
            _ => {
                if scene.tells_operator(index) && !self.told.contains(&index) {
                    self.told.push(index);
                }
            }
        }
        let entry = call.entry.and_then(|entry| self.ledger.entries.get(entry));
        call.key = entry.map(|entry| entry.key);
        if let Some(entry) = call.entry {
            call.order = self.ledger.next_delivery(entry);
        }
        if let Role::Do(step) | Role::Undo(step) = task.model.role {
            call.guard = match &identity {
                Some(identity) if identity.fenced => Guard::Fence,
                _ => scene.guard(step),
            };
        }
        self.open.push(call);
        Ok(())
    }

    /// A savepoint's block is tried again: what its last try did is undone, and over.
    fn retry_savepoint(&mut self, step: usize, scene: &Scene<'_>) {
        let Some(savepoint) = check::savepoint_to_retry(scene, self, step) else {
            return;
        };
        self.ledger.undoing = false;
        let within = |step: usize| {
            scene
                .step(step)
                .is_some_and(|step| step.savepoints.contains(savepoint))
        };
        let entries = self.ledger.entries.iter_mut();
        entries
            .filter(|entry| within(entry.step))
            .for_each(|entry| entry.past = true);
    }

    /// Keeps what a call that may be parked is sent, and holds its parked form to it.
    fn sends(
        &mut self,
        call: &Call,
        task: &crate::scene::Task<'_>,
        invocation: &Invocation,
    ) -> Result<(), Violation> {
        let sent = identity::without_attempt(&invocation.arguments);
        let before = self
            .sent
            .iter_mut()
            .find(|(target, _)| *target == call.target);
        match before {
            Some((_, before)) if task.model.parked_form_of.is_some() => {
                check::repeats(task, before, &sent)?;
            }
            Some((_, before)) => *before = sent,
            None if task.parks => self.sent.push((call.target, sent)),
            None => {}
        }
        Ok(())
    }

    /// Nobody waits for a call any more; what it does, it does.
    fn cancelled(&mut self, task: TaskId, scene: &Scene<'_>) {
        let Some(index) = self.open.iter().position(|call| call.id == task) else {
            return;
        };
        let call = self.open.remove(index);
        let role = scene.tasks.get(call.task).map(|task| task.model.role);
        if let (Some(Role::Do(_)), Some(entry)) = (role, call.entry)
            && let Some(entry) = self.ledger.entries.get_mut(entry)
        {
            entry.answered(Told::Unknown);
            entry.adrift = true;
        }
    }
}

/// What an error is to the execution. `States.DataLimitExceeded` is beyond a catcher that does not name it.
fn failure(error: &str, task: &crate::scene::Task<'_>) -> Failure {
    let unnamed =
        error == "States.DataLimitExceeded" && task.facts.handling.catcher(error).is_none();
    Failure {
        origin: if unnamed {
            Origin::Runtime
        } else {
            Origin::State
        },
        ..Failure::new(error, "injected")
    }
}

/// Where a call is.
fn location(around: &crate::machine::StateFacts, iterations: &[(Arc<str>, usize)]) -> Location {
    let iteration = |state: &Arc<str>| {
        let found = iterations.iter().find(|(map, _)| map == state);
        found.map_or(0, |(_, index)| *index)
    };
    let places = around.within.iter().map(|around| {
        let index = around.branch.unwrap_or_else(|| iteration(&around.state));
        (Arc::clone(&around.state), index)
    });
    places.collect()
}

/// What an answer says to the state machine.
fn said(answered: Answered) -> (Option<String>, Told) {
    match answered {
        Answered::Success | Answered::Nothing => (None, Told::Done),
        Answered::Error(error, Outcome::NotDone) => (Some(error), Told::NotDone),
        Answered::Error(error, Outcome::Unknown) => (Some(error), Told::Unknown),
    }
}

/// Whether a call that fails so has come through its handler's fence, whose answer speaks of all attempts: not
/// where the service in front of it fails, or the handler's process before the first event.
fn reaches(fault: Option<&Fault>) -> bool {
    let Some(fault) = fault else {
        return true;
    };
    let error = fault.error.as_deref().unwrap_or_default();
    let before = ["SagaStartFailed", "SagaUnknownHandler", "SagaBadEvent"];
    fault.kind != FaultKind::Throttle && !error.starts_with("Lambda.") && !before.contains(&error)
}
