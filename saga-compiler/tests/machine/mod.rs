//! Emitted definitions, read as JSON and followed from state to state.

mod paths;
mod variables;

pub use paths::{End, Path, paths};

use saga_manifest::Manifest;
use serde_json::{Map, Value};

use crate::manifest::compile;

/// A definition.
pub struct Machine(Value);

impl Machine {
    /// The definition of the only saga of a manifest.
    #[track_caller]
    pub fn of(manifest: &Manifest) -> Self {
        let output = compile(manifest);
        let [definition] = output.definitions.as_slice() else {
            panic!("{} definitions", output.definitions.len())
        };
        Self::from((&definition.machine.to_value()).into())
    }

    pub fn from(definition: Value) -> Self {
        Self(definition)
    }

    pub fn definition(&self) -> &Value {
        &self.0
    }

    pub fn start(&self) -> &str {
        self.0["StartAt"].as_str().unwrap()
    }

    pub fn states(&self) -> &Map<String, Value> {
        self.0["States"].as_object().unwrap()
    }

    #[track_caller]
    pub fn state(&self, name: &str) -> &Value {
        let names = || self.states().keys().cloned().collect::<Vec<_>>();
        let found = self.states().get(name);
        found.unwrap_or_else(|| panic!("no state `{name}` in {:?}", names()))
    }

    /// The Task states, by name.
    pub fn tasks(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.states()
            .iter()
            .filter(|(_, state)| state["Type"] == "Task")
    }

    /// The catcher that takes an error of a state. By the letter of the documentation, `States.ALL`
    /// does not take `States.DataLimitExceeded`.
    pub fn catcher(&self, state: &str, error: &str) -> Option<&Value> {
        let catchers = self.state(state)["Catch"].as_array()?;
        catchers.iter().find(|catcher| {
            let names = strings(&catcher["ErrorEquals"]);
            let all = names == ["States.ALL"] && error != "States.DataLimitExceeded";
            names.contains(&error) || all
        })
    }

    /// Where an error of a state leads.
    pub fn leads(&self, state: &str, error: &str) -> Option<&str> {
        self.catcher(state, error)?["Next"].as_str()
    }
}

/// The strings of a list.
pub fn strings(list: &Value) -> Vec<&str> {
    let items = list.as_array().unwrap().iter();
    items.map(|item| item.as_str().unwrap()).collect()
}
