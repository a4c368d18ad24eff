//! One definition, put through `saga-cli`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::System;

/// The name of the machine in its mocks, which is its file's.
const MACHINE: &str = "machine";

/// A definition in a folder of its own.
pub struct Side {
    definition: Value,
    folder: TempDir,
    answer: Value,
}

impl Side {
    /// The definition of a file, and what its tasks answer.
    pub fn new(file: &Path, system: &System) -> Self {
        let text = fs::read_to_string(file).unwrap();
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let side = Self {
            definition: serde_json::from_str(&text).unwrap(),
            folder,
            answer: system.answer.clone(),
        };
        side.keep(&format!("{MACHINE}.asl.json"), &side.definition);
        side.keep("input.json", &system.input);
        side
    }

    /// Writes a file, and gives its path.
    pub fn keep(&self, name: &str, value: &Value) -> OsString {
        let path = self.path(name);
        fs::write(&path, value.to_string()).unwrap();
        path.into()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// How many lines of JSON it is.
    pub fn lines(&self) -> String {
        let text = serde_json::to_string_pretty(&self.definition).unwrap();
        format!("{} of JSON", text.lines().count())
    }

    /// How many states it enters where these tasks fail, and how it ends.
    pub fn run(&self, failing: &BTreeMap<String, String>) -> String {
        self.keep("mocks.json", &self.mocks(failing));
        let arguments = [
            "run",
            "--input",
            "input.json",
            "--mock",
            "mocks.json#case",
            "--json",
            "--history",
            "--definition",
        ];
        let arguments = arguments.map(OsString::from).into_iter();
        let ran = self.saga(arguments.chain([format!("{MACHINE}.asl.json").into()]));
        let result: Value =
            serde_json::from_str(&ran.1).unwrap_or_else(|error| panic!("{error}: {}", ran.1));
        let entered = |event: &&Value| {
            event["type"]
                .as_str()
                .is_some_and(|kind| kind.ends_with("StateEntered"))
        };
        let count = result["events"]
            .as_array()
            .unwrap()
            .iter()
            .filter(entered)
            .count();
        let last = result["events"]
            .as_array()
            .unwrap()
            .iter()
            .rfind(entered)
            .unwrap();
        let last = last["stateEnteredEventDetails"]["name"].as_str().unwrap();
        format!("{count}, ends in `{last}`")
    }

    fn mocks(&self, failing: &BTreeMap<String, String>) -> Value {
        let mut responses = json!({ "answer": { "0": { "Return": self.answer } } });
        let mut case = json!({});
        for (name, state) in self.definition["States"].as_object().unwrap() {
            if state["Type"] != "Task" {
                continue;
            }
            case[name] = match failing.get(name) {
                None => "answer".into(),
                Some(error) => {
                    responses[error] = json!({ "0-99": { "Throw": { "Error": error, "Cause": "as the test has it" } } });
                    error.as_str().into()
                }
            };
        }
        json!({
            "StateMachines": { MACHINE: { "TestCases": { "case": case } } },
            "MockedResponses": responses,
        })
    }

    /// How many errors and warnings there are.
    pub fn findings(&self) -> String {
        let arguments = ["validate", "--format", "json"].map(OsString::from);
        let file = format!("{MACHINE}.asl.json").into();
        let (_, out) = self.saga(arguments.into_iter().chain([file]));
        let found: Vec<Value> = serde_json::from_str(&out).unwrap();
        match found.len() {
            0 => "none".into(),
            count => count.to_string(),
        }
    }

    /// Whether the guarantees hold: the first one that does not.
    pub fn verdict(&self, of: &[OsString]) -> String {
        let definition = [
            "--definition".into(),
            self.path(&format!("{MACHINE}.asl.json")).into(),
        ];
        let definition = definition.into_iter().filter(|_| of[0] == "--annotations");
        let arguments = ["verify", "--format", "json"].map(OsString::from);
        let (code, out) = self.saga(
            arguments
                .into_iter()
                .chain(definition)
                .chain(of.iter().cloned()),
        );
        let verdict: Value =
            serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
        match code {
            Some(0) => "holds".into(),
            _ => {
                let violation = &verdict["violation"];
                let (what, state) = (&violation["what"], &violation["state"]);
                let (what, state) = (what.as_str().unwrap(), state.as_str().unwrap());
                let at = match state {
                    "" => String::new(),
                    state => format!(" at `{state}`"),
                };
                format!("guarantee {} is broken{at}: {what}", violation["guarantee"])
            }
        }
    }

    fn saga(&self, arguments: impl Iterator<Item = OsString>) -> (Option<i32>, String) {
        let packaged = |argument: &OsString| argument == "-p";
        let arguments: Vec<_> = arguments.collect();
        let folder = if arguments.iter().any(packaged) {
            super::root()
        } else {
            self.folder.path().to_owned()
        };
        let output = Command::new(env!("CARGO_BIN_EXE_saga-cli"))
            .args(arguments)
            .current_dir(folder)
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    }
}
