//! The loop: effects to the backend, its answers and time back to the executions.

use std::sync::Arc;

use saga_asl::data::Data;
use saga_engine::execution::{Effect, Event, Invocation, TaskId};
use saga_engine::fault::Failure;
use saga_engine::program::{Pattern, Resource};
use tokio::sync::watch;

use super::address::Site;
use super::call::{self, Called, failure};
use super::executions::{Caller, Executions, Number, Seen};
use super::nested::{self, StartExecution, Wait};
use super::work::{Next, Work};
use super::{Answers, Backend, Callbacks, Clock, Ended, Fault, Faults, Prepared};
use crate::services::ServiceFailure;

/// Runs sagas: what all executions of one share.
#[derive(Clone)]
pub struct Driver {
    /// What carries out tasks.
    pub backend: Backend,
    /// What goes wrong. No fault hits a recovery.
    pub faults: Faults,
    /// What is answered to states that wait for their token.
    pub answers: Answers,
    /// How tokens come back otherwise.
    pub callbacks: Callbacks,
    /// How time passes.
    pub clock: Clock,
    /// The name of the execution; a part of the saga's id.
    pub execution: String,
    /// What random numbers follow from: jitter, `$random()`.
    pub seed: u64,
}

/// Tells a run to stop: what is at work is ended, and the execution is aborted.
pub type Stop = watch::Receiver<bool>;

/// Why a run could not come to an end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// A state calls what is not embedded.
    #[error("the state `{state}` calls `{resource}`, which is not embedded here")]
    NotEmbedded {
        /// The state.
        state: Arc<str>,
        /// What it calls.
        resource: String,
    },
    /// A state waits for what never comes.
    #[error("the execution waits for an answer that never comes")]
    Stuck,
    /// An execution that succeeded has nothing left to do.
    #[error("the execution did not fail: there is nothing to redrive")]
    NotRedriven,
}

impl Driver {
    /// Runs a saga to its end, and the executions that it started to theirs. `seen` is handed their histories
    /// as they grow.
    ///
    /// # Errors
    /// When a state calls something that is not embedded, or waits without a timeout for what never comes.
    pub async fn run(
        mut self,
        saga: &Prepared,
        input: Data,
        stop: Stop,
        seen: &mut dyn FnMut(Seen<'_>),
    ) -> Result<Ended, RunError> {
        let mut executions = Executions::of(self.seed);
        let now = self.clock.now();
        // INVARIANT: the first of its name, so it is started.
        let _ = executions.start(&saga.machine, Some(&self.execution), input, None, now);
        self.drive(saga, executions, stop, seen).await
    }

    /// Runs a saga that was parked, or ended as none should, on from the state that failed, after those that it
    /// ran and that have not come to an end: the last one first. Executions keep their names; a clock that is
    /// behind the end goes there.
    ///
    /// # Errors
    /// As [`run`](Self::run), and when the execution succeeded.
    pub async fn redrive(
        mut self,
        saga: &Prepared,
        ended: Ended,
        stop: Stop,
        seen: &mut dyn FnMut(Seen<'_>),
    ) -> Result<Ended, RunError> {
        let mut ended = ended;
        let unsettled: Vec<Number> = ended.unsettled().collect();
        for number in unsettled.into_iter().rev().chain([Number::default()]) {
            let mut executions = Executions::of(self.seed);
            if let Some(last) = ended.execution.history().last() {
                self.clock.reach(last.at);
            }
            executions.resume(saga, &self.execution, ended, self.clock.now());
            if !executions.redrive(number, self.clock.now()) {
                return Err(RunError::NotRedriven);
            }
            ended = self.drive(saga, executions, stop.clone(), seen).await?;
        }
        Ok(ended)
    }

    pub(super) async fn drive(
        &mut self,
        saga: &Prepared,
        mut executions: Executions,
        mut stop: Stop,
        seen: &mut dyn FnMut(Seen<'_>),
    ) -> Result<Ended, RunError> {
        let mut work = Work::default();
        loop {
            self.settle(saga, &mut executions, &mut work);
            executions.show(seen);
            if executions.outcome().is_some() {
                return Ended::of(saga, executions).ok_or(RunError::Stuck);
            }
            let wake = executions.next_wake();
            let next = tokio::select! {
                biased;
                () = stopped(&mut stop) => {
                    self.backend.handlers.terminate();
                    work.end().await;
                    executions.stop(&Failure::new("Interrupted", "stopped by the user"), self.clock.now());
                    continue;
                }
                next = work.next(&mut self.clock, &self.callbacks, wake) => next,
            };
            match next {
                Ok(next) => self.advance(next, &mut executions, &mut work)?,
                // What the saga left behind may wait for ever.
                Err(RunError::Stuck) if executions.first_has_ended() => {
                    executions.stop(&Failure::default(), self.clock.now());
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Carries out what the executions want, until they want nothing more, and tells those that wait of the
    /// ends of others.
    fn settle(&mut self, saga: &Prepared, executions: &mut Executions, work: &mut Work) {
        loop {
            for (number, effect) in executions.take_effects() {
                self.perform(saga, executions, work, number, effect);
            }
            let ended = executions.newly_ended(self.clock.now());
            if ended.is_empty() {
                return;
            }
            for number in ended {
                tell_callers(executions, work, number);
            }
        }
    }

    fn advance(
        &self,
        next: Next,
        executions: &mut Executions,
        work: &mut Work,
    ) -> Result<(), RunError> {
        let now = self.clock.now();
        match next {
            Next::TimePassed => executions.pass_time(now),
            Next::Told(number, event) => executions.handle(number, event, now),
            Next::Called(_, Called::NotEmbedded { state, resource }) => {
                return Err(RunError::NotEmbedded { state, resource });
            }
            Next::Called(_, Called::Lost) => {}
            Next::Called(_, Called::Aborted) => {
                let failure = Failure::new("Aborted", "the execution was aborted");
                executions.stop(&failure, now);
            }
            Next::Called(number, Called::Ended(event)) => {
                if let Event::TaskFailed(task, _) = &event {
                    self.callbacks.close(number, *task);
                }
                executions.handle(number, event, now);
            }
            Next::Called(
                number,
                Called::Submitted {
                    invocation,
                    output,
                    lost,
                },
            ) => {
                let submitted = Event::TaskSubmitted(invocation.task, output);
                executions.handle(number, submitted, now);
                if !lost {
                    self.answer(executions, work, number, &invocation);
                }
            }
        }
        Ok(())
    }

    /// Gives a task that waits for its token the answer that is known beforehand.
    fn answer(
        &self,
        executions: &Executions,
        work: &mut Work,
        number: Number,
        invocation: &Invocation,
    ) {
        let Some(started) = executions.get(number) else {
            return;
        };
        let site = site(&started.machine.name, invocation);
        if let Some((answer, after)) = self.answers.to(&site) {
            let at = self.clock.now() + after;
            work.tell_at(at, number, invocation.task, answer.event(invocation.task));
        }
    }

    fn perform(
        &self,
        saga: &Prepared,
        executions: &mut Executions,
        work: &mut Work,
        number: Number,
        effect: Effect,
    ) {
        match effect {
            Effect::Invoke(invocation) => {
                self.invoke(saga, executions, work, number, *invocation);
            }
            // A function that nobody waits for goes on, as it does on Lambda.
            Effect::Cancel(task) => {
                self.callbacks.close(number, task);
                work.forget(number, task);
                executions.abandon(number, task, self.clock.now());
            }
            Effect::Read(read) => {
                let cause = format!("`{}` is not embedded", read.resource);
                work.tell(number, Event::ReadFailed(read.task, cause));
            }
            Effect::Write(write) => {
                let cause = format!("`{}` is not embedded", write.resource);
                work.tell(number, Event::WriteFailed(write.task, cause));
            }
        }
    }

    fn invoke(
        &self,
        saga: &Prepared,
        executions: &mut Executions,
        work: &mut Work,
        number: Number,
        invocation: Invocation,
    ) {
        let fault = executions.get(number).and_then(|started| {
            let site = site(&started.machine.name, &invocation);
            self.faults.hitting(&site, invocation.attempt).cloned()
        });
        let resource = Resource::parse(&invocation.resource);
        if let (Pattern::Callback, Some(token)) = (resource.pattern, &invocation.token) {
            self.callbacks
                .open(&invocation.state, token, number, invocation.task);
        }
        let asked = nested::asked_about(&resource, &invocation.arguments);
        if let Some(known) = asked.and_then(|arn| executions.find(arn)) {
            let answer = nested::described(known);
            work.tell(number, Event::TaskSucceeded(invocation.task, answer));
            return;
        }
        match StartExecution::read(&resource, &invocation.arguments) {
            None => {
                let (backend, now) = (self.backend.clone(), self.clock.now().0);
                work.call(number, call::call(invocation, fault, backend, now));
            }
            Some(request) => {
                let task = invocation.task;
                let nesting = Nesting {
                    saga,
                    executions,
                    work,
                    number,
                    task,
                };
                if let Err(refused) = self.start(nesting, request, fault, &invocation) {
                    work.tell(number, Event::TaskFailed(task, failure(refused)));
                }
            }
        }
    }

    /// Starts another state machine of the package, for a task.
    fn start(
        &self,
        nesting: Nesting<'_>,
        request: Result<StartExecution, ServiceFailure>,
        fault: Option<Fault>,
        invocation: &Invocation,
    ) -> Result<(), ServiceFailure> {
        let Nesting {
            saga,
            executions,
            work,
            number,
            task,
        } = nesting;
        let lost = match &fault {
            Some(Fault::Fail(error)) => return Err(call::injected(error)),
            fault => matches!(fault, Some(Fault::Timeout | Fault::Late(_))),
        };
        let request = request?;
        let machine = saga.machines.get(request.machine_name());
        let machine = machine.ok_or_else(|| request.no_machine())?;
        let times = match fault {
            Some(Fault::Duplicate | Fault::Stray(_)) => 2,
            _ => 1,
        };
        let mut child = Number::default();
        for _ in 0..times {
            let (name, input) = (request.name.as_deref(), request.input.clone());
            child = executions
                .start(machine, name, input, Some(number), self.clock.now())
                .map_err(|exists| request.refused(exists))?;
        }
        if fault == Some(Fault::Crash) {
            return Err(ServiceFailure::internal("states"));
        }
        let Some(started) = executions.get_mut(child) else {
            return Ok(());
        };
        let accepted = nested::accepted(started);
        match request.wait {
            Wait::Started if lost => {}
            Wait::Started => work.tell(number, Event::TaskSucceeded(task, accepted)),
            Wait::Token => {
                work.tell(number, Event::TaskSubmitted(task, accepted));
                if !lost {
                    self.answer(executions, work, number, invocation);
                }
            }
            Wait::Ended | Wait::EndedParsed => {
                started.callers.push(Caller {
                    execution: number,
                    task,
                    parsed: request.wait == Wait::EndedParsed,
                    lost,
                });
                work.tell(number, Event::TaskSubmitted(task, accepted));
            }
        }
        Ok(())
    }
}

/// A task that starts an execution, and where it does.
struct Nesting<'n> {
    saga: &'n Prepared,
    executions: &'n mut Executions,
    work: &'n mut Work,
    number: Number,
    task: TaskId,
}

fn site<'s>(machine: &'s str, invocation: &'s Invocation) -> Site<'s> {
    Site {
        machine,
        state: &invocation.state,
        iteration: &invocation.iteration,
    }
}

/// Tells the tasks that wait for the end of an execution.
fn tell_callers(executions: &mut Executions, work: &mut Work, number: Number) {
    let Some(started) = executions.get_mut(number) else {
        return;
    };
    let callers = std::mem::take(&mut started.callers);
    for caller in callers.into_iter().filter(|caller| !caller.lost) {
        let event = match nested::ended(started, caller.parsed) {
            Some(Ok(output)) => Event::TaskSucceeded(caller.task, output),
            Some(Err(failure)) => Event::TaskFailed(caller.task, failure),
            None => continue,
        };
        work.tell(caller.execution, event);
    }
}

/// Comes back when the run is to stop; never, where nobody can say so any more.
async fn stopped(stop: &mut Stop) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
