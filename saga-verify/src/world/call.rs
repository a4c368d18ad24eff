//! Calls: from when a task is asked for until it is answered, or nobody waits for it any more.

use std::sync::Arc;

use saga_engine::execution::{Invocation, TaskId};
use saga_engine::history::{Detail, HistoryEvent};

use super::World;
use crate::check;
use crate::guarantee::Violation;
use crate::identity::{self, Identity};
use crate::ledger::{Guard, Told};
use crate::model::{Kind, Role};
use crate::names::{Key, Location, Names, Target};
use crate::rows::Request;
use crate::scene::Scene;

/// A call that is not answered.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) id: TaskId,
    pub(crate) task: usize,
    pub(crate) target: Target,
    /// The step instance that it does or undoes.
    pub(crate) entry: Option<usize>,
    /// The entry of the step instance whose fence it seals.
    pub(crate) seals: Option<usize>,
    /// Its place among the deliveries of its step instance.
    pub(super) order: u64,
    pub(super) guard: Guard,
    pub(crate) attempt: u32,
    /// Seconds it may take.
    pub(crate) timeout: i64,
    /// What it sends to an item whose isolation is stated.
    pub(crate) request: Option<Arc<Request>>,
}

impl World {
    /// A fault that lasts has nothing left to hit once its state was left, but in a parked form.
    pub(super) fn forget(&mut self, call: &Call, history: &[HistoryEvent], scene: &Scene<'_>) {
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
    pub(super) fn called(
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
        // A parked form may stand in a state of its own: it is of the step that it repeats.
        let around = scene.tasks.get(task.base).unwrap_or(task).around;
        let location = location(around, &invocation.iteration);
        let identity = Identity::of(&invocation.arguments, task.model.role);
        let mut call = Call {
            id: invocation.task,
            task: index,
            target: names.target(task.base, &location),
            entry: None,
            seals: None,
            order: 0,
            guard: Guard::None,
            attempt: invocation.attempt,
            timeout: invocation.timeout.unwrap_or_default(),
            request: None,
        };
        if let Some(item) = &task.model.item {
            let rows = Arc::make_mut(&mut self.rows);
            call.request = rows.request(item, &invocation.resource, &invocation.arguments);
        }
        if invocation.attempt > 0 {
            self.cost.transitions += 1;
        }
        self.cost.payload = self.cost.payload.max(invocation.arguments.size());
        check::call(scene, self, &call, invocation, identity.as_ref())?;
        if !task.model.looks {
            self.sends(&call, task, invocation, scene)?;
        }
        let keys = match &identity {
            Some(identity) => vec![identity.key()],
            None => Identity::unsaid(scene, task.model, &location, &invocation.arguments),
        };
        let keys: Vec<Key> = keys.into_iter().map(|key| names.key(key)).collect();
        let looked = self.looked_at(task, &location, names);
        match (task.model.role, keys.first()) {
            _ if looked.is_some() => call.entry = looked,
            (Role::Do(step), Some(key)) => {
                let instance = names.instance(step, &location, *key);
                let place = check::Start {
                    step,
                    location: &location,
                    instance,
                    key: *key,
                };
                if let Some(savepoint) = check::start(scene, names, self, task, &place)? {
                    self.try_again(savepoint, scene);
                }
                call.entry = Some(self.ledger.start(instance, step, index, *key));
                if scene.kind(step) == Kind::Pivot {
                    check::relied_on(self, task.state)?;
                }
            }
            (Role::Undo(step), Some(_)) => {
                let entry = check::undo(scene, names, self, task, step, &keys, identity.as_ref())?;
                self.ledger.undoing = true;
                call.entry = Some(entry);
            }
            _ => {
                let sealed = identity::sealed(&invocation.arguments);
                call.seals = sealed.and_then(|key| self.ledger.entry_of(names.key(key)));
                if scene.tells_operator(index) {
                    self.tell_operator(index, invocation);
                }
            }
        }
        if let Some(entry) = call.entry {
            call.order = self.ledger.next_delivery(entry);
        }
        if let Role::Do(step) | Role::Undo(step) = task.model.role {
            call.guard = guard(scene, step, identity.as_ref(), call.request.as_deref());
        }
        self.open.push(call);
        Ok(())
    }

    /// A message to an operator is sent, which names the locks that are held.
    fn tell_operator(&mut self, task: usize, invocation: &Invocation) {
        if !self.told.contains(&task) {
            self.told.push(task);
        }
        if !self.rows.is_empty() {
            self.listed = check::named(&invocation.arguments);
        }
    }

    /// The step instance that a saga was run for which a task asks about.
    fn looked_at(
        &self,
        task: &crate::scene::Task<'_>,
        location: &Location,
        names: &Names,
    ) -> Option<usize> {
        let Role::Do(step) = task.model.role else {
            return None;
        };
        let mut started = self.ledger.started(step).filter(|_| task.model.looks);
        started.find(|index| {
            let entry = self.ledger.entries.get(*index);
            entry.is_some_and(|entry| names.location_of(entry.instance) == location)
        })
    }

    /// A savepoint's block is tried again: what its last try did is undone, and over.
    fn try_again(&mut self, savepoint: &String, scene: &Scene<'_>) {
        self.ledger.undoing = false;
        let within = |step: usize| {
            scene
                .step(step)
                .is_some_and(|step| step.savepoints.contains(savepoint))
        };
        self.ledger
            .change(|entry| within(entry.step), |entry| entry.past = true);
    }

    /// Keeps what a call that may be parked is sent, and holds its parked form to it.
    fn sends(
        &mut self,
        call: &Call,
        task: &crate::scene::Task<'_>,
        invocation: &Invocation,
        scene: &Scene<'_>,
    ) -> Result<(), Violation> {
        let sent = identity::without_attempt(&invocation.arguments);
        let before = self
            .sent
            .iter_mut()
            .find(|(target, _)| *target == call.target);
        match before {
            Some((_, before)) if task.model.parked_form_of.is_some() => {
                check::repeats(scene, task, before, &sent)?;
            }
            Some((_, before)) => *before = sent,
            None if task.parks => self.sent.push((call.target, sent)),
            None => {}
        }
        Ok(())
    }

    /// Nobody waits for a call any more; what it does, it does.
    pub(super) fn cancelled(&mut self, task: TaskId, scene: &Scene<'_>) {
        let Some(index) = self.open.iter().position(|call| call.id == task) else {
            return;
        };
        let call = self.open.remove(index);
        let role = scene.tasks.get(call.task).map(|task| task.model.role);
        if let (Some(Role::Do(_)), Some(entry)) = (role, call.entry)
            && let Some(entry) = self.ledger.entry_mut(entry)
        {
            entry.answered(Told::Unknown);
            entry.adrift = true;
        }
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

/// What keeps deliveries of a call of this step from acting twice.
fn guard(
    scene: &Scene<'_>,
    step: usize,
    identity: Option<&Identity>,
    request: Option<&Request>,
) -> Guard {
    if identity.is_some_and(|identity| identity.fenced) {
        return Guard::Fence;
    }
    match request.is_some_and(Request::writes) {
        true => Guard::Row,
        false => scene.guard(step),
    }
}
