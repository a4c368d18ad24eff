//! The undo states of a saga, as its definition has them.

use std::collections::BTreeSet;

use saga_asl::json::{Object, Value, object};

use super::{States, head};
use crate::states::COMPENSATED;

/// The variable that holds the saga's id.
pub(super) const SAGA_ID: &str = "recoveredSaga";

/// The variable that holds the saga's input.
pub(super) const INPUT: &str = "recoveredInput";

/// The variable that holds why the saga is undone, in a saga's own states too.
pub(super) const FAILURE: &str = crate::checked::variables::FAILURE;

/// The execution's own ARN, where an operator redrives it: this one's.
const REDRIVE: &str = "--execution-arn \" & $states.context.Execution.Id";

/// The states of a saga's definition.
pub(super) struct Chain {
    states: Object,
}

impl Chain {
    pub(super) fn of(definition: &Value) -> Self {
        let states = definition.get("States").and_then(Value::as_object);
        Self {
            states: states.cloned().unwrap_or_default(),
        }
    }

    /// The variable that a step's output is assigned to, if somebody reads it.
    pub(super) fn variable_of(&self, step: &str) -> Option<&str> {
        let assigned = self.states.get(step)?.get("Assign")?.as_object()?;
        let is_output = |value: &Value| {
            value
                .as_str()
                .is_some_and(|text| text.contains("$states.result"))
        };
        let found = assigned.iter().find(|(_, value)| is_output(value));
        found.map(|(name, _)| name.as_str())
    }

    /// Whether a state is there.
    pub(super) fn has(&self, state: &str) -> bool {
        self.states.contains_key(state)
    }

    /// Names of the states that a redrive starts with when a call is parked.
    pub(super) fn parked(&self) -> impl Iterator<Item = &str> {
        let names = self.states.keys().map(String::as_str);
        names.filter(|name| name.ends_with("Parked"))
    }

    /// The state that ends a compensated saga.
    pub(super) fn end(&self) -> Option<&str> {
        let ends = |state: &Value| state.get("Error").and_then(Value::as_str) == Some(COMPENSATED);
        let found = self.states.iter().find(|(_, state)| ends(state));
        found.map(|(name, _)| name.as_str())
    }

    /// The states that can be come to from these, as they are in a recovery.
    pub(super) fn reached(&self, from: &[String]) -> States {
        let mut open: Vec<String> = from.to_vec();
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some(state) = self.states.get(&name)
                && seen.insert(name)
            {
                nexts(state, &mut open);
            }
        }
        let states = self.states.iter().filter(|(name, _)| seen.contains(*name));
        let states = states.map(|(name, state)| (name.clone(), self.in_recovery(name, state)));
        states.collect()
    }

    /// Whether a variable is read in these states or after them.
    pub(super) fn reads(&self, from: &[String], variable: &str) -> bool {
        let states = self.reached(from);
        states
            .values()
            .any(|state| mentions(&state.to_string(), variable))
    }

    fn in_recovery(&self, name: &str, state: &Value) -> Value {
        if self.end() == Some(name) {
            return object([
                ("Type", Value::from("Pass")),
                ("Comment", "What was done is undone.".into()),
                ("Next", head::EXPIRE.into()),
            ]);
        }
        recovered(state)
    }
}

/// The names of the states that a state can lead to.
fn nexts(state: &Value, found: &mut Vec<String>) {
    let mut name =
        |value: Option<&Value>| found.extend(value.and_then(Value::as_str).map(str::to_owned));
    name(state.get("Next"));
    name(state.get("Default"));
    for list in ["Catch", "Choices"] {
        let ways = state
            .get(list)
            .and_then(Value::as_array)
            .unwrap_or_default();
        ways.iter().for_each(|way| name(way.get("Next")));
    }
}

/// A value with the recovered saga's id and input in the place of the execution's own.
fn recovered(value: &Value) -> Value {
    match value {
        Value::String(text) => recovered_text(text).into(),
        Value::Array(items) => Value::Array(items.iter().map(recovered).collect()),
        Value::Object(fields) => {
            let fields = fields.iter();
            object(fields.map(|(name, value)| (name.clone(), recovered(value))))
        }
        other => other.clone(),
    }
}

fn recovered_text(text: &str) -> String {
    if !text.starts_with("{%") {
        return text.to_owned();
    }
    let kept = text.replace(REDRIVE, "\u{0}");
    let kept = kept
        .replace("$states.context.Execution.Id", &format!("${SAGA_ID}"))
        .replace("$states.context.Execution.Input", &format!("${INPUT}"));
    kept.replace('\u{0}', REDRIVE)
}

/// Whether a text reads a variable.
fn mentions(text: &str, variable: &str) -> bool {
    let name = format!("${variable}");
    let ends = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
    text.split(name.as_str()).skip(1).any(ends)
}
