//! One definition, run by the engine with Tasks that answer as they are said to.

use std::collections::BTreeMap;
use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::model::StateMachine;
use saga_engine::execution::{Invocation, Outcome, Settings};
use saga_engine::fault::Failure;
use saga_engine::program::Program;
use saga_engine::time::Timestamp;
use saga_local::drive::{Answer, DriveError, Services, VirtualClock, drive};
use serde_json::{Value, json};

/// When every execution begins.
pub const BEGIN: &str = "2026-11-21T04:28:26Z";

/// How an execution ended, and what it called.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The output; none where it failed.
    pub output: Option<Value>,
    pub error: String,
    /// In the order in which they were called; of what was retried the first attempt.
    pub calls: Vec<Called>,
}

/// A Task's call.
#[derive(Clone, Debug, PartialEq)]
pub struct Called {
    pub task: String,
    /// What its handler is given; nothing where a service is asked, which each side does in its own way.
    pub given: Option<Value>,
}

/// How often a Task fails, and with which error.
#[derive(Clone, Debug)]
pub struct Fails {
    pub error: String,
    pub times: u32,
}

/// A definition that is ready to run.
pub struct Side {
    definition: Value,
    program: Arc<Program>,
}

impl Side {
    pub fn new(definition: Value) -> Result<Self, String> {
        let value = saga_asl::json::Value::from(definition.clone());
        let machine = StateMachine::from_value(&value).map_err(|errors| format!("{errors:?}"))?;
        let program = Program::compile(&machine).map_err(|errors| format!("{errors:?}"))?;
        Ok(Self {
            definition,
            program: Arc::new(program),
        })
    }

    /// The Tasks, those of branches and items too: their names, and in which state of the whole they are.
    pub fn tasks(&self) -> BTreeMap<String, String> {
        let mut tasks = BTreeMap::new();
        states(&self.definition, None, &mut |name, state, around| {
            if state["Type"] == "Task" {
                tasks.insert(name.to_owned(), around.to_owned());
            }
        });
        tasks
    }

    pub fn state(&self, name: &str) -> Value {
        let mut found = Value::Null;
        states(&self.definition, None, &mut |other, state, _| {
            if other == name {
                found = state.clone();
            }
        });
        found
    }

    /// Runs it: each Task answers what `answer` says, but for those that fail.
    pub fn run(
        &self,
        input: &Value,
        answer: &dyn Fn(&str, &str) -> Value,
        failing: &BTreeMap<String, Fails>,
    ) -> Ran {
        let mut tasks = Tasks {
            answer,
            failing,
            calls: Vec::new(),
        };
        let mut clock = VirtualClock(Timestamp::parse(BEGIN).unwrap());
        let driven = drive(
            Arc::clone(&self.program),
            Settings::default(),
            data(input),
            &mut tasks,
            &mut clock,
            &mut |_| {},
        );
        let (output, error) = match driven {
            Ok((
                _,
                Outcome {
                    output, failure, ..
                },
            )) => (
                output.as_ref().map(shown),
                failure.as_ref().map_or_else(String::new, named),
            ),
            Err(error) => (None, error.to_string()),
        };
        Ran {
            output,
            error,
            calls: tasks.calls,
        }
    }
}

fn named(failure: &Failure) -> String {
    let text = |text: &Option<Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
    format!("{}: {}", text(&failure.error), text(&failure.cause))
}

/// What answers all Tasks.
struct Tasks<'r> {
    answer: &'r dyn Fn(&str, &str) -> Value,
    failing: &'r BTreeMap<String, Fails>,
    calls: Vec<Called>,
}

impl Services for Tasks<'_> {
    fn call(&mut self, invocation: &Invocation) -> Result<Answer, DriveError> {
        let (state, resource) = (&*invocation.state, &*invocation.resource);
        if invocation.attempt == 0 {
            self.calls.push(Called {
                task: state.to_owned(),
                given: given(resource, &shown(&invocation.arguments)),
            });
        }
        let fails = self.failing.get(state);
        let result = match fails.filter(|fails| invocation.attempt < fails.times) {
            Some(fails) => Err(Failure {
                error: Some(fails.error.as_str().into()),
                cause: Some("as the test has it".into()),
                ..Failure::default()
            }),
            None => Ok(data(&(self.answer)(state, resource))),
        };
        Ok(Answer::now(result))
    }
}

/// What the handler is given behind a call.
fn given(resource: &str, arguments: &Value) -> Option<Value> {
    match resource {
        "arn:aws:states:::lambda:invoke" => {
            let payload = arguments.get("Payload").unwrap_or(&Value::Null);
            let ours = payload["saga"].get("phase").is_some();
            Some(if ours {
                payload["input"].clone()
            } else {
                payload.clone()
            })
        }
        resource if resource.starts_with("arn:aws:states:::") => None,
        _ => Some(arguments.clone()),
    }
}

fn data(value: &Value) -> Data {
    serde_json::from_value(value.clone()).unwrap()
}

fn shown(data: &Data) -> Value {
    serde_json::to_value(data).unwrap_or_else(|_| json!(null))
}

/// Every state of a machine, and of those in it, with that one of the whole which it is in.
pub fn states(machine: &Value, around: Option<&str>, see: &mut impl FnMut(&str, &Value, &str)) {
    for (name, state) in machine["States"].as_object().into_iter().flatten() {
        let around = around.unwrap_or(name);
        see(name, state, around);
        for branch in state["Branches"].as_array().into_iter().flatten() {
            states(branch, Some(around), see);
        }
        states(&state["ItemProcessor"], Some(around), see);
        states(&state["Iterator"], Some(around), see);
    }
}
