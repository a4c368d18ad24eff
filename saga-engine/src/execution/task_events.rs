//! What the world answers to a task.

use std::sync::Arc;

use saga_asl::data::Data;

use super::event::{Event, TaskId};
use super::flow::{FlowId, Pending, Phase};
use super::running::too_large;
use super::step::Step;
use super::timer::Alarm;
use crate::fault::{Failure, Origin};
use crate::history::{Detail, Family};
use crate::limits::PAYLOAD_BYTES;
use crate::program::Kind;

impl Step<'_> {
    pub(super) fn task_event(&mut self, event: Event) {
        match event {
            Event::TaskStarted(task) => self.task_started(task),
            Event::TaskSubmitted(task, output) => self.task_submitted(task, output),
            Event::TaskSucceeded(task, output) => self.task_succeeded(task, output),
            Event::TaskFailed(task, failure) => self.task_failed(task, failure),
            Event::Heartbeat(task) => self.heartbeat(task),
            Event::TaskTimedOut(task) => {
                if let Some(id) = self.memory.tasks.get(&task).copied() {
                    self.task_timed_out(id, false);
                }
            }
            _ => {}
        }
    }

    /// The call that a task stands for, while it is open.
    fn pending(&mut self, task: TaskId) -> Option<(FlowId, &mut Pending)> {
        let id = self.memory.tasks.get(&task).copied()?;
        match &mut self.memory.flow_mut(id)?.phase {
            Phase::Task(pending) if pending.task == task => Some((id, pending)),
            _ => None,
        }
    }

    fn task_started(&mut self, task: TaskId) {
        let Some((id, pending)) = self.pending(task) else {
            return;
        };
        if !std::mem::replace(&mut pending.started, true) {
            let family = pending.family.clone();
            self.record(id, Detail::Started(family));
        }
    }

    fn task_submitted(&mut self, task: TaskId, output: Data) {
        self.task_started(task);
        let Some((id, pending)) = self.pending(task) else {
            return;
        };
        if pending.waits && !std::mem::replace(&mut pending.submitted, true) {
            let family = pending.family.clone();
            self.record(id, Detail::Submitted { family, output });
        }
    }

    fn heartbeat(&mut self, task: TaskId) {
        let Some((id, pending)) = self.pending(task) else {
            return;
        };
        let (timer, interval) = (pending.heartbeat.take(), pending.interval);
        self.memory.timers.cancel(timer);
        let next = interval.map(|seconds| self.alarm(id, seconds, Alarm::Heartbeat));
        if let Some((_, pending)) = self.pending(task) {
            pending.heartbeat = next;
        }
    }

    fn task_succeeded(&mut self, task: TaskId, output: Data) {
        // What ends must have begun, whether or not the driver has said so.
        self.task_submitted(task, Data::empty_object());
        let Some((id, family)) = self.answered(task) else {
            return;
        };
        if output.size() > PAYLOAD_BYTES {
            let failure = self.result_too_large(id);
            return self.task_ended_badly(id, family, failure);
        }
        self.record(
            id,
            Detail::Succeeded {
                family,
                output: output.clone(),
            },
        );
        if let Err(fault) = self.complete(id, output) {
            self.fault(id, fault);
        }
    }

    fn task_failed(&mut self, task: TaskId, failure: Failure) {
        self.task_started(task);
        if let Some((id, family)) = self.answered(task) {
            self.task_ended_badly(id, family, failure);
        }
    }

    fn task_ended_badly(&mut self, id: FlowId, family: Family, failure: Failure) {
        self.record(
            id,
            Detail::Failed {
                family,
                failure: failure.clone(),
            },
        );
        self.failed(id, failure);
    }

    /// The time of a task has run out.
    pub(super) fn task_timed_out(&mut self, id: FlowId, heartbeat: bool) {
        let Some(Phase::Task(pending)) = self.memory.flow(id).map(|flow| &flow.phase) else {
            return;
        };
        let family = pending.family.clone();
        let phase = self.phase_of(id);
        self.release(phase);
        // AWS names both timeouts alike; only catchers can tell them apart.
        let failure = Failure {
            origin: if heartbeat {
                Origin::Heartbeat
            } else {
                Origin::State
            },
            ..Failure::named("States.Timeout")
        };
        self.record(
            id,
            Detail::TimedOut {
                family,
                failure: failure.clone(),
            },
        );
        self.failed(id, failure);
    }

    /// Takes the phase out of a flow.
    fn phase_of(&mut self, id: FlowId) -> Phase {
        match self.memory.flow_mut(id) {
            Some(flow) => std::mem::replace(&mut flow.phase, Phase::Stopped),
            None => Phase::Stopped,
        }
    }

    /// Closes the call of a task; its timers no longer matter.
    fn answered(&mut self, task: TaskId) -> Option<(FlowId, Family)> {
        let (id, _) = self.pending(task)?;
        self.memory.tasks.remove(&task);
        let Phase::Task(pending) = self.phase_of(id) else {
            return None;
        };
        let family = pending.family.clone();
        self.release(Phase::Task(pending));
        Some((id, family))
    }

    fn result_too_large(&self, id: FlowId) -> Failure {
        let name = match self.state_of(id).map(|state| &state.kind) {
            Some(Kind::Task(task)) => Arc::clone(&task.resource.arn),
            _ => "".into(),
        };
        Failure::new("States.DataLimitExceeded", too_large(&name))
    }
}
