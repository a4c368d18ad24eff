//! A world for executions: services that answer as a test says, and time that jumps.

#![allow(dead_code, reason = "each test uses its share")]

use std::collections::BTreeMap;
use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::model::StateMachine;
use saga_engine::execution::{
    Content, Effect, Event, Execution, ExecutionType, Invocation, Outcome, Settings,
};
use saga_engine::fault::Failure;
use saga_engine::program::Program;
use saga_engine::time::Timestamp;

/// What a service answers, and after how many milliseconds; nothing if it never does.
pub type Answer = (i64, Option<Result<Data, Failure>>);

/// Answers every call with its own arguments, after a millisecond.
pub fn echo(invocation: &Invocation) -> Answer {
    (1, Some(Ok(invocation.arguments.clone())))
}

pub fn failing(error: &str) -> Answer {
    (1, Some(Err(Failure::new(error, "as the test says"))))
}

pub fn compile(definition: &str) -> Arc<Program> {
    Arc::new(try_compile(definition).expect("the test's definition is sound"))
}

pub fn try_compile(definition: &str) -> Option<Program> {
    let value: serde_json::Value = serde_json::from_str(definition).ok()?;
    let machine = StateMachine::from_value(&saga_asl::json::Value::from(value)).ok()?;
    Program::compile(&machine).ok()
}

pub fn settings(execution_type: ExecutionType) -> Settings {
    Settings {
        execution_type,
        ..Settings::default()
    }
}

/// An execution in its world.
pub struct World {
    pub execution: Execution,
    pub now: Timestamp,
    program: Arc<Program>,
    coming: BTreeMap<(Timestamp, u64), Event>,
    order: u64,
}

impl World {
    pub fn start(program: Arc<Program>, settings: Settings, input: &str) -> Self {
        let now = Timestamp(1_000_000);
        let input = Data::parse(input).expect("the test's input is JSON");
        World {
            execution: Execution::start(Arc::clone(&program), settings, input, now),
            now,
            program,
            coming: BTreeMap::new(),
            order: 0,
        }
    }

    /// Lets happen what happens next. False when nothing will, or all is over.
    pub fn step(&mut self, answer: &mut dyn FnMut(&Invocation) -> Answer) -> bool {
        for effect in self.execution.take_effects() {
            self.perform(effect, answer);
        }
        let next = self.coming.first_key_value().map(|((at, _), _)| *at);
        let Some(next) = [next, self.execution.next_wake()]
            .into_iter()
            .flatten()
            .min()
        else {
            return false;
        };
        if self.execution.outcome().is_some() {
            return false;
        }
        self.now = self.now.max(next);
        let event = match self.coming.first_entry() {
            Some(first) if first.key().0 <= self.now => first.remove(),
            _ => Event::TimePassed,
        };
        self.execution.handle(event, self.now);
        true
    }

    fn perform(&mut self, effect: Effect, answer: &mut dyn FnMut(&Invocation) -> Answer) {
        match effect {
            Effect::Invoke(invocation) => {
                let task = invocation.task;
                let (after, result) = answer(&invocation);
                match result {
                    Some(Ok(output)) => self.expect(after, Event::TaskSucceeded(task, output)),
                    Some(Err(failure)) => self.expect(after, Event::TaskFailed(task, failure)),
                    None => {}
                }
            }
            Effect::Read(read) => {
                let body = b"[1,2,3]".to_vec();
                self.expect(1, Event::ItemsRead(read.task, Content::Bytes(body)));
            }
            Effect::Write(write) => self.expect(1, Event::ResultsWritten(write.task)),
            Effect::Cancel(_) => {}
        }
    }

    fn expect(&mut self, after: i64, event: Event) {
        self.order += 1;
        self.coming.insert((self.now + after, self.order), event);
    }

    pub fn finish(mut self, answer: &mut dyn FnMut(&Invocation) -> Answer) -> Self {
        while self.step(answer) {}
        self
    }

    /// Puts the execution away and takes it out again.
    pub fn store_and_resume(&mut self) {
        let stored = self.execution.snapshot().expect("plain data can be stored");
        let program = Arc::clone(&self.program);
        self.execution = Execution::resume(program, &stored).expect("what was stored is read");
    }

    pub fn outcome(&self) -> Outcome {
        self.execution
            .outcome()
            .cloned()
            .expect("the execution has ended")
    }

    /// How it ended, in a word or two.
    pub fn ending(&self) -> String {
        let outcome = self.outcome();
        let failure = outcome.failure.unwrap_or_default();
        match (outcome.output, failure.error) {
            (Some(output), _) => output.to_string(),
            (None, Some(error)) => format!("{} {error}", outcome.status.name()),
            (None, None) => outcome.status.name().to_owned(),
        }
    }

    /// The types of its events.
    pub fn events(&self) -> Vec<String> {
        let history = self.execution.history().iter();
        history.map(|event| event.detail.event_type()).collect()
    }

    /// Its whole history as JSON.
    pub fn history(&self) -> String {
        let events = self.execution.history().iter().map(|event| event.render());
        Data::array(events.collect()).to_string()
    }
}

/// A saga of six states with a retrier, catchers and compensation.
pub const SAGA: &str = r#"{"StartAt": "Register", "States": {
    "Register": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem",
        "ResultPath": "$.registered", "Next": "Charge",
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}]},
    "Charge": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 10,
        "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2.0, "JitterStrategy": "FULL"}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Unregister"}],
        "ResultPath": "$.charge", "Next": "Both"},
    "Both": {"Type": "Parallel", "ResultPath": "$.both", "Next": "Done",
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Refund"}],
        "Branches": [
            {"StartAt": "Credit", "States": {"Credit": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}},
            {"StartAt": "Notify", "States": {"Notify": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true}}}]},
    "Done": {"Type": "Succeed", "OutputPath": "$.id"},
    "Refund": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": null, "Next": "Unregister"},
    "Unregister": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:deleteItem", "ResultPath": null, "Next": "Failed"},
    "Failed": {"Type": "Fail", "Error": "SagaCompensated", "Cause": "undone"}}}"#;
