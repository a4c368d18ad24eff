//! What the state machines call that start sagas: driven with all that they can be asked, and all that Step
//! Functions can answer.

use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::model::StateMachine;
use saga_engine::execution::{ExecutionType, Invocation, Settings};
use saga_engine::fault::Failure;
use saga_engine::program::Program;
use saga_engine::time::Timestamp;
use saga_local::drive::{Answer, DriveError, Services, VirtualClock, drive};
use saga_verify::model::manifest;
use serde_json::{Value, json};

use crate::example::Example;
use crate::granted::{Grants, of_type};
use crate::machines::note;

/// What Step Functions answers to a start.
const STARTS: [Option<&str>; 3] = [
    None,
    Some("StepFunctions.ExecutionAlreadyExistsException"),
    Some("StepFunctions.ServiceUnavailable"),
];

struct Answers(Option<&'static str>);

impl Services for Answers {
    fn call(&mut self, invocation: &Invocation) -> Result<Answer, DriveError> {
        let answer = match (invocation.resource.ends_with(":startExecution"), self.0) {
            (true, Some(error)) => Err(Failure::new(error, "")),
            (true, None) => {
                Ok(json!({ "ExecutionArn": "arn", "StartDate": "2026-01-01T00:00:00Z" }))
            }
            _ => Ok(json!({ "Status": "RUNNING", "Input": "{}", "MessageId": "1" })),
        };
        let answer = answer.map(|answer| serde_json::from_value(answer).unwrap());
        Ok(Answer::now(answer))
    }
}

/// Runs each starter.
pub fn run(example: &Example, used: &mut Grants) {
    for (id, machine) in of_type(&example.template, "AWS::StepFunctions::StateMachine") {
        if machine["StateMachineType"] != "EXPRESS" {
            continue;
        }
        let definition = saga_asl::json::Value::from(machine["Definition"].clone());
        let definition = StateMachine::from_value(&definition).unwrap();
        let program = Arc::new(Program::compile(&definition).unwrap());
        let mut sagas = example.manifest.sagas.iter();
        let saga = sagas.find(|saga| id.starts_with(&saga.name)).unwrap();
        let inputs = manifest::inputs(saga);
        let input = inputs.first().unwrap();
        let asked = [
            json!({ "start": input, "at": "https://here" }),
            json!({ "start": input }),
            json!([{ "start": input }]),
            json!({ "start": "nothing that fits" }),
            json!({ "outcomeOf": "MQ==" }),
        ];
        for asked in &asked {
            for answers in STARTS {
                start(example, id, &program, asked, answers, used);
            }
        }
    }
}

fn start(
    example: &Example,
    id: &str,
    program: &Arc<Program>,
    asked: &Value,
    answers: Option<&'static str>,
    used: &mut Grants,
) {
    let settings = Settings {
        execution_type: ExecutionType::Express,
        ..Settings::default()
    };
    let input: Data = serde_json::from_value(asked.clone()).unwrap();
    let mut seen = |history: &[_]| note(example, id, history, used);
    let program = Arc::clone(program);
    let mut clock = VirtualClock(Timestamp(0));
    drive(
        program,
        settings,
        input,
        &mut Answers(answers),
        &mut clock,
        &mut seen,
    )
    .unwrap();
}
