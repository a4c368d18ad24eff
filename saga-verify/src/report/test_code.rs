//! A counterexample as a test of `saga_local::testing`, to be pasted.

use std::fmt::Write as _;

use super::Counterexample;
use crate::fault::FaultKind;
use crate::trace::InjectedFault;

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
        let mut text = String::new();
        let saga = &self.saga;
        let input = serde_json::to_string(&self.input).unwrap_or_default();
        // INVARIANT: writing to a string cannot fail.
        let _ = writeln!(text, "/// {}", self.violation.guarantee);
        let _ = writeln!(text, "/// {}.", self.violation.what);
        let _ = writeln!(text, "#[tokio::test]");
        let _ = writeln!(text, "async fn {}() {{", name(&faults));
        let _ = writeln!(
            text,
            "    let ended = saga_local::testing::SagaTest::of::<{saga}>()"
        );
        for (state, fault) in &faults {
            let _ = writeln!(text, "        .{}", injected(state, fault));
        }
        if once > 0 {
            let _ = writeln!(text, "        .fault_attempts(1)");
        }
        let _ = writeln!(text, "        .run(serde_json::json!({input}))");
        let _ = writeln!(text, "        .await;");
        let redriven = self
            .steps
            .iter()
            .position(|step| step.state.is_none() && step.what.contains("redrive"));
        let steps = self.steps.iter().take(redriven.unwrap_or(self.steps.len()));
        let states = steps.flat_map(|step| &step.entered);
        let states: Vec<&String> = states.filter(|state| !chooses(state)).collect();
        let _ = writeln!(text, "    assert_ne!(ended.states(), {states:?});");
        let _ = writeln!(text, "}}");
        Some(text)
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
