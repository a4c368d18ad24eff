//! The loop that runs what can run.

use std::cell::OnceCell;
use std::sync::Arc;

use saga_asl::data::{Data, Object};

use super::context::View;
use super::event::Event;
use super::flow::{Flow, FlowId, Item, Phase, Run, RunId};
use super::memory::{ExecutionType, Memory};
use super::timer::Alarm;
use crate::fault::{Failure, Fault};
use crate::history::Detail;
use crate::limits::EXPRESS_SECONDS;
use crate::program::{Program, State};
use crate::query::Scope;
use crate::random::Seeded;
use crate::time::Timestamp;

/// An execution while it runs.
pub(super) struct Step<'a> {
    pub(super) program: &'a Program,
    pub(super) memory: &'a mut Memory,
}

/// What the scope of an expression has besides the flow's own.
#[derive(Clone, Copy, Default)]
pub(super) struct Extra<'a> {
    pub(super) token: Option<&'a Arc<str>>,
    pub(super) item: Option<&'a Item>,
}

impl<'a> Step<'a> {
    pub(super) fn start(&mut self, input: Data) {
        let identity = &self.memory.settings.identity;
        let standard = self.memory.settings.execution_type == ExecutionType::Standard;
        let name = Arc::clone(&identity.execution);
        let id = match standard {
            true => identity.arn(&format!("execution:{}:{name}", identity.machine)),
            false => identity.arn(&format!("express:{}:{name}:{name}", identity.machine)),
        };
        let run = self.open_run(id, name, input.clone(), standard, None);
        self.memory.main = run;
        let flow = self.open_flow(run, input, Data::empty_object(), None);
        self.limit_time(flow);
        self.run();
    }

    /// Opens an execution and writes its first event.
    pub(super) fn open_run(
        &mut self,
        id: Arc<str>,
        name: Arc<str>,
        input: Data,
        standard: bool,
        parent: Option<(FlowId, usize)>,
    ) -> RunId {
        let run = Run {
            id,
            name,
            input: input.clone(),
            started: self.memory.now,
            parent,
            root: None,
            events: 0,
            history: Vec::new(),
            standard,
            redrives: 0,
            closed: false,
            overflow: None,
        };
        let id = RunId(self.memory.runs.insert(run));
        let role = Arc::clone(&self.memory.settings.identity.role);
        self.record_in(id, 0, Detail::ExecutionStarted { input, role });
        id
    }

    /// The flow that a whole execution consists of.
    pub(super) fn open_flow(
        &mut self,
        run: RunId,
        input: Data,
        variables: Data,
        item: Option<Arc<Item>>,
    ) -> FlowId {
        let parent = self.memory.run(run).and_then(|run| run.parent);
        let graph = match parent.and_then(|(map, _)| self.processor_of(map)) {
            Some(processor) => processor,
            None => self.program.root(),
        };
        let id = self.add_flow(Flow {
            run,
            parent: None,
            state: self.program.graph(graph).start,
            input,
            variables,
            item,
            entered: (self.memory.now, 0),
            last: 1,
            retries: Vec::new(),
            phase: Phase::Entering,
        });
        if let Some(run) = self.memory.run_mut(run) {
            run.root = Some(id);
        }
        id
    }

    pub(super) fn add_flow(&mut self, flow: Flow) -> FlowId {
        let id = FlowId(self.memory.flows.insert(flow));
        self.memory.ready.push_back(id);
        id
    }

    fn limit_time(&mut self, flow: FlowId) {
        #[expect(clippy::cast_precision_loss, reason = "seconds are far below 2^53")]
        let own = self.program.timeout_seconds.map(|seconds| seconds as f64);
        let limit = match self.memory.settings.execution_type {
            ExecutionType::Standard => own,
            ExecutionType::Express | ExecutionType::SyncExpress => {
                Some(own.unwrap_or(EXPRESS_SECONDS).min(EXPRESS_SECONDS))
            }
        };
        if let Some(seconds) = limit {
            let at = self.memory.now.after_seconds(seconds);
            self.memory.timers.add(at, flow, Alarm::Execution);
        }
    }

    /// Lets the time be `now`, if it is not later already.
    pub(super) fn advance(&mut self, now: Timestamp) {
        self.memory.now = self.memory.now.max(now);
    }

    pub(super) fn handle(&mut self, event: Event) {
        match event {
            _ if self.memory.outcome.is_some() => {}
            Event::TimePassed => {}
            Event::Stopped(failure) => self.abort_execution(failure),
            Event::ItemsRead(task, content) => self.items_read(task, Ok(content)),
            Event::ReadFailed(task, cause) => self.items_read(task, Err(cause)),
            Event::ResultsWritten(task) => self.results_written(task, Ok(())),
            Event::WriteFailed(task, cause) => self.results_written(task, Err(cause)),
            task => self.task_event(task),
        }
    }

    /// Runs flows and fires timers until only the world can go on.
    pub(super) fn run(&mut self) {
        loop {
            while let Some(flow) = self.memory.ready.pop_front() {
                self.enter(flow);
                self.settle_overflows();
            }
            if self.memory.outcome.is_some() {
                return;
            }
            match self.memory.timers.due(self.memory.now) {
                Some(timer) => self.fire(timer.flow, timer.alarm),
                None => return,
            }
            self.settle_overflows();
        }
    }

    fn settle_overflows(&mut self) {
        while let Some(run) = self.memory.overflowed.pop() {
            self.end_run(run, Err(super::record::too_many_events()));
        }
    }

    fn fire(&mut self, flow: FlowId, alarm: Alarm) {
        match alarm {
            Alarm::Wait => self.wait_over(flow),
            Alarm::Retry => self.attempt(flow),
            Alarm::Timeout => self.task_timed_out(flow, false),
            Alarm::Heartbeat => self.task_timed_out(flow, true),
            Alarm::Execution => self.time_out(Failure::named("States.Timeout")),
        }
    }

    /// The state that a flow is in.
    pub(super) fn state_of(&self, id: FlowId) -> Option<&'a State> {
        let flow = self.memory.flow(id)?;
        Some(self.program.state(flow.state))
    }

    /// Computes something with what expressions of the flow's state can refer to.
    pub(super) fn compute<T>(
        &mut self,
        id: FlowId,
        input: &Data,
        extra: Extra<'_>,
        compute: impl FnOnce(&Scope<'_>, &mut Seeded) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let gone = || Fault::Runtime("The state is over.".to_owned());
        let flow = self.memory.flow(id).ok_or_else(gone)?;
        let state = self.program.state(flow.state);
        let view = View {
            state,
            flow,
            token: extra.token,
            item: extra.item,
        };
        let (mut random, none) = (self.memory.random, Object::new());
        // A state's fields ask for it many times.
        let context = OnceCell::new();
        let scope = Scope {
            input,
            result: None,
            error: None,
            variables: flow.variables.as_object().unwrap_or(&none),
            context: &|| context.get_or_init(|| view.render(self.memory)).clone(),
            now: self.memory.now,
        };
        let computed = compute(&scope, &mut random);
        self.memory.random = random;
        computed
    }
}
