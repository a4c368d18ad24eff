//! Executions that others start, and ask about.

use std::sync::Arc;

use saga_asl::data::Data;
use saga_engine::execution::{Event, Execution, Invocation, TaskId};
use saga_engine::fault::Failure;
use serde_json::Value;

use super::{Executions, Running, Stands};
use crate::guarantee::{Broken, Ending};
use crate::ledger::Fate;
use crate::work::{Work, text};

/// How an execution was started.
pub(super) struct Started {
    saga: String,
    name: String,
    /// What it does for its caller's saga.
    work: Work,
}

impl Started {
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// Who waits for an execution's end.
pub(super) struct Waiting {
    execution: usize,
    task: TaskId,
    state: String,
    work: Work,
}

impl Executions<'_, '_> {
    /// Starts the saga that a task runs, unless that fails.
    pub(super) fn start_nested(
        &mut self,
        number: usize,
        invocation: &Invocation,
        arguments: &Value,
        work: Work,
    ) -> Result<(), Broken> {
        let argument = |name: &str| text(arguments, name).unwrap_or_default().to_owned();
        let started = Started {
            saga: machine_name(&argument("StateMachineArn")).to_owned(),
            name: argument("Name"),
            work: work.clone(),
        };
        let waiting = Waiting {
            execution: number,
            task: invocation.task,
            state: invocation.state.to_string(),
            work,
        };
        let fails = self.world.start_fails(&waiting.work);
        let known = self.find(&started.saga, &started.name);
        if fails && self.world.dice.chance(500) {
            self.start_is_lost(&waiting);
            self.lost.push(started);
            return Ok(());
        }
        let child = match known {
            None => {
                let below = arguments.pointer("/Input/_saga/step");
                let below = below.and_then(Value::as_str).unwrap_or_default();
                let input = invocation.arguments.get("Input").cloned();
                let (saga, base) = (started.saga.clone(), format!("{below}/"));
                self.start_below(&saga, input.unwrap_or_default(), base, Some(started))?;
                if self.all.last().is_some_and(|running| running.again) {
                    self.world.seen.insert("a saga that is run again");
                }
                self.all.len() - 1
            }
            Some(child) => child,
        };
        if fails {
            self.world.seen.insert("a saga that nobody waits for");
            self.start_is_lost(&waiting);
            return Ok(());
        }
        // The name of one that runs leads to it, the name of one that has ended to nothing.
        let running = self.all.get_mut(child);
        match running.filter(|it| it.stands == Stands::Running && it.caller.is_none()) {
            Some(running) => running.caller = Some(waiting),
            None => {
                self.world.seen.insert("a saga that is there already");
                let error = "StepFunctions.ExecutionAlreadyExistsException";
                self.fail(&waiting, error.into());
            }
        }
        Ok(())
    }

    /// Nobody knows whether it was started.
    fn start_is_lost(&mut self, waiting: &Waiting) {
        let error = self.world.lost(&waiting.work);
        self.fail(waiting, error);
    }

    fn fail(&mut self, waiting: &Waiting, error: String) {
        self.world.ended(&waiting.work, Fate::LostAfter);
        let state = waiting.state.clone();
        self.world.last_failed.insert(waiting.execution, state);
        let failure = Failure::new(error, "it may have started");
        self.tell(waiting.execution, Event::TaskFailed(waiting.task, failure));
    }

    fn find(&self, saga: &str, name: &str) -> Option<usize> {
        self.all.iter().position(|running| {
            let started = running.started.as_ref();
            started.is_some_and(|started| started.saga == saga && started.name == name)
        })
    }

    /// A task asks what became of an execution.
    pub(super) fn look(&mut self, number: usize, task: TaskId, arguments: &Value) {
        let arn = text(arguments, "ExecutionArn").unwrap_or_default();
        let (machine, name) = arn.rsplit_once(':').unwrap_or_default();
        let found = self.find(machine_name(machine), name);
        let found = found.and_then(|found| self.all.get(found));
        let failed = |error: &str| Event::TaskFailed(task, Failure::new(error, arn));
        if self.world.dice.chance(self.world.faults.messages / 2) {
            return self.tell(number, failed("Sfn.SdkClientException"));
        }
        let Some(running) = found else {
            self.world.seen.insert("a saga that was never started");
            let machine = machine_name(machine);
            let mut lost = self.lost.iter();
            if let Some(lost) = lost.find(|lost| lost.saga == machine && lost.name == name) {
                self.world.found(&lost.work, false);
            }
            return self.tell(number, failed("Sfn.ExecutionDoesNotExistException"));
        };
        self.world.seen.insert("a saga that is asked about");
        let answer = running.described();
        let work = running.started.as_ref().map(|started| &started.work);
        if let (Some(work), Stands::Ended(ending)) = (work, running.stands) {
            self.world.found(work, ending == Ending::Completed);
        }
        self.tell(number, Event::TaskSucceeded(task, answer));
    }

    /// A task is not waited for: what it runs is stopped.
    pub(super) fn cancel(&mut self, number: usize, task: TaskId) {
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

    /// An execution has ended: whoever waits for that is told.
    pub(super) fn answer(&mut self, number: usize) {
        let Some(running) = self.all.get_mut(number) else {
            return;
        };
        let Some(caller) = running.caller.take() else {
            return;
        };
        let fate = match running.stands {
            Stands::Ended(Ending::Completed) => Fate::Done,
            Stands::Ended(Ending::Compensated) => Fate::Refused,
            _ => Fate::LostAfter,
        };
        let output = output(&running.execution).cloned();
        let described = running.described();
        self.world.ended(&caller.work, fate);
        let event = match output {
            Some(output) => Event::TaskSucceeded(caller.task, Data::object([("Output", output)])),
            None => {
                self.world
                    .last_failed
                    .insert(caller.execution, caller.state);
                let failure = Failure::new("States.TaskFailed", described.to_string());
                Event::TaskFailed(caller.task, failure)
            }
        };
        self.tell(caller.execution, event);
    }
}

impl Running {
    /// What Step Functions says of it.
    fn described(&self) -> Data {
        let text = |text: Option<&Arc<str>>| text.map_or(Data::Null, |text| Data::from(&**text));
        let outcome = self.execution.outcome();
        let failure = outcome.and_then(|outcome| outcome.failure.as_ref());
        let status = match (self.stands, outcome) {
            (Stands::Running, _) | (_, None) => "RUNNING",
            (_, Some(outcome)) => outcome.status.name(),
        };
        let status = ("Status", Data::from(status));
        match output(&self.execution) {
            Some(output) => {
                Data::object([("Output", Data::from(output.to_string().as_str())), status])
            }
            None => Data::object([
                (
                    "Cause",
                    text(failure.and_then(|failure| failure.cause.as_ref())),
                ),
                (
                    "Error",
                    text(failure.and_then(|failure| failure.error.as_ref())),
                ),
                status,
            ]),
        }
    }
}

fn output(execution: &Execution) -> Option<&Data> {
    execution.outcome()?.output.as_ref()
}

/// The saga that `${TripStateMachineArn}` stands for.
fn machine_name(arn: &str) -> &str {
    let name = arn.trim_start_matches("${");
    name.trim_end_matches("StateMachineArn}")
}
