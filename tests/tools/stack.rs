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

const LIMIT: Duration = Duration::from_secs(300);

/// A stack on an emulator.
pub struct Stack<'e> {
    emulator: &'e Emulator,
    name: &'static str,
}

/// What one execution did, as the AWS API tells it.
#[derive(Debug, Deserialize, Serialize)]
pub struct Execution {
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
    /// The bodies of the messages that it sent, by the logical id of their queue.
    pub messages: BTreeMap<String, Vec<String>>,
    /// The items in the tables after it, by the logical id of the table.
    pub items: BTreeMap<String, Vec<Value>>,
    /// What its functions logged.
    pub logs: Vec<String>,
}

impl fmt::Display for Execution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string_pretty(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl<'e> Stack<'e> {
    /// Deploys the folder that `sam build` made.
    pub fn deploy(emulator: &'e Emulator, name: &'static str, built: &Path) -> Result<Self, Stop> {
        let stack = Self { emulator, name };
        let mut command = SAM.installed()?.python_script("sam");
        command
            .args(["deploy", "--stack-name", name, "--resolve-s3"])
            .args(["--no-confirm-changeset", "--no-progressbar"])
            .args(["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
            // Its tables are to go with it.
            .args(["--parameter-overrides", "Stage=development"])
            .arg("--template-file")
            .arg(built.join("template.yaml"));
        stack.run(&mut command)?;
        Ok(stack)
    }

    /// Starts an execution of the state machine with that logical id, and waits
    /// for its end.
    pub fn execute(&self, machine: &str, input: &Value) -> Result<Execution, Stop> {
        self.drive(&["execute", self.name, machine, &input.to_string()])
    }

    /// What the states of the state machine call and its role does not allow: the
    /// emulator itself lets every state machine do everything.
    pub fn denied(&self, machine: &str) -> Result<Vec<String>, Stop> {
        self.drive(&["denied", self.name, machine])
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
