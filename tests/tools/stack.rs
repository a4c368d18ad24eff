//! A stack: put there by `sam deploy`, driven through the AWS API, taken away by
//! `sam delete`.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::emulator::Emulator;
use super::pins::{MINISTACK, SAM};
use super::process::{self, Ran};
use super::trial::Stop;
use super::{aws, script};

const LIMIT: Duration = Duration::from_secs(900);

/// A stack on an emulator.
pub struct Stack<'e> {
    emulator: &'e Emulator,
    name: &'static str,
}

/// What one execution did, as the AWS API tells it.
#[derive(Debug, Deserialize, Serialize)]
pub struct Execution {
    /// Its ARN.
    pub arn: String,
    /// `SUCCEEDED`, `FAILED`, …
    pub status: String,
    /// The error's name; of a failed one.
    pub error: Option<String>,
    /// The error's cause; of a failed one.
    pub cause: Option<String>,
    /// The output, as JSON text; of a succeeded one.
    pub output: Option<String>,
    /// The states that were entered, in order.
    pub states: Vec<String>,
    /// What happened in it: see `told` in `drive.py`.
    pub history: Vec<Value>,
    /// The bodies of the messages that it sent, where it ran alone, by the logical id of their queue.
    pub messages: BTreeMap<String, Vec<String>>,
    /// The items in the tables after it, where it ran alone, by the logical id of the table.
    pub items: BTreeMap<String, Vec<Value>>,
    /// What its functions logged, where it ran alone.
    pub logs: Vec<String>,
}

impl fmt::Display for Execution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string_pretty(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl<'e> Stack<'e> {
    /// Deploys the folder that `sam build` made, with parameters beside those that all stacks here have: `Name=value`.
    pub fn deploy(
        emulator: &'e Emulator,
        name: &'static str,
        built: &Path,
        parameters: &[String],
    ) -> Result<Self, Stop> {
        let stack = Self { emulator, name };
        let mut command = SAM.installed()?.python_script("sam");
        command
            .args(["deploy", "--stack-name", name, "--resolve-s3"])
            .args(["--no-confirm-changeset", "--no-progressbar"])
            .args(["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
            // Its tables are to go with it.
            .args(["--parameter-overrides", "Stage=development"])
            .args(parameters)
            .arg("--template-file")
            .arg(built.join("template.yaml"));
        stack.run(&mut command)?;
        Ok(stack)
    }

    /// Starts executions of the state machines with these logical ids, each when the one before has ended.
    pub fn execute(&self, starts: &[(&str, Value)]) -> Result<Vec<Execution>, Stop> {
        let starts = serde_json::to_string(starts).map_err(|error| error.to_string())?;
        self.drive(&["executions", self.name, &starts])
    }

    /// Starts executions of a state machine under these names, `at_a_time` of them at once.
    pub fn execute_all(
        &self,
        machine: &str,
        at_a_time: usize,
        inputs: &[(String, Value)],
    ) -> Result<Vec<Execution>, Stop> {
        let inputs = serde_json::to_string(inputs).map_err(|error| error.to_string())?;
        let at_a_time = at_a_time.to_string();
        self.drive(&["crowd", self.name, machine, &at_a_time, &inputs])
    }

    /// What the states of the state machines call and their roles do not allow: the
    /// emulator itself lets every state machine do everything.
    pub fn denied(&self) -> Result<Vec<String>, Stop> {
        self.drive(&["denied", self.name])
    }

    /// The definitions of its state machines as they were deployed, by their logical ids.
    pub fn definitions(&self) -> Result<BTreeMap<String, Value>, Stop> {
        self.drive(&["definitions", self.name])
    }

    /// What its resources are called, by their logical ids.
    pub fn resources(&self) -> Result<BTreeMap<String, String>, Stop> {
        self.drive(&["resources", self.name])
    }

    /// Its outputs.
    pub fn outputs(&self) -> Result<BTreeMap<String, String>, Stop> {
        self.drive(&["outputs", self.name])
    }

    /// The items in its tables, by the logical id of the table.
    pub fn rows(&self) -> Result<BTreeMap<String, Vec<Value>>, Stop> {
        self.drive(&["rows", self.name])
    }

    /// Takes the messages from its queues, by the logical id of the queue.
    pub fn messages(&self) -> Result<BTreeMap<String, Vec<String>>, Stop> {
        self.drive(&["messages", self.name])
    }

    /// The methods of the API with that logical id, as they are deployed.
    pub fn methods(&self, api: &str) -> Result<Vec<Value>, Stop> {
        self.drive(&["methods", self.name, api])
    }

    /// One execution of an express state machine, by its logical id or its ARN.
    pub fn sync(&self, machine: &str, input: &str) -> Result<Value, Stop> {
        self.drive(&["sync", self.name, machine, input])
    }

    /// Puts an event on the default bus.
    pub fn publish(&self, source: &str, kind: &str, detail: &Value) -> Result<(), Stop> {
        let detail = detail.to_string();
        self.drive::<Value>(&["publish", source, kind, &detail])
            .map(drop)
    }

    /// How the execution of that name ends, when it is started.
    pub fn ended(&self, machine: &str, name: &str) -> Result<Option<String>, Stop> {
        self.drive(&["ended", self.name, machine, name])
    }

    /// Stores a secret that is none of the stack's.
    pub fn secret(&self, name: &str, value: &str) -> Result<(), Stop> {
        self.drive::<Value>(&["secret", name, value]).map(drop)
    }

    /// Deletes the stack; answers what is still there of any kind that it had.
    pub fn delete(self) -> Result<Vec<String>, Stop> {
        let mut command = SAM.installed()?.python_script("sam");
        command
            .args(["delete", "--stack-name", self.name, "--no-prompts"])
            .args(["--region", aws::REGION]);
        self.run(&mut command)?;
        self.drive(&["remains", self.name])
    }

    fn drive<A: DeserializeOwned>(&self, arguments: &[&str]) -> Result<A, Stop> {
        let mut command = MINISTACK.installed()?.python();
        let ran = self.run(command.arg(script("drive.py")).args(arguments))?;
        serde_json::from_str(&ran.stdout).map_err(|error| {
            ran.failure(&format!("answered what is no answer: {error}"))
                .into()
        })
    }

    fn run(&self, command: &mut Command) -> Result<Ran, Stop> {
        let ran = process::run(self.emulator.serve(command), LIMIT).and_then(Ran::success);
        ran.map_err(|message| {
            Stop::Failed(format!("{message}\nthe emulator:\n{}", self.emulator.log()))
        })
    }
}
