//! Step Functions behind the API: executions of the saga by their names, and the starter on the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use saga_asl::model::StateMachine;
use saga_engine::execution::{ExecutionType, Invocation, Settings, Status};
use saga_engine::fault::Failure;
use saga_engine::program::Program;
use saga_engine::time::Timestamp;
use saga_local::drive::{Answer, DriveError, Services, VirtualClock, drive};
use serde_json::{Value, json};

use super::machine_arn;
use crate::suite::template::{Template, referred};

/// The executions of the saga's state machine, by ARN.
#[derive(Default)]
pub struct States {
    /// What `DescribeExecution` tells of each.
    pub executions: BTreeMap<String, Value>,
    /// How many were started.
    pub started: usize,
    /// What was sent to queues.
    pub kept: Vec<Value>,
    /// Errors that calls of this action fail with.
    pub failing: BTreeMap<&'static str, &'static str>,
}

impl States {
    /// The only execution.
    pub fn only(&mut self) -> &mut Value {
        assert_eq!(self.executions.len(), 1);
        self.executions.values_mut().next().unwrap()
    }

    fn perform(&mut self, resource: &str, arguments: &Value) -> Result<Value, (String, String)> {
        let action = resource.rsplit(':').next().unwrap();
        if let Some(error) = self.failing.get(action) {
            return Err(((*error).into(), String::new()));
        }
        match resource.strip_prefix("arn:aws:states:::").unwrap() {
            "states:startExecution" => self.start(arguments),
            "aws-sdk:sfn:describeExecution" => {
                let arn = arguments["ExecutionArn"].as_str().unwrap();
                let found = self.executions.get(arn).cloned();
                found.ok_or(("Sfn.ExecutionDoesNotExistException".into(), arn.into()))
            }
            "sqs:sendMessage" => {
                self.kept.push(arguments["MessageBody"].clone());
                Ok(json!({ "MessageId": "1" }))
            }
            other => panic!("nothing answers {other}"),
        }
    }

    /// `StartExecution` (API reference): the same name and input is the same execution while it runs; else a
    /// name that was used is refused.
    fn start(&mut self, arguments: &Value) -> Result<Value, (String, String)> {
        let name = arguments["Name"].as_str().unwrap();
        let machine = arguments["StateMachineArn"].as_str().unwrap();
        let arn = format!(
            "{}:{name}",
            machine.replace(":stateMachine:", ":execution:")
        );
        let input = arguments["Input"].to_string();
        let answer = json!({ "ExecutionArn": arn, "StartDate": "2026-01-01T00:00:00Z" });
        match self.executions.get(&arn) {
            Some(known) if known["Status"] == "RUNNING" && known["Input"] == input => Ok(answer),
            Some(_) => Err(("StepFunctions.ExecutionAlreadyExistsException".into(), arn)),
            None => {
                self.started += 1;
                let execution = json!({
                    "ExecutionArn": arn, "Name": name, "Status": "RUNNING", "Input": input,
                });
                self.executions.insert(arn, execution);
                Ok(answer)
            }
        }
    }
}

impl Services for States {
    fn call(&mut self, invocation: &Invocation) -> Result<Answer, DriveError> {
        let arguments = serde_json::to_value(&invocation.arguments).unwrap();
        let result = self.perform(&invocation.resource, &arguments);
        let result = match result {
            Ok(output) => Ok(serde_json::from_value(output).unwrap()),
            Err((error, cause)) => Err(Failure::new(&*error, &*cause)),
        };
        Ok(Answer::now(result))
    }
}

/// The state machine that starts executions.
pub struct Starter {
    arn: String,
    program: Arc<Program>,
}

impl Starter {
    /// The one of that name in a template.
    pub fn of(template: &Template, id: &str) -> Self {
        let properties = template.properties(id);
        assert_eq!(properties["StateMachineType"], "EXPRESS");
        let mut text = properties["Definition"].to_string();
        for (name, value) in properties["DefinitionSubstitutions"].as_object().unwrap() {
            let id = referred(value).unwrap();
            text = text.replace(&format!("${{{name}}}"), &machine_arn(&id));
        }
        let definition: Value = serde_json::from_str(&text).unwrap();
        let value = saga_asl::json::Value::from(definition);
        let machine = StateMachine::from_value(&value).unwrap();
        Self {
            arn: machine_arn(id),
            program: Arc::new(Program::compile(&machine).unwrap()),
        }
    }

    /// `StartSyncExecution`: what it answers, or the status it is refused with.
    pub fn start_sync(&self, request: &Value, states: &mut States) -> Result<Value, u16> {
        if states.failing.contains_key("startSyncExecution") {
            return Err(400);
        }
        assert_eq!(request["stateMachineArn"], self.arn);
        let input = serde_json::from_str(request["input"].as_str().unwrap()).unwrap();
        Ok(self.run(&input, states))
    }

    /// Runs it with an input.
    pub fn run(&self, input: &Value, states: &mut States) -> Value {
        let settings = Settings {
            execution_type: ExecutionType::Express,
            ..Settings::default()
        };
        let input = serde_json::from_value(input.clone()).unwrap();
        let mut clock = VirtualClock(Timestamp(1_767_225_600_000));
        let program = Arc::clone(&self.program);
        let driven = drive(program, settings, input, states, &mut clock, &mut |_| ());
        let (_, outcome) = driven.unwrap();
        match outcome.status {
            Status::Succeeded => {
                let output = serde_json::to_value(outcome.output.unwrap()).unwrap();
                json!({ "status": "SUCCEEDED", "output": output.to_string() })
            }
            _ => json!({ "status": "FAILED", "error": format!("{:?}", outcome.failure) }),
        }
    }
}
