//! An account: a stack of `examples/fare-processing`, and executions that its state machine really went through,
//! with the failures that a mock of its tasks answers.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use saga_asl::model::StateMachine;
use saga_engine::execution::{Invocation, Settings};
use saga_engine::fault::Failure;
use saga_engine::program::Program;
use saga_engine::time::Timestamp;
use saga_local::drive::{Answer, DriveError, Services, VirtualClock, drive};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::approvals;
use crate::stand_in::{ACCOUNT, FOLDER};

const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:FareProcessing";
const RECOVERY: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:FareProcessingRecovery";

/// Why the recovery that asks does so: the beginning of what it says.
const REASON: &str = "the pivot was passed, or may have been: the saga is not undone";

/// What a command answered.
pub struct Ran {
    pub exit: i32,
    pub out: String,
    pub err: String,
}

/// An account, and a folder with a program called `aws` that works on it.
pub struct Account {
    folder: TempDir,
    content: Value,
}

/// What tasks answer: the failures of these states, and for the rest what they succeed with.
struct Mock<'m>(&'m [(&'m str, &'m str)]);

impl Services for Mock<'_> {
    fn call(&mut self, invocation: &Invocation) -> Result<Answer, DriveError> {
        let base = invocation.state.strip_suffix("Parked");
        let base = base.unwrap_or(&invocation.state);
        let mut failing = self.0.iter();
        let result = match failing.find(|(state, _)| *state == base) {
            Some((_, error)) => Err(Failure::new(*error, &*format!("the mock says {error}"))),
            None => {
                let payload =
                    json!({ "Payload": { "chargeId": "ch_1", "receiptUrl": "https://here" } });
                Ok(serde_json::from_value(payload).unwrap())
            }
        };
        Ok(Answer::now(result))
    }
}

impl Account {
    /// A stack without executions.
    pub fn new() -> Self {
        let resource = |id: &str, of: &str, physical: &str| json!({ "LogicalResourceId": id, "ResourceType": of, "PhysicalResourceId": physical });
        let machine = "AWS::StepFunctions::StateMachine";
        let function = "AWS::Lambda::Function";
        let stack = [
            resource("FareProcessingStateMachine", machine, MACHINE),
            resource("FareProcessingRecovery", machine, RECOVERY),
            resource("ChargeFareFunction", function, "fares-ChargeFare-1"),
            resource("RefundFareFunction", function, "fares-RefundFare-1"),
        ];
        let content = json!({
            "stacks": { "fares": stack },
            "executions": [],
            "functions": {
                "fares-ChargeFare-1": { "chargeId": "ch_1" },
                "fares-RefundFare-1": { "errorType": "ProviderDown", "errorMessage": "not today" },
            },
            "waiting": [approvals::TOKEN],
            "changes": [],
        });
        let folder = tempfile::tempdir().unwrap();
        let program = std::env::current_exe().unwrap();
        std::os::unix::fs::symlink(program, folder.path().join("aws")).unwrap();
        Self { folder, content }
    }

    /// An execution with these failures, to its end.
    pub fn ran(&mut self, name: &str, fails: &[(&str, &str)]) {
        let file = "examples/fare-processing/expected/FareProcessing.asl.json";
        let text = fs::read_to_string(root().join(file)).unwrap();
        let definition: Value = serde_json::from_str(&text).unwrap();
        let definition = StateMachine::from_value(&definition.into()).unwrap();
        let program = Arc::new(Program::compile(&definition).unwrap());
        let event = "examples/fare-processing/events/completed.json";
        let input = fs::read_to_string(root().join(event)).unwrap();
        let mut settings = Settings::default();
        settings.identity.machine = "FareProcessing".into();
        settings.identity.execution = name.into();
        let (execution, outcome) = drive(
            program,
            settings,
            serde_json::from_str(&input).unwrap(),
            &mut Mock(fails),
            &mut VirtualClock(Timestamp(1_767_225_600_000)),
            &mut |_| (),
        )
        .unwrap();
        let events = execution.history().iter().map(|event| {
            let rendered = serde_json::to_value(event.render());
            rendered.unwrap()
        });
        let failure = outcome.failure.unwrap_or_default();
        let ended = execution.history().last().unwrap().at;
        self.add(json!({
            "executionArn": arn(MACHINE, name),
            "stateMachineArn": MACHINE,
            "status": outcome.status.name(),
            "startDate": "2026-01-01T00:00:00.000000+00:00",
            "stopDate": ended.to_string(),
            "error": failure.error.as_deref(),
            "cause": failure.cause.as_deref(),
            "input": input,
            "events": events.collect::<Vec<_>>(),
        }));
    }

    /// An execution of this status, of which nobody knows how it came to it. Version 1 of AWS's command line prints
    /// instants as numbers.
    pub fn is(&mut self, name: &str, status: &str) {
        let mut execution = json!({
            "executionArn": arn(MACHINE, name),
            "stateMachineArn": MACHINE,
            "status": status,
            "startDate": 1_767_225_600.5,
            "input": "{}",
        });
        if status != "RUNNING" {
            execution["stopDate"] = json!(1_767_225_660.25);
        }
        self.add(execution);
    }

    /// The recovery of an execution, in these states.
    pub fn recovered(&mut self, name: &str, status: &str, states: &[&str]) {
        let execution = arn(MACHINE, name);
        let own = format!("of-{name}");
        let told = json!({
            "saga": "FareProcessing", "execution": execution, "reason": REASON,
            "redrive": format!("aws stepfunctions redrive-execution --execution-arn {}", arn(RECOVERY, &own)),
        });
        let parameters =
            json!({ "QueueUrl": "parked", "MessageBody": told.to_string() }).to_string();
        let told = json!({
            "type": "TaskScheduled",
            "taskScheduledEventDetails": { "resourceType": "sqs", "parameters": parameters },
        });
        let states = states.iter();
        let entered = states.map(|state| json!({ "stateEnteredEventDetails": { "name": state } }));
        let events: Vec<Value> = [told].into_iter().chain(entered).collect();
        self.add(json!({
            "executionArn": arn(RECOVERY, &own),
            "stateMachineArn": RECOVERY,
            "status": status,
            "startDate": 1_767_225_661.0,
            "stopDate": 1_767_225_670.0,
            "error": "States.TaskFailed",
            "input": json!({ "detail": { "executionArn": execution } }).to_string(),
            "events": events,
        }));
    }

    fn add(&mut self, execution: Value) {
        let all = self.content["executions"].as_array_mut().unwrap();
        all.push(execution);
        let file = self.folder.path().join(ACCOUNT);
        fs::write(file, self.content.to_string()).unwrap();
    }

    /// Runs `saga-cli` with these arguments, separated by spaces.
    pub fn run(&self, command: &str) -> Ran {
        let path = std::env::var("PATH").unwrap_or_default();
        self.with(&format!("{}:{path}", self.folder.path().display()), command)
    }

    /// The same where no program is called `aws`.
    pub fn without_aws(&self, command: &str) -> Ran {
        self.with("/nowhere", command)
    }

    fn with(&self, path: &str, command: &str) -> Ran {
        let ran = Command::new(env!("CARGO_BIN_EXE_saga-cli"))
            .args(command.split(' '))
            .current_dir(root())
            .env("PATH", path)
            .env(FOLDER, self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran {
            exit: ran.status.code().unwrap(),
            out: text(ran.stdout),
            err: text(ran.stderr),
        }
    }

    /// The executions that were redriven and the functions that were called, in order.
    pub fn changes(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.path().join(ACCOUNT)).unwrap();
        let content: Value = serde_json::from_str(&text).unwrap();
        serde_json::from_value(content["changes"].clone()).unwrap()
    }
}

fn arn(machine: &str, name: &str) -> String {
    format!(
        "{}:{name}",
        machine.replace(":stateMachine:", ":execution:")
    )
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
