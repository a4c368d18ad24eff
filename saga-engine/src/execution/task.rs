//! Task states: asking a service.

use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::intrinsic::uuid;

use super::event::{Effect, Invocation, TaskId};
use super::flow::{FlowId, Pending, Phase};
use super::step::{Extra, Step};
use super::timer::{Alarm, Timer};
use crate::fault::Fault;
use crate::history::{Detail, Family};
use crate::program::{Pattern, Service, State, Task};
use crate::query::Scope;
use crate::random::Seeded;
use crate::state;

/// What a Task state asks for, computed.
struct Request {
    arguments: Data,
    credentials: Option<Data>,
    timeout: Option<i64>,
    heartbeat: Option<i64>,
}

impl Request {
    fn compute(
        state: &State,
        task: &Task,
        scope: &Scope<'_>,
        random: &mut Seeded,
    ) -> Result<Self, Fault> {
        let timeout = task.timeout.as_ref();
        let heartbeat = task.heartbeat.as_ref();
        let timeout = timeout
            .map(|setting| setting.integer(scope, random))
            .transpose()?;
        let heartbeat = heartbeat
            .map(|setting| setting.integer(scope, random))
            .transpose()?;
        let credentials = task.credentials.as_ref();
        Ok(Request {
            arguments: state::arguments(state, scope, random)?,
            credentials: credentials
                .map(|template| template.evaluate(scope, random))
                .transpose()?,
            timeout,
            heartbeat,
        })
    }
}

impl Step<'_> {
    pub(super) fn run_task(
        &mut self,
        id: FlowId,
        state: &State,
        task: &Task,
        effective: &Data,
    ) -> Result<(), Fault> {
        let token = (task.resource.pattern != Pattern::RequestResponse)
            .then(|| Arc::<str>::from(uuid(&mut self.memory.random)));
        let extra = Extra {
            token: token.as_ref(),
            item: None,
        };
        let request = self.compute(id, effective, extra, |scope, random| {
            Request::compute(state, task, scope, random)
        })?;
        let family = family(task);
        self.record(
            id,
            Detail::Scheduled {
                family: family.clone(),
                arguments: request.arguments.clone(),
                timeout: request.timeout,
                heartbeat: request.heartbeat,
            },
        );
        let started = !matches!(family, Family::Activity { .. });
        if started {
            self.record(id, Detail::Started(family.clone()));
        }
        let call = self.next_task(id);
        let timeout = request
            .timeout
            .map(|seconds| self.alarm(id, seconds, Alarm::Timeout));
        let heartbeat = request
            .heartbeat
            .map(|seconds| self.alarm(id, seconds, Alarm::Heartbeat));
        let waits = task.resource.pattern != Pattern::RequestResponse;
        self.set_phase(
            id,
            Phase::Task(Box::new(Pending {
                task: call,
                family,
                started,
                submitted: false,
                waits,
                timeout,
                heartbeat,
                interval: request.heartbeat,
            })),
        );
        self.invoke(id, state, task, call, request, token);
        Ok(())
    }

    pub(super) fn next_task(&mut self, id: FlowId) -> TaskId {
        self.memory.next_task += 1;
        let task = TaskId(self.memory.next_task);
        self.memory.tasks.insert(task, id);
        task
    }

    #[expect(clippy::cast_precision_loss, reason = "seconds are far below 2^53")]
    pub(super) fn alarm(&mut self, id: FlowId, seconds: i64, alarm: Alarm) -> Timer {
        let at = self.memory.now.after_seconds(seconds as f64);
        self.memory.timers.add(at, id, alarm)
    }

    pub(super) fn set_phase(&mut self, id: FlowId, phase: Phase) {
        if let Some(flow) = self.memory.flow_mut(id) {
            flow.phase = phase;
        }
    }

    fn invoke(
        &mut self,
        id: FlowId,
        state: &State,
        task: &Task,
        call: TaskId,
        request: Request,
        token: Option<Arc<str>>,
    ) {
        let flow = self.memory.flow(id);
        let item = flow.and_then(|flow| flow.item.as_deref());
        let invocation = Invocation {
            task: call,
            state: Arc::clone(&state.name),
            resource: Arc::clone(&task.resource.arn),
            arguments: request.arguments,
            credentials: request.credentials,
            token,
            attempt: flow.map_or(0, |flow| flow.retries.iter().sum()),
            timeout: request.timeout,
            heartbeat: request.heartbeat,
            iteration: item.map(|item| item.path.clone()).unwrap_or_default(),
        };
        self.memory
            .effects
            .push(Effect::Invoke(Box::new(invocation)));
    }
}

fn family(task: &Task) -> Family {
    let resource = Arc::clone(&task.resource.arn);
    match &task.resource.service {
        Service::Function => Family::Function { resource },
        Service::Activity => Family::Activity { resource },
        Service::Integration { kind, action } => Family::Task {
            kind: Arc::clone(kind),
            action: Arc::clone(action),
        },
    }
}
