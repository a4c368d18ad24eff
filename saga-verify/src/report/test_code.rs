//! Tests of `saga_local::testing`, as text to be pasted.

use std::fmt;

use serde_json::Value;

use super::Counterexample;
use crate::fault::FaultKind;
use crate::trace::InjectedFault;

/// A test that runs a saga with faults, as text to be pasted.
#[derive(Clone, Debug, PartialEq)]
pub struct TestCode {
    /// What stands above it, in lines.
    pub words: Vec<String>,
    /// Its name.
    pub name: String,
    /// The saga's type.
    pub saga: String,
    /// What is called on `SagaTest` before it runs, as `crash("ChargeFare")`.
    pub calls: Vec<String>,
    /// The input.
    pub input: Value,
    /// What is checked of `ended`, each a statement.
    pub checks: Vec<String>,
}

impl TestCode {
    /// The name of a test by what it shows, and the states that faults hit.
    #[must_use]
    pub fn name(shows: &str, states: &[&str]) -> String {
        let states: Vec<String> = states.iter().map(|state| snake(state)).collect();
        match states.as_slice() {
            [] => shows.to_owned(),
            states => format!("{shows}_after_failures_of_{}", states.join("_and_")),
        }
    }
}

impl fmt::Display for TestCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.words {
            writeln!(f, "/// {line}")?;
        }
        writeln!(f, "#[tokio::test]")?;
        writeln!(f, "async fn {}() {{", self.name)?;
        let saga = &self.saga;
        writeln!(
            f,
            "    let ended = saga_local::testing::SagaTest::of::<{saga}>()"
        )?;
        for call in &self.calls {
            writeln!(f, "        .{call}")?;
        }
        // The order of members is another crate's feature to decide.
        let mut input = self.input.clone();
        input.sort_all_objects();
        writeln!(f, "        .run(serde_json::json!({input}))")?;
        writeln!(f, "        .await;")?;
        for check in &self.checks {
            writeln!(f, "    {check}")?;
        }
        writeln!(f, "}}")
    }
}

impl Counterexample {
    /// A test that injects the same faults, and fails as long as the saga goes the same way; none where no
    /// fault is needed, or the faults cannot be put together in one test of this kind: some that hit one
    /// attempt, and some that hit every one. `chooses` tells the Choice states, which such tests do not see.
    pub(crate) fn as_test(&self, chooses: impl Fn(&str) -> bool) -> Option<String> {
        let faults: Vec<(&str, &InjectedFault)> = self
            .steps
            .iter()
            .filter_map(|step| Some((step.state.as_deref()?, step.fault.as_ref()?)))
            .filter(|(_, fault)| fault.new)
            .collect();
        let once = faults
            .iter()
            .filter(|(_, fault)| !fault.every_attempt && fault.error.is_some());
        let once = once.count();
        let lasting = faults
            .iter()
            .filter(|(_, fault)| fault.every_attempt)
            .count();
        let injectable = |(_, fault): &(&str, &InjectedFault)| {
            use FaultKind::{Interference, Stopped, Stray};
            !matches!(fault.kind, Stray | Stopped | Interference)
        };
        if faults.is_empty() || !faults.iter().all(injectable) || (once > 0 && lasting > 0) {
            return None;
        }
        let redriven = self
            .steps
            .iter()
            .position(|step| step.state.is_none() && step.what.contains("redrive"));
        let steps = self.steps.iter().take(redriven.unwrap_or(self.steps.len()));
        let states = steps.flat_map(|step| &step.entered);
        let states: Vec<&String> = states.filter(|state| !chooses(state)).collect();
        let violation = &self.violation;
        let calls = faults.iter().map(|(state, fault)| injected(state, fault));
        let first = (once > 0).then(|| "fault_attempts(1)".to_owned());
        let test = TestCode {
            words: vec![
                violation.guarantee.to_string(),
                format!("{}.", violation.what),
            ],
            name: name(&faults),
            saga: self.saga.clone(),
            calls: calls.chain(first).collect(),
            input: self.input.clone(),
            checks: vec![format!("assert_ne!(ended.states(), {states:?});")],
        };
        Some(test.to_string())
    }
}

fn name(faults: &[(&str, &InjectedFault)]) -> String {
    let states: Vec<String> = faults.iter().map(|(state, _)| snake(state)).collect();
    format!("survives_failures_of_{}", states.join("_and_"))
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars().filter(char::is_ascii_alphanumeric) {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

fn injected(state: &str, fault: &InjectedFault) -> String {
    let error = fault.error.as_deref().unwrap_or_default();
    match fault.kind {
        FaultKind::TimeoutAfter | FaultKind::Late | FaultKind::Slow => {
            format!("timeout({state:?})")
        }
        FaultKind::Crash => format!("crash({state:?})"),
        FaultKind::Duplicate => format!("duplicate({state:?})"),
        _ => format!("fail({state:?}, {error:?})"),
    }
}
